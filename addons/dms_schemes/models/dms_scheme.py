from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.dms_orders.engine.scope import within

from ..engine import Scheme

SCHEME_STATES = [("draft", "Draft"), ("approved", "Approved"), ("closed", "Closed")]


class DmsScheme(models.Model):
    """One version of a trade scheme: who gets what for buying what, and until when and how much."""

    _name = "dms.scheme"
    _description = "Trade Scheme"
    _inherit = ["mail.thread", "mail.activity.mixin", "dms.finite.numbers", "dms.own.company"]
    _order = "sequence, code, version desc, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, copy=False, tracking=True, help="The same for all versions of a scheme.")
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    previous_id = fields.Many2one("dms.scheme", "Previous Version", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    state = fields.Selection(SCHEME_STATES, default="draft", required=True, readonly=True, copy=False, index=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    description = fields.Html(translate=True, help="What the distributor reads about the scheme in its portal.")
    user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user, tracking=True)
    author_ids = fields.Many2many(
        "res.users", "dms_scheme_author_rel", "scheme_id", "user_id", "Authors", readonly=True, copy=False,
        help="Who wrote the scheme; none of them may approve it.",
    )  # fmt: skip
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)

    date_from = fields.Date(
        "From", default=lambda self: self.env.company._dms_today(), tracking=True, help="First day; empty for no beginning."
    )
    date_to = fields.Date("To", tracking=True, help="Last day, inclusive; empty for no end.")

    sequence = fields.Integer(default=10, help="Within a phase schemes take their turn in this order.")
    basis = fields.Selection(
        [("quantity", "Quantity"), ("amount", "Amount"), ("growth", "Growth")],
        default="quantity",
        required=True,
        help="What is compared with the thresholds. Quantities are in each product's own unit, amounts untaxed, "
        "growth in percent over a baseline (period schemes only).",
    )
    scope = fields.Selection(
        [("product", "Each product"), ("basket", "All products together"), ("period", "Purchases of a period")],
        default="product",
        required=True,
        help="What qualifies by itself: each product of an order, all of them together, or what is invoiced over the scheme's dates.",
    )
    mode = fields.Selection(
        [("whole", "Whole"), ("marginal", "Marginal")],
        default="whole",
        required=True,
        help="Whole: the reached slab's rate applies to everything. Marginal: each band at its own rate.",
    )
    timing = fields.Selection(
        [("on_invoice", "On invoice"), ("off_invoice", "Off invoice")],
        default="on_invoice",
        required=True,
        help="On invoice reduces the order itself; off invoice is accrued and settled later by a credit note.",
    )
    stacking = fields.Selection(
        [("stack", "Adds to others"), ("best_of_group", "Best of its group"), ("exclusive", "Exclusive")],
        default="stack",
        required=True,
        help="Exclusive: when it gives something, no later scheme touches those lines.",
    )
    group = fields.Char(help="Of the schemes of one group the one worth most to the distributor is given.")
    slab_ids = fields.One2many("dms.scheme.slab", "scheme_id", "Slabs", copy=True)

    # nothing that a scheme names is deleted: a list that lost its only entry would restrict nothing
    territory_ids = fields.Many2many("dms.territory", string="Territories", ondelete="restrict", help="With all territories below.")
    class_ids = fields.Many2many("dms.distributor.class", string="Classes", ondelete="restrict")
    distributor_ids = fields.Many2many(
        "res.partner", "dms_scheme_distributor_rel", "scheme_id", "partner_id", "Distributors",
        domain=[("is_distributor", "=", True)], ondelete="restrict",
    )  # fmt: skip
    tag_ids = fields.Many2many("res.partner.category", string="Tags", ondelete="restrict", help="Distributors with any of these tags.")
    product_ids = fields.Many2many("product.product", string="Products", ondelete="restrict")
    categ_ids = fields.Many2many("product.category", string="Categories", ondelete="restrict", help="With all categories below.")
    must_have_product_ids = fields.Many2many(
        "product.product", "dms_scheme_must_have_rel", "scheme_id", "product_id", "Must Have",
        ondelete="restrict", help="All of them must be ordered.",
    )  # fmt: skip
    min_distinct_products = fields.Integer(help="Least number of different products in the basket; 0 for any.")

    budget_amount = fields.Monetary("Budget", tracking=True, help="Over all versions, free goods at full price; 0 for none.")
    max_per_order = fields.Monetary(help="Most that one order gets; 0 for no limit.")
    max_per_distributor = fields.Monetary(help="Most that one distributor gets, over all versions; 0 for no limit.")

    application_ids = fields.One2many("dms.scheme.application", "scheme_id", "Benefits", readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code, version, company_id)", "A scheme with this code and version exists already.")
    _caps_positive = models.Constraint(
        "CHECK(budget_amount >= 0 AND max_per_order >= 0 AND max_per_distributor >= 0)", "A budget or cap cannot be negative."
    )

    @api.depends("name", "code", "version")
    def _compute_display_name(self):
        for scheme in self:
            scheme.display_name = f"[{scheme.code}] {scheme.name}" + (f" v{scheme.version}" if scheme.version > 1 else "")

    def _get_versions_domain(self):
        """Domain of all versions of these schemes' codes."""
        return Domain.OR(Domain("code", "=", scheme.code) & Domain("company_id", "=", scheme.company_id.id) for scheme in self)

    def _covers_product(self, product):
        """Whether the scheme is for this product: named, or of a category named or below one; without lists, every product."""
        if not self.product_ids and not self.categ_ids:
            return True
        return product in self.product_ids or within(product.categ_id.parent_path, frozenset(self.categ_ids.ids))

    # ------------------------------------------------------------ engine

    def _compile(self):
        """The scheme as the engine knows it.

        :rtype: engine.Scheme
        """
        self.ensure_one()
        self = self.with_context(active_test=False)  # who or what is archived stays named: an emptied list would restrict nothing
        return Scheme(
            id=self.id,
            code=self.code,
            version=self.version,
            slabs=tuple(slab._compile() for slab in self.slab_ids),
            sequence=self.sequence,
            basis=self.basis,
            scope=self.scope,
            mode=self.mode,
            timing=self.timing,
            stacking=self.stacking,
            group=self.group or "",
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            territories=frozenset(self.territory_ids.ids),
            classes=frozenset(self.class_ids.ids),
            distributors=frozenset(self.distributor_ids.ids),
            tags=frozenset(self.tag_ids.ids),
            products=frozenset(self.product_ids.ids),
            categories=frozenset(self.categ_ids.ids),
            must_have=frozenset(self.must_have_product_ids.ids),
            min_distinct=self.min_distinct_products,
            budget=self.budget_amount,
            max_per_order=self.max_per_order,
            max_per_distributor=self.max_per_distributor,
        )
