"""Price protection of 1,000 distributors with 50 products each, to the last claim, against bare SQL.

Both sides attribute what each distributor held to its newest receipts (150,000 of them), each of which loses no more than was paid
for it above the new price, and write 50,000 rows of stock held and 1,000 claims with 50,000 lines. What they wrote is compared.
"""

import time

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from benchmarks.fixtures import create_products, vacuum
from benchmarks.runner import at_most

DISTRIBUTORS, PRODUCTS = 1000, 50
OLD, NEW = 100.0, 90.0
#: receipts of each pair: days back, quantity and price; and what was sold of them
RECEIPTS, SOLD = ((30, 20, 104), (20, 10, 97), (10, 6, 92)), 17


def run(bench):
    env = bench.env
    products = create_products(env, PRODUCTS)
    pricelist = env["product.pricelist"].create({"name": "Protected", "company_id": False})
    distributors = create_distributors(env, pricelist)
    create_ledger(env, distributors, products)
    for place in range(0, DISTRIBUTORS, 100):
        env["dms.stock.position"]._rebuild(env.company, distributors[place : place + 100])
    vacuum(env)
    claim_type = env["dms.claim.type"]._get_for("price_protection", env.company)

    def draft():
        lines = [Command.create({"product_id": product.id, "old_price": OLD, "new_price": NEW}) for product in products]
        values = {"pricelist_id": pricelist.id, "date": env.company._dms_today(), "claim_type_id": claim_type.id, "line_ids": lines}
        protection = env["dms.price.protection"].create(values)
        env.flush_all()
        env.invalidate_all()
        return protection

    def protect(protection):
        protection.action_compute()
        protection.action_draft_claims()
        return protection

    def protect_in_sql(protection):
        for query in get_peer_queries(env, protection, distributors, claim_type):
            env.cr.execute(query)
        return protection

    results = []
    for work in (protect, protect_in_sql):
        with bench.rolled_back():
            results.append(look(env, work(draft())))
    assert len(results[0][0]) == DISTRIBUTORS * PRODUCTS and len(results[0][1]) == DISTRIBUTORS
    bench.check(*results, "stock held, claims and their lines")
    times = bench.interleave(protect, protect_in_sql, rounds=3, warm=1, prepare_ours=draft, prepare_peer=draft, clock=time.perf_counter)
    return bench.row("protection", times, at_most(5))


def create_distributors(env, pricelist):
    distributor_class = env["dms.distributor.class"].create({"name": "Protected", "code": "PROTECTED", "pricelist_id": pricelist.id})
    return env["res.partner"].create(
        [
            {
                "name": f"Protected {number}",
                "is_company": True,
                "is_distributor": True,
                "distributor_state": "active",
                "distributor_class_id": distributor_class.id,
            }
            for number in range(DISTRIBUTORS)
        ]
    )


def create_ledger(env, distributors, products):
    """Three receipts of each pair, and a sell-out after them that leaves a part of the second."""
    today = env.company._dms_today()
    moves = [(fields.Date.subtract(today, days=back), quantity, price, "receipt") for back, quantity, price in RECEIPTS]
    moves.append((fields.Date.subtract(today, days=5), -SOLD, 0, "sellout"))
    env.flush_all()
    for day, quantity, price, kind in moves:
        env.cr.execute(
            SQL(
                """
                INSERT INTO dms_stock_ledger (company_id, distributor_id, product_id, date, recorded_on, quantity, kind, flow, price_unit, source_key)
                SELECT %(company)s, d, p, %(day)s, now() AT TIME ZONE 'UTC', %(quantity)s, %(kind)s, %(kind)s, %(price)s + (d + p) %% 7,
                       'bench:' || d || ':' || p || ':' || %(day)s
                  FROM unnest(%(distributors)s) AS d, unnest(%(products)s) AS p
                """,
                company=env.company.id,
                day=day,
                quantity=quantity,
                kind=kind,
                price=price,
                distributors=distributors.ids,
                products=products.ids,
            )
        )


