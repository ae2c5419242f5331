from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scheme_tax_free_goods = fields.Boolean(
        "Tax Free Goods at Their Full Price",
        groups="base.group_user",
        help="Free goods of a scheme are taxed as if they were sold at their full price; otherwise they bear no tax.",
    )
