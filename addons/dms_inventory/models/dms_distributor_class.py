from odoo import fields, models

STOCK_DISPLAYS = [
    ("exact", "Exactly"),
    ("bands", "Available, few or none"),
    ("hidden", "Not at all"),
]


class DmsDistributorClass(models.Model):
    _inherit = "dms.distributor.class"

    stock_display = fields.Selection(
        STOCK_DISPLAYS,
        "Warehouse Stock Shown",
        default="bands",
        required=True,
        groups="base.group_user",
        help="How the portal shows these distributors what our warehouses have of a product.",
    )
