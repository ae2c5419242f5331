"""Order files of rows: XLSX and separated text to plain rows."""

from .delimited import read_delimited
from .errors import IntakeError
from .numbers import shown
from .rows import find_header, no_header, read_table
from .upload import DEFAULT_LIMITS, kind_of
from .xlsx import read_workbook


def read_rows(data, filename, limits=DEFAULT_LIMITS):
    """Return the `rows.Sheet` of an order file of bytes `data`.

    Columns are found by the names in a header row. Row numbers are those the file has when opened in a spreadsheet.
    What is wrong with one row stands on the row; IntakeError says what is wrong with the file (codes in `errors`).
    """
    kind = kind_of(data, filename, limits)
    if kind == "xlsx":
        table, header = _find_order_sheet(data, limits)
    elif kind == "text":
        table, header = read_delimited(data, limits)
    else:
        raise IntakeError("not_spreadsheet")
    if not table.rows:
        raise IntakeError("empty")
    if header is None:
        raise no_header(table)
    return read_table(table, header, limits)


def _find_order_sheet(data, limits):
    """Return (Table, header) of the one visible sheet with a header; a second one is refused, not dropped."""
    chosen = first = None
    for table in read_workbook(data, limits):
        first = first or (table if table.rows else None)
        header = find_header(table, limits)
        if header and chosen:
            raise IntakeError("several_sheets", first=shown(chosen[0].name), second=shown(table.name))
        if header:
            chosen = table, header
    if chosen is None and first is None:
        raise IntakeError("empty")
    return chosen or (first, None)
