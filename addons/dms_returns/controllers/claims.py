from odoo.http import request, route

from odoo.addons.dms_portal.controllers.frame import page

from ..models.dms_claim_pages import MADE_OF
from ..models.dms_claim_portal import MAX_REFERENCE
from .cases import MAX_NUMBER, DistributorCases

#: models of the documents that kinds of claims are made of
DOCUMENTS = {"delivery": "stock.picking", "invoice": "account.move"}


class DistributorClaims(DistributorCases):
    """Claims: list, page, and the form by what is claimed."""

    @route(["/my/dms/claims", "/my/dms/claims/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_claims(self, number=1, status=None, search="", **kwargs):
        return self._dms_render_cases("claims", number, status, search)

    @route("/my/dms/claims/<int:case_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_claim(self, case_id, **kwargs):
        case = self._dms_case("claims", case_id).sudo()  # the user's own distributor's; plain values leave
        return self._dms_render_case("dms_returns.portal_claim", "claims", {"case": case._prepare_portal_page()})

    # ------------------------------------------------------------ a new one

    @route("/my/dms/claims/new", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_claim_form(self, type_id=None, **kwargs):
        source, claim_type = self._dms_claim_source(kwargs), self._dms_claim_type(type_id)
        if not claim_type or self._dms_claim_lacks(claim_type, source):
            return self._dms_render_claim_start(claim_type, source)
        return self._dms_render_claim_form(claim_type, source, {"quantities": {}, "amounts": {}, "chosen": set()})

    @route("/my/dms/claims/new", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_claim_send(self, token="", type_id=None, **post):
        source, claim_type = self._dms_claim_source(post), self._dms_claim_type(type_id)
        if not claim_type or self._dms_claim_lacks(claim_type, source):
            raise request.not_found()
        typed, files = self._dms_claim_typed(post), self._dms_case_files()
        made, sentence = self._dms_try(lambda: self._dms_make_claim(claim_type, source, token, typed, files), "dms.claim.line")
        if sentence:
            return self._dms_render_claim_form(claim_type, source, typed, sentence)
        case, new = made
        if new and not post.get("keep"):
            self._dms_send_new(case)
        return request.redirect(f"/my/dms/claims/{case.id}", code=303)

    def _dms_claim_source(self, post):
        """The delivery or invoice that the address names; a claim is about no order."""
        return self._dms_case_source(delivery=post.get("delivery"), invoice=post.get("invoice"))

    def _dms_claim_types(self):
        return request.env["dms.claim"]._get_page_types(request.env.company)

    def _dms_claim_type(self, type_id):
        """The type of claim with this id if distributors may start one, with full rights; else empty."""
        return self._dms_claim_types().filtered(lambda row: row.id == self._dms_int(type_id))

    def _dms_claim_lacks(self, claim_type, source):
        """Whether a claim of this type is about a document that is not named yet."""
        model = DOCUMENTS.get(MADE_OF[claim_type.kind])
        return bool(model) and (not source or source._name != model)

    def _dms_make_claim(self, claim_type, source, token, typed, files):
        """The draft with its files; see ``DistributorReturns._dms_make_return``."""
        offer = self._dms_claim_offer(claim_type, source)

        def make():
            case = request.env["dms.claim"]._create_from_page(claim_type, source, offer, typed)
            case._portal_add_files(files)
            return case

        case, new = request.env["dms.portal.token"]._once(self._dms_distributor(), "claim", token, make)
        return case.sudo(False), new

    def _dms_claim_typed(self, post):
        """What came with the form, as bounded texts."""

        def texts(prefix):
            return {name.removeprefix(prefix): self._dms_text(post[name], MAX_NUMBER) for name in post if name.startswith(prefix)}

        return {
            "reference": self._dms_text(post.get("reference"), MAX_REFERENCE),
            "note": self._dms_text(post.get("note"), self._dms_case_limits()["note"]),
            "amount": self._dms_text(post.get("amount"), MAX_NUMBER),
            "quantities": texts("quantity_"),
            "amounts": texts("amount_"),
            "chosen": set(texts("chosen_")),
        }

    def _dms_claim_offer(self, claim_type, source):
        Claim = request.env["dms.claim"].sudo()  # rows of the user's own distributor's documents; plain values leave
        return Claim._prepare_portal_offer(self._dms_distributor(), claim_type, source)

    def _dms_render_claim_start(self, claim_type, source):
        """What is claimed, and then about which document."""
        made_of = MADE_OF[claim_type.kind] if claim_type else ""
        prepare = request.env["dms.claim"]._prepare_portal_type
        types = [] if claim_type else [prepare(row) for row in self._dms_claim_types()]
        types = [row for row in types if not source or DOCUMENTS.get(row["made_of"], source._name) == source._name]
        values = {
            "types": types,
            "chosen": prepare(claim_type) if claim_type else None,
            "source": {"name": source.name, "key": self._dms_case_source_key(source)} if source else None,
            "deliveries": self._dms_recent_deliveries() if made_of == "delivery" else [],
            "invoices": self._dms_recent_invoices() if made_of == "invoice" else [],
        }
        return self._dms_render_case("dms_returns.portal_claim_start", "claims", values)

    def _dms_render_claim_form(self, claim_type, source, typed, sentence=""):
        values = {
            "kind": request.env["dms.claim"]._prepare_portal_type(claim_type),
            "source": {"name": source.name, "key": self._dms_case_source_key(source)} if source else None,
            "offer": self._dms_claim_offer(claim_type, source),
            "currency": request.env.company.currency_id.name,
            "typed": typed,
            "sentence": sentence,
            "max_reference": MAX_REFERENCE,
        }
        return self._dms_render_case("dms_returns.portal_claim_form", "claims", values, status=422 if sentence else 200)
