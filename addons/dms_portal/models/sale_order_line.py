from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_dms_portal_values(self):
        quantity = self.env["dms.portal"]._format_quantity
        return {
            "code": self.product_id.default_code or "",
            "name": self.product_id.with_context(display_default_code=False).display_name or self.name,
            "unit": self.product_uom_id.name,
            "ordered": quantity(self.product_uom_qty),
            "delivered": quantity(self.qty_delivered),
            "invoiced": quantity(self.qty_invoiced_posted),
            "complete": self.product_uom_qty > 0 and self.qty_delivered >= self.product_uom_qty,
            "price": self.currency_id.format(self.price_unit),
            "discount": quantity(self.discount) if self.discount else "",
            "amount": self.currency_id.format(self.price_subtotal),
        }
