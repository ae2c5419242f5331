from odoo import api, fields, models
from odoo.exceptions import UserError


class DmsOrderRevision(models.Model):
    """One change of a submitted or confirmed order, line by line; readable by both sides, never edited."""

    _name = "dms.order.revision"
    _description = "Order Change"
    _order = "order_id, number desc"
    _rec_name = "number"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade", readonly=True)
    number = fields.Integer(required=True, readonly=True)
    kind = fields.Selection([("change", "Change"), ("cancel", "Cancellation")], default="change", required=True, readonly=True)
    state = fields.Selection(
        [("requested", "Requested"), ("on_hold", "On Hold"), ("applied", "Applied"), ("refused", "Refused")],
        required=True,
        index=True,
        readonly=True,
    )
    reason = fields.Text(readonly=True)
    answer = fields.Text(readonly=True, help="Why the change was refused.")
    line_ids = fields.One2many("dms.order.revision.line", "revision_id", "Lines", readonly=True)
    hold_ids = fields.One2many(
        "dms.order.hold",
        "revision_id",
        "Holds",
        readonly=True,
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager,base.group_portal",
    )
    amount_before = fields.Monetary(readonly=True)
    amount_after = fields.Monetary(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, groups="base.group_user")
    decided_on = fields.Datetime(readonly=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    distributor_id = fields.Many2one(related="order_id.distributor_id", store=True, index=True)
    territory_id = fields.Many2one(related="order_id.territory_id", store=True, groups="base.group_user")

    _number_uniq = models.Constraint("UNIQUE(order_id, number)", "This order was changed by someone else: reload it and try again.")

    @api.depends("order_id.name", "number")
    def _compute_display_name(self):
        for revision in self:
            revision.display_name = self.env._("%(order)s, change %(number)s", order=revision.order_id.name, number=revision.number)

    # ------------------------------------------------------------ decisions of the desk

    def action_accept(self):
        """Apply requested changes; their gates run first, and a finding puts the change on hold.

        :raise UserError: for one's own request, or when it can no longer be applied
        """
        for revision in self._check_decision():
            if revision.kind == "cancel":
                revision.order_id._dms_cancel(revision.reason)
                revision._set_state("applied")
            else:
                revision._evaluate()
        return True

    def action_refuse(self, reason):
        """Refuse requested changes; the distributor reads the reason."""
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the request is refused: the distributor will read it."))
        self._check_decision()._refuse(reason.strip())
        return True

    def action_open_refusal(self):
        """Open the form that asks for the reason."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the Request"),
            "res_model": "dms.revision.refusal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_revision_ids": self.ids},
        }

    def _check_decision(self):
        """The requests among ``self``, with full rights, for a decider who did not make them."""
        self.order_id.check_access("write")
        if not self.env.user.has_group("dms_orders.group_dms_user"):
            raise UserError(self.env._("The order desk decides on changes."))
        requests = self.sudo().filtered(lambda revision: revision.state == "requested")  # rows nobody writes by hand
        for revision in requests:
            if self.env.user == revision.create_uid:
                raise UserError(self.env._("%(change)s is your own request: a second person decides.", change=revision.display_name))
        return requests

    # ------------------------------------------------------------ effects

    def _process(self, by_distributor):
        """Apply a new change, or leave it as a request to the desk.

        :param bool by_distributor: asked by the distributor itself, whose class may allow requests only
        """
        order = self.order_id
        if order.state != "sale":
            self._apply()
            order.filtered("dms_submitted_on")._dms_recheck_holds()
        elif not order._dms_is_picking_started() and not (by_distributor and order.dms_class_id.amend_policy == "request"):
            self._evaluate()

    def _evaluate(self):
        """Run the gates on the order as the change would make it; apply it, or hold it and leave the order as it was."""
        if self._pass_gates():
            self._apply()
        else:
            self._set_state("on_hold")

    def _pass_gates(self):
        """Run the gates under the locks of the order and write the holds of this change; whether none holds it."""
        self.ensure_one()
        order = self.order_id
        self.env["dms.limit.lock"]._lock(order._dms_limit_keys())
        findings = self._get_findings()
        order._dms_write_holds(findings, revision=self)
        return not findings[order.id]

    def _recheck_holds(self):
        """Held changes whose reasons have gone are applied; where picking has begun meanwhile the desk is asked."""
        for revision in self.filtered(lambda revision: revision.state == "on_hold"):
            if revision._pass_gates():
                if revision.order_id._dms_is_picking_started():
                    revision._set_state("requested")
                else:
                    revision._apply()

    def _get_findings(self):
        order = self.order_id
        amended = self._get_amended_order()
        if not self._is_increase(amended):
            return {order.id: []}
        return amended._dms_open_findings(amended._dms_gate_findings())

    def _is_increase(self, amended):
        """Whether the change raises the value of the order or any quantity: a mere decrease is never checked."""
        raised = any(line.quantity_after > line.quantity_before for line in self.line_ids)
        return raised or amended.currency_id.compare_amounts(amended.amount_total, self.order_id.amount_total) > 0

    def _get_amended_order(self):
        """Virtual order as this change would make it; nothing is written."""
        self.ensure_one()
        amended = self.order_id.new(origin=self.order_id)
        amended.order_line = [change._prepare_virtual_command() for change in self.line_ids]
        return amended

    def _apply(self):
        """Write the change to the order, once."""
        self.ensure_one()
        if self.state == "applied":
            return
        order = self.order_id
        before = {order: order._dms_standing()}
        with order._dms_unlocked(), order._dms_guard_passed():
            order.write({"order_line": [command for line in self.line_ids for command in line._prepare_commands()]})
        if order.state == "sale":
            order._dms_follow_amendment(before)
        self.amount_after = order.amount_total
        self._set_state("applied")

    def _refuse(self, reason):
        for revision in self.filtered(lambda revision: revision.state in ("requested", "on_hold")):
            revision.hold_ids._clear()
            revision._set_state("refused")
            revision.answer = reason

    def _end_with_order(self):
        """The order was cancelled: a waiting request to cancel is met, any other waiting change is refused."""
        for revision in self.filtered(lambda revision: revision.state in ("requested", "on_hold")):
            if revision.kind == "cancel":
                revision._set_state("applied")
            else:
                revision._refuse(revision.order_id._dms_tongue()._("The order was cancelled."))

    def _set_state(self, state):
        self.write({"state": state, "decided_by_id": self.env.user.id, "decided_on": fields.Datetime.now()})


class DmsOrderRevisionLine(models.Model):
    _name = "dms.order.revision.line"
    _description = "Order Change Line"
    _order = "revision_id, id"

    revision_id = fields.Many2one("dms.order.revision", required=True, index=True, ondelete="cascade", readonly=True)
    order_id = fields.Many2one(related="revision_id.order_id", store=True, index=True)
    distributor_id = fields.Many2one(related="revision_id.distributor_id", store=True, index=True)
    company_id = fields.Many2one(related="revision_id.company_id", store=True, index=True)
    sale_line_id = fields.Many2one("sale.order.line", "Order Line", index="btree_not_null", ondelete="set null", readonly=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", required=True, ondelete="restrict", readonly=True)
    quantity_before = fields.Float("Before", digits="Product Unit", readonly=True)
    quantity_after = fields.Float("After", digits="Product Unit", readonly=True)
    difference = fields.Float(digits="Product Unit", compute="_compute_difference")

    @api.depends("quantity_before", "quantity_after")
    def _compute_difference(self):
        for line in self:
            line.difference = line.quantity_after - line.quantity_before

    def _prepare_order_line_values(self):
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "product_uom_qty": self.quantity_after,
        }

    def _prepare_virtual_command(self):
        """x2many command that brings the change into a virtual order; a line dropped stays, with nothing ordered."""
        if not self.sale_line_id:
            return fields.Command.create({**self._prepare_order_line_values(), "name": "/"})
        return fields.Command.update(self.sale_line_id.id, {"product_uom_qty": self.quantity_after})

    def _prepare_commands(self):
        """x2many commands that bring the change into the order's lines."""
        if not self.sale_line_id:
            return [fields.Command.create(self._prepare_order_line_values())]
        if not self.quantity_after and self.order_id.state != "sale":
            return [fields.Command.delete(self.sale_line_id.id)]
        return [fields.Command.update(self.sale_line_id.id, {"product_uom_qty": self.quantity_after})]
