from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .amounts import check_amounts, is_amount

#: longest temporary limit
MAX_DAYS = 366
#: fields that only the decision writes
DECISION_FIELDS = {"state", "decided_by_id", "decided_on", "decision_note", "is_from_portal"}


class DmsCreditExtension(models.Model):
    """A temporary limit: asked for by staff or by the distributor, approved by a second person, valid on both its days.

    Several that are valid on a day add up. The amount is in the company's currency.
    """

    _name = "dms.credit.extension"
    _description = "Temporary Limit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    account_id = fields.Many2one("dms.credit.account", required=True, index=True, ondelete="cascade", groups="base.group_user")
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True, string="Distributor")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    territory_id = fields.Many2one(related="account_id.territory_id", store=True, index="btree_not_null", groups="base.group_user")
    currency_id = fields.Many2one(related="account_id.currency_id")
    amount = fields.Monetary(required=True, tracking=True)
    date_from = fields.Date("From", required=True, tracking=True, default=lambda self: self.env.company._dms_today())
    date_to = fields.Date("Until", required=True, tracking=True)
    reason = fields.Text(required=True)
    state = fields.Selection(
        [("draft", "Requested"), ("approved", "Approved"), ("rejected", "Rejected"), ("expired", "Expired")],
        default="draft",
        required=True,
        index=True,
        copy=False,
        readonly=True,
        tracking=True,
    )
    is_valid = fields.Boolean("Valid Today", compute="_compute_is_valid", search="_search_is_valid")
    is_from_portal = fields.Boolean("Asked in the Portal", readonly=True, copy=False, groups="base.group_user")
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    decided_on = fields.Datetime(readonly=True, copy=False)
    decision_note = fields.Text("Answer", readonly=True, copy=False, help="Read by the distributor when its request is rejected.")

    _amount_range = models.Constraint("CHECK(amount > 0 AND amount <= 10000000000000)", "A temporary limit is an amount above zero.")
    _dates_in_order = models.Constraint("CHECK(date_from <= date_to)", "A temporary limit ends on the day it begins or later.")

    @api.depends("partner_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for extension in self:
            extension.display_name = self.env._(
                "%(distributor)s, %(from)s to %(to)s",
                **{"distributor": extension.partner_id.name, "from": extension.date_from, "to": extension.date_to},
            )

    @api.depends("state", "date_from", "date_to")
    def _compute_is_valid(self):
        for extension in self:
            today = extension.company_id._dms_today() if extension.company_id else date.min
            extension.is_valid = extension.state == "approved" and extension.date_from <= today <= extension.date_to

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        approved = self.search([("state", "=", "approved")])
        return [("id", "in", approved.filtered("is_valid").ids)]

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for extension in self:
            if extension.date_to - extension.date_from > timedelta(days=MAX_DAYS):
                raise UserError(self.env._("A temporary limit lasts a year at most: change the limit itself instead."))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given({name for vals in vals_list for name in vals} & DECISION_FIELDS)
        for vals in vals_list:
            check_amounts(self.env, vals, "amount")
        context = {key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in DECISION_FIELDS}
        return super(DmsCreditExtension, self.with_env(self.env(context=context))).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._check_given(vals.keys() & DECISION_FIELDS)
        check_amounts(self.env, vals, "amount")
        decided = {"account_id", "amount", "date_from", "date_to", "reason"} & vals.keys()
        if decided and any(extension.state != "draft" for extension in self):
            raise UserError(self.env._("A temporary limit that was decided on is not changed: request another one."))
        if "account_id" in vals and any(extension.account_id.id != vals["account_id"] for extension in self):
            raise UserError(self.env._("A temporary limit stays with its distributor: request another one."))
        return super().write(vals)

    def _check_given(self, names):
        if names and not self.env.su:
            raise AccessError(self.env._("Set by the decision, not by hand: %(fields)s", fields=", ".join(sorted(names))))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(extension.state != "draft" for extension in self):
            raise UserError(self.env._("A temporary limit that was decided on stays in the history."))

    # ------------------------------------------------------------ request

    @api.model
    def _request(self, account, amount, date_from, date_to, reason):
        """A request of the distributor itself, from outside: every value is checked here.

        :param account: ``dms.credit.account`` of the distributor that asks, with full rights
        :param amount: in company currency
        :param date_from, date_to: ``date``
        :return: the request
        :raise UserError: for anything that cannot be a request
        """
        if not is_amount(amount) or not amount:
            raise UserError(self.env._("Ask for an amount above zero."))
        if not isinstance(date_from, date) or not isinstance(date_to, date) or date_to < date_from:
            raise UserError(self.env._("Give a first day, and a last day that is not before it."))
        if date_to < account.company_id._dms_today():
            raise UserError(self.env._("These days are over."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say what the higher limit is for."))
        if self.search_count([("account_id", "=", account.id), ("state", "=", "draft"), ("is_from_portal", "=", True)], limit=1):
            raise UserError(self.env._("Your last request is still waiting for an answer."))
        values = {"account_id": account.id, "amount": amount, "date_from": date_from, "date_to": date_to, "reason": reason.strip()[:2000]}
        request = self.create({**values, "is_from_portal": True})
        request._notify_controllers()
        return request

    def _notify_controllers(self):
        """An activity for the people who decide: the account's responsible, else a controller who may."""
        for extension in self:
            extension.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Temporary limit requested: %(amount)s", amount=extension.currency_id.format(extension.amount)),
                user_id=extension.account_id._get_responsible().id,
            )

    # ------------------------------------------------------------ decision

    def action_approve(self):
        """Approve requests; they are valid from their first to their last day.

        :raise AccessError: for who is no credit controller
        :raise UserError: for one's own request
        """
        requests = self._check_decision()
        limits = requests.account_id._get_limits()
        requests._decide("approved")
        requests.account_id._follow_limits(limits)
        requests._trace_on_account()
        requests._schedule_days()
        return True

    def action_reject(self, reason):
        """Reject requests; the distributor that asked reads the reason."""
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the request is rejected: the distributor will read it."))
        self._check_decision()._decide("rejected", reason.strip())
        return True

    def _check_decision(self):
        """The requests among ``self``, with full rights, for a decider who did not make them."""
        if not self.env.user.has_group("dms_credit.group_credit_controller"):
            raise AccessError(self.env._("Credit controllers decide on temporary limits."))
        self.check_access("write")
        requests = self.sudo().filtered(lambda extension: extension.state == "draft")  # the decider was checked
        if self.env.user in requests.create_uid:
            raise UserError(self.env._("This is your own request: a second person decides."))
        return requests

    def _decide(self, state, note=False):
        values = {"state": state, "decided_by_id": self.env.user.id, "decided_on": fields.Datetime.now(), "decision_note": note}
        self.write(values)
        self.activity_ids.action_done()

    def _trace_on_account(self):
        for extension in self:
            account = extension.account_id
            row = account._prepare_change("extension_amount", 0.0, extension.amount, reason=extension.reason)
            dates = f"{extension.date_from} – {extension.date_to}"
            self.env["dms.credit.change"].create({**row, "before": "", "after": f"{row['after']} ({dates})"})

    def _schedule_days(self):
        """Have the limits followed when these days begin and end, in the company's time zone."""
        cron = self.env.ref("dms_credit.cron_follow_days")
        for extension in self:
            company = extension.company_id
            for day in (extension.date_from, extension.date_to + timedelta(days=1)):
                if day > company._dms_today():
                    cron._trigger(company._dms_utc(datetime.combine(day, time.min)))

    @api.model
    def _expire(self):
        """Mark what has ended; a limit follows the days by itself."""
        for company in self.search([("state", "=", "approved")]).company_id:
            ended = [("company_id", "=", company.id), ("state", "=", "approved"), ("date_to", "<", company._dms_today())]
            self.search(ended).write({"state": "expired"})
