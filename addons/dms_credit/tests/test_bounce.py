from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestBounce(PaymentCommon):
    """A payment that the bank rejects after it was received stops the distributor's account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_stop_on_bounce = True
        cls.account = cls.env["dms.credit.account"]._get_account(cls.alpha, cls.company)

    def stops(self):
        return self.account.change_ids.filtered(lambda change: change.field_name == "is_stopped")

    def test_rejection_stops_the_account_once_and_tells_the_controller(self):
        payment = self.create_payment()
        payment.with_user(self.accountant).action_reject()
        self.assertTrue(self.account.is_stopped)
        self.assertIn(payment.name, self.account.stop_reason)
        self.assertIn(payment.name, self.notes(self.account, "mail.mt_note"))
        self.assertEqual(len(self.account.activity_ids), 1)
        self.assertTrue(self.account.with_user(self.account.activity_ids.user_id).has_access("read"))
        self.assertEqual(len(self.stops()), 1)
        self.assertEqual(self.stops().user_id, self.accountant)
        payment.with_user(self.accountant).action_reject()
        self.assertEqual((len(self.stops()), len(self.account.activity_ids)), (1, 1))

    def test_stopped_account_is_not_stopped_again_by_another_payment(self):
        first, second = self.create_payment(), self.create_payment()
        (first | second).action_reject()
        self.assertEqual(len(self.stops()), 1)
        self.assertIn(first.name, self.account.stop_reason)
        self.assertIn(second.name, self.notes(self.account, "mail.mt_note"))

    def test_orders_of_a_stopped_distributor_are_held(self):
        self.create_payment(partner=self.alpha_user.partner_id).action_reject()
        order = self.create_order()
        order.action_confirm()
        self.assertIn("credit_stop", self.open_gates(order))
        other = self.create_order(self.beta)
        other.action_confirm()
        self.assertEqual(other.state, "sale")

    def test_what_is_no_bounce_stops_nothing(self):
        draft = self.create_payment()
        draft.action_draft()
        draft.action_reject()
        self.create_payment().action_cancel()
        self.create_payment().action_draft()
        self.create_payment(partner=self.customer).action_reject()
        self.create_payment(payment_type="outbound").action_reject()
        self.create_payment(partner_type="supplier").action_reject()
        self.assertFalse(
            self.env["dms.credit.account"].search([("is_stopped", "=", True), ("partner_id", "in", (self.alpha | self.beta).ids)])
        )

    def test_setting_switches_the_stop_off(self):
        self.company.credit_stop_on_bounce = False
        advice, payment = self.submit(), self.create_payment()
        advice.with_user(self.accountant).action_match(payment.id)
        payment.action_reject()
        self.assertFalse(self.account.is_stopped)
        self.assertEqual(advice.state, "submitted")

    def test_only_the_account_of_the_payments_company_is_stopped(self):
        company, bank = self.create_other_company()
        payment = self.create_payment(journal_id=bank.id, company_id=company.id)
        payment.action_reject()
        other = self.env["dms.credit.account"]._get_account(self.alpha, company)
        self.assertEqual((self.account.is_stopped, other.is_stopped), (False, True))

    # ------------------------------------------------------------ the button

    def test_bounce_opens_the_invoices_again(self):
        invoice = self.create_invoice(100)
        advice = self.submit(amount=100, invoice_ids=invoice.ids)
        payment = self.create_payment()
        advice.with_user(self.accountant).action_match(payment.id)
        self.assertEqual((invoice.amount_residual, self.account.receivable_amount), (0, 0))
        self.assertTrue(payment.with_user(self.accountant).dms_can_bounce)
        payment.with_user(self.accountant).action_dms_bounce()
        self.env.invalidate_all()
        self.assertEqual((invoice.amount_residual, invoice.payment_state), (100, "not_paid"))
        self.assertEqual((payment.state, advice.state, self.account.is_stopped), ("rejected", "submitted", True))
        self.assertEqual(self.account.receivable_amount, 100)
        self.assertEqual(payment.move_id.state, "posted", "what was booked stays, its opposite is added")
        self.assertTrue(all(payment.move_id.line_ids.filtered("account_id.reconcile").mapped("reconciled")))
        before = self.env["account.move"].search_count([])
        payment.with_user(self.accountant).action_dms_bounce()
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_bounce_is_for_accountants_and_received_payments_of_distributors(self):
        payment = self.create_payment()
        for user in (self.controller, self.manager, self.desk, self.reader, self.alpha_user):
            with self.assertRaises(AccessError):
                payment.with_user(user).action_dms_bounce()
        draft = self.create_payment()
        draft.action_draft()
        for wrong in (draft, self.create_payment(partner=self.customer), self.create_payment(payment_type="outbound")):
            self.assertFalse(wrong.dms_can_bounce)
            with self.assertRaises(UserError):
                wrong.with_user(self.accountant).action_dms_bounce()
