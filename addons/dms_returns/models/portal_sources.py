"""Deliveries, invoices and orders from which distributors start a return or a claim."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_dms_return_goods(self):
        """(order lines, lots or None) of what was delivered; called with full rights on a checked order."""
        return self.order_line.filtered(lambda line: line.product_id and not line.display_type), None


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _get_dms_returnable_domain(self, distributor):
        """Deliveries made to this distributor itself."""
        return (
            Domain("state", "=", "done")
            & Domain("picking_type_code", "=", "outgoing")
            & Domain("sale_id.distributor_id", "=", distributor.id)
        )

    def _get_dms_return_goods(self):
        """(order lines, lots) of this delivery; called with full rights on a checked one."""
        return self.move_ids.sale_line_id, self.move_line_ids.lot_id

    def _dms_portal_state(self):
        """Goods on their way back are nothing that we send."""
        if self.picking_type_code == "incoming" and self.state not in ("done", "cancel"):
            return self.env._("Expected back"), "info"
        return super()._dms_portal_state()

    def _prepare_dms_portal_values(self):
        may_return = self.state == "done" and self.picking_type_code == "outgoing"
        return {**super()._prepare_dms_portal_values(), "may_return": may_return}

    def _prepare_dms_return_source(self):
        """What is said of this delivery where one is chosen; called with full rights on a checked one."""
        return {
            "key": f"delivery={self.id}",
            "name": self.name,
            "detail": self.sale_id.name or "",
            "date": format_date(self.env, self.date_done),
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _get_dms_claimable_domain(self):
        return Domain("move_type", "=", "out_invoice") & Domain("company_id", "=", self.env.company.id)

    def _get_dms_return_goods(self):
        """(order lines, no narrowing to lots) of what this invoice bills; called with full rights on a checked one."""
        return self.invoice_line_ids.sale_line_ids.filtered(lambda line: line.product_id), None

    def _prepare_dms_return_source(self):
        """What is said of this invoice where one is chosen; called with full rights on a checked one."""
        return {
            "key": f"invoice={self.id}",
            "name": self.name,
            "detail": self.invoice_origin or "",
            "date": format_date(self.env, self.invoice_date),
        }
