from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """The time zone of a company decides which day a moment belongs to."""
        moved = self.filtered(lambda partner: "tz" in vals and partner.tz != vals["tz"])
        result = super().write(vals)
        if moved:
            companies = self.env["res.company"].sudo().search([("partner_id", "in", moved.ids)])  # whose partners these are
            self.env["dms.sales.upkeep"].sudo()._touch_companies(companies)  # a note that facts are out of date
        return result
