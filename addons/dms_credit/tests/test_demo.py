from collections import Counter

from odoo.tests import BaseCase, TransactionCase, tagged

from ..demo.documents import make_pdf
from ..demo.story import ADVICES, EXTENSIONS, INVOICES, ORDERS, TERMS


class TestDemoStory(BaseCase):
    """The story itself; needs no demo data in the database."""

    def test_story_has_overdue_items_of_every_age(self):
        due = {invoice.overdue for invoice in INVOICES if invoice.amount > 0 and not invoice.draft and invoice.paid < 1}
        for first, last in ((-400, 0), (1, 30), (31, 60), (61, 90), (91, 400)):
            self.assertTrue(any(first <= days <= last for days in due), (first, last))

    def test_securities_are_valid_ending_and_ended(self):
        ends = [terms.until for terms in TERMS if terms.security]
        self.assertTrue(any(days > 30 for days in ends) and any(0 <= days <= 30 for days in ends) and any(days < 0 for days in ends))

    def test_temporary_limits_and_notices_end_in_every_way(self):
        self.assertEqual({extension.fate for extension in EXTENSIONS}, {"draft", "approved", "rejected", "expired"})
        self.assertEqual({advice.fate for advice in ADVICES}, {"submitted", "matched", "rejected", "cancelled"})

    def test_documents_are_readable_pdf_files(self):
        content = make_pdf("Guarantee (copy)")
        self.assertTrue(content.startswith(b"%PDF-") and content.endswith(b"%%EOF\n"))
        self.assertIn(b"(Guarantee copy)", content)

    def test_no_two_orders_look_like_one(self):
        self.assertEqual(len({(order.distributor, order.codes) for order in ORDERS}), len(ORDERS))


