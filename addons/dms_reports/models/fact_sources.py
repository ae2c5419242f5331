"""Where facts come from: one query for each kind of document, and how they add up to rows.

Each source gives the day, the dimensions and the measures it knows of; what it does not name is nothing. ``source_id`` is the row
of the document. All of them read the documents of a *span*: a common table expression with one row for each company and stretch
of days, ``(company_id, date_from, date_to, start_at, end_at, tz, rounding)``; ``start_at`` and ``end_at`` are its bounds in UTC, the
end not included.
"""

from odoo.tools import SQL

from .dms_sales_measure import AMOUNTS, DIMENSIONS, MEASURES, QUANTITIES

#: the day of a moment, as the company's clock shows it
DAY = "(%s AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date"

#: a line of an order that counts: goods, no section, no advance
ORDER_LINE = "l.display_type IS NULL AND l.product_id IS NOT NULL AND l.is_downpayment IS NOT TRUE"
#: from the order's currency to the company's
ORDER_RATE = "COALESCE(NULLIF(o.currency_rate, 0), 1)"
#: what one unit of an order line is worth, in the order's currency and the line's unit
UNIT_VALUE = "CASE WHEN l.product_uom_qty <> 0 THEN l.price_subtotal / l.product_uom_qty ELSE COALESCE(l.dms_unit_value, 0) END"

ORDERED = f"""
    SELECT {DAY % "o.date_order"} AS date, o.company_id, o.distributor_id, o.territory_id, l.product_id, o.user_id, o.order_channel,
           l.product_uom_qty * lu.factor / pu.factor AS ordered_qty, l.price_subtotal / {ORDER_RATE} AS ordered_amount,
           l.id AS source_id
      FROM span s
      JOIN sale_order o ON o.company_id = s.company_id AND o.date_order >= s.start_at AND o.date_order < s.end_at
                       AND o.state = 'sale' AND o.distributor_id IS NOT NULL
      JOIN sale_order_line l ON l.order_id = o.id AND {ORDER_LINE} AND l.is_scheme_free IS NOT TRUE
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom pu ON pu.id = t.uom_id
      JOIN uom_uom lu ON lu.id = l.product_uom_id
"""

MOVED = f"""
    SELECT g.date, g.company_id, g.distributor_id, g.territory_id, g.product_id, g.user_id, g.order_channel,
           CASE WHEN g.leaves AND NOT g.free THEN g.quantity END AS delivered_qty,
           CASE WHEN g.leaves AND NOT g.free THEN g.amount END AS delivered_amount,
           CASE WHEN NOT g.leaves AND NOT g.free THEN g.quantity END AS returned_qty,
           CASE WHEN NOT g.leaves AND NOT g.free THEN g.amount END AS returned_amount,
           CASE WHEN g.free THEN CASE WHEN g.leaves THEN g.quantity ELSE -g.quantity END END AS free_qty,
           CASE WHEN g.free THEN CASE WHEN g.leaves THEN g.full_amount ELSE -g.full_amount END END AS free_amount,
           CASE WHEN g.free THEN CASE WHEN g.leaves THEN g.full_amount ELSE -g.full_amount END END AS scheme_cost,
           g.source_id
      FROM (
            SELECT {DAY % "m.date"} AS date, o.company_id, o.distributor_id, o.territory_id, m.product_id, o.user_id, o.order_channel,
                   m.quantity * mu.factor / pu.factor AS quantity,
                   m.quantity * mu.factor / lu.factor * ({UNIT_VALUE}) / {ORDER_RATE} AS amount,
                   m.quantity * mu.factor * COALESCE(gift.value / pu.factor, l.price_unit / lu.factor) / {ORDER_RATE} AS full_amount,
                   dest.usage = 'customer' AS leaves, COALESCE(l.is_scheme_free, FALSE) AS free,
                   m.id AS source_id
              FROM span s
              JOIN stock_move m ON m.company_id = s.company_id AND m.date >= s.start_at AND m.date < s.end_at
                               AND m.state = 'done' AND m.sale_line_id IS NOT NULL
              JOIN stock_location src ON src.id = m.location_id
              JOIN stock_location dest ON dest.id = m.location_dest_id AND (dest.usage = 'customer') <> (src.usage = 'customer')
              JOIN sale_order_line l ON l.id = m.sale_line_id
              JOIN sale_order o ON o.id = l.order_id AND o.distributor_id IS NOT NULL AND o.company_id = m.company_id
              JOIN product_product p ON p.id = m.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN uom_uom lu ON lu.id = l.product_uom_id
         LEFT JOIN LATERAL (
                    SELECT SUM(b.benefit_amount) / NULLIF(SUM(b.free_qty), 0) AS value FROM dms_scheme_application b
                     WHERE b.order_id = o.id AND b.free_product_id = m.product_id AND b.state = 'committed'
                   ) gift ON l.is_scheme_free
           ) g
"""

