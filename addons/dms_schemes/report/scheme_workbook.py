"""The statement of a scheme as a spreadsheet."""

from odoo.addons.dms_orders.report.workbook import Workbook


class SchemeWorkbook(Workbook):
    """Writes one statement; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param accrual: ``dms.scheme.accrual`` with full rights
    :param dict statement: of ``dms.scheme._get_statement``
    """

    def __init__(self, env, accrual, statement):
        super().__init__(env, statement["scheme"], accrual.currency_id.decimal_places)
        self.accrual, self.statement = accrual, statement

    def render(self):
        """:rtype: bytes"""
        self._write_summary(self.add_sheet(self.env._("Scheme")))
        self._write_documents()
        return self.close()

    # ------------------------------------------------------------ sheets

    def _write_summary(self, sheet):
        _ = self.env._
        statement, partner = self.statement, self.accrual.distributor_id
        name = f"{partner.name} ({partner.distributor_code})" if partner.distributor_code else partner.name
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 7, 16)
        self.write_text(sheet, 0, 0, statement["scheme"], "title")
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
            self.write_text(sheet, row, 0, label)
            self.write_text(sheet, row, 1, value)
        first = len(facts) + 3
        headings = (_("Month"), _("Base"), _("Accrued"), _("Settled"), _("Released"), _("Owed"), _("Credit Note"), _("Remark"))
        self._write_table(sheet, first, headings, statement["rows"], self._write_accrual)
        last = first + 1 + len(statement["rows"])
        self.write_text(sheet, last, 0, _("Total"), "strong_text")
        totals = (statement["base_amount"], *(statement[key] for key in ("accrued", "settled", "released", "open")))
        for column, total in enumerate(totals, 1):
            sheet.write_number(last, column, total, self.formats["strong_amount"])

    def _write_accrual(self, sheet, row, values):
        self.write_text(sheet, row, 0, values["period"])
        for column, key in enumerate(("base", "amount", "settled", "released", "open"), 1):
            sheet.write_number(row, column, values[key], self.formats["amount"])
        self.write_text(sheet, row, 6, values["credit_note"])
        self.write_text(sheet, row, 7, values["note"])

    def _write_documents(self):
        _, statement = self.env._, self.statement
        columns = [
            (_("Date"), "date", 14),
            (_("Document"), "text", 22),
            (_("Kind"), "text", 22),
            (_("Quantity"), "number", 16),
            (_("Base"), "amount", 16),
        ]
        keys = ("date", "document", "kind", "quantity", "amount")
        rows = [[row[key] for key in keys] for row in statement["documents"]]
        self.add_table(_("Documents"), columns, rows, (None, _("Total"), None, statement["base_quantity"], statement["base_amount"]))

    # ------------------------------------------------------------ cells

    def _write_table(self, sheet, first, headings, rows, write_row):
        for column, label in enumerate(headings):
            self.write_text(sheet, first, column, label, "heading")
        for number, values in enumerate(rows, first + 1):
            write_row(sheet, number, values)
        self.set_page(sheet, first)
