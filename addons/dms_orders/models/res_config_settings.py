from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dms_duplicate_minutes = fields.Integer(related="company_id.dms_duplicate_minutes", readonly=False)
    dms_price_gate = fields.Boolean(related="company_id.dms_price_gate", readonly=False)
    dms_release_days = fields.Integer(related="company_id.dms_release_days", readonly=False)
    dms_intake_max_rows = fields.Integer(related="company_id.dms_intake_max_rows", readonly=False)
