"""The list that a distributor fills in, as a spreadsheet."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTHS = (18, 44, 18, 14, 14, 24)


def write_template(headers, rows):
    """Return the bytes of a workbook with these columns; every text is written as text, whatever it looks like.

    :param headers: names of the columns
    :param rows: lists of texts, one for each column from the left; the last columns may be left out
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        text = {"font_name": "Arial", "font_size": 10, "num_format": "@"}
        plain, quoted = book.add_format(text), book.add_format({**text, "quote_prefix": True})
        head = book.add_format({**text, "bold": True, "bg_color": "#E7ECF1", "bottom": 1})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(_WIDTHS[: len(headers)]):
            sheet.set_column(column, column, width, plain)
            sheet.write_string(0, column, headers[column], head)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value[:500], quoted if value.startswith(_FORMULA_STARTS) else plain)
    return buffer.getvalue()
