from odoo import api, fields, models

DMS_STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("on_hold", "On Hold"),
    ("confirmed", "Confirmed"),
    ("partially_delivered", "Partially Delivered"),
    ("delivered", "Delivered"),
    ("invoiced", "Invoiced"),
    ("cancelled", "Cancelled"),
]
ORDER_CHANNELS = [
    ("backend", "Backend"),
    ("portal", "Portal"),
    ("upload", "File Upload"),
    ("edi", "Electronic Order"),
    ("api", "API"),
    ("suggested", "Suggested Order"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    distributor_id = fields.Many2one("res.partner", compute="_compute_distributor_id", store=True, precompute=True, index="btree_not_null")
    territory_id = fields.Many2one(
        "dms.territory",
        compute="_compute_distributor_terms",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
        groups="base.group_user",
        help="The distributor's territory on the day the order was submitted.",
    )
    dms_class_id = fields.Many2one(
        "dms.distributor.class",
        "Distributor Class",
        compute="_compute_distributor_terms",
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
        help="The distributor's class on the day the order was submitted.",
    )
    dms_terms_frozen = fields.Boolean(copy=False, groups="base.group_user", help="Territory, class and price list no longer follow.")
    order_channel = fields.Selection(ORDER_CHANNELS, "Channel", default="backend", required=True, copy=False, index=True)
    dms_priority = fields.Integer(
        "Queue Priority",
        default=10,
        copy=False,
        aggregator=None,
        groups="base.group_user",
        help="Held orders are re-checked in this order, lowest first.",
    )
    dms_state = fields.Selection(
        DMS_STATES,
        "Distributor Order Status",
        compute="_compute_dms_state",
        store=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        group_expand="_group_expand_dms_state",
    )
    dms_submitted_on = fields.Datetime("Submitted On", copy=False, readonly=True)
    dms_submitted_by_id = fields.Many2one("res.users", "Submitted By", copy=False, readonly=True, groups="base.group_user")
    dms_is_shared = fields.Boolean(
        "Visible to the Distributor",
        compute="_compute_dms_is_shared",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        groups="base.group_user",
        help="Orders of the desk become visible when they are sent, submitted or confirmed.",
    )
    dms_hold_ids = fields.One2many(
        "dms.order.hold",
        "order_id",
        "Holds",
        copy=False,
        readonly=True,
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager,base.group_portal",
    )
    dms_open_hold_ids = fields.One2many(
        "dms.order.hold",
        "order_id",
        "Open Holds",
        domain=[("state", "=", "open")],
        copy=False,
        readonly=True,
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager",
    )
    dms_revision_ids = fields.One2many("dms.order.revision", "order_id", "Changes", copy=False, readonly=True)

    # ------------------------------------------------------------ computes

    @api.depends("partner_id")
    def _compute_distributor_id(self):
        for order in self:
            partner = order.partner_id.commercial_partner_id
            order.distributor_id = partner if partner.is_distributor else False

    @api.depends("distributor_id")
    def _compute_distributor_terms(self):
        for order in self:
            order.territory_id = order.distributor_id.territory_id
            order.dms_class_id = order.distributor_id.distributor_class_id

    @api.depends("state", "dms_submitted_on")
    def _compute_dms_is_shared(self):
        for order in self:
            order.dms_is_shared = order.dms_is_shared or bool(order.dms_submitted_on) or order.state in ("sent", "sale")

    @api.depends(
        "distributor_id",
        "state",
        "dms_submitted_on",
        "dms_hold_ids.state",
        "picking_ids.state",
        "order_line.qty_delivered",
        "order_line.qty_invoiced_posted",
    )
    def _compute_dms_state(self):
        for order in self:
            order.dms_state = order._get_dms_state() if order.distributor_id else False

    @api.model
    def _group_expand_dms_state(self, states, domain):
        """Columns of a board, in the order of the life cycle: those in progress always, those at an end when filled."""
        ended = ("delivered", "invoiced", "cancelled")
        return [state for state, _label in DMS_STATES if state not in ended or state in states]

    def _get_dms_state(self):
        if self.state == "cancel":
            return "cancelled"
        if self.state == "sale":
            return self._get_delivery_state()
        if self._dms_open_holds():
            return "on_hold"
        return "submitted" if self.dms_submitted_on else "draft"

    def _get_delivery_state(self):
        """State of a confirmed order: shipped is gross, so that a return does not turn it back."""
        lines = self.order_line.filtered(lambda line: line.product_id and not line.is_downpayment)
        moves = lines.move_ids.filtered(lambda move: move.location_dest_id.usage == "customer")
        shipped = any(move.state == "done" for move in moves) or any(line.qty_delivered > 0 for line in lines if not line.move_ids)
        if not shipped:
            return "confirmed"
        if any(move.state not in ("done", "cancel") for move in moves):
            return "partially_delivered"
        return "invoiced" if all(line._dms_is_invoiced() for line in lines) else "delivered"

    def _dms_open_holds(self):
        """Open holds of the order itself, not of a change or a transfer of it."""
        holds = self.sudo().dms_hold_ids  # every state follows all holds, whoever looks
        return holds.filtered(lambda hold: hold.state == "open" and not hold.revision_id and not hold.picking_id)

    # ------------------------------------------------------------ terms that follow the distributor

    def _compute_payment_term_id(self):
        """A distributor without payment terms of its own has those of its class."""
        super()._compute_payment_term_id()
        for order in self.filtered(lambda order: order.distributor_id and not order.payment_term_id):
            own = order.sudo()  # terms of the order's own customer
            term = own.payment_term_id.browse(own.distributor_id.distributor_class_id._get_terms().payment_term)
            if term.company_id in (order.company_id, self.env["res.company"]):
                order.payment_term_id = term

    @api.depends("distributor_id")
    def _compute_warehouse_id(self):
        super()._compute_warehouse_id()
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            warehouse = order.sudo().distributor_id.serving_warehouse_id
            if warehouse.company_id == order.company_id:
                order.warehouse_id = warehouse

    def _dms_follow_distributor(self):
        """Take territory, class, price list and payment terms anew from the distributor, and the prices that follow."""
        orders = self.filtered(lambda order: not order.dms_terms_frozen)
        before = {order: order.pricelist_id for order in orders}
        for name in ("distributor_id", "territory_id", "dms_class_id", "pricelist_id", "payment_term_id", "warehouse_id"):
            self.env.add_to_compute(self._fields[name], orders)
        repriced = orders.filtered(lambda order: order.pricelist_id != before[order])
        repriced.modified(["pricelist_id"])  # the currency follows the price list
        lines = repriced._get_update_prices_lines()
        lines.invalidate_recordset(["pricelist_item_id"])
        lines._compute_price_unit()
        lines._compute_discount()

    # ------------------------------------------------------------ reading

    def _dms_read_ahead(self):
        """Read the lines of these orders, and the partners on them, in a query each: piece by piece they would take two."""
        field = self._fields["order_line"]
        missing = self.browse(field._cache_missing_ids(self))
        if missing:
            lines = self.env["sale.order.line"].search_fetch([("order_id", "in", missing.ids)]).grouped("order_id")
            field._insert_cache(missing, [lines.get(order, self.env["sale.order.line"])._ids for order in missing])
        for company, orders in self.sudo().grouped("company_id").items():  # as gates read them
            partners = orders.partner_id | orders.partner_invoice_id | orders.partner_shipping_id | orders.distributor_id
            partners = (partners | company.partner_id).with_company(company)
            partners.fetch([name for name, field in partners._fields.items() if field.prefetch in (True, "company_dependent")])

    # ------------------------------------------------------------ plain facts of the lines

    def _dms_gated_lines(self):
        """Lines that gates look at: goods bought. Extended to leave out lines that are a benefit."""
        return self.order_line.filtered(
            lambda line: line.product_id and not line.display_type and not line.is_downpayment and not line._is_delivery()
        )

    def _dms_reference_quantities(self):
        """``{product: quantity}`` of the gated lines in each product's own unit, summed over its lines."""
        quantities = {}
        for line in self._dms_gated_lines():
            quantities[line.product_id] = quantities.get(line.product_id, 0.0) + line._dms_reference_qty()
        return quantities
