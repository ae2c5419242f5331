from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """A paid order that a gate holds is not confirmed: core then tells the customer that the payment arrived."""
        return super()._check_amount_and_confirm_order().filtered(lambda order: order.state == "sale")

    def _dms_invoice_late_orders(self):
        """Invoice orders that were paid, held, and are confirmed only now: what core does right after a payment.

        Only for transactions that core has done with, so that nothing is invoiced twice.
        """
        for transaction in self.filtered(lambda tx: tx.state == "done" and tx.is_post_processed and not tx.invoice_ids):
            transaction._invoice_sale_orders()
            transaction.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
            transaction._dms_reconcile_late_invoice()

    def _dms_reconcile_late_invoice(self):
        payment = self.payment_id
        lines = (payment.move_id + self.invoice_ids).line_ids
        lines.filtered(lambda line: line.account_id == payment.destination_account_id and not line.reconciled).reconcile()
