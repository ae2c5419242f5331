"""An order of 100 lines confirmed, delivered and invoiced: with the triggers that note which days are out of date, and without.

Each side is the same work on the same modules; the peer's triggers are switched off. Both are timed by the wall, since it is
the database that does the work. What upkeep itself costs later, in the background, is printed beside it.
"""

import time

from odoo.addons.dms_reports.models.fact_triggers import TRIGGERS

from benchmarks.fixtures import create_distributor, create_order, create_products
from benchmarks.runner import at_most

LINES = 100


def run(bench):
    env = bench.env
    env["dms.sales.fact"]._rebuild()
    products = create_products(env, LINES)
    products.invoice_policy = "delivery"
    distributor = create_distributor(env, products)

    def prepare(switch):
        for name, table, *_more in TRIGGERS:
            env.cr.execute(f"ALTER TABLE {table} {switch} TRIGGER dms_sales_{name}")
        return create_order(env, distributor, products)

    env.cr.execute("SET track_functions = 'all'")
    with bench.rolled_back():
        order = prepare("ENABLE")
        env.flush_all()
        start = time.perf_counter()
        deal(order)
        env.flush_all()
        whole, start = time.perf_counter() - start, time.perf_counter()
        env.cr.execute("SELECT SUM(self_time) FROM pg_stat_xact_user_functions WHERE funcname LIKE 'dms_sales%'")
        noting = env.cr.fetchone()[0]
        env["dms.sales.upkeep"]._fold()
        folding = time.perf_counter() - start
        print(f"  of {whole * 1000:.0f} ms the triggers take {noting:.1f} ms; upkeep in the background {folding * 1000:.0f} ms")
        ours = figures(env, distributor)
    with bench.rolled_back():
        deal(prepare("DISABLE"))
        assert not env["dms.sales.upkeep"]._count_stale()
        env["dms.sales.fact"]._rebuild()
        bench.check(ours, figures(env, distributor), "facts kept up and facts made anew")
    times = bench.interleave(deal, deal, 15, 2, lambda: prepare("ENABLE"), lambda: prepare("DISABLE"), clock=time.perf_counter)
    return bench.row("report_upkeep", times, at_most(1.02), extra_queries=0)


def deal(order):
    order.action_confirm()
    for move in order.picking_ids.move_ids:
        move.quantity = move.product_uom_qty
    order.picking_ids.move_ids.picked = True
    order.picking_ids._action_done()
    order._create_invoices().action_post()


def figures(env, distributor):
    rows = env["dms.sales.fact"].search_fetch([("distributor_id", "=", distributor.id)], order="product_id")
    return [(row.product_id.id, row.ordered_amount, row.delivered_amount, row.invoiced_amount, row.net_amount) for row in rows]
