"""The ageing of stock as a spreadsheet."""

from odoo.addons.dms_orders.report.workbook import Workbook


class AgeingWorkbook(Workbook):
    """A row for each part of a balance, and a sheet of sums by distributor and age.

    :param ageing: ``dms.stock.ageing`` with its lines computed
    """

    def __init__(self, ageing):
        super().__init__(ageing.env, ageing.env._("Age of Stock at Distributors"), ageing.currency_id.decimal_places)
        self.lines = ageing.line_ids
        self.labels = dict(self.lines._fields["bucket"]._description_selection(self.env))

    def render(self):
        """The file as bytes."""
        self._add_sums()
        self._add_lines()
        return self.close()

    def _add_sums(self):
        _ = self.env._
        ages = [(label, "amount", 14) for label in self.labels.values()]
        columns = [(_("Distributor"), "text", 36), (_("Territory"), "text", 28), *ages, (_("Value"), "amount", 14)]
        rows = []
        for distributor, own in self.lines.grouped("distributor_id").items():
            sums = [sum(own.filtered(lambda line, code=code: line.bucket == code).mapped("value")) for code in self.labels]
            rows.append([distributor.display_name, own.territory_id.display_name, *sums, sum(sums)])
        self.add_table(_("By Distributor"), columns, rows)

    def _add_lines(self):
        _ = self.env._
        columns = [
            (_("Distributor"), "text", 36),
            (_("Product"), "text", 36),
            (_("Category"), "text", 24),
            (_("Received"), "date", 12),
            (_("Days"), "number", 8),
            (_("Age"), "text", 18),
            (_("Quantity"), "number", 12),
            (_("Unit"), "text", 10),
            (_("Price"), "number", 12),
            (_("Value"), "amount", 14),
        ]
        self.add_table(_("Stock"), columns, map(self._prepare_row, self.lines))

    def _prepare_row(self, line):
        received = line.received_on or None
        texts = [record.display_name for record in (line.distributor_id, line.product_id, line.categ_id)]
        age = [received, line.age_days if received else None, self.labels[line.bucket]]
        return [*texts, *age, line.quantity, line.product_uom_id.display_name, line.price_unit, line.value]
