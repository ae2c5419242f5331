from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .live_fields import LiveInteger, LiveMonetary

#: what a controller is told to do with a hold, by code
ADVICE = [
    ("stop", "Leave stopped"),
    ("advice", "Match the payment advice"),
    ("pay", "Ask for payment"),
    ("part", "Release in part"),
    ("release", "Release"),
    ("review", "Review the limit"),
]


class DmsOrderHold(models.Model):
    """Holds of the credit gates: what a controller needs to see, and who may decide up to where."""

    _inherit = "dms.order.hold"

    credit_snapshot = fields.Json(
        readonly=True, groups="dms_credit.group_credit_reader", help="Credit position when the hold was decided on."
    )
    is_credit_hold = fields.Boolean(compute="_compute_is_credit_hold", search="_search_is_credit_hold", groups="base.group_user")
    credit_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency", groups="base.group_user")
    credit_over_amount = LiveMonetary(
        "Over by", compute="_compute_credit", currency_field="credit_currency_id", groups="dms_credit.group_credit_reader",
        help="What the order would take the distributor over its limit.",
    )  # fmt: skip
    credit_available_amount = LiveMonetary(
        "Available", compute="_compute_credit", currency_field="credit_currency_id", groups="dms_credit.group_credit_reader"
    )
    credit_overdue_amount = LiveMonetary(
        "Overdue", compute="_compute_credit", currency_field="credit_currency_id", groups="dms_credit.group_credit_reader"
    )
    credit_overdue_days = LiveInteger("Days Overdue", compute="_compute_credit", groups="dms_credit.group_credit_reader", aggregator=None)
    credit_hold_days = fields.Integer("Days Held", compute="_compute_credit", groups="dms_credit.group_credit_reader", aggregator=None)
    credit_payment_date = fields.Date("Last Payment", compute="_compute_credit", groups="dms_credit.group_credit_reader")
    credit_payment_amount = LiveMonetary(
        "Last Paid",
        compute="_compute_credit",
        currency_field="credit_currency_id",
        groups="dms_credit.group_credit_reader",
        aggregator=None,
    )
    credit_advised_amount = LiveMonetary(
        "Announced", compute="_compute_credit", currency_field="credit_currency_id", groups="dms_credit.group_credit_reader",
        help="Transfers the distributor has given notice of, not yet matched to a payment.",
    )  # fmt: skip
    credit_advice = fields.Selection(ADVICE, "Recommended", compute="_compute_credit", groups="dms_credit.group_credit_reader")

    # ------------------------------------------------------------ what the controller sees

    @api.depends("gate")
    def _compute_is_credit_hold(self):
        gates = self.env["sale.order"]._dms_credit_gates()
        for hold in self:
            hold.is_credit_hold = hold.gate in gates

    def _search_is_credit_hold(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("gate", "in", self.env["sale.order"]._dms_credit_gates())]

    @api.depends_context("uid")
    def _compute_credit(self):
        rows = self.sudo()._get_credit_rows()  # figures of the account; the fields are for who may see credit
        for hold in self:
            hold.update(rows[hold.id])

    def _get_credit_rows(self):
        """``{hold id: {field: value}}``, for all holds in a number of queries that does not depend on theirs."""
        self.order_id._dms_credit_accounts()  # of all of them in one query
        accounts = {hold: hold._get_credit_account() for hold in self}
        batch = self.env["dms.credit.account"].union(*accounts.values())
        facts = {
            "positions": batch._get_positions(orders=self.order_id),
            "payments": batch._get_last_payments(),
            "advised": batch._get_advised(),
        }
        return {hold.id: hold._prepare_credit_row(accounts[hold], **facts) for hold in self}

    def _get_credit_account(self):
        """The account at stake: where distributor and payer are two, the one that is over by more, or overdue for longer."""
        accounts = self.order_id._dms_credit_accounts().get(self.order_id) or self.env["dms.credit.account"]
        accounts = accounts.filtered(lambda account: account._is_checking()) or accounts
        if len(accounts) < 2:
            return accounts
        positions, added = accounts._get_positions(orders=self.order_id), self._get_added_exposure()
        payer = self.order_id.partner_invoice_id.commercial_partner_id

        def stake(account):
            over, days = account._get_over_amount(positions[account], added), positions[account]["overdue_days"]
            return (days, over) if self.gate == "overdue" else (over, days)

        return max(accounts, key=lambda account: (*stake(account), account.partner_id == payer))

    def _prepare_credit_row(self, account, positions, payments, advised):
        if not account:
            names = ("over", "available", "overdue", "payment", "advised")
            return {f"credit_{name}_amount": 0.0 for name in names} | {
                "credit_overdue_days": 0, "credit_hold_days": self._get_days_held(), "credit_payment_date": False, "credit_advice": False,
            }  # fmt: skip
        position = positions[account]
        paid_on, paid = payments.get(account.id, (False, 0.0))
        row = {
            "credit_over_amount": account._get_over_amount(position, self._get_added_exposure()),
            "credit_available_amount": position["available_amount"] if account.has_limit else 0.0,
            "credit_overdue_amount": position["overdue_amount"],
            "credit_overdue_days": position["overdue_days"],
            "credit_hold_days": self._get_days_held(),
            "credit_payment_date": paid_on,
            "credit_payment_amount": paid,
            "credit_advised_amount": advised.get(account.id, 0.0),
        }
        return {**row, "credit_advice": self._get_credit_advice(account, row)}

    def _get_over_limit(self):
        """By how much the order exceeded the limit when it was held, in company currency: the most of several accounts."""
        return max((finding.get("over", 0.0) for finding in (self.values or {}).get("findings", ())), default=0.0)

    def _get_days_held(self):
        now = fields.Datetime.now()
        return max((now - (self.create_date or now)).days, 0)

    def _get_added_exposure(self):
        """What the held order, or change, would add to the exposure, in company currency; a late delivery adds nothing."""
        return 0.0 if self.picking_id else self._get_held_order()._dms_credit_added()

    def _get_credit_advice(self, account, row):
        """The usual next step: a hint, not a rule."""
        over, available = row["credit_over_amount"], row["credit_available_amount"]
        if account.is_stopped:
            return "stop"
        if row["credit_advised_amount"] and row["credit_advised_amount"] >= over:
            return "advice"
        if self.gate == "credit_review":
            return "review"
        if row["credit_overdue_days"] > account.overdue_grace_days and row["credit_overdue_amount"]:
            return "pay"
        if over and over <= 0.05 * (account.credit_limit or 0.0):
            return "release"
        return "part" if over and available > 0 and not self.revision_id else "pay"

    @api.model
    def _get_held_distributors(self, distributors):
        """Also those whose held orders one of ``distributors`` pays: they wait for the payer's credit as well."""
        held = super()._get_held_distributors(distributors)
        if not distributors:
            return held
        paid = [("state", "=", "open"), ("order_id.partner_invoice_id.commercial_partner_id", "in", distributors.ids)]
        groups = self._read_group(paid, ["distributor_id"])
        return held.union(*(distributor for (distributor,) in groups))

    # ------------------------------------------------------------ who may decide

    def _get_authorities(self, user):
        """A substitute decides on credit holds with the authority of who is absent."""
        authorities = super()._get_authorities(user)
        if self.is_credit_hold:
            authorities |= self.env["dms.credit.delegation"]._get_absent(user, self.company_id)
        return authorities

    def _has_authority(self, user):
        """Within the release matrix: by what is over the limit and days overdue, at the time of the decision."""
        allowed = super()._has_authority(user)
        if not allowed or not self.is_credit_hold:
            return allowed
        Rule = self.env["dms.credit.release.rule"]
        return Rule._allows(user, self.company_id, self.credit_over_amount, self.credit_overdue_days)

    def _get_release_days(self):
        return self.company_id.credit_release_days if self.is_credit_hold else super()._get_release_days()

    def _prepare_decision_values(self, state, note):
        values = super()._prepare_decision_values(state, note)
        if self.is_credit_hold:
            values["credit_snapshot"] = self._prepare_credit_snapshot()
        return values

    def _prepare_credit_snapshot(self):
        """The figures on which a decision was made."""
        account = self._get_credit_account()
        position = account._get_positions(orders=self.order_id).get(account, {})
        names = ("receivable_amount", "open_order_amount", "uninvoiced_amount", "draft_amount", "exposure_amount", "limit_amount", "overdue_amount", "overdue_days")  # fmt: skip
        figures = {name: position.get(name) for name in names}
        return {**figures, "currency": account.currency_id.name, "has_limit": account.has_limit, "added": self._get_added_exposure()}

    def _get_makers(self):
        """Whoever made an order made the rest that was split from it."""
        makers, order = super()._get_makers(), self.order_id.dms_split_from_id
        while order:
            makers |= order.create_uid | order.user_id | order.dms_submitted_by_id
            order = order.dms_split_from_id
        return makers

    # ------------------------------------------------------------ ask for payment, release in part

    def action_ask_payment(self):
        """Send the distributor a mail, in its language, that says what to pay to get the order moving.

        :raise AccessError: for who is no credit controller
        """
        holds = self._check_credit_work()
        template = self.env.ref("dms_credit.mail_template_ask_payment").sudo()  # sent by the suite to the order's own customer
        for order in holds.order_id:
            order.message_post_with_source(template, subtype_xmlid="mail.mt_comment", message_type="comment")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The request for payment was sent."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_release_part(self, note):
        """Let go what fits into the credit: the order keeps it, an order of its own takes the rest and waits.

        The part that stays is released for credit, up to its value; other gates decide on it as before.

        :param str note: why; kept with the hold
        :return: True
        :raise UserError: when nothing of the order fits, or the hold is on a change or a delivery
        """
        if not isinstance(note, str) or not note.strip():
            raise UserError(self.env._("Say why: a decision on a hold needs a note."))
        for hold in self._check_credit_work():
            hold._get_credit_holds()._check_decider()
            hold.sudo()._release_part(note.strip())  # the decider was checked
        return True

    def _get_credit_holds(self):
        """Every open credit hold of the order: a release in part decides on all of them."""
        return self | self.order_id._dms_open_holds().with_env(self.env).filtered("is_credit_hold")

    def _check_credit_work(self):
        """The open credit holds among ``self``."""
        if not self.env.user.has_group("dms_credit.group_credit_controller"):
            raise AccessError(self.env._("Credit controllers work on orders held for credit."))
        self.check_access("read")
        return self.filtered(lambda hold: hold.state == "open" and hold.is_credit_hold)

    def _release_part(self, note):
        order = self.order_id
        if self.revision_id or self.picking_id or order.state not in ("draft", "sent"):
            raise UserError(self.env._("Only an order that waits for its confirmation can be released in part."))
        self.env["dms.limit.lock"]._lock(order._dms_limit_keys())
        kept = order._dms_fit_quantities(order._dms_get_room())
        if not kept:
            raise UserError(self.env._("Nothing of %(order)s fits into the credit that is left.", order=order.name))
        rest = order._dms_split_off(kept)
        if rest:
            body = self.env._("Split by %(name)s: %(rest)s waits with what did not fit.", name=self.env.user.name, rest=rest.name)
            order.message_post(body=body, subtype_xmlid="mail.mt_note")
        for hold in self._get_credit_holds():
            hold.write(hold._prepare_decision_values("released", note))
        order._dms_recheck_holds()
        rest.action_dms_submit()
