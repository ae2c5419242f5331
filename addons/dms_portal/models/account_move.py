from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _get_dms_portal_domain(self, distributor_ids):
        """Posted invoices and credit notes of these distributors."""
        domain = Domain("commercial_partner_id", "in", distributor_ids) & Domain("state", "=", "posted")
        return domain & Domain("move_type", "in", ("out_invoice", "out_refund"))

    def _dms_portal_state(self):
        """(label, tone) of one posted invoice or credit note in plain words."""
        _ = self.env._
        if self.payment_state in ("paid", "in_payment", "reversed"):
            return (_("Settled"), "success") if self.move_type == "out_refund" else (_("Paid"), "success")
        if self.move_type == "out_refund":
            return _("Open credit"), "info"
        if self.invoice_date_due and self.invoice_date_due < self.company_id._dms_today():
            return _("Overdue"), "danger"
        return (_("Partly paid"), "primary") if self.payment_state == "partial" else (_("To pay"), "neutral")

    def _prepare_dms_portal_values(self):
        """One invoice as the pages show it; called with full rights on a checked, posted invoice."""
        label, tone = self._dms_portal_state()
        money = self.currency_id.format
        return {
            "id": self.id,
            "name": self.name,
            "is_refund": self.move_type == "out_refund",
            "label": label,
            "tone": tone,
            "date": format_date(self.env, self.invoice_date),
            "due": format_date(self.env, self.invoice_date_due) if self.invoice_date_due else "",
            "total": money(self.amount_total),
            "residual": money(self.amount_residual) if self.amount_residual else "",
            "url": f"/my/dms/invoices/{self.id}/pdf",
        }

    def _prepare_portal_card_row(self):
        label, tone = self._dms_portal_state()
        return {
            "label": self.name,
            "detail": self.env._("due %(date)s", date=format_date(self.env, self.invoice_date_due)),
            "value": self.currency_id.format(self.amount_residual),
            "url": f"/my/dms/invoices/{self.id}/pdf",
            "badge": label,
            "tone": tone,
        }
