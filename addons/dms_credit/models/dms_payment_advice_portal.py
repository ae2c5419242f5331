from odoo import api, models
from odoo.tools import format_date

from .dms_payment_advice_submit import MAX_INVOICES


class DmsPaymentAdvice(models.Model):
    """A notice of a transfer on the distributor's own pages, as plain values of checked records with full rights."""

    _inherit = "dms.payment.advice"

    @api.model
    def _get_portal_domain(self, distributor, company):
        return [("distributor_id", "=", distributor.id), ("company_id", "=", company.id)]

    # ------------------------------------------------------------ list and page

    @api.model
    def _get_portal_states(self):
        """``{state: (label, sentence, tone)}`` in plain words."""
        _ = self.env._
        return {
            "submitted": (_("Waiting"), _("We look for your transfer on our bank account."), "info"),
            "matched": (_("Received"), _("Your transfer has arrived. Thank you."), "success"),
            "rejected": (_("Not accepted"), _("We could not accept this notice."), "danger"),
            "cancelled": (_("Withdrawn"), _("This notice counts no more."), "neutral"),
        }

    def _prepare_portal_row(self):
        """One notice of a list."""
        label, _sentence, tone = self._get_portal_states()[self.state]
        return {
            "name": self.name,
            "url": f"/my/dms/credit/payments/{self.id}",
            "date": format_date(self.env, self.date),
            "reference": self.reference,
            "amount": self.currency_id.format(self.amount),
            "label": label,
            "tone": tone,
        }

    def _prepare_portal_values(self):
        """One notice as its page shows it.

        :return: the values of its row, and ``{"id": int, "sentence", "sent", "note", "reason": str, "invoices": [{"name",
            "label", "tone", "residual", "url"}], "proofs": [{"name", "size", "url"}], "may_cancel", "may_add": bool}``
        """
        self.ensure_one()
        _label, sentence, _tone = self._get_portal_states()[self.state]
        waiting = self.state == "submitted"
        return {
            **self._prepare_portal_row(),
            "id": self.id,
            "sentence": sentence,
            "sent": format_date(self.env, self.create_date),
            "note": self.note or "",
            "reason": self.rejection_reason or "",
            "invoices": [move._prepare_dms_portal_values() for move in self.invoice_ids],
            "proofs": self._prepare_portal_proofs(),
            "may_cancel": waiting,
            "may_add": waiting,
        }

    def _prepare_portal_proofs(self):
        return [
            {"name": proof.name, "size": proof.file_size, "url": f"/my/dms/credit/payments/{self.id}/proof/{proof.id}"}
            for proof in self._get_proofs()
        ]

    # ------------------------------------------------------------ form

    @api.model
    def _prepare_portal_form(self, distributor, company):
        """What the form for a new notice offers.

        :return: ``{"currencies": [{"id", "name", "digits"}], "currency_id": int, "today", "first_day": str (ISO), "invoices": [{"id": int, "name",
            "due", "residual", "label", "tone": str, "amount": float, "currency_id": int, "is_overdue", "is_announced": bool}]}``
        """
        today = company._dms_today()
        currencies = self._get_currencies(company).sorted(lambda currency: (currency != company.currency_id, currency.name))
        return {
            "currencies": [{"id": currency.id, "name": currency.name, "digits": currency.decimal_places} for currency in currencies],
            "currency_id": company.currency_id.id,
            "today": today.isoformat(),
            "invoices": self._prepare_portal_invoices(distributor, company),
        }

    def _prepare_portal_invoices(self, distributor, company):
        """Open invoices that a notice may name, oldest first; announced ones say so."""
        domain = self._get_open_invoice_domain(distributor, company)
        names = ["name", "invoice_date_due", "amount_residual", "currency_id", "payment_state", "move_type", "company_id"]
        invoices = self.env["account.move"].search_fetch(domain, names, order="invoice_date_due, id", limit=MAX_INVOICES)
        waiting = self.search([*self._get_portal_domain(distributor, company), ("state", "=", "submitted")])
        announced = set(waiting.invoice_ids.ids)
        return [self._prepare_portal_invoice(move, move.id in announced) for move in invoices]

    def _prepare_portal_invoice(self, move, announced):
        label, tone = move._dms_portal_state()
        return {
            "id": move.id,
            "name": move.name,
            "due": format_date(self.env, move.invoice_date_due) if move.invoice_date_due else "",
            "residual": move.currency_id.format(move.amount_residual),
            "amount": move.amount_residual,
            "currency_id": move.currency_id.id,
            "label": label,
            "tone": tone,
            "is_overdue": bool(move.invoice_date_due) and move.invoice_date_due < move.company_id._dms_today(),
            "is_announced": announced,
        }
