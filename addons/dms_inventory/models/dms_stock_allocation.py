from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..engine.allocation import Demand, allocate

#: states of moves that still wait for goods, or have some reserved
WAITING = ("confirmed", "partially_available", "assigned")
WEIGHTS = [
    ("equal", "All alike"),
    ("ordered", "As ordered"),
    ("class", "Weight of the class"),
    ("norm", "Norm quantity"),
]


class DmsStockAllocation(models.Model):
    """Who gets how much of a product that does not suffice: a proposal to look at, to change, and to apply to the reservations."""

    _name = "dms.stock.allocation"
    _description = "Allocation in Shortage"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, check_company=True)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict", check_company=True, domain=[("is_storable", "=", True)]
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    weight_by = fields.Selection(
        WEIGHTS, "Shared By", required=True, default="norm", help="What a distributor's share follows; up to what it ordered."
    )
    state = fields.Selection(
        [("draft", "Proposal"), ("applied", "Applied"), ("cancelled", "Cancelled")],
        "Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    supply_qty = fields.Float(
        "To Share", readonly=True, copy=False, digits="Product Unit", help="Free at the warehouse, with what these orders have reserved."
    )
    ordered_qty = fields.Float("Ordered", compute="_compute_totals", digits="Product Unit")
    allocated_qty = fields.Float("Allocated", compute="_compute_totals", digits="Product Unit")
    left_qty = fields.Float("Left", compute="_compute_totals", digits="Product Unit", help="Negative: more is given than there is.")
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    applied_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("dms.stock.allocation.line", "allocation_id", "Shares", copy=False)

    _one_draft = models.UniqueIndex(
        "(company_id, warehouse_id, product_id) WHERE state = 'draft'", "There is a proposal for this product and warehouse already."
    )

    @api.depends("line_ids.ordered_qty", "line_ids.quantity", "supply_qty")
    def _compute_totals(self):
        for allocation in self:
            allocation.ordered_qty = sum(allocation.line_ids.mapped("ordered_qty"))
            allocation.allocated_qty = sum(allocation.line_ids.mapped("quantity"))
            allocation.left_qty = allocation.supply_qty - allocation.allocated_qty

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_own_fields(vals)
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code("dms.stock.allocation") or "New"  # the number only
        allocations = super().create(vals_list)
        allocations._propose()
        return allocations

    def write(self, vals):
        self._refuse_own_fields(vals)
        if not self.env.su:
            self._check_draft()
        result = super().write(vals)
        if {"product_id", "warehouse_id", "weight_by"} & vals.keys():
            self._propose()
        return result

    def _refuse_own_fields(self, vals):
        if not self.env.su and (vals.get("state", "draft") != "draft" or {"supply_qty", "applied_by_id", "applied_on"} & vals.keys()):
            raise UserError(self.env._("A proposal is applied by its button."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(allocation.state == "applied" for allocation in self):
            raise UserError(self.env._("An allocation that was applied is kept."))

    # ------------------------------------------------------------ buttons

    def action_propose(self):
        """Look at orders and stock again, and share anew; what was changed by hand is lost."""
        self.check_access("write")
        self._check_draft()
        self._propose()
        return True

    def action_apply(self):
        """Give every order what its line says: reservations of these orders are taken back and made anew.

        :raise UserError: more than there is, than was ordered, or orders and stock have changed since
        """
        self._check_planner()
        self.check_access("write")
        for allocation in self.filtered(lambda allocation: allocation.state != "applied"):
            allocation._check_draft()
            allocation.sudo()._apply()  # reservations of transfers, which planners decide on without being of the warehouse
        return True

    def action_cancel(self):
        self.check_access("write")
        for allocation in self.filtered(lambda allocation: allocation.state != "cancelled"):
            allocation._check_draft()
            allocation.sudo().state = "cancelled"  # the state, which nobody writes by hand
        return True

    @api.model
    def action_find_shortages(self):
        """Make a proposal for every product of which distributors have ordered more than their warehouse has; those that there are stay."""
        self._check_planner()
        found = self._create_for_shortages(self.env.company)
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_allocation")
        if found:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("No product is short of what distributors have ordered.")},
        }

    def _check_planner(self):
        if not self.env.user.has_group("dms_orders.group_dms_user"):
            raise AccessError(self.env._("Stock is shared out by the order desk."))

    def _check_draft(self):
        if any(allocation.state != "draft" for allocation in self):
            raise UserError(self.env._("What was applied or cancelled stays as it is. Make a new proposal."))

    # ------------------------------------------------------------ proposal

    @api.model
    def _get_moves_domain(self, company):
        """Moves of confirmed orders of distributors that take goods from stock and have not been picked yet."""
        domain = Domain("state", "in", WAITING) & Domain("picked", "=", False) & Domain("company_id", "=", company.id)
        return domain & Domain("sale_line_id.order_id.distributor_id", "!=", False) & Domain("location_id.usage", "=", "internal")

    def _find_moves(self):
        """Those of the product at the warehouse, the first to be served first."""
        domain = self._get_moves_domain(self.company_id) & Domain("product_id", "=", self.product_id.id)
        domain &= Domain("location_id", "child_of", self.warehouse_id.lot_stock_id.ids)
        moves = self.env["stock.move"].sudo().search(domain)  # whose orders wait for the product
        return moves.sorted(lambda move: (-int(move.priority), move.sale_line_id.order_id.date_order, move.id))

    def _propose(self):
        for allocation in self.sudo():  # stock and orders of every distributor, of which the planner sees product and quantity
            moves = allocation._find_moves()
            supply = allocation._get_supply(moves)
            weights = allocation._get_weights(moves)
            shares = allocation._share(supply, moves, weights)
            allocation.write(
                {
                    "supply_qty": supply,
                    "line_ids": [
                        Command.clear(),
                        *(
                            Command.create(
                                {
                                    "move_id": move.id,
                                    "ordered_qty": move.product_qty,
                                    "reserved_qty": move._dms_reserved_qty(),
                                    "weight": weights[move],
                                    "proposed_qty": shares[move],
                                    "quantity": shares[move],
                                }
                            )
                            for move in moves
                        ),
                    ],
                }
            )

    def _get_supply(self, moves):
        """What these moves can share: free at the warehouse, and reserved for them, in the product's own unit."""
        free = self.env["dms.portal.catalogue"]._get_free_quantities(self.warehouse_id, self.product_id.ids).get(self.product_id.id, 0.0)
        return max(free + sum(move._dms_reserved_qty() for move in moves), 0.0)

    def _get_weights(self, moves):
        """``{move: weight}``; several moves of a distributor share its weight as they were ordered."""
        if self.weight_by == "ordered":
            return {move: move.product_qty for move in moves}
        ordered = defaultdict(float)
        for move in moves:
            ordered[move.sale_line_id.order_id.distributor_id] += move.product_qty
        of_distributor = self._get_distributor_weights(list(ordered))
        return {
            move: of_distributor[distributor] * move.product_qty / ordered[distributor]
            for move in moves
            for distributor in move.sale_line_id.order_id.distributor_id
        }

    def _get_distributor_weights(self, distributors):
        if self.weight_by == "class":
            return {distributor: distributor.distributor_class_id.allocation_weight or 1.0 for distributor in distributors}
        if self.weight_by == "norm":
            positions = self.env["dms.stock.position"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("product_id", "=", self.product_id.id),
                    ("distributor_id", "in", [distributor.id for distributor in distributors]),
                ]
            )
            norms = {position.distributor_id: position.target_qty or position.avg_daily_sellout for position in positions}
            least = min(filter(None, norms.values()), default=1.0)  # who has no norm yet counts like the smallest
            return {distributor: norms.get(distributor) or least for distributor in distributors}
        return dict.fromkeys(distributors, 1.0)

    def _share(self, supply, moves, weights):
        """``{move: quantity}`` in the product's own unit, in whole multiples or ordered units."""
        grain = 10.0 ** -self.env["decimal.precision"].precision_get("Product Unit")
        demands = [
            Demand(move, round(move.product_qty / grain), max(round(move._dms_order_step() / grain), 1), weights[move]) for move in moves
        ]
        shares = allocate(int(supply / grain + 1e-6), demands)
        return {move: move.product_id.uom_id.round(quantity * grain) for move, quantity in shares.items()}

    @api.model
    def _create_for_shortages(self, company):
        """New proposals for what is short; products and warehouses with a proposal are left alone."""
        moves = self.env["stock.move"].sudo().search(self._get_moves_domain(company))  # what distributors wait for
        known = {
            (draft.warehouse_id, draft.product_id) for draft in self.search([("state", "=", "draft"), ("company_id", "=", company.id)])
        }
        values = []
        for warehouse, waiting in moves.grouped(lambda move: move.location_id.warehouse_id).items():
            free = self.env["dms.portal.catalogue"].sudo()._get_free_quantities(warehouse)  # quantities of the warehouse
            for product, same in waiting.grouped("product_id").items():
                wanted = sum(move.product_qty - move._dms_reserved_qty() for move in same)
                short = product.uom_id.compare(wanted, max(free.get(product.id, 0.0), 0.0)) > 0
                if short and product.is_storable and (warehouse, product) not in known:
                    values.append({"company_id": company.id, "warehouse_id": warehouse.id, "product_id": product.id})
        return self.create(values)

    # ------------------------------------------------------------ reservations

    def _apply(self):
        self._check_shares()
        self.write({"state": "applied", "applied_by_id": self.env.uid, "applied_on": fields.Datetime.now()})
        self.flush_recordset(["state"])  # first: who applies the same at once is turned away, repeated, and finds it done
        lines = self.line_ids
        lines.move_id._do_unreserve()
        for line in lines.filtered("quantity"):
            move = line.move_id
            unit = move.product_uom
            move._action_assign(force_qty=move.product_id.uom_id._compute_quantity(line.quantity, unit, rounding_method="HALF-UP"))
        self.message_post(body=self.env._("Applied to %(count)s transfers.", count=len(lines.move_id.picking_id)))

    def _check_shares(self):
        unit = self.product_id.uom_id
        moves = self._find_moves()
        if moves != self.line_ids.move_id or unit.compare(self._get_supply(moves), self.supply_qty):
            raise UserError(self.env._("Orders or stock have changed since this was proposed. Propose anew."))
        for line in self.line_ids:
            if unit.compare(line.quantity, 0.0) < 0 or unit.compare(line.quantity, line.move_id.product_qty) > 0:
                raise UserError(
                    self.env._(
                        "%(order)s: from nothing up to what was ordered can be given.", order=line.order_id.name or line.move_id.reference
                    )
                )
        if unit.compare(self.allocated_qty, self.supply_qty) > 0:
            raise UserError(
                self.env._(
                    "More is given than there is: take %(quantity)s %(unit)s back somewhere.", quantity=-self.left_qty, unit=unit.name
                )
            )


