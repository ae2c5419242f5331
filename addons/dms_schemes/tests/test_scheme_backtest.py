from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_schemes.models import backtest_orders, dms_scheme_backtest

from .common import DmsSchemesCommon

#: what a back-test may add rows to
OWN_TABLES = {"dms_scheme_backtest", "dms_scheme_backtest_slab", "dms_scheme_backtest_distributor", "dms_scheme_backtest_order"}


class BacktestCommon(DmsSchemesCommon):
    """Orders that were confirmed, and nothing else, to run schemes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dms_duplicate_minutes = 0
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE sale_order SET state = 'cancel'")  # none but those of these tests is looked at
        cls.env.invalidate_all()

    def confirm(self, partner=None, lines=None, **values):
        order = self.create_order(partner, lines, **values)
        order.action_confirm()
        self.assertEqual(order.state, "sale", order.dms_hold_ids.mapped("message"))
        return order

    def run_test(self, scheme, mode=None, **values):
        """The result of the button, pressed by the author."""
        self.env.flush_all()
        action = scheme.with_user(self.author).action_backtest(mode=mode, **values)
        return self.env[action["res_model"]].browse(action["res_id"])

    def assertReplays(self, scheme):
        """What is computed is what was booked, order by order."""
        test = self.run_test(scheme)
        self.assertEqual((test.mode, test.state, test.different_count), ("replay", "done", 0), test.order_line_ids.read())
        self.assertAlmostEqual(test.benefit_amount, test.booked_amount, places=6)
        for line in test.order_line_ids:
            self.assertAlmostEqual(line.benefit_amount, line.booked_amount, places=6)
        return test


@tagged("post_install", "-at_install")
class TestSchemeBacktest(BacktestCommon):
    """A scheme on past orders: what it would have cost, and what it did cost."""

    # ------------------------------------------------------------ a draft

    def test_draft_shows_its_cost_and_who_gains(self):
        self.confirm(lines={self.tea: 10, self.coffee: 2})
        self.confirm(self.beta, {self.tea: 30})
        self.confirm(self.beta, {self.tea: 5})
        self.confirm(self.beta, {self.syrup: 50})
        scheme = self.draft_scheme([(10, "percent", 10), (20, "percent", 20)], product_ids=self.tea)
        test = self.run_test(scheme)
        self.assertEqual((test.state, test.mode, test.order_count, test.line_count), ("done", "running", 4, 5))
        self.assertEqual((test.touched_count, test.near_count, test.distributor_count), (2, 1, 2))
        self.assertEqual((test.benefit_amount, test.turnover_amount), (10.0 + 60.0, 150.0 + 300.0))
        self.assertAlmostEqual(test.cost_percent, 100 * 70 / 450)
        self.assertEqual(test.distributor_line_ids.mapped("distributor_id"), self.beta | self.alpha)
        self.assertEqual(test.distributor_line_ids.mapped("benefit_amount"), [60.0, 10.0])
        self.assertEqual([(line.slab_id.threshold, line.order_count) for line in test.slab_line_ids], [(10.0, 1), (20.0, 1)])
        self.assertEqual(sorted(test.order_line_ids.mapped("base_qty")), [10.0, 30.0])

    def test_dates_of_a_draft_do_not_matter(self):
        self.confirm(lines={self.tea: 10})
        future = date.today() + timedelta(days=30)
        scheme = self.draft_scheme([(10, "percent", 10)], date_from=future)
        self.assertEqual(self.run_test(scheme).benefit_amount, 10.0)

    def test_only_confirmed_orders_of_distributors_of_the_period_count(self):
        self.create_order(lines={self.tea: 10})
        self.confirm(self.customer, {self.tea: 10})
        late = self.confirm(lines={self.tea: 10})
        cancelled = self.confirm(lines={self.tea: 10})
        cancelled.action_dms_request_cancel("wrong")
        scheme = self.draft_scheme([(0, "percent", 10)])
        self.assertEqual(self.run_test(scheme).order_count, 1)
        late.date_order -= timedelta(days=10)
        late.scheme_date = False
        self.assertEqual(self.run_test(scheme, date_from=date.today() - timedelta(days=5)).order_count, 0)
        day = date.today() - timedelta(days=10)
        self.assertEqual(self.run_test(scheme, date_from=day, date_to=day).order_count, 1)

    def test_what_does_not_qualify_is_left_out(self):
        order = self.create_order(lines={self.tea: 10, self.coffee: 10})
        order.order_line[0].price_unit = 9.0
        order.order_line[1].discount = 5.0
        service = self.create_product("Freight", "T-FRE", 5.0, type="service", is_storable=False)
        order.order_line = [
            Command.create({"product_id": service.id, "product_uom_qty": 1}),
            Command.create({"display_type": "line_note", "name": "x"}),
        ]
        order.action_confirm()
        test = self.run_test(self.draft_scheme([(0, "percent", 10)]))
        self.assertEqual((test.order_count, test.line_count, test.benefit_amount), (1, 3, 0.0))

    def test_discounts_the_price_list_shows_are_no_manual_price(self):
        self.env.ref("base.group_user").implied_ids |= self.env.ref("sale.group_discount_per_so_line")
        self.env["product.pricelist.item"].create(
            {"pricelist_id": self.pricelist.id, "compute_price": "percentage", "percent_price": 10, "applied_on": "3_global"}
        )
        self.confirm(lines={self.tea: 10})
        by_hand = self.create_order(lines={self.tea: 10})
        by_hand.order_line.discount = 20.0
        by_hand.action_confirm()
        test = self.run_test(self.draft_scheme([(0, "percent", 10)]))
        self.assertEqual((test.line_count, test.benefit_amount), (2, 9.0))

    def test_units_and_currencies_are_those_of_the_order(self):
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "JPY")])
        currency.active = True
        currency.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 150.0, "company_id": self.company.id})]
        yen = self.env["product.pricelist"].create({"name": "Yen", "currency_id": currency.id, "company_id": False})
        self.distributor_class.pricelist_id = yen
        order = self.create_order(lines={self.tea: 1})
        order.order_line.product_uom_id = self.case
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 12 * 10 * 150)
        test = self.run_test(self.draft_scheme([(12, "percent", 10)]))
        self.assertEqual((test.order_line_ids.base_qty, test.benefit_amount, test.turnover_amount), (12.0, 12.0, 120.0))

    def test_free_goods_are_counted_at_full_price(self):
        self.confirm(lines={self.tea: 25})
        test = self.run_test(self.draft_scheme([self.free_slab(10, 1, every=10, product=self.coffee)]))
        self.assertEqual((test.benefit_amount, test.free_amount, test.order_line_ids.free_qty), (50.0, 50.0, 2.0))

    def test_alone_leaves_the_schemes_of_that_time_out(self):
        self.create_scheme([(0, "percent", 50)], sequence=1, stacking="exclusive")
        self.confirm(lines={self.tea: 10})
        scheme = self.draft_scheme([(0, "percent", 10)])
        beside = self.run_test(scheme)
        self.assertEqual((beside.benefit_amount, beside.other_amount, beside.other_booked_amount), (0.0, 50.0, 50.0))
        self.assertEqual(self.run_test(scheme, "alone").benefit_amount, 10.0)

    def test_next_version_takes_the_place_of_the_one_before(self):
        first = self.create_scheme([(0, "percent", 10)])
        self.confirm(lines={self.tea: 10})
        second = self.env["dms.scheme"].browse(first.with_user(self.author).action_new_version()["res_id"])
        second.with_user(self.author).slab_ids.value = 30
        test = self.run_test(second)
        self.assertEqual((test.benefit_amount, test.other_amount), (30.0, 0.0))

    def test_budget_of_a_draft_goes_to_the_orders_confirmed_first(self):
        first, second, third = (self.confirm(partner, {self.tea: 10}) for partner in (self.beta, self.alpha, self.alpha))
        second.date_order = first.date_order - timedelta(days=1)
        second.scheme_date = False
        scheme = self.draft_scheme([(0, "percent", 10)], budget_amount=15.0)
        test = self.run_test(scheme)
        self.assertEqual((test.benefit_amount, test.touched_count, test.cut_count), (15.0, 2, 1))
        self.assertEqual({line.order_id: line.benefit_amount for line in test.order_line_ids}, {second: 10.0, first: 5.0})
        self.assertEqual(test.order_line_ids.filtered("cap").order_id, first)
        self.assertFalse(third in test.order_line_ids.order_id)
        scheme.with_user(self.author).write({"budget_amount": 0, "max_per_distributor": 12.0})
        self.assertEqual(self.run_test(scheme).benefit_amount, 12.0 + 10.0)

    # ------------------------------------------------------------ no trace

    def test_nothing_but_its_own_rows_is_written(self):
        self.create_scheme([(0, "percent", 5)])
        self.confirm(lines={self.tea: 10})
        self.create_order(lines={self.tea: 10})
        scheme = self.draft_scheme([(0, "percent", 10), self._slab_values(30, "lump_amount", 5)], budget_amount=5.0)
        gift = self.draft_scheme([self.free_slab(5, 1, product=self.coffee)])
        before = self.fingerprints()
        for draft in (scheme, gift):
            for mode in ("alone", "running"):
                self.run_test(draft, mode)
        self.assertEqual(self.fingerprints(), before)

    def fingerprints(self):
        """What every table but the back-test's own holds."""
        self.env.flush_all()
        self.env.cr.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
        tables = sorted({name for (name,) in self.env.cr.fetchall()} - OWN_TABLES)
        found = {}
        for table in tables:
            self.env.cr.execute(f"SELECT COUNT(*), md5(string_agg(md5(row::text), '' ORDER BY row::text)) FROM \"{table}\" row")  # noqa: S608
            found[table] = self.env.cr.fetchone()
        return found

    def test_second_run_replaces_the_first(self):
        self.confirm(lines={self.tea: 10})
        test = self.run_test(self.draft_scheme([(0, "percent", 10)]))
        self.confirm(self.beta, {self.tea: 10})
        test.with_user(self.author).action_run()
        self.assertEqual((test.benefit_amount, len(test.order_line_ids), len(test.distributor_line_ids)), (20.0, 2, 2))

    # ------------------------------------------------------------ replay

    def test_replay_gives_what_was_booked(self):
        line = self.create_scheme([(5, "percent", 7.3)])
        gift = self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        basket = self.create_scheme([(100, "lump_amount", 9.99)], basis="amount", scope="basket")
        self.confirm(lines={self.tea: 25, self.coffee: 3})
        self.confirm(self.beta, {self.tea: 7, self.syrup: 9})
        self.confirm(self.beta, {self.coffee: 1})
        for scheme in (line, gift, basket):
            test = self.assertReplays(scheme)
            self.assertTrue(test.touched_count)
        self.assertEqual(self.run_test(gift).free_amount, 20.0)

    def test_replay_keeps_the_budget_as_it_was_at_each_confirmation(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=25.0, max_per_distributor=18.0)
        self.confirm(lines={self.tea: 10})
        second = self.confirm(lines={self.tea: 10})
        self.assertEqual(second.scheme_discount_total, 8.0)
        third = self.confirm(self.beta, {self.tea: 10})
        self.assertEqual(third.scheme_discount_total, 7.0)
        test = self.assertReplays(scheme)
        self.assertEqual((test.benefit_amount, test.cut_count), (25.0, 2))
        second.action_dms_request_cancel("what it took is free again, for later orders only")
        test = self.assertReplays(scheme)
        self.assertEqual((test.benefit_amount, test.touched_count), (17.0, 2))

    def test_replay_follows_amendments_returns_and_invoices(self):
        scheme = self.create_scheme([(10, "percent", 10), (30, "percent", 20)], budget_amount=100.0)
        order = self.confirm(lines={self.tea: 10})
        order.action_dms_amend([{"line_id": order.order_line.id, "product_id": self.tea.id, "quantity": 40}])
        self.assertEqual(order.scheme_discount_total, 80.0)
        other = self.confirm(self.beta, {self.tea: 30})
        self.assertEqual(other.scheme_discount_total, 20.0)
        self.deliver(order)
        self.invoice(order)._reverse_moves(cancel=True)
        self.assertEqual(self.assertReplays(scheme).benefit_amount, 100.0)

    def test_replay_uses_the_versions_orders_were_pinned_to(self):
        first = self.create_scheme([(0, "percent", 10)])
        self.confirm(lines={self.tea: 10})
        second = self.env["dms.scheme"].browse(first.with_user(self.author).action_new_version()["res_id"])
        second.with_user(self.author).slab_ids.value = 30
        second.with_user(self.approver).action_approve()
        self.confirm(lines={self.tea: 10})
        second.with_user(self.approver).action_close()
        self.confirm(lines={self.tea: 10})
        for scheme, cost in ((first, 10.0), (second, 30.0)):
            test = self.run_test(scheme, "replay", date_from=date.today() - timedelta(days=1), date_to=date.today())
            self.assertEqual((test.benefit_amount, test.booked_amount, test.different_count, test.touched_count), (cost, cost, 0, 1))

    def test_replay_with_taxes_included_and_another_price_later(self):
        tax = self.tax.copy({"price_include_override": "tax_included", "amount": 19.0, "amount_type": "percent", "name": "T incl"})
        product = self.create_product("Juice", "T-JUI", 1.99, taxes_id=[Command.set(tax.ids)])
        money = self.create_scheme([(0, "percent", 3.7)])
        gift = self.create_scheme([self.free_slab(10, 1, every=10)])
        for quantity in (7, 13, 29):
            self.confirm(lines={product: quantity})
        product.list_price = 5.0
        for scheme in (money, gift):
            self.assertReplays(scheme)

    def test_ledger_that_was_tampered_with_is_found(self):
        scheme = self.create_scheme([(0, "percent", 10)])
        order = self.confirm(lines={self.tea: 10})
        self.env.flush_all()
        self.env.cr.execute("UPDATE dms_scheme_application SET benefit_amount = 9 WHERE order_id = %s", [order.id])
        test = self.run_test(scheme)
        self.assertEqual((test.different_count, test.order_line_ids.differs), (1, True))

    # ------------------------------------------------------------ large, and refused

    def test_chunks_add_up(self):
        for partner in (self.alpha, self.beta, self.alpha, self.beta, self.alpha):
            self.confirm(partner, {self.tea: 10})
        scheme = self.draft_scheme([(0, "percent", 10)], budget_amount=42.0)
        with patch.object(backtest_orders, "CHUNK", 2):
            test = self.run_test(scheme)
        self.assertEqual((test.order_count, test.touched_count, test.benefit_amount), (5, 5, 42.0))

    def test_many_lines_are_run_in_the_background(self):
        self.confirm(lines={self.tea: 10})
        scheme = self.draft_scheme([(0, "percent", 10)])
        with patch.object(dms_scheme_backtest, "DIRECT_LINES", 0):
            test = self.run_test(scheme)
        self.assertEqual((test.state, test.benefit_amount), ("waiting", 0.0))
        self.env["dms.scheme.backtest"]._cron_run()
        self.assertEqual((test.state, test.progress, test.benefit_amount), ("done", 100.0, 10.0))

    def test_interrupted_run_starts_again_and_one_that_fails_says_why(self):
        self.confirm(lines={self.tea: 10})
        scheme = self.draft_scheme([(0, "percent", 10)])
        test = self.run_test(scheme)
        test.write({"state": "running", "progress": 50.0})
        self.env["dms.scheme.backtest"]._cron_run()
        self.assertEqual((test.state, test.benefit_amount), ("done", 10.0))
        test.state = "waiting"
        scheme.slab_ids.unlink()
        self.env["dms.scheme.backtest"]._cron_run()
        self.assertEqual(test.state, "failed")
        self.assertIn("no slab", test.message)

    def test_what_cannot_be_run_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "no slab"):
            self.run_test(self.draft_scheme([]))
        with self.assertRaisesRegex(UserError, "over a period"):
            self.run_test(self.draft_scheme([(0, "percent", 1)], scope="period", timing="off_invoice"))
        with self.assertRaisesRegex(UserError, "never run"):
            self.run_test(self.draft_scheme([(0, "percent", 1)]), "replay")

    def test_period_without_orders_is_empty(self):
        day = date(2001, 1, 1)
        test = self.run_test(self.draft_scheme([(0, "percent", 1)], budget_amount=1.0), date_from=day, date_to=day)
        self.assertEqual((test.state, test.order_count, test.benefit_amount), ("done", 0, 0.0))

    def test_other_companies_orders_are_not_read(self):
        other = self.env["res.company"].create({"name": "T Other"})
        self.confirm(lines={self.tea: 10})
        scheme = self.env["dms.scheme"].create(
            {"name": "Other", "code": "OTHER", "company_id": other.id, "slab_ids": [Command.create({"value": 10})]}
        )
        test = self.env["dms.scheme.backtest"].create({"scheme_id": scheme.id, "date_from": "2000-01-01", "date_to": "2100-01-01"})
        test._run()
        self.assertEqual(test.order_count, 0)

    # ------------------------------------------------------------ who

    def test_only_scheme_managers_run_and_read(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        test = self.run_test(scheme)
        for user in (self.desk, self.manager, self.area_manager, self.salesperson, self.employee, self.alpha_user):
            with self.subTest(user.login):
                for call in (
                    lambda user=user: scheme.with_user(user).action_backtest(),
                    lambda user=user: test.with_user(user).action_run(),
                    lambda user=user: test.with_user(user).action_open_orders(),
                    lambda user=user: test.with_user(user).read(["benefit_amount"]),
                    lambda user=user: test.order_line_ids.browse().with_user(user).search([]),
                ):
                    with self.assertRaises(AccessError):
                        call()

    def test_figures_are_not_entered(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        tests = self.env["dms.scheme.backtest"].with_user(self.author)
        given = {"scheme_id": scheme.id, "date_from": "2025-01-01", "date_to": "2025-01-31"}
        for forged in ({"state": "done"}, {"benefit_amount": 5.0}, {"order_line_ids": [Command.create({})]}):
            with self.assertRaises(AccessError):
                tests.create({**given, **forged})
        test = tests.with_context(default_state="done", default_benefit_amount=5.0).create(given)
        self.assertEqual((test.state, test.benefit_amount), ("draft", 0.0))
        with self.assertRaises(AccessError):
            test.write({"benefit_amount": 5.0})
        with self.assertRaises(UserError):
            test.write({"scheme_id": self.draft_scheme([(0, "percent", 1)]).id})
