import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity

from .dms_payment_advice import MAX_AMOUNT, MAX_NOTE

MAX_ID = 2**31 - 1
MAX_INVOICES = 200
MAX_PROOFS = 5


class DmsPaymentAdvice(models.Model):
    """How a notice comes in: values of a form by anybody, and files."""

    _inherit = "dms.payment.advice"

    # ------------------------------------------------------------ form

    @api.model
    def _submit(self, distributor, values):
        """Take in a notice for ``distributor`` in the current company; called by the page of the portal.

        :param distributor: the commercial partner; for a portal user its own, whose account is open
        :param dict values: as they come from a form: ``amount`` (text or number), ``currency_id`` (empty: the company's
            own), ``date`` (ISO; empty: today), ``reference``, ``note``, ``invoice_ids`` (ids); other keys are ignored
        :return: the notice with the user's own rights
        :raise AccessError: for a distributor that is not the user's own, or may not use the portal
        :raise UserError: a sentence for what cannot be read, was announced already, or is not the distributor's
        """
        self._check_sender(distributor)
        advices = self.sudo().with_context(mail_create_nosubscribe=True)  # a notice of the distributor checked above
        values = advices._prepare_submitted_values(distributor, values)
        try:
            with self.env.cr.savepoint():
                return advices.create(values).with_env(self.env)
        except psycopg2.errors.UniqueViolation:  # a colleague was faster by an instant
            raise UserError(self.env._("This transfer was announced already, under the same reference.")) from None

    @api.model
    def _check_sender(self, distributor):
        user = self.env.user
        own = distributor == user.commercial_partner_id and distributor.id in user._dms_portal_distributor_ids()
        if not distributor or (user.share and not own):
            raise AccessError(self.env._("Your account cannot send notices of payment. Please contact us."))

    @api.model
    def _prepare_submitted_values(self, distributor, values):
        currency = self._read_currency(values.get("currency_id"))
        return {
            "distributor_id": distributor.id,
            "company_id": self.env.company.id,
            "currency_id": currency.id,
            "amount": self._read_amount(values.get("amount"), currency),
            "date": self._read_date(values.get("date")),
            "reference": self._check_reference(values.get("reference")),
            "note": self._read_note(values.get("note")),
            "invoice_ids": self._read_invoices(distributor, values.get("invoice_ids")).ids,
            "is_from_portal": self.env.user.share,
        }

    @api.model
    def _read_amount(self, value, currency):
        if isinstance(value, str):
            try:
                value = float(parse_quantity(value, MAX_AMOUNT))
            except IntakeError as error:
                if error.code == "quantity_ambiguous":
                    raise UserError(self.env._("The amount can be read in two ways: write it without separators, like 1500.00.")) from error
                value = None
        return self._check_amount(currency.round(self._check_amount(value)))

    @api.model
    def _read_currency(self, value):
        company = self.env.company
        currency_id = self._read_id(value) if value else company.currency_id.id
        currency = self._get_currencies(company).filtered(lambda record: record.id == currency_id)
        if not currency:
            raise UserError(self.env._("Choose one of the currencies offered."))
        return currency

    @api.model
    def _read_date(self, value):
        try:
            return (fields.Date.to_date(value) if value else None) or self.env.company._dms_today()
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("Give the date of the transfer as year-month-day.")) from error

    @api.model
    def _read_note(self, value):
        return value.replace("\0", "").strip()[:MAX_NOTE] if isinstance(value, str) else False

    @api.model
    def _read_invoices(self, distributor, values):
        """The invoices named; a foreign, a paid and an unknown one look the same."""
        values = values if isinstance(values, (list, tuple)) else [values] if values else []
        ids = {self._read_id(value) for value in values[: MAX_INVOICES + 1]}
        domain = self._get_open_invoice_domain(distributor, self.env.company)
        invoices = self.env["account.move"].search([("id", "in", list(ids)), *domain]) if ids else self.env["account.move"]
        if len(invoices) != len(ids) or len(ids) > MAX_INVOICES:
            raise UserError(self.env._("One of the invoices is no longer open: reload the page and choose again."))
        return invoices

    @api.model
    def _read_id(self, value):
        """A positive id as number or digits, else 0."""
        text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= MAX_ID else 0

    def _portal_cancel(self):
        """Withdraw a notice that waits, for the logged-in user of its distributor.

        :raise AccessError: for a notice that is not the own distributor's
        :raise UserError: when it no longer waits
        """
        self.ensure_one()
        self.check_access("read")
        self._check_sender(self.distributor_id)
        if self.state == "cancelled":
            return
        if self.state != "submitted":
            raise UserError(self.env._("%(name)s was dealt with already and cannot be withdrawn.", name=self.name))
        self._end("cancelled")
        self.sudo()._message_log(body=self.env._("Withdrawn by the distributor."))  # the user's own notice, checked above

    # ------------------------------------------------------------ proof

    def _attach_proof(self, filename, content):
        """Keep a file of the distributor with its notice, as a download; pictures are drawn anew.

        The same file again gives the attachment that is there. Pages check that the notice is the user's own.

        :param bytes content: PDF, JPEG or PNG, at most 5 MB
        :return: ``ir.attachment`` with full rights
        :raise UserError: a sentence for every other file
        """
        self.ensure_one()
        advice = self.sudo()  # files of a notice that the caller has checked
        attachment = advice._keep_proof(advice.proof_ids, filename, content)
        advice.proof_ids |= attachment
        advice._message_set_main_attachment_id(attachment)
        return attachment

    def _check_proof_room(self, known):
        super()._check_proof_room(known)
        if len(known) >= MAX_PROOFS or self.sudo().state != "submitted":  # of a notice that the caller has checked
            raise UserError(self.env._("No more files can be added to %(name)s.", name=self.name))

    def _get_proofs(self):
        """The distributor's files on this notice, with full rights; for a page that has checked the notice."""
        return self.sudo().proof_ids  # what the distributor itself sent, never files that staff added
