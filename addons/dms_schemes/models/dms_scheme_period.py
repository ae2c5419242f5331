from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .res_company_accrual import ACCRUAL_TYPES, EXPENSE_TYPES


class DmsScheme(models.Model):
    """Schemes whose benefit is accrued and settled later: where it is booked, and what growth is measured against."""

    _inherit = "dms.scheme"

    expense_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain=[("account_type", "in", EXPENSE_TYPES)],
        help="What the scheme costs; empty for the company's own, which is kept at approval.",
    )
    accrual_account_id = fields.Many2one(
        "account.account",
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

    def _get_refusals(self):
        found = super()._get_refusals()
        if self.timing == "off_invoice":
            found += [*self._refuse_period(), *self._refuse_settlement(), *self._refuse_accounts()]
        return found

    def _refuse_period(self):
        """A period has a first and a last day, and growth a baseline before them."""
        if self.scope != "period":
            return
        missing = next((name for name in ("date_from", "date_to") if not self[name]), None)
        if missing:
            yield self._refusal(missing, "period_dates", self.env._("a period scheme needs its first and its last day."))
            return
        first, last = self._get_baseline_dates()
        if self.basis == "growth" and not first <= last < self.date_from:
            sentence = self.env._("give days that end before the scheme begins, the first not after the last.")
            yield self._refusal("baseline_date_from", "baseline_dates", sentence)

    def _refuse_settlement(self):
        """Money is settled, with a tax that has an account of its own, if any."""
        for slab in self.slab_ids if self.scope != "period" else ():
            if slab.benefit == "free_product":
                sentence = self.env._("what is accrued is settled in money; choose another benefit, or on invoice.")
                yield self._refusal("benefit", "off_invoice_free", sentence, slab)
        tax = self.sudo().settlement_tax_id  # taxes are not for everybody who approves
        if tax.price_include:
            yield self._refusal("settlement_tax_id", "tax_included", self.env._("choose a tax that is not included in the price."))
        parts = tax.flatten_taxes_hierarchy().refund_repartition_line_ids
        if any(part.repartition_type == "tax" and part.factor and not part.account_id for part in parts):
            sentence = self.env._("without an account of its own it would be booked to the accrual account.")
            yield self._refusal("settlement_tax_id", "tax_account", sentence)

    def _refuse_accounts(self):
        """Where to book: accounts are opened at approval where a company with a chart of accounts has none."""
        company = self.company_id.sudo()  # its settings
        scheme = self.sudo()  # accounts are not for everybody who approves
        accounts = {}
        for name in ("expense_account_id", "accrual_account_id"):
            accounts[name] = scheme[name] or company[f"scheme_{name}"]
            if not accounts[name] and not company.chart_template:
                yield self._refusal(name, "account_missing", self.env._("choose one here, or for %(company)s.", company=company.name))
        if accounts["expense_account_id"] and accounts["expense_account_id"] == accounts["accrual_account_id"]:
            yield self._refusal("accrual_account_id", "same_account", self.env._("choose another one than the expense account."))
        if not company.chart_template and not company._find_scheme_accrual_journal():
            sentence = self.env._("%(company)s has no miscellaneous journal; create one first.", company=company.name)
            yield self._refusal("accrual_account_id", "journal_missing", sentence)

    def _get_accounts(self):
        """(expense, accrual) account: the scheme's own, else the company's."""
        company = self.company_id.with_env(self._get_clean_env())  # its settings
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
        self._get_clean_env()["dms.scheme.baseline"].create(  # rows that only the approval writes
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

    def _get_clean_env(self):
        """Full rights, and of the caller's context the language alone: nothing else gets into what is booked."""
        return self.env(context={"lang": self.env.lang}, su=True)  # for those whose decision was checked

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
