from datetime import timedelta

from odoo import fields, models


class StockPicking(models.Model):
    """A delivery that waited long passes the credit gates again, where the company says so; what they find holds it."""

    _inherit = "stock.picking"

    dms_hold_ids = fields.One2many(
        "dms.order.hold", "picking_id", "Holds", readonly=True, groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager"
    )

    def button_validate(self):
        held = self._dms_hold_late_deliveries()
        if not held:
            return super().button_validate()
        rest = self - held
        result = super(StockPicking, rest).button_validate() if rest else True
        return result if isinstance(result, dict) else held._dms_held_notification()

    def _action_done(self):
        """Goods that came back lower what is to be invoiced: the holds of their distributor are re-checked."""
        result = super()._action_done()
        self.filtered(lambda picking: picking.location_id.usage == "customer")._dms_recheck_credit()
        return result

    def action_cancel(self):
        """So does what is not going to be delivered."""
        result = super().action_cancel()
        self._dms_recheck_credit()
        return result

    def _dms_recheck_credit(self):
        orders = self.sudo().sale_id  # whose distributor may wait for room
        if orders.distributor_id:
            self.env["sale.order"]._dms_trigger_recheck(orders.distributor_id)

    def _dms_hold_late_deliveries(self):
        """Those of these transfers that the credit gates hold; the holds are written, nothing is moved."""
        held = self.browse()
        for picking in self.sudo():  # orders and accounts behind the transfers to be validated
            if picking._dms_is_late_delivery():
                order = picking.sale_id
                findings = order._dms_open_findings({order.id: order._dms_find_late_credit()})
                order._dms_write_holds(findings, picking=picking)
                held |= self.browse(picking.id) if findings[order.id] else held.browse()
        return held

    def _dms_is_late_delivery(self):
        days = self.company_id.credit_delivery_days
        order = self.sale_id
        if not days or not order.distributor_id or order.state != "sale" or self.state in ("done", "cancel"):
            return False
        outgoing = self.location_dest_id.usage == "customer"
        return outgoing and fields.Datetime.now() - order.date_order > timedelta(days=days)

    def _dms_held_notification(self):
        holds = self.sudo().dms_hold_ids.filtered(lambda hold: hold.state == "open")  # sentences only
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("On hold"),
                "message": "\n".join(f"{hold.picking_id.name}: {hold.message}" for hold in holds),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dms_find_late_credit(self):
        """Findings of the credit gates against a delivery of this confirmed order, which the exposure counts already."""
        active = [code for code in self._dms_credit_gates() if code in self.env["dms.order.gate"]._get_active_ids()]
        accounts = self._dms_credit_accounts()[self].filtered(lambda account: account._is_checking())
        positions = self._dms_get_credit_positions({self: accounts})
        return [finding for account in accounts for finding in self._dms_find_credit(account, positions[account], 0.0, active)]


class DmsOrderHold(models.Model):
    _inherit = "dms.order.hold"

    def _recheck_deliveries(self, domain):
        super()._recheck_deliveries(domain)
        waiting = self.search([*domain, ("state", "=", "open"), ("picking_id", "!=", False)])
        for picking in waiting.picking_id:
            if picking._dms_is_late_delivery():
                picking._dms_hold_late_deliveries()
            else:
                waiting.filtered(lambda hold, p=picking: hold.picking_id == p)._clear()
