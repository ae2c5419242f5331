from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

#: largest quantity taken from outside for one line
MAX_QUANTITY = 1e9


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------ amendment

    def action_dms_amend(self, lines):
        """Change quantities, add and drop lines of an order.

        Before picking starts the change is applied, after its gates passed; a finding puts the change on hold and leaves
        a confirmed order as it was. Later, or where the class says so, it becomes a request to the desk.

        :param list[dict] lines: ``{"line_id": int | None, "product_id": int, "quantity": float}``; the quantity in the
            line's unit (a new line: the product's own), 0 drops the line; lines not listed stay
        :return: ``dms.order.revision``
        :raise UserError: for lines of another order, unusable quantities or products, a cancelled order, or where the
            class does not let the distributor change its orders
        """
        self.ensure_one()
        order = self._dms_as_actor()
        if not isinstance(lines, list | tuple) or not all(isinstance(line, dict) for line in lines):
            raise UserError(self.env._("Give the changes line by line."))
        order._dms_check_amendable(by_distributor=self.env.user.share)
        changes = [change for change in map(order._dms_prepare_change, lines) if change]
        if not changes:
            raise UserError(self.env._("Nothing was changed."))
        order._dms_check_changed_once(changes)
        revision = order._dms_create_revision({"line_ids": [Command.create(change) for change in changes]})
        revision._process(by_distributor=self.env.user.share)
        return revision.with_env(self.env)

    def _dms_check_amendable(self, by_distributor):
        if not self.distributor_id or self.state == "cancel":
            raise UserError(self.env._("%(order)s can no longer be changed.", order=self.name))
        if by_distributor and self.state == "sale" and self.dms_class_id.amend_policy == "none":
            raise UserError(self.env._("%(order)s is confirmed: please ask us to change it.", order=self.name))
        if self.dms_revision_ids.filtered(lambda revision: revision.state in ("requested", "on_hold")):
            raise UserError(self.env._("A change of %(order)s is still waiting for an answer.", order=self.name))

    def _dms_prepare_change(self, change):
        """Values of a ``dms.order.revision.line``, or None when the line stays as it is."""
        quantity = self._dms_parse_quantity(change.get("quantity"))
        line = self.order_line.filtered(lambda line: line.id == change.get("line_id"))
        product = line.product_id or self._dms_get_orderable_product(change.get("product_id"))
        if change.get("line_id") and (
            not line or change.get("product_id", product.id) != product.id or line not in self._dms_gated_lines()
        ):
            raise UserError(self.env._("This line is not one of %(order)s.", order=self.name))
        unit = line.product_uom_id or product.uom_id
        if unit.compare(quantity, line.product_uom_qty) == 0:
            return None
        return {
            "sale_line_id": line.id,
            "product_id": product.id,
            "product_uom_id": unit.id,
            "quantity_before": line.product_uom_qty,
            "quantity_after": quantity,
        }

    def _dms_parse_quantity(self, quantity):
        """A quantity from outside as a finite, bounded number.

        :raise UserError: for anything else
        """
        if isinstance(quantity, bool) or not isinstance(quantity, int | float):
            raise UserError(self.env._("A quantity must be a number."))
        if not 0 <= quantity <= MAX_QUANTITY:
            raise UserError(self.env._("A quantity lies between 0 and %(max)s.", max=f"{MAX_QUANTITY:,.0f}"))
        return float(quantity)

    def _dms_get_orderable_product(self, product_id):
        product = self.env["product.product"].browse(product_id if type(product_id) is int else 0).exists()
        companies = (self.env["res.company"], self.company_id)
        if not product.active or not product.sale_ok or product.company_id not in companies:
            raise UserError(self.env._("This product cannot be ordered."))
        return product

    def _dms_check_changed_once(self, changes):
        lines = [change["sale_line_id"] for change in changes if change["sale_line_id"]]
        if len(lines) != len(set(lines)):
            raise UserError(self.env._("A line is listed twice."))

    def _dms_create_revision(self, values):
        number = max(self.dms_revision_ids.mapped("number"), default=0) + 1
        return (
            self.env["dms.order.revision"]
            .sudo()
            .create(  # rows that only the life cycle writes
                {"order_id": self.id, "number": number, "state": "requested", "amount_before": self.amount_total, **values}
            )
        )

    @contextmanager
    def _dms_unlocked(self):
        """Changing a locked order unlocks and locks it again."""
        locked = self.filtered("locked")
        locked.action_unlock()
        yield
        locked.action_lock()

    @contextmanager
    def _dms_guard_passed(self):
        """The gates have let this change pass: the guard of direct writes need not ask again."""
        guarded = self.env.cr.cache.setdefault("dms_guarded", set())
        added = set(self.ids) - guarded
        guarded |= added
        try:
            yield
            self.exists()._dms_compute_totals()
        finally:
            guarded -= added

    def _dms_is_picking_started(self):
        """Whether the warehouse has begun: something of the order is picked, printed for picking, or done."""
        return any(
            picking.state == "done" or picking.printed or any(move.picked for move in picking.move_ids)
            for picking in self.sudo().picking_ids  # transfers of the order asked for
            if picking.state != "cancel"
        )

    # ------------------------------------------------------------ cancel request

    def action_dms_request_cancel(self, reason):
        """Ask to cancel an order: done at once, passed to the desk, or refused, by the matrix of ``dms.cancel.rule``.

        :param str reason: read by both sides
        :return: True when the order was cancelled, else the ``dms.order.revision`` that asks for it
        :raise UserError: when the order cannot be cancelled
        """
        self.ensure_one()
        order = self._dms_as_actor()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the order should be cancelled."))
        if order.state == "cancel":
            return True
        order._dms_check_cancellable()
        decision = self.env["dms.cancel.rule"]._get_decision(order._dms_fulfilment(), order._dms_payment())
        if decision == "refuse":
            raise UserError(self.env._("%(order)s can no longer be cancelled. Please call us.", order=order.name))
        return order._dms_cancel_or_ask(decision, reason.strip())

    def _dms_cancel_or_ask(self, decision, reason):
        if decision == "allow":
            self._dms_cancel(reason)
            return True
        waiting = self.dms_revision_ids.filtered(lambda revision: revision.kind == "cancel" and revision.state == "requested")
        return waiting or self._dms_create_revision({"kind": "cancel", "reason": reason})

    def _dms_fulfilment(self):
        return "started" if self._dms_is_picking_started() else "open"

    def _dms_payment(self):
        order = self.sudo()  # invoices and payments of the order asked for
        posted = order.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        if order.amount_paid or any(move.payment_state in ("partial", "in_payment", "paid") for move in posted):
            return "paid"
        return "invoiced" if posted else "none"
