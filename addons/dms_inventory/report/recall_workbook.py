"""A recall as a spreadsheet: who has what of which lot."""

from odoo.addons.dms_orders.report.workbook import Workbook

#: figures of a line, in the order in which goods go
FIGURES = ("shipped_qty", "in_transit_qty", "short_qty", "received_qty", "returned_qty", "sold_qty", "adjusted_qty", "on_hand_qty")


class RecallWorkbook(Workbook):
    """
    :param env: environment in the language of the reader
    :param recall: ``dms.stock.recall`` that the reader may read
    """

    def __init__(self, env, recall):
        super().__init__(env, env._("Recall %(name)s", name=recall.name))
        self.recall = recall

    def render(self):
        """:rtype: bytes"""
        self.add_cover(self._get_facts())
        lines = self.recall.line_ids
        partner_fields = (("name", 36), ("distributor_code", 14), ("street", 30), ("zip", 10), ("city", 22), ("phone", 18), ("email", 28))
        labels = lines.fields_get(FIGURES, ["string"])
        names = self.env["res.partner"].fields_get([name for name, _width in partner_fields], ["string"])
        columns = [(self.env._("Lot"), "text", 18), *((names[name]["string"], "text", width) for name, width in partner_fields)]
        columns += [(labels[name]["string"], "number", 14) for name in FIGURES]
        rows = [
            [line.lot_id.name, *(line.partner_id[name] or "" for name, _width in partner_fields), *(line[name] for name in FIGURES)]
            for line in lines
        ]
        totals = [self.env._("Total"), *[""] * len(partner_fields), *(sum(lines.mapped(name)) for name in FIGURES)]
        self.add_table(self.env._("Distributors"), columns, rows, totals)
        return self.close()

    def _get_facts(self):
        _, recall = self.env._, self.recall
        number = self.env["dms.portal"]._format_quantity
        return [
            (_("Product"), recall.product_id.display_name),
            (_("Lots"), ", ".join(recall.lot_ids.mapped("name"))),
            (_("Reason"), recall.reason or ""),
            (_("Day"), recall.date.isoformat()),
            (_("Unit"), recall.product_uom_id.name),
            (_("Made or Bought"), number(recall.entered_qty)),
            (_("In Warehouses"), number(recall.warehouse_qty)),
            (_("Used or Scrapped"), number(recall.other_qty)),
            (_("Shipped"), number(recall.shipped_qty)),
            (_("Came Back"), number(recall.returned_qty)),
            (_("Still at Distributors"), number(recall.on_hand_qty)),
            (_("Balances"), _("Yes") if recall.is_balanced else _("No")),
        ]