INVOICED = """
    SELECT i.date, i.company_id, i.distributor_id, i.territory_id, i.product_id, i.user_id, i.order_channel,
           CASE WHEN NOT i.credit THEN i.quantity END AS invoiced_qty,
           CASE WHEN NOT i.credit THEN -i.balance END AS invoiced_amount,
           CASE WHEN i.credit THEN i.quantity END AS credited_qty,
           CASE WHEN i.credit THEN i.balance END AS credited_amount,
           -i.balance AS net_amount, i.source_id
      FROM (
            SELECT a.invoice_date AS date, a.company_id, a.dms_distributor_id AS distributor_id,
                   CASE WHEN o.id IS NULL THEN a.dms_territory_id ELSE o.territory_id END AS territory_id,
                   l.product_id, CASE WHEN o.id IS NULL THEN a.invoice_user_id ELSE o.user_id END AS user_id, o.order_channel,
                   l.quantity * lu.factor / pu.factor AS quantity, l.balance, a.move_type = 'out_refund' AS credit,
                   l.id AS source_id
              FROM span s
              JOIN account_move a ON a.company_id = s.company_id AND a.invoice_date BETWEEN s.date_from AND s.date_to
                                 AND a.state = 'posted' AND a.move_type IN ('out_invoice', 'out_refund') AND a.dms_distributor_id IS NOT NULL
              JOIN account_move_line l ON l.move_id = a.id AND l.display_type = 'product' AND l.product_id IS NOT NULL
                                      AND l.is_downpayment IS NOT TRUE AND l.is_scheme_free IS NOT TRUE
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              JOIN uom_uom lu ON lu.id = COALESCE(l.product_uom_id, t.uom_id)
         LEFT JOIN LATERAL (
                    SELECT so.id, so.territory_id, so.user_id, so.order_channel
                      FROM sale_order_line_invoice_rel r
                      JOIN sale_order_line sl ON sl.id = r.order_line_id
                      JOIN sale_order so ON so.id = sl.order_id
                     WHERE r.invoice_line_id = l.id
                  ORDER BY sl.id LIMIT 1
                   ) o ON TRUE
           ) i
"""

SOLD_OUT = """
    SELECT g.date, g.company_id, g.distributor_id, g.recorded_territory_id AS territory_id, g.product_id,
           NULL::int AS user_id, NULL::varchar AS order_channel,
           -g.quantity AS sellout_qty, -g.quantity * COALESCE(g.price_unit, 0) AS sellout_amount, g.id AS source_id
      FROM span s
      JOIN dms_stock_ledger g ON g.company_id = s.company_id AND g.date BETWEEN s.date_from AND s.date_to AND g.flow = 'sellout'
"""

REDUCED = f"""
    SELECT {DAY % "o.date_order"} AS date, o.company_id, o.distributor_id, o.territory_id, l.product_id, o.user_id, o.order_channel,
           (part.amount - COALESCE(part.returned_amount, 0)) / {ORDER_RATE} AS scheme_cost, part.id AS source_id
      FROM span s
      JOIN sale_order o ON o.company_id = s.company_id AND o.date_order >= s.start_at AND o.date_order < s.end_at
                       AND o.state = 'sale' AND o.distributor_id IS NOT NULL
      JOIN dms_scheme_application b ON b.order_id = o.id AND b.state = 'committed' AND b.free_product_id IS NULL
      JOIN dms_scheme scheme ON scheme.id = b.scheme_id AND scheme.timing = 'on_invoice'
      JOIN dms_scheme_application_line part ON part.application_id = b.id
 LEFT JOIN sale_order_line l ON l.id = part.sale_line_id
"""

