from odoo.http import request, route

from odoo.addons.dms_portal.controllers.frame import page

from .cases import MAX_NUMBER, DistributorCases


class DistributorReturns(DistributorCases):
    """Returns: list, page, and the form from a delivery, an invoice or an order."""

    @route(["/my/dms/returns", "/my/dms/returns/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_returns(self, number=1, status=None, search="", **kwargs):
        return self._dms_render_cases("returns", number, status, search)

    @route("/my/dms/returns/<int:case_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_return(self, case_id, **kwargs):
        case = self._dms_case("returns", case_id).sudo()  # the user's own distributor's; plain values leave
        return self._dms_render_case("dms_returns.portal_return", "returns", {"case": case._prepare_portal_page()})

    # ------------------------------------------------------------ a new one

    @route("/my/dms/returns/new", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_return_form(self, **kwargs):
        source = self._dms_case_source(**kwargs)
        if not source:
            values = {"deliveries": self._dms_recent_deliveries(), "invoices": self._dms_recent_invoices()}
            return self._dms_render_case("dms_returns.portal_return_start", "returns", values)
        return self._dms_render_return_form(source, {"quantities": {}, "reasons": {}, "resolution": "credit"})

    @route("/my/dms/returns/new", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_return_send(self, token="", **post):
        source = self._dms_case_source(**post)
        if not source:
            raise request.not_found()
        typed, files = self._dms_return_typed(post), self._dms_case_files()
        made, sentence = self._dms_try(lambda: self._dms_make_return(source, token, typed, files), "dms.return")
        if sentence:
            return self._dms_render_return_form(source, typed, sentence)
        case, new = made
        if new and not post.get("keep"):
            self._dms_send_new(case)
        return request.redirect(f"/my/dms/returns/{case.id}", code=303)

    def _dms_make_return(self, source, token, typed, files):
        """The draft with its files: a file that cannot be taken leaves no draft behind.

        :return: (return with the user's own rights, whether it was made by this call)
        """
        offer = self._dms_return_offer(source)

        def make():
            case = request.env["dms.return"]._create_from_page(offer, typed).sudo(False)
            case._portal_add_files(files)
            return case

        case, new = request.env["dms.portal.token"]._once(self._dms_distributor(), "return", token, make)
        return case.sudo(False), new

    def _dms_return_typed(self, post):
        """What came with the form, as bounded texts."""
        quantities = {
            name.removeprefix("quantity_"): text
            for name in post
            if name.startswith("quantity_") and (text := self._dms_text(post[name], MAX_NUMBER))
        }
        own = [name for name in post if name.startswith("reason_") and name != "reason_id"]
        return {
            "reason_id": self._dms_int(post.get("reason_id")),
            "reasons": {name.removeprefix("reason_"): self._dms_int(post[name]) for name in own},
            "resolution": self._dms_choice(post.get("resolution"), ("credit", "replacement"), "credit"),
            "note": self._dms_text(post.get("note"), self._dms_case_limits()["note"]),
            "quantities": quantities,
        }

    def _dms_return_offer(self, source):
        Return = request.env["dms.return"].sudo()  # what was delivered to the user's own distributor; plain values leave
        return Return._prepare_portal_offer(self._dms_distributor(), *source._get_dms_return_goods())

    def _dms_render_return_form(self, source, typed, sentence=""):
        Return = request.env["dms.return"].sudo()  # policies, shown by name
        reasons = Return._prepare_portal_reasons(request.env.company)
        values = {
            "source": {"name": source.name, "key": self._dms_case_source_key(source)},
            "offer": self._dms_return_offer(source),
            "reasons": reasons,
            "asked": Return._prepare_portal_asked(reasons),
            "typed": typed,
            "chosen": {typed.get("reason_id"), *typed["reasons"].values()},
            "sentence": sentence,
        }
        return self._dms_render_case("dms_returns.portal_return_form", "returns", values, status=422 if sentence else 200)
