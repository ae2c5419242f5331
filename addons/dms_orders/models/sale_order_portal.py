from odoo import models


class SaleOrder(models.Model):
    """What the distributor's side of an order shows and may do by core's own pages."""

    _inherit = "sale.order"

    def onchange(self, values, field_names, fields_spec):
        """Who may not write orders gets no terms computed, and nobody those of a partner he does not see."""
        self.check_access("write" if self else "create")
        partner = values.get("partner_id")
        self.env["res.partner"].browse(partner if isinstance(partner, int) and not self else []).check_access("read")
        return super().onchange(values, field_names, fields_spec)

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and self._dms_may_be_accepted()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and self._dms_may_be_accepted(paying=True)

    def _dms_may_be_accepted(self, paying=False):
        """Whether signing or paying may confirm the order: an offer of the desk that the distributor can see, or an order
        whose class does without the desk. A held order is for later, unless ``paying`` it is what clears its holds; one
        handed in by the distributor is the desk's turn."""
        if not self.distributor_id:
            return True
        order = self.sudo()  # flags of the order asked for
        if not order.dms_is_shared or (order._dms_get_holds_unpaid() if paying else order._dms_open_holds()):
            return False
        return order.state == "sent" or order.order_channel == "backend" or order.dms_class_id.auto_confirm

    def _dms_get_holds_unpaid(self):
        """Open holds that stay when the order is paid online; modules whose gates ask for money take theirs out."""
        return self._dms_open_holds()

    def _dms_get_payment_findings(self, amount):
        """What would hold the order once ``amount`` (its currency) was paid on it online, as a list of ``Finding``.

        Extended by modules whose gates count such payments.
        """
        return self._dms_open_findings(self._dms_gate_findings())[self.id]

    def _dms_timeline(self):
        """What happened to the order, oldest first, from what Odoo records anyway.

        :return: list of ``{"date": datetime (UTC), "code": str, "label": str, "detail": str}`` in the language of the
            environment; holds nothing the distributor may not read
        """
        self.ensure_one()
        order = self.sudo()  # documents of the order asked for; plain values leave
        events = [
            *order._dms_order_events(),
            *order._dms_hold_events(),
            *order._dms_revision_events(),
            *order._dms_delivery_events(),
            *order._dms_invoice_events(),
        ]
        return sorted((event for event in events if event["date"]), key=lambda event: event["date"])

    def _dms_event(self, date, code, label, detail=""):
        return {"date": date, "code": code, "label": label, "detail": detail or ""}

    def _dms_order_events(self):
        yield self._dms_event(self.create_date, "created", self.env._("Order created"), self.name)
        yield self._dms_event(self.dms_submitted_on, "submitted", self.env._("Submitted"))
        if self.state == "sale":
            yield self._dms_event(self.date_order, "confirmed", self.env._("Confirmed"))
        if self.state == "cancel":
            yield self._dms_event(self._dms_cancelled_on(), "cancelled", self.env._("Cancelled"))

    def _dms_cancelled_on(self):
        """Moment of the last tracked change of status; the tracking is Odoo's own."""
        message = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("tracking_value_ids.field_id.name", "in", ("dms_state", "state")),
            ],
            order="id desc",
            limit=1,
        )
        return message.date or self.write_date

    def _dms_hold_events(self):
        ends = {"released": self.env._("Released"), "rejected": self.env._("Rejected"), "cleared": self.env._("Cleared")}
        for hold in self.dms_hold_ids.filtered(lambda hold: not hold.picking_id):
            name = hold.gate_id.name
            yield self._dms_event(hold.create_date, "hold", self.env._("On hold: %(gate)s", gate=name), hold.message)
            if hold.state != "open":
                yield self._dms_event(hold.released_on or hold.cleared_on, hold.state, f"{ends[hold.state]}: {name}")

    def _dms_revision_events(self):
        labels = {
            "requested": self.env._("Change requested"),
            "on_hold": self.env._("Change on hold"),
            "applied": self.env._("Changed"),
            "refused": self.env._("Change refused"),
        }
        for revision in self.dms_revision_ids:
            date = revision.decided_on or revision.create_date
            yield self._dms_event(date, f"change_{revision.state}", labels[revision.state], revision.answer or revision.reason)

    def _dms_delivery_events(self):
        for picking in self.picking_ids.filtered(lambda picking: picking.state == "done"):
            if picking.location_dest_id.usage == "customer":
                yield self._dms_event(picking.date_done, "delivered", self.env._("Goods delivered"), picking.name)
            elif picking.location_id.usage == "customer":
                yield self._dms_event(picking.date_done, "returned", self.env._("Goods returned"), picking.name)

    def _dms_invoice_events(self):
        for move in self.invoice_ids.filtered(lambda move: move.state == "posted"):
            label = self.env._("Credit note") if move.move_type == "out_refund" else self.env._("Invoice")
            yield self._dms_event(move.create_date, move.move_type, label, move.name)
