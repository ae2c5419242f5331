from odoo import api, fields, models
from odoo.exceptions import UserError


class DmsSchemeRelease(models.TransientModel):
    """Asks why accruals are not owed; the accruals check who may decide."""

    _name = "dms.scheme.release"
    _description = "Release Accruals"

    accrual_ids = fields.Many2many("dms.scheme.accrual", string="Accruals", required=True, default=lambda self: self._default_accrual_ids())
    reason = fields.Char(required=True)

    @api.model
    def _default_accrual_ids(self):
        """The accruals the dialog was opened on; the user's own access decides which of them there are."""
        if self.env.context.get("active_model") != "dms.scheme.accrual":
            return self.env["dms.scheme.accrual"]
        ids = [record_id for record_id in self.env.context.get("active_ids") or [] if isinstance(record_id, int)]
        return self.env["dms.scheme.accrual"].search([("id", "in", ids)])

    def action_release(self):
        """Release the accruals."""
        self.ensure_one()
        if not self.accrual_ids:
            raise UserError(self.env._("Choose the accruals first."))
        self.accrual_ids.action_release(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
