from odoo import api, fields, models

KINDS = [
    ("transit_damage", "Transit Damage"),
    ("shortage", "Shortage at Receipt"),
    ("price_difference", "Price Difference"),
    ("price_protection", "Price Protection"),
    ("scheme", "Scheme"),
    ("spend", "Display or Other Spend"),
]


class DmsClaimType(models.Model):
    """What money is asked for, what proves it, how exactly it has to agree, and where it is booked."""

    _name = "dms.claim.type"
    _description = "Claim Type"
    _inherit = ["dms.finite.numbers", "dms.own.company"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, default="spend", help="How the amount is calculated.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty for all companies.")
    evidence_required = fields.Boolean("Evidence Needed")
    evidence_type_ids = fields.Many2many(
        "dms.evidence.type", string="Evidence", help="One file of each is needed; empty: any file will do."
    )
    window_days = fields.Integer("Window (days)", help="Days after the invoice or delivery, the last one included; 0 for no limit.")
    tolerance_amount = fields.Float(
        help="A claim is approved without a person where it differs from what was calculated by no more than this (company currency) ..."
    )
    tolerance_percent = fields.Float(help="... and by no more than this share of what was calculated.")
    account_id = fields.Many2one(
        "account.account", company_dependent=True, domain=[("account_type", "in", ("expense", "expense_direct_cost", "income", "income_other", "liability_current"))],
        help="Debited by the credit note; empty: the account of the invoice line.",
    )  # fmt: skip
    is_portal = fields.Boolean("In the Portal", default=True, help="Whether distributors may start such a claim themselves.")

    _code_uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "There is a claim type with this code already.")
    _tolerance_positive = models.Constraint(
        "CHECK(tolerance_amount >= 0 AND tolerance_percent BETWEEN 0 AND 100 AND window_days >= 0)",
        "A tolerance is no negative amount and at most 100 percent; a window no negative number of days.",
    )

    @api.model
    def _get_for(self, kind, company):
        """The first type of a kind that is in use, the company's own before those of all; empty where there is none."""
        types = self.sudo().search([("kind", "=", kind), ("company_id", "in", [False, company.id])])  # terms
        return types.sorted(lambda row: not row.company_id)[:1]
