from odoo import api, fields, models
from odoo.tools import SQL

from .fact_sources import ORDER_LINE, ORDER_RATE

#: ratio: figure, and what it is a part of
RATIOS = {
    "fill_rate": ("filled_qty", "ordered_qty"),
    "value_fill_rate": ("filled_amount", "ordered_amount"),
    "otif_rate": ("on_time_line_count", "due_line_count"),
}


class DmsDeliveryService(models.Model):
    """How well distributors are served: one row for each line of goods of a confirmed order.

    A line is due when the day promised for it is over: the delivery date agreed on, else the day of the order and the lead time
    of the line. It is on time in full when all of it had left by the end of that day. Days are those of the company's clock. What
    came back later was delivered all the same; free goods and services are left out, as they are from what was ordered.
    """

    _name = "dms.delivery.service"
    _description = "Service Level of Deliveries"
    _inherit = ["dms.sales.buyer"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "sale.order": [
            *("state", "distributor_id", "territory_id", "company_id", "date_order", "commitment_date", "user_id", "order_channel"),
            *("warehouse_id", "currency_rate"),
        ],
        "sale.order.line": [
            *("order_id", "product_id", "product_uom_qty", "product_uom_id", "price_subtotal", "customer_lead", "display_type"),
            *("is_downpayment", "is_scheme_free"),
        ],
        "stock.move": ["sale_line_id", "state", "date", "quantity", "product_uom", "location_id", "location_dest_id"],
        "res.partner": ["parent_distributor_id", "distributor_class_id", "tz"],
        "product.template": ["categ_id", "uom_id", "type"],
    }

    order_id = fields.Many2one("sale.order", readonly=True, aggregator="count_distinct", help="As a measure: orders.")
    sale_line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    promised_date = fields.Date("Promised For", readonly=True, help="Delivery date of the order, else its day and the line's lead time.")
    is_due = fields.Boolean("Due", readonly=True, help="The promised day is over.")
    is_on_time = fields.Boolean("On Time in Full", readonly=True, help="All of the line had left by the end of the promised day.")
    ordered_qty = fields.Float("Ordered Quantity", readonly=True, digits="Product Unit")
    delivered_qty = fields.Float("Delivered Quantity", readonly=True, digits="Product Unit")
    filled_qty = fields.Float("Filled Quantity", readonly=True, digits="Product Unit", help="Delivered, up to what was ordered.")
    ordered_amount = fields.Monetary("Ordered", readonly=True)
    filled_amount = fields.Monetary("Filled", readonly=True, help="Untaxed value of what was delivered, up to what was ordered.")
    line_count = fields.Integer("Lines", readonly=True)
    due_line_count = fields.Integer("Due Lines", readonly=True)
    on_time_line_count = fields.Integer("Lines on Time in Full", readonly=True, help="Of the lines that are due.")
    fill_rate = fields.Float(readonly=True, aggregator="avg", help="Filled of the ordered quantity.")
    value_fill_rate = fields.Float("Fill Rate by Value", readonly=True, aggregator="avg", help="Filled of the ordered amount.")
    otif_rate = fields.Float("OTIF", readonly=True, aggregator="avg", help="Lines on time in full, of the lines that are due.")

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        """SQL of all rows. Deliveries are looked up line by line, so that a filter on orders saves their deliveries."""
        columns, tables = self._get_columns(), self._get_tables()
        return SQL("SELECT %s FROM %s WHERE %s", columns, tables, SQL(f"{ORDER_LINE} AND l.is_scheme_free IS NOT TRUE"))  # pylint: disable=sql-injection

    @api.model
    def _get_columns(self):
        text = f"""
            l.id, day.ordered AS date, o.id AS order_id, l.id AS sale_line_id, o.company_id, company.currency_id, o.distributor_id,
            partner.parent_distributor_id, partner.distributor_class_id, o.territory_id, t.categ_id, l.product_id, o.user_id,
            o.order_channel, o.warehouse_id, day.promised AS promised_date, line.is_due, line.is_on_time,
            line.ordered AS ordered_qty, line.delivered AS delivered_qty, line.filled AS filled_qty,
            l.price_subtotal / {ORDER_RATE} AS ordered_amount,
            l.price_subtotal / {ORDER_RATE} * line.filled / line.ordered AS filled_amount,
            1 AS line_count, line.is_due::int AS due_line_count, (line.is_due AND line.is_on_time)::int AS on_time_line_count,
            line.filled / line.ordered AS fill_rate, line.filled / line.ordered AS value_fill_rate,
            CASE WHEN line.is_due THEN line.is_on_time::int::float8 END AS otif_rate,
            %s
        """
        return SQL(text, self.env["dms.sales.fact"]._get_level_columns())  # pylint: disable=sql-injection

    @api.model
    def _get_tables(self):
        return SQL(
            """
                 sale_order_line l
            JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale' AND o.distributor_id IS NOT NULL AND l.product_uom_qty > 0
            JOIN res_company company ON company.id = o.company_id
            JOIN res_partner office ON office.id = company.partner_id
            JOIN product_product p ON p.id = l.product_id
            JOIN product_template t ON t.id = p.product_tmpl_id AND t.type = 'consu'
            JOIN uom_uom pu ON pu.id = t.uom_id
            JOIN uom_uom lu ON lu.id = l.product_uom_id
       LEFT JOIN res_partner partner ON partner.id = o.distributor_id
       LEFT JOIN dms_territory territory ON territory.id = o.territory_id
      CROSS JOIN LATERAL (SELECT COALESCE(office.tz, 'UTC') AS name) tz
      CROSS JOIN LATERAL (
                  SELECT %(ordered)s AS ordered, %(promised)s AS promised, %(today)s AS today
                 ) day
      CROSS JOIN LATERAL (
                  SELECT COALESCE(SUM(moved.quantity), 0) AS quantity,
                         COALESCE(SUM(moved.quantity) FILTER (WHERE %(moved)s <= day.promised), 0) AS in_time
                    FROM stock_move m
              CROSS JOIN LATERAL (
                          SELECT m.quantity * CASE WHEN m.product_uom = t.uom_id THEN 1
                                                   ELSE (SELECT factor FROM uom_uom WHERE id = m.product_uom) / pu.factor END AS quantity
                         ) moved
                   WHERE m.sale_line_id = l.id AND m.state = 'done'
                     AND m.location_id <> ALL(%(customers)s) AND m.location_dest_id = ANY(%(customers)s)
                 ) done
      CROSS JOIN LATERAL (SELECT (l.product_uom_qty * lu.factor / pu.factor)::numeric AS quantity) asked
      CROSS JOIN LATERAL (
                  SELECT asked.quantity AS ordered, done.quantity AS delivered,
                         LEAST(done.quantity, asked.quantity) AS filled, day.promised < day.today AS is_due,
                         done.in_time >= asked.quantity - 0.000001 AS is_on_time
                 ) line
            """,
            ordered=self._get_day(SQL("o.date_order")),
            promised=self._get_day(SQL("COALESCE(o.commitment_date, o.date_order + COALESCE(l.customer_lead, 0) * interval '1 day')")),
            today=self._get_day(SQL("%s::timestamp", fields.Datetime.now())),
            moved=self._get_day(SQL("m.date")),
            customers=SQL("ARRAY(SELECT id FROM stock_location WHERE usage = 'customer')"),  # a few, asked for once and not for each move
        )

    @api.model
    def _get_day(self, moment):
        """SQL of the day of a moment, as the company's clock shows it."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE tz.name)::date", moment)

    @api.model
    def _get_group_figure(self, name, query):
        if name not in RATIOS:
            return super()._get_group_figure(name, query)
        part, whole = (self._get_sum(figure, query) for figure in RATIOS[name])
        return SQL("%s / NULLIF(%s, 0)::numeric", part, whole)

    @api.readonly
    def action_open_orders(self):
        """The orders of the rows."""
        self.check_access("read")
        orders = self.order_id
        action = {"type": "ir.actions.act_window", "name": self.env._("Orders"), "res_model": "sale.order"}
        if len(orders) == 1:
            return {**action, "views": [(False, "form")], "res_id": orders.id}
        return {**action, "views": [(False, "list"), (False, "form")], "domain": [("id", "in", orders.ids)]}
