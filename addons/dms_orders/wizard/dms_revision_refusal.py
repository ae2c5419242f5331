from odoo import fields, models


class DmsRevisionRefusal(models.TransientModel):
    _name = "dms.revision.refusal"
    _description = "Refuse Requested Changes"

    revision_ids = fields.Many2many("dms.order.revision", string="Requests", required=True)
    reason = fields.Text(required=True, help="The distributor reads this.")

    def action_refuse(self):
        self.revision_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
