from odoo import api, fields, models
from odoo.exceptions import UserError


class DmsCreditChange(models.Model):
    """One change of an account's terms: who, when, from, to, why. Rows are added by the account and never touched again."""

    _name = "dms.credit.change"
    _description = "Change of a Credit Account"
    _order = "id desc"
    _rec_name = "label"

    account_id = fields.Many2one("dms.credit.account", required=True, index=True, ondelete="cascade", readonly=True)
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    territory_id = fields.Many2one(related="account_id.territory_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="account_id.currency_id")
    field_name = fields.Char("Field", required=True, readonly=True)
    label = fields.Char("What", required=True, readonly=True)
    before = fields.Char("From", readonly=True)
    after = fields.Char("To", readonly=True)
    amount_before = fields.Monetary(readonly=True, aggregator=None)
    amount_after = fields.Monetary(readonly=True, aggregator=None)
    reason = fields.Char("Why", readonly=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, default=lambda self: self.env.user)
    date = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now, index=True)

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The history of a credit account is not edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("The history of a credit account is not deleted."))
