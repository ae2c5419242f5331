"""Confirm 100 lines of a distributor with every credit gate in use, against the same without credit.

The distributor is held to a limit and owes invoices, overdue within its days of grace. The peer is the same order of
the same distributor, with the gates of credit archived and the values that the exposure is summed from not
computed: so the difference is what credit costs, whatever the other gates cost.
"""

import contextlib
from unittest.mock import patch

from benchmarks.fixtures import create_debtor, create_order, create_products
from benchmarks.runner import at_most

EXPOSED = ("sale.order", "sale.order.line")


def run(bench):
    env = bench.env
    products = create_products(env, 100)
    distributor = create_debtor(env, products)
    gates = env["dms.order.gate"].search([("code", "in", env["sale.order"]._dms_credit_gates())])
    assert set(gates.mapped("code")) == set(env["sale.order"]._dms_credit_gates()), "every gate of credit is in use"

    def new_order(is_gated):
        gates.active = is_gated
        order = create_order(env, distributor, products)
        env.flush_all()
        env["dms.order.gate"]._get_active_ids()  # cached in a running server
        env.invalidate_all()
        return order

    def confirm_without(order):
        with without_exposure(env):
            order.action_confirm()
            env.flush_all()

    with bench.rolled_back():
        ours = facts(new_order(True), confirm)
    with bench.rolled_back():
        peer = facts(new_order(False), confirm_without)
    bench.check(ours, peer, "state, totals and demand")
    assert ours[0] == "sale", "the order was confirmed"
    with bench.rolled_back():
        check_is_gated(new_order(True))
    times = bench.interleave(
        confirm,
        confirm_without,
        rounds=15,
        prepare_ours=lambda: new_order(True),
        prepare_peer=lambda: new_order(False),
    )
    return bench.row("credit_confirm", times, at_most(1.10), extra_queries=3)


def confirm(order):
    order.action_confirm()


def check_is_gated(order):
    """Without room the same order is held: the gate does look."""
    order.env["dms.credit.account"]._get_account(order.partner_id, order.company_id).credit_limit = 2100
    order.action_confirm()
    assert order.dms_hold_ids.mapped("gate") == ["credit_limit"], order.dms_hold_ids.mapped("gate")


@contextlib.contextmanager
def without_exposure(env):
    """Core's confirmation without the values of lines and orders that the exposure is summed from."""

    def nothing(records):
        records.update({"dms_open_value": 0.0, "dms_uninvoiced_value": 0.0})

    with contextlib.ExitStack() as patches:
        for model in EXPOSED:
            patches.enter_context(patch.object(env.registry[model], "_compute_dms_exposure", nothing))
        yield


def facts(order, work):
    work(order)
    moves = order.picking_ids.move_ids
    return order.state, order.amount_total, sorted((move.product_id.id, move.product_uom_qty) for move in moves)
