from odoo import api, models
from odoo.tools import format_date

#: rows on a card of the home page
ROWS = 5


class DmsPortal(models.AbstractModel):
    """What stock brings to the distributors' portal: tabs, cards, columns of the order pad."""

    _inherit = "dms.portal"

    @api.model
    def _get_menu(self, distributor):
        _ = self.env._
        return [
            *super()._get_menu(distributor),
            {"key": "stock", "label": _("Stock"), "url": "/my/dms/stock", "icon": "fa-cubes", "sequence": 25},
            {"key": "statements", "label": _("Statements"), "url": "/my/dms/statements", "icon": "fa-clipboard", "sequence": 36},
        ]

    # ------------------------------------------------------------ home page

    @api.model
    def _get_cards(self, distributor):
        cards = [self._get_receipt_card(distributor), self._get_stock_card(distributor)]
        return [*super()._get_cards(distributor), *(card for card in cards if card)]

    def _get_receipt_card(self, distributor):
        waiting = self.env["stock.picking"].search_fetch(
            self.env["stock.picking"]._get_dms_portal_receipt_domain(distributor),
            ["name", "origin", "date_done"],
            order="date_done, id",
            limit=ROWS,
        )
        if not waiting:
            return None
        return self._prepare_card(
            "receipts",
            self.env._("Did these arrive?"),
            icon="fa-check-square-o",
            sequence=5,
            tone="primary",
            wide=True,
            rows=[
                {
                    "label": picking.name,
                    "detail": ", ".join(filter(None, (picking.origin, format_date(self.env, picking.date_done, date_format="d MMM")))),
                    "value": self.env._("Confirm receipt"),
                    "url": f"/my/dms/deliveries/{picking.id}/receipt",
                    "tone": "",
                }
                for picking in waiting
            ],
            action={"label": self.env._("All deliveries to confirm"), "url": "/my/dms/deliveries?status=transit"},
        )

    def _get_stock_card(self, distributor):
        Position = self.env["dms.stock.position"]
        counts, rows = Position._get_portal_card(distributor, self.env.company, ROWS)
        if not counts:
            return None
        statuses = Position._get_portal_statuses()
        return self._prepare_card(
            "stock",
            self.env._("My stock"),
            icon="fa-cubes",
            sequence=25,
            figures=[
                {
                    "value": counts[status],
                    "label": statuses[status][0],
                    "url": f"/my/dms/stock?status={status}",
                    "tone": statuses[status][1],
                }
                for status in statuses
                if status in counts
            ],
            rows=rows,
            action={"label": self.env._("All of my stock"), "url": "/my/dms/stock"},
        )

    # ------------------------------------------------------------ order pad

    @api.model
    def _get_pad_columns(self, distributor):
        _ = self.env._
        return [
            *super()._get_pad_columns(distributor),
            {"key": "own_stock", "label": _("You have"), "type": "badge", "sequence": 20},
            {"key": "suggested", "label": _("Suggested"), "type": "suggest", "sequence": 25},
        ]

    @api.model
    def _get_pad_values(self, distributor, product_ids):
        values = super()._get_pad_values(distributor, product_ids)
        own = self.env["dms.stock.position"]._get_portal_pad_values(distributor, self.env.company, product_ids)
        for id_, columns in own.items():
            values[id_] = {**values.get(id_, {}), **columns}
        return values
