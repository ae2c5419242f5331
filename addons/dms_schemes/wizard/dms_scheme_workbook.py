import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..report.performance_workbook import PerformanceWorkbook

#: measures of the sheets, with their number format
MEASURES = {
    "cost:sum": "amount", "volume:sum": "amount", "cost_percent:avg": "percent", "quantity:sum": "number",
    "orders:count_distinct": "number", "distributors:count_distinct": "number", "period_amount:sum": "amount",
    "baseline_amount:sum": "amount", "uplift_amount:sum": "amount", "uplift_percent:avg": "percent",
}  # fmt: skip
MOST_ROWS = 20000


class DmsSchemeWorkbook(models.TransientModel):
    """Choice of what goes into a workbook of scheme performance."""

    _name = "dms.scheme.workbook"
    _description = "Scheme Performance Workbook"

    date_from = fields.Date("From")
    date_to = fields.Date("To")
    scheme_ids = fields.Many2many(
        "dms.scheme", string="Schemes", domain=[("state", "!=", "draft")], default=lambda self: self._default_scheme_ids()
    )
    territory_ids = fields.Many2many("dms.territory", string="Territories")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.model
    def _default_scheme_ids(self):
        """The schemes selected in a list; the reader's own access decides which there are."""
        if self.env.context.get("active_model") != "dms.scheme":
            return self.env["dms.scheme"]
        ids = [id_ for id_ in self.env.context.get("active_ids") or [] if isinstance(id_, int)]
        return self.env["dms.scheme"].search([("id", "in", ids), ("state", "!=", "draft")])

    def action_download(self):
        """Make the workbook and download it; it holds what the user may see of the analysis.

        :raise UserError: for reversed dates
        """
        self.ensure_one()
        self.check_access("write")
        if self.date_from and self.date_to and self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first: please change the dates."))
        name = f"Scheme-performance-{fields.Date.context_today(self)}.xlsx"
        self.write({"file": base64.b64encode(self._render()), "file_name": name})
        url = f"/web/content/{self._name}/{self.id}/file/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download", "close": True}

    def _render(self):
        """:rtype: bytes"""
        report = self.env["dms.scheme.report"]
        labels = report.fields_get([spec.partition(":")[0] for spec in MEASURES], ["string"])
        measures = [(labels[spec.partition(":")[0]]["string"], kind) for spec, kind in MEASURES.items()]
        book = PerformanceWorkbook(self.env, self._get_filters(), measures, self.env.company.currency_id.decimal_places)
        _ = self.env._
        groups = [(_("Schemes"), "scheme_id"), (_("Distributors"), "distributor_id"), (_("Territories"), "territory_id")]
        return book.render([(name, *self._get_rows(field)) for name, field in groups])

    def _get_rows(self, group):
        """(rows, totals) of a sheet."""
        report, domain = self.env["dms.scheme.report"], self._get_domain()
        groups = report._read_group(domain, [group], [*MEASURES], limit=MOST_ROWS)
        rows = [(record.display_name or self.env._("None"), values) for record, *values in groups]
        (totals,) = report._read_group(domain, [], [*MEASURES])
        return rows, totals

    def _get_domain(self):
        domain = Domain("company_id", "=", self.env.company.id)
        if self.date_from:
            domain &= Domain("date", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("date", "<=", self.date_to)
        if self.scheme_ids:
            domain &= Domain("scheme_id", "in", self.scheme_ids.ids)
        return domain & Domain("territory_id", "child_of", self.territory_ids.ids) if self.territory_ids else domain

    def _get_filters(self):
        """What was chosen, for the cover."""
        _ = self.env._
        day = fields.Date.to_string
        return [
            (_("Company"), self.env.company.name),
            (_("Currency"), self.env.company.currency_id.name),
            (_("From"), day(self.date_from) or _("The beginning")),
            (_("To"), day(self.date_to) or _("Today")),
            (_("Schemes"), ", ".join(self.scheme_ids.mapped("display_name")) or _("All")),
            (_("Territories"), ", ".join(self.territory_ids.mapped("display_name")) or _("All the reader may see")),
            (_("Made by"), self.env.user.name),
            (_("Made on"), day(fields.Date.context_today(self))),
            (_("Baseline"), _("Sales of the scheme's products to those it addresses, in as many days before its first day.")),
        ]
