"""A 500-line XLSX to a priced draft with schemes, against core's ``load()`` of the same lines by product code.

Ten schemes are in force, and every line earns something. The peer is a customer on the same price list who is no distributor: to
core it is all the same, and neither schemes nor gates have a say. Without what schemes take off, both orders are equal.
"""

import io

import xlsxwriter

from benchmarks.bench_schemes import PERCENT, create_schemes
from benchmarks.fixtures import create_distributor, create_products
from benchmarks.runner import at_least

LINES = 500
SCHEMES = 10


def run(bench):
    env = bench.env
    products = create_products(env, LINES)
    distributor = create_distributor(env, products)
    customer = env["res.partner"].create({"name": "Benchmark customer", "is_company": True})
    customer.property_product_pricelist = distributor.property_product_pricelist
    create_schemes(env, products, SCHEMES)
    data = workbook(products)
    rows = load_rows(customer, products)

    def take_in():
        return env["dms.order.intake"]._intake(distributor, data, "order.xlsx", "upload").order_id

    def load():
        result = env["sale.order"].load(["partner_id/.id", "order_line/product_id", "order_line/product_uom_qty"], rows)
        return env["sale.order"].browse(result["ids"])

    with bench.rolled_back():
        order = take_in()
        ours = facts(order)
        check_reductions(bench, order)
    with bench.rolled_back():
        peer = facts(load())
    bench.check(ours, peer, "products, quantities, units, prices, taxes and totals before schemes")
    times = bench.interleave(
        lambda _fresh: take_in(), lambda _fresh: load(), rounds=7, prepare_ours=env.invalidate_all, prepare_peer=env.invalidate_all
    )
    return bench.row("import", times, at_least(2), max_queries=LINES // 2)


def workbook(products):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Code", "Quantity"])
    for number, product in enumerate(products, 1):
        sheet.write_string(number, 0, product.default_code)
        sheet.write_number(number, 1, number)
    book.close()
    return buffer.getvalue()


def check_reductions(bench, order):
    """Every line gets the percentage of its scheme, to the cent."""
    round_ = order.currency_id.round
    full = [line.price_subtotal + line.scheme_discount for line in order.order_line]
    expected = [round_(amount * PERCENT / 100) for amount in full]
    bench.check([round_(line.scheme_discount) for line in order.order_line], expected, "what schemes take off")
    assert len(order.scheme_application_ids) == LINES, "a benefit for every product"


def load_rows(partner, products):
    rows = [["", product.default_code, str(number)] for number, product in enumerate(products, 1)]
    rows[0][0] = str(partner.id)
    return rows


def facts(order):
    lines = [
        (line.product_id.id, line.product_uom_qty, line.product_uom_id.id, line.price_unit, line.discount, line.tax_ids.ids, line.name)
        for line in order.order_line
    ]
    return round(order.amount_total + order.scheme_discount_total, 2), order.pricelist_id.id, lines
