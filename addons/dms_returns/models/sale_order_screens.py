from odoo import fields, models

from .dms_case_screens import STAFF


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dms_return_count = fields.Integer("Returns", compute="_compute_dms_return_count", groups=STAFF)
    dms_claim_count = fields.Integer("Claims", compute="_compute_dms_claim_count", groups=STAFF)

    def _compute_dms_return_count(self):
        found = self.env["dms.return"]._get_by_sale_line(self.order_line)
        for order in self:
            order.dms_return_count = len(set().union(*(found.get(line, ()) for line in order.order_line)))

    def _compute_dms_claim_count(self):
        claims = self._get_dms_claims()
        for order in self:
            about = claims.filtered(lambda claim, order=order: claim.picking_id.sale_id == order or claim.invoice_id in order.invoice_ids)
            order.dms_claim_count = len(about)

    def _get_dms_claims(self):
        """Claims about deliveries and invoices of these orders that the user reads."""
        domain = ["|", ("picking_id.sale_id", "in", self.ids), ("invoice_id", "in", self.invoice_ids.ids)]
        return self.env["dms.claim"].search(domain) if self.ids else self.env["dms.claim"]

    def action_open_dms_returns(self):
        self.ensure_one()
        found = self.env["dms.return"]._get_by_sale_line(self.order_line)
        returns = self.env["dms.return"].browse(sorted(set().union(*found.values())))
        return returns._prepare_open_action(self.env._("Returns"), "dms.return", returns, default_distributor_id=self.distributor_id.id)

    def action_open_dms_claims(self):
        self.ensure_one()
        claims = self._get_dms_claims()
        return claims._prepare_open_action(self.env._("Claims"), "dms.claim", claims, default_distributor_id=self.distributor_id.id)
