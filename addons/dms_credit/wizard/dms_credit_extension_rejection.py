from odoo import fields, models


class DmsCreditExtensionRejection(models.TransientModel):
    """Asks for the reason of a rejection; the request checks who decides."""

    _name = "dms.credit.extension.rejection"
    _description = "Reject Temporary Limits"

    extension_ids = fields.Many2many("dms.credit.extension", string="Requests", required=True)
    reason = fields.Text(required=True, help="The distributor that asked reads this.")

    def action_reject(self):
        """Reject the requests."""
        self.ensure_one()
        self.extension_ids.action_reject(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
