from odoo import api, fields, models, tools

from .amounts import check_amounts


class DmsCreditReleaseRule(models.Model):
    """One row of the release matrix: up to where a group may release orders held for credit."""

    _name = "dms.credit.release.rule"
    _description = "Release of Credit Holds"
    _inherit = ["dms.own.company"]
    _order = "sequence, id"
    _rec_name = "group_id"

    sequence = fields.Integer(default=10)
    group_id = fields.Many2one("res.groups", required=True, ondelete="cascade", help="Whoever is in this group.")
    company_id = fields.Many2one("res.company", index=True, help="Empty for every company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    any_amount = fields.Boolean(default=True)
    max_over_amount = fields.Monetary("Over the Limit by", help="Largest amount over the limit that this group may release.")
    any_days = fields.Boolean(default=True)
    max_overdue_days = fields.Integer("Days Overdue up to", help="Oldest overdue item with which this group may release.")

    _group_uniq = models.UniqueIndex("(group_id, COALESCE(company_id, 0))", "This group has a row for this company already.")
    _max_over_amount_positive = models.Constraint("CHECK(max_over_amount >= 0)", "The amount cannot be negative.")
    _max_overdue_days_positive = models.Constraint("CHECK(max_overdue_days >= 0)", "The days cannot be negative.")

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.model
    @tools.ormcache("company.id")
    def _get_matrix(self, company):
        """``(group id, largest amount, most days)`` of the rows that count in a company; None where there is no end."""
        rules = self.sudo().search([("company_id", "in", [company.id, False])])  # configuration, the same for everybody
        return [
            (rule.group_id.id, None if rule.any_amount else rule.max_over_amount, None if rule.any_days else rule.max_overdue_days)
            for rule in rules
        ]

    @api.model
    def _allows(self, user, company, over_amount, overdue_days):
        """Whether this user may release so much over the limit (company currency) with items so long overdue."""
        groups = set(user.all_group_ids.ids)
        return any(
            group in groups
            and (amount is None or company.currency_id.compare_amounts(over_amount, amount) <= 0)
            and (days is None or overdue_days <= days)
            for group, amount, days in self._get_matrix(company)
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_amounts(self.env, vals, "max_over_amount")
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        check_amounts(self.env, vals, "max_over_amount")
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
