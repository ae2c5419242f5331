from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.dms_orders.models.sale_order import ORDER_CHANNELS

#: what a figure is told apart by, beside its day
DIMENSIONS = ("company_id", "distributor_id", "territory_id", "product_id", "user_id", "order_channel")
QUANTITIES = ("ordered_qty", "delivered_qty", "returned_qty", "invoiced_qty", "credited_qty", "free_qty", "sellout_qty")
AMOUNTS = (
    *("ordered_amount", "delivered_amount", "returned_amount", "invoiced_amount", "credited_amount", "net_amount"),
    *("free_amount", "sellout_amount", "scheme_cost"),
)
MEASURES = QUANTITIES + AMOUNTS
#: SQL of figures that no table has, of a row ``f``
DERIVED = "f.invoiced_qty - f.credited_qty AS net_qty"

#: levels of the territory tree, counted from the top, that figures can be grouped by
LEVELS = 4


class DmsSalesDimension(models.AbstractModel):
    """By what figures are told apart, in every model of figures."""

    _name = "dms.sales.dimension"
    _description = "Dimensions of Figures"
    _inherit = ["dms.grouped.figures"]

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    territory_id = fields.Many2one("dms.territory", readonly=True, help="That of the order, as it was then.")
    territory_1_id = fields.Many2one("dms.territory", "Territory, Level 1", readonly=True)
    territory_2_id = fields.Many2one("dms.territory", "Territory, Level 2", readonly=True)
    territory_3_id = fields.Many2one("dms.territory", "Territory, Level 3", readonly=True)
    territory_4_id = fields.Many2one("dms.territory", "Territory, Level 4", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    order_channel = fields.Selection(ORDER_CHANNELS, "Channel", readonly=True)
    is_mine = fields.Boolean("My Territories", compute="_compute_is_mine", search="_search_is_mine", help="Managed by the user, or below.")

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for row in self:
            row.is_mine = row in mine

    def _search_is_mine(self, operator, value):
        return self._get_mine_domain() if operator == "in" else NotImplemented

    @api.model
    def _get_mine_domain(self):
        return Domain("territory_id", "child_of", self.env.user.dms_territory_ids.ids)


class DmsSalesBuyer(models.AbstractModel):
    """The same, where figures are told apart by distributor."""

    _name = "dms.sales.buyer"
    _description = "Dimensions of Figures of Distributors"
    _inherit = ["dms.sales.dimension"]

    distributor_id = fields.Many2one("res.partner", readonly=True, aggregator="count_distinct", help="As a measure: active distributors.")
    parent_distributor_id = fields.Many2one("res.partner", readonly=True)
    distributor_class_id = fields.Many2one("dms.distributor.class", readonly=True)


class DmsSalesMeasure(models.AbstractModel):
    """What every model over the facts has beside its dimensions: the figures.

    Quantities are in the product's own unit. Amounts are untaxed, in the company's currency at the rate of their document, and
    positive magnitudes: what comes back stands in columns of its own. Bases are never mixed.
    """

    _name = "dms.sales.measure"
    _description = "Sales Figures"
    _inherit = ["dms.sales.dimension"]

    ordered_qty = fields.Float("Ordered Quantity", readonly=True, digits="Product Unit")
    ordered_amount = fields.Monetary(
        "Ordered", readonly=True, help="Untaxed value of confirmed orders as they stand, by the day of the order."
    )
    delivered_qty = fields.Float("Delivered Quantity", readonly=True, digits="Product Unit")
    delivered_amount = fields.Monetary("Delivered", readonly=True, help="Untaxed value of what left for distributors, by the day it left.")
    returned_qty = fields.Float("Returned Quantity", readonly=True, digits="Product Unit")
    returned_amount = fields.Monetary("Returned", readonly=True, help="Untaxed value of what came back, by the day it came.")
    invoiced_qty = fields.Float("Invoiced Quantity", readonly=True, digits="Product Unit")
    invoiced_amount = fields.Monetary("Invoiced", readonly=True, help="Untaxed value of posted invoices, by invoice date.")
    credited_qty = fields.Float("Credited Quantity", readonly=True, digits="Product Unit")
    credited_amount = fields.Monetary("Credited", readonly=True, help="Untaxed value of posted credit notes with a product, by their date.")
    net_qty = fields.Float("Net Quantity", readonly=True, digits="Product Unit", help="Invoiced less credited.")
    net_amount = fields.Monetary("Net Sales", readonly=True, help="Invoiced less credited.")
    free_qty = fields.Float("Free Quantity", readonly=True, digits="Product Unit", help="Free goods delivered, less those that came back.")
    free_amount = fields.Monetary("Free Goods", readonly=True, help="The same at full price.")
    sellout_qty = fields.Float("Sell-out Quantity", readonly=True, digits="Product Unit")
    sellout_amount = fields.Monetary("Sell-out", readonly=True, help="Sell-out at the price reported with it.")
    scheme_cost = fields.Monetary(
        readonly=True,
        help="What schemes took off orders (less what was taken back), free goods, and what was accrued (less what was released).",
    )


class DmsSalesFigure(models.AbstractModel):
    """The figures of distributors, and how many of them there are."""

    _name = "dms.sales.figure"
    _description = "Sales Figures of Distributors"
    _inherit = ["dms.sales.buyer", "dms.sales.measure"]

    distributor_count = fields.Integer(
        "Active Distributors", compute="_compute_counts", aggregator="count_distinct", help="Distributors who ordered."
    )

    #: figures of groups: how many different of what ordered something
    _counts = {"distributor_count": "distributor_id"}

    @api.depends("ordered_amount")
    def _compute_counts(self):
        for row in self:
            for name in self._counts:
                row[name] = row.ordered_amount > 0

    @api.model
    def _get_group_figure(self, name, query):
        if name not in self._counts:
            return super()._get_group_figure(name, query)
        counted, ordered = (self._field_to_sql(self._table, field, query) for field in (self._counts[name], "ordered_amount"))
        return SQL("COUNT(DISTINCT %s) FILTER (WHERE %s > 0)", counted, ordered)
