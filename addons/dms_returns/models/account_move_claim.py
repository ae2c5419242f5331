from odoo import api, models
from odoo.exceptions import AccessError, UserError


class AccountMove(models.Model):
    """The credit note of a settled claim stays as it was posted: it is taken back by reversing the claim."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        self._dms_check_claim_links(vals_list, "dms_claim_id")
        return super().create(vals_list)

    def write(self, vals):
        self._dms_check_claim_links([vals], "dms_claim_id")
        return super().write(vals)

    def _dms_check_claim_links(self, vals_list, name):
        if not self.env.su and any(vals.get(name) for vals in vals_list):
            raise AccessError(self.env._("Documents are tied to claims by the claims themselves."))

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


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["account.move"]._dms_check_claim_links(vals_list, "dms_claim_line_id")
        return super().create(vals_list)

    def write(self, vals):
        self.env["account.move"]._dms_check_claim_links([vals], "dms_claim_line_id")
        return super().write(vals)