@tagged("post_install", "-at_install")
class TestDemoDatabase(TransactionCase):
    """What the demo data leaves in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("dms_credit.user_credit", raise_if_not_found=False):
            cls.skipTest(cls, "the database has no demo data")
        cls.company = cls.env.ref("base.main_company")
        known = cls.env["ir.model.data"].search(
            [("module", "=", "dms_orders"), ("model", "=", "res.partner"), ("name", "like", "distributor_")]
        )
        domain = [("partner_id", "in", known.mapped("res_id")), ("company_id", "=", cls.company.id)]
        cls.accounts = cls.env["dms.credit.account"].search(domain)
        cls.holds = cls.env["dms.order.hold"].search([("is_credit_hold", "=", True), ("distributor_id", "in", known.mapped("res_id"))])

    def ref(self, name):
        return self.env.ref(f"dms_credit.{name}")

    def account(self, name):
        partner = self.env.ref(f"dms_orders.distributor_{name}")
        return self.accounts.filtered(lambda account: account.partner_id == partner)

    def test_every_distributor_has_an_account(self):
        self.assertEqual(len(self.accounts), 24)
        self.assertEqual(set(self.accounts.mapped("policy")), {"none", "warn", "hold"})
        self.assertEqual(set(self.accounts.mapped("has_limit")), {True, False})

    def test_positions_are_of_every_kind(self):
        limited = self.accounts.filtered("has_limit")
        self.assertTrue(limited.filtered(lambda account: account.available_amount < 0))
        self.assertTrue(limited.filtered(lambda account: 80 <= account.used_percent <= 100))
        self.assertTrue(limited.filtered(lambda account: 0 < account.used_percent < 80))
        for term in (
            "receivable_amount",
            "open_order_amount",
            "uninvoiced_amount",
            "secured_valid_amount",
            "extension_amount",
        ):
            self.assertTrue(any(self.accounts.mapped(term)), term)

    def test_every_age_of_receivables_is_there(self):
        for bucket in ("not_due_amount", "due_30_amount", "due_60_amount", "due_90_amount", "due_over_amount"):
            self.assertTrue(any(self.accounts.mapped(bucket)), bucket)
        self.assertTrue(any(account.due_60_amount < 0 or account.due_30_amount < 0 for account in self.accounts))

    def test_holds_are_in_every_state_and_of_every_gate(self):
        self.assertEqual(set(self.holds.mapped("state")), {"open", "released", "rejected", "cleared"})
        waiting = self.holds.filtered(lambda hold: hold.state == "open")
        self.assertEqual(set(waiting.mapped("gate")), set(self.env["sale.order"]._dms_credit_gates()))
        self.assertTrue(waiting.revision_id)
        self.assertTrue(self.holds.picking_id)

    def test_workbench_recommends_every_step(self):
        waiting = self.holds.filtered(lambda hold: hold.state == "open")
        advice = {code for code, _label in waiting._fields["credit_advice"].selection}
        self.assertEqual(set(waiting.mapped("credit_advice")), advice)

    def test_controller_decides_within_the_matrix_and_as_a_substitute(self):
        credit, finance = self.ref("user_credit"), self.ref("user_finance")
        self.ref("release_rule_controller").write({"any_amount": False, "max_over_amount": 1000})
        mission = self.holds.filtered(lambda hold: hold.distributor_id == self.account("mission_bay").partner_id and hold.state == "open")
        self.assertGreater(max(mission.mapped("credit_over_amount")), 1000)
        self.assertEqual(set(mission.with_user(credit).mapped("can_decide")), {True})  # while the manager is away
        self.env["dms.credit.delegation"].search([("substitute_id", "=", credit.id)]).unlink()
        mission.invalidate_recordset()
        self.assertEqual(set(mission.with_user(credit).mapped("can_decide")), {False})
        self.assertEqual(set(mission.with_user(finance).mapped("can_decide")), {True})

    def test_decisions_keep_who_when_and_the_figures(self):
        for hold in self.holds.filtered(lambda hold: hold.state in ("released", "rejected")):
            self.assertEqual(hold.released_by_id, self.ref("user_credit"))
            self.assertTrue(hold.released_on >= hold.create_date and hold.release_note and hold.credit_snapshot_text)

    def test_order_was_split(self):
        rest = self.env["sale.order"].search([("dms_split_from_id", "!=", False)])
        self.assertTrue(rest)
        self.assertEqual(set(rest.mapped("dms_state")), {"on_hold"})
        self.assertEqual(set(rest.dms_split_from_id.mapped("state")), {"sale"})

    def test_bounced_payment_has_stopped_an_account(self):
        account = self.account("brew_city")
        self.assertTrue(account.is_stopped and account.stop_reason)
        self.assertTrue(account.overdue_amount)

    def test_temporary_limits_and_notices_are_in_all_states(self):
        states = Counter(self.env["dms.credit.extension"].search([("account_id", "in", self.accounts.ids)]).mapped("state"))
        self.assertEqual(set(states), {"draft", "approved", "rejected", "expired"})
        notices = self.env["dms.payment.advice"].search([("distributor_id", "in", self.accounts.partner_id.ids)])
        self.assertEqual(set(notices.mapped("state")), {"submitted", "matched", "rejected", "cancelled"})
        self.assertTrue(notices.duplicate_of_id)
        self.assertTrue(notices.proof_ids)

    def test_history_reaches_back_and_says_who_and_why(self):
        changes = self.env["dms.credit.change"].search([("account_id", "in", self.accounts.ids)])
        dates = changes.mapped("date")
        self.assertGreater((max(dates) - min(dates)).days, 100)
        limits = changes.filtered(lambda change: change.field_name == "credit_limit")
        self.assertTrue(all(limits.mapped("reason")))
        self.assertIn(self.ref("user_credit"), limits.user_id)

    def test_logins_are_those_of_a_controller_and_a_manager(self):
        credit, finance = self.ref("user_credit"), self.ref("user_finance")
        self.assertTrue(credit.has_group("dms_credit.group_credit_controller"))
        self.assertFalse(credit.has_group("dms_credit.group_credit_manager"))
        self.assertTrue(finance.has_group("dms_credit.group_credit_manager") and finance.has_group("account.group_account_invoice"))

    def test_area_manager_sees_positions_of_his_region_only(self):
        seen = self.env["dms.credit.account"].with_user(self.env.ref("dms_orders.user_area")).search([])
        self.assertIn(self.account("lakeside"), seen)
        self.assertNotIn(self.account("sunset"), seen)

    def test_nothing_changes_by_a_second_look(self):
        """What the story leaves is what the re-check finds: no hold is cleared and none is added overnight."""
        holds = self.holds.filtered(lambda hold: not hold.picking_id)  # late deliveries are checked where the company says so
        before = {hold.id: hold.state for hold in holds}
        self.env["sale.order"]._cron_dms_recheck_holds()
        after = self.holds.search([("id", "in", holds.ids)])
        self.assertEqual({hold.id: hold.state for hold in after}, before)
