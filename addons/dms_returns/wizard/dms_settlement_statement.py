from dateutil.relativedelta import relativedelta

from odoo import fields, models


class DmsSettlementStatement(models.TransientModel):
    """Which statement of settlements to print."""

    _name = "dms.settlement.statement"
    _description = "Statement of Settlements"

    distributor_ids = fields.Many2many(
        "res.partner",
        string="Distributors",
        required=True,
        domain=[("is_distributor", "=", True)],
        default=lambda self: self._default_distributors(),
    )
    month = fields.Date(required=True, default=lambda self: self.env.company._dms_today() - relativedelta(months=1), help="Any day of it.")

    def _default_distributors(self):
        """The distributors behind the selected records, as far as the user may see them."""
        ids = [record_id for record_id in self.env.context.get("active_ids") or [] if isinstance(record_id, int)]
        if self.env.context.get("active_model") == "dms.settlement":
            return self.env["dms.settlement"].search([("id", "in", ids)]).distributor_id
        return self.env["res.partner"]

    def action_print(self):
        """Download the statements as PDF."""
        self.ensure_one()
        data = {"month": f"{self.month:%Y-%m}", "company_id": self.env.company.id}
        return self.env.ref("dms_returns.action_report_settlement").report_action(self.distributor_ids, data=data, config=False)
