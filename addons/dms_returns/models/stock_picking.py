from odoo import api, fields, models

from .dms_case_links import hand_on


class StockPicking(models.Model):
    """A transfer that belongs to a return: goods on their way back, or what goes out in their place."""

    _inherit = "stock.picking"

    dms_return_id = fields.Many2one(
        "dms.return", "Return", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )

    def _action_done(self):
        pickings = self.sudo()  # quantities of returns and whose orders they are of, whoever validates the transfer
        returning = pickings.move_ids.filtered("picked")._dms_returning()
        returning.sale_line_id._dms_lock_returnable()
        pickings._dms_divert_excess()
        result = super()._action_done()
        returning.exists()._dms_tell_returned()
        pickings.dms_return_id._with_full_rights()._take_over_arrivals()
        return result

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        backorder.sudo().dms_return_id = self.sudo().dms_return_id  # of the same return
        return backorder

    def _dms_divert_excess(self):
        """Send to quarantine what comes back and was not approved: too much, another lot, another product."""
        back = self.filtered("dms_return_id").move_ids.filtered(lambda move: move.picked and move._dms_is_coming_back())
        lines = back.dms_return_line_id
        lines._read_arrivals()
        back.filtered(lambda move: not move.dms_return_line_id).to_refund = False  # core would make an order line of it
        room = {line: line._in_own_unit(line.approved_qty) - line._get_arrived_quantity() for line in lines}
        for line in back.move_line_ids.filtered("picked"):
            approved = line.move_id.dms_return_line_id
            wanted = room.get(approved, 0.0) if line._dms_is_approved_lot() else 0.0
            taken = line._dms_divert_beyond(max(wanted, 0.0))
            if approved:
                room[approved] -= taken


class StockMove(models.Model):
    _inherit = "stock.move"

    dms_return_line_id = fields.Many2one(
        "dms.return.line", "Return Line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )

    @api.depends("dms_return_line_id.return_id.name")
    def _compute_reference(self):
        super()._compute_reference()
        for move in self.filtered(lambda move: move.sudo().dms_return_line_id and not move.picking_id):
            move.reference = move.sudo().dms_return_line_id.return_id.name  # moves of an inspection are named after the return

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "dms_return_line_id"]

    def _prepare_move_split_vals(self, qty):
        return {**super()._prepare_move_split_vals(qty), "dms_return_line_id": hand_on(self.sudo().dms_return_line_id)}  # of the same line

    def _action_cancel(self):
        result = super()._action_cancel()
        self.sudo().dms_return_line_id.return_id._with_full_rights()._follow_goods()  # the return follows its transfers
        return result

    def _dms_is_coming_back(self):
        return self.location_id.usage == "customer" and self.location_dest_id.usage != "customer"

    def _dms_get_target(self, target):
        """Where goods that came in by this move go after the inspection.

        :param target: ``restock``, ``scrap`` or ``quarantine``
        """
        company = self.company_id
        if target == "restock":
            return self.picking_id.picking_type_id.warehouse_id.lot_stock_id
        if target == "scrap":
            return self.env["stock.scrap"].new({"company_id": company.id}).scrap_location_id  # core's own choice
        return company.dms_quarantine_location_id

    def _dms_returning(self):
        """Of these moves, those not yet done that take back goods of distributors' orders."""
        return self.filtered(
            lambda move: move.state not in ("done", "cancel") and move._dms_is_coming_back() and move.sale_line_id.order_id.distributor_id
        )

    def _prepare_move_line_vals(self, quantity=None, reserved_quant=None):
        """The lot that may come back is filled in, in a back order too."""
        values = super()._prepare_move_line_vals(quantity, reserved_quant)
        lot = self.sudo().dms_return_line_id.lot_id if self._dms_is_coming_back() else None  # of the move's own return
        return {**values, "lot_id": lot.id} if lot else values

    def _dms_tell_returned(self):
        """These moves were just done: what core's own transfers took back cannot come back by a return."""
        taken = {}
        for line in self.filtered(lambda move: move.state == "done" and not move.dms_return_line_id).move_line_ids:
            for key in line.move_id.sale_line_id._dms_limit_keys(line.lot_id):
                taken[key] = taken.get(key, 0.0) + line.quantity_product_uom
        self.env["dms.limit.lock"]._commit(taken)


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _dms_is_approved_lot(self):
        """Whether the lot that came is the one that may come back on this line of a return."""
        approved = self.move_id.dms_return_line_id
        return bool(approved) and (not approved.lot_id or approved.lot_id == self.lot_id)

    def _dms_divert_beyond(self, room):
        """Send what of this line exceeds ``room`` (in the product's own unit) to quarantine; what may stay is returned."""
        own, quarantine = self.product_id.uom_id, self.company_id.dms_quarantine_location_id
        excess = self.quantity_product_uom - room
        if own.compare(excess, 0.0) <= 0:
            return self.quantity_product_uom
        if own.compare(room, 0.0) <= 0:
            self.location_dest_id = quarantine
            return 0.0
        self.copy({"quantity": excess, "product_uom_id": own.id, "location_dest_id": quarantine.id, "picked": True})
        self.write({"quantity": room, "product_uom_id": own.id})
        return room
