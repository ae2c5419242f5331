from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: states in the order in which an order passes them, as steps of the progress bar
STEPS = ("draft", "submitted", "confirmed", "partially_delivered", "delivered", "invoiced")


class SaleOrder(models.Model):
    """An order's status in plain words, and what its distributor may do with it."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ status

    @api.model
    def _dms_portal_statuses(self):
        """``{dms_state: {"label", "sentence", "tone", "step"}}`` in plain words; step is a place in ``STEPS``."""
        _ = self.env._
        rows = {
            "draft": (_("Draft"), _("Not sent to us yet."), "neutral", 0),
            "on_hold": (_("On hold"), _("Something stands against this order; below is what would clear it."), "warning", 1),
            "submitted": (_("Submitted"), _("We have your order and will confirm it."), "info", 1),
            "confirmed": (_("Confirmed"), _("We are preparing the goods."), "primary", 2),
            "partially_delivered": (_("Partly delivered"), _("A part has left our warehouse, the rest will follow."), "primary", 3),
            "delivered": (_("Delivered"), _("Everything has been delivered."), "success", 4),
            "invoiced": (_("Invoiced"), _("Delivered and invoiced."), "success", 5),
            "cancelled": (_("Cancelled"), _("This order was cancelled."), "neutral", -1),
        }
        return {code: dict(zip(("label", "sentence", "tone", "step"), row, strict=True), code=code) for code, row in rows.items()}

    def _dms_portal_status(self):
        """Status of one order for its page, the bus and lists."""
        return self._dms_portal_statuses()[self.dms_state or "draft"]

    @api.model
    def _dms_portal_steps(self, status):
        labels = self._dms_portal_statuses()
        now = status["step"]
        return [{"label": labels[code]["label"], "done": index < now, "current": index == now} for index, code in enumerate(STEPS)]

    def _prepare_portal_card_row(self):
        status = self._dms_portal_status()
        return {
            "label": self.name,
            "detail": format_date(self.env, self.date_order),
            "value": self.currency_id.format(self.amount_total),
            "url": f"/my/dms/orders/{self.id}",
            "badge": status["label"],
            "tone": status["tone"],
        }

    # ------------------------------------------------------------ what may be done

    def _dms_portal_is_draft(self):
        """A draft that the distributor keeps himself, as against a quotation of the desk."""
        return self.state == "draft" and not self.dms_submitted_on and self.order_channel != "backend"

    def _dms_portal_actions(self):
        """``{action: bool}`` that the page offers; each is checked again by the method behind it."""
        waiting = any(revision.state in ("requested", "on_hold") for revision in self.dms_revision_ids)
        closed = self.state == "cancel" or self.dms_state in ("delivered", "invoiced")
        by_class = closed or self.state != "sale" or self.dms_class_id.amend_policy != "none"
        draft = self._dms_portal_is_draft()
        return {
            "edit": draft,
            "submit": self.state in ("draft", "sent") and not self.dms_submitted_on,
            "discard": draft,
            "change": not draft and not closed and not waiting and by_class,
            "cancel": not draft and not closed and not self._dms_portal_delivered(),
            "again": bool(self._dms_gated_lines()),
        }

    def _dms_portal_delivered(self):
        return any(line.qty_delivered > 0 for line in self.order_line)

    # ------------------------------------------------------------ what the distributor does; checked orders, full rights

    def _dms_portal_submit(self):
        """Hand in a draft or accept a quotation of the desk; what holds it is shown on its page."""
        self.action_dms_submit()

    def _dms_portal_discard(self):
        """Drop a draft that nobody has seen.

        :raise UserError: for any other order
        """
        if not self._dms_portal_is_draft():
            raise UserError(self.env._("%(order)s was already sent: ask for its cancellation instead.", order=self.name))
        self.unlink()

    # ------------------------------------------------------------ lists

    def _prepare_portal_list_row(self):
        """One row of the list of orders."""
        return {
            "name": self.name,
            "url": f"/my/dms/orders/{self.id}",
            "id": self.id,
            "reference": self.client_order_ref or "",
            "date": format_date(self.env, self.date_order),
            "promised": format_date(self.env, self.commitment_date) if self.commitment_date else "",
            "total": self.currency_id.format(self.amount_total),
            "status": self._dms_portal_status(),
        }
