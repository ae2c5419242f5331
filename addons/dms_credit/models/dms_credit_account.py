from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .amounts import check_amounts

POLICIES = [("none", "No check"), ("warn", "Warn"), ("hold", "Hold")]
#: fields whose change is kept as a row of history; ``credit_limit`` lives on the partner, which keeps its own
TRACED_FIELDS = (
    "policy", "overdue_grace_days", "review_date", "is_stopped", "secured_amount", "secured_from", "secured_until",
)  # fmt: skip


class DmsCreditAccount(models.Model):
    """What one company lends to one distributor: the terms here, the figures in ``dms_credit_position``.

    The limit is core's own ``res.partner.credit_limit`` of the account's company; ``has_limit`` tells a limit of zero
    from none. Amounts are in the company's currency.
    """

    _name = "dms.credit.account"
    _description = "Credit Account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_id, company_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Distributor",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        domain=[("is_distributor", "=", True)],
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    territory_id = fields.Many2one(related="partner_id.territory_id", store=True, index="btree_not_null")
    distributor_class_id = fields.Many2one(related="partner_id.distributor_class_id", store=True, index="btree_not_null")
    user_id = fields.Many2one(related="partner_id.user_id", store=True, string="Salesperson")
    distributor_code = fields.Char(related="partner_id.distributor_code")
    distributor_state = fields.Selection(related="partner_id.distributor_state", store=True)

    credit_limit = fields.Monetary(
        compute="_compute_credit_limit",
        inverse="_inverse_credit_limit",
        search="_search_credit_limit",
        help="The limit on the distributor's contact form; counts once it was set, zero included.",
    )
    has_limit = fields.Boolean(copy=False, help="Without a limit the exposure is shown and never held.")
    policy = fields.Selection(
        POLICIES,
        compute="_compute_class_terms",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="What an order over the limit, or with overdue invoices, meets: nothing, an internal note, or a hold.",
    )
    overdue_grace_days = fields.Integer(
        "Days of Grace",
        compute="_compute_class_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="Days after the due date before an unpaid invoice holds orders.",
    )
    review_date = fields.Date("Review On", help="After this day the limit counts as not reviewed, and orders are held.")
    is_stopped = fields.Boolean("Stopped", copy=False, help="Holds every order, whatever the policy.")
    stop_reason = fields.Char(copy=False)
    secured_kind = fields.Selection(
        [("deposit", "Deposit"), ("guarantee", "Bank guarantee"), ("insurance", "Credit insurance"), ("other", "Other")], "Security"
    )
    secured_amount = fields.Monetary(help="Added to the limit while the security is valid.")
    secured_from = fields.Date("Valid From")
    secured_until = fields.Date("Valid Until")
    secured_reference = fields.Char("Number of the Document")
    secured_attachment_ids = fields.Many2many("ir.attachment", string="Document")
    extension_ids = fields.One2many("dms.credit.extension", "account_id", "Temporary Limits")
    change_ids = fields.One2many("dms.credit.change", "account_id", "History")

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "This distributor has a credit account in this company already."
    )
    _grace_range = models.Constraint("CHECK(overdue_grace_days BETWEEN 0 AND 3650)", "The days of grace lie between 0 and 3,650.")
    _secured_amount_range = models.Constraint(
        "CHECK(secured_amount >= 0 AND secured_amount <= 10000000000000)", "The secured amount cannot be negative or beyond all measure."
    )
    _secured_dates = models.Constraint(
        "CHECK(secured_from IS NULL OR secured_until IS NULL OR secured_from <= secured_until)",
        "The security ends before it begins.",
    )

    @api.depends("partner_id.name", "company_id.name")
    @api.depends_context("allowed_company_ids")
    def _compute_display_name(self):
        several = len(self.env.companies) > 1
        for account in self:
            name = account.partner_id.display_name or ""
            account.display_name = f"{name} ({account.company_id.name})" if several else name

    @api.depends("partner_id.distributor_class_id")
    def _compute_class_terms(self):
        """A distributor that joins a class takes over its policy and days of grace."""
        for account in self:
            terms = account.partner_id.distributor_class_id
            account.policy = terms.credit_policy or account.policy or "none"
            account.overdue_grace_days = terms.credit_grace_days if terms else account.overdue_grace_days

    def _get_class_terms(self):
        """``{account: {field: value}}`` of the terms that come from the class."""
        return {account: {name: account[name] for name in ("policy", "overdue_grace_days")} for account in self}

    def _follow_class(self, before):
        """These distributors have changed their class: the terms that came with it are kept in the history, holds follow.

        :param dict before: of :meth:`_get_class_terms`
        """
        for account, values in before.items():
            account._trace(values)
            if not account.has_limit and account.partner_id.distributor_class_id.credit_has_limit:
                account._take_class_limit()
        self.env["sale.order"]._dms_trigger_recheck(self.partner_id)

    # ------------------------------------------------------------ core's own limit

    @api.depends("partner_id.credit_limit", "company_id")
    def _compute_credit_limit(self):
        for account in self:
            account.credit_limit = account._get_partner().credit_limit

    def _inverse_credit_limit(self):
        for account in self:
            account._get_partner().write({"credit_limit": account.credit_limit})

    def _search_credit_limit(self, operator, value):
        if operator not in (">", "<", ">=", "<=", "in"):
            return NotImplemented
        accounts = self.search([("company_id", "in", self.env.companies.ids)])
        accounts.sudo().partner_id.fetch(["credit_limit"])  # limits of the accounts the user sees
        limit = accounts._fields["credit_limit"]
        return [("id", "in", accounts.filtered_domain([(limit.name, operator, value)]).ids)]

    def _get_partner(self):
        """The distributor as the account's company sees it: core keeps a limit for each company."""
        return self.sudo().partner_id.with_company(self.company_id)  # the limit of an account the caller may read or write

    # ------------------------------------------------------------ one account from the start

    @api.model
    def _create_missing(self, partners=None, companies=None):
        """Make the accounts that distributors lack, one a company (branches are companies); a distributor that belongs
        to one company has one there."""
        companies = companies or self.env["res.company"].sudo().search([("active", "in", [True, False])])  # in every one
        domain = [("is_distributor", "=", True)] + ([("id", "in", partners.ids)] if partners is not None else [])
        distributors = self.env["res.partner"].sudo().with_context(active_test=False).search_fetch(domain, ["company_id"])  # to lend to
        existing = self.sudo().search_fetch([("partner_id", "in", distributors.ids)], ["partner_id", "company_id"])  # of theirs
        known = {(account.partner_id.id, account.company_id.id) for account in existing}
        missing = [
            {"partner_id": distributor.id, "company_id": company.id}
            for company in companies
            for distributor in distributors
            if (distributor.id, company.id) not in known and distributor.company_id in (company, self.env["res.company"])
        ]
        return self.sudo().with_context(tracking_disable=True).create(missing)  # terms come from the class

    @api.model_create_multi
    def create(self, vals_list):
        self._check_controller()
        for vals in vals_list:
            self._check_values(vals)
        accounts = super().create(vals_list)
        for account in accounts.filtered(lambda account: not account.has_limit):
            account.sudo()._take_class_limit()  # terms of the class, for who may make the account
        return accounts

    def _take_class_limit(self):
        """Limit of a distributor that has none of its own: of its class, else core's default of the company."""
        terms = self.partner_id.distributor_class_id
        if terms.credit_has_limit:
            self._set_limit(terms.credit_limit, self.env._("Limit of the class %(name)s", name=terms.name))
        else:
            self.has_limit = bool(self.credit_limit)

    @api.model
    def _get_account(self, partner, company):
        """The account of a partner's company in ``company``, with full rights; empty for who is no distributor."""
        accounts = self.sudo()  # terms of the customer of a document at hand
        return accounts.search([("partner_id", "=", partner.commercial_partner_id.id), ("company_id", "=", company.id)], limit=1)

    # ------------------------------------------------------------ changes of terms

    def write(self, vals):
        traced = [name for name in TRACED_FIELDS if name in vals]
        if traced or {"credit_limit", "has_limit"} & vals.keys():
            self._check_controller()
            self._check_values(vals)
        if not traced:
            return super().write(vals)
        self._check_may_set(vals)
        before = [{name: account[name] for name in traced} for account in self]
        limits = self._get_limits()
        result = super().write(vals)
        for account, values in zip(self, before, strict=True):
            account._trace(values)
        self._follow_limits(limits)
        return result

    @api.model
    def _check_controller(self):
        if not self.env.su and not self.env.user.has_group("dms_credit.group_credit_controller"):
            raise AccessError(self.env._("Credit terms are kept by the credit controllers."))

    def _check_values(self, vals):
        check_amounts(self.env, vals, "credit_limit", "secured_amount")
        if "has_limit" in vals and not self.env.su:
            raise AccessError(self.env._("Follows from the limit: set one, or take it away."))

    def _check_may_set(self, vals):
        """Hook on the terms about to be written."""
        if vals.get("is_stopped") and not (vals.get("stop_reason") or all(account.stop_reason for account in self)):
            raise UserError(self.env._("Say why the account is stopped."))

    def _trace(self, before):
        """Keep what has changed as rows of history.

        :param dict before: ``{field name: value}``
        """
        rows = [self._prepare_change(name, value, self[name]) for name, value in before.items() if value != self[name]]
        self.env["dms.credit.change"].sudo().create(rows)  # rows that only the account writes

    def _prepare_change(self, name, before, after, reason=None):
        field = self._fields[name]
        env = self.env
        return {
            "account_id": self.id,
            "field_name": name,
            "label": field._description_string(env),
            "before": self._format_value(field, before),
            "after": self._format_value(field, after),
            "amount_before": before if field.type == "monetary" else 0.0,
            "amount_after": after if field.type == "monetary" else 0.0,
            "reason": reason or env.context.get("dms_credit_reason") or (self.stop_reason if name == "is_stopped" else "") or "",
            "user_id": env.user.id,
        }

    def _limit_or_none(self):
        return self.credit_limit if self.has_limit else None

    def _format_value(self, field, value):
        """A value as people read it in the history."""
        if field.type == "monetary":
            return self.currency_id.format(value or 0.0) if value is not None else self.env._("No limit")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return str(value or "")

    # ------------------------------------------------------------ people and payments

    def _get_responsible(self):
        """Who is told of what happens on the account: a controller who is no more than that first."""
        group = self.env.ref("dms_credit.group_credit_controller")
        users = group.all_user_ids.filtered(lambda user: self.company_id in user.company_ids and not user.share)
        return users.filtered(lambda user: user not in self.env.ref("base.group_system").all_user_ids)[:1] or users[:1] or self.env.user

    def _get_last_payments(self):
        """``{account id: (date, amount)}`` of each distributor's last incoming payment; the amount in company currency."""
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (account.id) account.id, payment.date, payment.amount_company_currency_signed
                  FROM dms_credit_account account
                  JOIN res_partner contact ON contact.commercial_partner_id = account.partner_id
                  JOIN account_payment payment ON payment.partner_id = contact.id AND payment.company_id = account.company_id
                 WHERE account.id = ANY(%s) AND payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                 ORDER BY account.id, payment.date DESC, payment.id DESC
                """,
                self.ids,
            )
        )
        return {account: (day, float(amount or 0.0)) for account, day, amount in self.env.cr.fetchall()}

    def _get_advised(self):
        """``{account id: amount}`` in company currency of transfers that distributors gave notice of."""
        return {}

    @api.model
    def _cron_follow_days(self):
        """A day has begun somewhere: temporary limits that ended are marked, holds are re-checked with the limits of today."""
        self.env["dms.credit.extension"]._expire()
        self.env["sale.order"]._dms_trigger_recheck(self.search([("policy", "!=", "none")]).partner_id)

    # ------------------------------------------------------------ decisions

    def action_set_limit(self, amount, reason):
        """Set the limit of these accounts, in each company's currency.

        :param float amount: zero counts; None or False for no limit
        :param str reason: kept in the history
        :raise AccessError: for who is no credit controller
        :raise UserError: without a reason, or for an amount that cannot be a limit
        """
        self._check_controller()
        self.check_access("write")
        for account in self:
            account._set_limit(amount, self._clean_reason(reason))
        return True

    def _set_limit(self, amount, reason):
        partner = self._get_partner().with_context(dms_credit_reason=reason)
        if amount is None or amount is False:
            partner.write({"use_partner_credit_limit": False})
        else:
            partner.write({"credit_limit": amount})

    def _clean_reason(self, reason):
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why: the history of the account keeps it."))
        return reason.strip()[:500]

    def action_stop(self, reason):
        """Stop the accounts: every order is held until the stop is lifted.

        :param str reason: kept in the history, seen by staff only
        """
        self._check_controller()
        self.check_access("write")
        self._stop(self._clean_reason(reason))
        return True

    def _stop(self, reason):
        """Stop those that are not stopped yet."""
        self.filtered(lambda account: not account.is_stopped).write({"is_stopped": True, "stop_reason": reason})

    def action_lift_stop(self, reason):
        """Lift the stop of the accounts; their holds are re-checked."""
        self._check_controller()
        self.check_access("write")
        stopped = self.filtered("is_stopped").with_context(dms_credit_reason=self._clean_reason(reason))
        stopped.write({"is_stopped": False, "stop_reason": False})
        return True
