"""Past orders as the scheme engine sees them, read in bulk: no record is made of an order or a line."""

from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from odoo.tools import SQL, groupby

from ..engine.facts import make_facts, make_line
from ..engine.values import maker
from .sale_order_facts import _nodes

#: orders read at a time
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class PastOrder:
    """A confirmed order: what of it decides on schemes, and the terms its free goods are priced on. Amounts are untaxed."""

    id: int
    confirmed_on: object
    day: date
    distributor: int
    distributor_class: int | None
    territory: int | None
    rate: float
    currency: int
    pricelist: int | None
    fiscal_position: int | None
    edition: int | None
    used: dict | None
    amount: float


make_order = maker(PastOrder)


class PastOrders:
    """The confirmed orders of a company whose schemes are those of some days, in the order of their confirmation.

    :param goods: :class:`.backtest_goods.BacktestGoods`
    """

    def __init__(self, company, date_from, date_to, goods):
        self.company, self.env = company, company.env
        self.goods, self.rounding = goods, company.currency_id.rounding
        self.domain = self._where(date_from, date_to)
        self.env.flush_all()
        self.paths, self.territories, self.tags, self.roundings = {}, {}, {}, {}
        self.line_count = 0

    def _day(self):
        """The day whose schemes count, see ``sale.order._dms_scheme_day``."""
        tz = self.company._dms_tz().zone
        return SQL("COALESCE(o.scheme_date, (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date)", tz)

    def _where(self, date_from, date_to):
        return SQL(
            "o.company_id = %s AND o.state = 'sale' AND o.distributor_id IS NOT NULL AND %s BETWEEN %s AND %s",
            self.company.id, self._day(), date_from, date_to,
        )  # fmt: skip

    def count(self):
        """(orders, lines bought) of the period."""
        query = (
            "SELECT COUNT(DISTINCT o.id), COUNT(l.id) FROM sale_order o LEFT JOIN sale_order_line l ON l.order_id = o.id AND %s WHERE %s"
        )
        return self.env.execute_query(SQL(query, self._bought(), self.domain))[0]

    def first_confirmed(self):
        """When the first of them was confirmed; None without any."""
        return self.env.execute_query(SQL("SELECT MIN(o.date_order) FROM sale_order o WHERE %s", self.domain))[0][0]

    def chunks(self):
        """Lists of ``(PastOrder, engine.Facts)``."""
        after = None
        while orders := self._read_orders(after):
            after = orders[-1].confirmed_on, orders[-1].id
            self._look_up(orders)
            lines = dict(self._read_lines([order.id for order in orders]))
            yield [(order, self._facts(order, lines.get(order.id, ()))) for order in orders]

    # ------------------------------------------------------------ orders

    def _read_orders(self, after):
        where = SQL("%s AND (o.date_order, o.id) > (%s, %s)", self.domain, *after) if after else self.domain
        query = SQL(
            """
            SELECT o.id, o.date_order, %s, o.distributor_id, o.dms_class_id, o.territory_id, COALESCE(o.currency_rate, 1)::float8,
                   o.currency_id, o.pricelist_id, o.fiscal_position_id, o.scheme_edition_id, o.scheme_used,
                   (o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))::float8
              FROM sale_order o WHERE %s ORDER BY o.date_order, o.id LIMIT %s
            """,
            self._day(), where, CHUNK,
        )  # fmt: skip
        return [make_order(*row) for row in self.env.execute_query(query)]

    def _look_up(self, orders):
        """Read territories, tags and currencies that are met for the first time."""
        territories = {order.territory for order in orders} - self.territories.keys() - {None}
        found = self.env["dms.territory"].sudo().browse(territories)  # plain values for the engine
        self.territories.update({territory.id: _nodes(territory.parent_path) for territory in found})
        for currency in self.env["res.currency"].browse({order.currency for order in orders} - self.roundings.keys()):
            self.roundings[currency.id] = currency.rounding
        distributors = {order.distributor for order in orders} - self.tags.keys()
        self.tags.update(dict.fromkeys(distributors, frozenset()))
        query = SQL(
            "SELECT partner_id, array_agg(category_id) FROM res_partner_res_partner_category_rel WHERE partner_id = ANY(%s) GROUP BY 1",
            list(distributors),
        )
        self.tags.update({partner: frozenset(tags) for partner, tags in self.env.execute_query(query)})

    def _facts(self, order, lines):
        return make_facts(
            lines=lines,
            day=order.day,
            distributor=order.distributor,
            distributor_class=order.distributor_class,
            territory=self.territories.get(order.territory, frozenset()),
            tags=self.tags[order.distributor],
            rate=order.rate,
            rounding=self.roundings[order.currency],
            company_rounding=self.rounding,
            used={},
            free=self.goods.of(order),
        )

    # ------------------------------------------------------------ lines

    @staticmethod
    def _bought():
        """As ``sale.order.line._dms_is_bought``."""
        return SQL("l.product_id IS NOT NULL AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE AND l.is_scheme_free IS NOT TRUE")

    def _qualifies(self):
        """As ``sale.order.line._dms_qualifies``; discounts of price lists that show them are looked at line by line."""
        conditions = [
            SQL("l.product_uom_qty > 0 AND t.type NOT IN ('service', 'combo') AND l.combo_item_id IS NULL"),
            SQL("COALESCE(l.extra_tax_data->>'computation_key', '') NOT LIKE 'global_discount,%%'"),
            SQL("round(l.technical_price_unit::numeric / c.rounding) = round(l.price_unit::numeric / c.rounding)"),
        ]
        if "is_delivery" in self.env["sale.order.line"]._fields:
            conditions.append(SQL("l.is_delivery IS NOT TRUE"))
        if not self._shows_discounts():
            conditions.append(SQL("round(COALESCE(l.discount, 0)::numeric, 2) = 0"))
        return SQL(" AND ").join(conditions)

    def _shows_discounts(self):
        return self.env["product.pricelist.item"]._is_discount_feature_enabled()

    def _lines_query(self, order_ids):
        """Lines bought. Columns: order, line, product, category, quantity in the product's own unit, value before schemes in
        units of the order's rounding, whether schemes count the line.

        The last is no condition of the query: the planner would take it for a rare one.
        """
        return SQL(
            """
            SELECT l.order_id, l.id, l.product_id, t.categ_id,
                   CASE WHEN l.product_uom_id = t.uom_id THEN l.product_uom_qty::float8
                        ELSE l.product_uom_qty::float8 * u.factor::float8 / own.factor::float8 END,
                   round((l.price_subtotal + COALESCE(l.scheme_discount, 0)) / c.rounding)::bigint, %s
              FROM unnest(%s::int[]) AS wanted (id)
              JOIN sale_order o ON o.id = wanted.id
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN res_currency c ON c.id = o.currency_id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom u ON u.id = l.product_uom_id
              JOIN uom_uom own ON own.id = t.uom_id
             WHERE %s
             ORDER BY l.order_id, l.sequence, l.id
            """,
            self._qualifies(), order_ids, self._bought(),
        )  # fmt: skip

    def _read_lines(self, order_ids):
        """``(order id, tuple of engine.Line)`` of each order that has any."""
        rows = self.env.execute_query(self._lines_query(order_ids))
        self.line_count += len(rows)
        if self._shows_discounts():
            rows = self._without_manual_discounts(rows)
        path_of = self._path_of(rows)
        for order_id, group in groupby(rows, itemgetter(0)):
            yield order_id, _lines(group, path_of)

    def _path_of(self, rows):
        missing = {row[3] for row in rows} - self.paths.keys()
        for category in self.env["product.category"].sudo().browse(missing):  # plain values for the engine
            self.paths[category.id] = _nodes(category.parent_path)
        return self.paths

    def _without_manual_discounts(self, rows):
        """Leave out lines whose discount is not what their price list shows."""
        lines = self.env["sale.order.line"].sudo().browse([row[1] for row in rows])  # the same rule as on the order
        lists = lines.order_id.pricelist_id.filtered(lambda pricelist: "percentage" in pricelist.item_ids.mapped("compute_price"))
        doubtful = lines.filtered(lambda line: line.discount or line.order_id.pricelist_id in lists)
        manual = {line.id for line in doubtful if line._dms_is_manually_priced(True)}
        return [row for row in rows if row[1] not in manual]


def _lines(rows, path_of):
    """The lines of an order, of what :meth:`PastOrders._lines_query` reads."""
    return tuple(
        [
            make_line(place, place, product, path_of[category], quantity, value, qualifies)
            for place, (_order, _line, product, category, quantity, value, qualifies) in enumerate(rows)
        ]
    )
