from odoo.http import request, route

from odoo.addons.dms_portal.controllers.frame import PAGE_SIZE, page

from ..models.dms_credit_extension_portal import MAX_REASON
from .frame import DistributorCreditPortal
from .payments import MAX_NUMBER


class DistributorLimits(DistributorCreditPortal):
    """Temporary limits: what the distributor asked for, and the form to ask."""

    @route("/my/dms/credit/limits", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_limits(self, **kwargs):
        return self._dms_render_limits({})

    @route("/my/dms/credit/limits", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_limit_request(self, token="", **post):
        distributor, account = self._dms_distributor(), self._dms_credit_account()
        values = {name: self._dms_text(post.get(name), MAX_NUMBER) for name in ("amount", "date_from", "date_to")}
        values["reason"] = self._dms_text(post.get("reason"), MAX_REASON)

        def ask():
            requests = request.env["dms.credit.extension"].sudo()  # a request for the user's own distributor's account
            return request.env["dms.portal.token"]._once(distributor, "limit", token, lambda: requests._request_from_form(account, values))[
                0
            ]

        _made, sentence = self._dms_try(ask, "dms.credit.extension")
        if sentence:
            return self._dms_render_limits(values, sentence)
        self._dms_flash(request.env._("We have your request and will answer it here."))
        return request.redirect("/my/dms/credit/limits", code=303)

    def _dms_render_limits(self, typed, sentence=""):
        distributor, account = self._dms_distributor(), self._dms_credit_account()
        Extension = request.env["dms.credit.extension"]
        own = Extension.search(Extension._get_portal_domain(distributor, request.env.company), order="id desc", limit=PAGE_SIZE)
        values = {
            "rows": [row._prepare_portal_row() for row in own.sudo()],  # requests the user may read
            "waiting": any(row.state == "draft" for row in own),
            "limit": account._prepare_portal_limit() if account else None,
            "typed": typed,
            "sentence": sentence,
            "max_reason": MAX_REASON,
        }
        return self._dms_render_credit("dms_credit.portal_limits", "limits", values, account, status=422 if sentence else 200)
