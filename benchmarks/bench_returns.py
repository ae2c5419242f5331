"""A 100-line return to credit, against the same by hand in core: the return transfer of the delivery, and the credit note of the invoice.

Both sides start from a delivered and invoiced order and take back a part of each line. ``returns_credit``
is the last step alone, the settlement of what was inspected, against core's credit note of these quantities.
"""

from odoo.fields import Command

from benchmarks.fixtures import create_distributor, create_order, create_products
from benchmarks.runner import at_most

LINES, BACK = 100, 3


def run(bench):
    env = bench.env
    products = create_products(env, LINES)
    products.invoice_policy = "delivery"
    for product in products:
        product.list_price *= 10  # no half cents: core rounds the taxes of the whole credit note, the suite those of each invoice line
    tax = env["account.tax"].search([("type_tax_use", "=", "sale"), ("company_id", "=", env.company.id)], limit=1)
    products.taxes_id = tax
    order = deliver_and_invoice(create_order(env, create_distributor(env, products), products))
    reason = env["dms.return.reason"].create({"name": "Bench", "code": "BENCH"})

    def new_return():
        fill(env, products)
        lines = [Command.create({"sale_line_id": line.id, "quantity": BACK, "reason_id": reason.id}) for line in order.order_line]
        case = env["dms.return"].create({"distributor_id": order.distributor_id.id, "line_ids": lines})
        refresh(env)
        return case

    def new_inspected():
        case = new_return()
        case.line_ids.accepted_qty = BACK
        case._enter("inspected")
        refresh(env)
        return case

    def by_hand(_nothing=None):
        take_goods_back(order.picking_ids)
        return credit_by_hand(order)

    with bench.rolled_back():
        ours = credit(new_inspected())
        facts = (
            ours.amount_untaxed,
            ours.amount_tax,
            sum(ours.invoice_line_ids.mapped("quantity")),
            ours.reversed_entry_id.amount_residual,
        )
    with bench.rolled_back():
        peer = credit_by_hand(order)
        hand = (peer.amount_untaxed, peer.amount_tax, sum(peer.invoice_line_ids.mapped("quantity")), peer.reversed_entry_id.amount_residual)
    bench.check(facts, hand, "the credit note")
    last = bench.interleave(
        credit, lambda _nothing: credit_by_hand(order), rounds=5, warm=1, prepare_ours=new_inspected, prepare_peer=lambda: refresh(env)
    )
    rows = [bench.row("returns_credit", last, at_most(1.3))]
    if hasattr(env["dms.return"], "action_inspect"):
        whole = bench.interleave(go_all_the_way, by_hand, rounds=3, warm=1, prepare_ours=new_return, prepare_peer=lambda: refresh(env))
        rows.append(bench.row("returns", whole, at_most(1.3)))
    return rows


def refresh(env):
    env.flush_all()
    env.invalidate_all()


def fill(env, products):
    """Nothing waits for goods."""
    location = env.ref("stock.warehouse0").lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, location, 1000)


def deliver_and_invoice(order):
    order.action_confirm()
    moves = order.picking_ids.move_ids
    for move in moves:
        move.quantity = move.product_uom_qty
    moves.picked = True
    order.picking_ids._action_done()
    order._create_invoices().action_post()
    refresh(order.env)
    return order


def credit(case):
    case.action_settle()
    return case.refund_ids


def go_all_the_way(case):
    """Every button a person would press, and the transfer."""
    case.action_submit()
    officer = case.env["res.users"].search([("id", "not in", (case.create_uid | case.submitted_by_id).ids), ("share", "=", False)], limit=1)
    officer.group_ids = [Command.link(case.env.ref("dms_returns.group_claims_officer").id)]
    case.with_user(officer).action_approve()
    case.picking_ids.move_ids.picked = True
    case.picking_ids._action_done()
    case.with_user(officer).action_inspect()
    return credit(case)


def take_goods_back(delivery):
    """Core's return of a part of each line, received."""
    wizard = delivery.env["stock.return.picking"].with_context(active_id=delivery.id, active_model="stock.picking")
    wizard = wizard.create({"picking_id": delivery.id})
    wizard.product_return_moves.quantity = BACK
    back = wizard._create_return()
    for move in back.move_ids:
        move.quantity = move.product_uom_qty
    back.move_ids.picked = True
    back._action_done()


def credit_by_hand(order):
    """Core's credit note of the invoice, its quantities set to what came back, posted."""
    invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
    refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
    refund.invoice_line_ids = [Command.update(line.id, {"quantity": BACK}) for line in refund.invoice_line_ids]
    refund.action_post()
    return refund
