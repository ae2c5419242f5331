"""What the documents of a company add up to, day by day: the other side of the tie-out, written without the facts in mind.

Each query gives ``(distributor_id, date, qty, amount)`` of documents, quantities in the product's own unit, amounts in company
currency, not rounded. ``%(company)s`` is the company, ``%(tz)s`` its time zone.
"""

ORDERS = """
    SELECT so.distributor_id, (so.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS date,
           sol.product_uom_qty * line_uom.factor / own_uom.factor AS qty,
           sol.price_subtotal / CASE COALESCE(so.currency_rate, 0) WHEN 0 THEN 1 ELSE so.currency_rate END AS amount
      FROM sale_order_line sol
      JOIN sale_order so ON so.id = sol.order_id
      JOIN product_product pp ON pp.id = sol.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN uom_uom line_uom ON line_uom.id = sol.product_uom_id
      JOIN uom_uom own_uom ON own_uom.id = pt.uom_id
     WHERE so.state = 'sale' AND so.distributor_id IS NOT NULL AND so.company_id = %(company)s AND sol.display_type IS NULL
       AND NOT COALESCE(sol.is_downpayment, FALSE) AND NOT COALESCE(sol.is_scheme_free, FALSE)
"""

TRANSFERS = """
    SELECT so.distributor_id, (sm.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS date, {sign} * sm.product_qty_done AS qty,
           {sign} * sm.product_qty_done * CASE WHEN sol.product_uom_qty = 0 THEN COALESCE(sol.dms_unit_value, 0)
                                               ELSE sol.price_subtotal / sol.product_uom_qty END
                  * own_factor / line_uom.factor / CASE COALESCE(so.currency_rate, 0) WHEN 0 THEN 1 ELSE so.currency_rate END AS amount
      FROM (SELECT m.sale_line_id, m.date, m.quantity * mu.factor / pu.factor AS product_qty_done, pu.factor AS own_factor,
                   from_place.usage AS left_from, to_place.usage AS came_to
              FROM stock_move m
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN product_product pp ON pp.id = m.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom pu ON pu.id = pt.uom_id
              JOIN stock_location from_place ON from_place.id = m.location_id
              JOIN stock_location to_place ON to_place.id = m.location_dest_id
             WHERE m.state = 'done' AND m.company_id = %(company)s) sm
      JOIN sale_order_line sol ON sol.id = sm.sale_line_id
      JOIN sale_order so ON so.id = sol.order_id AND so.company_id = %(company)s
      JOIN uom_uom line_uom ON line_uom.id = sol.product_uom_id
     WHERE so.distributor_id IS NOT NULL AND {where}
"""
OUT = "sm.came_to = 'customer' AND sm.left_from <> 'customer'"
BACK = "sm.left_from = 'customer' AND sm.came_to <> 'customer'"
PAID, FREE = "NOT COALESCE(sol.is_scheme_free, FALSE)", "sol.is_scheme_free"

#: free goods are worth what the benefit ledger says they are
GIFTS = """
    SELECT distributor_id, date, qty, qty * value AS amount
      FROM (SELECT so.distributor_id, (m.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS date,
                   CASE WHEN to_place.usage = 'customer' THEN 1 ELSE -1 END * m.quantity * mu.factor / pu.factor AS qty,
                   COALESCE(
                       (SELECT SUM(benefit.benefit_amount) / SUM(benefit.free_qty) FROM dms_scheme_application benefit
                         WHERE benefit.order_id = so.id AND benefit.free_product_id = m.product_id AND benefit.state = 'committed'),
                       sol.price_unit * pu.factor / line_uom.factor
                   ) / CASE COALESCE(so.currency_rate, 0) WHEN 0 THEN 1 ELSE so.currency_rate END AS value
              FROM stock_move m
              JOIN sale_order_line sol ON sol.id = m.sale_line_id AND sol.is_scheme_free
              JOIN sale_order so ON so.id = sol.order_id AND so.distributor_id IS NOT NULL AND so.company_id = %(company)s
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN uom_uom line_uom ON line_uom.id = sol.product_uom_id
              JOIN product_product pp ON pp.id = m.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom pu ON pu.id = pt.uom_id
              JOIN stock_location from_place ON from_place.id = m.location_id
              JOIN stock_location to_place ON to_place.id = m.location_dest_id
             WHERE m.state = 'done' AND m.company_id = %(company)s AND (from_place.usage = 'customer') <> (to_place.usage = 'customer')) gift
"""

