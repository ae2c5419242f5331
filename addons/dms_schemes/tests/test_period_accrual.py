from odoo.fields import Command
from odoo.tests import tagged

from .period_common import APR, FEB, GOLDEN, JAN, MAR, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodBase(PeriodCommon):
    """What counts towards a period scheme."""

    def base(self, scheme, partner=None, day=MAR):
        scheme._accrue(day)
        rows = self.rows_of(scheme, partner or self.alpha)
        return sum(rows.mapped("base_amount")), sum(rows.mapped("base_qty"))

    def test_posted_invoices_less_credit_notes_inside_the_dates(self):
        scheme = self.create_rebate()
        self.bill({self.tea: (10, 10)}, "2026-01-01")
        self.bill({self.tea: (5, 10)}, "2026-03-31")
        self.credit({self.tea: (2, 10)}, "2026-02-10")
        self.bill({self.tea: (1, 7)}, "2025-12-31")
        self.bill({self.tea: (1, 7)}, "2026-04-01")
        self.bill({self.tea: (1, 7)}, "2026-02-01", post=False)
        self.assertEqual(self.base(scheme, day=APR), (130.0, 13.0))

    def test_products_and_categories_are_one_list(self):
        scheme = self.create_rebate(product_ids=self.tea, categ_ids=self.medicine)
        self.bill({self.tea: 10, self.coffee: 100, self.syrup: 1000}, "2026-02-01")
        self.assertEqual(self.base(scheme), (1010.0, 2.0))

    def test_quantity_is_in_the_products_own_unit(self):
        scheme = self.create_rebate([(20, "percent", 10)], basis="quantity")
        move = self.bill({self.tea: (2, 120)}, "2026-02-01", post=False)
        move.invoice_line_ids.product_uom_id = self.case
        move.invoice_line_ids.price_unit = 120
        move.action_post()
        self.assertEqual(self.base(scheme), (240.0, 24.0))
        self.assertEqual(self.amounts(scheme), [24.0])

    def test_free_lines_services_and_down_payments_do_not_count(self):
        service = self.create_product("Training", "T-SRV", 50.0, type="service", is_storable=False)
        scheme = self.create_rebate()
        move = self.bill({self.tea: 10, self.coffee: 20, self.syrup: 40, service: 50}, "2026-02-01", post=False)
        tea, coffee, _syrup, _service = move.invoice_line_ids
        tea.is_scheme_free = True
        coffee.is_downpayment = True
        move.action_post()
        self.assertEqual(self.base(scheme), (40.0, 1.0))

    def test_net_of_on_invoice_schemes_and_untaxed(self):
        self.create_scheme([(0, "percent", 10)])
        scheme = self.create_rebate(date_to="2026-12-31")
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        self.deliver(order)
        self.invoice(order)
        scheme._accrue()
        self.assertEqual(sum(self.rows_of(scheme, self.alpha).mapped("base_amount")), 90.0)

    def test_contact_of_a_distributor_counts_for_it(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 70}, "2026-02-01", self.alpha_user.partner_id)
        self.assertEqual(self.base(scheme), (70.0, 1.0))

    def test_customer_who_is_no_distributor_earns_nothing(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 70}, "2026-02-01", self.customer)
        scheme._accrue(MAR)
        self.assertFalse(self.rows_of(scheme))

    def test_other_currency_counts_at_the_documents_rate(self):
        currency = self.env["res.currency"].create({"name": "TFC", "symbol": "T$", "rounding": 0.01})
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2026-01-01", "rate": 4.0, "company_id": self.company.id})
        scheme = self.create_rebate()
        self.bill({self.tea: 100}, "2026-02-01", currency_id=currency.id)
        self.assertEqual(self.base(scheme), (25.0, 1.0))
        self.assertEqual(self.amounts(scheme), [2.5])

    def test_eligibility_by_each_list(self):
        tag = self.env["res.partner.category"].create({"name": "T tag"})
        self.beta.category_id = tag
        other = self.env["dms.distributor.class"].create({"name": "Silver", "code": "T-SIL", "pricelist_id": self.pricelist.id})
        cases = [
            ({"distributor_ids": self.beta}, [self.beta]),
            ({"territory_ids": self.region}, [self.alpha]),
            ({"territory_ids": self.south}, [self.beta]),
            ({"tag_ids": tag}, [self.beta]),
            ({"class_ids": self.distributor_class}, [self.alpha, self.beta]),
            ({"class_ids": other}, []),
            ({"class_ids": self.distributor_class, "territory_ids": self.south}, [self.beta]),
        ]
        self.bill({self.tea: 100}, "2026-02-01", self.alpha)
        self.bill({self.tea: 100}, "2026-02-01", self.beta)
        for values, winners in cases:
            scheme = self.create_rebate(**values)
            scheme._accrue(MAR)
            self.assertEqual(set(self.rows_of(scheme).distributor_id), set(winners), values)

    def test_move_to_another_territory_changes_no_past_figure(self):
        scheme = self.create_rebate(territory_ids=self.region)
        self.bill({self.tea: 100}, "2026-01-10")
        scheme._accrue(JAN)
        self.alpha.territory_id = self.south
        self.bill({self.tea: 100}, "2026-02-10")
        scheme._accrue(FEB)
        self.assertEqual(self.amounts(scheme), [10.0])

    def test_territory_is_that_of_the_order(self):
        scheme = self.create_rebate(territory_ids=self.region, date_to="2026-12-31")
        order = self.create_order()
        order.action_confirm()
        self.alpha.territory_id = self.south
        self.deliver(order)
        self.invoice(order)
        scheme._accrue()
        self.assertEqual(sum(self.rows_of(scheme).mapped("base_amount")), 100.0)

    def test_other_company_is_left_alone(self):
        other = self.env["res.company"].create({"name": "T Other"})
        scheme = self.create_rebate()
        self.bill({self.tea: 100}, "2026-02-01")
        scheme._accrue(MAR)
        self.assertEqual(self.rows_of(scheme).company_id, self.company)
        self.assertFalse(self.env["dms.scheme.accrual"].search([("company_id", "=", other.id)]))

    def test_each_document_line_is_used_once(self):
        scheme = self.create_rebate()
        move = self.bill({self.tea: 10, self.coffee: 20}, "2026-01-10")
        for day in (JAN, JAN, FEB, MAR):
            scheme._accrue(day)
        sources = self.rows_of(scheme).line_ids
        self.assertEqual(sources.move_line_id, move.invoice_line_ids)
        self.assertEqual(len(sources), 2)
        self.assertEqual(sorted(sources.mapped("amount")), [10.0, 20.0])


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
        scheme = self.create_rebate(date_to="2027-03-31", date_from="2026-11-01")
        today = self.company._dms_today()
        self.bill({self.tea: 100}, today)
        scheme.with_user(self.approver).action_close()
        self.assertEqual(self.amounts(scheme), [10.0], "the final accrual")
        self.bill({self.tea: 100}, today.replace(year=today.year + 1, month=1))
        scheme._accrue(today.replace(year=today.year + 1, month=2))
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
        broken = self.create_rebate(date_to="2026-12-31")
        good = self.create_rebate(date_to="2026-12-31")
        self.bill({self.tea: 100}, "2026-11-10")
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
