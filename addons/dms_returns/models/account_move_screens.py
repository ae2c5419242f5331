from odoo import fields, models

from .dms_case_screens import STAFF


class AccountMove(models.Model):
    """Returns and claims on the form of an invoice or credit note."""

    _inherit = "account.move"

    dms_return_count = fields.Integer("Returns", compute="_compute_dms_return_count", groups=STAFF)
    dms_claim_count = fields.Integer("Claims", compute="_compute_dms_claim_count", groups=STAFF)

    def _compute_dms_return_count(self):
        for move, returns in self._get_dms_returns().items():
            move.dms_return_count = len(returns)

    def _get_dms_returns(self):
        """``{move: ids of returns}``: of what an invoice bills, or the one a credit note pays."""
        lines = {move: move.invoice_line_ids.sale_line_ids for move in self}
        found = self.env["dms.return"]._get_by_sale_line(self.env["sale.order.line"].union(*lines.values()))
        return {
            move: set(move.dms_return_id.ids)
            if move.move_type == "out_refund"
            else set().union(*(found.get(line, ()) for line in lines[move]))
            for move in self
        }

    def _compute_dms_claim_count(self):
        counts = dict(self.env["dms.claim"]._read_group([("invoice_id", "in", self.ids)], ["invoice_id"], ["__count"]))
        for move in self:
            move.dms_claim_count = counts.get(move, 0) + bool(move.dms_claim_id)

    def action_open_dms_returns(self):
        self.ensure_one()
        returns = self.env["dms.return"].browse(sorted(self._get_dms_returns()[self]))
        return returns._prepare_open_action(self.env._("Returns"), "dms.return", returns)

    def action_open_dms_claims(self):
        self.ensure_one()
        claims = self.env["dms.claim"].search([("invoice_id", "=", self.id)]) | self.dms_claim_id
        return claims._prepare_open_action(self.env._("Claims"), "dms.claim", claims)
