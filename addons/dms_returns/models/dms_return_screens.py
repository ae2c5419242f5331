from odoo import api, fields, models

from .dms_case_screens import STAFF


class DmsReturn(models.Model):
    """Buttons and figures of the screens of returns."""

    _inherit = "dms.return"

    state = fields.Selection(group_expand="_group_expand_states")
    order_count = fields.Integer("Number of Orders", compute="_compute_order_count", groups=STAFF)
    picking_count = fields.Integer("Number of Transfers", compute="_compute_picking_count", groups=STAFF)
    refund_count = fields.Integer("Number of Credit Notes", compute="_compute_refund_count", groups=STAFF)
    reason_ids = fields.Many2many("dms.return.reason", string="Reasons", compute="_compute_reason_ids", groups=STAFF)

    @api.depends("line_ids.sale_line_id")
    def _compute_order_count(self):
        for case in self:
            case.order_count = len(case.sudo().line_ids.sale_line_id.order_id)  # how many they are

    def _compute_picking_count(self):
        pickings = self.env["stock.picking"].sudo()  # how many they are
        counts = dict(pickings._read_group([("dms_return_id", "in", self.ids)], ["dms_return_id"], ["__count"]))
        for case in self:
            case.picking_count = counts.get(case.sudo(), 0)  # a key of the query above

    def _compute_refund_count(self):
        moves = self.env["account.move"].sudo()  # how many they are
        counts = dict(moves._read_group([("dms_return_id", "in", self.ids)], ["dms_return_id"], ["__count"]))
        for case in self:
            case.refund_count = counts.get(case.sudo(), 0)  # a key of the query above

    @api.depends("line_ids.reason_id")
    def _compute_reason_ids(self):
        for case in self:
            case.reason_ids = case.line_ids.reason_id

    def action_open_orders(self):
        self.check_access("read")
        return self._prepare_open_action(self.env._("Orders"), "sale.order", self.order_ids)

    def action_open_pickings(self):
        self.check_access("read")
        return self._prepare_open_action(self.env._("Transfers"), "stock.picking", self.picking_ids)

    def action_open_refunds(self):
        self.check_access("read")
        return self._prepare_open_action(self.env._("Credit Notes"), "account.move", self.refund_ids, default_move_type="out_refund")

    @api.model
    def _get_by_sale_line(self, lines):
        """``{sale.order.line: {ids of returns}}`` of those the user reads, cancelled and refused ones left out; one query."""
        domain = [("sale_line_id", "in", lines.ids), ("state", "not in", ("cancelled", "rejected"))]
        groups = self.env["dms.return.line"]._read_group(domain, ["sale_line_id"], ["return_id:array_agg"])
        return {line: set(ids) for line, ids in groups}


class DmsReturnLine(models.Model):
    _inherit = "dms.return.line"

    transporter = fields.Char(
        compute="_compute_transporter",
        store=True,
        groups="base.group_user",
        help="Who carried the goods to the distributor, where transfers say so.",
    )

    @api.depends("sale_line_id")
    def _compute_transporter(self):
        """The carrier of the last delivery, if a module for carriers is there; kept as it was."""
        known = "carrier_id" in self.env["stock.picking"]._fields
        for line in self:
            moves = line.sale_line_id.sudo().move_ids if known else None  # the name of who carried what was sold
            delivered = moves and moves.filtered(lambda move: move.state == "done" and move.location_dest_usage == "customer")
            line.transporter = delivered.picking_id[-1:].carrier_id.name if delivered else False
