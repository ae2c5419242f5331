"""Which documents a row of facts is made of: the sources of :mod:`.fact_sources`, asked for the row of the document instead of sums."""

from typing import NamedTuple

from odoo.tools import SQL

from .dms_sales_measure import DIMENSIONS
from .fact_sources import ACCRUED, INVOICED, MOVED, ORDERED, REDUCED, SOLD_OUT

KEY = ("date", *DIMENSIONS)
TYPES = {"date": "date", "order_channel": "varchar"}


class Basis(NamedTuple):
    """Documents that a figure opens: their model, the source that sums them, and which of its rows (SQL text on ``d``)."""

    model: str
    source: str
    condition: str = "TRUE"


BASES = {
    "orders": Basis("sale.order.line", ORDERED),
    "deliveries": Basis("stock.move", MOVED, "d.free_qty IS NULL"),
    "free_goods": Basis("stock.move", MOVED, "d.free_qty IS NOT NULL"),
    "invoices": Basis("account.move.line", INVOICED),
    "benefits": Basis("dms.scheme.application.line", REDUCED),
    "accruals": Basis("dms.scheme.accrual", ACCRUED),
    "sellout": Basis("dms.stock.ledger", SOLD_OUT),
}


def rows_query(keys):
    """SQL of rows with the columns ``KEY``.

    :param keys: list of tuples in the order of ``KEY``: a day, ids or None, a channel or None
    """
    columns = zip(*keys, strict=True)
    arrays = SQL(", ").join(SQL("%s::%s[]", list(values), SQL(TYPES.get(name, "int4"))) for name, values in zip(KEY, columns, strict=True))
    return SQL("SELECT * FROM unnest(%s) AS w(%s)", arrays, SQL(", ".join(KEY)))


def documents_query(basis, span, rows):
    """SQL of the ids of the documents that rows of facts sum.

    :param span: SQL of the span of the rows' days, see :mod:`.fact_sources`
    :param rows: SQL of the rows, see :func:`rows_query`
    """
    same = " AND ".join(f"d.{name} IS NOT DISTINCT FROM w.{name}" for name in KEY if name not in ("date", "company_id", "distributor_id"))
    text = f"""
        WITH span AS MATERIALIZED (%s), wanted AS MATERIALIZED (%s)
        SELECT DISTINCT d.source_id FROM ({basis.source.replace("%", "%%")}) d
          JOIN wanted w ON w.date = d.date AND w.company_id = d.company_id AND w.distributor_id = d.distributor_id AND {same}
         WHERE {basis.condition}
    """
    return SQL(text, span, rows)  # pylint: disable=sql-injection
