from odoo import models

from ..engine import evaluate
from .sale_order_facts import amounts_in

#: what the first evaluation needs, computed once and handed on with the values
PRICED_FIELDS = ("product_uom_id", "product_uom_qty", "tax_ids", "price_unit", "technical_price_unit", "discount")


class SaleOrderLine(models.Model):
    """The lines of a new order have in their first prices what schemes take off them, so that core computes and stores prices once.

    The order is evaluated as ever once it is complete; that finds nothing to change, or puts right what budgets and limits cut.
    """

    _inherit = "sale.order.line"

    def _add_precomputed_values(self, vals_list):
        order = self._dms_get_new_order(vals_list)
        if order and (book := order._dms_scheme_book()) and book.schemes:
            self.sudo()._dms_add_reductions(order, book, vals_list)  # a part of the lines' own price
        super()._add_precomputed_values(vals_list)

    def _dms_get_new_order(self, vals_list):
        """The distributor's draft order that all these lines are the first of; empty when there is none."""
        orders = self.env["sale.order"].sudo().browse({vals.get("order_id") or 0 for vals in vals_list})  # its schemes, for its prices
        if len(orders) > 1 or not orders.id or orders.order_line:
            return orders.browse()
        return orders if orders.distributor_id and orders.state == "draft" else orders.browse()

    def _dms_add_reductions(self, order, book, vals_list):
        """Add to the values of new lines their price, and what the schemes of a book take off it."""
        lines = self.browse().concat(*(self.new(vals) for vals in vals_list))
        values_of = dict(zip(lines, vals_list, strict=True))
        bought = order._dms_sort_for_schemes(lines)
        facts = order._dms_scheme_facts(bought, lambda product: None, book)
        reductions, money = evaluate(book, facts).reductions, amounts_in(order.currency_id)
        for place, line in enumerate(bought):
            amount = money(reductions.get(place, 0))
            values_of[line].update(line._prepare_reduced_values(amount, values_of[line]))

    def _prepare_reduced_values(self, amount, given):
        """Values of a new line of which schemes take ``amount`` (order currency, untaxed), beside those ``given``."""
        priced = [name for name in PRICED_FIELDS if name not in given]
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in priced}
        return {**values, "scheme_percent": self._dms_get_scheme_percent(amount), "scheme_discount": amount}
