from odoo import api, fields, models


class DmsClaimTier(models.Model):
    """Who may approve claims up to which amount; above the highest tier, claims managers do."""

    _name = "dms.claim.tier"
    _description = "Approval Tier of Claims"
    _inherit = ["dms.finite.numbers", "dms.own.company"]
    _order = "amount, id"
    _rec_name = "group_id"

    amount = fields.Float("Up To", required=True, help="Approved amount in company currency, untaxed.")
    group_id = fields.Many2one("res.groups", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)

    _amount_positive = models.Constraint("CHECK(amount >= 0)", "A tier is no negative amount.")

    @api.model
    def _get_authority(self, company, user):
        """Up to which amount (company currency, untaxed) ``user`` approves a claim; None for any.

        Claims managers approve any amount, and every officer does where the company has no tiers.
        """
        tiers = self.sudo().search([("company_id", "=", company.id)])  # the matrix, to judge by
        if not tiers or user.has_group("dms_returns.group_claims_manager"):
            return None
        own = tiers.filtered(lambda tier: tier.group_id in user.sudo().all_group_ids)  # the user's own groups
        return max(own.mapped("amount"), default=0.0)
