from odoo import api, fields, models

from .amounts import check_amounts
from .dms_credit_account import POLICIES


class DmsDistributorClass(models.Model):
    """Credit terms that the distributors of a class start with."""

    _inherit = "dms.distributor.class"

    credit_policy = fields.Selection(
        POLICIES,
        default="none",
        required=True,
        groups="dms_credit.group_credit_reader,dms_orders.group_dms_manager",
        help="Policy of the accounts of this class; a distributor that changes its class takes it over.",
    )
    credit_grace_days = fields.Integer(
        "Days of Grace",
        groups="dms_credit.group_credit_reader,dms_orders.group_dms_manager",
        help="Days after the due date before an unpaid invoice holds orders.",
    )
    credit_has_limit = fields.Boolean("Has a Limit", groups="dms_credit.group_credit_reader,dms_orders.group_dms_manager")
    credit_limit = fields.Monetary(
        groups="dms_credit.group_credit_reader,dms_orders.group_dms_manager",
        help="Limit of a distributor that joins this class and has none of its own.",
    )

    _credit_grace_range = models.Constraint(
        "CHECK(credit_grace_days IS NULL OR credit_grace_days BETWEEN 0 AND 3650)", "The days of grace lie between 0 and 3,650."
    )
    _credit_limit_positive = models.Constraint(
        "CHECK(credit_limit IS NULL OR credit_limit BETWEEN 0 AND 10000000000000)",
        "A credit limit cannot be negative or beyond all measure.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_amounts(self.env, vals, "credit_limit")
        return super().create(vals_list)

    def write(self, vals):
        check_amounts(self.env, vals, "credit_limit")
        return super().write(vals)
