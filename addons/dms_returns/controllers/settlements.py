from dateutil.relativedelta import relativedelta

from odoo.http import request, route
from odoo.tools import format_date

from odoo.addons.dms_portal.controllers.frame import page

from .cases import DistributorCases

#: months offered, the current one included
MONTHS = 18


class DistributorSettlements(DistributorCases):
    """What was credited in a month, on a page and as PDF."""

    @route("/my/dms/settlements", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_settlements(self, month=None, **kwargs):
        distributor, company = self._dms_distributor(), request.env.company
        first = self._dms_month(month)
        statement = request.env["dms.settlement"]._prepare_statement(distributor, company, first)
        values = {
            "month": f"{first:%Y-%m}",
            "months": self._dms_months(company),
            "rows": [self._prepare_settlement_row(row, company) for row in statement["rows"]],
            "totals": {name: company.currency_id.format(amount) for name, amount in statement["totals"].items()},
        }
        return self._dms_render_case("dms_returns.portal_settlements", "settlements", values)

    @route("/my/dms/settlements/pdf", type="http", auth="user", website=True)
    @page
    def dms_settlements_pdf(self, month=None, **kwargs):
        distributor, company = self._dms_distributor(), request.env.company
        first = self._dms_month(month)
        pdf = request.env["dms.settlement"]._render_statement(distributor, company, first)
        return self._dms_pdf_response(pdf, f"{request.env._('Settlements')}-{first:%Y-%m}")

    def _dms_month(self, text):
        """First day of the month asked for, else of the current one."""
        return request.env["dms.settlement"]._read_month(text) or request.env.company._dms_today().replace(day=1)

    def _dms_months(self, company):
        """``[(2026-01, "January 2026")]``, the latest first."""
        first = company._dms_today().replace(day=1)
        months = [first - relativedelta(months=back) for back in range(MONTHS)]
        return [(f"{month:%Y-%m}", format_date(request.env, month, date_format="MMMM y")) for month in months]

    def _prepare_settlement_row(self, row, company):
        money = company.currency_id.format
        amounts = {name: money(row[name]) for name in ("untaxed", "tax", "total", "open")}
        return {**row, **amounts, "date": format_date(request.env, row["date"])}
