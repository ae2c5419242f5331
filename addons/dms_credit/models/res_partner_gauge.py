from odoo import api, fields, models

READER = "dms_credit.group_credit_reader"


class ResPartner(models.Model):
    """The credit of a distributor on its contact form, for those who may see credit."""

    _inherit = "res.partner"

    credit_account_id = fields.Many2one(
        "dms.credit.account", compute="_compute_credit_account_id", groups=READER, help="Account in the company at work."
    )
    credit_has_limit = fields.Boolean(compute="_compute_credit_used", groups=READER)
    credit_used_percent = fields.Float("Credit Used (%)", compute="_compute_credit_used", groups=READER, aggregator=None)

    @api.depends("credit_account_ids")
    @api.depends_context("company", "uid")
    def _compute_credit_account_id(self):
        domain = [("partner_id", "in", self._origin.ids), ("company_id", "=", self.env.company.id)]
        by_partner = {account.partner_id: account for account in self.env["dms.credit.account"].search(domain)}
        for partner in self:
            partner.credit_account_id = by_partner.get(partner._origin)

    @api.depends("credit_account_id")
    @api.depends_context("company", "uid")
    def _compute_credit_used(self):
        for partner in self:
            account = partner.credit_account_id
            partner.credit_has_limit = account.has_limit
            partner.credit_used_percent = account.used_percent

    def action_open_credit_account(self):
        """Open the distributor's credit account in the company at work."""
        self.ensure_one()
        self.check_access("read")
        return self.credit_account_id._action_open_form()
