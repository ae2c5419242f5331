from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .amounts import check_amounts


class ResPartner(models.Model):
    """A distributor's limit is core's own field: wherever it is written, it counts, it is traced, and holds follow."""

    _inherit = "res.partner"

    credit_account_ids = fields.One2many("dms.credit.account", "partner_id", "Credit Accounts", groups="dms_credit.group_credit_reader")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_default_limit(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("is_distributor"):
                check_amounts(self.env, vals, "credit_limit")
        partners = super().create(vals_list)
        distributors = partners.filtered("is_distributor")
        if distributors:
            self.env["dms.credit.account"]._create_missing(distributors)
            for partner, vals in zip(partners, vals_list, strict=True):
                if partner.is_distributor and vals.get("credit_limit", False) is not False:
                    partner._check_credit_limit(vals["credit_limit"])
                    partner._follow_credit_limit(vals["credit_limit"], {partner: None})
            distributors._forget_credit_accounts()
        return partners

    def write(self, vals):
        terms = self.sudo().credit_account_ids._get_class_terms() if "distributor_class_id" in vals else {}  # of the partners written
        vals = self._without_default_limit(vals)
        with self._limit_followed(vals):
            result = super().write(vals)
        if vals.get("is_distributor"):
            self.env["dms.credit.account"]._create_missing(self)
        if terms:
            self.sudo().credit_account_ids._follow_class(terms)  # as above
        if terms or "credit_limit" in vals or vals.get("is_distributor"):
            self._forget_credit_accounts()
        return result

    def _forget_credit_accounts(self):
        """Accounts of every company were read with full rights: whoever reads on finds those he may see."""
        self.invalidate_recordset(["credit_account_ids"])

    @api.model
    def _without_default_limit(self, vals):
        """New values as a form sends them: without a limit of its own its amount means nothing."""
        if vals.get("use_partner_credit_limit", True):
            return vals
        return {name: value for name, value in vals.items() if name != "credit_limit"}

    @contextmanager
    def _limit_followed(self, vals):
        """Core's field is about to be written: who may, what can be one, and what follows.

        A limit of zero is one; False or None (an empty cell of an import) is none, and so is one being taken away.
        """
        if "credit_limit" not in vals:
            yield
            return
        distributors = self if vals.get("is_distributor") else self.filtered("is_distributor")
        distributors._check_credit_limit(vals["credit_limit"])
        before = {account.partner_id: account._limit_or_none() for account in distributors._get_credit_accounts()}
        limits = distributors._get_credit_accounts()._get_limits()
        yield
        self.env["dms.credit.account"]._create_missing(distributors)
        taken = self.env.cr.cache.get("dms_limits_taken", set()) >= set(self.ids)
        distributors._follow_credit_limit(False if taken else vals["credit_limit"], before, limits)

    def _check_credit_limit(self, amount):
        """Refuse a distributor's limit by who does not keep limits, and amounts that cannot be one."""
        if not self:
            return
        if not self.env.su and not self.env.user.has_group("dms_credit.group_credit_controller"):
            raise AccessError(self.env._("Credit limits of distributors are kept by the credit controllers."))
        check_amounts(self.env, {"credit_limit": amount}, "credit_limit")

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

    def _follow_credit_limit(self, given, before, limits=None):
        """Core's field was written: the accounts have a limit now, the change is kept, holds follow.

        :param given: what was written, see :meth:`_limit_followed`
        :param dict before: ``{partner: limit, None for no limit}``
        :param dict limits: ``{account: limit of the day}`` before the change
        """
        accounts = self._get_credit_accounts()
        accounts.has_limit = given is not False and given is not None
        rows = [
            account._prepare_change("credit_limit", before.get(account.partner_id), account._limit_or_none())
            for account in accounts
            if before.get(account.partner_id) != account._limit_or_none()
        ]
        self.env["dms.credit.change"].sudo().create(rows)  # rows that only the account writes
        accounts._follow_limits({**accounts._get_limits(), **(limits or {})})

    def _inverse_use_partner_credit_limit(self):
        """Core's way to take a limit away: back to the default of the company, which is no limit of the distributor's own."""
        without = self.filtered(lambda partner: partner.is_distributor and not partner.use_partner_credit_limit)
        limited = without._get_credit_accounts().filtered("has_limit").partner_id
        taken = self.env.cr.cache.setdefault("dms_limits_taken", set())
        taken.update(limited.ids)
        try:
            super(ResPartner, self - (without - limited))._inverse_use_partner_credit_limit()
        finally:
            taken.difference_update(limited.ids)
