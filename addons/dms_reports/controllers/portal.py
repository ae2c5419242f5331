from odoo.http import content_disposition, request, route

from odoo.addons.dms_portal.controllers.frame import DistributorPortal, page

from ..models.dms_portal_report import PERIOD, PERIODS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DistributorReports(DistributorPortal):
    """What the user's own distributor bought and sold over time."""

    @route("/my/dms/reports", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_reports(self, months=None, **kwargs):
        distributor, period = self._dms_distributor(), self._dms_choice(months, PERIODS, PERIOD)
        values = {
            "report": self._dms_report()._prepare_page(distributor, request.env.company, period),
            "period": period,
            "periods": [(choice, request.env._("%(count)s months", count=choice)) for choice in PERIODS],
        }
        return self._dms_render("dms_reports.portal_reports", "reports", values)

    @route("/my/dms/reports/xlsx", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_reports_xlsx(self, months=None, **kwargs):
        distributor, period = self._dms_distributor(), self._dms_choice(months, PERIODS, PERIOD)
        content, filename = self._dms_report()._render_xlsx(distributor, request.env.company, period)
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(filename)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)

    def _dms_report(self):
        return request.env["dms.portal.report"].sudo()  # facts and targets of the distributor checked by the route; plain values leave
