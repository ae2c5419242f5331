from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TABLES, ReportsCommon

JUNE, JULY = (date(2026, 6, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 7, 31))


@tagged("post_install", "-at_install")
class TestGrain(ReportsCommon):
    def grain(self, domain=(), groupby=(), aggregates=("net_amount:sum",)):
        return self.facts._get_grain(domain, groupby, aggregates)._name.rpartition(".")[2]

    def test_question_without_days_and_products_is_answered_by_months(self):
        cases = [
            ("area", [], [], ["net_amount:sum"]),
            ("area", [], ["date:month", "territory_id", "categ_id"], ["net_amount:sum", "__count"]),
            ("area", [("territory_id", "child_of", 1), ("categ_id", "child_of", 1)], ["territory_2_id"], ["net_amount:sum"]),
            ("month", [], ["distributor_class_id"], ["net_amount:sum"]),
            ("month", [], ["date:quarter"], ["distributor_id:count_distinct"]),
            ("month", [("date", ">=", JUNE[0]), ("date", "<=", JUNE[1])], ["distributor_id"], ["net_amount:sum"]),
            ("area", [("date", ">=", "2026-06-01"), ("date", "<", "2026-07-01")], [], ["net_amount:sum"]),
            ("month", [("territory_id", "child_of", 1), ("distributor_class_id", "=", 3)], ["territory_1_id"], ["net_amount:sum"]),
            ("area", ["|", ("user_id", "=", 1), "!", ("order_channel", "=", "portal")], [], ["net_amount:sum"]),
            ("fact", [], ["date:day"], ["net_amount:sum"]),
            ("fact", [], ["date:week"], ["net_amount:sum"]),
            ("fact", [], ["date"], ["net_amount:sum"]),
            ("fact", [], ["product_id"], ["net_amount:sum"]),
            ("fact", [], [], ["product_id:count_distinct"]),
            ("fact", [], [], ["id:recordset"]),
            ("fact", [], ["territory_id"], ["net_amount:avg"]),
            ("fact", [], ["territory_id"], ["net_amount:max"]),
            ("fact", [("date", ">=", "2026-06-02")], [], ["net_amount:sum"]),
            ("fact", [("date", "<=", "2026-06-29")], [], ["net_amount:sum"]),
            ("fact", [("date", "=", JUNE[0])], [], ["net_amount:sum"]),
            ("fact", [("product_id.default_code", "=", "T-TEA")], [], ["net_amount:sum"]),
            ("fact", [("net_amount", ">", 100)], [], ["net_amount:sum"]),
            ("fact", [("date", "!=", False), ("id", "in", [1])], [], ["net_amount:sum"]),
        ]
        for expected, *question in cases:
            with self.subTest(question=question):
                self.assertEqual(self.grain(*question), expected)

    def work(self):
        for distributor, product, day in (
            (self.alpha, self.tea, JUNE[0]),
            (self.alpha, self.syrup, JUNE[1]),
            (self.beta, self.tea, JULY[0]),
        ):
            self.direct_invoice(distributor, product, 3, invoice_date=day)
            self.direct_invoice(distributor, product, 1, invoice_date=day)

    def test_months_of_territories_answer_the_same_folded_or_not(self):
        self.work()
        self.upkeep._fold(100_000)
        others = self.facts._read_group([], ["territory_id", "date:month"], ["net_amount:sum", "__count"])
        self.direct_invoice(self.alpha, self.tea, 5, invoice_date=JUNE[0])
        before = self.facts._read_group([], ["territory_id", "date:month"], ["net_amount:sum", "__count"])
        self.assertNotEqual(before, others)
        days = self.facts._read_group([("product_id", "!=", -1)], ["territory_id", "date:month"], ["net_amount:sum", "__count"])
        self.assertEqual(before, days)
        self.fold()
        self.assertEqual(self.facts._read_group([], ["territory_id", "date:month"], ["net_amount:sum", "__count"]), days)

    def ask(self, facts, groupby, aggregates=("net_amount:sum", "invoiced_qty:sum", "distributor_id:count_distinct", "__count")):
        domain = [("distributor_id", "in", (self.alpha | self.beta).ids), ("date", ">=", JUNE[0]), ("date", "<=", JULY[1])]
        return facts._read_group(domain, groupby, aggregates)

    def test_months_and_days_answer_the_same_folded_or_not(self):
        self.work()
        wide = (["date:month"], ["categ_id", "date:quarter"], ["territory_id"], ["territory_1_id"], ["distributor_class_id"], [])
        for state in ("stale", "folded", "partly stale"):
            if state == "folded":
                self.fold()
            if state == "partly stale":
                self.direct_invoice(self.alpha, self.coffee, 2, invoice_date=JUNE[0])
            for groupby in wide:
                with self.subTest(state=state, groupby=groupby):
                    self.assertEqual(self.ask(self.facts, groupby), self.ask_days(groupby))

    def ask_days(self, groupby):
        """The same, in a way that months cannot answer: with the product in the domain."""
        domain = [("distributor_id", "in", (self.alpha | self.beta).ids), ("date", ">=", JUNE[0]), ("date", "<=", JULY[1])]
        domain += [("product_id", "!=", -1)]
        self.assertEqual(self.grain(domain), "fact")
        return self.facts._read_group(domain, groupby, ["net_amount:sum", "invoiced_qty:sum", "distributor_id:count_distinct", "__count"])

    def test_grouping_sets_are_answered_by_months_too(self):
        self.work()
        sets = [["territory_id", "date:month"], ["territory_id"], []]
        domain = [("distributor_id", "in", (self.alpha | self.beta).ids)]
        groups = self.facts.formatted_read_grouping_sets(domain, sets, ["net_amount:sum"])
        self.assertEqual([group["net_amount:sum"] for group in groups[2]], [120])
        self.assertEqual(sum(group["net_amount:sum"] for group in groups[0]), 120)
        self.assertEqual(len(groups[1]), 2)

    def test_category_changed_moves_the_past(self):
        self.work()
        self.fold()
        self.tea.categ_id = self.medicine
        self.assertEqual(self.ask(self.facts, ["categ_id"]), self.ask_days(["categ_id"]))
        self.assertEqual([group[0] for group in self.ask(self.facts, ["categ_id"])], [self.medicine])
        self.assertFolded()

    def test_territory_moved_counts_where_it_is_now(self):
        self.work()
        self.fold()
        self.area_a.parent_id = self.south
        groups = {group[0]: group[1] for group in self.ask(self.facts, ["territory_1_id"])}
        self.assertEqual(groups, {self.south: 120})
        self.assertFolded()

    def test_archived_product_and_distributor_keep_their_figures(self):
        self.work()
        self.tea.active = False
        self.beta.active = False
        self.assertEqual({group[0]: group[1] for group in self.ask(self.facts, ["distributor_id"])}, {self.alpha: 80, self.beta: 40})
        self.assertEqual({group[0]: group[1] for group in self.ask(self.facts, ["product_id"])}, {self.tea: 80, self.syrup: 40})

    def test_distributors_merged_have_their_figures_together(self):
        self.work()
        self.fold()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge([self.alpha.id, self.beta.id], self.alpha)
        self.assertEqual([(group[0], group[1]) for group in self.ask(self.facts, ["distributor_id"])], [(self.alpha, 120)])
        self.assertFolded()


