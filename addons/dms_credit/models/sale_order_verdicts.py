from odoo import models


class SaleOrder(models.Model):
    """That an order fits the credit: a verdict that is no gate, on the order pad and on a suggested order."""

    _inherit = "sale.order"

    def _dms_get_verdicts(self):
        verdicts = super()._dms_get_verdicts()
        user = self.env.user
        # told to the distributor itself, and to staff who may read credit: others get the sentences of the gates alone
        if user._is_portal() or self.env["dms.credit.account"].with_user(user).has_access("read"):
            for order, message in self._dms_get_credit_verdicts().items():
                verdicts[order._origin.id].append({"tone": "success", "message": message, "product_id": None})
        return verdicts

    def _dms_get_credit_verdicts(self):
        """``{order: sentence}`` of the orders that fit and would be held by the distributor's own limit otherwise, and what is left."""
        accounts = {order: accounts for order, accounts in self._dms_credit_accounts().items() if order._dms_has_credit_verdict(accounts)}
        positions = self.env["dms.credit.account"].union(*accounts.values())._get_positions(orders=self.browse().union(*accounts))
        active = self.env["dms.order.gate"]._get_active_ids()
        verdicts = {}
        for order, account in accounts.items():
            position, added = positions[account], order._dms_credit_added()
            left = position["available_amount"] - added
            gates = [gate for gate in order._dms_credit_gates() if gate in active]
            if left >= 0 and not order._dms_find_credit(account, position, added, gates):
                verdicts[order] = self._dms_credit_fits(account._money(left))
        return verdicts

    def _dms_has_credit_verdict(self, accounts):
        return accounts.partner_id == self.distributor_id and accounts._holds_on_limit() and self._dms_credit_is_checked()

    def _dms_credit_fits(self, left):
        if self.env.user._is_portal():
            return self.env._("Fits your credit: %(left)s left after this order.", left=left)
        return self.env._("Fits the credit of the distributor: %(left)s left after this order.", left=left)
