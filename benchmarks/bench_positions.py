"""200,000 stock positions over 5,000,000 rows of the ledger: a filtered page, its count, and a matrix, against bare SQL.

The peer asks PostgreSQL for the same rows of the same indexed table. Before that every position is rebuilt from the ledger, and
checked against its sum.
"""

import time

from odoo.tools import SQL

from benchmarks.fixtures import create_products, vacuum
from benchmarks.runner import at_most

DISTRIBUTORS, PRODUCTS, ROWS = 400, 500, 25  # rows of the ledger for each pair
FIGURES = ("distributor_id", "product_id", "on_hand_qty", "in_transit_qty", "avg_daily_sellout", "days_cover", "status", "status_since")


def run(bench):
    env = bench.env
    territories = create_territories(env)
    products = create_products(env, PRODUCTS)
    distributors = create_distributors(env, territories)
    create_ledger(env, distributors, products)
    env["dms.stock.norm"].create({"min_days": 10, "max_days": 60})
    vacuum(env)
    for place in range(0, len(distributors), 20):
        env["dms.stock.position"]._rebuild(env.company, distributors[place : place + 20])
    vacuum(env)
    check(bench, distributors)
    domain = [("status", "=", "out"), ("territory_id", "child_of", territories[0].id), ("company_id", "=", env.company.id)]
    inside = env["dms.territory"].search([("id", "child_of", territories[0].id)]).ids
    bench.check(page(env, domain), page_in_sql(env, inside), "rows, count and matrix")
    times = bench.interleave(
        lambda _fresh: page(env, domain),
        lambda _fresh: page_in_sql(env, inside),
        rounds=21,
        prepare_ours=env.invalidate_all,
        prepare_peer=env.invalidate_all,
        clock=time.perf_counter,
    )
    return bench.row("positions", times, at_most(3))


def create_territories(env):
    """A region, its twenty areas, and another region beside it."""
    region, other = env["dms.territory"].create([{"name": name, "code": f"BENCH-{name}"} for name in ("One", "Two")])
    values = [
        {"name": f"Area {number}", "code": f"BENCH-A{number}", "parent_id": (region if number % 2 else other).id} for number in range(40)
    ]
    return region | env["dms.territory"].create(values)


def create_distributors(env, territories):
    return env["res.partner"].create(
        [
            {
                "name": f"Stockist {number}",
                "is_company": True,
                "is_distributor": True,
                "distributor_state": "active",
                "territory_id": territories[1 + number % 40].id,
            }
            for number in range(DISTRIBUTORS)
        ]
    )


def create_ledger(env, distributors, products):
    """Receipts and sell-out over the last months; a third of the positions end at nothing."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO dms_stock_ledger (company_id, distributor_id, product_id, date, recorded_on, quantity, kind, flow, source_key)
            SELECT %(company)s, d, p, %(today)s - (%(rows)s - n) * 3 - 1, now() AT TIME ZONE 'UTC',
                   CASE WHEN n = 0 THEN 48 + CASE WHEN (d + p) %% 3 = 0 THEN 0 ELSE (d + p) %% 97 END ELSE -2 END,
                   CASE WHEN n = 0 THEN 'receipt' ELSE 'sellout' END, CASE WHEN n = 0 THEN 'receipt' ELSE 'sellout' END,
                   'bench:' || d || ':' || p || ':' || n
              FROM unnest(%(distributors)s) AS d, unnest(%(products)s) AS p, generate_series(0, %(rows)s - 1) AS n
            """,
            company=env.company.id,
            today=env.company._dms_today(),
            rows=ROWS,
            distributors=distributors.ids,
            products=products.ids,
        )
    )


def check(bench, distributors):
    """Every position is the sum of its ledger."""
    by_ledger, by_position = (
        bench.env.execute_query(
            SQL(
                "SELECT distributor_id, product_id, SUM(%s)::float8 FROM %s WHERE distributor_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2",
                SQL.identifier(column),
                SQL.identifier(table),
                distributors.ids,
            )
        )
        for column, table in (("quantity", "dms_stock_ledger"), ("on_hand_qty", "dms_stock_position"))
    )
    assert len(by_ledger) == DISTRIBUTORS * PRODUCTS
    bench.check(by_position, by_ledger, "positions and the sums of the ledger")


def page(env, domain):
    """A page of the list, the number of its rows, and the matrix of territory and status."""
    Position = env["dms.stock.position"]
    rows = Position.search_fetch(domain, FIGURES, limit=80)
    found = [tuple(row[name].id if name.endswith("_id") else row[name] for name in FIGURES) for row in rows]
    matrix = Position._read_group(domain[1:], ["territory_id", "status"], ["__count"])
    return found, Position.search_count(domain), sorted((territory.id, status, count) for territory, status, count in matrix)


def page_in_sql(env, inside):
    where = SQL("company_id = %s AND territory_id = ANY(%s)", env.company.id, inside)
    columns = SQL(", ").join(map(SQL.identifier, FIGURES))
    rows = env.execute_query(SQL("SELECT %s FROM dms_stock_position WHERE status = 'out' AND %s ORDER BY id LIMIT 80", columns, where))
    count = env.execute_query(SQL("SELECT count(*) FROM dms_stock_position WHERE status = 'out' AND %s", where))
    matrix = env.execute_query(SQL("SELECT territory_id, status, count(*) FROM dms_stock_position WHERE %s GROUP BY 1, 2", where))
    shown = [
        tuple(
            float(value) if name.endswith("_qty") or name in ("avg_daily_sellout", "days_cover") and value else value or 0.0
            for name, value in zip(FIGURES, row, strict=True)
        )
        for row in rows
    ]
    return shown, count[0][0], sorted(matrix)
