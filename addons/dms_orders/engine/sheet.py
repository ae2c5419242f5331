"""Files of rows, an order's or another list's: XLSX and separated text to plain rows."""

from .columns import ORDER
from .delimited import read_delimited, read_sample
from .errors import IntakeError
from .numbers import shown
from .rows import find_header, no_header, read_table
from .upload import DEFAULT_LIMITS, kind_of
from .xlsx import read_workbook


def read_rows(data, filename, limits=DEFAULT_LIMITS, words=ORDER):
    """Return the `rows.Sheet` of a file of bytes `data`, an order unless `words` are another list's.

    Columns are found by the names in a header row. Row numbers are those the file has when opened in a spreadsheet.
    What is wrong with one row stands on the row; IntakeError says what is wrong with the file (codes in `errors`).
    """
    kind = kind_of(data, filename, limits)
    if kind == "xlsx":
        table, header = _find_sheet(data, limits, words)
    elif kind == "text":
        table, header = read_delimited(data, limits, words)
    else:
        raise IntakeError("not_spreadsheet")
    if not table.rows:
        raise IntakeError("empty")
    if header is None:
        raise no_header(table)
    return read_table(table, header, limits, words)


def read_first_rows(data, filename, limits=DEFAULT_LIMITS, count=15):
    """Return [(row number, {column: text})] of the first rows with content, of the fullest sheet: for somebody to look at."""
    if kind_of(data, filename, limits) == "xlsx":
        table = max(read_workbook(data, limits), key=lambda table: len(table.rows), default=None)
    else:
        table = read_sample(data, limits)
    rows = table.rows[:count] if table else ()
    return [(number, {column: cell.text for column, cell in cells.items() if column < limits.max_columns}) for number, cells in rows]


def _find_sheet(data, limits, words):
    """Return (Table, header) of the one visible sheet with a header; a second one is refused, not dropped."""
    chosen = first = None
    for table in read_workbook(data, limits):
        first = first or (table if table.rows else None)
        header = find_header(table, limits, words)
        if header and chosen:
            raise IntakeError("several_sheets", first=shown(chosen[0].name), second=shown(table.name))
        if header:
            chosen = table, header
    if chosen is None and first is None:
        raise IntakeError("empty")
    return chosen or (first, None)
