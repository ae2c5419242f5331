from odoo import fields, models


class DmsCaseDecision(models.TransientModel):
    _name = "dms.case.decision"
    _description = "Refuse Returns or Claims, or Take Their Settlement Back"

    purpose = fields.Selection([("reject", "Refuse"), ("reverse", "Take Back")], required=True, default="reject")
    return_ids = fields.Many2many("dms.return", string="Returns")
    claim_ids = fields.Many2many("dms.claim", string="Claims")
    reason = fields.Text(required=True, help="The distributor reads this.")

    def action_apply(self):
        """Decide with the user's own rights: the cases check who may."""
        self.ensure_one()
        for cases in filter(None, (self.return_ids, self.claim_ids)):
            if self.purpose == "reject":
                cases.action_reject(self.reason)
            else:
                cases.action_reverse(self.reason)
        return {"type": "ir.actions.act_window_close"}
