from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..models.dms_credit_position import BUCKETS
from .receivables_common import ReceivablesCommon

AMOUNTS = [name for name, _first, _last in BUCKETS]


@tagged("post_install", "-at_install")
class TestAgeing(ReceivablesCommon):
    """Open items by days past due, against the documents they come from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ageing = cls.env["dms.credit.ageing"]
        cls.reader = cls.create_credit_user("t_reader", "dms_credit.group_credit_reader")

    def get_rows(self, partner=None, **kwargs):
        return self.ageing.search([("partner_id", "=", (partner or self.alpha).id)], **kwargs)

    def test_rows_are_the_open_items_of_distributors(self):
        invoice = self.create_invoice(100, "2024-02-01", "2024-03-01", ref="PO 1")
        paid = self.create_invoice(70, "2024-02-02")
        self.match(paid, self.create_payment(70, "2024-02-03"))
        partly = self.create_invoice(50, "2024-02-04")
        self.match(partly, self.create_payment(20, "2024-02-05"))
        self.create_payment(5, "2024-02-06")
        self.create_invoice(11, "2024-02-07").button_draft()
        self.create_invoice(12, "2024-02-08", partner=self.customer)
        rows = self.get_rows()
        self.assertEqual(sorted(rows.mapped("residual_amount")), [-5, 30, 100])
        self.assertFalse(self.get_rows(self.customer))
        row = rows.filtered(lambda row: row.move_id == invoice)
        self.assertEqual(
            (row.name, row.ref, row.kind, str(row.date), str(row.date_due)), (invoice.name, "PO 1", "invoice", "2024-02-01", "2024-03-01")
        )
        self.assertEqual((row.account_id, row.company_id, row.currency_id), (self.account, self.company, self.company.currency_id))
        self.assertEqual((row.territory_id, row.distributor_class_id), (self.area_a, self.distributor_class))
        self.assertEqual(row.move_line_id.move_id, invoice)

    def test_every_bucket_by_the_day(self):
        for due, days, bucket in (
            ("2024-07-15", 0, "not_due"), ("2024-06-30", 0, "not_due"), ("2024-06-29", 1, "due_30"), ("2024-05-31", 30, "due_30"),
            ("2024-05-30", 31, "due_60"), ("2024-05-01", 60, "due_60"), ("2024-04-30", 61, "due_90"), ("2024-04-01", 90, "due_90"),
            ("2024-03-31", 91, "due_over"),
        ):  # fmt: skip
            invoice = self.create_invoice(10, "2024-01-01", due)
            with freeze_time("2024-06-30 12:00:00"):
                row = self.get_rows()
                self.assertEqual((row.days_overdue, row.bucket, row.residual_amount), (days, bucket, 10), due)
                self.assertEqual([row[name] for name in AMOUNTS if row[name]], [10])
                self.assertEqual(row[f"{bucket}_amount"], 10)
                self.assertEqual(row.overdue_amount, 10 if days else 0)
            invoice.button_draft()

    def test_credits_stand_in_the_bucket_of_their_own_day_and_are_not_overdue(self):
        self.create_credit_note(40, "2024-01-01", "2024-05-20")
        with freeze_time("2024-06-30 12:00:00"):
            row = self.get_rows()
            self.assertEqual((row.bucket, row.due_60_amount, row.overdue_amount, row.kind), ("due_60", -40, 0, "credit_note"))

    def test_today_is_the_companys_own(self):
        self.create_invoice(10, "2024-06-01", "2024-06-30")
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2024-06-30 13:00:00"):
            self.assertEqual(self.get_rows().days_overdue, 1, "the first of July over there")
        self.company.partner_id.tz = "America/New_York"
        self.env.invalidate_all()
        with freeze_time("2024-07-01 02:00:00"):
            self.assertEqual(self.get_rows().days_overdue, 0, "still the last of June")

    def test_sums_are_those_of_the_account(self):
        currency = self.create_foreign_currency({"2024-01-01": 3.0})
        for number in range(12):
            values = {"currency_id": currency.id} if number % 3 == 0 else {}
            self.create_invoice(10.1 * (number + 1), "2024-01-01", f"2024-{number % 8 + 1:02}-15", **values)
        self.create_payment(33.33, "2024-03-01")
        with freeze_time("2024-06-30 12:00:00"):
            self.env.invalidate_all()
            names = [*AMOUNTS, "residual_amount", "overdue_amount"]
            sums = self.ageing._read_group([("partner_id", "=", self.alpha.id)], [], [f"{name}:sum" for name in names])[0]
            for name, amount in zip(names, sums, strict=True):
                field = "receivable_amount" if name == "residual_amount" else name
                self.assertAlmostEqual(amount, self.account[field], 2, name)
            statement = self.account._get_statement(self.company._dms_today(), self.company._dms_today())[self.account.id]
            for name in AMOUNTS:
                self.assertAlmostEqual(statement["ageing"][name], self.account[name], 2, name)

    def test_pending_writes_are_seen(self):
        invoice = self.create_invoice(10, "2024-02-05", "2024-02-10")
        with freeze_time("2024-06-30 12:00:00"):
            self.assertEqual(self.get_rows().bucket, "due_over")
            invoice.line_ids.filtered(lambda line: line.account_id == self.receivable).date_maturity = "2024-06-20"
            found = self.ageing.search([("partner_id", "=", self.alpha.id), ("bucket", "=", "due_30")])
            self.assertEqual(found.move_id, invoice)

    def test_archived_contacts_count(self):
        contact = self.env["res.partner"].create({"name": "Old Clerk", "parent_id": self.alpha.id})
        self.create_invoice(70, "2024-02-05", partner=contact)
        contact.active = False
        self.assertEqual(self.get_rows().residual_amount, 70)

    # ------------------------------------------------------------ filters, groups, screens

    def test_territory_is_found_with_all_below_it(self):
        self.create_invoice(10, "2024-02-05")
        self.create_invoice(20, "2024-02-05", partner=self.beta)
        for territory, amounts in ((self.region, [10]), (self.area_a, [10]), (self.area_b, []), (self.south, [20])):
            rows = self.ageing.search([("territory_id", "child_of", territory.id), ("partner_id", "in", (self.alpha | self.beta).ids)])
            self.assertEqual(rows.mapped("residual_amount"), amounts, territory.name)

    def test_every_filter_and_group_of_the_search(self):
        self.create_invoice(10, "2024-02-05")
        arch = etree.fromstring(self.ageing.with_user(self.reader).get_views([(False, "search")])["views"]["search"]["arch"])
        ageing = self.ageing.with_user(self.reader)
        groups = 0
        for node in arch.iter("filter"):
            if node.get("domain"):
                ageing.search(safe_eval(node.get("domain"), {"uid": self.reader.id}))
            if node.get("context"):
                groups += 1
                ageing.formatted_read_group([], [safe_eval(node.get("context"))["group_by"]], ["residual_amount:sum", "__count"])
        self.assertGreaterEqual(groups, 6)

    def test_screens_open(self):
        action = self.env.ref("dms_credit.action_credit_ageing").with_user(self.reader)._get_action_dict()
        ageing = self.ageing.with_user(self.reader)
        self.create_invoice(10, "2024-02-05")
        views = ageing.get_views([*action["views"], (False, "search")])
        self.assertEqual(set(views["views"]), {"list", "pivot", "graph", "search"})
        arch = etree.fromstring(views["views"]["list"]["arch"])
        names = {field.get("name"): {} for field in arch.iter("field")}
        self.assertTrue(ageing.web_search_read([], names)["records"])
        self.assertTrue(
            ageing.web_search_read([], {"partner_id": {"fields": {"display_name": {}}}, "move_id": {"fields": {"display_name": {}}}})
        )

    def test_row_opens_its_document(self):
        controller = self.create_credit_user("t_controller", "dms_credit.group_credit_controller")
        invoice, payment = self.create_invoice(10, "2024-02-05"), self.create_payment(4, "2024-02-06")
        rows = self.get_rows().with_user(controller)
        actions = {row.kind: row.action_open_document() for row in rows}
        self.assertEqual((actions["invoice"]["res_model"], actions["invoice"]["res_id"]), ("account.move", invoice.id))
        self.assertEqual((actions["payment"]["res_model"], actions["payment"]["res_id"]), ("account.payment", payment.id))
        action = rows.action_statement()
        self.assertEqual(action["context"]["default_account_ids"], self.account.ids)

    # ------------------------------------------------------------ access

    def test_area_manager_sees_own_territories_only(self):
        self.create_invoice(10, "2024-02-05")
        self.create_invoice(20, "2024-02-05", partner=self.beta)
        ids = self.ageing.search([("partner_id", "in", (self.alpha | self.beta).ids)]).ids
        mine = self.ageing.with_user(self.area_manager).search([("id", "in", ids)])
        self.assertEqual(mine.partner_id, self.alpha)
        self.assertEqual(mine.residual_amount, 10)
        foreign = self.ageing.browse(ids).filtered(lambda row: row.partner_id == self.beta).with_user(self.area_manager)
        for call in (lambda: foreign.read(["residual_amount"]), foreign.action_open_document, foreign.action_statement):
            with self.assertRaises(AccessError):
                call()
        rows = self.ageing.with_user(self.area_manager)._read_group([("id", "in", ids)], [], ["residual_amount:sum"])
        self.assertEqual(rows[0][0], 10)

    def test_nobody_outside_the_group(self):
        self.create_invoice(10, "2024-02-05")
        row = self.get_rows()
        for user in (self.desk, self.employee, self.salesperson, self.alpha_user, self.beta_user, self.env.ref("base.public_user")):
            for call in ("action_open_document", "action_statement"):
                with self.assertRaises(AccessError, msg=user.login):
                    getattr(row.with_user(user), call)()
            with self.assertRaises(AccessError, msg=user.login):
                self.ageing.with_user(user).search([])

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "T Sister"})
        self.create_invoice(10, "2024-02-05")
        row = self.get_rows()
        self.reader.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        sister = self.ageing.with_user(self.reader).with_context(allowed_company_ids=company.ids)
        self.assertFalse(sister.search([("id", "in", row.ids)]))

    def test_nothing_is_written(self):
        self.create_invoice(10, "2024-02-05")
        controller = self.create_credit_user("t_controller", "dms_credit.group_credit_manager")
        row = self.get_rows().with_user(controller)
        with mute_logger("odoo.addons.base.models.ir_model"):
            for call in (lambda: row.write({"name": "x"}), row.unlink, lambda: row.create({"name": "x"})):
                with self.assertRaises(AccessError):
                    call()
