"""One shape for everything that orders arrive in: a sheet, pasted lines or a UBL order."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from .paste import read_lines
from .sheet import read_rows
from .ubl import UblOrder, parse_order
from .upload import DEFAULT_LIMITS, kind_of

MAX_PRICE = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Item:
    """One ordered item as the input names it.

    `code` is the seller's code as far as the input can tell, `buyer_code` the buyer's own. `quantity` counts `unit`
    (its text or UN/ECE code; "" is the product's own) and is None exactly when a problem says why. `price` is the
    input's untaxed price for one `unit`, None when it has none that can be compared.
    """

    number: int
    code: str = ""
    barcode: str = ""
    buyer_code: str = ""
    name: str = ""
    quantity_text: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    note: str = ""
    price: Decimal | None = None
    currency: str = ""
    problems: tuple = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An order input: its kind (`sheet`, `paste`, `ubl`), its items, a checksum, and the UBL order it was."""

    source: str
    items: tuple
    checksum: str
    order: UblOrder | None = None


def read_document(data, filename, limits=DEFAULT_LIMITS):
    """Return the Document in a file. Raises IntakeError."""
    checksum = hashlib.sha256(data).hexdigest()
    if kind_of(data, filename, limits) == "xml":
        order = parse_order(data, limits)
        return Document("ubl", tuple(map(_item_of_line, order.lines)), checksum, order)
    return Document("sheet", tuple(map(_item_of_row, read_rows(data, filename, limits).rows)), checksum)


def read_pasted(text, day, limits=DEFAULT_LIMITS):
    """Return the Document in pasted lines. Raises IntakeError.

    The checksum takes in the `day` (a date): the same lines may be pasted again next week, not twice on one day.
    """
    rows = read_lines(text, limits).rows
    normal = "\n".join([day.isoformat(), *(" ".join(line.split()) for line in text.splitlines() if line.strip())])
    return Document("paste", tuple(map(_item_of_row, rows)), hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest())


def _item_of_row(row):
    return Item(
        number=row.number,
        code=row.code,
        barcode=row.barcode,
        name=row.name,
        quantity_text=row.quantity_text,
        quantity=row.quantity,
        unit=row.unit,
        note=row.note,
        problems=row.problems,
    )


def _item_of_line(line):
    return Item(
        number=line.number,
        code=line.seller_code,
        barcode=line.standard_id.value if line.standard_id else "",
        buyer_code=line.buyer_code,
        name=line.name,
        quantity_text=line.quantity_text,
        quantity=line.quantity,
        unit=line.unit_code,
        note=line.note,
        price=_price_for_one(line),
        currency=line.currency,
        problems=line.problems,
    )


def _price_for_one(line):
    """Return the price of one unit, None when it is for another unit than the quantity or out of all bounds."""
    base = line.base_quantity or Decimal(1)
    if line.price is None or base <= 0 or line.base_unit not in ("", line.unit_code):
        return None
    price = line.price / base
    return price if 0 <= price <= MAX_PRICE else None
