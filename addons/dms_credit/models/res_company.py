from odoo import api, fields, models

from .amounts import check_amounts

#: settings that holds depend on
CHECK_FIELDS = {"credit_horizon_days", "credit_horizon_is_set", "credit_include_drafts", "credit_overdue_tolerance"}


class OptionalInteger(fields.Integer):
    """A whole number that may be empty: empty and zero mean different things, and read as False and 0."""

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if value is None or value is False else int(value)

    def convert_to_cache(self, value, record, validate=True):
        return None if value is None or value is False else int(value)

    def convert_to_record(self, value, record):
        return False if value is None else value


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_horizon_days = OptionalInteger(
        "Credit Horizon (days)",
        groups="base.group_user",
        help="Confirmed orders promised later than this are not counted as exposure; empty counts all, 0 those promised by today.",
    )
    credit_horizon_is_set = fields.Boolean(
        "Limit the Horizon", compute="_compute_credit_horizon_is_set", inverse="_inverse_credit_horizon_is_set", groups="base.group_user"
    )
    credit_include_drafts = fields.Boolean(
        "Count Draft Invoices", groups="base.group_user", help="Draft invoices of no order are part of the exposure."
    )
    credit_overdue_tolerance = fields.Monetary(
        "Overdue Tolerance", groups="base.group_user", help="An overdue sum up to this holds no order."
    )
    credit_release_days = fields.Integer(
        "Validity of a Credit Release (days)",
        default=7,
        groups="base.group_user",
        help="Days a release of a credit hold covers; 0 for no end.",
    )
    credit_delivery_days = fields.Integer(
        "Check Late Deliveries After (days)",
        groups="base.group_user",
        help="A delivery validated more than these days after its order was confirmed passes the credit gates again; 0 for never.",
    )

    _credit_horizon_days_positive = models.Constraint(
        "CHECK(credit_horizon_days BETWEEN 0 AND 3650)", "The credit horizon lies between 0 and 3,650 days."
    )
    _credit_overdue_tolerance_positive = models.Constraint(
        "CHECK(credit_overdue_tolerance >= 0)", "The overdue tolerance cannot be negative."
    )
    _credit_release_days_positive = models.Constraint(
        "CHECK(credit_release_days BETWEEN 0 AND 3650)", "A release is valid for 0 to 3,650 days."
    )
    _credit_delivery_days_positive = models.Constraint(
        "CHECK(credit_delivery_days BETWEEN 0 AND 3650)", "The age of a delivery lies between 0 and 3,650 days."
    )

    @api.depends("credit_horizon_days")
    def _compute_credit_horizon_is_set(self):
        for company in self:
            company.credit_horizon_is_set = company.credit_horizon_days is not False

    def _inverse_credit_horizon_is_set(self):
        for company in self:
            if not company.credit_horizon_is_set:
                company.credit_horizon_days = False
            elif company.credit_horizon_days is False:
                company.credit_horizon_days = 0

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_amounts(self.env, vals, "credit_overdue_tolerance")
        companies = super().create(vals_list)
        self.env["dms.credit.account"]._create_missing(companies=companies)
        return companies

    def write(self, vals):
        check_amounts(self.env, vals, "credit_overdue_tolerance")
        result = super().write(vals)
        if CHECK_FIELDS & vals.keys():
            self.env["sale.order"]._dms_trigger_recheck()
        return result
