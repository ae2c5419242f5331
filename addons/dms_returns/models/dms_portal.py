from odoo import api, models
from odoo.tools import SQL, format_date

from .dms_case_screens import OVER

#: states of an order some of which has arrived
DELIVERED = ("partially_delivered", "delivered", "invoiced")
#: rows on the card of the home page
ROWS = 5


class DmsPortal(models.AbstractModel):
    """What returns and claims bring to the distributors' portal: a tab, a card, a link on every order."""

    _inherit = "dms.portal"

    @api.model
    def _get_menu(self, distributor):
        _ = self.env._
        entry = {"key": "returns", "label": _("Returns & claims"), "url": "/my/dms/returns", "icon": "fa-reply", "sequence": 38}
        return [*super()._get_menu(distributor), entry]

    @api.model
    def _get_cards(self, distributor):
        card = self._get_case_card(distributor)
        return [*super()._get_cards(distributor), *([card] if card else [])]

    def _get_case_card(self, distributor):
        """How many are open, and what waits for the distributor, the oldest first."""
        _ = self.env._
        rows = self._get_open_cases(distributor)
        if not rows:
            return None
        kinds = (("dms.return", _("Open returns"), "returns"), ("dms.claim", _("Open claims"), "claims"))
        counts = {name: sum(row[0] == name for row in rows) for name, _label, _path in kinds}
        return self._prepare_card(
            "returns",
            _("Returns & claims"),
            icon="fa-reply",
            sequence=35,
            figures=[
                {"value": counts[name], "label": label, "url": f"/my/dms/{path}?status=open", "tone": "info"}
                for name, label, path in kinds
                if counts[name]
            ],
            rows=[self._prepare_case_card_row(*row) for row in rows if row[4] == "distributor"][:ROWS],
            action={"label": _("All returns"), "url": "/my/dms/returns"},
        )

    def _get_open_cases(self, distributor):
        """``[(model, id, number, state, who has the ball, since when)]`` of the distributor, the oldest first; one query."""
        parts = []
        for name in ("dms.return", "dms.claim"):
            self.env[name].flush_model(["name", "state", "ball", "stage_since", "distributor_id", "company_id"])
            parts.append(
                SQL(
                    "SELECT %s, id, name, state, ball, stage_since FROM %s WHERE distributor_id = %s AND company_id = %s AND state NOT IN %s",
                    name,
                    SQL.identifier(self.env[name]._table),
                    distributor.id,
                    self.env.company.id,
                    OVER,
                )
            )
        return self.env.execute_query(SQL("%s ORDER BY 6, 2", SQL(" UNION ALL ").join(parts)))

    def _prepare_case_card_row(self, model, case_id, number, state, _ball, since):
        label, _sentence, tone = self.env[model]._get_portal_states()[state]
        return {
            "label": number,
            "detail": format_date(self.env, since) if since else "",
            "value": label,
            "url": self.env[model].browse(case_id)._get_portal_url(),
            "tone": tone,
        }

    @api.model
    def _get_order_actions(self, order):
        actions = super()._get_order_actions(order)
        if order.dms_state not in DELIVERED:
            return actions
        link = {"label": self.env._("Return goods"), "url": f"/my/dms/returns/new?order={order.id}", "icon": "fa-reply", "sequence": 40}
        return [*actions, link]
