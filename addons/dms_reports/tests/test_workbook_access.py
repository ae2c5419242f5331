"""Who may do what with workbooks and their files. ``alpha`` are those of a clerk of the desk, ``beta`` those of the area manager."""

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import AccessTableMixin

from .workbook_common import WorkbookCommon, read_book

ROLES = ("public", "employee", "sales", "stock", "desk", "manager", "area", "other_desk", "portal_a", "portal_b")
TABLE = {
    "dms.workbook": {"desk": ("rwcu", "c"), "manager": ("rwcu", "rwcu"), "area": ("c", "rwcu"), "other_desk": ("c", "c")},
    "dms.workbook.run": {"desk": ("r", ""), "area": ("", "r")},
}


@tagged("post_install", "-at_install")
class TestWorkbookAccess(AccessTableMixin, WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {**cls.create_roles(), "other_desk": cls.desk2}
        cls.sides = {"alpha": cls.create_side(cls.desk), "beta": cls.create_side(cls.area_manager)}

    @classmethod
    def create_side(cls, user):
        workbook = cls.create_workbook(owner=user)
        return {"dms.workbook": workbook, "dms.workbook.run": workbook._queue(user).with_env(cls.env)}

    def do_read(self, record):
        record.read(["name"])

    def do_write(self, record):
        record.write({"name": "x"})

    def do_create(self, record):
        values = {"name": "x", "kind": "sales_region"}
        run = {**values, "user_id": self.env.uid, "fingerprint": "x"}
        record.browse().create(values if record._name == "dms.workbook" else run)

    def do_unlink(self, record):
        record.unlink()

    def test_table(self):
        self.assertAccessTable(TABLE, ROLES)

    def test_recipient_reads_the_definition(self):
        workbook = self.sides["alpha"]["dms.workbook"]
        workbook.write({"recipient_ids": [Command.set(self.area_manager.ids)], "schedule": "daily"})
        workbook.with_user(self.area_manager).read(["name"])
        with self.assertRaises(AccessError):
            workbook.with_user(self.area_manager).write({"name": "x"})

    def test_recipient_who_lost_his_rights_gets_nothing_of_it(self):
        """Between the time a file is queued and the time it is made, and ever after."""
        losses = {
            "role": (self.desk2, {"group_ids": [Command.set(self.env.ref("base.group_user").ids)]}),
            "employment": (self.desk, {"group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}),
            "territory": (self.area_manager, {"dms_territory_ids": [Command.clear()]}),
        }
        recipients = [user.id for user, _values in losses.values()]
        workbook = self.create_workbook(owner=self.manager, schedule="daily", recipient_ids=[Command.set(recipients)])
        workbook.distributor_ids = self.alpha | self.beta
        workbook.next_run = Datetime.now()
        self.env["dms.workbook"]._cron_dms_queue()
        for user, values in losses.values():
            user.write(values)
        self.make()
        for loss, (user, _values) in losses.items():
            run = self.Run.search([("workbook_id", "=", workbook.id), ("user_id", "=", user.id)])
            self.assertEqual(run.state, "done", loss)
            cover, *sheets = read_book(run.attachment_id.raw).values()
            told = str(sheets if loss == "role" else [cover, *sheets])  # every employee reads the names of partners that were chosen
            self.assertEqual(bool(sheets), loss == "territory")
            for name in (self.alpha.name, self.beta.name, self.alpha.distributor_code, self.beta.distributor_code):
                self.assertNotIn(name, told, loss)

    def test_workbook_in_the_name_of_another_is_refused(self):
        with self.assertRaises(AccessError):
            self.create_workbook(user_id=self.manager.id)
        with self.assertRaises(AccessError):
            self.sides["alpha"]["dms.workbook"].with_user(self.desk).user_id = self.manager
        self.create_workbook(owner=self.manager, user_id=self.desk.id)