@tagged("post_install", "-at_install")
class TestRebuild(ReportsCommon):
    def test_part_of_a_rebuild_leaves_the_rest(self):
        self.direct_invoice(self.alpha, self.tea, 3, invoice_date=JUNE[0])
        self.direct_invoice(self.beta, self.tea, 3, invoice_date=JUNE[0])
        self.direct_invoice(self.alpha, self.tea, 3, invoice_date=JULY[0])
        self.fold()
        right = self.stored(), self.stored("dms_sales_month")
        self.env.cr.execute("UPDATE dms_sales_fact SET net_amount = 7 WHERE distributor_id IN %s", [(self.alpha | self.beta)._ids])
        self.facts._rebuild(*JUNE, self.alpha)
        self.assertEqual(self.figures(date=JUNE[0])["net_amount"], 30)
        self.assertEqual(self.figures(date=JULY[0])["net_amount"], 7)
        self.assertEqual(self.figures(self.beta, date=JUNE[0])["net_amount"], 7)
        self.facts._rebuild()
        self.assertEqual((self.stored(), self.stored("dms_sales_month")), right)

    def test_period_that_ends_before_it_starts_is_refused(self):
        with self.assertRaisesRegex(UserError, "before it starts"):
            self.facts._rebuild(JUNE[1], JUNE[0])

    def test_rebuild_takes_in_what_was_not_folded(self):
        self.direct_invoice(self.alpha, self.tea, 3, invoice_date=JUNE[0])
        self.facts._rebuild(*JUNE)
        self.assertFalse(self.upkeep._has_stale())
        self.assertEqual(self.figures()["net_amount"], 30)

    def test_rebuild_in_the_background_goes_month_by_month(self):
        self.direct_invoice(self.alpha, self.tea, 3, invoice_date=JUNE[0])
        self.direct_invoice(self.alpha, self.tea, 3, invoice_date=JULY[1])
        self.fold()
        right = self.stored()
        self.env.cr.execute("UPDATE dms_sales_fact SET net_amount = 7 WHERE distributor_id = %s", [self.alpha.id])
        wizard = self.env["dms.sales.rebuild"].with_user(self.manager).create({"date_from": JUNE[0], "date_to": JULY[1]})
        wizard.action_request()
        wizard.action_request()
        upkeep = self.env.ref("dms_reports.sales_upkeep")
        self.assertEqual((upkeep.rebuild_next, upkeep.rebuild_last), (JUNE[0], JULY[1]))
        self.upkeep._cron_dms_rebuild()
        self.assertEqual((upkeep.rebuild_next, upkeep.rebuild_last), (False, False))
        self.assertEqual(self.stored(), right)

    def test_rebuild_that_makes_no_sense_is_refused(self):
        for period, words in (((JULY[0], JUNE[0]), "before it starts"), ((date(1999, 1, 1), date(1999, 2, 1)), "no documents")):
            wizard = self.env["dms.sales.rebuild"].with_user(self.manager).create({"date_from": period[0], "date_to": period[1]})
            with self.assertRaisesRegex(UserError, words):
                wizard.action_request()
        with self.assertRaises(AccessError):
            self.env["dms.sales.rebuild"].with_user(self.desk).create({})

    def test_rebuild_of_everything_gives_equal_rows(self):
        for distributor in (self.alpha, self.beta):
            self.invoice(self.sell({self.tea: 3}, distributor).sale_id, invoice_date=JUNE[0])
        self.fold()
        stored = [self.stored(table) for table in TABLES]
        self.facts._rebuild()
        self.assertEqual([self.stored(table) for table in TABLES], stored)

    def test_fold_is_done_in_batches(self):
        for number in range(5):
            self.direct_invoice(self.alpha, self.tea, 1, invoice_date=self.day(number))
        self.assertEqual([self.upkeep._fold(2) for _batch in range(4)], [2, 2, 1, 0])
        self.assertFolded()


