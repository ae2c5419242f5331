"""From a table of cells to order rows: the header found by name, each row with its number and what is wrong with it."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import category

from . import columns
from .errors import IntakeError, Problem
from .numbers import parse_quantity, quantity_from_number, shown

HEADER_SEARCH = 20  # rows with content that are looked at for the header
_DAMAGED = re.compile(r"\d[.,]\d+[eE]\+\d+", re.ASCII)  # what a spreadsheet writes for a long number it shortened
_EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
_PLAIN_INTEGER = re.compile(r"\d+(?:\.0*)?(?:[eE]\+?\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `kind`: text, number, date, scientific, percent, boolean, formula or error; `pad`: digits shown."""

    text: str
    kind: str = "text"
    pad: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The rows with content of one sheet: (1-based row number, {0-based column: Cell}); `cut`: there were more."""

    name: str
    rows: tuple
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row. Texts are as the file has them, of fields beyond an order's (`Words.more`) in `more`; `quantity` is None
    exactly when a problem says why."""

    number: int
    code: str = ""
    barcode: str = ""
    name: str = ""
    quantity_text: str = ""
    unit: str = ""
    note: str = ""
    quantity: Decimal | None = None
    problems: tuple = ()
    more: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table holds: its rows, and the file's own header text of each column that was used."""

    rows: tuple
    headers: dict
    name: str = ""


def clean(text):
    """Return a cell's text without surrounding blanks (also the invisible ones) and control characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    visible = "".join(" " if category(char) == "Cc" else char for char in text if category(char) != "Cf")
    return visible.strip()


_NOTHING = Cell("")


def find_header(table, limits, words=columns.ORDER):
    """Return (index in table.rows, {field: column}) or None; IntakeError when two columns claim one field."""
    for index, (_number, cells) in enumerate(table.rows[:HEADER_SEARCH]):
        found = columns.recognise({column: cell.text for column, cell in cells.items() if column < limits.max_columns}, words)
        if found:
            return index, found
    return None


def read_table(table, header, limits, words=columns.ORDER):
    """Return the Sheet under a header that `find_header` gave."""
    index, fields = header
    body = table.rows[index + 1 :]
    if table.cut or len(body) > limits.max_rows:
        raise IntakeError("too_many_rows", limit=limits.max_rows)
    rows = tuple(_read_rows(body, fields, limits, words))
    if not rows:
        raise IntakeError("no_rows")
    headers = {name: table.rows[index][1].get(column, _NOTHING).text for name, column in fields.items()}
    return Sheet(rows, headers, table.name)


def no_header(table):
    """Return the error that repeats what the first row with content says."""
    cells = table.rows[0][1] if table.rows else {}
    texts = [shown(cell.text) for _column, cell in sorted(cells.items())[:10] if cell.text]
    return IntakeError("no_header", found=", ".join(texts))


def make_row(number, texts, quantity=None, problems=(), more=None):
    """Return a Row from clean texts by field name, adding the problem of a row that names no product."""
    if not any(texts.get(name) for name in ("code", "barcode", "name")) and not problems:
        problems = (*problems, Problem("product_missing"))
    return Row(
        number,
        code=texts.get("code", ""),
        barcode=texts.get("barcode", ""),
        name=texts.get("name", ""),
        quantity_text=texts.get("quantity", ""),
        unit=texts.get("unit", ""),
        note=texts.get("note", ""),
        quantity=None if problems else quantity,
        problems=tuple(problems),
        more=more or {},
    )


def _read_rows(body, fields, limits, words):
    for number, cells in body:
        wanted = {name: cells[column] for name, column in fields.items() if column in cells}
        if any(wanted[name].text for name in columns.NEEDED if name in wanted):
            yield _read_row(number, wanted, limits, words)


def _read_row(number, cells, limits, words):
    texts, problems, quantity = {}, [], None
    if any(name in cells for name in columns.CODES) and not _is_plain(cells.get("name", _NOTHING)):
        cells = {name: cell for name, cell in cells.items() if name != "name"}  # looked up by formula: not needed
    for name, cell in cells.items():
        try:
            texts[name] = _read_cell(name, cell, limits, words)
        except IntakeError as error:
            texts[name] = shown(cell.text)
            problems.append(error.problem)
    if not problems:
        try:
            quantity = _read_quantity(cells.get("quantity", _NOTHING), limits)
        except IntakeError as error:
            problems.append(error.problem)
    more = {name: texts[name] for name in words.more if texts.get(name)}
    return make_row(number, _spread_product(texts), quantity, problems, more)


def _spread_product(texts):
    """A column that says only "product" may hold a code or a name: it is looked up as both."""
    product = texts.pop("product", "")
    if product:
        texts["code"] = texts.get("code") or product
        texts["name"] = texts.get("name") or product
    return texts


def _read_cell(name, cell, limits, words):
    if len(cell.text) > limits.max_cell:
        raise IntakeError("cell_too_long", limit=limits.max_cell)
    if name == "note":
        return cell.text
    if cell.kind == "formula" or (cell.kind == "text" and not _is_plain(cell)):
        raise IntakeError("cell_formula")
    if cell.kind == "error":
        raise IntakeError("cell_error", value=shown(cell.text))
    if name in words.codes:
        return _read_code(cell)
    if name in words.dates and cell.kind == "date":
        return _show_day(cell.text)
    return cell.text if cell.kind == "text" else _show_number(cell.text)


def _is_plain(cell):
    return cell.kind == "text" and not cell.text.startswith("=")


def _show_number(text):
    """Return a stored number with the 15 digits a sheet shows (`0.30000000000000004` is 0.3)."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def _show_day(text):
    """Return a stored day, counted from the last of 1899, as `2026-01-31`; one beyond all days as it is stored."""
    try:
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    except (ValueError, OverflowError):
        return text[:10]


def _read_code(cell):
    """Return a code as text. A number is taken only when it can have been typed in one way: whole, of at most 15
    digits, and not shown as a date, a percentage or with an exponent (`1E5` typed into a cell is such a number).
    """
    if cell.kind == "text":
        if _DAMAGED.fullmatch(cell.text):
            raise IntakeError("code_damaged", value=shown(cell.text))
        return cell.text
    if cell.kind != "number" or not _PLAIN_INTEGER.fullmatch(cell.text):
        raise IntakeError("code_number", value=shown(cell.text))
    number = Decimal(cell.text)
    if number >= 10**_EXACT_DIGITS or number != number.to_integral_value():
        raise IntakeError("code_number", value=shown(cell.text))
    return f"{number:.0f}".zfill(cell.pad)


def _read_quantity(cell, limits):
    if cell.kind == "text":
        return parse_quantity(cell.text, limits.max_quantity, limits.signed)
    if cell.kind in ("number", "scientific"):
        return quantity_from_number(cell.text, limits.max_quantity, limits.signed)
    code = "quantity_date" if cell.kind == "date" else "quantity_not_number"
    raise IntakeError(code, value=shown(cell.text))
