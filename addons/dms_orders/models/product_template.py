from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    order_min_qty = fields.Float(
        "Minimum Order Quantity",
        digits="Product Unit",
        groups="base.group_user",
        help="Least quantity a distributor may order, in the product's own unit; 0 for none.",
    )
    order_multiple = fields.Float(
        digits="Product Unit",
        groups="base.group_user",
        help="Distributors order multiples of this, in the product's own unit (24 for a case of 24); 0 for none.",
    )

    _order_min_qty_positive = models.Constraint("CHECK(order_min_qty >= 0)", "The minimum order quantity cannot be negative.")
    _order_multiple_positive = models.Constraint("CHECK(order_multiple >= 0)", "The order multiple cannot be negative.")
