from odoo import models


class SaleOrder(models.Model):
    """A change of status reaches the open pages of the distributor's users."""

    _inherit = "sale.order"

    def _message_track(self, fields_iter, initial_values_dict):
        """The status is tracked anyway: where Odoo has just found that it changed, tell the open pages.

        Runs once at the end of the transaction, for all orders of it.
        """
        tracking = super()._message_track(fields_iter, initial_values_dict)
        if "dms_state" in fields_iter:
            self.filtered(lambda order: "dms_state" in (tracking.get(order.id) or ((),))[0])._dms_send_status()
        return tracking

    def _dms_send_status(self):
        """Send the status of shared distributors' orders to the portal users of their distributor, and to nobody else."""
        orders = self.sudo().filtered(lambda order: order.distributor_id and order.dms_is_shared)  # status and number only
        users = orders.distributor_id._dms_portal_users() if orders else self.env["res.users"]
        by_distributor = users.grouped("commercial_partner_id")
        for order in orders:
            for user in by_distributor.get(order.distributor_id, ()):
                status = order.with_context(lang=user.lang)._dms_portal_status()
                user.partner_id._bus_send("dms.order/status", {"order_id": order.id, "name": order.name, **status})
