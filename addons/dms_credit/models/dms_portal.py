from odoo import api, models


class DmsPortal(models.AbstractModel):
    """Credit in the distributors' portal: a tab, a card, ways out of a hold."""

    _inherit = "dms.portal"

    @api.model
    def _get_menu(self, distributor):
        entry = {"key": "credit", "label": self.env._("Credit"), "url": "/my/dms/credit", "icon": "fa-tachometer", "sequence": 45}
        return [*super()._get_menu(distributor), entry]

    @api.model
    def _get_cards(self, distributor):
        card = self._get_credit_card(distributor)
        return [*super()._get_cards(distributor), *([card] if card else [])]

    def _get_credit_card(self, distributor):
        account = self.env["dms.credit.account"]._get_account(distributor, self.env.company)
        values = account._prepare_portal_card() if account else None
        if not values:
            return None
        action = {"label": self.env._("Credit and statement of account"), "url": "/my/dms/credit"}
        return self._prepare_card("credit", self.env._("Your credit"), icon="fa-tachometer", sequence=25, action=action, **values)

    @api.model
    def _get_order_actions(self, order):
        actions = super()._get_order_actions(order)
        if any(hold.state == "open" and hold.gate in order._dms_credit_gates() for hold in order.dms_hold_ids):
            url, label = "/my/dms/credit/payments/new", self.env._("Announce a payment")
            actions.append({"label": label, "url": url, "icon": "fa-university", "sequence": 10})
        return actions
