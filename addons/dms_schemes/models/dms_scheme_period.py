from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_company_accrual import ACCRUAL_TYPES, EXPENSE_TYPES


class DmsScheme(models.Model):
    """Schemes whose benefit is accrued and settled later: where it is booked, and what growth is measured against."""

    _inherit = "dms.scheme"

    expense_account_id = fields.Many2one(
        "account.account",
        "Expense Account",
        check_company=True,
        domain=[("account_type", "in", EXPENSE_TYPES)],
        help="What the scheme costs; empty for the company's own, which is kept at approval.",
    )
    accrual_account_id = fields.Many2one(
        "account.account",
        "Accrual Account",
        check_company=True,
        domain=[("account_type", "in", ACCRUAL_TYPES)],
        help="What was earned and not settled yet; empty for the company's own, which is kept at approval.",
    )
    settlement_tax_id = fields.Many2one(
        "account.tax",
        "Tax of Settlement",
        check_company=True,
        domain=[("type_tax_use", "=", "sale"), ("price_include", "=", False)],
        help="On credit notes that settle the scheme; empty for none.",
    )
    accrual_frequency = fields.Selection([("monthly", "Monthly")], default="monthly", required=True)
    baseline_date_from = fields.Date("Baseline From", help="Empty for the scheme's own first day a year before.")
    baseline_date_to = fields.Date("Baseline To", help="Empty for the scheme's own last day a year before.")
    baseline_ids = fields.One2many("dms.scheme.baseline", "scheme_id", "Baselines", readonly=True, copy=False)
    accrued_until = fields.Date(readonly=True, copy=False, help="Last day up to which the scheme was accrued.")
    accrual_ids = fields.One2many("dms.scheme.accrual", "scheme_id", "Accruals", readonly=True, copy=False)

    # ------------------------------------------------------------ approval

    def _check_approvable(self):
        super()._check_approvable()
        for scheme in self:
            scheme._check_kind()
            if scheme.timing == "off_invoice":
                scheme._check_settled_in_money()
                scheme._check_accounts()

    def _check_kind(self):
        """Growth and periods need each other, and dates."""
        if self.basis == "growth" and self.scope != "period":
            raise UserError(self.env._("Basis: growth is measured over a period; choose the scope “Purchases of a period”."))
        if self.scope != "period":
            return
        if self.timing != "off_invoice":
            raise UserError(self.env._("Timing: purchases of a period are rewarded off invoice only."))
        if not self.date_from or not self.date_to:
            raise UserError(self.env._("From, To: a period scheme needs its first and its last day."))
        if self.date_to < self.date_from:
            raise UserError(self.env._("To: the scheme would end before it begins."))
        first, last = self._get_baseline_dates()
        if self.basis == "growth" and not first <= last < self.date_from:
            raise UserError(self.env._("Baseline: give days that end before the scheme begins, the first not after the last."))

    def _check_settled_in_money(self):
        if any(slab.benefit == "free_product" for slab in self.slab_ids):
            raise UserError(self.env._("Benefit: what is accrued is settled in money, not in free goods."))
        if self.settlement_tax_id.price_include:
            raise UserError(self.env._("Tax of Settlement: choose a tax that is not included in the price."))
        parts = self.sudo().settlement_tax_id.flatten_taxes_hierarchy().refund_repartition_line_ids  # accounts of the tax
        if any(part.repartition_type == "tax" and part.factor and not part.account_id for part in parts):
            raise UserError(self.env._("Tax of Settlement: without an account of its own it would be booked to the accrual account."))

    def _check_accounts(self):
        expense, accrual = self._get_accounts()
        if not expense or not accrual:
            raise UserError(
                self.env._("Expense Account, Accrual Account: set both, on the scheme or for %(company)s.", company=self.company_id.name)
            )
        if expense == accrual:
            raise UserError(self.env._("Accrual Account: it differs from the expense account."))
        self.company_id.sudo()._get_scheme_accrual_journal()  # raises where there is none

    def _get_accounts(self):
        """(expense, accrual) account: the scheme's own, else the company's."""
        company = self.company_id.sudo().with_context({"lang": self.env.lang})  # its settings; nothing of the caller's context
        scheme = self.sudo()  # accounts are not for everybody who approves
        return (
            scheme.expense_account_id or company._get_scheme_account("expense"),
            scheme.accrual_account_id or company._get_scheme_account("accrual"),
        )

    def _freeze_at_approval(self):
        super()._freeze_at_approval()
        for scheme in self.filtered(lambda scheme: scheme.timing == "off_invoice"):
            expense, accrual = scheme._get_accounts()
            values = {"expense_account_id": expense.id, "accrual_account_id": accrual.id}
            if scheme.basis == "growth":
                first, last = scheme._get_baseline_dates()
                values.update(baseline_date_from=first, baseline_date_to=last)
            scheme._write_life(values)
            if scheme.basis == "growth":
                scheme._freeze_baseline()

    # ------------------------------------------------------------ baseline

    def _get_baseline_dates(self):
        """(first, last) day of what growth is compared with."""
        self.ensure_one()
        year = relativedelta(years=1)
        first = self.baseline_date_from or (self.date_from and self.date_from - year)
        return first, self.baseline_date_to or (self.date_to and self.date_to - year)

    def _freeze_baseline(self):
        """Keep what each distributor bought in the baseline's days, whoever may take part: eligibility may come later."""
        rows = self._fetch_baseline()
        distributors = self.env["res.partner"].sudo().browse([row["distributor_id"] for row in rows])  # their territory
        territories = {distributor.id: distributor.territory_id.id for distributor in distributors}
        self.env["dms.scheme.baseline"].sudo().with_context({}).create(  # rows that only the approval writes
            [
                {
                    "scheme_id": self.id,
                    "company_id": self.company_id.id,
                    "territory_id": territories[row["distributor_id"]],
                    **row,
                }
                for row in rows
            ]
        )

    def _get_baselines(self):
        """``{distributor id: (quantity, amount)}``; distributors merged since are added up."""
        rows = (
            self.env["dms.scheme.baseline"]
            .sudo()
            ._read_group(  # figures of all, for the engine
                [("scheme_id", "=", self.id)], ["distributor_id"], ["quantity:sum", "amount:sum"]
            )
        )
        return {distributor.id: (quantity, amount) for distributor, quantity, amount in rows}

    # ------------------------------------------------------------ days

    @api.model
    def _month_of(self, day):
        """(first, last) day of the month of ``day``."""
        first = day.replace(day=1)
        return first, first + relativedelta(months=1, days=-1)

    def _get_last_day(self):
        """Last day whose documents count: the scheme's own, or that of its closing if it is closed before."""
        self.ensure_one()
        closed = self.closed_on and self.company_id._dms_local(self.closed_on).date()
        days = [day for day in (self.date_to, closed) if day]
        return min(days) if days else None
