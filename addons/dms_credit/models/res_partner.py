import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .dms_credit_account import MAX_AMOUNT


class ResPartner(models.Model):
    """A distributor's limit is core's own field: wherever it is written, it counts, it is traced, and holds follow."""

    _inherit = "res.partner"

    credit_account_ids = fields.One2many("dms.credit.account", "partner_id", "Credit Accounts", groups="dms_credit.group_credit_reader")

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        distributors = partners.filtered("is_distributor")
        for partner, vals in zip(partners, vals_list, strict=True):
            if partner.is_distributor and "credit_limit" in vals:
                partner._check_credit_limit(vals["credit_limit"])
        if distributors:
            self.env["dms.credit.account"]._create_missing(distributors)
            given = [p for p, vals in zip(partners, vals_list, strict=True) if p.is_distributor and "credit_limit" in vals]
            distributors.browse(p.id for p in given)._follow_credit_limit({partner: None for partner in given})
        return partners

    def write(self, vals):
        terms = self.sudo().credit_account_ids._get_class_terms() if "distributor_class_id" in vals else {}  # of the partners written
        result = self._write_limit(vals) if "credit_limit" in vals else super().write(vals)
        if vals.get("is_distributor"):
            self.env["dms.credit.account"]._create_missing(self)
        if terms:
            self.sudo().credit_account_ids._follow_class(terms)  # as above
        return result

    def _write_limit(self, vals):
        """Core's field is written: who may, what can be one, and what follows."""
        distributors = self.filtered("is_distributor")
        distributors._check_credit_limit(vals["credit_limit"])
        before = {account.partner_id: account._limit_or_none() for account in distributors._get_credit_accounts()}
        limits = distributors._get_credit_accounts()._get_limits()
        result = super().write(vals)
        self.env["dms.credit.account"]._create_missing(distributors)
        distributors._follow_credit_limit(before, limits)
        return result

    def _check_credit_limit(self, amount):
        """Refuse a distributor's limit by who does not keep limits, and amounts that cannot be one."""
        if not self:
            return
        if not self.env.su and not self.env.user.has_group("dms_credit.group_credit_controller"):
            raise AccessError(self.env._("Credit limits of distributors are kept by the credit controllers."))
        if isinstance(amount, bool) and amount is False:
            return
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount) or not 0 <= amount <= MAX_AMOUNT:
            raise UserError(self.env._("A credit limit lies between 0 and %(max)s.", max=f"{MAX_AMOUNT:,.0f}"))

    def _get_credit_accounts(self, company=None):
        """Accounts of these distributors in one company (default: the one at work), with full rights."""
        accounts = self.sudo().credit_account_ids  # terms of the partners of a document at hand
        return accounts.filtered(lambda account: account.company_id == (company or self.env.company))

    def _fetch_credit_accounts(self):
        """Read the accounts of these distributors, and their terms, in one query."""
        field = self._fields["credit_account_ids"]
        missing = self.browse(field._cache_missing_ids(self.sudo()))
        if missing:
            accounts = self.env["dms.credit.account"].sudo().search_fetch([("partner_id", "in", missing.ids)], order="id")  # for gates
            by_partner = accounts.grouped("partner_id")
            field._insert_cache(missing.sudo(), [by_partner.get(partner, accounts.browse())._ids for partner in missing])

    def _follow_credit_limit(self, before, limits=None):
        """Core's field was written: the accounts have a limit now, the change is kept, holds follow.

        :param dict before: ``{partner: limit, None for no limit}``
        :param dict limits: ``{account: limit of the day}`` before the change
        """
        accounts = self._get_credit_accounts()
        accounts.has_limit = True
        rows = [
            account._prepare_change("credit_limit", before.get(account.partner_id), account.credit_limit)
            for account in accounts
            if before.get(account.partner_id) != account.credit_limit
        ]
        self.env["dms.credit.change"].sudo().create(rows)  # rows that only the account writes
        accounts._follow_limits({**accounts._get_limits(), **(limits or {})})

    def _inverse_use_partner_credit_limit(self):
        """Core's way to take a limit away: back to the default of the company, which is no limit of the distributor's own."""
        result = super()._inverse_use_partner_credit_limit()
        without = self.filtered(lambda partner: partner.is_distributor and not partner.use_partner_credit_limit)
        accounts = without._get_credit_accounts()
        for account in accounts.filtered("has_limit"):
            account.has_limit = False
            account._trace_limit_taken_away()
        return result
