from ast import literal_eval
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import dms_grouped_figures
from .common import ReportsCommon

NET = ("net_amount:sum", "previous_net_amount:sum", "last_year_net_amount:sum", "net_growth:avg", "net_growth_last_year:avg")


@tagged("post_install", "-at_install")
class TestComparison(ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["dms.sales.comparison"]
        for day, alpha, beta in (("2023-06-10", 10, 40), ("2024-05-10", 8, 20), ("2024-06-10", 12, 10)):
            cls.bill(cls.alpha, {cls.tea: alpha}, day)
            cls.bill(cls.beta, {cls.coffee: beta}, day)

    @classmethod
    def bill(cls, distributor, quantities, day):
        """An order, delivered and invoiced, of a day long ago."""
        order = cls.sell(quantities, distributor).sale_id
        move = order._create_invoices()
        move.invoice_date = day
        move.action_post()
        return move

    def ask(self, groupby=(), aggregates=NET, domain=(), user=None):
        mine = [("distributor_id", "in", (self.alpha | self.beta).ids), *domain]
        return self.rows.with_user(user or self.desk)._read_group(mine, groupby, aggregates)

    def test_month_stands_beside_the_one_before_and_last_year(self):
        [(net, previous, last_year, growth, yearly)] = self.ask(
            domain=[("date", "=", "2024-06-01"), ("distributor_id", "=", self.alpha.id)]
        )
        self.assertEqual((net, previous, last_year), (120, 80, 100))
        self.assertAlmostEqual(growth, 0.5)
        self.assertAlmostEqual(yearly, 0.2)

    def test_growth_of_a_total_is_of_the_sums_not_an_average(self):
        june = [("date", "=", "2024-06-01")]
        [(net, _previous, last_year, _growth, yearly)] = self.ask(domain=june)
        self.assertEqual((net, last_year), (370, 1100))
        self.assertAlmostEqual(yearly, 370 / 1100 - 1)
        by_distributor, total = self.rows._read_grouping_sets(
            [("distributor_id", "in", (self.alpha | self.beta).ids), *june], [["distributor_id"], []], NET
        )
        self.assertEqual({row[0]: round(row[-1], 4) for row in by_distributor}, {self.alpha: 0.2, self.beta: -0.75})
        self.assertAlmostEqual(total[0][-1], 370 / 1100 - 1)

    def test_nothing_to_grow_from_is_empty_not_infinite(self):
        [(net, previous, _last_year, growth, yearly)] = self.ask(domain=[("date", "=", "2023-06-01")])
        self.assertEqual((net, previous), (1100, 0))
        self.assertFalse(growth)
        self.assertFalse(yearly)

    def test_months_that_are_not_yet_are_left_out(self):
        with freeze_time("2024-06-20 12:00:00"):
            months = [month for (month,) in self.ask(["date:month"], [])]
        self.assertEqual(max(months), date(2024, 6, 1))
        with freeze_time("2024-07-20 12:00:00"):
            months = [month for (month,) in self.ask(["date:month"], [])]
        self.assertEqual(max(months), date(2024, 7, 1), "next month has June to compare with")

    def test_sums_of_own_months_are_those_of_the_facts(self):
        domain = [("distributor_id", "in", (self.alpha | self.beta).ids)]
        facts = self.facts._read_group(domain, ["date:month"], ["net_amount:sum"])
        compared = [row for row in self.ask(["date:month"], ["net_amount:sum"]) if row[1]]
        self.assertEqual([(month, round(amount, 2)) for month, amount in compared], [(m, round(a, 2)) for m, a in facts if a])

    def test_share_is_of_everything_asked_for(self):
        shares = dict(self.ask(["distributor_id"], ["net_share:avg"], [("date", "=", "2024-06-01")]))
        self.assertAlmostEqual(shares[self.alpha], 120 / 370)
        self.assertAlmostEqual(sum(shares.values()), 1)
        by_level = self.ask(
            ["territory_1_id"], ["net_share:avg"], [("date", "=", "2024-06-01"), ("territory_id", "child_of", self.south.id)]
        )
        self.assertEqual([round(share, 6) for _territory, share in by_level], [1.0])

    def test_area_manager_compares_his_own_alone(self):
        [(net, _previous, last_year, _growth, _yearly)] = self.ask(domain=[("date", "=", "2024-06-01")], user=self.area_manager)
        self.assertEqual((net, last_year), (120, 100))
        [(_distributor, share)] = self.ask(["distributor_id"], ["net_share:avg"], [("date", "=", "2024-06-01")], self.area_manager)
        self.assertAlmostEqual(share, 1, 6, "a share of what others sell is not told")

    def test_my_territories_are_those_managed_and_below(self):
        self.area_b.manager_id = False
        self.region.manager_id = self.manager
        found = self.rows.with_user(self.manager).search([("is_mine", "=", True), ("date", "=", "2024-06-01")])
        self.assertEqual(found.distributor_id, self.alpha)
        self.assertTrue(all(found.mapped("is_mine")))

    def test_row_opens_the_facts_of_its_month(self):
        row = self.rows.search([("distributor_id", "=", self.alpha.id), ("date", "=", "2024-06-01"), ("months_back", "=", 12)])
        action = row.with_user(self.desk).action_open_facts()
        facts = self.facts.with_user(self.desk).search(action["domain"])
        self.assertEqual((facts.mapped("date"), facts.net_amount), ([date(2023, 6, 10)], row.last_year_net_amount))
        with self.assertRaises(UserError):
            self.rows.action_open_facts()

    def test_rows_have_numbers_of_their_own_that_browsers_can_count(self):
        ids = self.rows.search([("distributor_id", "in", (self.alpha | self.beta).ids)]).ids
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLess(max(ids), 2**53)

    def test_more_groups_than_a_screen_shows_are_refused(self):
        self.patch(dms_grouped_figures, "MOST_GROUPS", 1)
        for model in (self.facts, self.rows, self.env["dms.delivery.service"]):
            with self.assertRaisesRegex(UserError, "Narrow the period"):
                model.formatted_read_grouping_sets([], [["distributor_id"]], [])
            with self.assertRaisesRegex(UserError, "Narrow the period"):
                model.formatted_read_group([], ["distributor_id"], [])

    def test_favourites_answer_for_the_desk_and_the_area_manager(self):
        for filters in self.env["ir.filters"].search(
            [("model_id", "in", ("dms.sales.fact", "dms.sales.comparison", "dms.delivery.service"))]
        ):
            context, domain = literal_eval(filters.context), literal_eval(filters.domain)
            for user in (self.desk, self.area_manager):
                model = self.env[filters.model_id].with_user(user)
                measures = [name for name in context.get("pivot_measures", []) if name != "__count"]
                aggregates = [f"{name}:{model._fields[name].aggregator}" for name in measures]
                model.formatted_read_group(domain, context["group_by"], aggregates)

    def test_relative_months_are_answered_by_months(self):
        domain = [("date", ">=", "today =1d -11m"), ("date", "<", "today =1d +1m"), ("is_mine", "=", True)]
        self.assertEqual(self.facts._get_grain(domain, ["date:month"], ["net_amount:sum"])._name, "dms.sales.area")
        self.assertEqual(self.facts._get_grain([("date", ">=", "today -3d")], [], ["net_amount:sum"])._name, "dms.sales.fact")

    def test_active_distributors_and_range_count_what_was_ordered(self):
        everything = [("distributor_id", "in", (self.alpha | self.beta).ids)]
        counts = ["distributor_count:count_distinct", "product_count:count_distinct"]
        self.assertEqual(self.facts._read_group(everything, [], counts), [(2, 2)])
        by_distributor = self.facts._read_group(everything, ["distributor_id"], counts)
        self.assertEqual(set(by_distributor), {(self.alpha, 1, 1), (self.beta, 1, 1)})
        invoiced = [*everything, ("date", "=", "2024-06-10")]
        self.assertEqual(self.facts._read_group(invoiced, [], counts), [(0, 0)], "a day on which nobody ordered")
        self.assertEqual(self.facts.fields_get(["product_count"])["product_count"]["aggregator"], "count_distinct")
        self.assertEqual(set(self.facts.search(everything).mapped("distributor_count")), {0, 1})
