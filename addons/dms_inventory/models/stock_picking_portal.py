from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity


class StockPicking(models.Model):
    """A delivery on the distributor's pages: whether it arrived, and the form that says so."""

    _inherit = "stock.picking"

    @api.model
    def _get_dms_portal_receipt_domain(self, distributor):
        """Deliveries whose receipt this distributor may still confirm."""
        own = self._get_dms_portal_domain([distributor.id]) & Domain("dms_receiver_id", "=", distributor.id)
        return own & Domain("dms_receipt_state", "=", "in_transit")

    def _dms_portal_state(self):
        _ = self.env._
        states = {
            "in_transit": (_("On its way"), "primary"),
            "received": (_("Received"), "success"),
            "short": (_("Received short"), "warning"),
        }
        return states.get(self.dms_receipt_state) or super()._dms_portal_state()

    def _prepare_dms_portal_values(self):
        own = self.dms_receiver_id and self.dms_receiver_id == self.env["dms.portal"]._get_distributor()
        waiting = own and self.dms_receipt_state == "in_transit"
        return {
            **super()._prepare_dms_portal_values(),
            "receipt_url": f"/my/dms/deliveries/{self.id}/receipt" if own else "",
            "may_confirm": bool(waiting),
            "received": format_date(self.env, self.dms_received_on) if self.dms_received_on else "",
        }

    def _prepare_dms_receipt_page(self):
        """What the page of the receipt shows; called with full rights on a checked delivery."""
        received = self._dms_get_received()
        lines = self._dms_leaving_lines()
        return {
            **self._prepare_dms_portal_values(),
            "sent": format_date(self.env, self._dms_day()),
            "due": format_date(self.env, self.dms_receipt_due) if self.dms_receipt_due else "",
            "lines": [line._prepare_dms_receipt_row(received.get(line.id)) for line in lines],
        }

    def _dms_get_received(self):
        """``{move line id: quantity received in the product's own unit}``; empty as long as it is in transit.

        What did not arrive at all has no row in the ledger: it counts as 0.
        """
        if self.dms_receipt_state == "in_transit":
            return {}
        rows = self.env["dms.stock.ledger"].search_fetch(
            [("picking_id", "=", self.id), ("kind", "=", "receipt")], ["source_key", "quantity"]
        )
        arrived = {row.source_key: row.quantity for row in rows}
        return {line.id: arrived.get(f"receipt:{line.id}", 0.0) for line in self._dms_leaving_lines()}

    def _dms_portal_confirm_receipt(self, said):
        """Confirm the receipt as the distributor's form says; nothing happens where that was done before.

        :param said: ``{move line id: (quantity as text, whether it is damaged)}`` of what did not arrive in good order
        :return: whether this call confirmed it
        :raise UserError: with a sentence for the form
        """
        self.ensure_one()
        if not self.sudo().try_lock_for_update():  # a delivery the user may read; of two at once the later one waits outside
            raise UserError(self.env._("A colleague is confirming this delivery just now: reload the page."))
        if self.dms_receipt_state != "in_transit":
            return False
        self.action_dms_confirm_receipt({id_: self._dms_read_said(*words) for id_, words in said.items() if words[0].strip()})
        return True

    def _dms_read_said(self, text, damaged):
        """A typed quantity as ``action_dms_confirm_receipt`` reads it; zero however it is written is nothing."""
        zero = not text.strip().strip("0").strip(".,").strip("0")
        try:
            return {"quantity": 0.0 if zero else float(parse_quantity(text)), "damaged": damaged}
        except IntakeError as error:
            sentence = self.env._(
                "“%(text)s” is no quantity. Write how much is missing or damaged, such as 2 or 1.5.", text=text.strip()[:20]
            )
            raise UserError(sentence) from error


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _prepare_dms_receipt_row(self, received):
        """One line of the page of the receipt.

        :param received: quantity in the product's own unit, None where it is not known yet
        """
        quantity = self.env["dms.portal"]._format_quantity
        missing = 0.0 if received is None else self.quantity_product_uom - received
        return {
            "id": self.id,
            "code": self.product_id.default_code or "",
            "name": self.product_id.name,
            "lot": self.lot_id.name or "",
            "unit": self.product_uom_id.name,
            "sent": quantity(self.quantity),
            "own_unit": self.product_id.uom_id.name,
            "received": "" if received is None else quantity(received),
            "missing": quantity(missing) if missing > 0 else "",
        }
