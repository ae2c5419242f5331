from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .period_common import FEB, GOLDEN, JAN, MAR, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodAccrual(PeriodCommon):
    """What is owed so far, less what was accrued."""

    def test_golden_bands(self):
        scheme = self.create_rebate(GOLDEN, mode="marginal")
        self.bill({self.tea: 3800}, "2026-01-10", self.alpha)
        self.bill({self.tea: 1000}, "2026-01-10", self.beta)
        scheme._accrue(JAN)
        self.assertEqual((self.amounts(scheme), self.amounts(scheme, self.beta)), ([1100.0], [260.0]))
        self.assertEqual(self.rows_of(scheme, self.alpha).slab_id.threshold, 300)
        self.assertSettled(scheme)

    def test_whole_slab_on_everything(self):
        scheme = self.create_rebate(GOLDEN)
        self.bill({self.tea: 200}, "2026-01-10")
        scheme._accrue(JAN)
        self.bill({self.tea: 200}, "2026-02-10")
        scheme._accrue(FEB)
        self.assertEqual(self.amounts(scheme), [40.0, 80.0])
        february = self.rows_of(scheme)[-1]
        self.assertEqual((february.base_amount, february.total_base_amount, february.entitlement_amount), (200.0, 400.0, 120.0))
        self.assertSettled(scheme)

    def test_below_the_first_slab_nothing_is_booked(self):
        scheme = self.create_rebate([(500, "percent", 10)])
        self.bill({self.tea: 200}, "2026-01-10")
        scheme._accrue(JAN)
        row = self.rows_of(scheme)
        self.assertEqual((row.amount, row.base_amount, row.move_id.id), (0.0, 200.0, False))

    def test_credit_note_makes_the_true_up_negative(self):
        scheme = self.create_rebate([(100, "percent", 10)])
        self.bill({self.tea: 150}, "2026-01-10")
        scheme._accrue(JAN)
        self.credit({self.tea: 60}, "2026-02-10")
        scheme._accrue(FEB)
        self.assertEqual(self.amounts(scheme), [15.0, -15.0])
        self.assertSettled(scheme)

    def test_accrual_is_booked_to_its_accounts_on_the_miscellaneous_journal(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 150}, "2026-01-10", self.alpha)
        self.bill({self.tea: 50}, "2026-01-11", self.beta)
        scheme._accrue(JAN)
        move = self.rows_of(scheme).move_id
        self.assertEqual((len(move), move.state, move.date, move.journal_id.type), (1, "posted", JAN, "general"))
        expense = move.line_ids.filtered(lambda item: item.account_id == scheme.expense_account_id)
        accrual = move.line_ids - expense
        self.assertEqual((expense.debit, accrual.account_id), (20.0, scheme.accrual_account_id))
        self.assertEqual({item.partner_id: item.credit for item in accrual}, {self.alpha: 15.0, self.beta: 5.0})

    def test_running_twice_books_nothing_more(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 150}, "2026-01-10")
        scheme._accrue(JAN)
        items = self.rows_of(scheme).item_ids
        scheme._accrue(JAN)
        scheme._accrue(FEB)
        self.env["dms.scheme"]._cron_dms_accrue_schemes()
        self.assertEqual(self.rows_of(scheme).item_ids, items)
        self.assertEqual(self.amounts(scheme), [15.0])

    def test_same_month_is_topped_up_in_its_row(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 150}, "2026-01-10")
        scheme._accrue(JAN.replace(day=15))
        self.bill({self.tea: 50}, "2026-01-20")
        scheme._accrue(JAN)
        self.assertEqual(self.amounts(scheme), [20.0])
        self.assertSettled(scheme)

    def test_month_that_was_missed_is_booked_at_its_end(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 150}, "2026-01-10")
        self.bill({self.tea: 50}, "2026-02-02")
        scheme._accrue(FEB.replace(day=3))
        rows = self.rows_of(scheme)
        self.assertEqual(rows.mapped("amount"), [15.0, 5.0])
        self.assertEqual(rows.move_id.mapped("date"), [JAN, FEB.replace(day=3)])

    def test_reset_document_is_followed(self):
        scheme = self.create_rebate()
        move = self.bill({self.tea: 150}, "2026-01-10")
        scheme._accrue(JAN)
        move.button_draft()
        scheme._accrue(FEB)
        self.assertEqual(self.amounts(scheme), [15.0, -15.0])
        move.invoice_line_ids.price_unit = 170
        move.action_post()
        scheme._accrue(MAR)
        self.assertEqual(self.amounts(scheme), [15.0, -15.0, 17.0])
        sources = self.rows_of(scheme).line_ids
        self.assertEqual([(row.amount, bool(row.removed_accrual_id)) for row in sources], [(150.0, True), (170.0, False)])
        self.assertSettled(scheme)

    def test_document_line_deleted_after_a_reset_leaves(self):
        scheme = self.create_rebate()
        move = self.bill({self.tea: 150, self.coffee: 50}, "2026-01-10")
        scheme._accrue(JAN)
        move.button_draft()
        move.invoice_line_ids[0].unlink()
        move.action_post()
        scheme._accrue(FEB)
        self.assertEqual(self.amounts(scheme), [20.0, -15.0])

    def test_budget_is_not_overspent_and_goes_on_when_room_is_made(self):
        scheme = self.create_rebate(budget_amount=20.0)
        self.bill({self.tea: 150}, "2026-01-10", self.alpha)
        self.bill({self.tea: 150}, "2026-01-10", self.beta)
        scheme._accrue(JAN)
        self.assertEqual((self.amounts(scheme), self.amounts(scheme, self.beta)), ([15.0], [5.0]))
        self.assertEqual(self.rows_of(scheme).mapped("cap"), [False, "budget"])
        self.credit({self.tea: 50}, "2026-02-10", self.alpha)
        scheme._accrue(FEB)
        self.assertEqual((self.amounts(scheme), self.amounts(scheme, self.beta)), ([15.0, -5.0], [5.0, 5.0]))

    def test_limit_per_distributor_runs_over_versions(self):
        first = self.create_rebate(max_per_distributor=20.0)
        self.bill({self.tea: 150}, "2026-01-10")
        first._accrue(JAN)
        version = self.draft_scheme([(0, "percent", 10)], **self.rebate_values(max_per_distributor=20.0, date_from="2026-02-01"))
        version._write_life({"code": first.code, "version": 2})
        version.with_user(self.approver).action_approve()
        self.bill({self.tea: 150}, "2026-02-10")
        for scheme in first | version:
            scheme._accrue(FEB)
        self.assertEqual((self.amounts(first), self.amounts(version)), ([15.0], [5.0]))
        self.assertEqual(self.rows_of(version).cap, "max_per_distributor")

    def test_next_version_takes_over_the_documents_of_its_days_once(self):
        first = self.create_rebate()
        move = self.bill({self.tea: 150}, "2026-02-10")
        self.bill({self.tea: 50}, "2026-01-10")
        first._accrue(FEB)
        version = self.draft_scheme([(0, "percent", 20)], **self.rebate_values(date_from="2026-02-01"))
        version._write_life({"code": first.code, "version": 2})
        version.with_user(self.approver).action_approve()
        version._accrue(FEB)
        self.assertFalse(self.rows_of(version), "the first version holds the document still")
        first._accrue_versions()
        self.assertEqual((sum(self.amounts(first)), sum(self.amounts(version))), (5.0, 30.0))
        live = self.env["dms.scheme.accrual.line"].search(
            [("move_line_id", "in", move.invoice_line_ids.ids), ("removed_accrual_id", "=", False)]
        )
        self.assertEqual(live.scheme_id, version)
        self.assertSettled(first | version)

    def test_repeat_and_unit_amount(self):
        lump = self.create_rebate([{"threshold": 100, "benefit": "lump_amount", "value": 7, "repeat_every": 100, "max_times": 3}])
        unit = self.create_rebate([(5, "unit_amount", 0.5)], basis="quantity")
        price = self.create_rebate([(5, "net_price", 9)], basis="quantity", product_ids=self.tea)
        self.bill({self.tea: (25, 10)}, "2026-01-10")
        for scheme, amount in ((lump, 14.0), (unit, 12.5), (price, 25.0)):
            scheme._accrue(JAN)
            self.assertEqual(self.amounts(scheme), [amount])

    def test_growth_is_measured_against_a_frozen_baseline(self):
        self.bill({self.tea: 1000}, "2025-02-10", self.alpha)
        old = self.bill({self.tea: 500}, "2025-02-10", self.beta)
        scheme = self.create_rebate([(10, "percent", 2), (20, "percent", 5)], basis="growth")
        self.assertEqual(
            dict(scheme.baseline_ids.mapped(lambda row: (row.distributor_id, row.amount))), {self.alpha: 1000.0, self.beta: 500.0}
        )
        old.button_draft()
        self.bill({self.tea: 1150}, "2026-01-10", self.alpha)
        self.bill({self.tea: 600}, "2026-01-10", self.beta)
        scheme._accrue(JAN)
        self.assertEqual((self.amounts(scheme), self.amounts(scheme, self.beta)), ([23.0], [30.0]))

    def test_growth_without_baseline_earns_nothing(self):
        scheme = self.create_rebate([(0, "percent", 2)], basis="growth")
        self.bill({self.tea: 1150}, "2026-01-10")
        scheme._accrue(JAN)
        self.assertEqual(self.amounts(scheme), [0.0])

    def test_closed_scheme_counts_up_to_its_last_day_only(self):
        scheme = self.create_rebate(**self.around_today())
        today = self.company._dms_today()
        self.bill({self.tea: 100}, today)
        scheme.with_user(self.approver).action_close()
        self.assertEqual(sum(self.amounts(scheme)), 10.0, "the final accrual")
        self.bill({self.tea: 100}, today + timedelta(days=40))
        scheme._accrue(today + timedelta(days=45))
        self.assertEqual(sum(self.amounts(scheme)), 10.0)
        self.assertSettled(scheme)

    def test_locked_month_is_booked_on_the_first_open_day(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 100}, "2026-01-10")
        self.company.sudo().fiscalyear_lock_date = JAN
        scheme._accrue(JAN)
        self.assertEqual(str(self.rows_of(scheme).move_id.date), "2026-02-01")
        self.assertSettled(scheme)

    def test_queries_do_not_grow_with_distributors(self):
        counts = []
        for number in (2, 14):
            product = self.create_product(f"P{number}", f"T-P{number}", 10.0)
            scheme = self.create_rebate(product_ids=product)
            for place in range(number):
                self.bill({product: 100}, "2026-01-10", self.create_distributor(f"D{number}-{place}"))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            scheme._accrue(JAN)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.rows_of(scheme).filtered("move_id")), number)
        self.assertLessEqual(counts[1] - counts[0], 5, counts)

    def test_scheme_that_cannot_be_booked_keeps_no_other_from_its_turn(self):
        broken = self.create_rebate(**self.around_today())
        good = self.create_rebate(**self.around_today())
        self.bill({self.tea: 100}, self.company._dms_today())
        broken.expense_account_id.sudo().active = False
        good._write_life(
            {
                "expense_account_id": self.env["account.account"]
                .create({"name": "T", "code": "TEXP01", "account_type": "expense", "company_ids": [Command.set(self.company.ids)]})
                .id
            }
        )
        self.env["dms.scheme"]._cron_dms_accrue_schemes()
        self.assertEqual(sum(self.amounts(good)), 10.0)
        self.assertFalse(self.rows_of(broken))
        self.assertTrue(broken.activity_ids)


@tagged("post_install", "-at_install")
class TestOffInvoiceOrders(PeriodCommon):
    """Off-invoice schemes of orders are accrued as they are invoiced."""

    def test_benefit_is_accrued_in_proportion_to_what_is_invoiced(self):
        scheme = self.create_scheme([(0, "percent", 10)], timing="off_invoice")
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 100.0)
        scheme._accrue()
        self.assertFalse(self.rows_of(scheme))
        self.deliver(order, {self.tea: 4})
        self.invoice(order)
        scheme._accrue()
        self.assertEqual(self.amounts(scheme), [4.0])
        self.deliver(order)
        invoice = self.invoice(order)
        scheme._accrue()
        scheme._accrue()
        self.assertEqual(self.amounts(scheme), [10.0])
        self.assertEqual(self.rows_of(scheme).base_amount, 100.0)
        invoice._reverse_moves(cancel=True)
        scheme._accrue()
        self.assertEqual(self.amounts(scheme), [4.0])
        self.assertSettled(scheme)
