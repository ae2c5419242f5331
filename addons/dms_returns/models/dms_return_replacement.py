from odoo import fields, models


class DmsReturn(models.Model):
    """Goods in the place of goods: a delivery of what was accepted, outside of any order, so that no gate has a say in it."""

    _inherit = "dms.return"

    def _create_replacement(self):
        """Send what was accepted once more, free, for returns that are to be replaced; once, however often it is asked for.

        Called with full rights when such a return is settled. The moves belong to no order line: neither its amounts nor its state
        follow them, and `dms_inventory` takes them for a delivery to the distributor by their address.

        :return: the new outgoing transfers
        """
        cases = self.filtered(lambda case: case.resolution == "replacement" and case.state in ("inspected", "settled"))
        cases = cases.filtered(lambda case: not case._get_replacement_moves())
        references = {case: self.env["stock.reference"].create({"name": case.name}) for case in cases}
        wanted = [line._prepare_replacement(references[case]) for case in cases for line in case.line_ids if line.accepted_qty > 0]
        if wanted:
            self.env["stock.rule"].run(wanted)
        return cases._get_replacement_moves().picking_id

    def _get_replacement_moves(self):
        """Moves towards the distributor, in every step of the delivery."""
        return self.line_ids.move_ids.filtered(
            lambda move: not move.sale_line_id and (move.location_final_id or move.location_dest_id).usage == "customer"
        )


class DmsReturnLine(models.Model):
    _inherit = "dms.return.line"

    def _prepare_replacement(self, reference):
        """A procurement of what was accepted of this line; ``reference`` keeps it apart from other deliveries to the same address."""
        product, case = self.product_id, self.return_id
        address = self.sale_line_id.order_id.partner_shipping_id
        quantity = self._in_own_unit(self.accepted_qty)
        return self.env["stock.rule"].Procurement(
            product, quantity, product.uom_id, address.property_stock_customer, product.display_name, case.name, self.company_id,
            self._prepare_replacement_values(address, reference),
        )  # fmt: skip

    def _prepare_replacement_values(self, address, reference):
        return {
            "reference_ids": reference,
            "warehouse_id": self.sale_line_id.order_id.warehouse_id,
            "partner_id": address.id,
            "company_id": self.company_id,
            "date_planned": fields.Datetime.now(),
            "dms_return_line_id": self.id,
        }


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "dms_return_line_id"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        """The next step of a delivery is of the same return."""
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        return {**values, "dms_return_line_id": move_to_copy.sudo().dms_return_line_id.id}  # of the same line


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        """Every transfer of a replacement is one of its return."""
        case = self.sudo().dms_return_line_id.return_id  # the return these moves are for
        return {**super()._get_new_picking_values(), "dms_return_id": case.id if len(case) == 1 else False}
