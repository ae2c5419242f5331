from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import clean_context

from .dms_claim import DECISIONS
from .dms_guarded import MAX_ID

#: what makers write of a line while its claim is a draft
OPEN = frozenset({"sequence", "name", "source_model", "source_id", "product_id", "lot_id", "quantity", "amount_claimed"})
#: kinds of claims and the models of rows they may be about
SOURCES = {
    "shortage": ("stock.move.line", "account.move.line"),
    "transit_damage": ("stock.move.line", "account.move.line"),
    "price_difference": ("account.move.line",),
    "price_protection": ("dms.price.protection.item",),
    "scheme": ("dms.scheme.accrual",),
    "spend": ("account.move.line",),
}


class DmsClaimLine(models.Model):
    """One source the claim is about; a source is claimed once for one type, as long as the claim lives."""

    _name = "dms.claim.line"
    _description = "Claim Line"
    _inherit = ["dms.finite.numbers", "dms.known.ids"]
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
    source_id = fields.Many2oneReference(model_field="source_model")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", index="btree_not_null", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", help="In the product's own unit; 0: all there is to claim of the source.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_claimed = fields.Monetary("Claimed", help="Company currency, untaxed.")
    amount_calculated = fields.Monetary("Calculated", readonly=True, copy=False)
    amount_approved = fields.Monetary("Approved", copy=False)
    is_decided = fields.Boolean("Decided", copy=False, groups="base.group_user", help="Whether the approved amount was given, 0 included.")
    invoice_line_id = fields.Many2one(
        "account.move.line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user",
        help="What the credit note takes account and taxes from.",
    )  # fmt: skip
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    credit_item_ids = fields.One2many(
        "account.move.line", "dms_claim_line_id", "Credited", readonly=True, copy=False, groups="base.group_user"
    )
    counting_amount = fields.Monetary(
        "Counts for", compute="_compute_counting_amount", store=True, groups="base.group_user",
        help="What of the invoice this line takes: approved once decided, claimed before.",
    )  # fmt: skip

    _source_once = models.UniqueIndex(
        "(claim_type_id, source_model, source_id) WHERE source_id IS NOT NULL AND state NOT IN ('rejected', 'cancelled')",
        "This was claimed before.",
    )

    # ------------------------------------------------------------ computed

    @api.depends("invoice_line_id", "claim_id.invoice_id")
    def _compute_invoice_id(self):
        for line in self:
            line.invoice_id = line.invoice_line_id.move_id or line.claim_id.invoice_id

    @api.depends("state", "amount_claimed", "amount_approved")
    def _compute_counting_amount(self):
        for line in self:
            line.counting_amount = {
                "submitted": line.amount_claimed,
                "under_review": line.amount_claimed,
                "approved": line.amount_approved,
                "settled": line.amount_approved,
            }.get(line.state, 0.0)

    # ------------------------------------------------------------ constraints

    @api.constrains("amount_claimed", "amount_approved", "quantity")
    def _check_amounts(self):
        for line in self:
            carried = line.source_model == "dms.scheme.accrual"  # what was credited too much before is taken off
            if not carried and (line.amount_claimed < 0 or line.amount_approved < 0 or line.quantity < 0):
                raise ValidationError(self.env._("Nothing of a claim is negative."))
            if not carried and line.currency_id.compare_amounts(line.amount_approved, line.amount_claimed) > 0:
                raise ValidationError(self.env._("No more is approved than was claimed."))

    @api.constrains("source_model", "source_id", "claim_id")
    def _check_own_sources(self):
        """Rows of other distributors, of drafts, and those that do not exist look the same."""
        lines = self.sudo().filtered(lambda line: line.source_model or line.source_id)  # whose they are; nothing is shown
        sources = lines._map_sources()
        for line in lines:
            if not sources[line] or not line._is_own_source(sources[line]):
                raise ValidationError(
                    self.env._(
                        "%(claim)s: a line is nothing of %(distributor)s that can be claimed so.",
                        claim=line.claim_id.name,
                        distributor=line.distributor_id.name,
                    )
                )

    def _is_own_source(self, source):
        """Whether a row belongs to the claim's distributor and company, and stands as booked."""
        claim = self.claim_id
        if source._name == "stock.move.line":
            return source.picking_id in claim._filter_own_deliveries(source.picking_id) and source in source.picking_id._dms_leaving_lines()
        if source._name == "account.move.line":
            return source.display_type == "product" and source.move_id in claim._filter_own_invoices(source.move_id)
        return source.distributor_id == claim.distributor_id and source.company_id == claim.company_id

    # ------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        self._check_source_ids(vals_list)
        if not self.env.su:
            self._check_draft(vals_list)
        self._refuse_claimed(vals_list)
        lines = super(DmsClaimLine, self.with_env(self.env(context=clean_context(self.env.context)))).create(vals_list)
        lines.claim_id._with_full_rights()._calculate()
        lines._mark_items()
        return lines.with_env(self.env)

    def write(self, vals):
        self._check_source_ids([vals])
        if not self.env.su:
            self._check_may_write(vals)
        if {"source_model", "source_id"} & vals.keys():
            self._refuse_claimed([{"claim_id": line.claim_id.id, **line._get_source_values(), **vals} for line in self])
        if "amount_approved" in vals:
            vals = {"is_decided": True, **vals}
        result = super().write(vals)
        if {"source_model", "source_id", "quantity"} & vals.keys():
            self.claim_id._with_full_rights()._calculate()
        return result

    def _mark_items(self):
        """Stock that is claimed by hand is not claimed again by its price protection."""
        claims = {line.source_id: line.claim_id for line in self if line.source_model == "dms.price.protection.item"}
        for item in self.filtered(lambda line: line.source_id in claims)._get_sources("dms.price.protection.item"):
            item.claim_id = item.claim_id or claims[item.id]

    def _check_draft(self, vals_list):
        if any(vals.keys() - OPEN - {"claim_id"} for vals in vals_list):
            raise AccessError(self.env._("States and amounts follow from the buttons; they cannot be written directly."))
        claims = self.env["dms.claim"].browse({vals.get("claim_id") for vals in vals_list if vals.get("claim_id")})
        claims.check_access("write")
        claims._touch()  # who submits one meanwhile has not looked at these
        if any(claim.state != "draft" for claim in claims):
            raise UserError(self.env._("Only a draft is changed: cancel it and make a new one."))

    def _check_may_write(self, vals):
        if vals.keys() - OPEN - DECISIONS:
            raise AccessError(self.env._("States and amounts follow from the buttons; they cannot be written directly."))
        if vals.keys() & OPEN and any(line.state != "draft" for line in self):
            raise UserError(self.env._("Only a draft is changed: cancel it and make a new one."))
        if vals.keys() & DECISIONS:
            self.claim_id._check_may_decide()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(line.state != "draft" for line in self):
            raise UserError(self.env._("Only lines of a draft can be deleted."))

    # ------------------------------------------------------------ sources

    @api.model
    def _check_source_ids(self, vals_list):
        """Refuse what can be no row of a source, before the database sees it."""
        for vals in vals_list:
            source_id, model = vals.get("source_id"), vals.get("source_model")
            is_number = isinstance(source_id, int) and not isinstance(source_id, bool) and 0 < source_id <= MAX_ID
            if (source_id and not is_number) or (model and not isinstance(model, str)):
                raise UserError(self.env._("A line names no row that can be claimed."))

    def _get_source_values(self):
        return {"source_model": self.source_model, "source_id": self.source_id}

    def _get_sources(self, model):
        """Rows of ``model`` that these lines are about, with full rights: those that exist."""
        return self._get_known(model, {line.source_id for line in self if line.source_model == model})

    def _map_sources(self):
        """``{line: row}`` with full rights; nothing where the row is none that the kind of claim is about."""
        fit = self.filtered(lambda line: line.source_model in SOURCES[line.claim_id.kind])
        known = {}
        for model in set(fit.mapped("source_model")):
            known |= {(model, row.id): row for row in fit._get_sources(model)}
        return {line: known.get((line.source_model, line.source_id)) for line in self}

    @api.model
    def _refuse_claimed(self, vals_list):
        """Name the claim where a source was claimed before; of two at once the unique index refuses one.

        :raise UserError: naming the first claim
        """
        wanted = set()
        for vals in vals_list:
            if vals.get("source_id") and vals.get("source_model"):
                key = (vals.get("claim_id"), vals["source_model"], vals["source_id"])
                if key in wanted:
                    raise UserError(self.env._("A line is there twice."))
                wanted.add(key)
        claims = self.env["dms.claim"].sudo().browse({key[0] for key in wanted if key[0]})  # their types; nothing is shown
        types = {claim.id: claim.claim_type_id for claim in claims}
        for claim_type in set(types.values()):
            rows = {key[1:] for key in wanted if types.get(key[0]) == claim_type}
            first = self._find_claimed(claim_type, rows, self)
            if first:
                raise UserError(first._get_refusal())

    @api.model
    def _find_claimed(self, claim_type, rows, besides):
        """The first living line of a type about one of ``rows``, set of (model, id), that is none of ``besides``."""
        lines = self.sudo()  # other claims of the same rows: only their number is told
        for model in {model for model, _row in rows}:
            domain = [("claim_type_id", "=", claim_type.id), ("source_model", "=", model), ("id", "not in", besides.ids)]
            domain += [("source_id", "in", [row for name, row in rows if name == model]), ("state", "not in", ("rejected", "cancelled"))]
            if found := lines.search(domain, order="id", limit=1):
                return found
        return lines.browse()

    def _get_refusal(self):
        return self.env._(
            "%(what)s was claimed before, with %(claim)s.", what=self.name or self.claim_type_id.name, claim=self.claim_id.name
        )
