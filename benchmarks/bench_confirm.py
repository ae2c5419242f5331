"""Confirm 100 lines through every gate of every installed module, against the same order of a customer who is no distributor.

The distributor has a class minimum, an assortment, a licence, a credit limit that holds, and open invoices.
"""

from benchmarks.fixtures import create_debtor, create_order, create_products
from benchmarks.runner import at_most


def run(bench):
    env = bench.env
    products = create_products(env, 100)
    distributor = create_debtor(env, products)
    customer = env["res.partner"].create({"name": "Benchmark customer", "is_company": True})

    def new_order(partner):
        order = create_order(env, partner, products)
        env.flush_all()
        env.invalidate_all()
        return order

    ours, peer = new_order(distributor), new_order(customer)
    confirm(ours)
    confirm(peer)
    bench.check(facts(ours), facts(peer), "state, totals and demand")
    ours.action_cancel()
    times = bench.interleave(
        confirm,
        confirm,
        rounds=15,
        prepare_ours=lambda: new_order(distributor),
        prepare_peer=lambda: new_order(customer),
    )
    return bench.row("confirm", times, at_most(1.05), extra_queries=10)


def confirm(order):
    order.action_confirm()


def facts(order):
    moves = order.picking_ids.move_ids
    return order.state, order.amount_total, sorted((move.product_id.id, move.product_uom_qty) for move in moves)
