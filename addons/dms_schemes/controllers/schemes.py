from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.dms_portal.controllers.frame import PAGE_SIZE, DistributorPortal, page

from ..models.dms_scheme_earnings import KINDS

#: longest text taken for a day
MAX_DAY = 10
#: highest page of a list
MAX_PAGE = 10_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DistributorSchemes(DistributorPortal):
    """Schemes that run for the user's distributor, and what it earned by them."""

    def _dms_schemes(self):
        return request.env["dms.scheme"].sudo()  # terms and benefits of the distributor checked by the route; plain values leave

    @route("/my/dms/schemes", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_scheme_list(self, **kwargs):
        distributor = self._dms_distributor()
        schemes = self._dms_schemes()._prepare_portal_schemes(distributor, request.env.company)
        return self._dms_render("dms_schemes.portal_schemes", "schemes", {"schemes": schemes, "scheme_key": "schemes"})

    # ------------------------------------------------------------ what was earned

    @route(
        ["/my/dms/schemes/benefits", "/my/dms/schemes/benefits/page/<int:number>"], type="http", auth="user", website=True, readonly=True
    )
    @page
    def dms_scheme_benefits(self, number=1, kind=None, date_from="", date_to="", **kwargs):
        distributor, company = self._dms_distributor(), request.env.company
        kind = self._dms_choice(kind, KINDS, KINDS[0])
        days = self._dms_benefit_days(date_from, date_to)
        values = {"kind": kind, "days": days, "earned": None, "sentence": "", "pager": None, "scheme_key": "benefits"}
        try:
            period = self._dms_schemes()._read_earnings_period(company, **days)
            values |= self._dms_earned(distributor, company, kind, period, min(max(number, 1), MAX_PAGE))
            values["days"] = dict(zip(days, map(str, period), strict=True))
        except UserError as error:
            values["sentence"] = str(error)
        presets = self._dms_schemes()._get_earnings_presets(company)
        values["presets"] = [self._dms_benefit_preset(preset, values["days"], kind) for preset in presets]
        values["query"] = urlencode(values["days"])
        return self._dms_render("dms_schemes.portal_benefits", "schemes", values)

    def _dms_earned(self, distributor, company, kind, period, number):
        """The rows of one page, with its pager."""
        offset = (number - 1) * PAGE_SIZE
        earned = self._dms_schemes()._prepare_earnings(distributor, company, kind, *period, limit=PAGE_SIZE, offset=offset)
        args = {"kind": kind, "date_from": str(period[0]), "date_to": str(period[1])}
        return {"earned": earned, "pager": self._dms_pager("/my/dms/schemes/benefits", earned["count"], number, args)}

    def _dms_benefit_preset(self, preset, days, kind):
        chosen = {name: preset[name].isoformat() for name in days}
        url = f"/my/dms/schemes/benefits?{urlencode({'kind': kind, **chosen})}"
        return {"label": preset["label"], "url": url, "active": chosen == days}

    def _dms_benefit_days(self, date_from, date_to):
        return {"date_from": self._dms_text(date_from, MAX_DAY), "date_to": self._dms_text(date_to, MAX_DAY)}

    @route("/my/dms/schemes/benefits/xlsx", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_scheme_benefits_xlsx(self, date_from="", date_to="", **kwargs):
        distributor, company = self._dms_distributor(), request.env.company
        days = self._dms_benefit_days(date_from, date_to)
        try:
            period = self._dms_schemes()._read_earnings_period(company, **days)
        except UserError as error:
            self._dms_flash(str(error), "danger")
            return request.redirect("/my/dms/schemes/benefits", code=303)
        content = self._dms_schemes()._render_earnings_xlsx(distributor, company, *period)
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"scheme-benefits-{period[0]}-{period[1]}.xlsx")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)
