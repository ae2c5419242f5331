from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .period_common import PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodApproval(PeriodCommon):
    """Period schemes that make no sense are refused at approval, with the reason."""

    def assertRefused(self, word, slabs=((0, "percent", 10),), **values):
        scheme = self.draft_scheme(list(slabs), **self.rebate_values(**values))
        with self.assertRaisesRegex(UserError, word):
            scheme.with_user(self.approver).action_approve()
        self.assertEqual(scheme.state, "draft")

    def test_period_needs_dates_in_order(self):
        self.assertRefused("To: a period scheme needs", date_to=False)
        self.assertRefused("From: a period scheme needs", date_from=False)
        self.assertRefused("last day is before the first", date_to="2025-12-31")

    def test_period_is_off_invoice(self):
        self.assertRefused("Timing", timing="on_invoice")

    def test_growth_needs_a_period_and_a_baseline_before_it(self):
        self.assertRefused("growth is measured over a period", scope="product", basis="growth")
        self.assertRefused("Baseline From", basis="growth", baseline_date_from="2026-02-01", baseline_date_to="2026-02-28")
        self.assertRefused("Baseline From", basis="growth", baseline_date_from="2025-02-01", baseline_date_to="2025-01-01")

    def test_free_goods_are_not_accrued(self):
        self.assertRefused("settled in money", [self.free_slab(1, 1)])
        self.assertRefused("settled in money", [self.free_slab(1, 1)], scope="product", basis="quantity")

    def test_tax_of_the_settlement_is_not_included_in_the_price(self):
        tax = self.env["account.tax"].create({"name": "T in", "amount": 10.0, "price_include_override": "tax_included"})
        self.assertRefused("not included in the price", settlement_tax_id=tax.id)

    def test_accounts_differ_and_are_there(self):
        account = self.env["account.account"].create(
            {"name": "T", "code": "TACC01", "account_type": "expense", "company_ids": [Command.set(self.company.ids)]}
        )
        scheme = self.draft_scheme([(0, "percent", 10)], **self.rebate_values())
        scheme.write({"expense_account_id": account.id, "accrual_account_id": account.id})
        with self.assertRaisesRegex(UserError, "Accrual Account: choose another"):
            scheme.with_user(self.approver).action_approve()

    def test_company_without_chart_of_accounts_is_told_to_choose_accounts(self):
        bare = self.env["res.company"].create({"name": "T Bare"})
        self.approver.company_ids = [Command.link(bare.id)]
        values = self.rebate_values(company_id=bare.id, name="Bare", code="TBARE")
        scheme = self.env["dms.scheme"].create({**values, "slab_ids": [Command.create(self._slab_values(0, "percent", 10))]})
        with self.assertRaisesRegex(UserError, "Expense Account: choose one here, or for T Bare"):
            scheme.with_user(self.approver).with_context(allowed_company_ids=bare.ids).action_approve()

    def test_accounts_are_kept_at_approval(self):
        scheme = self.create_rebate()
        self.assertTrue(scheme.expense_account_id and scheme.accrual_account_id)
        with self.assertRaises(UserError):
            scheme.with_user(self.author).accrual_account_id = scheme.expense_account_id
        self.assertNotIn(self.approver, scheme.author_ids)
