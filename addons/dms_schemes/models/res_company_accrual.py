from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: account types of what a scheme costs, and of what it owes
EXPENSE_TYPES = ("expense", "expense_direct_cost", "expense_other", "income", "income_other")
ACCRUAL_TYPES = ("liability_current", "liability_non_current", "asset_current")


class ResCompany(models.Model):
    """Where accruals and settlements of schemes are booked."""

    _inherit = "res.company"

    scheme_expense_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain=[("account_type", "in", EXPENSE_TYPES)],
        groups="base.group_user",
        help="Default of new schemes; without one an account is opened when the first scheme is approved.",
    )
    scheme_accrual_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain=[("account_type", "in", ACCRUAL_TYPES)],
        groups="base.group_user",
        help="What was earned and not settled yet. Default of new schemes; without one an account is opened when the first "
        "scheme is approved.",
    )
    scheme_accrual_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain=[("type", "=", "general")],
        groups="base.group_user",
        help="Empty for the company's miscellaneous journal.",
    )
    scheme_settlement_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain=[("type", "=", "sale")],
        groups="base.group_user",
        help="Credit notes that settle schemes; empty for the company's first sales journal.",
    )

    def _get_scheme_account(self, kind):
        """The company's account for ``expense`` or ``accrual``; opened where a company with a chart of accounts has none yet.

        :return: an account, empty for a company without chart of accounts
        """
        self.ensure_one()
        name = f"scheme_{kind}_account_id"
        if not self[name] and self.chart_template:
            self[name] = self._create_scheme_account(kind)
        return self[name]

    def _create_scheme_account(self, kind):
        account_type, start, label = {
            "expense": ("expense", "620900", self.env._("Trade Schemes")),
            "accrual": ("liability_current", "211900", self.env._("Trade Schemes Accrued")),
        }[kind]
        accounts = self.env["account.account"].with_company(self)
        code = accounts._search_new_account_code(start)
        return accounts.create({"name": label, "code": code, "account_type": account_type, "company_ids": self.ids})

    def _get_scheme_accrual_journal(self):
        """The company's miscellaneous journal.

        :raise UserError: when there is none
        """
        journal = self._find_scheme_accrual_journal()
        if not journal:
            raise UserError(
                self.env._("%(company)s has no miscellaneous journal: create one, or choose it in the settings.", company=self.name)
            )
        return journal

    def _find_scheme_accrual_journal(self):
        """The journal set, that of the chart of accounts, else the first miscellaneous one that has no other duty."""
        self.ensure_one()
        templates = self.env["account.chart.template"].with_company(self)
        journal = self.scheme_accrual_journal_id or templates.ref("general", raise_if_not_found=False)
        if journal:
            return journal
        duties = self.currency_exchange_journal_id | self.tax_cash_basis_journal_id
        domain = Domain("type", "=", "general") & Domain("company_id", "=", self.id) & Domain("id", "not in", duties.ids)
        return self.env["account.journal"].search(domain, limit=1)
