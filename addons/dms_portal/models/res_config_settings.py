from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dms_portal_stock_shown = fields.Integer(related="company_id.dms_portal_stock_shown", readonly=False)
