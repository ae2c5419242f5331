from odoo import api, fields, models


class DmsDeductionDecide(models.TransientModel):
    """The little forms behind Match, Split and Refuse of a deduction."""

    _name = "dms.deduction.decide"
    _description = "Decide on a Deduction"
    _inherit = ["dms.finite.numbers"]

    deduction_id = fields.Many2one(
        "dms.deduction", required=True, readonly=True, ondelete="cascade", default=lambda self: self._default_deduction()
    )
    company_id = fields.Many2one(related="deduction_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="deduction_id.currency_id", related_sudo=False)
    distributor_id = fields.Many2one(related="deduction_id.distributor_id", related_sudo=False)
    amount = fields.Monetary(related="deduction_id.amount", related_sudo=False)
    claim_id = fields.Many2one("dms.claim")
    part = fields.Monetary("First Part", help="The rest is the second part.")
    reason = fields.Char(help="The distributor is told.")

    @api.model
    def _default_deduction(self):
        return self.env.context.get("active_id") if self.env.context.get("active_model") == "dms.deduction" else False

    def action_match(self):
        self.ensure_one()
        self.deduction_id.action_match(self.claim_id)
        return {"type": "ir.actions.act_window_close"}

    def action_split(self):
        self.ensure_one()
        self.deduction_id.action_split([self.part, self.currency_id.round(self.amount - self.part)])
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        self.ensure_one()
        self.deduction_id.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
