from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from .dms_claim import OFFICER

STATES = [("draft", "Draft"), ("computed", "Computed"), ("done", "Done"), ("cancelled", "Cancelled")]


class DmsPriceProtection(models.Model):
    """A price list drops: what it took off the stock that its distributors held is computed, and drafted as claims, once.

    Prices are in `dms.price.protection.line`, what each distributor held and gets in `dms.price.protection.item`; the computation
    is in `_compute`, the claims in `_claims`.
    """

    _name = "dms.price.protection"
    _description = "Price Protection"
    _inherit = ["mail.thread", "mail.activity.mixin", "dms.finite.numbers", "dms.guarded", "dms.own.company"]
    _order = "date desc, id desc"
    _check_company_auto = True

    #: fields people write while it is a draft; all else follows from the buttons
    _open_fields = frozenset({"company_id", "pricelist_id", "date", "claim_type_id", "lookback_days", "line_ids", "note"})

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    state = fields.Selection(STATES, "Status", required=True, readonly=True, copy=False, default="draft", index=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty for all.",
    )
    date = fields.Date(
        "First Day of the New Prices", required=True, default=lambda self: self.env.company._dms_today(), tracking=True,
        help="What distributors held at the end of the day before is protected.",
    )  # fmt: skip
    claim_type_id = fields.Many2one(
        "dms.claim.type", required=True, ondelete="restrict", domain=[("kind", "=", "price_protection")],
        default=lambda self: self.env["dms.claim.type"]._get_for("price_protection", self.env.company),
    )  # fmt: skip
    lookback_days = fields.Integer(
        "Look Back (days)",
        tracking=True,
        help="Only goods received so many days before the drop, the first one included; 0 for all that was held.",
    )
    note = fields.Text("Remark")
    line_ids = fields.One2many("dms.price.protection.line", "protection_id", "Prices", copy=True)
    item_ids = fields.One2many("dms.price.protection.item", "protection_id", "Stock Held", readonly=True)
    is_requested = fields.Boolean("Claims Asked For", readonly=True, copy=False)
    distributor_count = fields.Integer("Distributors", compute="_compute_totals")
    claim_count = fields.Integer("Claims", compute="_compute_totals")
    amount = fields.Monetary("Protected Amount", compute="_compute_totals", help="Company currency, untaxed.")

    _lookback_positive = models.Constraint(
        "CHECK(lookback_days BETWEEN 0 AND 3650)", "Look back no negative number of days, and ten years at most."
    )

    def _compute_totals(self):
        totals = {
            protection: values
            for protection, *values in self.env["dms.price.protection.item"]._read_group(
                [("protection_id", "in", self.ids)],
                ["protection_id"],
                ["distributor_id:count_distinct", "claim_id:count_distinct", "amount:sum"],
            )
        }
        for protection in self:
            found = totals.get(protection, (0, 0, 0.0))
            protection.distributor_count, protection.claim_count, protection.amount = found

    @api.constrains("claim_type_id", "company_id")
    def _check_claim_type(self):
        for protection in self:
            terms = protection.claim_type_id
            if terms.kind != "price_protection" or (terms.company_id or protection.company_id) != protection.company_id:
                raise UserError(self.env._("Choose a type of claim for price protection."))

    # ------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_own_fields(vals, self._open_fields)
        self._give_numbers(vals_list)
        clean = self.with_env(self.env(context=clean_context(self.env.context)))
        return super(DmsPriceProtection, clean).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._refuse_own_fields(vals, self._open_fields)
        if not self.env.su and self._open_fields & vals.keys() and any(protection.state != "draft" for protection in self):
            raise UserError(self.env._("Only a draft is changed: cancel it and make a new one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_computed(self):
        if any(protection.state != "draft" for protection in self):
            raise UserError(self.env._("Only a draft can be deleted; cancel what has been computed."))

    # ------------------------------------------------------------ life

    def action_cancel(self):
        """Cancel protections and the drafts of their claims; what was submitted stops it."""
        protections = self._start(("draft", "computed", "done"), ("cancelled",))
        claims = protections.item_ids.claim_id
        if sent := claims.filtered(lambda claim: claim.state not in ("draft", "rejected", "cancelled")):
            raise UserError(self.env._("%(claim)s was submitted: decide on it first.", claim=sent[0].name))
        protections.write({"state": "cancelled", "is_requested": False})
        protections.item_ids.write({"is_live": False})
        drafts = claims.filtered(lambda claim: claim.state == "draft")
        if drafts:
            drafts._enter("cancelled")
        return True

    def _start(self, first, done):
        """The protections in one of the states ``first``, locked, with full rights, for claims officers; those in ``done`` are left alone."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Price protection is run by claims officers."))
        self._lock_documents()
        for protection in self:
            if protection.state not in first + done:
                raise UserError(self.env._("%(name)s: this cannot be done in its status.", name=protection.name))
        return self.filtered(lambda protection: protection.state in first)._with_full_rights()

    def action_view_claims(self):
        """The claims made of it."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claims"),
            "res_model": "dms.claim",
            "view_mode": "list,form",
            "domain": [("id", "in", self.item_ids.claim_id.ids)],
        }

    def action_view_items(self):
        """What each distributor held, and gets."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock Held"),
            "res_model": "dms.price.protection.item",
            "view_mode": "list,pivot",
            "domain": [("protection_id", "in", self.ids)],
        }


class DmsPriceProtectionLine(models.Model):
    """A product whose price dropped on a price list; company currency, untaxed, of one unit of the product's own."""

    _name = "dms.price.protection.line"
    _description = "Price That Dropped"
    _inherit = ["dms.finite.numbers"]
    _order = "protection_id, pricelist_id, product_id, id"

    protection_id = fields.Many2one("dms.price.protection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="protection_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        compute="_compute_pricelist_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    old_price = fields.Float(required=True, min_display_digits="Product Price", aggregator=None)
    new_price = fields.Float(required=True, min_display_digits="Product Price", aggregator=None)
    drop = fields.Float(compute="_compute_drop", store=True, precompute=True, min_display_digits="Product Price", aggregator=None)

    _once = models.Constraint("UNIQUE(protection_id, pricelist_id, product_id)", "The price of this product is there already.")
    _prices_positive = models.Constraint("CHECK(old_price >= 0 AND new_price >= 0)", "A price is no negative amount.")

    @api.depends("protection_id")
    def _compute_pricelist_id(self):
        for line in self:
            line.pricelist_id = line.pricelist_id or line.protection_id.pricelist_id

    @api.depends("old_price", "new_price")
    def _compute_drop(self):
        for line in self:
            line.drop = max(line.old_price - line.new_price, 0.0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_prices(vals)
        lines = super(DmsPriceProtectionLine, self.with_env(self.env(context=clean_context(self.env.context)))).create(vals_list)
        lines._check_draft()
        return lines.with_env(self.env)

    def write(self, vals):
        self._check_draft()
        self._check_prices(vals)
        result = super().write(vals)
        self._check_draft()  # where it was moved to
        return result

    @api.model
    def _check_prices(self, vals):
        """Refuse prices below zero with a sentence, before the database does."""
        if any((vals.get(name) or 0.0) < 0 for name in ("old_price", "new_price")):
            raise UserError(self.env._("A price is no negative amount."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_computed(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su and any(line.protection_id.state != "draft" for line in self):
            raise UserError(self.env._("Prices are changed while the protection is a draft."))


class DmsPriceProtectionItem(models.Model):
    """What one distributor held of one product, newest receipts first, and what the drop took off it.

    Rows are written by the computation alone. A distributor is protected once for a product and day, whatever is run how often.
    """

    _name = "dms.price.protection.item"
    _description = "Protected Stock"
    _order = "protection_id, distributor_id, product_id, id"
    _rec_name = "product_id"

    protection_id = fields.Many2one("dms.price.protection", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    territory_id = fields.Many2one(related="distributor_id.territory_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    date = fields.Date("First Day of the New Prices", required=True, readonly=True)
    quantity = fields.Float("Held", readonly=True, digits="Product Unit", help="In the product's own unit, as far as it is protected.")
    price_paid = fields.Float(
        readonly=True,
        min_display_digits="Product Price",
        aggregator=None,
        help="On average: invoiced, else ordered at, else by the price list; untaxed.",
    )
    new_price = fields.Float(readonly=True, min_display_digits="Product Price", aggregator=None)
    drop = fields.Float(
        readonly=True, min_display_digits="Product Price", aggregator=None,
        help="Of one unit, on average: what the price list dropped by, and of each receipt no more than was paid above the new price.",
    )  # fmt: skip
    amount = fields.Monetary(readonly=True)
    claim_id = fields.Many2one("dms.claim", readonly=True, index="btree_not_null", ondelete="restrict")
    is_live = fields.Boolean(readonly=True)

    _once = models.UniqueIndex("(protection_id, distributor_id, product_id)", "This stock is protected already.")
    _paid_once = models.UniqueIndex(
        "(company_id, distributor_id, product_id, date) WHERE is_live", "The stock of this product is protected for this day already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.claim_id:
            raise UserError(self.env._("Claims were made of this: cancel them first."))
