from odoo import fields, models


class DmsDistributorStateWizard(models.TransientModel):
    _name = "dms.distributor.state.wizard"
    _description = "Suspend or Close Distributors"

    partner_ids = fields.Many2many("res.partner", string="Distributors", required=True)
    state = fields.Selection([("suspended", "Suspend"), ("closed", "Close")], "New Status", required=True)
    reason = fields.Char(required=True, help="Kept in the history of the distributor; shown to staff only.")

    def action_apply(self):
        self.partner_ids._set_distributor_state(self.state, self.reason)
