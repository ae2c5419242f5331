from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    receipt_lead_days = fields.Integer(
        "Receipt Lead Time (days)",
        default=7,
        groups="base.group_user",
        help="Days after which a delivery that the distributor has not confirmed counts as received.",
    )
    count_tolerance_percent = fields.Float(
        "Count Tolerance (%)",
        default=2.0,
        groups="base.group_user",
        help="Difference between count and calculated balance, in percent of the balance, that is posted without review.",
    )
    count_tolerance_qty = fields.Float(
        "Count Tolerance (quantity)",
        digits="Product Unit",
        groups="base.group_user",
        help="The same as a quantity of the product's own unit; the larger of the two counts.",
    )
    sellout_average_days = fields.Integer(
        "Days of the Average",
        default=30,
        groups="base.group_user",
        help="Sell-out of so many days before today makes the average; a product without any in that time is dead stock.",
    )

    _receipt_lead_days_range = models.Constraint("CHECK(receipt_lead_days BETWEEN 0 AND 365)", "A lead time lies between 0 and 365 days.")
    _count_tolerance_positive = models.Constraint(
        "CHECK(count_tolerance_percent BETWEEN 0 AND 100 AND count_tolerance_qty >= 0)",
        "A tolerance lies between 0 and 100 percent, and is no negative quantity.",
    )
    _sellout_average_days_range = models.Constraint(
        "CHECK(sellout_average_days BETWEEN 1 AND 366)", "The average looks back on 1 to 366 days."
    )

    def write(self, vals):
        result = super().write(vals)
        if "sellout_average_days" in vals:
            self.env["dms.stock.position"]._request_refresh(self)
        return result
