from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("under_review", "Under Review"),
    ("approved", "Approved"),
    ("settled", "Settled"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]


class DmsClaim(models.Model):
    """Money a distributor asks for without sending goods back: what it claims, what was calculated, what was approved."""

    _name = "dms.claim"
    _description = "Claim"
    _inherit = ["dms.case"]

    _open_fields = frozenset(
        {
            "distributor_id",
            "claim_type_id",
            "invoice_id",
            "picking_id",
            "scheme_id",
            "accrual_ids",
            "line_ids",
            "amount_claimed",
            "note",
            "reference",
        }
    )
    _balls = {"draft": "distributor", "submitted": "officer", "under_review": "officer", "approved": "finance"}

    state = fields.Selection(STATES, "Status", required=True, readonly=True, copy=False, default="draft", index=True, tracking=True)
    claim_type_id = fields.Many2one("dms.claim.type", required=True, index=True, ondelete="restrict", tracking=True)
    kind = fields.Selection(related="claim_type_id.kind", store=True, precompute=True)
    reference = fields.Char("Distributor's Reference", help="Number of the distributor's own debit note.")
    invoice_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", ondelete="restrict", check_company=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", index="btree_not_null", ondelete="restrict", check_company=True)
    scheme_id = fields.Many2one("dms.scheme", "Scheme", index="btree_not_null", ondelete="restrict", check_company=True)
    accrual_ids = fields.Many2many("dms.scheme.accrual", "dms_claim_accrual_rel", "claim_id", "accrual_id", "Accruals")
    line_ids = fields.One2many("dms.claim.line", "claim_id", "Lines", copy=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_claimed = fields.Monetary(
        "Claimed", compute="_compute_amount_claimed", store=True, readonly=False, tracking=True, help="Company currency, untaxed."
    )
    amount_calculated = fields.Monetary("Calculated", compute="_compute_amount_calculated", store=True, copy=False)
    amount_approved = fields.Monetary("Approved", copy=False, tracking=True)
    is_automatic = fields.Boolean("Approved without a Person", readonly=True, copy=False, groups="base.group_user")
    refund_id = fields.Many2one("account.move", "Credit Note", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")

    @api.depends("line_ids.amount_claimed")
    def _compute_amount_claimed(self):
        for claim in self:
            if claim.line_ids:
                claim.amount_claimed = sum(claim.line_ids.mapped("amount_claimed"))

    @api.depends("line_ids.amount_calculated")
    def _compute_amount_calculated(self):
        for claim in self:
            claim.amount_calculated = sum(claim.line_ids.mapped("amount_calculated"))

    def _get_evidence_types(self):
        return super()._get_evidence_types() | self.claim_type_id.evidence_type_ids

    def _needs_evidence(self):
        return super()._needs_evidence() or self.claim_type_id.evidence_required


class DmsClaimLine(models.Model):
    """One source the claim is about; a source is claimed once for one type, as long as the claim lives."""

    _name = "dms.claim.line"
    _description = "Claim Line"
    _inherit = ["dms.finite.numbers"]
    _order = "claim_id, sequence, id"

    claim_id = fields.Many2one("dms.claim", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="claim_id.company_id", store=True, precompute=True, index=True)
    distributor_id = fields.Many2one(related="claim_id.distributor_id", store=True, precompute=True, index=True)
    territory_id = fields.Many2one(related="claim_id.territory_id", groups="base.group_user")
    state = fields.Selection(related="claim_id.state", string="Status", store=True, precompute=True)
    claim_type_id = fields.Many2one(related="claim_id.claim_type_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Description")
    source_model = fields.Char(help="Model of the row that is claimed, such as an invoice line.")
    source_id = fields.Many2oneReference("Source", model_field="source_model")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot", index="btree_not_null", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", help="In the product's own unit.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_claimed = fields.Monetary("Claimed", help="Company currency, untaxed.")
    amount_calculated = fields.Monetary("Calculated", readonly=True, copy=False)
    amount_approved = fields.Monetary("Approved", copy=False)

    _source_once = models.UniqueIndex(
        "(claim_type_id, source_model, source_id) WHERE source_id IS NOT NULL AND state NOT IN ('rejected', 'cancelled')",
        "This was claimed before.",
    )
