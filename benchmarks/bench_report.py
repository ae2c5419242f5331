"""Region x category x month over 1,000,000 order lines of 500 distributors: the facts against core's ``sale.report``.

Both are asked through ``_read_group``. The day's rows are timed as well, so that it is seen what the months are for.
"""

import time
from datetime import datetime

from odoo.fields import Command
from odoo.tools import SQL

from benchmarks.fixtures import create_order, create_products, replicate, vacuum
from benchmarks.runner import at_least

REGIONS, DISTRIBUTORS, PRODUCTS, CATEGORIES = 50, 500, 1000, 10
LINES, ORDERS = 20, 50_000
IN_BENCH = ("territory_id.code", "=like", "BENCH-%")
FIRST = datetime(2023, 1, 1, 12)


def run(bench):
    env = bench.env
    create_sales(env)
    env["dms.sales.fact"]._rebuild()
    vacuum(env)
    bench.check(summed(by_facts(env)), summed(by_sale_report(env)), "region x category x month")
    bench.check(summed(by_days(env)), summed(by_facts(env)), "days and months")
    rounds = {"rounds": 7, "warm": 1, "clock": time.perf_counter}
    times = bench.interleave(lambda: by_facts(env), lambda: by_sale_report(env), **rounds)
    days = bench.interleave(lambda: by_days(env), lambda: by_sale_report(env), **{**rounds, "rounds": 3})
    return [bench.row("report", times, at_least(100)), bench.row("report_days", days, at_least(1))]


def create_sales(env, orders=ORDERS):
    """Confirmed orders of ``LINES`` lines each, over a year."""
    regions = env["dms.territory"].create([{"name": f"Region {number}", "code": f"BENCH-{number}"} for number in range(REGIONS)])
    categories = env["product.category"].create([{"name": f"Category {number}"} for number in range(CATEGORIES)])
    products = create_products(env, PRODUCTS)
    for number, category in enumerate(categories):
        products[number::CATEGORIES].categ_id = category
    distributors = env["res.partner"].create(
        [
            {
                "name": f"Stockist {number}",
                "is_company": True,
                "is_distributor": True,
                "distributor_state": "active",
                "territory_id": regions[number % REGIONS].id,
                "assortment_ids": [Command.clear()],
            }
            for number in range(DISTRIBUTORS)
        ]
    )
    seed = create_order(env, distributors[0], products[:LINES], date_order=FIRST)
    seed.with_context(tracking_disable=True).action_confirm()
    assert seed.state == "sale", seed.dms_hold_ids.mapped("message")
    seed.date_order = FIRST
    env.flush_all()
    env.cr.execute("SET session_replication_role = replica")  # a million rows without a trigger each
    distributor = SQL("(%s::int[])[1 + g %% %s]", distributors.ids, DISTRIBUTORS)
    replicated = replicate(
        *(env, seed, orders),
        name=SQL("'BENCH-' || g"),
        access_token=SQL("NULL"),
        partner_id=distributor,
        distributor_id=distributor,
        territory_id=SQL("(%s::int[])[1 + g %% %s]", regions.ids, REGIONS),
        date_order=SQL("%s::timestamp + (g / 137) * interval '1 day'", FIRST),
    )
    replicate(
        *(env, seed.order_line, orders),
        order_id=SQL("%s + g", replicated),
        order_partner_id=distributor,
        product_id=SQL("(%s::int[])[1 + (g * 7 + r * 31) %% %s]", products.ids, PRODUCTS),
        scheme_line_id=SQL("NULL"),
    )
    env.cr.execute("SET session_replication_role = origin")


def by_facts(env):
    return env["dms.sales.fact"]._read_group([IN_BENCH], ["territory_id", "categ_id", "date:month"], ["ordered_amount:sum"])


def by_days(env):
    """The same, asked of the rows of days."""
    return env["dms.sales.fact"]._read_group(
        [IN_BENCH, ("product_id", "!=", False)], ["territory_id", "categ_id", "date:month"], ["ordered_amount:sum"]
    )


def by_sale_report(env):
    return env["sale.report"]._read_group(
        [("commercial_partner_id.territory_id.code", "=like", "BENCH-%"), ("state", "=", "sale")],
        ["commercial_partner_id.territory_id", "categ_id", "date:month"],
        ["price_subtotal:sum"],
    )


def summed(rows):
    return sorted((region.id, category.id, str(month)[:7], round(amount, 2)) for region, category, month, amount in rows)
