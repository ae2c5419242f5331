from odoo.http import request, route

from odoo.addons.dms_portal.controllers.frame import PAGE_SIZE, page
from odoo.addons.dms_portal.models.dms_portal_proof import MAX_PROOF_MB

from ..models.dms_payment_advice import MAX_NOTE, MAX_REFERENCE
from ..models.dms_payment_advice_submit import MAX_INVOICES, MAX_PROOFS
from .frame import DistributorCreditPortal

#: longest number taken from a form
MAX_NUMBER = 40
MAX_FILENAME = 200


class DistributorPayments(DistributorCreditPortal):
    """Notices of transfers: list, form, page, proof."""

    # ------------------------------------------------------------ list and page

    @route(["/my/dms/credit/payments", "/my/dms/credit/payments/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_payments(self, number=1, status=None, **kwargs):
        Advice = request.env["dms.payment.advice"]
        states = Advice._get_portal_states()
        status = self._dms_choice(status, states)
        domain = self._dms_payment_domain() + ([("state", "=", status)] if status else [])
        pager = self._dms_pager("/my/dms/credit/payments", Advice.search_count(domain), number, {"status": status})
        advices = Advice.search(domain, limit=PAGE_SIZE, offset=max(pager["offset"], 0))
        values = {
            "rows": [advice._prepare_portal_row() for advice in advices.sudo()],  # notices the user may read
            "states": [(state, label) for state, (label, _sentence, _tone) in states.items()],
            "status": status,
            "pager": pager,
        }
        return self._dms_render_credit("dms_credit.portal_payments", "payments", values)

    @route("/my/dms/credit/payments/<int:advice_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_payment(self, advice_id, **kwargs):
        advice = self._dms_payment_advice(advice_id).sudo()  # the user's own distributor's notice; plain values leave
        return self._dms_render_credit("dms_credit.portal_payment", "payments", {"advice": advice._prepare_portal_values()})

    def _dms_payment_domain(self):
        """Notices of the user's own distributor in the company of the request."""
        return request.env["dms.payment.advice"]._get_portal_domain(self._dms_distributor(), request.env.company)

    def _dms_payment_advice(self, advice_id):
        """The notice with this id, without more rights than the user's.

        :raise NotFound: for every id that is not one of the own distributor's
        """
        return self._dms_own("dms.payment.advice", advice_id, self._dms_payment_domain())

    # ------------------------------------------------------------ form

    @route("/my/dms/credit/payments/new", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_payment_form(self, preset=None, **kwargs):
        form = self._dms_payment_offer()
        chosen = [row for row in form["invoices"] if preset == "overdue" and row["is_overdue"] and not row["is_announced"]]
        typed = {"date": form["today"], "currency_id": form["currency_id"], "invoice_ids": [row["id"] for row in chosen]}
        return self._dms_render_payment_form(form, typed)

    @route("/my/dms/credit/payments/new", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_payment_send(self, token="", **post):
        distributor = self._dms_distributor()
        values, files = self._dms_payment_values(post), self._dms_proof_files()

        def send():
            once = request.env["dms.portal.token"]._once
            return once(distributor, "payment", token, lambda: self._dms_submit_payment(distributor, values, files))

        sent, sentence = self._dms_try(send, "dms.payment.advice")
        if sentence:
            return self._dms_render_payment_form(self._dms_payment_offer(), values, sentence)
        advice, new = sent
        _ = request.env._
        self._dms_flash(_("Thank you. We have your notice and look for the transfer.") if new else _("You sent this form already."))
        return request.redirect(f"/my/dms/credit/payments/{advice.id}", code=303)

    def _dms_submit_payment(self, distributor, values, files):
        """The notice with its proof: a file that cannot be taken leaves no notice behind."""
        advice = request.env["dms.payment.advice"]._submit(distributor, values)
        for filename, content in files:
            advice._attach_proof(filename, content)
        return advice

    def _dms_payment_values(self, post):
        """What ``dms.payment.advice._submit`` reads, as bounded text; the model reads and checks it."""
        lengths = {"amount": MAX_NUMBER, "currency_id": MAX_NUMBER, "date": MAX_NUMBER, "reference": 2 * MAX_REFERENCE, "note": MAX_NOTE}
        values = {name: self._dms_text(post.get(name), length) for name, length in lengths.items()}
        return {**values, "invoice_ids": request.httprequest.form.getlist("invoice_ids")[: MAX_INVOICES + 1]}

    def _dms_proof_files(self):
        """``[(name, content)]`` of the files of the form; one more byte, and one more file, than are allowed are read."""
        files = [file for file in request.httprequest.files.getlist("proof") if file.filename]
        return [(file.filename[-MAX_FILENAME:], file.read(MAX_PROOF_MB * 1024 * 1024 + 1)) for file in files[: MAX_PROOFS + 1]]

    def _dms_payment_offer(self):
        Advice = request.env["dms.payment.advice"].sudo()  # open invoices of the user's own distributor; plain values leave
        return Advice._prepare_portal_form(self._dms_distributor(), request.env.company)

    def _dms_render_payment_form(self, form, typed, sentence=""):
        chosen = {self._dms_int(value) for value in typed.get("invoice_ids", ())}
        values = {
            "form": form,
            "typed": {**typed, "currency_id": self._dms_int(typed.get("currency_id")) or form["currency_id"]},
            "chosen": chosen,
            "sentence": sentence,
            "limits": {"reference": MAX_REFERENCE, "note": MAX_NOTE, "proof": MAX_PROOF_MB, "proofs": MAX_PROOFS},
        }
        return self._dms_render_credit("dms_credit.portal_payment_form", "payments", values, status=422 if sentence else 200)

    # ------------------------------------------------------------ what may be done with one

    @route("/my/dms/credit/payments/<int:advice_id>/cancel", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_payment_cancel(self, advice_id, **post):
        advice = self._dms_payment_advice(advice_id)

        def cancel():
            advice._portal_cancel()
            self._dms_flash(request.env._("Your notice is withdrawn."))

        return self._dms_do(cancel, f"/my/dms/credit/payments/{advice_id}")

    @route("/my/dms/credit/payments/<int:advice_id>/proof", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_payment_add_proof(self, advice_id, **post):
        advice = self._dms_payment_advice(advice_id)
        files = self._dms_proof_files()

        def add():
            for filename, content in files:
                advice._attach_proof(filename, content)  # the same file twice is kept once
            if files:
                self._dms_flash(request.env._("We have your proof."))

        return self._dms_do(add, f"/my/dms/credit/payments/{advice_id}")

    @route("/my/dms/credit/payments/<int:advice_id>/proof/<int:file_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_payment_proof(self, advice_id, file_id, **kwargs):
        proof = self._dms_payment_advice(advice_id)._get_proofs().filtered(lambda attachment: attachment.id == file_id)
        if not proof:
            raise request.not_found()
        stream = request.env["ir.binary"].sudo()._get_stream_from(proof)  # a file of the notice checked above
        return stream.get_response(as_attachment=True, content_security_policy="default-src 'none'")
