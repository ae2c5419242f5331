"""Scheme performance as a spreadsheet."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_TEXT = 500
HEADING = {"bold": True, "bg_color": "#E7ECF1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}


class PerformanceWorkbook:
    """Writes a cover and one sheet for each grouping; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param list filters: ``[(label, text)]`` for the cover
    :param list measures: ``[(label, number format)]`` with formats ``amount``, ``number`` or ``percent``
    :param digits: decimals of the company currency
    """

    def __init__(self, env, filters, measures, digits):
        self.env, self.filters, self.measures = env, filters, measures
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.formats = self._prepare_formats(f".{'0' * digits}" if digits else "")

    def _prepare_formats(self, fraction):
        text = {"num_format": "@"}
        properties = {
            "text": text,
            "quoted": {**text, "quote_prefix": True},
            "title": {**text, "bold": True, "font_size": 16},
            "heading": {**text, **HEADING},
            "heading_right": {**text, **HEADING, "align": "right"},
            "amount": {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}"},
            "number": {"num_format": "#,##0.##"},
            "percent": {"num_format": '0.0" %";[Red]-0.0" %"'},
            "strong": {**text, "bold": True, "top": 1},
        }
        for name in ("amount", "number", "percent"):
            properties[f"strong_{name}"] = {**properties[name], "bold": True, "top": 1}
        return {name: self.book.add_format({"font_name": "Arial", "font_size": 10, **values}) for name, values in properties.items()}

    def render(self, sheets):
        """The whole file.

        :param list sheets: ``[(name, rows, totals)]``; a row is ``(text, values)`` in the order of the measures
        :rtype: bytes
        """
        title = self.env._("Scheme Performance")
        self.book.set_properties({"title": title, "company": self.env.company.name})
        self._write_cover(title)
        for name, rows, totals in sheets:
            self._write_sheet(name, rows, totals)
        self.book.close()
        return self.buffer.getvalue()

    def _write_cover(self, title):
        sheet = self.book.add_worksheet(_sheet_name(self.env._("Cover")))
        self._text(sheet, 0, 0, title, "title")
        for row, (label, text) in enumerate(self.filters, 2):
            self._text(sheet, row, 0, label, "heading")
            self._text(sheet, row, 1, text)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 80)

    def _write_sheet(self, name, rows, totals):
        sheet = self.book.add_worksheet(_sheet_name(name))
        self._text(sheet, 0, 0, name, "heading")
        for column, (label, _format) in enumerate(self.measures, 1):
            self._text(sheet, 0, column, label, "heading_right")
        for row, (text, values) in enumerate(rows, 1):
            self._text(sheet, row, 0, text)
            self._write_values(sheet, row, values)
        last = len(rows) + 1
        self._text(sheet, last, 0, self.env._("Total"), "strong")
        self._write_values(sheet, last, totals, "strong_")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, len(self.measures), 16)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")

    def _write_values(self, sheet, row, values, prefix=""):
        for column, (value, (_label, kind)) in enumerate(zip(values, self.measures, strict=True), 1):
            if value is None:
                sheet.write_blank(row, column, None, self.formats[prefix + kind])
            else:
                sheet.write_number(row, column, value, self.formats[prefix + kind])

    def _text(self, sheet, row, column, text, style="text"):
        """Write text as text: no formula, no link, and no formula either once somebody edits the cell."""
        text = str(text or "")[:MAX_TEXT]
        if style == "text" and text.startswith(FORMULA_STARTS):
            style = "quoted"
        sheet.write_string(row, column, text, self.formats[style])


def _sheet_name(name):
    """A translated name as spreadsheets accept it: 31 characters, some of them not allowed."""
    return "".join(char for char in name if char not in "[]:*?/\\'")[:31]
