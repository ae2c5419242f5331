from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


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
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._dms_check_accrual_link({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._dms_check_accrual_link(vals)
        return super().write(vals)

    def _dms_check_accrual_link(self, names):
        if "scheme_accrual_id" in names and not self.env.su:
            raise AccessError(self.env._("Journal items are tied to accruals by the accruals themselves."))
