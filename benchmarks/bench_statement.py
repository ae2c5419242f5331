"""Posting a 500-line stock statement, against core's moves of the same goods: ``stock.move`` create and ``_action_done``.

The statement's lines exist, as they do once a file was taken in; the moves have nothing else to wait for either: no order, no
reservation, goods at the place they leave. Both sides end with the same quantity of each product, which is compared.
"""

from odoo import fields
from odoo.fields import Command

from benchmarks.fixtures import create_distributor, create_products
from benchmarks.runner import at_least

LINES, FEW = 500, 50
STOCK, SOLD = 1000, 7


def run(bench):
    env = bench.env
    products = create_products(env, LINES)
    distributor = create_distributor(env, products)
    day = env.company._dms_today()
    receive(env, distributor, products, day)
    source, customers = env.ref("stock.warehouse0").lot_stock_id, env.ref("stock.stock_location_customers")
    fill(env, products, source)

    def draft(lines=LINES):
        sold = [Command.create({"product_id": product.id, "quantity": SOLD}) for product in products[:lines]]
        statement = env["dms.stock.statement"].create({"distributor_id": distributor.id, "date": day, "line_ids": sold})
        env.flush_all()
        env.invalidate_all()
        return statement

    def post(statement):
        statement.action_post()
        env.flush_all()
        return statement

    def move():
        moves = env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": SOLD,
                    "quantity": SOLD,
                    "picked": True,
                    "location_id": source.id,
                    "location_dest_id": customers.id,
                }
                for product in products
            ]
        )
        return moves._action_done()

    with bench.rolled_back():
        assert post(draft()).state == "posted"
        positions = env["dms.stock.position"].search([("distributor_id", "=", distributor.id)])
        ours = dict(zip(positions.product_id.ids, positions.mapped("on_hand_qty"), strict=True))
    with bench.rolled_back():
        move()
        peer = {product.id: product.qty_available for product in products.with_context(location=source.id)}
    bench.check(ours, peer, "quantities left")

    few = min(bench.measure(post, lambda: draft(FEW)).queries for _time in range(2))  # the first one fills caches
    times = bench.interleave(post, lambda _fresh: move(), rounds=5, prepare_ours=draft, prepare_peer=env.invalidate_all)
    return bench.row("statement", times, at_least(5), max_queries=few)


def receive(env, distributor, products, day):
    """What the distributor got before, on three days."""
    rows = [
        {
            "company_id": env.company.id,
            "distributor_id": distributor.id,
            "product_id": product.id,
            "date": fields.Date.subtract(day, days=back),
            "quantity": quantity,
            "kind": "receipt",
            "source_key": f"bench:{product.id}:{back}",
        }
        for product in products
        for back, quantity in ((20, STOCK / 2), (10, STOCK / 4), (5, STOCK / 4))
    ]
    env["dms.stock.ledger"]._append(rows)


def fill(env, products, location):
    env["stock.quant"].create([{"product_id": product.id, "location_id": location.id, "quantity": STOCK} for product in products])
