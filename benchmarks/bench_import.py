"""A 500-line XLSX to a priced draft, against core's ``load()`` of the same lines by product code."""

import io

import xlsxwriter

from benchmarks.fixtures import create_distributor, create_products
from benchmarks.runner import at_least

LINES = 500


def run(bench):
    env = bench.env
    products = create_products(env, LINES)
    distributor = create_distributor(env, products)
    data = workbook(products)
    rows = load_rows(distributor, products)

    def take_in():
        return env["dms.order.intake"]._intake(distributor, data, "order.xlsx", "upload").order_id

    def load():
        result = env["sale.order"].load(["partner_id/.id", "order_line/product_id", "order_line/product_uom_qty"], rows)
        return env["sale.order"].browse(result["ids"])

    with bench.rolled_back():
        ours = facts(take_in())
    with bench.rolled_back():
        peer = facts(load())
    bench.check(ours, peer, "products, quantities, units, prices, taxes and totals")
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


def load_rows(distributor, products):
    rows = [["", product.default_code, str(number)] for number, product in enumerate(products, 1)]
    rows[0][0] = str(distributor.id)
    return rows


def facts(order):
    lines = [
        (line.product_id.id, line.product_uom_qty, line.product_uom_id.id, line.price_unit, line.discount, line.tax_ids.ids, line.name)
        for line in order.order_line
    ]
    return order.amount_total, order.pricelist_id.id, lines
