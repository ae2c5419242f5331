from odoo import fields, models


class DmsPaymentRejection(models.TransientModel):
    _name = "dms.payment.rejection"
    _description = "Reject Payment Advice"

    advice_ids = fields.Many2many("dms.payment.advice", string="Notices", required=True)
    reason = fields.Text(required=True, help="The distributor reads this.")

    def action_reject(self):
        self.advice_ids.action_reject(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
