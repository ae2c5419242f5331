"""Lists of returns and of claims as spreadsheets: one row a document, one row a line."""

from datetime import datetime, time

from odoo.addons.dms_orders.report.workbook import Workbook

#: ``(field, kind of cell, width)``
RETURN_FIELDS = (
    ("name", "text", 16), ("distributor_id", "text", 30), ("territory_id", "text", 18), ("resolution", "text", 12), ("state", "text", 12),
    ("ball", "text", 14), ("submitted_on", "date", 12), ("decided_on", "date", 12), ("settled_on", "date", 12),
    ("turnaround_days", "number", 10), ("user_id", "text", 18), ("credit_amount", "amount", 14),
)  # fmt: skip
RETURN_LINE_FIELDS = (
    ("return_id", "text", 16), ("distributor_id", "text", 30), ("order_id", "text", 12), ("product_id", "text", 40), ("lot_id", "text", 16),
    ("reason_id", "text", 24), ("disposition", "text", 22), ("quantity", "number", 11), ("approved_qty", "number", 11),
    ("received_qty", "number", 11), ("accepted_qty", "number", 11), ("product_uom_id", "text", 10), ("credit_amount", "amount", 14),
)  # fmt: skip
CLAIM_FIELDS = (
    ("name", "text", 16), ("distributor_id", "text", 30), ("territory_id", "text", 18), ("claim_type_id", "text", 24), ("reference", "text", 18),
    ("state", "text", 12), ("ball", "text", 14), ("submitted_on", "date", 12), ("decided_on", "date", 12), ("settled_on", "date", 12),
    ("turnaround_days", "number", 10), ("user_id", "text", 18), ("amount_claimed", "amount", 14), ("amount_calculated", "amount", 14),
    ("amount_approved", "amount", 14),
)  # fmt: skip
CLAIM_LINE_FIELDS = (
    ("claim_id", "text", 16), ("distributor_id", "text", 30), ("name", "text", 36), ("product_id", "text", 36), ("lot_id", "text", 16),
    ("quantity", "number", 11), ("amount_claimed", "amount", 14), ("amount_calculated", "amount", 14), ("amount_approved", "amount", 14),
)  # fmt: skip
#: kinds that are added up in the last row
SUMMED = ("amount",)


class CaseWorkbook(Workbook):
    """
    :param env: environment of the reader, in his language
    :param cases: ``dms.return`` or ``dms.claim`` records that he may read
    """

    def __init__(self, env, title, cases):
        super().__init__(env, title, env.company.currency_id.decimal_places)
        self.cases = cases

    def render(self):
        """:rtype: bytes"""
        of_returns = self.cases._name == "dms.return"
        self.add_cover(self._get_facts())
        self.add_records(self.title, self.cases, RETURN_FIELDS if of_returns else CLAIM_FIELDS)
        self.add_records(self.env._("Lines"), self.cases.line_ids, RETURN_LINE_FIELDS if of_returns else CLAIM_LINE_FIELDS)
        return self.close()

    def _get_facts(self):
        _ = self.env._
        return [
            (_("Company"), ", ".join(self.cases.company_id.mapped("name"))),
            (_("Documents"), str(len(self.cases))),
            (_("Amounts"), _("Company currency, untaxed")),
        ]

    def add_records(self, name, records, fields):
        labels = records.fields_get([field for field, _kind, _width in fields], ["string"])
        columns = [(labels[field]["string"], kind, width) for field, kind, width in fields]
        kept = list(
            zip(records, [[self.get_value(record, field, kind) for field, kind, _width in fields] for record in records], strict=True)
        )
        totals = [
            sum(row[column] for _record, row in kept) if kind in SUMMED else None for column, (_field, kind, _width) in enumerate(fields)
        ]
        totals[0] = self.env._("Total")
        self.add_table(name, columns, [row for _record, row in kept], totals if kept else None)

    def get_value(self, record, name, kind):
        field, value = record._fields[name], record[name]
        if kind == "date":
            return datetime.combine(record._day_of(value), time()) if value else None
        if field.type == "many2one":
            return value.sudo().display_name or ""  # the name of what the reader's own document is about
        return dict(field._description_selection(record.env)).get(value, "") if field.type == "selection" else value