ITEMS = """
    SELECT move.dms_distributor_id AS distributor_id, move.invoice_date AS date, {qty} AS qty, {sign} * item.balance AS amount
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN product_product pp ON pp.id = item.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN uom_uom own_uom ON own_uom.id = pt.uom_id
 LEFT JOIN uom_uom item_uom ON item_uom.id = item.product_uom_id
     WHERE move.state = 'posted' AND move.move_type IN ({types}) AND move.dms_distributor_id IS NOT NULL AND move.company_id = %(company)s
       AND item.display_type = 'product' AND NOT COALESCE(item.is_downpayment, FALSE) AND NOT COALESCE(item.is_scheme_free, FALSE)
"""
ITEM_QTY = "item.quantity * COALESCE(item_uom.factor / own_uom.factor, 1)"

SELLOUT = """
    SELECT ledger.distributor_id, ledger.date, -ledger.quantity AS qty, -ledger.quantity * ledger.price_unit AS amount
      FROM dms_stock_ledger ledger
     WHERE ledger.flow = 'sellout' AND ledger.company_id = %(company)s
"""

BENEFITS = """
    SELECT so.distributor_id, (so.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS date, 0 AS qty,
           (part.amount - COALESCE(part.returned_amount, 0)) / CASE COALESCE(so.currency_rate, 0) WHEN 0 THEN 1 ELSE so.currency_rate END AS amount
      FROM dms_scheme_application_line part
      JOIN dms_scheme_application benefit ON benefit.id = part.application_id
      JOIN dms_scheme scheme ON scheme.id = benefit.scheme_id
      JOIN sale_order so ON so.id = benefit.order_id
     WHERE so.state = 'sale' AND so.distributor_id IS NOT NULL AND so.company_id = %(company)s
       AND benefit.state = 'committed' AND benefit.free_product_id IS NULL AND scheme.timing = 'on_invoice'
     UNION ALL
    SELECT accrual.distributor_id, accrual.date_from, 0, accrual.amount - COALESCE(accrual.released_amount, 0)
      FROM dms_scheme_accrual accrual WHERE accrual.company_id = %(company)s
"""

#: basis: (query, measure of its quantity if it has one, measure of its amount)
BASES = {
    "ordered": (ORDERS, "ordered_qty", "ordered_amount"),
    "delivered": (TRANSFERS.format(sign=1, where=f"{OUT} AND {PAID}"), "delivered_qty", "delivered_amount"),
    "returned": (TRANSFERS.format(sign=1, where=f"{BACK} AND {PAID}"), "returned_qty", "returned_amount"),
    "invoiced": (ITEMS.format(sign=-1, qty=ITEM_QTY, types="'out_invoice'"), "invoiced_qty", "invoiced_amount"),
    "credited": (ITEMS.format(sign=1, qty=ITEM_QTY, types="'out_refund'"), "credited_qty", "credited_amount"),
    "net": (ITEMS.format(sign=-1, qty=0, types="'out_invoice', 'out_refund'"), None, "net_amount"),
    "free": (GIFTS, "free_qty", "free_amount"),
    "sellout": (SELLOUT, "sellout_qty", "sellout_amount"),
    "scheme": (f"{BENEFITS} UNION ALL SELECT distributor_id, date, 0, amount FROM ({GIFTS}) gifts", None, "scheme_cost"),
}
