from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    receipt_lead_days = fields.Integer(related="company_id.receipt_lead_days", readonly=False)
    count_tolerance_percent = fields.Float(related="company_id.count_tolerance_percent", readonly=False)
    count_tolerance_qty = fields.Float(related="company_id.count_tolerance_qty", readonly=False)
    statement_max_rows = fields.Integer(related="company_id.statement_max_rows", readonly=False)
    sellout_average_days = fields.Integer(related="company_id.sellout_average_days", readonly=False)
