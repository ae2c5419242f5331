"""The list that a distributor fills in and sends back, as a spreadsheet."""

from odoo.addons.dms_orders.report.workbook import Workbook

#: under words that the intake knows, whatever the language of the reader
_COLUMNS = [
    ("Product code", "text", 18),
    ("Product name", "text", 44),
    ("Lot", "text", 18),
    ("Unit", "text", 14),
    ("Quantity", "number", 14),
]
_RETAILER = ("Retailer", "text", 24)


def write_template(env, title, kind, sheet):
    """Return the bytes of a workbook with a row for each row of ``dms.stock.statement._get_portal_sheet``, quantities empty."""
    book = Workbook(env, title)
    more = [_RETAILER] if kind == "sellout" else []
    rows = ([row["code"], row["name"], row["lot"], row["units"][0][1], None, *(None for _column in more)] for row in sheet)
    book.add_table(title, _COLUMNS + more, rows)
    return book.close()