@tagged("post_install", "-at_install")
class TestFactAccess(ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.area_a.manager_id = cls.area_manager
        cls.direct_invoice(cls.alpha, cls.tea, 3)
        cls.direct_invoice(cls.beta, cls.tea, 5)

    def test_area_manager_sees_his_territories_only(self):
        for state in ("stale", "folded"):
            if state == "folded":
                self.fold()
            for model in ("dms.sales.fact", "dms.sales.month"):
                with self.subTest(state=state, model=model):
                    rows = self.env[model].with_user(self.area_manager).search([])
                    self.assertEqual(rows.distributor_id, self.alpha)
            [[amount]] = self.facts.with_user(self.area_manager)._read_group([], [], ["net_amount:sum"])
            self.assertEqual(amount, 30)
            groups = self.facts.with_user(self.area_manager).formatted_read_grouping_sets([], [["distributor_id"], []], ["net_amount:sum"])
            self.assertEqual([group["net_amount:sum"] for group in groups[1]], [30])

    def test_others_see_nothing(self):
        for user in (self.employee, self.salesperson, self.alpha_user):
            for model in ("dms.sales.fact", "dms.sales.month", "dms.sales.area", "dms.sales.check", "dms.sales.upkeep"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([]).read()

    def test_nobody_writes_facts(self):
        for user in (self.desk, self.manager, self.area_manager):
            with self.assertRaises(AccessError):
                self.facts.with_user(user).create({"date": "2026-01-01"})
            with self.assertRaises(AccessError):
                self.facts.with_user(user).search([], limit=1).write({"net_amount": 1})
            with self.assertRaises(AccessError):
                self.facts.with_user(user).search([], limit=1).unlink()

    def test_whose_an_invoice_is_cannot_be_written(self):
        accountant = self.create_staff("t_accountant", "account.group_account_manager")
        invoice = self.direct_invoice(self.alpha, self.tea, 1)
        hostile = {"tracking_disable": True, "su": True, "dms_reports": True}
        for name in ("dms_distributor_id", "dms_territory_id"):
            with self.assertRaises(AccessError):
                invoice.with_user(accountant).with_context(**hostile).write({name: False})
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(accountant).create({"move_type": "out_invoice", "dms_distributor_id": self.beta.id})
        self.assertEqual(invoice.dms_distributor_id, self.alpha)
