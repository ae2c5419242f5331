from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dms_portal_stock_shown = fields.Integer(
        "Stock Shown in the Portal",
        default=100,
        groups="base.group_user",
        help="From this free quantity on, distributors read “in stock” without a number; below it, how much is left.",
    )

    _dms_portal_stock_shown_positive = models.Constraint(
        "CHECK(dms_portal_stock_shown >= 0)", "The stock shown in the portal cannot be negative."
    )
