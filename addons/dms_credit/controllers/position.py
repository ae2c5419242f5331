from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.dms_portal.controllers.frame import page

from .frame import DistributorCreditPortal

#: longest text taken for a day
MAX_DAY = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DistributorCredit(DistributorCreditPortal):
    """The credit position and the statement of account."""

    @route("/my/dms/credit", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_credit(self, **kwargs):
        account = self._dms_credit_account()
        values = {"credit": account._prepare_portal_values() if account else None}
        return self._dms_render_credit("dms_credit.portal_position", "position", values, account)

    # ------------------------------------------------------------ statement

    @route("/my/dms/credit/statement", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_credit_statement(self, date_from="", date_to="", **kwargs):
        account = self._dms_credit_account()
        days = self._dms_days(date_from, date_to)
        values = {"days": days, "presets": [], "statement": None, "sentence": ""}
        if account:
            try:
                period = account._read_portal_period(**days)
                values["statement"] = account._prepare_portal_statement(*period)
                values["days"] = dict(zip(days, map(str, period), strict=True))
            except UserError as error:
                values["sentence"] = str(error)
            values["presets"] = [self._dms_preset(preset, values["days"]) for preset in account._get_portal_presets()]
        values["query"] = urlencode(values["days"])
        return self._dms_render_credit("dms_credit.portal_statement", "statement", values, account)

    @route("/my/dms/credit/statement/pdf", type="http", auth="user", website=True)
    @page
    def dms_credit_statement_pdf(self, date_from="", date_to="", **kwargs):
        return self._dms_statement_file("pdf", "application/pdf", self._dms_days(date_from, date_to))

    @route("/my/dms/credit/statement/xlsx", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_credit_statement_xlsx(self, date_from="", date_to="", **kwargs):
        return self._dms_statement_file("xlsx", XLSX, self._dms_days(date_from, date_to))

    def _dms_preset(self, preset, days):
        chosen = {name: preset[name].isoformat() for name in days}
        return {"label": preset["label"], "url": f"/my/dms/credit/statement?{urlencode(chosen)}", "active": chosen == days}

    def _dms_days(self, date_from, date_to):
        return {"date_from": self._dms_text(date_from, MAX_DAY), "date_to": self._dms_text(date_to, MAX_DAY)}

    def _dms_statement_file(self, extension, mimetype, days):
        """The statement as a download; what is wrong with the period is told on the page."""
        account = self._dms_credit_account()
        if not account:
            raise request.not_found()
        try:
            period = account._read_portal_period(**days)
            render = account._render_statement_pdf if extension == "pdf" else account._render_statement_xlsx
            return self._dms_download(render(*period), mimetype, account._get_statement_filename(period[1], extension))
        except UserError as error:
            self._dms_flash(str(error), "danger")
            return request.redirect(f"/my/dms/credit/statement?{urlencode(days)}", code=303)
