"""What a distributor earned by schemes, as a spreadsheet."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_TEXT = 500
HEADER_ROW = 5


class EarningsWorkbook:
    """Writes one sheet for each kind of benefit; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param distributor: ``res.partner`` with full rights
    :param tuple period: (first, last) day
    :param dict rows: ``{kind: rows}`` as ``dms.scheme._prepare_portal_earnings`` has them
    """

    def __init__(self, env, distributor, company, period, rows):
        self.env, self.distributor, self.company, self.period, self.rows = env, distributor, company, period, rows
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.formats = self._prepare_formats(company.currency_id.decimal_places)

    def _prepare_formats(self, digits):
        fraction = f".{'0' * digits}" if digits else ""
        text = {"num_format": "@"}
        properties = {
            "text": text,
            "quoted": {**text, "quote_prefix": True},
            "title": {**text, "bold": True, "font_size": 16},
            "heading": {**text, "bold": True, "bg_color": "#E7ECF1", "bottom": 1},
            "date": {"num_format": "yyyy-mm-dd", "align": "left"},
            "amount": {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}"},
        }
        return {name: self.book.add_format({"font_name": "Arial", "font_size": 10, **values}) for name, values in properties.items()}

    def render(self):
        """:rtype: bytes"""
        _ = self.env._
        titles = {"on_invoice": _("Off your orders"), "accrued": _("To be credited"), "settled": _("Credited")}
        for kind, rows in self.rows.items():
            sheet = self.book.add_worksheet("".join(char for char in titles[kind] if char not in "[]:*?/\\'")[:31])
            self._write_head(sheet, titles[kind])
            for row, values in enumerate(rows, HEADER_ROW + 1):
                self._write_row(sheet, row, values)
        self.book.close()
        return self.buffer.getvalue()

    def _write_head(self, sheet, title):
        _ = self.env._
        first, last = (day.isoformat() for day in self.period)
        self._text(sheet, 0, 0, title, "title")
        self._text(sheet, 1, 0, self.company.name)
        self._text(sheet, 2, 0, f"{self.distributor.name} ({self.distributor.distributor_code or ''})")
        self._text(sheet, 3, 0, _("From %(first)s to %(last)s", first=first, last=last))
        for column, (label, width) in enumerate(self._get_columns()):
            sheet.set_column(column, column, width)
            self._text(sheet, HEADER_ROW, column, label, "heading")
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _get_columns(self):
        _ = self.env._
        return [
            (_("Date"), 12),
            (_("Scheme"), 34),
            (_("For"), 48),
            (_("Documents"), 30),
            (_("Status"), 18),
            (_("Amount"), 15),
            (_("Currency"), 10),
        ]

    def _write_row(self, sheet, row, values):
        sheet.write_datetime(row, 0, values["date"], self.formats["date"])
        documents = ", ".join(label for label, _url in values["documents"])
        for column, text in enumerate((values["scheme"], values["text"], documents, values["state"]), 1):
            self._text(sheet, row, column, text)
        sheet.write_number(row, 5, values["amount"], self.formats["amount"])
        self._text(sheet, row, 6, values["currency"].name)

    def _text(self, sheet, row, column, text, style="text"):
        """Write text as text: no formula, no link, and no formula either once somebody edits the cell."""
        text = str(text or "")[:MAX_TEXT]
        if style == "text" and text.startswith(FORMULA_STARTS):
            style = "quoted"
        sheet.write_string(row, column, text, self.formats[style])
