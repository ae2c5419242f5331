from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DmsSalesPlanSplit(models.TransientModel):
    """Years to spread over their months as last year went."""

    _name = "dms.sales.plan.split"
    _description = "Split of Yearly Plans"
    _inherit = ["dms.finite.numbers"]

    plan_ids = fields.Many2many("dms.sales.plan", string="Plans", required=True)
    growth = fields.Float("Growth (%)", help="Fills in the amounts: last year's net sales and so much more.")
    with_past = fields.Boolean(
        "Past Months Too",
        help="Write months before this one as well. Otherwise they keep what they have and the rest of the year gets the rest.",
    )
    line_ids = fields.One2many("dms.sales.plan.split.line", "split_id", compute="_compute_line_ids", store=True, readonly=False)

    @api.depends("plan_ids")
    def _compute_line_ids(self):
        for split in self:
            lines = [Command.create({"plan_id": plan._origin.id, "amount": plan.amount}) for plan in split.plan_ids]
            split.line_ids = [Command.clear(), *lines]

    @api.onchange("growth")
    def _onchange_growth(self):
        for line in self.line_ids if self.growth else ():
            line.amount = max(line.currency_id.round(line.plan_id.last_year_amount * (1 + self.growth / 100)), 0)

    def action_split(self):
        """Write the months of the plans."""
        self.ensure_one()
        plans = self.line_ids.plan_id
        plans.check_access("write")
        if any(line.amount < 0 for line in self.line_ids):
            raise UserError(self.env._("A target cannot be below zero."))
        plans._spread({line.plan_id: line.amount for line in self.line_ids}, self.with_past)
        return {"type": "ir.actions.act_window_close"}


class DmsSalesPlanSplitLine(models.TransientModel):
    _name = "dms.sales.plan.split.line"
    _description = "Split of a Yearly Plan"
    _inherit = ["dms.finite.numbers"]

    split_id = fields.Many2one("dms.sales.plan.split", required=True, ondelete="cascade")
    plan_id = fields.Many2one("dms.sales.plan", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="plan_id.currency_id", related_sudo=False)
    last_year_amount = fields.Monetary(related="plan_id.last_year_amount", related_sudo=False)
    amount = fields.Monetary("Year")
