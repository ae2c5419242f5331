"""Scheme performance as a spreadsheet."""

from odoo.addons.dms_orders.report.workbook import Workbook


class PerformanceWorkbook(Workbook):
    """Writes a cover and one sheet for each grouping; every text is written as text, whatever it looks like.

    :param env: environment in the language of the reader
    :param list filters: ``[(label, text)]`` for the cover
    :param list measures: ``[(label, number format)]`` with formats ``amount``, ``number`` or ``percent``
    :param digits: decimals of the company currency
    """

    def __init__(self, env, filters, measures, digits):
        super().__init__(env, env._("Scheme Performance"), digits)
        self.filters, self.measures = filters, measures

    def render(self, sheets):
        """The whole file.

        :param list sheets: ``[(name, rows, totals)]``; a row is ``(text, values)`` in the order of the measures
        :rtype: bytes
        """
        self.add_cover(self.filters)
        for name, rows, totals in sheets:
            columns = [(name, "text", 44), *((label, kind, 16) for label, kind in self.measures)]
            self.add_table(name, columns, [(text, *values) for text, values in rows], (self.env._("Total"), *totals))
        return self.close()
