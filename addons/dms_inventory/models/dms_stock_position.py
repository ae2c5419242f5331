from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import cover

STATUSES = [
    ("out", "Out of Stock"),
    ("low", "Low"),
    ("ok", "OK"),
    ("over", "Overstock"),
    ("dead", "No Sell-out"),
]
#: positions that may need something: with a norm to fill up to, of what is sold
MAY_NEED = Domain("max_days", ">", 0) & Domain("avg_daily_sellout", ">", 0)
#: orders whose undelivered goods count as on order
OPEN_STATES = ("submitted", "on_hold", "confirmed", "partially_delivered")


class DmsStockPosition(models.Model):
    """Where a distributor stands with a product: on hand, on the way, how long it lasts, how that compares with the norm.

    Kept by :meth:`_refresh` (`dms_stock_position_refresh.py`) as documents post, never by hand. What is on order, and with it
    the suggested quantity, is read when asked for: orders change more often than anybody looks.
    """

    _name = "dms.stock.position"
    _description = "Stock Position of a Distributor"
    _order = "id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index=True, groups="base.group_user")
    distributor_class_id = fields.Many2one(related="distributor_id.distributor_class_id", store=True, groups="base.group_user")
    categ_id = fields.Many2one(related="product_id.categ_id", store=True, index=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    on_hand_qty = fields.Float("On Hand", readonly=True, digits="Product Unit", help="Sum of the ledger, in the product's own unit.")
    in_transit_qty = fields.Float("In Transit", readonly=True, digits="Product Unit", help="Delivered, receipt not confirmed yet.")
    sold_qty = fields.Float("Sold Lately", readonly=True, digits="Product Unit", help="Sell-out of the days the average looks at.")
    stock_days = fields.Integer("Days with Stock", readonly=True, aggregator=None, help="Of the days the average looks at.")
    avg_daily_sellout = fields.Float(
        "Sold per Day", readonly=True, digits=(16, 3), help="Sell-out of the last days over those of them with stock."
    )
    days_cover = fields.Float(
        "Cover (days)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="On hand and in transit over the average; empty without sell-out.",
    )
    status = fields.Selection(STATUSES, readonly=True, required=True, index=True)
    status_since = fields.Date("Since", readonly=True, help="Day on which the position came into its status.")
    min_days = fields.Float("Least Cover", readonly=True, aggregator=None)
    max_days = fields.Float("Most Cover", readonly=True, aggregator=None)
    last_sellout_date = fields.Date("Last Sell-out", readonly=True)
    last_count_date = fields.Date("Last Count", readonly=True)
    computed_on = fields.Date("As of", readonly=True, help="Averages, cover and status look back from this day.")
    target_qty = fields.Float(
        "Norm Quantity", compute="_compute_suggested_qty", compute_sudo=True, digits="Product Unit", help="Most cover x average."
    )
    open_order_qty = fields.Float(
        "On Order",
        compute="_compute_suggested_qty",
        compute_sudo=True,
        digits="Product Unit",
        help="Undelivered quantity of submitted and confirmed orders.",
    )
    suggested_qty = fields.Float(
        "Suggested",
        compute="_compute_suggested_qty",
        compute_sudo=True,
        search="_search_suggested_qty",
        digits="Product Unit",
        help="Norm quantity less on hand, in transit and on order, up to the product's multiple and minimum.",
    )

    _position_uniq = models.Constraint("UNIQUE(distributor_id, product_id, company_id)", "There is a position for this already.")

    @api.depends("avg_daily_sellout", "max_days", "on_hand_qty", "in_transit_qty")
    def _compute_suggested_qty(self):
        on_order = self._get_open_order_quantities()
        for position in self:
            position.target_qty = cover.target(position.avg_daily_sellout, position.max_days)
            position.open_order_qty = on_order.get((position.company_id.id, position.distributor_id.id, position.product_id.id), 0.0)
            position.suggested_qty = position._suggest()

    def _suggest(self):
        product = self.product_id
        there = self.on_hand_qty + self.in_transit_qty + self.open_order_qty
        return cover.suggested(self.target_qty, there, product.order_multiple, product.order_min_qty, product._dms_quantity_step())

    def _get_open_order_quantities(self):
        """``{(company id, distributor id, product id): quantity}`` ordered and not delivered, in the products' own units."""
        if not self:
            return {}
        query = self._get_open_order_query(self.distributor_id.ids, self.product_id.ids)
        return {tuple(key): quantity for *key, quantity in self.env.execute_query(query)}

    @api.model
    def _get_open_order_query(self, distributor_ids, product_ids):
        """SQL of ``(company_id, distributor_id, product_id, quantity)`` ordered and not delivered, in the products' own units."""
        lines = self.env["sale.order.line"]
        lines.flush_model(["product_id", "product_uom_id", "product_uom_qty", "qty_delivered", "order_id", "display_type"])
        self.env["sale.order"].flush_model(["distributor_id", "dms_state", "company_id"])
        return SQL(
            """
            SELECT o.company_id, o.distributor_id, l.product_id,
                   SUM(GREATEST(l.product_uom_qty - l.qty_delivered, 0) * lu.factor / pu.factor)::float8 AS quantity
              FROM sale_order o
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN uom_uom lu ON lu.id = l.product_uom_id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
             WHERE o.distributor_id = ANY(%s) AND o.dms_state = ANY(%s) AND l.product_id = ANY(%s)
          GROUP BY o.company_id, o.distributor_id, l.product_id
            """,
            distributor_ids,
            list(OPEN_STATES),
            product_ids,
        )

    def _search_suggested_qty(self, operator, value):
        compare = {
            ">": lambda qty: qty > value,
            ">=": lambda qty: qty >= value,
            "<": lambda qty: qty < value,
            "<=": lambda qty: qty <= value,
        }
        if operator not in compare or not isinstance(value, int | float):
            return NotImplemented
        wanted = self.search(MAY_NEED)
        found = wanted.filtered(lambda position: compare[operator](position.suggested_qty))
        return Domain("id", "in", found.ids) | (Domain("id", "not in", wanted.ids) if compare[operator](0.0) else Domain.FALSE)

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand()
        return super().write(vals)

    def _refuse_by_hand(self):
        if not self.env.su:
            raise UserError(self.env._("Positions are kept by the documents of stock, not by hand."))

    def action_open_ledger(self):
        """The rows behind what is on hand."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_ledger")
        action["domain"] = [
            ("company_id", "=", self.company_id.id),
            ("distributor_id", "=", self.distributor_id.id),
            ("product_id", "=", self.product_id.id),
        ]
        return action | {"context": {}}
