from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "dms.case.counts"]

    def _get_dms_returns(self):
        return self._get_dms_returns_of({order: order.order_line for order in self})

    def _get_dms_claims(self):
        """About deliveries and invoices of these orders."""
        domain = ["|", ("picking_id.sale_id", "in", self.ids), ("invoice_id", "in", self.invoice_ids.ids)]
        claims = self.env["dms.claim"].search(domain) if self.ids else self.env["dms.claim"]
        return {
            order: claims.filtered(lambda claim, order=order: claim.picking_id.sale_id == order or claim.invoice_id in order.invoice_ids)
            for order in self
        }

    def _prepare_case_context(self):
        return {"default_distributor_id": self.distributor_id.id}
