from odoo import fields, models
from odoo.fields import Command

from ..engine.split import Line, split_to_fit


class SaleOrder(models.Model):
    """Splitting a held order into what fits into the credit and the rest."""

    _inherit = "sale.order"

    dms_split_from_id = fields.Many2one(
        "sale.order", "Split From", readonly=True, copy=False, index="btree_not_null", groups="base.group_user",
        help="The order this one was split from, when what fitted into the credit was released.",
    )  # fmt: skip

    def _dms_get_room(self):
        """What of this order fits into the credit of all who answer for it, in company currency; prepaid value takes none."""
        accounts = self._dms_credit_accounts()[self].filtered(lambda account: account._holds_on_limit())
        positions = self._dms_get_credit_positions({self: accounts})
        prepaid = self._dms_in_company_currency(self._dms_prepaid())
        whole = self._dms_in_company_currency(self.amount_total)
        return min((positions[account]["available_amount"] + prepaid for account in accounts), default=whole)

    def _dms_fit_quantities(self, room):
        """``{line: quantity}`` of what fits into ``room`` (company currency), in whole multiples, taxes included."""
        lines = self._dms_gated_lines()
        budget = room * (self.currency_rate or 1.0)
        by_id = {line.id: line for line in lines}
        while budget > 0:
            kept = split_to_fit([line._dms_as_split_line() for line in lines], budget)
            total = self._dms_total_with({by_id[key]: quantity for key, quantity in kept.items()})
            if not kept or self._dms_in_company_currency(total) <= room:
                return {by_id[key]: quantity for key, quantity in kept.items()}
            budget -= max(total - room * self.currency_rate, self.currency_id.rounding)  # taxes rounded up
        return {}

    def _dms_total_with(self, quantities):
        """Total of the order with these quantities of its products, in memory."""
        virtual = self.new(origin=self)
        virtual.order_line = [Command.update(line.id, {"product_uom_qty": quantities.get(line, 0.0)}) for line in self._dms_gated_lines()]
        return virtual.amount_total

    def _dms_split_off(self, kept):
        """Keep ``{line: quantity}`` and move the rest to an order of its own; empty when nothing is left over."""
        rest = {line: line.product_uom_qty - kept.get(line, 0.0) for line in self._dms_gated_lines()}
        rest = {line: quantity for line, quantity in rest.items() if line.product_uom_id.compare(quantity, 0.0) > 0}
        if not rest:
            return self.browse()
        lines = [Command.create({**line.copy_data()[0], "product_uom_qty": quantity}) for line, quantity in rest.items()]
        values = {"order_line": lines, "client_order_ref": False, "order_channel": self.order_channel, "dms_split_from_id": self.id}
        other = self.with_context(tracking_disable=True).copy({**values, "dms_is_shared": self.dms_is_shared})
        with self._dms_guard_passed():
            for line in rest:
                line.product_uom_qty = kept.get(line, 0.0)
            self.order_line.filtered(lambda line: line in rest and not line.product_uom_qty).unlink()
        return other


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_as_split_line(self):
        """The line as plain values for the engine; multiple and minimum in the line's own unit."""
        product, unit = self.product_id, self.product_uom_id
        pieces = self.env.ref("uom.product_uom_unit")  # what is counted is not divided

        def in_line_unit(quantity):
            return product.uom_id._compute_quantity(quantity, unit, round=False) if quantity else 0.0

        return Line(
            self.id,
            self.price_total,
            self.product_uom_qty,
            step=in_line_unit(product.order_multiple) or (1.0 if unit._has_common_reference(pieces) else unit.rounding),
            least=in_line_unit(product.order_min_qty),
        )
