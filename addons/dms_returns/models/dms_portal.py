from odoo import api, models

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
        figures, waiting = [], []
        for name, label in (("dms.return", _("Open returns")), ("dms.claim", _("Open claims"))):
            Case = self.env[name]
            domain = [*Case._get_portal_domain(distributor, self.env.company), *Case._get_portal_filters()["open"][1]]
            counts = dict(Case._read_group(domain, ["ball"], ["__count"]))
            if counts:
                url = f"/my/dms/{'returns' if name == 'dms.return' else 'claims'}?status=open"
                figures.append({"value": sum(counts.values()), "label": label, "url": url, "tone": "info"})
            if counts.get("distributor"):
                waiting += Case.search([*domain, ("ball", "=", "distributor")], order="stage_since, id", limit=ROWS)
        if not figures:
            return None
        return self._prepare_card(
            "returns",
            _("Returns & claims"),
            icon="fa-reply",
            sequence=35,
            figures=figures,
            rows=[self._prepare_case_card_row(case) for case in waiting[:ROWS]],
            action={"label": _("All returns"), "url": "/my/dms/returns"},
        )

    def _prepare_case_card_row(self, case):
        row = case._prepare_portal_row()
        return {"label": row["name"], "detail": row["subject"], "value": row["label"], "url": row["url"], "tone": row["tone"]}

    @api.model
    def _get_order_actions(self, order):
        actions = super()._get_order_actions(order)
        if not any(line.qty_delivered > 0 for line in order.order_line):
            return actions
        link = {"label": self.env._("Return goods"), "url": f"/my/dms/returns/new?order={order.id}", "icon": "fa-reply", "sequence": 40}
        return [*actions, link]
