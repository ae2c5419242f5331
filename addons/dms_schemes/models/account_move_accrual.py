from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Entries and credit notes of schemes stay as they were booked: what they say is what the accruals say."""

    _inherit = "account.move"

    def button_draft(self):
        self._dms_check_not_accrual()
        return super().button_draft()

    def button_cancel(self):
        self._dms_check_not_accrual()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._dms_check_not_accrual()
        return super()._reverse_moves(default_values_list, cancel)

    def _dms_check_not_accrual(self):
        for move in self:
            if move.state == "posted" and move.sudo().line_ids.scheme_accrual_id:  # whether there are any
                raise UserError(
                    self.env._("%(move)s belongs to accruals of schemes: it is corrected by the next accrual, or released.", move=move.name)
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    scheme_accrual_id = fields.Many2one(
        "dms.scheme.accrual",
        "Scheme Accrual",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
