from odoo.http import request, route
from odoo.tools import plaintext2html

from odoo.addons.dms_portal.controllers.documents import DistributorDocuments
from odoo.addons.dms_portal.controllers.frame import MAX_SEARCH, PAGE_SIZE, page
from odoo.addons.dms_portal.models.dms_portal_proof import MAX_PROOF_MB

from ..models.dms_case import MAX_EVIDENCE, MAX_NOTE

MODELS = {"returns": "dms.return", "claims": "dms.claim"}
MAX_FILENAME, MAX_NUMBER = 200, 20
#: documents from which a return or claim is started
SOURCES = 10


class DistributorCases(DistributorDocuments):
    """What pages of returns and pages of claims share: lists, what is done with one, its files and messages."""

    def _dms_case(self, kind, case_id):
        """The return or claim of the user's own distributor with this id, without more rights than the user's.

        :param str kind: key of ``MODELS``
        :raise NotFound: for every other id
        """
        return self._dms_own(MODELS[kind], case_id, self._dms_case_domain(kind))

    def _dms_case_domain(self, kind):
        return request.env[MODELS[kind]]._get_portal_domain(self._dms_distributor(), request.env.company)

    def _dms_render_case(self, template, kind, values, **kwargs):
        _ = request.env._
        tabs = [
            ("returns", _("Returns"), "/my/dms/returns"),
            ("claims", _("Claims"), "/my/dms/claims"),
            ("settlements", _("Credited"), "/my/dms/settlements"),
        ]
        values = {**self._dms_layout_values("returns"), "case_tabs": tabs, "case_key": kind, "limits": self._dms_case_limits(), **values}
        return request.render(template, values, **kwargs)

    def _dms_case_limits(self):
        return {"files": MAX_EVIDENCE, "megabytes": MAX_PROOF_MB, "note": MAX_NOTE, "number": MAX_NUMBER}

    # ------------------------------------------------------------ lists

    def _dms_render_cases(self, kind, number, status, search):
        """The list of returns or of claims."""
        Case = request.env[MODELS[kind]]
        filters = Case._get_portal_filters()
        status, search = self._dms_choice(status, filters), self._dms_text(search, MAX_SEARCH)
        domain = self._dms_case_domain(kind) + (filters[status][1] if status else [])
        domain += [("name", "ilike", search)] if search else []
        pager = self._dms_pager(f"/my/dms/{kind}", Case.search_count(domain), number, {"status": status, "search": search})
        found = Case.search(domain, limit=PAGE_SIZE, offset=max(pager["offset"], 0))
        values = {
            "rows": [case._prepare_portal_row() for case in found.sudo()],  # documents the user may read
            "labels": [(name, label) for name, (label, _domain) in filters.items()],
            "status": status,
            "search": search,
            "pager": pager,
        }
        return self._dms_render_case(f"dms_returns.portal_{kind}", kind, values)

    # ------------------------------------------------------------ what is done with one

    @route("/my/dms/<any(returns,claims):kind>/<int:case_id>/submit", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_case_submit(self, kind, case_id, **post):
        case, files = self._dms_case(kind, case_id), self._dms_case_files()

        def submit():
            case._portal_add_files(files)
            case._portal_send()
            self._dms_flash(request.env._("Thank you. We have it and will answer here."))

        return self._dms_do(submit, f"/my/dms/{kind}/{case_id}")

    @route("/my/dms/<any(returns,claims):kind>/<int:case_id>/cancel", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_case_cancel(self, kind, case_id, **post):
        case = self._dms_case(kind, case_id)
        return self._dms_do(case._portal_cancel, f"/my/dms/{kind}/{case_id}")

    @route("/my/dms/<any(returns,claims):kind>/<int:case_id>/message", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_case_message(self, kind, case_id, body="", token="", **post):
        case = request.env["dms.portal"]._check_own(self._dms_case(kind, case_id))
        body = self._dms_text(body)

        def send():
            once = request.env["dms.portal.token"]._once
            once(self._dms_distributor(), f"{kind}-message:{case.id}", token, lambda: case._dms_portal_post(plaintext2html(body)))

        target = f"/my/dms/{kind}/{case_id}#messages"
        return self._dms_do(send, target) if body else request.redirect(target, code=303)

    def _dms_send_new(self, case):
        """Submit what was just made; what is in the way is told on its page, where it can be put right."""
        _done, sentence = self._dms_try(case._portal_send, case._name)
        if sentence:
            self._dms_flash(request.env._("It is kept here, but not sent yet. Please see what is missing."), "warning")
        else:
            self._dms_flash(request.env._("Thank you. We have it and will answer here."))

    # ------------------------------------------------------------ files

    @route("/my/dms/<any(returns,claims):kind>/<int:case_id>/files", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_case_add_files(self, kind, case_id, **post):
        case, files = self._dms_case(kind, case_id), self._dms_case_files()

        def add():
            case._portal_add_files(files)
            if files:
                self._dms_flash(request.env._("We have your files."))

        return self._dms_do(add, f"/my/dms/{kind}/{case_id}#files")

    @route("/my/dms/<any(returns,claims):kind>/<int:case_id>/files/<int:file_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_case_file(self, kind, case_id, file_id, **kwargs):
        case = self._dms_case(kind, case_id).sudo()  # a document the user may read; only files meant for both sides leave
        file = case._dms_portal_files().filtered(lambda attachment: attachment.id == file_id)
        if not file:
            raise request.not_found()
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)  # a file of the document checked above
        return stream.get_response(as_attachment=True, content_security_policy="default-src 'none'")

    @route("/my/dms/<any(returns,claims):kind>/<int:case_id>/pdf", type="http", auth="user", website=True)
    @page
    def dms_case_pdf(self, kind, case_id, **kwargs):
        case = self._dms_case(kind, case_id)
        return self._dms_pdf(f"dms_returns.action_report_{kind.removesuffix('s')}", case, case.name)

    def _dms_case_files(self):
        """``[(name, content, id of a kind of evidence or 0)]`` of the files of the form, named ``file`` or ``file_<id>``.

        One more byte, and one more file, than are allowed are read: the model refuses them with a sentence.
        """
        sent = [
            (file, self._dms_int(field.removeprefix("file_")) if field != "file" else 0)
            for field, file in request.httprequest.files.items(multi=True)
            if file.filename and (field == "file" or field.startswith("file_"))
        ]
        most = MAX_PROOF_MB * 1024 * 1024 + 1
        return [(file.filename[-MAX_FILENAME:], file.read(most), kind_id) for file, kind_id in sent[: MAX_EVIDENCE + 1]]

    # ------------------------------------------------------------ what a new one is about

    def _dms_case_source(self, delivery=None, invoice=None, order=None, **kwargs):
        """The delivery, invoice or order that the address names, with full rights, or None.

        :raise NotFound: for those of others; those of branches are looked at in the lists only
        """
        distributor = self._dms_distributor()
        if delivery := self._dms_int(delivery):
            found = self._dms_own("stock.picking", delivery, self._dms_picking_domain()).sudo()  # a delivery the user may read
            owner = found.sale_id.distributor_id
        elif invoice := self._dms_int(invoice):
            domain = self._dms_move_domain() & request.env["account.move"]._get_dms_claimable_domain()
            found = self._dms_own("account.move", invoice, domain).sudo()  # an invoice the user may read
            owner = found.commercial_partner_id
        elif order := self._dms_int(order):
            found = self._dms_order(order).sudo()  # an order the user may read
            owner = found.distributor_id
        else:
            return None
        if owner != distributor or found.company_id != request.env.company:
            raise request.not_found()
        return found

    def _dms_case_source_key(self, source):
        """The part of an address that names it."""
        names = {"stock.picking": "delivery", "account.move": "invoice", "sale.order": "order"}
        return f"{names[source._name]}={source.id}" if source else ""

    def _dms_recent_deliveries(self):
        """Deliveries made to the user's own distributor, the latest first, as plain values."""
        domain = self._dms_picking_domain() & request.env["stock.picking"]._get_dms_returnable_domain(self._dms_distributor())
        found = request.env["stock.picking"].search(domain, order="date_done desc, id desc", limit=SOURCES)
        return [picking._prepare_dms_return_source() for picking in found.sudo()]  # deliveries the user may read

    def _dms_recent_invoices(self):
        domain = request.env["account.move"]._get_dms_portal_domain(self._dms_distributor().ids)
        domain &= request.env["account.move"]._get_dms_claimable_domain()
        found = request.env["account.move"].search(domain, order="invoice_date desc, id desc", limit=SOURCES)
        return [move._prepare_dms_return_source() for move in found.sudo()]  # invoices the user may read
