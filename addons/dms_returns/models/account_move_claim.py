from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """The credit note of a settled claim stays as it was posted: it is taken back by reversing the claim."""

    _inherit = "account.move"

    def button_draft(self):
        self._dms_check_not_settlement()
        return super().button_draft()

    def button_cancel(self):
        self._dms_check_not_settlement()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._dms_check_not_settlement()
        return super()._reverse_moves(default_values_list, cancel)

    def _dms_check_not_settlement(self):
        for move in self.sudo():  # which claim it pays, if any
            claim = move.dms_claim_id
            if move.state == "posted" and claim.refund_id == move and claim.state == "settled":
                raise UserError(self.env._("%(move)s pays %(claim)s: reverse the claim instead.", move=move.name, claim=claim.name))
