import io

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .workbook_common import WorkbookCommon, read_book, read_formulas


@tagged("post_install", "-at_install")
class TestWorkbookFiles(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSales()

    def names(self, rows, heading="Distributor"):
        return {row[heading] for row in self.table(rows)}

    # ------------------------------------------------------------ kinds

    def test_sales_by_distributor_equal_the_facts(self):
        for fold in (False, True):
            if fold:
                self.fold()
            rows = self.table(self.book_for(self.desk)["Figures"])
            found = {row["Distributor"]: [row["Ordered"], row["Net Sales"], row["Sell-out"]] for row in rows}
            expected = self.facts_of(self.desk, "distributor_id", "ordered_amount", "net_amount", "sellout_amount")
            self.assertEqual(found, expected)
            self.assertIn("Alpha Trading", found)
            self.assertIn("Beta Wholesale", found)

    def test_sales_by_region_equal_the_facts(self):
        rows = self.table(self.book_for(self.desk, "sales_region")["Figures"])
        found = {row["Territory"]: [row["Net Sales"]] for row in rows}
        self.assertEqual(found, self.facts_of(self.desk, "territory_id", "net_amount"))
        [harbour] = [row for row in rows if row["Territory"] == "Harbour"]
        self.assertEqual((harbour["Level 1"], harbour["Level 2"], harbour["Distributors"]), ("North", "Harbour", 1))

    def test_sales_by_product_equal_the_facts(self):
        rows = self.table(self.book_for(self.desk, "sales_product")["Figures"])
        found = {row["Product"]: [row["Delivered Quantity"], row["Net Sales"]] for row in rows}
        self.assertEqual(found, self.facts_of(self.desk, "product_id", "delivered_qty", "net_amount"))
        [tea] = [row for row in rows if row["Product Code"] == "T-TEA"]
        self.assertEqual((tea["Unit"], tea["Category"], tea["Delivered Quantity"]), ("Units", "T Drinks", 17))

    def test_detail_has_every_row(self):
        book = self.book_for(self.desk, "sales_detail")
        rows = self.table(book["Figures"])
        facts = self.facts.with_user(self.desk).search([("date", ">=", self.today.replace(month=1, day=1))])
        self.assertEqual(len(rows), len(facts))
        self.assertAlmostEqual(sum(row["Net Sales"] for row in rows), sum(facts.mapped("net_amount")), 2)
        [sold] = [row for row in rows if row["Distributor"] == "Alpha Trading" and row["Sell-out Quantity"]]
        self.assertEqual((sold["Product"], sold["Sell-out Quantity"], sold["Sell-out"]), ("Tea", 4, 30))
        months = self.table(book["By Month"])
        self.assertAlmostEqual(sum(row["Net Sales"] for row in months), sum(facts.mapped("net_amount")), 2)

    def test_primary_stands_beside_sellout(self):
        rows = self.table(self.book_for(self.desk, "primary_sellout")["Figures"])
        [row] = [row for row in rows if row["Distributor"] == "Alpha Trading" and row["Product"] == "Tea"]
        self.assertEqual((row["Delivered Quantity"], row["Sell-out Quantity"], row["Sell-out"]), (10, 4, 30))
        self.assertAlmostEqual(row["Sell-through"], 30 / row["Net Sales"])

    def test_scheme_cost_is_that_of_the_facts(self):
        self.create_scheme([(1, "percent", 10)], product_ids=self.coffee)
        order = self.create_order(self.alpha, {self.coffee: 4})
        order.action_confirm()
        rows = self.table(self.book_for(self.desk, "scheme_cost")["Figures"])
        self.assertEqual(sum(row["Scheme Cost"] for row in rows if row["Distributor"] == "Alpha Trading"), 10)

    def test_receivables_equal_the_ageing(self):
        book = self.book_for(self.manager, "receivables")
        items = self.env["dms.credit.ageing"].with_user(self.manager).search([])
        rows = self.table(book["By Distributor"])
        self.assertAlmostEqual(sum(row["Open Amount"] for row in rows), sum(items.mapped("residual_amount")), 2)
        self.assertEqual(len(self.table(book["Open Items"])), len(items))
        self.assertIn("Beta Wholesale", self.names(book["Open Items"]))

    def test_stock_is_aged_as_the_screen_does(self):
        look = self.env["dms.stock.ageing"].with_user(self.desk).create({})
        look._fill()
        rows = self.table(self.book_for(self.desk, "stock_ageing")["Stock"])
        self.assertEqual(len(rows), len(look.line_ids))
        self.assertAlmostEqual(sum(row["Value"] for row in rows), sum(look.line_ids.mapped("value")), 2)
        self.assertTrue(any(row["Distributor"] == "Alpha Trading" and row["Quantity"] == 6 for row in rows))

    # ------------------------------------------------------------ whose

    def test_area_manager_finds_own_territories_alone(self):
        self.area_manager.group_ids += self.env.ref("dms_credit.group_credit_reader")
        for kind, sheet in (
            *((kind, "Figures") for kind in ("sales_distributor", "sales_detail", "primary_sellout")),
            *(("receivables", "Open Items"), ("stock_ageing", "Stock")),
        ):
            book = self.book_for(self.area_manager, kind, owner=self.area_manager)
            self.assertEqual(self.names(book[sheet]), {"Alpha Trading"}, kind)
            self.assertNotIn("Beta", str(book), kind)
        regions = self.names(self.book_for(self.area_manager, "sales_region", owner=self.area_manager)["Figures"], "Territory")
        self.assertEqual(regions, {"Harbour"})

    def test_who_may_see_nothing_reads_so(self):
        workbook = self.create_workbook(schedule="daily", recipient_ids=[Command.set(self.employee.ids)])
        self.Run._queue(self.employee, {"name": "x", "workbook_id": workbook.id, "kind": workbook.kind})
        self.make()
        run = self.Run.search([("user_id", "=", self.employee.id)])
        book = read_book(run.attachment_id.raw)
        self.assertEqual(list(book), ["Cover"])
        self.assertIn("Your access rights show you nothing of this workbook.", str(book))
        self.assertNotIn("Alpha", str(book))

    def test_filters_of_others_are_counted_not_named(self):
        workbook = self.create_workbook(
            territory_ids=[Command.set(self.region.ids)], distributor_ids=[Command.set((self.alpha | self.beta).ids)]
        )
        self.Run._queue(self.area_manager, {"name": "x", "kind": workbook.kind, **self.period(workbook)}, workbook._get_chosen())
        self.make()
        book = read_book(self.Run.search([("user_id", "=", self.area_manager.id)]).attachment_id.raw)
        self.assertEqual(self.names(book["Figures"]), {"Alpha Trading"})
        self.assertNotIn("Beta", str(book))

    def period(self, workbook):
        return dict(zip(("date_from", "date_to"), workbook._get_dates(), strict=True))

    def test_filters_narrow_the_file(self):
        self.assertEqual(self.names(self.book_for(self.desk, territory_ids=[Command.set(self.region.ids)])["Figures"]), {"Alpha Trading"})
        self.assertEqual(self.names(self.book_for(self.desk, distributor_ids=[Command.set(self.beta.ids)])["Figures"]), {"Beta Wholesale"})
        book = self.book_for(self.desk, "sales_product", categ_ids=[Command.set(self.medicine.ids)])
        self.assertEqual(self.names(book["Figures"], "Product"), {"Syrup"})
        self.assertIn("T Medicine", str(book["Cover"]))

    def test_names_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.tea.with_context(lang="fr_FR").name = "Thé"
        self.area_a.with_context(lang="fr_FR").name = "Port"
        self.desk.lang = "fr_FR"
        rows = self.table(self.book_for(self.desk, "sales_detail", distributor_ids=[Command.set(self.alpha.ids)])["Figures"])
        self.assertEqual({row["Product"] for row in rows}, {"Thé", "Syrup"})
        self.assertEqual({row["Territory"] for row in rows}, {"Port"})

    def test_hostile_names_stay_text(self):
        self.alpha.name = "=cmd|' /C calc'!A0"
        self.tea.name = "<r><t>Tea</t></r>"
        run = self.run_for(self.create_workbook("sales_detail", name="=1+1"), self.desk)
        content = run.attachment_id.raw
        self.assertEqual(read_formulas(content, "Cover"), {})
        formulas = read_formulas(content, "Figures").values()
        self.assertTrue(all(formula.startswith("=SUBTOTAL(109,") for formula in formulas))
        self.assertIn("=cmd|' /C calc'!A0", self.names(read_book(content)["Figures"]))

    def test_two_currencies_are_never_added_up(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X", "rounding": 0.001})
        other = self.env["res.company"].create({"name": "Other Maker", "currency_id": currency.id})
        both = new_test_user(
            self.env,
            "t_both",
            groups="dms_orders.group_dms_user",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | other).ids)],
        )
        ledger = self.env["dms.stock.ledger"]
        ledger._append(
            [
                {
                    **{"company_id": other.id, "distributor_id": self.beta.id, "product_id": self.tea.id, "date": self.today},
                    **{"quantity": -3, "kind": "sellout", "flow": "sellout", "price_unit": 5.0, "source_key": "test:other"},
                }
            ]
        )
        workbook = self.create_workbook("primary_sellout", both, company_id=False)
        run = self.run_for(workbook, both)
        rows = read_book(run.attachment_id.raw)["Figures"]
        table = self.table(rows, totals=False)
        self.assertEqual({row["Currency"] for row in table}, {"XTS", self.company.currency_id.name})
        totals = {row["Currency"]: row["Sell-out"] for row in table if row["Company"] == "Total"}
        self.assertEqual(totals["XTS"], 15)
        self.assertEqual(
            totals[self.company.currency_id.name], round(sum(self.facts.with_user(self.desk).search([]).mapped("sellout_amount")), 2)
        )
        alone = self.book_for(self.desk, "primary_sellout", company_id=False)["Figures"]
        self.assertNotIn("Currency", alone[0])

    def test_rows_are_fetched_in_a_number_of_statements_that_names_do_not_raise(self):
        counts = []
        for _time in range(2):
            run = self.run_for(self.create_workbook("sales_detail"), self.desk)
            start = self.env.cr.sql_log_count
            with self.enter_registry_test_mode():
                run._write_file(io.BytesIO())
            counts.append(self.env.cr.sql_log_count - start)
            for _more in range(3):
                distributor = self.create_distributor("More", self.south)
                self.create_order(distributor, {self.tea: 1, self.coffee: 1}).action_confirm()
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_targets_stand_beside_what_was_achieved(self):
        self.env["dms.sales.target"].search([("month", ">=", self.today.replace(month=1, day=1))]).unlink()
        month = self.today.replace(day=1)
        self.env["dms.sales.target"].create(
            [
                {"territory_id": self.area_a.id, "month": month, "amount": 100},
                {"distributor_id": self.beta.id, "categ_id": self.category.id, "month": month, "amount": 140},
            ]
        )
        self.area_a.manager_id = self.area_manager
        everything, own = (self.book_for(user, "targets", owner=user)["Targets"] for user in (self.desk, self.area_manager))
        found = {(row["Territory"], row["Distributor"]): row for row in self.table(everything)}
        harbour, beta = found[self.area_a.complete_name, None], found[None, "Beta Wholesale"]
        self.assertEqual((harbour["Target"], harbour["Achieved"], harbour["Pace"]), (100, 180, "Reached"))
        self.assertEqual((beta["Product Category"], beta["Achieved"], beta["Achievement"]), (self.category.complete_name, 70, 0.5))
        self.assertEqual([row["Territory"] for row in self.table(own)], [self.area_a.complete_name])
