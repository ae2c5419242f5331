"""Comma, semicolon or tab separated text: its encoding and its separator found, never guessed from damage."""

import codecs
import csv
import io
import re
from statistics import median

from .columns import ORDER
from .errors import IntakeError
from .rows import HEADER_SEARCH, Cell, Table, clean, find_header

SEPARATORS = (",", ";", "\t")
MAX_LINES = 1_048_576  # blank ones too: as many as a spreadsheet has rows
_SAMPLE_LINES = 60
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF8_LETTER = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
_SEP_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)


def read_delimited(data, limits, words=ORDER):
    """Return (Table, header) of a text file, header as `rows.find_header` gives it (None when there is none)."""
    text = decode(data)
    text = re.sub(r"\r\n?", "\n", text) if "\r" in text else text
    declared = _SEP_LINE.match(text)
    if declared and declared[1] in SEPARATORS:
        table = _parse(text, declared[1], limits)
        return table, find_header(table, limits, words)
    return _best_reading(text, limits, words)


def read_sample(data, limits):
    """Return the Table of the first lines, under the separator that splits them into the most columns."""
    lines = re.sub(r"\r\n?", "\n", decode(data)).split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    tables = [_parse("\n".join(lines), separator, limits, lenient=True) for separator in SEPARATORS]
    return max(tables, key=lambda table: median(len(cells) for _number, cells in table.rows) if table.rows else 0)


def decode(data):
    """Return the text of UTF-8 (with or without BOM), UTF-16 with BOM or Windows-1252 bytes, without NUL."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(_decode_strictly(data[len(bom) :], encoding))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if _UTF8_LETTER.search(data):
        raise IntakeError("mixed_encoding", line=line)
    return _checked(_decode_strictly(data, "cp1252"))


def _decode_strictly(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise IntakeError("encoding", line=line) from error


def _checked(text):
    position = text.find("\0")
    if position >= 0:
        raise IntakeError("nul_bytes", line=text.count("\n", 0, position) + 1)
    return text


def _best_reading(text, limits, words):
    """Take the separator under which the header is recognised with the most columns."""
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    best, best_columns, failure = None, 0, None
    for separator in SEPARATORS:
        try:
            header = find_header(_parse(sample, separator, limits, lenient=True), limits, words)
        except IntakeError as error:
            failure = failure or error
            continue
        if header and len(header[1]) > best_columns:
            best, best_columns = separator, len(header[1])
    if best is None and failure:
        raise failure
    table = _parse(text if best else sample, best or ",", limits, lenient=best is None)
    return table, find_header(table, limits, words) if best else None


def _parse(text, separator, limits, lenient=False):
    """Return the Table; `lenient` while only looking for the header: a quote left open by the cut is no error."""
    rows, number = [], 0
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=not lenient)
    try:
        for number, values in enumerate(reader, start=1):
            if cells := _cells(values, limits):
                rows.append((number, cells))
            if len(rows) > limits.max_rows + HEADER_SEARCH or number > MAX_LINES:
                return Table("", tuple(rows), cut=True)
    except csv.Error as error:
        raise IntakeError("broken_csv", line=number + 1) from error
    return Table("", tuple(rows))


def _cells(values, limits):
    cells = {column: Cell(value) for column, value in enumerate(map(clean, values)) if value}
    if cells and max(cells) >= limits.max_columns:
        raise IntakeError("too_many_columns", limit=limits.max_columns)
    return cells
