from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimSettle(ClaimsCommon):
    """One credit note, of the right amount, against the right accounts; and its reversal."""

    def shortage(self, quantity=3):
        return self.claims_of(self.buy(missing={self.tea: quantity}))

    def test_credit_note_of_an_invoice_takes_its_account_and_taxes(self):
        claim = self.shortage()
        bill = self.invoice_of(claim.picking_id)
        residual = bill.amount_residual
        order = claim.picking_id.sale_id
        figures = (order.order_line.qty_invoiced, order.order_line.qty_delivered, order.invoice_status)
        note = self.settle(claim)
        row = bill.invoice_line_ids
        self.assertEqual((note.move_type, note.state, note.reversed_entry_id, note.amount_untaxed), ("out_refund", "posted", bill, 30.0))
        self.assertEqual((note.invoice_line_ids.account_id, note.invoice_line_ids.tax_ids), (row.account_id, row.tax_ids))
        self.assertAlmostEqual(note.amount_total, bill.amount_total * 0.3, places=2)
        self.assertEqual((note.dms_claim_id, note.invoice_line_ids.dms_claim_line_id), (claim, claim.line_ids))
        self.assertFalse(note.invoice_line_ids.sale_line_ids)
        self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_delivered, order.invoice_status), figures)
        self.assertAlmostEqual(bill.amount_residual, residual - note.amount_total, places=2)
        self.assertEqual(note.amount_residual, 0.0)

    def test_goods_invoiced_after_their_claim_was_paid_are_not_credited_again(self):
        self.types["shortage"].account_id = self.expense
        picking = self.buy(missing={self.tea: 3}, invoiced=False)
        self.settle(self.claims_of(picking))
        self.invoice(picking.sale_id)
        line = picking.move_ids.sale_line_id
        reason = self.env["dms.return.reason"].create({"name": "Late", "code": "T-LATE"})
        values = {"sale_line_id": line.id, "quantity": 10, "accepted_qty": 10, "reason_id": reason.id}
        case = self.env["dms.return"].create({"distributor_id": self.alpha.id, "line_ids": [Command.create(values)]})
        case._enter("inspected")
        case.with_user(self.officer).action_settle()
        self.assertEqual(case.refund_ids.amount_untaxed, 70.0)

    def test_type_with_an_account_debits_it(self):
        self.types["shortage"].account_id = self.expense
        note = self.settle(self.shortage())
        self.assertEqual(note.invoice_line_ids.account_id, self.expense)

    def test_spend_debits_its_expense_against_the_receivable(self):
        note = self.settle(self.create_claim("spend", amount_claimed=50.0, reference="DN-9"))
        self.assertEqual(self.items(note), [("asset_receivable", -50.0), ("expense", 50.0)])
        self.assertEqual((note.partner_id, note.ref, note.reversed_entry_id.id, note.amount_residual), (self.alpha, "DN-9", False, 50.0))

    def test_no_account_is_said_and_nothing_is_half_done(self):
        self.types["spend"].account_id = False
        claim = self.approve(self.submit(self.create_claim("spend", amount_claimed=50.0)))
        with self.assertRaisesRegex(UserError, "account"), self.cr.savepoint():
            claim.with_user(self.accountant).action_settle()
        self.env.invalidate_all()
        self.assertEqual((claim.state, claim.refund_id.id), ("approved", False))

    def test_paid_invoice_leaves_the_credit_open(self):
        claim = self.shortage()
        bill = self.invoice_of(claim.picking_id)
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=bill.ids).create({})._create_payments()
        note = self.settle(claim)
        self.assertEqual(note.amount_residual, note.amount_total)

    def test_prices_with_taxes_in_them_credit_the_amount_approved(self):
        tax = self.tax.copy({"name": "T incl", "price_include_override": "tax_included", "amount": 19.0, "amount_type": "percent"})
        self.tea.taxes_id = [Command.set(tax.ids)]
        for quantity in (1, 2, 3, 7):
            claim = self.shortage(quantity)
            self.submit(claim)
            note = self.settle(claim)
            self.assertAlmostEqual(note.amount_untaxed, claim.amount_approved, places=2)

    def test_reversal_takes_the_credit_back(self):
        claim = self.shortage()
        bill = self.invoice_of(claim.picking_id)
        residual = bill.amount_residual
        note = self.settle(claim)
        for _time in range(2):
            claim.with_user(self.claims_manager).action_reverse("The goods were found")
        self.env.invalidate_all()
        self.assertEqual((claim.state, claim.rejection_reason), ("cancelled", "The goods were found"))
        reversal = self.env["account.move"].search([("reversed_entry_id", "=", note.id)])
        self.assertEqual((len(reversal), reversal.state, reversal.amount_total), (1, "posted", note.amount_total))
        self.assertEqual((reversal.amount_residual, note.amount_residual), (0.0, 0.0))
        self.assertAlmostEqual(bill.amount_residual, residual, places=2)
        self.submit(self.create_claim("shortage", [(claim.picking_id.move_line_ids, 30.0)]))

    def test_credit_note_is_taken_back_by_the_claim_alone(self):
        claim = self.shortage()
        note = self.settle(claim)
        for step in ("button_draft", "button_cancel", "_reverse_moves"):
            with self.subTest(step=step), self.assertRaisesRegex(UserError, claim.name):
                getattr(note, step)()
        other = self.env["account.move"].with_user(self.accountant)
        with self.assertRaises(AccessError):
            other.create({"move_type": "out_refund", "partner_id": self.alpha.id, "dms_claim_id": claim.id})
        with self.assertRaises(AccessError):
            note.invoice_line_ids.with_user(self.accountant).write({"dms_claim_line_id": claim.line_ids.id})
        self.assertEqual((note.state, claim.state), ("posted", "settled"))
        claim.with_user(self.claims_manager).action_reverse("The goods were found")
        for move in note | note.reversal_move_ids:
            with self.subTest(move=move.move_type), self.assertRaisesRegex(UserError, claim.name):
                move.button_draft()

    def test_reversal_needs_a_reason(self):
        claim = self.shortage()
        self.settle(claim)
        with self.assertRaises(UserError):
            claim.with_user(self.claims_manager).action_reverse(" ")
        self.assertEqual(claim.state, "settled")

    def test_submitter_who_is_officer_settles_what_agreed_by_itself(self):
        claim = self.shortage()
        self.submit(claim, self.officer)
        self.assertEqual(self.settle(claim, self.officer).state, "posted")

    def test_accountant_without_right_to_claims_settles_nothing_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.accountant.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        claim = self.approve(self.submit(self.create_claim("spend", amount_claimed=50.0)))
        with self.assertRaises(AccessError):
            claim.with_user(self.accountant).with_context(allowed_company_ids=other.ids).action_settle()
