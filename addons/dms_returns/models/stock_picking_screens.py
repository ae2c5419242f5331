from odoo import fields, models

from .dms_case_screens import STAFF


class StockPicking(models.Model):
    """Returns and claims on the form of a transfer."""

    _inherit = "stock.picking"

    dms_return_count = fields.Integer("Distributor Returns", compute="_compute_dms_return_count", groups=STAFF)
    dms_claim_count = fields.Integer("Distributor Claims", compute="_compute_dms_claim_count", groups=STAFF)

    def _compute_dms_return_count(self):
        for picking, returns in self._get_dms_returns().items():
            picking.dms_return_count = len(returns)

    def _get_dms_returns(self):
        """``{transfer: ids of returns}``: of what a delivery brought, or the one a transfer takes back."""
        found = self.env["dms.return"]._get_by_sale_line(self.move_ids.sale_line_id)
        return {
            picking: set(picking.dms_return_id.ids)
            or (
                set().union(*(found.get(line, ()) for line in picking.move_ids.sale_line_id))
                if picking.picking_type_code == "outgoing"
                else set()
            )
            for picking in self
        }

    def _compute_dms_claim_count(self):
        counts = dict(self.env["dms.claim"]._read_group([("picking_id", "in", self.ids)], ["picking_id"], ["__count"]))
        for picking in self:
            picking.dms_claim_count = counts.get(picking, 0)

    def action_open_dms_returns(self):
        self.ensure_one()
        returns = self.env["dms.return"].browse(sorted(self._get_dms_returns()[self]))
        return returns._prepare_open_action(self.env._("Returns"), "dms.return", returns)

    def action_open_dms_claims(self):
        self.ensure_one()
        claims = self.env["dms.claim"].search([("picking_id", "=", self.id)])
        return claims._prepare_open_action(self.env._("Claims"), "dms.claim", claims)
