from odoo import api, fields, models

#: figures of this module that nobody sets by hand
EXPOSURE_FIELDS = {"dms_open_value", "dms_uninvoiced_value"}


class SaleOrderLine(models.Model):
    """What is still to be delivered and to be invoiced of a confirmed line, as value: the parts of ``O`` and ``D``.

    Values are in the order's currency, tax included, scaled to the order's total and not rounded again after the
    rounding of the line's part: an order rounds once, in the company's currency.
    """

    _inherit = "sale.order.line"

    dms_open_value = fields.Float(
        "Value to Deliver", compute="_compute_dms_exposure", store=True, copy=False, groups="dms_credit.group_credit_reader"
    )
    dms_uninvoiced_value = fields.Float(
        "Value Delivered, to Invoice", compute="_compute_dms_exposure", store=True, copy=False, groups="dms_credit.group_credit_reader"
    )

    _dms_down_payment_idx = models.Index("(order_id) WHERE is_downpayment")

    @api.depends(
        "state",
        "price_total",
        "product_uom_qty",
        "product_uom_id",
        "qty_delivered",
        "qty_invoiced_posted",
        "is_downpayment",
        "move_ids.state",
        "move_ids.product_uom_qty",
        "move_ids.location_dest_id",
        "order_id.amount_total",
    )
    def _compute_dms_exposure(self):
        confirmed = self.filtered(lambda line: line.state == "sale" and line.product_id and not line.is_downpayment)
        rest = self - confirmed
        rest.dms_open_value = rest.dms_uninvoiced_value = 0.0
        for order, lines in confirmed.grouped("order_id").items():
            scale = order._dms_rounding_scale()
            for line in lines:
                open_qty, uninvoiced_qty = line._dms_exposed_quantities()
                line.dms_open_value = line._dms_part_value(open_qty) * scale
                line.dms_uninvoiced_value = line._dms_part_value(uninvoiced_qty) * scale

    def _dms_documented_fields(self):
        return super()._dms_documented_fields() | EXPOSURE_FIELDS

    def _dms_exposed_quantities(self, ordered=None):
        """(still to be delivered, delivered and not invoiced) in the line's unit; what was invoiced ahead counts as delivered.

        :param ordered: quantity that the line is to be changed to; core then moves all that is not delivered, a rest that
            was cancelled too
        """
        delivered, invoiced = self.qty_delivered, self.qty_invoiced_posted
        pending = self._dms_pending_qty() if ordered is None else max(ordered - delivered, 0.0)
        return max(pending - max(invoiced - delivered, 0.0), 0.0), max(delivered - invoiced, 0.0)

    def _dms_quantities_as_changed(self):
        """:meth:`_dms_exposed_quantities` of this virtual line, from the documents of the stored one."""
        stored = self._origin
        if not stored:
            return self.product_uom_qty, 0.0
        changed = self.product_uom_id.compare(self.product_uom_qty, stored.product_uom_qty) != 0
        return stored._dms_exposed_quantities(self.product_uom_qty if changed else None)

    def _dms_pending_qty(self):
        """What live moves still carry to the customer; of services and lines without moves what was not delivered."""
        moves = self.move_ids
        if not moves:
            return max(self.product_uom_qty - self.qty_delivered, 0.0)
        live = moves.filtered(lambda move: move.state not in ("done", "cancel") and move._dms_is_last_to_customer())
        if live.product_id - self.product_id:  # a kit, moved by its components
            return max(self.product_uom_qty - self.qty_delivered, 0.0)
        return sum(self._dms_in_own_unit(move) for move in live)

    def _dms_in_own_unit(self, move):
        if move.product_uom == self.product_uom_id:
            return move.product_uom_qty
        return move.product_uom._compute_quantity(move.product_uom_qty, self.product_uom_id, round=False)

    def _dms_part_value(self, quantity):
        """Value of a part of the line, tax included, rounded in the order's currency."""
        if not quantity:
            return 0.0
        if self.product_uom_qty:
            return self.currency_id.round(self.price_total * quantity / self.product_uom_qty)
        return self._dms_value_beyond_order(quantity)

    def _dms_value_beyond_order(self, quantity):
        """Value of goods delivered on a line of which nothing was ordered: its unit price through its taxes."""
        tax = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        tax._add_tax_details_in_base_line(base_line, self.company_id)
        tax._round_base_lines_tax_details([base_line], self.company_id)
        return base_line["tax_details"]["total_included_currency"]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dms_open_value = fields.Float(
        "Value to Deliver",
        compute="_compute_dms_exposure",
        store=True,
        copy=False,
        groups="dms_credit.group_credit_reader",
        help="Confirmed, neither delivered nor invoiced; tax included, before down payments.",
    )
    dms_uninvoiced_value = fields.Float(
        "Value Delivered, to Invoice",
        compute="_compute_dms_exposure",
        store=True,
        copy=False,
        groups="dms_credit.group_credit_reader",
        help="Delivered, not yet on a posted invoice; tax included, before down payments.",
    )

    _dms_exposed_idx = models.Index("(partner_invoice_id, company_id) WHERE state = 'sale'")

    @api.depends("order_line.dms_open_value", "order_line.dms_uninvoiced_value")
    def _compute_dms_exposure(self):
        for order in self:
            order.dms_open_value = sum(order.order_line.mapped("dms_open_value"))
            order.dms_uninvoiced_value = sum(order.order_line.mapped("dms_uninvoiced_value"))

    def _dms_judged_fields(self):
        return super()._dms_judged_fields() | EXPOSURE_FIELDS

    def _dms_exposed_value(self):
        """What of this virtual order would be open or not invoiced, in its currency, before down payments."""
        lines = self.order_line.filtered(lambda line: line.product_id and not line.is_downpayment)
        parts = [(line, quantity) for line in lines for quantity in line._dms_quantities_as_changed()]
        return sum(line._dms_part_value(quantity) for line, quantity in parts) * self._dms_rounding_scale()

    def _dms_rounding_scale(self):
        """Total of the order per total of its lines: they differ where taxes are rounded for the order as a whole."""
        total = sum(self.order_line.mapped("price_total"))
        return self.amount_total / total if total else 1.0


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_is_last_to_customer(self):
        """Whether the goods of this move reach the customer by it, or by moves that exist only once it is done."""
        if self.location_dest_id.usage == "customer":
            return True
        return self.location_final_id.usage == "customer" and not self.move_dest_ids
