"""The statement of a scheme as a spreadsheet."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_TEXT = 500


class SchemeWorkbook:
    """Writes one statement; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param accrual: ``dms.scheme.accrual`` with full rights
    :param dict statement: of ``dms.scheme._get_statement``
    """

    def __init__(self, env, accrual, statement):
        self.env, self.accrual, self.statement = env, accrual, statement
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        digits = accrual.currency_id.decimal_places
        fraction = f".{'0' * digits}" if digits else ""
        styles = {
            "text": {"num_format": "@"},
            "quoted": {"num_format": "@", "quote_prefix": True},
            "title": {"num_format": "@", "bold": True, "font_size": 16},
            "heading": {"num_format": "@", "bold": True, "bg_color": "#E7ECF1", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
            "date": {"num_format": "yyyy-mm-dd", "align": "left"},
            "number": {"num_format": "#,##0.###"},
            "amount": {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}"},
            "strong": {"num_format": "@", "bold": True, "top": 1},
            "strong_number": {"num_format": "#,##0.###", "bold": True, "top": 1},
            "strong_amount": {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}", "bold": True, "top": 1},
        }
        self.formats = {name: self.book.add_format({"font_name": "Arial", "font_size": 10, **style}) for name, style in styles.items()}

    def render(self):
        """:rtype: bytes"""
        self.book.set_properties({"title": self.statement["scheme"], "company": self.accrual.company_id.name})
        self._write_summary(self.book.add_worksheet(_sheet_name(self.env._("Scheme"))))
        self._write_documents(self.book.add_worksheet(_sheet_name(self.env._("Documents"))))
        self.book.close()
        return self.buffer.getvalue()

    # ------------------------------------------------------------ sheets

    def _write_summary(self, sheet):
        _ = self.env._
        statement, partner = self.statement, self.accrual.distributor_id
        name = f"{partner.name} ({partner.distributor_code})" if partner.distributor_code else partner.name
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 7, 16)
        self._text(sheet, 0, 0, statement["scheme"], "title")
        facts = [
            (_("Distributor"), name),
            (_("Period"), statement["period"]),
            (_("Base so far"), statement["base"]),
            (_("Slab reached"), statement["slab"]),
            (_("Next slab"), statement["next_slab"]),
            (_("Missing to the next slab"), statement["missing"]),
            (_("Currency"), self.accrual.currency_id.name),
        ]
        for row, (label, value) in enumerate(facts, 2):
            self._text(sheet, row, 0, label)
            self._text(sheet, row, 1, value)
        first = len(facts) + 3
        headings = (_("Month"), _("Base"), _("Accrued"), _("Settled"), _("Released"), _("Owed"), _("Credit Note"), _("Remark"))
        self._write_table(sheet, first, headings, statement["rows"], self._write_accrual)
        last = first + 1 + len(statement["rows"])
        self._text(sheet, last, 0, _("Total"), "strong")
        totals = (statement["base_amount"], *(statement[key] for key in ("accrued", "settled", "released", "open")))
        for column, total in enumerate(totals, 1):
            sheet.write_number(last, column, total, self.formats["strong_amount"])

    def _write_accrual(self, sheet, row, values):
        self._text(sheet, row, 0, values["period"])
        for column, key in enumerate(("base", "amount", "settled", "released", "open"), 1):
            sheet.write_number(row, column, values[key], self.formats["amount"])
        self._text(sheet, row, 6, values["credit_note"])
        self._text(sheet, row, 7, values["note"])

    def _write_documents(self, sheet):
        _ = self.env._
        documents = self.statement["documents"]
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 2, 22)
        sheet.set_column(3, 4, 16)
        headings = (_("Date"), _("Document"), _("Kind"), _("Quantity"), _("Base"))
        self._write_table(sheet, 0, headings, documents, self._write_document)
        last = len(documents) + 1
        self._text(sheet, last, 0, _("Total"), "strong")
        for column in (1, 2):
            self._text(sheet, last, column, "", "strong")
        sheet.write_number(last, 3, self.statement["base_quantity"], self.formats["strong_number"])
        sheet.write_number(last, 4, self.statement["base_amount"], self.formats["strong_amount"])
        sheet.freeze_panes(1, 0)

    def _write_document(self, sheet, row, values):
        sheet.write_datetime(row, 0, values["date"], self.formats["date"])
        self._text(sheet, row, 1, values["document"])
        self._text(sheet, row, 2, values["kind"])
        sheet.write_number(row, 3, values["quantity"], self.formats["number"])
        sheet.write_number(row, 4, values["amount"], self.formats["amount"])

    # ------------------------------------------------------------ cells

    def _write_table(self, sheet, first, headings, rows, write_row):
        for column, label in enumerate(headings):
            self._text(sheet, first, column, label, "heading")
        for number, values in enumerate(rows, first + 1):
            write_row(sheet, number, values)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)

    def _text(self, sheet, row, column, text, style="text"):
        """Write text as text; what looks like a formula is quoted, so that it stays text when it is edited."""
        text = (text or "")[:MAX_TEXT]
        if text.startswith(FORMULA_STARTS) and style == "text":
            style = "quoted"
        if text:
            sheet.write_string(row, column, text, self.formats[style])
        else:
            sheet.write_blank(row, column, None, self.formats[style])


def _sheet_name(text):
    """``text`` as a name that spreadsheets take."""
    clean = "".join(char for char in text if char not in "[]:*?/\\'")
    return clean[:31] or "Sheet"
