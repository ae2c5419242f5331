from odoo import api, fields, models

DISPOSITIONS = [("restock", "Restock"), ("scrap", "Scrap"), ("destroyed_at_distributor", "Destroyed at Distributor")]
#: states of a return whose quantities count
LIVE = ("submitted", "approved", "received", "inspected", "settled")


class DmsReturnLine(models.Model):
    """So much of one delivered order line. Quantities are in ``product_uom_id``, the order line's unit unless another is chosen."""

    _name = "dms.return.line"
    _description = "Return Line"
    _inherit = ["dms.finite.numbers", "dms.known.ids"]
    _order = "return_id, sequence, id"
    _check_company_auto = True

    return_id = fields.Many2one("dms.return", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="return_id.company_id", store=True, precompute=True, index=True)
    distributor_id = fields.Many2one(related="return_id.distributor_id", store=True, precompute=True, index=True)
    territory_id = fields.Many2one(related="return_id.territory_id", groups="base.group_user")
    state = fields.Selection(related="return_id.state", string="Status", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="What was delivered on it.",
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    categ_id = fields.Many2one(related="product_id.categ_id")
    lot_id = fields.Many2one("stock.lot", index="btree_not_null", ondelete="restrict", domain="[('product_id', '=', product_id)]")
    product_uom_id = fields.Many2one(
        "uom.uom", "Unit", compute="_compute_product_uom_id", store=True, readonly=False, precompute=True, required=True
    )
    quantity = fields.Float("Requested", required=True, digits="Product Unit")
    approved_qty = fields.Float("Approved", digits="Product Unit", copy=False, help="Left empty, all that is requested.")
    is_decided = fields.Boolean("Decided", copy=False, help="Whether the approved quantity was given, 0 included.")
    received_qty = fields.Float(
        "Received", digits="Product Unit", readonly=True, copy=False, help="Of the approved quantity; more than that went to quarantine."
    )
    accepted_qty = fields.Float("Accepted", digits="Product Unit", copy=False, help="By the inspection; this is what is credited.")
    is_inspected = fields.Boolean("Inspected", copy=False, help="Whether the accepted quantity was given, 0 included.")
    split_from_id = fields.Many2one(
        "dms.return.line", readonly=True, copy=False, index="btree_not_null", ondelete="set null", groups="base.group_user"
    )
    move_ids = fields.One2many("stock.move", "dms_return_line_id", "Moves", readonly=True, copy=False, groups="base.group_user")
    reason_id = fields.Many2one("dms.return.reason", required=True, index=True, ondelete="restrict")
    disposition = fields.Selection(DISPOSITIONS, compute="_compute_disposition", store=True, readonly=False, precompute=True, required=True)
    decision_note = fields.Char("Remark on the Decision", copy=False, help="The distributor reads this.")
    live_qty = fields.Float(
        "Counts for",
        compute="_compute_live_qty",
        store=True,
        digits=(16, 6),
        help="In the product's own unit: what of the delivered quantity this line takes.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    credit_amount = fields.Monetary(
        "Credit", readonly=True, copy=False, help="Company currency, untaxed, before a restocking fee; expected until settled."
    )

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "A return is of more than nothing.")

    @api.depends("sale_line_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.product_id or line.sale_line_id.product_id

    @api.depends("sale_line_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_uom_id or line.sale_line_id.product_uom_id

    @api.depends("reason_id")
    def _compute_disposition(self):
        for line in self:
            line.disposition = line.reason_id.disposition or "restock"

    @api.depends("state", "quantity", "approved_qty", "received_qty", "accepted_qty", "product_uom_id", "product_id")
    def _compute_live_qty(self):
        for line in self:
            line.live_qty = line._in_own_unit(line._get_counting_quantity())

    def _get_counting_quantity(self):
        """Accepted once inspected, else received, approved, requested; nothing of a draft, or of what was refused or cancelled."""
        by_state = {
            "submitted": self.quantity,
            "approved": self.approved_qty,
            "received": self.received_qty,
            "inspected": self.accepted_qty,
            "settled": self.accepted_qty,
        }
        return by_state.get(self.state, 0.0)

    def _in_own_unit(self, quantity):
        """A quantity of this line in the product's own unit, not rounded."""
        return self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id, round=False)

    def _needs_evidence(self):
        return self.reason_id.evidence_required or self.disposition == "destroyed_at_distributor"
