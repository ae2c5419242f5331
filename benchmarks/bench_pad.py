"""Data of the order pad for 1,000 products (price, availability, hints), warm, against core's bulk prices and quantities."""

from benchmarks.fixtures import create_distributor, create_products
from benchmarks.runner import at_least

PRODUCTS = 1000


def run(bench):
    env = bench.env
    products = create_products(env, PRODUCTS)
    distributor = create_distributor(env, products)
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    distributor.serving_warehouse_id = warehouse
    distributor.specific_property_product_pricelist = create_pricelist(env, products)
    stock(env, products, warehouse)
    pricelist = distributor.property_product_pricelist
    catalogue = env["dms.portal.catalogue"]

    def ours(_fresh):
        return catalogue._get_rows(distributor, catalogue._get_terms(distributor))

    def peer(_fresh):
        prices = pricelist._get_products_price(products, 1.0)
        return prices, products.with_context(warehouse_id=warehouse.id).mapped("free_qty")

    rows = {row["id"]: row for row in ours(None)}
    prices, free = peer(None)
    bench.check({id_: row["units"][0][3] for id_, row in rows.items()}, prices, "prices")
    shown = {product.id: quantity for product, quantity in zip(products, free, strict=True)}
    bench.check(levels(rows), {id_: level(quantity, env.company) for id_, quantity in shown.items()}, "availability")
    few, many = (queries(bench, catalogue, one) for one in (small(distributor), distributor))
    bench.check(few, many, "queries for 10 and for 1,000 products")
    times = bench.interleave(ours, peer, rounds=15, prepare_ours=env.invalidate_all, prepare_peer=env.invalidate_all)
    return bench.row("pad", times, at_least(5), max_queries=many)


def create_pricelist(env, products):
    """Rules of every kind: for all, for a category, for single products, with quantity breaks."""
    items = [{"compute_price": "percentage", "percent_price": 5, "applied_on": "3_global"}]
    items += [
        {"compute_price": "fixed", "fixed_price": 3 + number, "applied_on": "1_product", "product_tmpl_id": product.product_tmpl_id.id}
        for number, product in enumerate(products[:100])
    ]
    items.append({"compute_price": "percentage", "percent_price": 10, "applied_on": "3_global", "min_quantity": 24})
    return env["product.pricelist"].create({"name": "Benchmark", "item_ids": [(0, 0, item) for item in items]})


def stock(env, products, warehouse):
    """Every other product is in stock, in rising quantities."""
    env["stock.quant"].create(
        [
            {"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "quantity": number}
            for number, product in enumerate(products)
            if number % 2
        ]
    )


def small(distributor):
    """A distributor on the same terms that may order ten products."""
    env = distributor.env
    few = create_distributor(env, create_products(env, 10, "FEW"), "Benchmark distributor of few")
    few.serving_warehouse_id = distributor.serving_warehouse_id
    few.specific_property_product_pricelist = distributor.specific_property_product_pricelist
    return few


def level(quantity, company):
    """The word that the pad has for a free quantity."""
    if quantity >= company.dms_portal_stock_shown:
        return "yes"
    return "low" if quantity > 0 else "no"


def levels(rows):
    return {id_: row["stock"][0] for id_, row in rows.items()}


def queries(bench, catalogue, distributor):
    """Queries of the warm pad of a distributor."""
    catalogue._get_rows(distributor, catalogue._get_terms(distributor))
    return bench.measure(
        lambda _fresh: catalogue._get_rows(distributor, catalogue._get_terms(distributor)), bench.env.invalidate_all
    ).queries
