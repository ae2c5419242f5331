from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "dms.case.counts"]

    def _get_dms_returns(self):
        """Of what an invoice bills, or the one a credit note pays."""
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        found = self._get_dms_returns_of({move: move.invoice_line_ids.sale_line_ids for move in self - refunds})
        return {**found, **{move: move.dms_return_id for move in refunds}}

    def _get_dms_claims(self):
        return {move: claims | move.dms_claim_id for move, claims in self._get_dms_claims_by("invoice_id").items()}
