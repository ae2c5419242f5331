"""Pasted lines `code quantity [unit]` to the same rows a file gives."""

import re

from .columns import ORDER
from .delimited import read_delimited
from .errors import IntakeError, Problem
from .numbers import parse_quantity, shown
from .rows import Sheet, clean, make_row, read_table
from .upload import DEFAULT_LIMITS

_QUANTITY = r"[-+(\u2212]?(?:\d(?:[\d.,'’]*\d)?|[.,]\d+)(?:[eE][+-]?\d+)?[-)]?"
_UNIT = r"(?P<unit>[^\W\d_].*)"
# The code ends before the first quantity after which nothing, or a unit, follows.
_SPACED = re.compile(rf"(?P<code>\S(?:.*?[^,])?) (?:[xX×*] ?)?(?P<quantity>{_QUANTITY})(?:[ ,]*{_UNIT})?")
_COMMA = re.compile(rf"(?P<code>[^,]+?) ?, ?(?P<quantity>{_QUANTITY})(?:[ ,]*{_UNIT})?")


def read_lines(text, limits=DEFAULT_LIMITS, words=ORDER):
    """Return the `rows.Sheet` of pasted text; row numbers are line numbers, blank lines are passed over.

    Between code, quantity and unit stand a tab, a semicolon, a comma, blanks or an x (`ABC x 12`). Text copied out of
    a spreadsheet with its header is read by the header. Raises IntakeError.
    """
    if "\0" in text:
        raise IntakeError("nul_bytes", line=text.count("\n", 0, text.index("\0")) + 1)
    if len(text) > limits.max_bytes:
        raise IntakeError("too_big", limit_mb=limits.max_bytes // (1024 * 1024))
    return _read_with_header(text, limits, words) or _read_plain(text, limits)


def _read_with_header(text, limits, words):
    lines = [line for line in text.splitlines()[:5] if line.strip()]
    if len(lines) < 2 or not any(separator in lines[0] for separator in "\t;,"):
        return None
    try:
        table, header = read_delimited(text.encode("utf-8", "replace"), limits, words)
    except IntakeError as error:
        if error.code in ("too_many_rows", "duplicate_header"):
            raise
        return None
    return read_table(table, header, limits, words) if header and header[0] == 0 else None


def _read_plain(text, limits):
    numbered = [(number, clean(line)) for number, line in enumerate(text.splitlines(), start=1)]
    numbered = [(number, line) for number, line in numbered if line]
    if not numbered:
        raise IntakeError("empty")
    if len(numbered) > limits.max_rows:
        raise IntakeError("too_many_rows", limit=limits.max_rows)
    return Sheet(tuple(_read_line(number, line, limits) for number, line in numbered), {})


def _read_line(number, line, limits):
    if len(line) > limits.max_cell:
        return make_row(number, {"code": shown(line)}, problems=[Problem("cell_too_long", {"limit": limits.max_cell})])
    texts, separator = _split(re.sub(r"[^\S\t]+", " ", line))
    try:
        if separator == "," and "," in texts["quantity"]:
            raise IntakeError("quantity_ambiguous", value=shown(texts["quantity"]))
        return make_row(number, texts, parse_quantity(texts["quantity"], limits.max_quantity, limits.signed))
    except IntakeError as error:
        return make_row(number, texts, problems=[error.problem])


def _split(line):
    """Return ({code, quantity, unit}, separator); a line without anything like a quantity is all code."""
    for separator in "\t;":
        if separator in line:
            parts = [part.strip() for part in line.split(separator)] + ["", ""]
            quantity = re.sub(r"^[xX×*] ?", "", parts[1])
            return {"code": parts[0], "quantity": quantity, "unit": parts[2]}, separator
    for separator, pattern in ((" ", _SPACED), (",", _COMMA)):
        if match := pattern.fullmatch(line):
            return {name: (value or "").strip() for name, value in match.groupdict().items()}, separator
    return {"code": line, "quantity": "", "unit": ""}, " "
