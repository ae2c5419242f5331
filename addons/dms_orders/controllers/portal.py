from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import route

from odoo.addons.sale.controllers.portal import PaymentPortal


class DistributorPaymentPortal(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """The gates run before the distributor's money is taken: an order they hold cannot be confirmed by paying it."""
        self._dms_check_payable(order_id, access_token, kwargs.get("amount"))
        return super().portal_order_transaction(order_id, access_token, **kwargs)

    def _dms_check_payable(self, order_id, access_token, amount):
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return  # core refuses it in its own words
        if order.distributor_id and order.state in ("draft", "sent"):
            findings = order._dms_get_payment_findings(_get_positive(amount))
            if findings:
                raise ValidationError("\n".join(finding.message for finding in findings))


def _get_positive(amount):
    """The amount that a request names, in the order's currency; 0.0 for anything but a number above zero."""
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    return float(amount) if is_number and 0 < amount < 1e15 else 0.0