class DmsStockAllocationLine(models.Model):
    _name = "dms.stock.allocation.line"
    _description = "Share of an Order in an Allocation"
    _inherit = ["dms.finite.numbers"]
    _order = "allocation_id, id"
    _rec_name = "order_id"

    allocation_id = fields.Many2one("dms.stock.allocation", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="allocation_id.company_id", store=True, precompute=True)
    state = fields.Selection(related="allocation_id.state")
    move_id = fields.Many2one("stock.move", required=True, readonly=True, ondelete="cascade", index=True)
    order_id = fields.Many2one(related="move_id.sale_line_id.order_id", string="Order", related_sudo=True)
    distributor_id = fields.Many2one(related="order_id.distributor_id")
    date_order = fields.Datetime(related="order_id.date_order")
    priority = fields.Selection(related="move_id.priority")
    ordered_qty = fields.Float("Ordered", readonly=True, digits="Product Unit", help="Still to be delivered, in the product's own unit.")
    reserved_qty = fields.Float("Reserved", readonly=True, digits="Product Unit", help="When this was proposed.")
    weight = fields.Float(readonly=True, digits=(16, 2), aggregator=None)
    proposed_qty = fields.Float("Proposed", readonly=True, digits="Product Unit")
    quantity = fields.Float("Share", digits="Product Unit", help="What the order gets; change it as you see fit.")

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_by_hand(self.env.su)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand(self.env.su or not vals.keys() - {"quantity"})
        self.allocation_id._check_draft()
        return super().write(vals)

    def _refuse_by_hand(self, allowed):
        if not allowed:
            raise UserError(self.env._("Only the share of an order is changed by hand."))


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_reserved_qty(self):
        """What is reserved for this move, in the product's own unit."""
        return sum(line.quantity_product_uom for line in self.move_line_ids)

    def _dms_order_step(self):
        """Smallest quantity in which the order takes the product, in its own unit: its unit, else the product's multiple."""
        unit, own = self.sale_line_id.product_uom_id, self.product_id.uom_id
        if unit and unit != own and unit.factor > own.factor:
            return unit._compute_quantity(1.0, own, round=False)
        return self.product_id.order_multiple or self.product_id._dms_quantity_step()


class DmsDistributorClass(models.Model):
    _inherit = "dms.distributor.class"

    allocation_weight = fields.Float(
        default=1.0, help="How much of a product that does not suffice a distributor of this class gets, relative to the others."
    )

    _allocation_weight_positive = models.Constraint("CHECK(allocation_weight > 0)", "The weight in a shortage is more than 0.")
