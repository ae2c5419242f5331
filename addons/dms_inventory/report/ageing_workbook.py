"""The ageing of stock as a spreadsheet."""

import io

import xlsxwriter

#: a cell of text that begins with one of these would be read as a formula when it is edited or pasted elsewhere
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class AgeingWorkbook:
    """A row for each part of a balance, and a sheet of sums by distributor and age; every text is written as text.

    :param ageing: ``dms.stock.ageing`` with its lines computed
    """

    def __init__(self, ageing):
        self.env, self.ageing = ageing.env, ageing
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        digits = ageing.currency_id.decimal_places
        self.amount = self.book.add_format({"num_format": f"#,##0{'.' if digits else ''}{'0' * digits}"})
        self.strong = self.book.add_format({"bold": True, "bottom": 1})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})

    def render(self):
        """The file as bytes."""
        lines = self.ageing.line_ids
        labels = dict(lines._fields["bucket"]._description_selection(self.env))
        self._write_sums(lines, labels)
        self._write_lines(lines, labels)
        self.book.close()
        return self.buffer.getvalue()

    def _write_sums(self, lines, labels):
        _ = self.env._
        sheet = self._add_sheet(_("By Distributor"), [_("Distributor"), _("Territory"), *labels.values(), _("Value")], (36, 28, 14))
        for row, (distributor, own) in enumerate(lines.grouped("distributor_id").items(), 1):
            self._write_text(sheet, row, 0, distributor.display_name)
            self._write_text(sheet, row, 1, own.territory_id.display_name)
            sums = [sum(own.filtered(lambda line, code=code: line.bucket == code).mapped("value")) for code in labels]
            for column, amount in enumerate([*sums, sum(sums)], 2):
                sheet.write_number(row, column, amount, self.amount)

    def _write_lines(self, lines, labels):
        _ = self.env._
        titles = [
            _("Distributor"), _("Product"), _("Category"), _("Received"), _("Days"), _("Age"), _("Quantity"), _("Unit"), _("Price"), _("Value")
        ]  # fmt: skip
        sheet = self._add_sheet(_("Stock"), titles, (36, 36, 24, 12, 8, 18, 12, 10, 12, 14))
        for row, line in enumerate(lines, 1):
            texts = {0: line.distributor_id, 1: line.product_id, 2: line.categ_id, 7: line.product_uom_id}
            for column, record in texts.items():
                self._write_text(sheet, row, column, record.display_name)
            if line.received_on:
                sheet.write_datetime(row, 3, line.received_on, self.day)
                sheet.write_number(row, 4, line.age_days)
            self._write_text(sheet, row, 5, labels[line.bucket])
            sheet.write_number(row, 6, line.quantity)
            sheet.write_number(row, 8, line.price_unit)
            sheet.write_number(row, 9, line.value, self.amount)

    def _add_sheet(self, name, titles, widths):
        sheet = self.book.add_worksheet(name)
        for column, title in enumerate(titles):
            self._write_text(sheet, 0, column, title, self.strong)
            sheet.set_column(column, column, widths[min(column, len(widths) - 1)])
        sheet.freeze_panes(1, 0)
        return sheet

    def _write_text(self, sheet, row, column, text, style=None):
        """Text as text: what a spreadsheet would run is led by an apostrophe."""
        text = text or ""
        sheet.write_string(row, column, f"'{text}" if text.startswith(FORMULA_STARTS) else text, style)
