"""The statement of account as a spreadsheet."""

from odoo.addons.dms_orders.report.workbook import Workbook

HEADER_ROW = 5


class StatementWorkbook(Workbook):
    """Writes one statement; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param account: ``dms.credit.account`` with full rights
    :param dict statement: one value of ``_get_statement``
    """

    def __init__(self, env, account, statement):
        super().__init__(env, env._("Statement of Account"), account.currency_id.decimal_places)
        self.account, self.statement = account, statement

    def render(self):
        """:rtype: bytes"""
        _ = self.env._
        self._write_statement(self.add_sheet(_("Statement")))
        self._write_ageing(self.add_sheet(_("Ageing")))
        return self.close()

    # ------------------------------------------------------------ sheets

    def _write_statement(self, sheet):
        self._write_head(sheet)
        for column, (label, width, style) in enumerate(self._get_columns()):
            sheet.set_column(column, column, width)
            self.write_text(sheet, HEADER_ROW, column, label, style)
        statement, first = self.statement, HEADER_ROW + 1
        self._write_balance(sheet, first, statement["date_from"], self.env._("Opening balance"), statement["opening_balance"])
        for row, line in enumerate(statement["lines"], first + 1):
            self._write_line(sheet, row, line)
        last, totals = first + 1 + len(statement["lines"]), (statement["debit"], statement["credit"])
        self._write_balance(sheet, last, statement["date_to"], self.env._("Closing balance"), statement["closing_balance"], totals)
        self.set_page(sheet, HEADER_ROW)

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
        self.write_text(sheet, 0, 0, _("Statement of Account"), "title")
        self.write_text(sheet, 1, 0, self.account.company_id.name)
        self.write_text(sheet, 2, 0, name)
        self.write_text(sheet, 3, 0, _("%(period)s, amounts in %(currency)s", period=period, currency=self.account.currency_id.name))

    def _write_line(self, sheet, row, line):
        sheet.write_datetime(row, 0, line["date"], self.formats["date"])
        for column, name in enumerate(("name", "kind_label", "ref"), 1):
            self.write_text(sheet, row, column, line[name])
        sheet.write_datetime(row, 4, line["date_due"], self.formats["date"])
        for column, name in ((5, "debit"), (6, "credit")):
            if line[name]:
                sheet.write_number(row, column, line[name], self.formats["amount"])
        sheet.write_number(row, 7, line["balance"], self.formats["amount"])
        if line["currency"]:
            sheet.write_number(row, 8, line["amount_currency"], self.formats["amount"])
            self.write_text(sheet, row, 9, line["currency"])

    def _write_balance(self, sheet, row, day, label, amount, totals=(None, None)):
        for column in range(10):
            sheet.write_blank(row, column, None, self.formats["strong_text"])
        sheet.write_datetime(row, 0, day, self.formats["strong_date"])
        self.write_text(sheet, row, 1, label, "strong_text")
        for column, total in enumerate((*totals, amount), 5):
            if total is not None:
                sheet.write_number(row, column, total, self.formats["strong_amount"])

    def _write_ageing(self, sheet):
        _ = self.env._
        labels = self.account._get_bucket_labels(self.env)
        self.write_text(sheet, 0, 0, _("Open on %(day)s by days past due", day=self.statement["date_to"].isoformat()), "title")
        self.write_text(sheet, 2, 0, _("Days Past Due"), "heading")
        self.write_text(sheet, 2, 1, self.account.currency_id.name, "heading_right")
        for row, (name, amount) in enumerate(self.statement["ageing"].items(), 3):
            self.write_text(sheet, row, 0, labels[name])
            sheet.write_number(row, 1, amount, self.formats["amount"])
        last = 3 + len(labels)
        self.write_text(sheet, last, 0, _("Closing balance"), "strong_text")
        sheet.write_number(last, 1, self.statement["closing_balance"], self.formats["strong_amount"])
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 18)
        self.set_page(sheet, 2)
