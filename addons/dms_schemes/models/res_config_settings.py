from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scheme_tax_free_goods = fields.Boolean(related="company_id.scheme_tax_free_goods", readonly=False)
