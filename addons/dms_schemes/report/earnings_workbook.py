"""What a distributor earned by schemes, as a spreadsheet."""

from odoo.addons.dms_orders.report.workbook import Workbook

HEADER_ROW = 5


class EarningsWorkbook(Workbook):
    """Writes one sheet for each kind of benefit; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param distributor: ``res.partner`` with full rights
    :param tuple period: (first, last) day
    :param dict rows: ``{kind: rows}`` as ``dms.scheme._prepare_portal_earnings`` has them
    """

    def __init__(self, env, distributor, company, period, rows):
        super().__init__(env, env._("Benefits of Schemes"), company.currency_id.decimal_places)
        self.distributor, self.company, self.period, self.rows = distributor, company, period, rows

    def render(self):
        """:rtype: bytes"""
        _ = self.env._
        titles = {"on_invoice": _("Off your orders"), "accrued": _("To be credited"), "settled": _("Credited")}
        for kind, rows in self.rows.items():
            sheet = self.add_sheet(titles[kind])
            self._write_head(sheet, titles[kind])
            for row, values in enumerate(rows, HEADER_ROW + 1):
                self._write_row(sheet, row, values)
        return self.close()

    def _write_head(self, sheet, title):
        _ = self.env._
        first, last = (day.isoformat() for day in self.period)
        self.write_text(sheet, 0, 0, title, "title")
        self.write_text(sheet, 1, 0, self.company.name)
        self.write_text(sheet, 2, 0, f"{self.distributor.name} ({self.distributor.distributor_code or ''})")
        self.write_text(sheet, 3, 0, _("From %(first)s to %(last)s", first=first, last=last))
        for column, (label, width) in enumerate(self._get_columns()):
            sheet.set_column(column, column, width)
            self.write_text(sheet, HEADER_ROW, column, label, "heading")
        self.set_page(sheet, HEADER_ROW)

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
            self.write_text(sheet, row, column, text)
        sheet.write_number(row, 5, values["amount"], self.formats["amount"])
        self.write_text(sheet, row, 6, values["currency"].name)