def get_peer_queries(env, protection, distributors, claim_type):
    """The same in three statements that know everything: whose price list it is, and that nobody else was protected."""
    known = {
        "company": env.company.id,
        "distributors": distributors.ids,
        "products": protection.line_ids.product_id.ids,
        "day": protection.date,
        "protection": protection.id,
        "type": claim_type.id,
        "old": SQL("%s::numeric", OLD),
        "new": SQL("%s::numeric", NEW),
    }
    items = """
        WITH held AS (
            SELECT distributor_id, product_id, SUM(quantity) AS quantity
              FROM dms_stock_ledger
             WHERE company_id = %(company)s AND distributor_id = ANY(%(distributors)s) AND product_id = ANY(%(products)s) AND date < %(day)s
          GROUP BY distributor_id, product_id
        ), receipt AS (
            SELECT r.distributor_id, r.product_id, r.quantity, r.price_unit::numeric AS paid, held.quantity AS held,
                   SUM(r.quantity) OVER (PARTITION BY r.distributor_id, r.product_id ORDER BY r.date DESC, r.id DESC) AS upto
              FROM dms_stock_ledger r JOIN held USING (distributor_id, product_id)
             WHERE r.company_id = %(company)s AND r.kind = 'receipt' AND r.date < %(day)s
        )
        INSERT INTO dms_price_protection_item (protection_id, company_id, distributor_id, product_id, date, quantity, amount, is_live)
        SELECT %(protection)s, %(company)s, distributor_id, product_id, %(day)s, SUM(LEAST(quantity, held - upto + quantity)),
               ROUND(SUM(LEAST(quantity, held - upto + quantity) * GREATEST(LEAST(%(old)s, paid) - %(new)s, 0)), 2), TRUE
          FROM receipt WHERE upto - quantity < held GROUP BY distributor_id, product_id
    """
    claims = """
        INSERT INTO dms_claim (name, company_id, distributor_id, claim_type_id, kind, state, amount_claimed, amount_calculated)
        SELECT 'BENCH/' || distributor_id, %(company)s, distributor_id, %(type)s, 'price_protection', 'draft', SUM(amount), SUM(amount)
          FROM dms_price_protection_item WHERE protection_id = %(protection)s AND amount > 0 GROUP BY distributor_id
    """
    lines = """
        INSERT INTO dms_claim_line (claim_id, company_id, distributor_id, state, claim_type_id, source_model, source_id, product_id,
               quantity, amount_claimed, amount_calculated)
        SELECT claim.id, %(company)s, item.distributor_id, 'draft', %(type)s, 'dms.price.protection.item', item.id, item.product_id,
               item.quantity, item.amount, item.amount
          FROM dms_price_protection_item item JOIN dms_claim claim ON claim.name = 'BENCH/' || item.distributor_id
         WHERE item.protection_id = %(protection)s AND item.amount > 0
    """
    return [SQL(query, **known) for query in (items, claims, lines)]


def look(env, protection):
    """Items, claims, and their lines, in an order that does not depend on ids."""
    env.flush_all()
    env.cr.execute("ANALYZE dms_claim, dms_claim_line, dms_price_protection_item")  # tables filled a moment ago look empty to the planner
    return tuple(
        env.execute_query(SQL("SELECT %s ORDER BY 1, 2", query))
        for query in (
            SQL("distributor_id, product_id, quantity, amount FROM dms_price_protection_item WHERE protection_id = %s", protection.id),
            SQL(
                """distributor_id, amount_claimed, amount_calculated, state FROM dms_claim c WHERE EXISTS (
                       SELECT FROM dms_claim_line l JOIN dms_price_protection_item i ON i.id = l.source_id
                        WHERE l.claim_id = c.id AND l.source_model = 'dms.price.protection.item' AND i.protection_id = %s)""",
                protection.id,
            ),
            SQL(
                """l.distributor_id, l.product_id, l.quantity, l.amount_claimed, l.amount_calculated, l.state FROM dms_claim_line l
                     JOIN dms_price_protection_item i ON i.id = l.source_id AND l.source_model = 'dms.price.protection.item'
                    WHERE i.protection_id = %s""",
                protection.id,
            ),
        )
    )