ACCRUED = """
    SELECT c.date_from AS date, c.company_id, c.distributor_id, c.territory_id, NULL::int AS product_id,
           NULL::int AS user_id, NULL::varchar AS order_channel, c.amount - COALESCE(c.released_amount, 0) AS scheme_cost,
           c.id AS source_id
      FROM span s
      JOIN dms_scheme_accrual c ON c.company_id = s.company_id AND c.date_from BETWEEN s.date_from AND s.date_to
"""

#: query and the measures it gives
SOURCES = (
    (ORDERED, ("ordered_qty", "ordered_amount")),
    (MOVED, ("delivered_qty", "delivered_amount", "returned_qty", "returned_amount", "free_qty", "free_amount", "scheme_cost")),
    (INVOICED, ("invoiced_qty", "invoiced_amount", "credited_qty", "credited_amount", "net_amount")),
    (SOLD_OUT, ("sellout_qty", "sellout_amount")),
    (REDUCED, ("scheme_cost",)),
    (ACCRUED, ("scheme_cost",)),
)
#: columns of a row of facts, in the order of the table
COLUMNS = ("id", "date", *DIMENSIONS, *MEASURES)


def key_id(*columns):
    """SQL text of the number of a row: made of its key, so that it stays the same however often the row is made.

    52 bits, since browsers count no further; two rows of one distributor and day do not share one.
    """
    text = " || '|' || ".join(f"COALESCE({column}::text, '')" for column in columns)
    return f"(hashtextextended({text}, 0) & 4503599627370495) + 1"


def facts_query(span, keys=None, distributors=None):
    """SQL of the rows of facts that the documents of a span add up to, with the columns ``COLUMNS``.

    Amounts are rounded once a row, as the company's currency rounds; a row of nothing but zeros is none.

    :param span: SQL of the span, see above
    :param keys: SQL of ``(company_id, distributor_id, date)`` to give the rows of; None for all
    :param distributors: ids of distributors to give the rows of; None for all
    """
    sources = SQL(" UNION ALL ").join(_source_query(text, given, keys, distributors) for text, given in SOURCES)
    dimensions = ", ".join(f"f.{name}" for name in ("date", *DIMENSIONS))
    quantities = [f"COALESCE(ROUND(SUM(f.{name}::numeric), 6), 0) AS {name}" for name in QUANTITIES]
    amounts = [f"COALESCE(ROUND(SUM(f.{name}::numeric) / MAX(c.rounding)) * MAX(c.rounding), 0) AS {name}" for name in AMOUNTS]
    measures = ", ".join(quantities + amounts)
    something = " OR ".join(f"row.{name} <> 0" for name in MEASURES)
    text = f"""
        SELECT {key_id(*(f"row.{name}" for name in ("date", *DIMENSIONS)))} AS id, row.*
          FROM (SELECT {dimensions}, {measures}
                  FROM (%(sources)s) f
                  JOIN (SELECT DISTINCT company_id, rounding FROM span) c ON c.company_id = f.company_id
              GROUP BY {dimensions}) row
         WHERE {something}
    """
    with_keys = SQL(", key AS MATERIALIZED (%s)", keys) if keys else SQL("")
    return SQL("WITH span AS MATERIALIZED (%s)%s %s", span, with_keys, SQL(text, sources=sources))  # pylint: disable=sql-injection


def _source_query(text, given, keys, distributors):
    """One source with all columns, of the distributors asked for."""
    measures = ", ".join(f"{f'd.{name}' if name in given else 'NULL'}::numeric AS {name}" for name in MEASURES)
    dimensions = ", ".join(f"d.{name}" for name in ("date", *DIMENSIONS))
    wanted = SQL("TRUE")
    if keys:
        wanted = SQL("(d.company_id, d.distributor_id, d.date) IN (SELECT company_id, distributor_id, date FROM key)")
    if distributors is not None:
        wanted = SQL("%s AND d.distributor_id = ANY(%s)", wanted, list(distributors))
    return SQL(f"SELECT {dimensions}, {measures} FROM ({text.replace('%', '%%')}) d WHERE %s", wanted)  # pylint: disable=sql-injection
