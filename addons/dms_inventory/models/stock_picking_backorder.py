from odoo import fields, models
from odoo.exceptions import UserError

BACKORDER_POLICIES = [
    ("ask", "As in the operation type"),
    ("always", "Always a back order"),
    ("never", "Never: the rest is cancelled"),
    ("complete", "Complete deliveries only"),
]


class ResPartner(models.Model):
    _inherit = "res.partner"

    dms_backorder_policy = fields.Selection(
        BACKORDER_POLICIES,
        "Back Orders",
        default="ask",
        groups="base.group_user",
        help="What becomes of goods that a delivery to this distributor leaves out.",
    )


class StockPicking(models.Model):
    """What a delivery to a distributor leaves out: asked, ordered again, cancelled, or not left out at all."""

    _inherit = "stock.picking"

    def _dms_get_backorder_policy(self):
        """The policy of the distributor these goods go to; ``ask``, which is core's own way, for everything else."""
        if self.picking_type_code != "outgoing" or self.return_id:
            return "ask"
        return self._dms_find_receiver().sudo().dms_backorder_policy or "ask"  # a term of the distributor of this delivery

    def _compute_move_type(self):
        super()._compute_move_type()
        for picking in self:
            distributors = picking.move_ids.sale_line_id.order_id.distributor_id.sudo()  # a term of theirs
            if "complete" in distributors.mapped("dms_backorder_policy"):
                picking.move_type = "one"

    def _check_backorder(self):
        """Nobody is asked where the distributor's policy has the answer."""
        return super(StockPicking, self.filtered(lambda picking: picking._dms_get_backorder_policy() == "ask"))._check_backorder()

    def _action_done(self):
        by_policy = self.grouped(lambda picking: picking._dms_get_backorder_policy())
        by_policy.get("complete", self.browse())._dms_check_complete()
        never = by_policy.get("never", self.browse())
        rest = {picking: picking._dms_get_rest() for picking in never}
        kept = by_policy.get("always", self.browse()) | by_policy.get("complete", self.browse())
        others = self - never - kept
        result = True
        for pickings, context in ((never, {"cancel_backorder": True}), (kept, {"cancel_backorder": False}), (others, {})):
            if pickings or not self:
                result = super(StockPicking, pickings.with_context(**context))._action_done()
        for picking, left in rest.items():
            picking._dms_short_close(left)
        return result

    def _dms_get_rest(self):
        """``[(move, quantity)]`` that this delivery, as it stands, leaves out, in the unit of the move."""
        rest = []
        for move in self.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
            left = move.product_uom_qty - (move._get_picked_quantity() if move.picked else 0.0)
            if move.product_uom.compare(left, 0.0) > 0:
                rest.append((move, left))
        return rest

    def _dms_check_complete(self):
        for picking in self:
            rest = picking._dms_get_rest()
            if rest:
                raise UserError(
                    self.env._(
                        "%(name)s takes complete deliveries only; missing: %(rest)s. Wait for the goods, or have the order changed.",
                        name=picking._dms_find_receiver().name,
                        rest=picking._dms_name_rest(rest),
                    )
                )

    def _dms_short_close(self, rest):
        """What will not come is no longer ordered, at the price agreed for what did; the distributor is told on its order."""
        order = self.sale_id
        if rest and order and self.state == "done":
            for move, left in rest:
                move._dms_lower_ordered(left)
            env = order._dms_tongue()
            names = self.with_env(env)._dms_name_rest([(move.with_env(env), left) for move, left in rest])
            order.sudo()._dms_post(  # a message about goods of this order, whoever validates its delivery
                env._("Not delivered with %(picking)s and cancelled: %(rest)s", picking=self.name, rest=names)
            )

    def _dms_name_rest(self, rest):
        quantity = self.env["dms.portal"]._format_quantity
        return ", ".join(f"{move.product_id.display_name} {quantity(left)} {move.product_uom.name}" for move, left in rest)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_lower_ordered(self, quantity):
        """Order so much less, in the unit of this move, never less than was delivered or invoiced; parts of a kit are left alone."""
        line = self.sale_line_id.sudo()  # the order of these goods, whoever validates its delivery
        if line.product_id == self.product_id:
            left = self.product_uom._compute_quantity(quantity, line.product_uom_id, rounding_method="HALF-UP")
            ordered = max(line.product_uom_qty - left, line.qty_delivered, line.qty_invoiced)
            line.write({"product_uom_qty": ordered, "price_unit": line.price_unit, "discount": line.discount})
