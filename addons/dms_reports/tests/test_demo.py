from dateutil.relativedelta import relativedelta

from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.dms_orders.demo.story import BRONZE, DAYS, GOLD, INSTITUTION, SILVER, Product

from ..demo.story import BACK, MONTH, MONTHS, plan_invoices


class TestDemoStory(BaseCase):
    """The story itself; needs no demo data in the database."""

    def plan(self, month=11):
        codes = [f"{start}-{number:03}" for start in ("BEV", "SNK", "GRO", "DAI", "HOM", "PER", "BAB", "HEA") for number in range(15)]
        return list(plan_invoices([Product(code, 2.5, 24, 0, 0) for code in codes], month))

    def test_invoices_are_the_same_every_time_and_of_every_distributor(self):
        plans = self.plan()
        self.assertEqual(plans, self.plan())
        self.assertEqual({plan.distributor for plan in plans}, {*GOLD, *SILVER, *BRONZE, *INSTITUTION})
        self.assertTrue(
            all(len(plan.lines) == 4 and all(pieces > 0 and pieces % 24 == 0 for _code, pieces in plan.lines) for plan in plans)
        )

    def test_invoices_end_where_the_orders_begin(self):
        """Schemes and what else looks back a few months have none of them to count."""
        days = [plan.days_ago for plan in self.plan()]
        self.assertGreater(min(days), DAYS)
        self.assertLess(max(days), DAYS + 2 + MONTHS * MONTH + 31)

    def test_months_differ_by_season(self):
        def bought(month):
            return sum(pieces for plan in self.plan(month) if plan.days_ago < DAYS + 40 for _code, pieces in plan.lines)

        self.assertGreater(bought(1), bought(8), "summer is half a year before January, winter half a year before August")


