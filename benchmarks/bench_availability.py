"""What is free and what is coming of 1,000 products for a distributor, against core's ``mapped('free_qty')``."""

from datetime import timedelta

from benchmarks.fixtures import create_distributor, create_products
from benchmarks.runner import at_least

PRODUCTS = 1000


def run(bench):
    env = bench.env
    products = create_products(env, PRODUCTS)
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    alternate = env["stock.warehouse"].create({"name": "Alternate", "code": "BALT"})
    distributor = create_distributor(env, products[:10])
    distributor.write({"serving_warehouse_id": warehouse.id, "alternate_warehouse_ids": alternate.ids})
    stock(env, products, warehouse, alternate)
    availability = env["dms.stock.availability"]
    there = products.with_context(warehouse_id=(warehouse | alternate).ids)

    def ours(_fresh):
        return availability._get_availability(distributor, products)

    def peer(_fresh):
        return there.mapped("free_qty")

    found = ours(None)
    bench.check([found[id_]["free"] for id_ in products.ids], peer(None), "free quantities")
    coming = [sum(quantity for _day, quantity in found[id_]["incoming"]) for id_ in products.ids]
    bench.check(coming, there.mapped("incoming_qty"), "incoming quantities")
    few = bench.measure(lambda _fresh: availability._get_availability(distributor, products[:10]), env.invalidate_all).queries
    many = bench.measure(ours, env.invalidate_all).queries
    bench.check(few, many, "queries for 10 and for 1,000 products")
    times = bench.interleave(ours, peer, rounds=15, prepare_ours=env.invalidate_all, prepare_peer=env.invalidate_all)
    return bench.row("availability", times, at_least(10), max_queries=many)


def stock(env, products, warehouse, alternate):
    """Most products lie in one of two warehouses or in both, some reserved; of every third some are coming, on two days."""
    quants, moves = [], []
    for number, product in enumerate(products):
        for place in (warehouse, alternate)[: number % 3]:
            quants.append(
                {"product_id": product.id, "location_id": place.lot_stock_id.id, "quantity": number, "reserved_quantity": number % 7}
            )
        if not number % 3:
            moves += [prepare_move(env, product, warehouse, number + days, days) for days in (2, 9)]
    env["stock.quant"].create(quants)
    env["stock.move"].create(moves)._action_confirm(merge=False)


def prepare_move(env, product, warehouse, quantity, days):
    return {
        "product_id": product.id,
        "product_uom_qty": quantity,
        "product_uom": product.uom_id.id,
        "location_id": env.ref("stock.stock_location_suppliers").id,
        "location_dest_id": warehouse.lot_stock_id.id,
        "picking_type_id": warehouse.in_type_id.id,
        "date": env.cr.now() + timedelta(days=days),
    }
