from odoo import models

from ..engine.proportion import free_share


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Free goods ship in proportion to what earned them; the last shipment brings the rest."""
        for picking in self:
            picking._dms_settle_free_goods()
        return super()._action_done()

    def _dms_settle_free_goods(self):
        moves = self.move_ids.filtered(lambda move: move.sale_line_id.is_scheme_free and move._dms_is_leaving())
        shipping = self._dms_shipping_quantities() if moves else {}
        for move in moves:
            allowed = move.sale_line_id._dms_free_quantity_with(shipping)
            if move.product_uom.compare(move.quantity, allowed) > 0:
                move.quantity = allowed

    def _dms_shipping_quantities(self):
        """``{order line: quantity}`` that leaves with this transfer, in the line's unit."""
        moves = self.move_ids.filtered(lambda move: move.sale_line_id and move._dms_is_leaving())
        picked = moves.filtered("picked") or moves  # who picks nothing in particular ships all
        quantities = {}
        for move in picked:
            line = move.sale_line_id
            quantity = move.product_uom._compute_quantity(move.quantity, line.product_uom_id, round=False)
            quantities[line] = quantities.get(line, 0.0) + quantity
        return quantities


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_is_leaving(self):
        return self.state not in ("done", "cancel") and self.location_dest_id.usage == "customer"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_free_quantity_with(self, shipping):
        """How much of this free line may leave together with ``shipping``: its share, less what has left before.

        :param dict shipping: ``{order line: quantity}`` in the lines' units
        """
        ordered = delivered = 0.0
        for line in self._dms_earning_lines():
            ordered += line.product_uom_qty
            delivered += line.qty_delivered + shipping.get(line, 0.0)
        share = free_share(self.product_uom_qty, ordered, delivered, self.product_id._dms_quantity_step())
        return max(share - self.qty_delivered, 0.0)

    def _dms_earning_lines(self):
        """Bought lines that earned these free goods: those of one product, or all that the scheme of a basket covers."""
        bought = self.order_id.order_line.filtered(lambda line: line._dms_is_bought() and line.product_uom_qty > 0)
        if self.scheme_product_id:
            return bought.filtered(lambda line: line.product_id == self.scheme_product_id)
        return bought.filtered(lambda line: self.sudo().scheme_id._covers_product(line.product_id))  # terms of the order's own scheme
