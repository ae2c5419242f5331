from odoo import fields, models


class DmsHoldDecision(models.TransientModel):
    _name = "dms.hold.decision"
    _description = "Release or Reject Holds"

    hold_ids = fields.Many2many("dms.order.hold", string="Holds", required=True)
    note = fields.Text(required=True, help="A release note is shown to staff only; a rejection is shown to the distributor.")

    def action_release(self):
        self.hold_ids.action_release(self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_reject(self):
        self.hold_ids.action_reject(self.note)
        return {"type": "ir.actions.act_window_close"}
