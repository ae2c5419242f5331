from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import float_compare


class DmsOrderHold(models.Model):
    _name = "dms.order.hold"
    _description = "Order Hold"
    _order = "state, order_date, id"  # fields that the portal may read; the queue's views put the priority first
    _rec_name = "message"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade", readonly=True)
    revision_id = fields.Many2one(
        "dms.order.revision", "Change", index="btree_not_null", ondelete="cascade", readonly=True,
        help="Set when a change of a confirmed order is held; its release applies the change.",
    )  # fmt: skip
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", index="btree_not_null", ondelete="cascade", readonly=True, help="Set when a late delivery is held."
    )
    gate_id = fields.Many2one("dms.order.gate", "Held By", required=True, index=True, ondelete="restrict", readonly=True)
    gate = fields.Char("Gate Code", related="gate_id.code", store=True, index=True)
    message = fields.Text("Reason", required=True, readonly=True)
    values = fields.Json("Figures", readonly=True, groups="base.group_user", help="Figures at the time of the hold or its release.")
    state = fields.Selection(
        [("open", "Open"), ("released", "Released"), ("rejected", "Rejected"), ("cleared", "Cleared")],
        default="open",
        required=True,
        index=True,
        readonly=True,
    )
    released_by_id = fields.Many2one("res.users", "Decided By", readonly=True, groups="base.group_user")
    released_on = fields.Datetime("Decided On", readonly=True)
    released_until = fields.Datetime("Covers Until", readonly=True, groups="base.group_user")
    release_note = fields.Text("Note", readonly=True, groups="base.group_user")
    released_amount = fields.Monetary(readonly=True, groups="base.group_user", help="Order value covered by the release.")
    released_lines = fields.Json(readonly=True, groups="base.group_user", help="Reference quantity per product covered by the release.")
    cleared_on = fields.Datetime(readonly=True)
    can_decide = fields.Boolean(
        "For Me to Decide",
        compute="_compute_can_decide",
        search="_search_can_decide",
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager",
        help="The current user has a group of the gate and is not a maker of the order.",
    )

    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    distributor_id = fields.Many2one(related="order_id.distributor_id", store=True, index=True)
    territory_id = fields.Many2one(related="order_id.territory_id", store=True, groups="base.group_user")
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson", groups="base.group_user")
    amount_total = fields.Monetary(related="order_id.amount_total", string="Order Total")
    dms_priority = fields.Integer(related="order_id.dms_priority", store=True, aggregator=None, groups="base.group_user")
    order_date = fields.Datetime(compute="_compute_order_date", store=True)

    _one_open = models.UniqueIndex(
        "(order_id, COALESCE(revision_id, 0), COALESCE(picking_id, 0), gate_id) WHERE state = 'open'",
        "This order is already held by this gate.",
    )

    @api.depends("order_id")
    def _compute_order_date(self):
        """Date of the order, which has it computed anew when it changes: orders without holds are not searched for them."""
        for hold in self:
            hold.order_date = hold.order_id.date_order

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for hold in self:
            rights = hold.sudo()  # configuration of the gate and makers of the order, a yes or no leaves
            hold.can_decide = hold.state == "open" and not rights._get_decision_refusal(self.env.user)

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self.search([("state", "=", "open")]).filtered("can_decide").ids)

    # ------------------------------------------------------------ decisions of a person

    def action_release(self, note):
        """Release open holds and let what they held go on.

        :param str note: why; kept with the hold and shown to staff only
        :raise AccessError: when the user lacks the gate's group
        :raise UserError: when the user made the order, submitted it or is its salesperson
        """
        return self._decide("released", note)

    def action_reject(self, reason):
        """Reject open holds: the order is cancelled with the reason, a held change is refused.

        :param str reason: shown to the distributor
        """
        return self._decide("rejected", reason)

    def _decide(self, state, note):
        holds = self.filtered(lambda hold: hold.state == "open")
        if not isinstance(note, str) or not note.strip():
            raise UserError(self.env._("Say why: a decision on a hold needs a note."))
        holds._check_decider()
        holds = holds.sudo()  # the decider was checked; staff hold no write access on these rows
        for hold in holds:
            hold.write(hold._prepare_decision_values(state, note.strip()))
        if state == "released":
            holds._go_on()
        else:
            holds._refuse(note.strip())
        return True

    def _check_decider(self):
        """The decider has a group of the gate and is not a maker of what is held, whatever the rights of the environment."""
        self.check_access("read")
        for hold in self.sudo():  # configuration of the gate and makers of the order, nothing is returned
            refusal = hold._get_decision_refusal(self.env.user)
            if refusal:
                raise refusal

    def _get_decision_refusal(self, user):
        """Why this user may not decide on this hold, as an exception to raise; None when he may."""
        authorities = self._get_authorities(user)
        if not any(self._has_authority(authority) for authority in authorities):
            return AccessError(self.env._("You are not allowed to decide on holds of “%(gate)s”.", gate=self.gate_id.name))
        if user in self._get_makers() or not any(self._has_authority(authority) for authority in authorities - self._get_makers()):
            return UserError(
                self.env._("%(order)s is your own order: a second person has to decide on its holds.", order=self.order_id.name)
            )
        return None

    def _get_authorities(self, user):
        """Users on whose authority ``user`` decides on this hold: himself; extended by modules with substitutes."""
        return user

    def _has_authority(self, user):
        """Whether the gate lets this user decide, makers aside; extended by modules with limits of their own."""
        return bool(self.gate_id.release_group_ids & user.all_group_ids)

    def _get_makers(self):
        """Users who may not decide on this hold; extended by modules whose holds have other makers."""
        self.ensure_one()
        order = self.order_id
        return order.create_uid | order.user_id | order.dms_submitted_by_id | self.revision_id.create_uid

    def _prepare_decision_values(self, state, note):
        now = fields.Datetime.now()
        days = self._get_release_days()
        return {
            "state": state,
            "released_by_id": self.env.user.id,
            "released_on": now,
            "released_until": now + timedelta(days=days) if days and state == "released" else False,
            "release_note": note,
            "released_amount": self._get_held_order().amount_total,
            "released_lines": {str(product.id): qty for product, qty in self._get_held_order()._dms_reference_quantities().items()},
        }

    def _get_release_days(self):
        """Days for which a release covers the order, 0 for no end; extended by modules with a setting of their own."""
        self.ensure_one()
        return self.company_id.dms_release_days

    def _get_held_order(self):
        """The order as it stands, or as the held change would make it."""
        self.ensure_one()
        return self.revision_id._get_amended_order() if self.revision_id else self.order_id

    def _go_on(self):
        """What was held goes on when nothing else holds it."""
        for revision in self.revision_id:
            if not revision.hold_ids.filtered(lambda hold: hold.state == "open"):
                revision._apply()
        self.filtered(lambda hold: not hold.revision_id and not hold.picking_id).order_id._dms_recheck_holds()

    def _refuse(self, reason):
        self.revision_id._refuse(reason)
        self.filtered(lambda hold: not hold.revision_id and not hold.picking_id).order_id._dms_cancel(reason)

    # ------------------------------------------------------------ what a release covers

    def _covers(self, order):
        """Whether this release still covers ``order`` (which may be virtual): in time, and not grown beyond it."""
        self.ensure_one()
        if self.state != "released" or (self.released_until and self.released_until <= fields.Datetime.now()):
            return False
        if order.currency_id.compare_amounts(order.amount_total, self.released_amount) > 0:
            return False
        return self.gate_id.release_scope == "amount" or self._covers_lines(order)

    def _covers_lines(self, order):
        covered = self.released_lines or {}
        return all(
            float_compare(qty, covered.get(str(product.id), 0.0), precision_digits=6) <= 0
            for product, qty in order._dms_reference_quantities().items()
        )

    @api.model
    def _get_held_distributors(self, distributors):
        """Those of ``distributors`` that have open holds."""
        if not distributors:
            return distributors
        groups = self._read_group([("distributor_id", "in", distributors.ids), ("state", "=", "open")], ["distributor_id"])
        return distributors.browse(distributor.id for (distributor,) in groups)

    @api.model
    def _recheck_deliveries(self, domain):
        """Clear the holds of late deliveries whose reason has gone; extended by the module that holds deliveries.

        :param domain: on the hold, empty for all
        """

    def _clear(self):
        """The reason has gone: close the open holds among ``self``."""
        self.filtered(lambda hold: hold.state == "open").write({"state": "cleared", "cleared_on": fields.Datetime.now()})

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.order_id.id,
        }

    def action_decide(self):
        """Open the form that asks for the note."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release or Reject"),
            "res_model": "dms.hold.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_ids": self.ids},
        }
