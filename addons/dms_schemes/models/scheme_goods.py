"""Goods that schemes give away, priced like a bought line of their own quantity."""

from odoo.addons.dms_orders.models.sale_order_line import PRICING_FIELDS

from ..engine import FreeGoods


class SchemeGoods:
    """Full values of free goods of one order, in units of its rounding, for the engine.

    A quantity whose value is not known yet counts as worth nothing and is remembered; :meth:`fetch` then prices all such
    quantities at once, and the order is evaluated again.
    """

    def __init__(self, order, free_lines):
        self.order = order
        self.products = order.env["product.product"]
        self.values = {(line.product_id.id, line.product_uom_qty): self._units(line._dms_full_value()) for line in free_lines}
        self.missing = set()
        self.goods = {}

    def __call__(self, product_id):
        if product_id not in self.goods:
            product = self.products.browse(product_id)
            self.goods[product_id] = (
                FreeGoods(product._dms_quantity_step(), lambda qty: self._value(product_id, qty)) if self._is_given(product) else None
            )
        return self.goods[product_id]

    def _is_given(self, product):
        return product.active and product.sale_ok and product.company_id in (self.order.company_id, self.order.env["res.company"])

    def _value(self, product_id, quantity):
        value = self.values.get((product_id, quantity))
        if value is None:
            self.missing.add((product_id, quantity))
        return value or 0

    def _units(self, amount):
        return round(amount / self.order.currency_id.rounding)

    def fetch(self):
        """Price what was asked for and is not known yet; whether there was any."""
        missing, self.missing = sorted(self.missing), set()
        if missing:
            lines = self._price_lines(missing)
            self.values |= {key: self._units(line._dms_full_value()) for key, line in zip(missing, lines, strict=True)}
        return bool(missing)

    def _price_lines(self, wanted):
        """Virtual lines of these products and quantities, priced by core on a virtual order of the same terms."""
        order = self.order
        host = order.new({name: order[name] for name in PRICING_FIELDS})
        lines = order.order_line.browse()
        for product_id, quantity in wanted:
            unit = self.products.browse(product_id).uom_id
            values = {"order_id": host.id, "product_id": product_id, "product_uom_id": unit.id, "product_uom_qty": quantity}
            lines += lines.new({**values, "is_scheme_free": True})
        return lines
