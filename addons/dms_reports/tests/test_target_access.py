"""Who may do what with targets and plans: records of ``alpha``, in the area manager's territory, and of ``beta``, in another."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import AccessTableMixin

from .target_common import JUNE, TargetCommon

READ, ALL, OWN = ("r", "r"), ("rwcu", "rwcu"), ("r", "")
STAFF = {"desk": READ, "manager": ALL, "area": OWN}
TABLE = {
    "dms.sales.target": STAFF,
    "dms.sales.plan": STAFF,
    "dms.sales.achievement": {"desk": READ, "manager": READ, "area": OWN},
    "dms.sales.plan.split": {"manager": ALL},
}
WRITTEN = {"dms.sales.target": {"amount": 3.0}, "dms.sales.plan": {"month_8": 3.0}, "dms.sales.plan.split": {"growth": 3.0}}


class AccessOfTargets(AccessTableMixin, TargetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles()
        cls.bill(cls.alpha, "2026-06-02", 80)
        cls.bill(cls.beta, "2026-06-02", 40)
        cls.sides = {name: cls.create_side(owner) for name, owner in (("alpha", cls.side_a), ("beta", cls.side_b))}
        cls.env.flush_all()

    @classmethod
    def create_side(cls, owner):
        target = cls.aim(owner, 100)
        return {
            "dms.sales.target": target,
            "dms.sales.plan": target.plan_id,
            "dms.sales.achievement": cls.env["dms.sales.achievement"].browse(target.id),
            "dms.sales.plan.split": cls.env["dms.sales.plan.split"].with_user(cls.manager).create({"plan_ids": target.plan_id.ids}),
        }

    def do_read(self, record):
        record.read(["growth"] if record._name == "dms.sales.plan.split" else ["display_name"])

    def do_write(self, record):
        record.write(WRITTEN.get(record._name, {"amount": 1}))

    def do_create(self, record):
        source = record.sudo()
        if record._name == "dms.sales.plan.split":
            values = {"plan_ids": source.plan_ids.ids}
        else:
            values = {"territory_id": source.territory_id.id, "distributor_id": source.distributor_id.id, "categ_id": self.medicine.id}
        record.browse().create(values)

    def do_unlink(self, record):
        record.unlink()


@tagged("post_install", "-at_install")
class TestAccessOfDistributors(AccessOfTargets):
    @classmethod
    def setUpDistributors(cls):
        super().setUpDistributors()
        cls.side_a, cls.side_b = cls.alpha, cls.beta

    def test_roles(self):
        self.assertAccessTable(TABLE, list(self.users))

    def test_area_manager_reads_figures_of_his_own(self):
        own = self.sides["alpha"]["dms.sales.target"].with_user(self.area_manager)
        self.assertEqual((own.achieved_amount, own.rank, own.peer_count), (80, 1, 1))
        found = own.browse().search([("achieved_amount", ">", 0), ("month", "=", JUNE)])
        self.assertIn(own, found)
        self.assertNotIn(self.sides["beta"]["dms.sales.target"], found)
        rows = self.env["dms.sales.achievement"].with_user(self.area_manager).search([("month", "=", JUNE)])
        self.assertNotIn(self.beta, rows.sudo().distributor_id)
        mine = own.browse().search([("is_mine", "=", True)])
        self.assertTrue(own.is_mine)
        self.assertEqual(mine & (own | self.sides["beta"]["dms.sales.target"]), own)
        self.assertFalse(self.targets.with_user(self.desk).search([("is_mine", "=", True)]))

    def test_public_methods_answer_to_the_rights_of_the_caller(self):
        other = self.sides["beta"]["dms.sales.target"].with_user(self.area_manager)
        with self.assertRaises(AccessError):
            other.action_view_facts()
        row = ["2026-08-01", str(self.area_a.id), "5"]
        for user, is_allowed in ((self.area_manager, False), (self.desk, False), (self.manager, True)):
            result = other.with_user(user).browse().load(["month", "territory_id/.id", "amount"], [row])
            self.assertEqual(bool(result["ids"]), is_allowed, result["messages"])
        wizard = self.sides["beta"]["dms.sales.plan.split"]
        with self.assertRaises(AccessError):
            wizard.with_user(self.desk).action_split()
        with self.assertRaises(AccessError):
            wizard.with_user(self.area_manager).plan_ids.action_split()

    def test_targets_of_another_company_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "T Other"})
        self.env.user.company_ids |= other
        foreign = self.targets.with_context(allowed_company_ids=other.ids).create(
            {"territory_id": self.south.id, "company_id": other.id, "amount": 5, "month": JUNE}
        )
        for user in (self.manager, self.desk, self.area_manager):
            self.assertFalse(self.targets.with_user(user).search([("company_id", "=", other.id)]))
            with self.assertRaises(AccessError):
                foreign.with_user(user).with_context(allowed_company_ids=self.company.ids).read(["amount"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.targets.with_user(self.manager).create({"territory_id": self.area_a.id, "company_id": other.id})


@tagged("post_install", "-at_install")
class TestAccessOfTerritories(AccessOfTargets):
    @classmethod
    def setUpDistributors(cls):
        super().setUpDistributors()
        cls.side_a, cls.side_b = cls.area_a, cls.area_b

    def test_roles(self):
        self.assertAccessTable(TABLE, list(self.users))

    def test_archived_distributor_of_his_stays_the_area_managers(self):
        target = self.aim(self.alpha, 10)
        (self.alpha_user | self.alpha_user2).active = False
        self.alpha.active = False
        self.env.flush_all()
        self.assertEqual(self.targets.with_user(self.area_manager).search([("id", "=", target.id)]), target)
        self.assertEqual(self.env["dms.sales.achievement"].with_user(self.area_manager).search_count([("id", "=", target.id)]), 1)
