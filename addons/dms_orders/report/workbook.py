"""Spreadsheets that nobody's text turns into a formula: the ground of every workbook of the suite."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_TEXT = 500
FONT = {"font_name": "Arial", "font_size": 10}
HEADING = {"bold": True, "bg_color": "#E7ECF1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
TEXT = {"num_format": "@"}
STRONG = {"bold": True, "top": 1}


class Workbook:
    """A workbook with the suite's formats. Kinds of cells: ``text``, ``date``, ``amount``, ``number``, ``percent`` (of a hundred).

    :param env: environment in the language of the reader
    :param str title: of the whole
    :param int digits: decimals of its amounts
    """

    def __init__(self, env, title, digits=2):
        self.env, self.title = env, title
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.book.set_properties({"title": title, "company": env.company.name})
        self.formats = self._prepare_formats(f".{'0' * digits}" if digits else "")

    def _prepare_formats(self, fraction):
        cells = {
            "text": TEXT,
            "date": {"num_format": "yyyy-mm-dd", "align": "left"},
            "amount": {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}"},
            "number": {"num_format": "#,##0.###"},
            "percent": {"num_format": '0.0" %";[Red]-0.0" %"'},
        }
        properties = {
            **cells,
            **{f"strong_{kind}": {**values, **STRONG} for kind, values in cells.items()},
            "title": {**TEXT, "bold": True, "font_size": 16},
            "heading": {**TEXT, **HEADING},
            "heading_right": {**TEXT, **HEADING, "align": "right"},
        }
        quoted = {f"{name}_quoted": {**values, "quote_prefix": True} for name, values in properties.items() if values["num_format"] == "@"}
        return {name: self.book.add_format({**FONT, **values}) for name, values in {**properties, **quoted}.items()}

    # ------------------------------------------------------------ sheets

    def add_sheet(self, name):
        """A sheet by a translated name, made to what spreadsheets accept: 31 characters, some of them not allowed."""
        return self.book.add_worksheet("".join(char for char in name if char not in "[]:*?/\\'")[:31])

    def add_cover(self, filters):
        """A first page with the title and what was chosen, ``[(label, text)]``."""
        sheet = self.add_sheet(self.env._("Cover"))
        self.write_text(sheet, 0, 0, self.title, "title")
        for row, (label, text) in enumerate(filters, 2):
            self.write_text(sheet, row, 0, label, "heading")
            self.write_text(sheet, row, 1, text)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 80)
        return sheet

    def add_table(self, name, columns, rows, totals=None):
        """A sheet with a heading, rows and totals.

        :param list columns: ``[(label, kind, width in characters)]``
        :param rows: iterable of rows of values in that order; None leaves a cell empty
        :param totals: values of the last row, or None for no such row
        """
        sheet = self.add_sheet(name)
        for column, (label, kind, width) in enumerate(columns):
            self.write_text(sheet, 0, column, label, "heading" if kind in ("text", "date") else "heading_right")
            sheet.set_column(column, column, width)
        row = 0
        for row, values in enumerate(rows, 1):
            self.write_row(sheet, row, columns, values)
        if totals:
            self.write_row(sheet, row + 1, columns, totals, "strong_")
        self.set_page(sheet, 0)
        return sheet

    def set_page(self, sheet, header_row):
        """Landscape A4 as wide as a page; the heading stays in view and on each page."""
        sheet.freeze_panes(header_row + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(header_row)
        sheet.set_footer("&L&A&R&P / &N")

    # ------------------------------------------------------------ cells

    def write_row(self, sheet, row, columns, values, prefix=""):
        for column, (value, (_label, kind, *_width)) in enumerate(zip(values, columns, strict=True)):
            self.write_value(sheet, row, column, value, kind, prefix)

    def write_value(self, sheet, row, column, value, kind, prefix=""):
        if value is None:
            sheet.write_blank(row, column, None, self.formats[prefix + kind])
        elif kind == "text":
            self.write_text(sheet, row, column, value, f"{prefix}text")
        elif kind == "date":
            sheet.write_datetime(row, column, value, self.formats[f"{prefix}date"])
        else:
            sheet.write_number(row, column, value, self.formats[prefix + kind])

    def write_text(self, sheet, row, column, text, style="text"):
        """Write text as text: no formula, no link, and no formula either once somebody edits the cell."""
        text = str(text or "")[:MAX_TEXT]
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "  # xlsxwriter takes such a text for its own rich text and writes it as it is
        sheet.write_string(row, column, text, self.formats[f"{style}_quoted" if text.startswith(FORMULA_STARTS) else style])

    def close(self):
        """The whole file as bytes."""
        self.book.close()
        return self.buffer.getvalue()
