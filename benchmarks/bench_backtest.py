"""50 schemes back-tested on 100,000 past order lines, against reading the same lines from the database.

10,000 confirmed orders of ten lines. 49 schemes ran, each on products of its own, and a fiftieth on all of them is tested
beside them: every line earns twice. The peer reads the same lines by the same query and builds a tuple of each. The second
row stores the result, a row for each order, as well. Time is the CPU of this process and of its server process together.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

from odoo.fields import Command
from odoo.tools import SQL

from benchmarks.fixtures import create_order, create_products, replicate, vacuum
from benchmarks.runner import at_most

DISTRIBUTORS = 500
ORDERS = 10000
LINES = 10
SEEDS = 10  # orders of different products that are copied
SCHEMES = 50


def run(bench):
    env = bench.env
    env.cr.execute("UPDATE sale_order SET state = 'cancel'")  # none but these
    products = create_products(env, LINES * SEEDS)
    distributors = create_distributors(env)
    schemes = create_schemes(env, products)
    create_past(env, products, distributors)
    vacuum(env)
    test = create_test(env, schemes[0])
    check(bench, test)
    clock = cpu_clock(env)
    rows = []
    for name, work in (("backtest", test._evaluate), ("backtest_stored", test._run)):
        times = bench.interleave(
            lambda _fresh, work=work: work(),
            lambda _fresh: read(test),
            rounds=5,
            warm=1,
            prepare_ours=env.invalidate_all,
            prepare_peer=env.invalidate_all,
            clock=clock,
        )
        rows.append(bench.row(name, times, at_most(5)))
    return rows


def cpu_clock(env):
    """Seconds of CPU of this process and the server's process that serves it; on the wall where that is not to be seen.

    The server's process works alone: what others did for it beside would not be counted, of the peer's one large query above all.
    """
    env.cr.execute("SET max_parallel_workers_per_gather = 0")
    env.cr.execute("SELECT pg_backend_pid()")
    stat = Path(f"/proc/{env.cr.fetchone()[0]}/stat")
    if not stat.exists():
        return time.perf_counter
    tick = os.sysconf("SC_CLK_TCK")

    def clock():
        user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
        return time.process_time() + (int(user) + int(system)) / tick

    return clock


def read(test):
    """The lines of the period, as tuples."""
    orders = test._past_orders()
    ids = [order_id for (order_id,) in test.env.execute_query(SQL("SELECT o.id FROM sale_order o WHERE %s", orders.domain))]
    return list(map(tuple, test.env.execute_query(orders._lines_query(ids))))


def check(bench, test):
    """Both read the same lines, and the schemes give what the lines earn."""
    with bench.rolled_back():
        test._run()
        bench.check(test.line_count, len(read(test)), "number of lines")
        assert (test.order_count, test.line_count) == (ORDERS, ORDERS * LINES), (test.order_count, test.line_count)
        assert test.touched_count and test.other_amount, "the scheme and those beside it give something"
        expected = test.env.execute_query(
            SQL(
                "SELECT SUM(round(l.price_subtotal * 0.03, 2)) FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id"
                " WHERE l.product_id = ANY(%s) AND o.name LIKE 'BENCH/%%'",
                test.scheme_id.product_ids.ids,
            )
        )
        bench.check(round(test.benefit_amount, 2), round(float(expected[0][0]), 2), "cost of the scheme")


def create_distributors(env):
    common = {"is_company": True, "is_distributor": True, "distributor_state": "active"}
    return env["res.partner"].create([{"name": f"Benchmark {number}", **common} for number in range(DISTRIBUTORS)])


def create_schemes(env, products):
    """49 that run, each on products of its own, and a draft on all of them, whose turn comes first: every line earns twice."""
    size = len(products) // (SCHEMES - 1)
    kinds = (
        {"slab_ids": [Command.create({"threshold": 5, "value": 2}), Command.create({"threshold": 15, "value": 4})]},
        {"slab_ids": [Command.create({"threshold": 50, "benefit": "lump_amount", "value": 3})], "scope": "basket", "basis": "amount"},
        {"slab_ids": [Command.create({"threshold": 1, "benefit": "unit_amount", "value": 0.1})], "max_per_order": 20.0},
    )
    values = [
        {
            "name": f"Scheme {number}",
            "code": f"BACK-{number:03}",
            "product_ids": [Command.set(products[(number - 1) * size : number * size].ids)],
            "date_from": False,
            **kinds[number % len(kinds)],
        }
        for number in range(1, SCHEMES)
    ]
    running = env["dms.scheme"].create(values)
    approver = env["res.users"].create(
        {"name": "Approver", "login": "backtest", "group_ids": [Command.link(env.ref("dms_schemes.group_scheme_approver").id)]}
    )
    running.with_user(approver).action_approve()
    slab = Command.create({"threshold": 1, "benefit": "percent", "value": 3})
    tested = {"name": "Tested", "code": "BACK-000", "sequence": 1, "slab_ids": [slab], "product_ids": [Command.set(products.ids)]}
    return env["dms.scheme"].create(tested) | running


def create_past(env, products, distributors):
    """Copies of ten orders of plain price, handed in with the schemes that run, as orders confirmed before."""
    edition = env["dms.scheme.edition"]._get_current_id(env.company.id)
    whose = SQL("(%s)[g %% %s + 1]", distributors.ids, len(distributors))
    for seed_number in range(SEEDS):
        customer = env["res.partner"].create({"name": f"Seed {seed_number}", "is_company": True})  # gets no scheme of its own
        seed = create_order(env, customer, products[seed_number * LINES : (seed_number + 1) * LINES])
        columns = dict.fromkeys(("partner_id", "partner_invoice_id", "partner_shipping_id", "distributor_id"), whose)
        order = replicate(
            env,
            seed,
            ORDERS // SEEDS,
            name=SQL("'BENCH/%s/' || g", seed_number),
            access_token=SQL("NULL"),
            state=SQL("'sale'"),
            scheme_edition_id=SQL("%s", edition),
            scheme_date=SQL("seed.date_order::date"),
            date_order=SQL("seed.date_order + g * interval '1 second'"),
            **columns,
        )
        replicate(env, seed.order_line, ORDERS // SEEDS, order_id=SQL("%s + g", order), order_partner_id=whose)


def create_test(env, scheme):
    today = env.company._dms_today()  # or tomorrow, where midnight has come meanwhile
    values = {"scheme_id": scheme.id, "date_from": today - timedelta(days=1), "date_to": today, "mode": "running"}
    return env["dms.scheme.backtest"].create(values)
