from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import str2bool

#: written by the life cycle only
LIFE_CYCLE_FIELDS = {"dms_state", "dms_submitted_on", "dms_submitted_by_id", "dms_terms_frozen", "territory_id", "dms_class_id", "distributor_id"}  # fmt: skip
#: computed by core, and what gates judge by
JUDGED_FIELDS = {"amount_untaxed", "amount_tax", "amount_total", "currency_id", "currency_rate"}
#: changes of a confirmed order that run its gates whatever the total
GUARDED_ORDER_FIELDS = {"partner_id", "partner_invoice_id", "partner_shipping_id", "pricelist_id", "fiscal_position_id"}
#: changes that may grow a confirmed order or take away the reason of a hold
RECHECKED_FIELDS = {"order_line", "client_order_ref"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------ submit and confirm

    def action_dms_submit(self):
        """Hand the orders in: every gate runs; an order that none holds is confirmed when its class says so.

        Orders already submitted, confirmed or cancelled are left alone. Open to the staff who may write the order and
        to the distributor's own users.

        :return: True, or a notification action when something is held
        :raise UserError: for an order of no distributor or without lines
        """
        orders = self._dms_as_actor().filtered(lambda order: order.state in ("draft", "sent") and not order.dms_submitted_on)
        orders._dms_read_ahead()
        for order in orders:
            order._dms_check_submittable()
        passing = orders._dms_pass_gates()
        passing._dms_mark_submitted()
        passing._dms_confirm_automatic()
        return (orders - passing)._dms_hold_notification() or True

    def action_confirm(self):
        """Distributors' orders are confirmed when every gate lets them pass; the others stay, on hold."""
        allowed = self.env.cr.cache.get("dms_confirming", ())
        orders = self.filtered(lambda order: order.distributor_id and order.id not in allowed)
        if not orders:
            return super().action_confirm()
        self.check_access("write")
        orders._dms_read_ahead()
        for order in orders:
            error = order._confirmation_error_message()
            if error:
                raise UserError(error)
        passing = orders._dms_pass_gates()
        passing._dms_mark_submitted()
        batch = self - (orders - passing)
        result = True
        if batch:
            with batch._dms_allow_confirmation():
                result = super(SaleOrder, batch).action_confirm()
        return (orders - passing)._dms_hold_notification() or result

    def _action_confirm(self):
        result = super()._action_confirm()
        orders = self.filtered("distributor_id").sudo()  # a setting of core, and payments of the orders just confirmed
        orders._dms_take_limits()
        if orders and str2bool(orders.env["ir.config_parameter"].get_param("sale.automatic_invoice")):
            orders.transaction_ids._dms_invoice_late_orders()
        return result

    def _dms_take_limits(self, before=None):
        """These orders of distributors were just confirmed, or grew as confirmed orders: tell concurrent decisions what
        they take of shared limits, see ``dms.limit.lock._commit``. Extended by modules that guard a limit.

        :param dict before: ``{order: (amount_total, who answers for it)}`` of those that were confirmed before
        """

    def _dms_confirm_automatic(self):
        """Confirm those orders whose class does without the desk; they have just passed every gate in this transaction."""
        orders = self.sudo().filtered(
            lambda order: order.dms_class_id._get_terms().auto_confirm
        )  # the class entitles whoever handed them in
        if orders:
            with orders._dms_allow_confirmation():
                orders.action_confirm()

    def _dms_as_actor(self):
        """``self`` with the rights to go through the life cycle: staff as they are, the distributor's own users on
        their own orders with full rights, everybody else refused."""
        if self.env.su or not self.env.user.share:
            self.check_access("write")
            return self
        self.check_access("read")
        if self.distributor_id - self.env.user.commercial_partner_id or not all(order.distributor_id for order in self):
            raise AccessError(self.env._("You can only act on your own orders."))
        return self.sudo()  # the distributor's own orders, checked above

    def _dms_check_submittable(self):
        if not self.distributor_id:
            raise UserError(self.env._("%(order)s is not an order of a distributor.", order=self.name))
        error = self._confirmation_error_message()
        if error:
            raise UserError(error)
        if not self._dms_gated_lines():
            raise UserError(self.env._("%(order)s has no products yet.", order=self.name))

    def _dms_pass_gates(self):
        """Run every gate under the locks of the batch, write and clear holds.

        :return: the orders that may be confirmed
        """
        if not self:
            return self
        orders = self.sudo()  # gates see all of the orders they decide on, whoever acts
        orders.filtered(lambda order: not order.dms_terms_frozen)._dms_follow_distributor()
        orders._dms_pin_terms()
        self.env["dms.limit.lock"]._lock(orders._dms_limit_keys())
        orders._dms_renew_terms()
        findings = orders._dms_open_findings(orders._dms_gate_findings())
        held = orders.filtered(lambda order: findings[order.id])
        held._dms_mark_submitted()
        held.flush_recordset(["dms_submitted_on"])  # of two requests at once the second is retried here and finds it submitted
        orders._dms_write_holds(findings)
        return self - held

    def _dms_pin_terms(self):
        """These orders, submitted or about to be, are decided on: fix the terms of the day, before any limit is looked at.
        Extended by modules with terms of their own."""

    def _dms_renew_terms(self):
        """These orders, submitted or about to be, are decided on now, under the locks of their limits: bring terms of the
        whole order up to this moment. Extended by modules whose terms follow the day or what is left of a limit."""

    def _dms_mark_submitted(self):
        orders = self.sudo().filtered(lambda order: not order.dms_submitted_on)  # life-cycle fields of orders checked before
        for order in orders:
            order.write(order._prepare_first_submission_values())

    def _prepare_first_submission_values(self):
        now = fields.Datetime.now()
        return {
            "dms_submitted_on": now,
            "dms_submitted_by_id": self.env.user.id,
            "dms_terms_frozen": True,
            **self._prepare_promise_values(now),
        }

    def _prepare_promise_values(self, now):
        """Delivery date promised by the class, unless one was agreed."""
        if self.commitment_date or not self.dms_class_id:
            return {}
        company = self.company_id
        day = self.dms_class_id._get_terms().promised_day(company._dms_local(now))
        noon = fields.Datetime.to_datetime(day).replace(hour=12)
        return {"commitment_date": company._dms_utc(noon)}

    # ------------------------------------------------------------ doors

    @contextmanager
    def _dms_allow_confirmation(self, key="dms_confirming"):
        """Let core write the state of these orders to ``sale``: kept on the server, out of reach of a caller's context."""
        allowed = self.env.cr.cache.setdefault(key, set())
        added = set(self.ids) - allowed
        allowed |= added
        try:
            yield
        finally:
            allowed -= added

    def _dms_allow_ending(self):
        """As :meth:`_dms_allow_confirmation`, for the way to ``cancel`` and from there back to ``draft``."""
        return self._dms_allow_confirmation("dms_ending")

    @api.model_create_multi
    def create(self, vals_list):
        self._dms_check_given({name for vals in vals_list for name in vals} & LIFE_CYCLE_FIELDS)
        judged = self._dms_judged_fields()
        defaults = {f"default_{name}" for name in LIFE_CYCLE_FIELDS | judged}
        context = {key: value for key, value in self.env.context.items() if key not in defaults}
        clean = self.with_env(self.env(context=context))
        orders = super(SaleOrder, clean).create(vals_list).with_env(self.env)
        for order, vals in zip(orders, vals_list, strict=True):
            if order.distributor_id:
                order._dms_check_given(vals.keys() & judged)
                if order.state == "sale":
                    raise UserError(self.env._("An order of a distributor is confirmed by “Confirm”, after it was created."))
        return orders

    def write(self, vals):
        self._dms_check_write(vals)
        changed = bool(GUARDED_ORDER_FIELDS & vals.keys())
        watched = self if changed or RECHECKED_FIELDS & vals.keys() else self.browse()
        with watched._dms_guard_confirmed(changed=changed, recheck=True):
            result = super().write(vals)
        if "date_order" in vals and vals.get("state") != "sale":  # what is being confirmed leaves the queue
            holds = self.filtered("distributor_id").sudo().dms_hold_ids  # sorted by the date of these orders
            self.env.add_to_compute(holds._fields["order_date"], holds)
        return result

    def _dms_check_write(self, vals):
        """Refuse what only the life cycle may write on a distributor's order."""
        distributors = self.filtered("distributor_id")
        self._dms_check_given(vals.keys() & LIFE_CYCLE_FIELDS)
        if distributors:
            self._dms_check_given(vals.keys() & (self._dms_judged_fields() | {"order_channel"}))
        if "state" in vals:
            # a partner given along with the state counts already: its commercial partner decides
            partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
            for order in self if partner.commercial_partner_id.is_distributor else distributors:
                order._dms_check_transition(vals["state"])

    def _dms_judged_fields(self):
        """Names of the computed fields that gates judge by; extended with figures of upper modules."""
        return JUDGED_FIELDS

    def _dms_check_given(self, names):
        if names and not self.env.su:
            raise AccessError(self.env._("Set by the order's life cycle, not by hand: %(fields)s", fields=", ".join(sorted(names))))

    def _dms_check_transition(self, state):
        cache = self.env.cr.cache
        if state == "sale" and self.state != "sale" and self.id not in cache.get("dms_confirming", ()):
            raise UserError(self.env._("%(order)s: use “Confirm”, so that its checks are made.", order=self.name))
        if state in ("draft", "sent") and self.state == "sale":
            raise UserError(self.env._("%(order)s is confirmed: cancel it before it goes back to a draft.", order=self.name))
        if "cancel" in (state, self.state) and state != self.state and self.id not in cache.get("dms_ending", ()):
            raise UserError(self.env._("%(order)s: use “Cancel” or “Set to Quotation”.", order=self.name))

    @contextmanager
    def _dms_guard_confirmed(self, changed=False, recheck=False):
        """Watch a direct write: a confirmed distributor's order that grows (or is ``changed`` in kind) passes its gates again.

        The outermost write decides, once, under the locks of its orders taken before anything is written.

        :param changed: the write touches partner, price list, taxes or product: check even when the total does not rise
        :param recheck: held orders among ``self`` are re-checked afterwards
        :raise UserError: when a gate has a finding that no release covers; the write is undone with the transaction
        """
        guarded = self.env.cr.cache.setdefault("dms_guarded", set())
        orders = self.sudo().filtered(lambda order: order.id and order.id not in guarded)  # gates see all of the orders
        confirmed = orders.filtered(lambda order: order.state == "sale" and (order.distributor_id or changed))
        held = orders.filtered(lambda order: recheck and order.dms_state == "on_hold")
        if not confirmed and not held:
            yield
            return
        before = {order: order._dms_standing() for order in confirmed}
        self.env["dms.limit.lock"]._lock(confirmed.filtered("distributor_id")._dms_limit_keys())
        guarded.update(orders.ids)
        try:
            yield
            orders.exists()._dms_compute_totals()
        finally:
            guarded.difference_update(orders.ids)
        confirmed.exists()._dms_judge_changed(before, changed)
        held.exists()._dms_recheck_holds()

    def _dms_compute_totals(self):
        """Have prices and totals computed: core writes a price while it computes it, and that is no edit to be judged."""
        self.mapped("amount_total")

    def _dms_standing(self):
        """What a later look at a confirmed order is compared with: its value and who answers for it."""
        return self.amount_total, self.distributor_id | self.partner_invoice_id.commercial_partner_id

    def _dms_judge_changed(self, before, changed):
        """Confirmed orders were written: those that grew or changed in kind pass their gates again, or the write is refused."""
        orders = self.filtered("distributor_id")
        grown = orders.filtered(lambda o: changed or o.currency_id.compare_amounts(o.amount_total, before[o][0]) > 0)
        if grown:
            self.env["dms.limit.lock"]._lock(grown._dms_limit_keys())  # those of another payer are not locked yet
            grown._dms_raise_on_findings(before)
            grown._dms_take_limits(before)
        shrunk = orders.filtered(lambda o: o.currency_id.compare_amounts(o.amount_total, before[o][0]) < 0)
        moved = orders.filtered(lambda o: before[o][1] != o._dms_standing()[1])
        relieved = shrunk.distributor_id.union(*(before[order][1] for order in moved))
        if relieved:
            self._dms_trigger_recheck(relieved)

    def _dms_follow_amendment(self, before):
        """A change of a confirmed order whose gates have passed was applied: what it takes, or gives back, of shared limits."""
        self._dms_take_limits(before)
        if self.currency_id.compare_amounts(self.amount_total, before[self][0]) < 0:
            self._dms_trigger_recheck(self.distributor_id)

    def _dms_raise_on_findings(self, before):
        cache = self.env.cr.cache
        cache["dms_standing"] = {order.id: standing for order, standing in before.items()}
        try:
            findings = self._dms_open_findings(self._dms_gate_findings())
        finally:
            del cache["dms_standing"]
        messages = [finding.message for order in self for finding in findings[order.id]]
        if messages:
            raise UserError("\n".join(messages))

    # ------------------------------------------------------------ cancel, reset, delete

    def _dms_check_cancellable(self):
        """A cancel is refused once anything was delivered and not returned."""
        for order in self:
            if any(line.product_uom_id.compare(line.qty_delivered, 0.0) > 0 for line in order.order_line if line.product_uom_id):
                raise UserError(self.env._("%(order)s cannot be cancelled: goods were delivered. Take them back first.", order=order.name))

    def _action_cancel(self):
        distributors = self.filtered("distributor_id")
        distributors._dms_check_cancellable()
        with self._dms_allow_ending():
            result = super()._action_cancel()
        ended = distributors.sudo()  # holds and changes of the orders just cancelled
        ended.dms_revision_ids._end_with_order()
        ended.dms_hold_ids._clear()
        self._dms_trigger_recheck(ended.distributor_id)
        return result

    def _dms_cancel(self, reason):
        """Cancel with a reason that both sides read."""
        for order in self:
            locked = order.locked
            if locked:
                order.action_unlock()
            order._action_cancel()
            if locked:
                order.action_lock()
            order._dms_post(order._dms_tongue()._("The order was cancelled: %(reason)s", reason=reason))

    def _dms_post(self, body):
        """A message both sides read."""
        self.message_post(body=body, message_type="comment", subtype_xmlid="mail.mt_comment")

    def action_draft(self):
        """A reset clears holds and ends releases; the terms of the first submission stay."""
        orders = self.filtered(lambda order: order.distributor_id and order.state in ("cancel", "sent"))
        with self._dms_allow_ending():
            result = super().action_draft()
        holds = orders.sudo().dms_hold_ids  # holds of the orders being reset
        holds._clear()
        holds.filtered(lambda hold: hold.state == "released").write({"released_until": fields.Datetime.now()})
        orders.sudo().write({"dms_submitted_on": False, "dms_submitted_by_id": False})  # life-cycle fields
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for order in self:
            if order.dms_submitted_on and order.state != "cancel":
                raise UserError(self.env._("%(order)s was submitted: cancel it instead of deleting it.", order=order.name))
