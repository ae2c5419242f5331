from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_horizon_is_set = fields.Boolean("Limit the Horizon")
    credit_horizon_days = fields.Integer("Credit Horizon (days)")
    credit_include_drafts = fields.Boolean(related="company_id.credit_include_drafts", readonly=False)
    credit_overdue_tolerance = fields.Monetary(
        related="company_id.credit_overdue_tolerance", readonly=False, currency_field="credit_currency_id"
    )
    credit_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    credit_release_days = fields.Integer(related="company_id.credit_release_days", readonly=False)
    credit_delivery_days = fields.Integer(related="company_id.credit_delivery_days", readonly=False)

    @api.model
    def get_values(self):
        """The horizon may be empty, and empty is not 0: two fields for one of the company."""
        days = self.env.company.credit_horizon_days
        return {**super().get_values(), "credit_horizon_is_set": days is not False, "credit_horizon_days": days or 0}

    def set_values(self):
        super().set_values()
        days = self.credit_horizon_days if self.credit_horizon_is_set else False
        current = self.company_id.credit_horizon_days
        if days != current or (days is False) != (current is False):
            self.company_id.credit_horizon_days = days
