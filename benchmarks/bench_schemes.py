"""Apply schemes to an order of 200 lines, against equivalent programs of core's loyalty with equal totals.

A scheme, and a program, takes 5 % off its own products; all of them apply. Three rows: 100 schemes of two products each, 10 schemes
of twenty, and the same 100 again on an order that has not changed. A fourth row sets the evaluation alone against the whole.
"""

import time

from odoo.fields import Command

from benchmarks.fixtures import create_distributor, create_order, create_products
from benchmarks.runner import Sample, Times, at_least, at_most

NEEDS = ("sale_loyalty",)
LINES = 200
PERCENT = 5.0


def run(bench):
    env = bench.env
    products = create_products(env, LINES)
    distributor = create_distributor(env, products)
    customer = env["res.partner"].create({"name": "Benchmark customer", "is_company": True})
    customer.property_product_pricelist = distributor.property_product_pricelist
    rows = []
    for count, factor, rounds in ((10, 20, 3), (100, 200, 1)):
        times, order = compare(bench, products, distributor, customer, count, rounds)
        rows.append(bench.row(f"schemes_{LINES}x{count}", times, at_least(factor), max_queries=5))
        if count == 100:
            rows += [again(bench, order, times), engine_alone(bench, order, times)]
    return rows


def compare(bench, products, distributor, customer, count, rounds):
    """Both sides on a fresh order each; the schemes and programs stay for the rows that follow."""
    env = bench.env
    env["loyalty.program"].search([]).active = False
    create_schemes(env, products, count)
    create_programs(env, products, count)
    order, loyal = create_order_without_schemes(env, distributor, products), create_order(env, customer, products)
    env.flush_all()
    with bench.rolled_back():
        apply_schemes(order)
        apply_programs(loyal)
        bench.check(order.amount_untaxed, loyal.amount_untaxed, "untaxed total")
        assert all(line.scheme_discount > 0 for line in order.order_line), "every line earned something"
    times = bench.interleave(
        apply_schemes,
        apply_programs,
        rounds=rounds,
        warm=1 if count < 100 else 0,
        prepare_ours=lambda: opened(order),
        prepare_peer=lambda: opened(loyal),
    )
    return times, order


def opened(order):
    """The order as somebody works on it: read, with what its prices come from."""
    order.order_line.mapped("price_total")
    order.order_line.product_id.categ_id.mapped("parent_path")
    order._compute_amounts()
    return order


def apply_schemes(order):
    order._dms_apply_schemes()


def again(bench, order, times):
    """The order evaluated again when nothing has changed, against the first application of the peer, which is faster than its update."""
    with bench.rolled_back():
        order._dms_apply_schemes()
        order.env.flush_all()
        samples = tuple(timed(order.env, order._dms_apply_schemes) for _number in range(9))
    return bench.row("schemes_again", Times(samples, times.peer), at_least(1000), max_queries=5)


def timed(env, work, times=1):
    """One timed run of ``work``, repeated ``times``, without undoing what it does."""
    queries, start = env.cr.sql_log_count, time.process_time()
    for _number in range(times):
        work()
    env.flush_all()
    return Sample((time.process_time() - start) / times, env.cr.sql_log_count - queries)


def engine_alone(bench, order, times):
    """Evaluation of plain values, set against the whole application."""
    from odoo.addons.dms_schemes.engine import evaluate  # importable once the suite is on the path

    book, lines = order._dms_scheme_book(), order._dms_scheme_lines()
    facts = order._dms_scheme_facts(lines, lambda product: None, book)
    assert len(evaluate(book, facts).grants) == LINES, "every line earned something"
    samples = tuple(timed(order.env, lambda: evaluate(book, facts), times=10) for _number in range(21))
    return bench.row("engine", Times(samples, times.ours), at_most(0.02))


# ---------------------------------------------------------------- both sides


def groups(products, count):
    size = len(products) // count
    return [products[place : place + size] for place in range(0, len(products), size)]


def create_schemes(env, products, count):
    """``count`` approved schemes in place of those there were."""
    old = env["dms.scheme"].search([("state", "=", "approved")])
    old.action_close()
    slab = Command.create({"threshold": 1, "benefit": "percent", "value": PERCENT})
    schemes = env["dms.scheme"].create(
        [
            {"name": f"Scheme {number}", "code": f"B{count}-{number:03}", "slab_ids": [slab], "product_ids": [Command.set(part.ids)]}
            for number, part in enumerate(groups(products, count))
        ]
    )
    approver = env["res.users"].create(
        {"name": "Approver", "login": f"approver{count}", "group_ids": [Command.link(env.ref("dms_schemes.group_scheme_approver").id)]}
    )
    schemes.with_user(approver).action_approve()


def create_order_without_schemes(env, distributor, products):
    """An order whose schemes are still to be applied."""
    order = create_order(env, distributor, products)
    order.order_line._dms_set_reductions([(line, 0.0, 0.0) for line in order.order_line])
    env.cr.execute("DELETE FROM dms_scheme_application WHERE order_id = %s", [order.id])
    order.write({"scheme_fingerprint": False, "scheme_hints": False, "scheme_seen": False})
    env.flush_all()
    env.invalidate_all()
    order.order_line.mapped("price_subtotal")
    return order


def create_programs(env, products, count):
    env["loyalty.program"].search([]).active = False
    env["loyalty.program"].create(
        [
            {
                "name": f"Program {number}",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"product_ids": [Command.set(part.ids)], "minimum_qty": 1})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": PERCENT,
                            "discount_mode": "percent",
                            "discount_applicability": "specific",
                            "discount_product_ids": [Command.set(part.ids)],
                        }
                    )
                ],
            }
            for number, part in enumerate(groups(products, count))
        ]
    )


def apply_programs(order):
    """What core does for an order with automatic promotions: update, then claim every reward."""
    order._update_programs_and_rewards()
    for coupon, rewards in order._get_claimable_rewards().items():
        for reward in rewards:
            order._apply_program_reward(reward, coupon)
    order._update_programs_and_rewards()
