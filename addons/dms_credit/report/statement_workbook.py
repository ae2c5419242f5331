"""The statement of account as a spreadsheet."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_TEXT = 500
HEADER_ROW = 5
DATE_FORMAT = "yyyy-mm-dd"


class StatementWorkbook:
    """Writes one statement; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param account: ``dms.credit.account`` with full rights
    :param dict statement: one value of ``_get_statement``
    """

    def __init__(self, env, account, statement):
        self.env, self.account, self.statement = env, account, statement
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.formats = self._prepare_formats(account.currency_id.decimal_places)

    def _prepare_formats(self, digits):
        fraction = f".{'0' * digits}" if digits else ""
        amount = {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}"}
        text, strong = {"num_format": "@"}, {"bold": True, "top": 1}
        properties = {
            "text": text,
            "quoted": {**text, "quote_prefix": True},
            "title": {**text, "bold": True, "font_size": 16},
            "title_quoted": {**text, "bold": True, "font_size": 16, "quote_prefix": True},
            "heading": {**text, "bold": True, "bg_color": "#E7ECF1", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
            "heading_right": {
                **text,
                "bold": True,
                "bg_color": "#E7ECF1",
                "bottom": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "align": "right",
            },
            "date": {"num_format": DATE_FORMAT, "align": "left"},
            "amount": amount,
            "strong": {**text, **strong},
            "strong_date": {"num_format": DATE_FORMAT, "align": "left", **strong},
            "strong_amount": {**amount, **strong},
        }
        return {name: self.book.add_format({"font_name": "Arial", "font_size": 10, **values}) for name, values in properties.items()}

    def render(self):
        """:rtype: bytes"""
        _ = self.env._
        self.book.set_properties({"title": _("Statement of Account"), "company": self.account.company_id.name})
        self._write_statement(self.book.add_worksheet(_sheet_name(_("Statement"))))
        self._write_ageing(self.book.add_worksheet(_sheet_name(_("Ageing"))))
        self.book.close()
        return self.buffer.getvalue()

    # ------------------------------------------------------------ sheets

    def _write_statement(self, sheet):
        self._write_head(sheet)
        for column, (label, width, style) in enumerate(self._get_columns()):
            sheet.set_column(column, column, width)
            self._text(sheet, HEADER_ROW, column, label, style)
        statement, first = self.statement, HEADER_ROW + 1
        self._write_balance(sheet, first, statement["date_from"], self.env._("Opening balance"), statement["opening_balance"])
        for row, line in enumerate(statement["lines"], first + 1):
            self._write_line(sheet, row, line)
        last, totals = first + 1 + len(statement["lines"]), (statement["debit"], statement["credit"])
        self._write_balance(sheet, last, statement["date_to"], self.env._("Closing balance"), statement["closing_balance"], totals)
        self._set_page(sheet, HEADER_ROW)

    def _get_columns(self):
        """(label, width, format of the label) in order."""
        _ = self.env._
        return [
            (_("Date"), 12, "heading"),
            (_("Document"), 22, "heading"),
            (_("Kind"), 20, "heading"),
            (_("Reference"), 34, "heading"),
            (_("Due Date"), 12, "heading"),
            (_("Debit"), 15, "heading_right"),
            (_("Credit"), 15, "heading_right"),
            (_("Balance"), 16, "heading_right"),
            (_("Amount in Currency"), 16, "heading_right"),
            (_("Currency"), 10, "heading"),
        ]

    def _write_head(self, sheet):
        _ = self.env._
        partner, statement = self.account.partner_id, self.statement
        name = f"{partner.name} ({partner.distributor_code})" if partner.distributor_code else partner.name
        period = _("From %(first)s to %(last)s", first=statement["date_from"].isoformat(), last=statement["date_to"].isoformat())
        self._text(sheet, 0, 0, _("Statement of Account"), "title")
        self._text(sheet, 1, 0, self.account.company_id.name)
        self._text(sheet, 2, 0, name)
        self._text(sheet, 3, 0, _("%(period)s, amounts in %(currency)s", period=period, currency=self.account.currency_id.name))

    def _write_line(self, sheet, row, line):
        sheet.write_datetime(row, 0, line["date"], self.formats["date"])
        for column, name in enumerate(("name", "kind_label", "ref"), 1):
            self._text(sheet, row, column, line[name])
        sheet.write_datetime(row, 4, line["date_due"], self.formats["date"])
        for column, name in ((5, "debit"), (6, "credit")):
            if line[name]:
                sheet.write_number(row, column, line[name], self.formats["amount"])
        sheet.write_number(row, 7, line["balance"], self.formats["amount"])
        if line["currency"]:
            sheet.write_number(row, 8, line["amount_currency"], self.formats["amount"])
            self._text(sheet, row, 9, line["currency"])

    def _write_balance(self, sheet, row, day, label, amount, totals=(None, None)):
        for column in range(10):
            sheet.write_blank(row, column, None, self.formats["strong"])
        sheet.write_datetime(row, 0, day, self.formats["strong_date"])
        self._text(sheet, row, 1, label, "strong")
        for column, total in enumerate((*totals, amount), 5):
            if total is not None:
                sheet.write_number(row, column, total, self.formats["strong_amount"])

    def _write_ageing(self, sheet):
        _ = self.env._
        labels = self.account._get_bucket_labels(self.env)
        self._text(sheet, 0, 0, _("Open on %(day)s by days past due", day=self.statement["date_to"].isoformat()), "title")
        self._text(sheet, 2, 0, _("Days Past Due"), "heading")
        self._text(sheet, 2, 1, self.account.currency_id.name, "heading_right")
        for row, (name, amount) in enumerate(self.statement["ageing"].items(), 3):
            self._text(sheet, row, 0, labels[name])
            sheet.write_number(row, 1, amount, self.formats["amount"])
        last = 3 + len(labels)
        self._text(sheet, last, 0, _("Closing balance"), "strong")
        sheet.write_number(last, 1, self.statement["closing_balance"], self.formats["strong_amount"])
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 18)
        self._set_page(sheet, 2)

    # ------------------------------------------------------------ cells and pages

    def _text(self, sheet, row, column, text, style="text"):
        """Write text as text: no formula, no link, and no formula either once somebody edits the cell."""
        text = str(text or "")[:MAX_TEXT]
        if text.startswith(FORMULA_STARTS):
            style = {"text": "quoted", "title": "title_quoted"}.get(style, style)
        sheet.write_string(row, column, text, self.formats[style])

    def _set_page(self, sheet, header_row):
        sheet.freeze_panes(header_row + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(header_row)
        sheet.set_footer("&L&A&R&P / &N")


def _sheet_name(name):
    """A translated name as spreadsheets accept it: 31 characters, some of them not allowed."""
    return "".join(char for char in name if char not in "[]:*?/\\'")[:31]
