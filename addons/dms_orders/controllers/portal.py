from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import route

from odoo.addons.sale.controllers.portal import PaymentPortal


class DistributorPaymentPortal(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """The gates run before the distributor's money is taken: an order they hold cannot be confirmed by paying it."""
        self._dms_check_payable(order_id, access_token)
        return super().portal_order_transaction(order_id, access_token, **kwargs)

    def _dms_check_payable(self, order_id, access_token):
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return  # core refuses it in its own words
        if order.distributor_id and order.state in ("draft", "sent"):
            findings = order._dms_open_findings(order._dms_gate_findings())[order.id]
            if findings:
                raise ValidationError("\n".join(finding.message for finding in findings))
