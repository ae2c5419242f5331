from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scheme_expense_account_id = fields.Many2one(related="company_id.scheme_expense_account_id", readonly=False)
    scheme_accrual_account_id = fields.Many2one(related="company_id.scheme_accrual_account_id", readonly=False)
    scheme_accrual_journal_id = fields.Many2one(related="company_id.scheme_accrual_journal_id", readonly=False)
    scheme_settlement_journal_id = fields.Many2one(related="company_id.scheme_settlement_journal_id", readonly=False)