@tagged("post_install", "-at_install")
class TestDemoDatabase(TransactionCase):
    """What the demo data leaves in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["ir.module.module"].search_count([("name", "=", "dms_reports"), ("demo", "=", True)]):
            cls.skipTest(cls, "the database has no demo data")
        cls.company = cls.env.ref("base.main_company")
        cls.env = cls.env["res.company"].with_company(cls.company).env
        # the day on which it was made: the database may be older than today
        made = cls.env["dms.sales.target"].search([("distributor_id", "=", cls.ref("distributor_north_star").id)], order="id", limit=1)
        cls.made, cls.this_month = made.create_date, made.create_date.date().replace(day=1)
        cls.targets = cls.env["dms.sales.target"].search([("create_date", "<=", made.create_date + relativedelta(minutes=10))])
        cls.rows = cls.env["dms.sales.achievement"].search([("id", "in", cls.targets.ids), ("month", "<", cls.this_month)])

    @classmethod
    def ref(cls, name):
        return cls.env.ref(f"dms_orders.{name}")

    def net(self, first, count, *conditions):
        """Net sales of so many months from a first one, counted from the month of the demo."""
        start = self.this_month + relativedelta(months=first)
        days = [("date", ">=", start), ("date", "<", start + relativedelta(months=count)), ("company_id", "=", self.company.id)]
        return self.env["dms.sales.fact"]._read_group([*days, *conditions], [], ["net_amount:sum"])[0][0]

    def test_months_since_last_year_have_sales_in_every_region(self):
        self.assertTrue(all(self.net(back, 1) > 0 for back in range(-17, 0)))
        for name in ("territory_north", "territory_coast", "territory_south"):
            of_region = ("territory_id", "child_of", self.ref(name).id)
            sold = [back for back in range(-17, 0) if self.net(back, 1, of_region) > 0]
            self.assertGreaterEqual(len(sold), 13, name)

    def test_growth_against_last_year_goes_both_ways(self):
        whole = self.net(-4, 4) / self.net(-16, 4)
        self.assertTrue(0.5 < whole < 2, whole)
        growth = [
            self.net(-6, 6, ("distributor_id", "=", partner.id)) > self.net(-18, 6, ("distributor_id", "=", partner.id))
            for partner in self.targets.distributor_id
        ]
        self.assertEqual(set(growth), {True, False})

    def test_sell_out_has_a_value_of_what_was_bought_before(self):
        """Reported sell-out has prices somewhat above the list; what follows from counts has none."""
        domain = [("company_id", "=", self.company.id), ("date", ">=", self.this_month - relativedelta(months=5))]
        domain += [("distributor_id", "in", [self.ref(f"distributor_{name}").id for name in (*GOLD, *SILVER)])]
        groups = self.env["dms.sales.fact"]._read_group(
            domain, ["distributor_id"], ["sellout_amount:sum", "delivered_amount:sum", "sellout_qty:sum", "delivered_qty:sum"]
        )
        self.assertTrue(groups)
        for distributor, sold, bought, pieces, received in groups:
            with self.subTest(distributor=distributor.name):
                self.assertTrue(0 < sold < 1.2 * bought and 0 < pieces <= received, (sold, bought, pieces, received))
        rows = self.env["dms.stock.ledger"].search([("flow", "=", "sellout"), ("kind", "=", "sellout"), ("create_date", "<=", self.made)])
        self.assertTrue(rows.filtered("is_derived") and all(row.is_derived != (row.price_unit > 0) for row in rows))

    def test_targets_are_of_territories_distributors_and_categories(self):
        owners = self.targets.territory_id
        self.assertGreaterEqual(len(owners), 17)
        self.assertGreaterEqual(len(self.targets.distributor_id), 23)
        self.assertGreaterEqual(len(self.targets.categ_id), 4)
        self.assertIn(self.this_month - relativedelta(months=BACK), self.targets.mapped("month"))
        self.assertTrue(all(self.targets.mapped("amount")))

    def test_some_are_reached_and_some_are_not(self):
        for kind in ("territory", "distributor"):
            rows = self.rows.filtered(lambda row, kind=kind: row.kind == kind)
            reached = len(rows.filtered(lambda row: row.pace == "reached"))
            self.assertTrue(0.1 < reached / len(rows) < 0.9, (kind, reached, len(rows)))
        self.assertEqual(set(self.rows.mapped("pace")), {"reached", "behind"})

    def test_plans_of_the_year_are_in_the_grid(self):
        plans = self.targets.plan_id
        self.assertEqual(
            len(plans.filtered(lambda plan: plan.territory_id == self.ref("territory_north") and not plan.categ_id)),
            len(set(plans.mapped("year"))),
        )

    def test_invoices_of_the_year_before_are_paid(self):
        """Nothing of them is open, so credit is what it was."""
        before = self.this_month - relativedelta(months=7)
        domain = [
            ("move_type", "=", "out_invoice"),
            ("dms_distributor_id", "!=", False),
            ("invoice_date", "<", before),
            ("state", "=", "posted"),
        ]
        moves = self.env["account.move"].search([*domain, ("company_id", "=", self.company.id)])
        self.assertGreater(len(moves), 150)
        self.assertFalse(sum(moves.mapped("amount_residual")))
        self.assertTrue(all(moves.mapped("invoice_user_id")))

    def test_facts_tie_out(self):
        self.assertEqual(set(self.env["dms.sales.check"]._check(self.company).mapped("state")), {"even"})

    def test_area_manager_sees_his_part(self):
        area = self.ref("user_area")
        region = self.ref("territory_north")
        for model in ("dms.sales.fact", "dms.sales.month", "dms.sales.area"):
            territories = self.env[model].with_user(area).search([]).sudo().territory_id
            self.assertTrue(territories)
            self.assertTrue(all(territory.parent_path.startswith(region.parent_path) for territory in territories), model)
        targets = self.targets.with_user(area)._filtered_access("read").sudo()
        self.assertIn(region, targets.territory_id)
        self.assertNotIn(self.ref("territory_coast"), targets.territory_id)
        self.assertIn(self.ref("distributor_lakeside"), targets.distributor_id)
        self.assertNotIn(self.ref("distributor_sunset"), targets.distributor_id)

    def test_distributors_see_a_page_with_everything_on_it(self):
        for name in ("north_star", "harbour"):
            distributor = self.ref(f"distributor_{name}")
            page = self.env["dms.portal.report"]._prepare_page(distributor, self.company, "24")
            self.assertTrue(page["has_sellout"] and page["targets"]["count"] and page["categories"] and page["products"])
            self.assertTrue(page["amounts"]["marks"])
