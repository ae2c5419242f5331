"""What a report of sell-out or of a count says, row by row: read, never guessed."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date

from odoo.addons.dms_orders.engine.document import Item
from odoo.addons.dms_orders.engine.errors import IntakeError, Problem
from odoo.addons.dms_orders.engine.numbers import parse_quantity, shown
from odoo.addons.dms_orders.engine.paste import read_lines
from odoo.addons.dms_orders.engine.sheet import read_first_rows, read_rows
from odoo.addons.dms_orders.engine.upload import DEFAULT_LIMITS

#: what can be wrong with a row beyond what the orders' engine knows, with the names of its values
CODES = {
    "price_unreadable": ("value",),
    "date_unreadable": ("value",),
    "date_later": ("value", "day"),
}
#: codes of a file whose columns somebody has to name
UNKNOWN_COLUMNS = ("no_header", "duplicate_header")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?: .*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class StatementItem(Item):
    """One row. `lot`, `retailer` are texts; `price` is untaxed as in `Item`; the day of a row has been checked."""

    lot: str = ""
    retailer: str = ""
    price_text: str = ""
    date_text: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of an input and the checksum by which it is known again."""

    items: tuple
    checksum: str


class ColumnsUnknown(Exception):
    """Nobody has said yet what the columns of this file mean. `error`: why; `rows`: as `sheet.read_first_rows` gives them."""

    def __init__(self, error, rows):
        super().__init__(error.code)
        self.error = error
        self.rows = rows


def read_file(data, filename, words, day, limits=DEFAULT_LIMITS):
    """Return the Report in a file.

    :param words: of `statement_columns.get_words`
    :param day: date of the statement; a row of a later day has a problem
    :raise ColumnsUnknown: the columns have to be named by somebody
    :raise IntakeError: the file cannot be read at all
    """
    limits = replace(limits, signed=True)
    try:
        sheet = read_rows(data, filename, limits, words)
    except IntakeError as error:
        if error.code in UNKNOWN_COLUMNS:
            raise ColumnsUnknown(error, read_first_rows(data, filename, limits)) from error
        raise
    return Report(tuple(_make_item(row, day) for row in sheet.rows), checksum_of(data))


def read_text(text, words, day, limits=DEFAULT_LIMITS):
    """Return the Report in pasted lines; the same lines may come again for another day. Raises IntakeError."""
    sheet = read_lines(text, replace(limits, signed=True), words)
    normal = "\n".join([day.isoformat(), *(" ".join(line.split()) for line in text.splitlines() if line.strip())])
    return Report(tuple(_make_item(row, day) for row in sheet.rows), checksum_of(normal.encode("utf-8", "replace")))


def checksum_of(data):
    return hashlib.sha256(data).hexdigest()


def make_item(number, texts, day):
    """Return the StatementItem of texts by field, as somebody corrected them: `code`, `barcode`, `name`, `quantity`, `unit`, `lot`,
    `retailer`, `price`, `date`."""
    problems, quantity = [], None
    try:
        quantity = parse_quantity(texts.get("quantity") or "", signed=True)
    except IntakeError as error:
        problems.append(error.problem)
    if not any(texts.get(name) for name in ("code", "barcode", "name")):
        problems.append(Problem("product_missing"))
    return _complete(StatementItem(number, quantity=quantity, problems=tuple(problems)), texts, day)


def _make_item(row, day):
    texts = {
        "code": row.code,
        "barcode": row.barcode,
        "name": row.name,
        "quantity": row.quantity_text,
        "unit": row.unit,
        **row.more,
    }
    return _complete(StatementItem(row.number, quantity=row.quantity, note=row.note, problems=row.problems), texts, day)


def _complete(item, texts, day):
    """Add the texts of a row to it, and what is wrong with its price and its day."""
    price, problems = _read_price(texts.get("price", ""))
    problems = (*item.problems, *problems, *_check_day(texts.get("date", ""), day))
    return replace(
        item,
        code=texts.get("code", ""),
        barcode=texts.get("barcode", ""),
        name=texts.get("name", ""),
        quantity_text=texts.get("quantity", ""),
        unit=texts.get("unit", ""),
        lot=texts.get("lot", ""),
        retailer=texts.get("retailer", ""),
        price=price,
        price_text=texts.get("price", ""),
        date_text=texts.get("date", ""),
        quantity=None if item.problems else item.quantity,
        problems=problems,
    )


def _read_price(text):
    if not text:
        return None, ()
    try:
        return parse_quantity(re.sub(r"[^\d.,' \u00a0-]", "", text) if len(text) < 40 else text, signed=True), ()
    except IntakeError:
        return None, (Problem("price_unreadable", {"value": shown(text)}),)


def _check_day(text, day):
    """The problem of a day that cannot be read, or that is after the day of the statement; none of any other."""
    if not text:
        return ()
    days = read_days(text)
    if not days:
        return (Problem("date_unreadable", {"value": shown(text)}),)
    if max(days) > day:
        return (Problem("date_later", {"value": shown(text), "day": day.isoformat()}),)
    return ()


def read_days(text):
    """Return the days that a text may mean, none when it is no day: `03/04/2026` may be two."""
    if match := _ISO.fullmatch(text):
        return _days((match[1], match[2], match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        american = [(match[4], match[1], match[3])] if match[2] == "/" else []
        return _days((match[4], match[3], match[1]), *american)
    return ()


def _days(*triples):
    days = []
    for year, month, day in triples:
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(days)


def show_quantity(number):
    """Return a Decimal (None: "") as text that has one reading: `1.125` could be thousands, `1.1250` could not."""
    if number is None:
        return ""
    text = f"{number:f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
