from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

FIGURES = ("reserved_amount", "consumed_amount", "used_amount", "left_amount", "budget_percent")


class DmsScheme(models.Model):
    """What of a scheme's budget is reserved, consumed and left: over all versions of its code, in company currency.

    The figures are the company's own, whatever part of the ledger the reader sees; they name nobody.
    """

    _inherit = "dms.scheme"

    reserved_amount = fields.Monetary(
        "Reserved", compute="_compute_budget_figures", aggregator=None,
        help="Benefits of confirmed orders that were not invoiced yet, less what was taken back.",
    )  # fmt: skip
    consumed_amount = fields.Monetary(
        "Consumed", compute="_compute_budget_figures", aggregator=None, help="Benefits that were invoiced, less what was taken back."
    )
    used_amount = fields.Monetary("Used", compute="_compute_budget_figures", aggregator=None, help="Reserved and consumed.")
    left_amount = fields.Monetary("Left", compute="_compute_budget_figures", aggregator=None, help="Of the budget; 0 without one.")
    budget_percent = fields.Float(
        "Budget Used (%)", compute="_compute_budget_figures", search="_search_budget_percent", aggregator=None, digits=(16, 1)
    )

    @api.depends("code", "company_id", "budget_amount")
    def _compute_budget_figures(self):
        totals = self._get_budget_totals()
        for scheme in self:
            reserved, consumed = totals.get((scheme.company_id.id, scheme.code), (0.0, 0.0))
            budget, used = scheme.budget_amount, reserved + consumed
            scheme.reserved_amount = reserved
            scheme.consumed_amount = consumed
            scheme.used_amount = used
            scheme.left_amount = max(budget - used, 0.0) if budget else 0.0
            scheme.budget_percent = 100.0 * used / budget if budget else 0.0

    def _get_budget_totals(self):
        """``{(company id, code): (reserved, consumed)}`` of all versions, company currency, in one query for the batch.

        Extended by kinds of schemes whose benefits are kept in another ledger, with a query of its own.
        """
        keys = tuple({(scheme.company_id.id, scheme.code) for scheme in self if scheme.code and scheme.company_id})
        if not keys:
            return {}
        self._flush_benefits()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, scheme_code, SUM(%s), SUM(COALESCE(consumed_company_amount, 0))
                  FROM dms_scheme_application
                 WHERE state = 'committed' AND (company_id, scheme_code) IN %s
                 GROUP BY 1, 2
                """,
                _reserved(),
                keys,
            )
        )
        return {(company, code): (float(reserved), float(consumed)) for company, code, reserved, consumed in rows}

    def _flush_benefits(self):
        names = ["state", "scheme_code", "benefit_company_amount", "returned_company_amount", "consumed_company_amount"]
        self.env["dms.scheme.application"].flush_model(names)

    # ------------------------------------------------------------ search and order

    def _search_budget_percent(self, operator, value):
        """Schemes with a budget by the part of it that is used."""
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        schemes = self.env["dms.scheme"].search([("budget_amount", ">", 0)])
        return Domain("id", "in", schemes.filtered_domain([("budget_percent", operator, value)]).ids)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """A figure is not stored, and not kept in one ledger alone: schemes get the place that it gives them."""
        if field_name not in FIGURES:
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        schemes = self.env["dms.scheme"].search([("company_id", "in", self.env.companies.ids)])
        place = SQL("array_position(%s::int[], %s)", schemes.sorted(field_name).ids, SQL.identifier(alias, "id"))
        return SQL("%s %s %s", place, direction, nulls)


def _used():
    return SQL("benefit_company_amount - COALESCE(returned_company_amount, 0)")


def _reserved():
    return SQL("%s - COALESCE(consumed_company_amount, 0)", _used())
