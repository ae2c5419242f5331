from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .refund_common import RefundCommon

CASH = "asset_receivable"
INCOME = "income"
TAX = "income"  # a tax without an account of its own


@tagged("post_install", "-at_install")
class TestRefundFlows(RefundCommon):
    """The journal items of each way to credit a return."""

    def test_part_of_an_invoice_is_credited_and_reconciled(self):
        order = self.confirmed({self.tea: 10})
        line = order.order_line
        case = self.inspected({line: 3})
        refund = self.settle(case)
        self.assertEqual(self.items_of(refund), [(CASH, 0.0, 36.0), (TAX, 6.0, 0.0), (INCOME, 30.0, 0.0)])
        self.assertEqual((refund.state, refund.reversed_entry_id, refund.dms_return_id), ("posted", order.invoice_ids - refund, case))
        self.assertEqual((refund.payment_state, refund.reversed_entry_id.amount_residual), ("paid", 84.0))
        item = refund.invoice_line_ids
        self.assertEqual((item.sale_line_ids, item.dms_return_line_id, item.quantity), (line, case.line_ids, 3.0))
        self.assertEqual((line.qty_delivered, line.qty_invoiced, line.qty_to_invoice), (7.0, 7.0, 0.0))
        self.assertEqual((case.state, case.credit_amount, case.settled_by_id), ("settled", 30.0, self.officer))

    def test_settled_twice_credits_once(self):
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 3})
        self.settle(case)
        self.settle(case, self.accountant)
        self.assertEqual(len(case.refund_ids), 1)
        self.assertEqual(case.settled_by_id, self.officer)

    def test_only_who_may_settles_and_only_what_was_inspected(self):
        case = self.inspected({self.confirmed({self.tea: 10}).order_line: 3})
        with self.assertRaises(AccessError):
            case.with_user(self.desk).action_settle()
        case._enter("received")
        with self.assertRaises(UserError):
            case.with_user(self.officer).action_settle()

    def test_goods_not_invoiced_are_not_credited_and_lower_the_invoice(self):
        order = self.confirmed({self.tea: 10}, invoiced=False)
        self.assertFalse(self.give_back({order.order_line: 3}))
        invoice = self.invoice(order)
        self.assertEqual((invoice.amount_untaxed, order.order_line.qty_invoiced), (70.0, 7.0))
        refund = self.give_back({order.order_line: 7})
        self.assertEqual(refund.amount_untaxed, 70.0)

    def test_goods_invoiced_in_part_are_credited_in_part(self):
        order = self.confirmed({self.tea: 10}, delivered={self.tea: 6})
        self.deliver(order, {self.tea: 4})
        refund = self.give_back({order.order_line: 7})
        self.assertEqual((refund.amount_untaxed, order.order_line.qty_delivered, order.order_line.qty_to_invoice), (30.0, 3.0, 0.0))

    def test_goods_on_a_draft_invoice_come_off_it(self):
        for policy in ("delivery", "order"):
            with self.subTest(policy=policy):
                self.tea.invoice_policy = policy
                order = self.confirmed({self.tea: 10}, invoiced=False)
                draft = order._create_invoices()
                self.assertFalse(self.give_back({order.order_line: 3}))
                self.assertEqual((draft.invoice_line_ids.quantity, draft.amount_untaxed), (7.0, 70.0))
                draft.invoice_date = self.company._dms_today()
                draft.action_post()
                self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_to_invoice), (7.0, 0.0))
                self.assertEqual(self.give_back({order.order_line: 7}).amount_untaxed, 70.0)
                self.assertRefunds(order)

    def test_goods_on_a_draft_and_a_posted_invoice_come_off_the_draft_first(self):
        order = self.confirmed({self.tea: 10}, delivered={self.tea: 6})
        self.deliver(order, {self.tea: 4})
        draft = order._create_invoices()
        self.assertEqual(draft.invoice_line_ids.quantity, 4.0)
        case = self.inspected({order.order_line: 5})
        refund = self.settle(case)
        self.assertEqual((draft.invoice_line_ids.quantity, refund.amount_untaxed, order.order_line.qty_to_invoice), (0.0, 10.0, 0.0))
        case.with_user(self.claims_manager).action_reverse("Never arrived")
        self.assertEqual(order.order_line.qty_to_invoice, 4.0)

    def test_draft_invoice_of_what_is_kept_stays(self):
        order = self.confirmed({self.tea: 10}, delivered={self.tea: 6}, invoiced=False)
        draft = order._create_invoices()
        self.deliver(order, {self.tea: 4})
        self.give_back({order.order_line: 3})
        self.assertEqual((draft.invoice_line_ids.quantity, order.order_line.qty_to_invoice), (6.0, 1.0))

    def test_goods_on_two_invoices_are_credited_on_the_oldest_first(self):
        order = self.confirmed({self.tea: 10}, delivered={self.tea: 6})
        self.deliver(order, {self.tea: 4})
        self.invoice(order)
        first, second = order.invoice_ids.sorted("id")
        refunds = self.give_back({order.order_line: 8})
        self.assertEqual({refund.reversed_entry_id: refund.amount_untaxed for refund in refunds}, {first: 60.0, second: 20.0})
        self.assertEqual((first.payment_state, second.amount_residual), ("reversed", 24.0))
        self.give_back({order.order_line: 2})
        self.assertRefunds(order)

    def test_what_was_credited_by_hand_is_not_credited_again(self):
        order = self.confirmed({self.tea: 10}, delivered={self.tea: 6})
        self.deliver(order, {self.tea: 4})
        self.invoice(order)
        _first, second = order.invoice_ids.sorted("id")
        hand = second._reverse_moves([{"invoice_date": second.invoice_date}])
        hand.action_post()
        refund = self.give_back({order.order_line: 7})
        self.assertEqual((refund.amount_untaxed, refund.reversed_entry_id), (30.0, order.invoice_ids.sorted("id")[0]))
        self.give_back({order.order_line: 3})
        self.assertRefunds(order)

    def test_several_taxes_and_prices_with_taxes_come_out_to_the_cent(self):
        eco = self.create_tax("T Eco", 0.37, amount_type="fixed", include_base_amount=True, sequence=1)
        included = self.create_tax("T 7 included", 7, price_include_override="tax_included", sequence=2)
        self.tea.write({"taxes_id": [Command.set((eco | included).ids)], "list_price": 9.99})
        self.coffee.write({"taxes_id": [Command.set((self.tax20 | self.create_tax("T 3", 3.3)).ids)], "list_price": 3.33})
        self.syrup.write({"taxes_id": [Command.clear()], "list_price": 1.11})
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            order = self.confirmed({self.tea: 7, self.coffee: 7, self.syrup: 7})
            for quantities in ((3, 1, 2), (1, 5, 4), (3, 1, 1)):
                self.give_back(dict(zip(order.order_line, quantities, strict=True)))
                self.assertNotCreditedTwice(order)
            self.assertRefunds(order)

    def test_foreign_currency_is_credited_at_the_rate_of_its_invoice(self):
        foreign = self.env["res.currency"].create({"name": "TST", "symbol": "T", "rounding": 0.05})
        rates = [("2020-01-01", 1.37), (fields.Date.to_string(self.company._dms_today()), 1.61)]
        foreign.rate_ids = [Command.create({"name": day, "rate": rate, "company_id": self.company.id}) for day, rate in rates]
        prices = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": foreign.id})
        self.distributor_class.pricelist_id = prices
        order = self.create_order(lines={self.tea: 7, self.coffee: 3})
        order.action_confirm()
        self.deliver(order)
        invoice = order._create_invoices()
        invoice.invoice_date = "2024-05-05"
        invoice.action_post()
        self.assertEqual(invoice.currency_id, foreign)
        tea, coffee = order.order_line
        refund = self.give_back({tea: 2, coffee: 1})
        self.assertEqual((refund.currency_id, refund.invoice_currency_rate), (foreign, invoice.invoice_currency_rate))
        self.give_back({tea: 5})
        self.give_back({coffee: 2})
        self.assertRefunds(order)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(invoice.line_ids.matched_credit_ids.exchange_move_id)

    def test_another_unit_is_credited_to_the_cent(self):
        line = Command.create({"product_id": self.tea.id, "product_uom_id": self.case.id, "product_uom_qty": 2, "price_unit": 99.99})
        order = self.env["sale.order"].create({"partner_id": self.alpha.id, "order_line": [line]})
        order.action_confirm()
        self.deliver(order)
        self.invoice(order)
        for quantity in (5, 7, 1, 11):
            self.give_back([{"sale_line_id": order.order_line.id, "quantity": quantity, "product_uom_id": self.unit.id}])
        self.assertRefunds(order)

    def test_goods_invoiced_as_ordered_are_not_invoiced_again(self):
        self.tea.invoice_policy = "order"
        order = self.confirmed({self.tea: 10})
        refund = self.give_back({order.order_line: 4})
        self.assertEqual((refund.amount_untaxed, order.order_line.qty_invoiced, order.order_line.qty_to_invoice), (40.0, 6.0, 0.0))
        self.give_back({order.order_line: 6})
        self.assertRefunds(order)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_fee_is_a_line_of_its_own_with_the_same_taxes(self):
        self.net.restocking_fee_percent = 15
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 3})
        refund = self.settle(case)
        self.assertEqual((refund.amount_untaxed, refund.amount_tax), (25.5, 5.1))
        fee = refund.invoice_line_ids.filtered(lambda item: item.dms_refund_kind == "fee")
        self.assertEqual((fee.price_subtotal, fee.tax_ids, fee.sale_line_ids), (-4.5, self.tax20, fee.sale_line_ids.browse()))
        self.assertEqual(case.credit_amount, 30.0)
        self.assertEqual(order.order_line.qty_invoiced, 7.0)

    def test_reversal_takes_the_credit_back_once(self):
        self.create_scheme([(0, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 3})
        refund = self.settle(case)
        self.assertEqual(self.returned(order), 3.0)
        for user, error in ((self.officer, AccessError), (self.desk, AccessError)):
            with self.assertRaises(error):
                case.with_user(user).action_reverse("Never arrived")
        with self.assertRaises(UserError):
            case.with_user(self.claims_manager).action_reverse(" ")
        case.with_user(self.claims_manager).action_reverse("Never arrived")
        case.with_user(self.claims_manager).action_reverse("Never arrived")
        back = refund.reversal_move_ids
        self.assertEqual((case.state, case.rejection_reason, len(back)), ("cancelled", "Never arrived", 1))
        self.assertEqual((back.move_type, back.state, back.amount_total), ("out_invoice", "posted", refund.amount_total))
        invoice = refund.reversed_entry_id
        self.assertEqual((invoice.amount_residual, invoice.payment_state), (invoice.amount_total, "not_paid"))
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_invoiced, self.returned(order)), (10.0, 10.0, 0.0))
        refund = self.give_back({order.order_line: 10})
        self.assertEqual((refund.reversed_entry_id, refund.amount_untaxed), (invoice, 90.0))
        self.assertEqual((self.returned(order), order.order_line.qty_to_invoice), (10.0, 0.0))

    def test_credit_note_is_taken_back_by_the_return_alone(self):
        case = self.inspected({self.confirmed({self.tea: 10}).order_line: 3})
        refund = self.settle(case)
        self.assertUndoable(refund, case)
        with self.assertRaisesRegex(UserError, case.name):
            refund.with_user(self.accountant).write({"state": "draft"})
        self.assertEqual((refund.state, case.state), ("posted", "settled"))
        case.with_user(self.claims_manager).action_reverse("Never arrived")
        for move in refund | refund.reversal_move_ids:
            self.assertUndoable(move, case)

    def assertUndoable(self, move, case):
        """Nobody undoes a posted document of a case by hand."""
        for step in ("button_draft", "button_cancel", "_reverse_moves"):
            with self.subTest(move=move.move_type, state=case.state, step=step), self.assertRaisesRegex(UserError, case.name):
                getattr(move.with_user(self.accountant), step)()

    def test_who_settled_does_not_take_back(self):
        case = self.inspected({self.confirmed({self.tea: 10}).order_line: 3})
        self.settle(case, self.claims_manager)
        with self.assertRaises(UserError):
            case.with_user(self.claims_manager).action_reverse("Wrong")
        self.assertEqual(case.state, "settled")

    def test_exposure_falls_by_the_credit(self):
        if "dms.credit.account" not in self.env:
            self.skipTest("dms_credit is not installed")
        account = self.env["dms.credit.account"]._get_account(self.alpha, self.company)
        order = self.confirmed({self.tea: 10})
        self.env.flush_all()
        self.env.invalidate_all()
        before = account.exposure_amount
        self.give_back({order.order_line: 3})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertAlmostEqual(account.exposure_amount, before - 36.0)

    def test_expected_credit_is_known_before(self):
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 3})
        self.assertEqual(case.credit_amount, 30.0)
