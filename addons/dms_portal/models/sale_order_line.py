import re

from odoo import models

#: how core writes a product on a line: code in brackets, name, more lines of description
_CODED = re.compile(r"\[(?P<code>[^\]]+)\] (?P<name>.*)")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_portal_product(self):
        """(code, name) of the product as it was ordered, which needs no look at the product as it is today."""
        title = (self.name or "").split("\n", 1)[0]
        coded = _CODED.fullmatch(title)
        return (coded["code"], coded["name"]) if coded else ("", title)

    def _prepare_dms_portal_values(self):
        code, name = self._dms_portal_product()
        quantity = self.env["dms.portal"]._format_quantity
        return {
            "code": code,
            "name": name,
            "unit": self.product_uom_id.name,
            "ordered": quantity(self.product_uom_qty),
            "delivered": quantity(self.qty_delivered),
            "invoiced": quantity(self.qty_invoiced_posted),
            "complete": self.product_uom_qty > 0 and self.qty_delivered >= self.product_uom_qty,
            "price": self.currency_id.format(self.price_unit),
            "discount": quantity(self.discount) if self.discount else "",
            "amount": self.currency_id.format(self.price_subtotal),
        }
