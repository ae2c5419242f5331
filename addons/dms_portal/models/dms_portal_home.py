from odoo import api, models
from odoo.tools import format_date

#: orders that still want something to happen
OPEN_STATES = ("draft", "on_hold", "submitted", "confirmed", "partially_delivered")
#: rows on a card
ROWS = 5


class DmsPortal(models.AbstractModel):
    """Cards of this module: open orders, holds, deliveries on the way, invoices to pay."""

    _inherit = "dms.portal"

    @api.model
    def _get_cards(self, distributor):
        cards = [
            *super()._get_cards(distributor),
            self._get_hold_card(distributor),
            self._get_order_card(distributor),
            self._get_delivery_card(distributor),
            self._get_invoice_card(distributor),
        ]
        return [card for card in cards if card]

    def _get_order_card(self, distributor):
        Order = self.env["sale.order"]
        domain = [("distributor_id", "=", distributor.id), ("dms_is_shared", "=", True)]
        counts = dict(Order._read_group([*domain, ("dms_state", "in", OPEN_STATES)], ["dms_state"], ["__count"]))
        labels = {code: status["label"] for code, status in Order._dms_portal_statuses().items()}
        latest = Order.search_fetch(domain, ["name", "dms_state", "date_order", "amount_total", "currency_id"], order="id desc", limit=ROWS)
        return self._prepare_card(
            "orders",
            self.env._("Orders"),
            icon="fa-list-alt",
            sequence=10,
            figures=[
                {
                    "value": counts[state],
                    "label": labels[state],
                    "url": f"/my/dms/orders?status={state}",
                    "tone": Order._dms_portal_statuses()[state]["tone"],
                }
                for state in OPEN_STATES
                if state in counts
            ],
            rows=[order._prepare_portal_card_row() for order in latest],
            empty=self.env._("No orders yet. Your first one is a few keystrokes away."),
            action={"label": self.env._("All orders"), "url": "/my/dms/orders"},
        )

    def _get_hold_card(self, distributor):
        domain = [("distributor_id", "=", distributor.id), ("state", "=", "open"), ("order_id.dms_is_shared", "=", True)]
        holds = self.env["dms.order.hold"].search_fetch(domain, ["order_id", "message"], order="id desc", limit=ROWS)
        if not holds:
            return None
        rows = [
            {
                "label": hold.order_id.name,
                "detail": hold.message,
                "url": f"/my/dms/orders/{hold.order_id.id}",
                "value": "",
                "tone": "warning",
            }
            for hold in holds
        ]
        return self._prepare_card(
            "holds",
            self.env._("On hold: what would clear it"),
            icon="fa-hand-paper-o",
            sequence=0,
            rows=rows,
            tone="warning",
            wide=True,
            action={"label": self.env._("All orders on hold"), "url": "/my/dms/orders?status=on_hold"},
        )

    def _get_delivery_card(self, distributor):
        Picking = self.env["stock.picking"]
        domain = Picking._get_dms_portal_domain([distributor.id])
        coming = Picking.search_fetch(
            [*domain, ("picking_type_code", "=", "outgoing"), ("state", "in", ("waiting", "confirmed", "assigned"))],
            ["name", "scheduled_date", "origin", "state"],
            order="scheduled_date, id",
            limit=ROWS,
        )
        return self._prepare_card(
            "deliveries",
            self.env._("Next deliveries"),
            icon="fa-truck",
            sequence=20,
            rows=[
                {
                    "label": picking.name,
                    "detail": picking.origin or "",
                    "value": format_date(self.env, picking.scheduled_date),
                    "url": f"/my/dms/orders/{picking.sale_id.id}",
                    "tone": "",
                }
                for picking in coming
            ],
            empty=self.env._("Nothing is on its way."),
            action={"label": self.env._("All deliveries"), "url": "/my/dms/deliveries"},
        )

    def _get_invoice_card(self, distributor):
        Move = self.env["account.move"]
        domain = [*Move._get_dms_portal_domain([distributor.id]), ("payment_state", "in", ("not_paid", "partial"))]
        due = Move.search_fetch(
            [*domain, ("move_type", "=", "out_invoice")],
            ["name", "invoice_date_due", "amount_residual", "currency_id", "payment_state", "move_type", "company_id"],
            order="invoice_date_due, id",
            limit=ROWS,
        )
        return self._prepare_card(
            "invoices",
            self.env._("Invoices to pay"),
            icon="fa-file-text-o",
            sequence=30,
            rows=[move._prepare_portal_card_row() for move in due],
            empty=self.env._("Nothing to pay."),
            action={"label": self.env._("All invoices"), "url": "/my/dms/invoices"},
        )
