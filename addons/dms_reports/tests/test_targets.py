from datetime import date

from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .target_common import JULY, JUNE, MAY, TargetCommon


@tagged("post_install", "-at_install")
class TestTargets(TargetCommon):
    def test_net_sales_of_the_month_with_all_below_are_achieved(self):
        self.bill(self.alpha, "2026-06-01", 100, quantity=10)
        self.bill(self.alpha, "2026-06-30", 60, self.green, quantity=6)
        self.bill(self.alpha, "2026-06-05", 30, quantity=3, refund=True)
        self.bill(self.alpha, "2026-06-05", 500, self.syrup, quantity=1)
        self.bill(self.alpha, "2026-05-31", 1000)
        self.bill(self.alpha, "2026-07-01", 1000)
        self.bill(self.beta, "2026-06-05", 7)
        for owner, categ, amount, quantity in (
            (self.area_a, None, 630, 14),
            (self.region, None, 630, 14),
            (self.region, self.category, 130, 13),
            (self.region, self.leaf, 60, 6),
            (self.region, self.medicine, 500, 1),
            (self.area_b, None, 0, 0),
            (self.south, None, 7, 1),
            (self.alpha, None, 630, 14),
            (self.alpha, self.category, 130, 13),
            (self.alpha, self.leaf, 60, 6),
            (self.beta, self.category, 7, 1),
        ):
            with self.subTest(owner=owner.display_name, categ=categ and categ.name):
                target = self.aim(owner, 100, categ=categ)
                self.assertEqual((target.achieved_amount, target.achieved_qty), (amount, quantity))
        self.fold()
        folded = [(target.achieved_amount, target.achieved_qty) for target in self.targets.search([("month", "=", JUNE)])]
        self.assertIn((630, 14), folded)

    def test_what_was_achieved_is_right_within_the_transaction(self):
        target = self.aim(self.alpha, 100)
        self.assertEqual(target.achieved_amount, 0)
        move = self.bill(self.alpha, "2026-06-02", 40)
        self.assertEqual(target.achieved_amount, 40)
        self.fold()
        self.assertEqual(target.achieved_amount, 40)
        move.button_draft()
        self.assertEqual((target.achieved_amount, target.open_amount), (0, 100))

    def test_figures_of_the_month_follow_the_day(self):
        self.bill(self.alpha, "2026-06-02", 400)
        target = self.aim(self.alpha, 1000)
        for day, run_rate, required, projected, pace in (
            ("2026-05-31", 0, 600 / 30, 0, "upcoming"),
            ("2026-06-01", 400, 600 / 29, 12000, "on_track"),
            ("2026-06-10", 40, 30, 1200, "on_track"),
            ("2026-06-20", 20, 60, 600, "behind"),
            ("2026-06-30", 400 / 30, 600, 400, "behind"),
            ("2026-07-01", 400 / 30, 0, 400, "behind"),
            ("2027-01-01", 400 / 30, 0, 400, "behind"),
        ):
            with self.subTest(day=day), self.on(day):
                self.assertEqual((target.achievement, target.open_amount, target.pace), (40, 600, pace))
                for name, expected in (("run_rate", run_rate), ("required_rate", required), ("projected_amount", projected)):
                    self.assertAlmostEqual(target[name], expected, 2, name)

    def test_reached_target_has_nothing_open(self):
        self.bill(self.alpha, "2026-06-02", 150)
        target = self.aim(self.alpha, 100)
        self.assertEqual((target.achievement, target.open_amount, target.required_rate, target.pace), (150, 0, 0, "reached"))

    def test_target_of_a_quantity_is_judged_by_quantity(self):
        self.bill(self.alpha, "2026-06-02", 500, quantity=5)
        target = self.aim(self.alpha, quantity=20)
        self.assertEqual((target.achievement, target.pace), (25, "behind"))

    def test_more_credited_than_invoiced_is_below_zero(self):
        self.bill(self.alpha, "2026-06-02", 50, refund=True)
        target = self.aim(self.alpha, 100)
        self.assertEqual((target.achieved_amount, target.achievement, target.open_amount), (-50, -50, 150))
        self.assertEqual((target.projected_amount, target.pace), (-150, "behind"))

    def test_rank_is_among_those_of_the_same_level(self):
        gamma, delta = (self.create_distributor(name, self.area_a) for name in ("Gamma", "Delta"))
        for distributor, amount in ((self.alpha, 10), (gamma, 30), (delta, 30), (self.beta, 99)):
            self.bill(distributor, "2026-06-02", amount)
        ranks = {}
        for owner in (self.alpha, gamma, delta, self.beta, self.area_a, self.area_b, self.region, self.south):
            ranks[owner] = self.aim(owner, 100)
        self.aim(gamma, 1, month=MAY)
        self.aim(delta, 1, categ=self.category)
        expected = ((self.alpha, 3, 3), (gamma, 1, 3), (delta, 1, 3), (self.beta, 1, 1), (self.area_a, 1, 2), (self.area_b, 2, 2))
        for owner, rank, count in expected:
            self.assertEqual((ranks[owner].rank, ranks[owner].peer_count), (rank, count), owner.name)
        self.assertEqual(ranks[self.south].rank, 1)
        self.assertEqual(ranks[self.region].rank, 2)
        row = self.env["dms.sales.achievement"].browse(ranks[self.alpha].id)
        self.assertEqual((row.rank, row.peer_count, row.parent_id), (3, 3, self.area_a))

    def test_archived_ones_stay_counted(self):
        self.bill(self.alpha, "2026-06-02", 80)
        targets = self.aim(self.area_a, 100) | self.aim(self.region, 100) | self.aim(self.alpha, 100, categ=self.category)
        self.tea.product_tmpl_id.active = False
        self.alpha_user.active = self.alpha_user2.active = False
        self.alpha.active = False
        self.area_a.active = False
        self.assertEqual(targets.mapped("achieved_amount"), [80, 80, 80])
        self.assertEqual(self.targets.search_count([("id", "in", targets.ids)]), 3)
        self.assertEqual(
            self.targets.with_user(self.area_manager).search_count([("id", "in", targets.ids)]), 0, "nobody manages what is archived"
        )

    def test_territory_counts_where_it_is_now(self):
        self.bill(self.alpha, "2026-06-02", 80)
        north, south = self.aim(self.region, 100), self.aim(self.south, 100)
        self.assertEqual((north.achieved_amount, south.achieved_amount), (80, 0))
        self.area_a.parent_id = self.south
        self.assertEqual((north.achieved_amount, south.achieved_amount), (0, 80))

    def test_distributor_that_moves_leaves_its_sales_behind_and_takes_its_target_along(self):
        self.bill(self.alpha, "2026-06-02", 80)
        area, own = self.aim(self.area_a, 100), self.aim(self.alpha, 100)
        self.alpha.territory_id = self.south
        self.bill(self.alpha, "2026-06-03", 20)
        self.assertEqual((area.achieved_amount, own.achieved_amount), (80, 100))

    def test_categories_moved_count_where_they_are_now(self):
        self.bill(self.alpha, "2026-06-02", 80, self.green)
        target = self.aim(self.alpha, 100, categ=self.medicine)
        self.assertEqual(target.achieved_amount, 0)
        self.leaf.parent_id = self.medicine
        self.assertEqual(target.achieved_amount, 80)

    def test_companies_and_their_currencies_are_kept_apart(self):
        other_money = self.env.ref("base.JPY")
        other_money.active = True
        other = self.env["res.company"].create({"name": "T Other", "currency_id": other_money.id})
        self.env.user.company_ids |= other
        self.env["account.chart.template"].try_loading("generic_coa", other, install_demo=False)
        other.currency_id = other_money  # the chart brought its own
        both = self.env(context={**self.env.context, "allowed_company_ids": (self.company | other).ids})
        self.bill(self.alpha, "2026-06-02", 80)
        self.bill(self.alpha.with_env(both), "2026-06-02", 9000, company=other)
        mine = self.aim(self.alpha, 100)
        theirs = self.targets.with_env(both).create(
            {"distributor_id": self.alpha.id, "month": JUNE, "amount": 9000.4, "company_id": other.id}
        )
        self.assertEqual((mine.achieved_amount, theirs.achieved_amount), (80, 9000))
        self.assertEqual((theirs.currency_id, theirs.amount, theirs.rank), (other_money, 9000, 1))
        self.assertEqual(self.targets.with_user(self.manager).search([("distributor_id", "=", self.alpha.id)]), mine)

    def test_invoice_in_another_currency_counts_in_the_companys(self):
        money = self.env["res.currency"].create(
            {"name": "TCU", "symbol": "T", "rate_ids": [Command.create({"name": "2026-01-01", "rate": 4})]}
        )
        move = self.bill(self.alpha, "2026-06-02", 80)
        move.button_draft()
        move.currency_id = money
        move.invoice_line_ids.price_unit = 80
        move.action_post()
        self.assertAlmostEqual(self.aim(self.alpha, 100).achieved_amount, 20)

    # ------------------------------------------------------------ input

    def test_month_is_kept_as_its_first_day(self):
        target = self.aim(self.alpha, 1, month="2026-06-17")
        self.assertEqual((target.month, target.plan_id.year), (JUNE, 2026))
        target.month = date(2027, 2, 28)
        self.assertEqual((target.month, target.plan_id.year), (date(2027, 2, 1), 2027))
        self.env.flush_all()
        self.assertEqual(self.targets.create({"distributor_id": self.alpha.id}).month, JUNE, "this month, unless told")

    def test_same_twice_is_refused(self):
        self.aim(self.alpha, 1)
        self.aim(self.alpha, 1, categ=self.category)
        self.aim(self.alpha, 1, month=JULY)
        for values in ({}, {"month": "2026-06-30"}, {"categ": self.category}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.aim(self.alpha, 2, **values)

    def test_one_owner_alone(self):
        both = {"territory_id": self.south.id, "distributor_id": self.beta.id}
        for values in ({}, both):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.targets.create({"amount": 1, **values})
        with self.assertRaises(ValidationError):
            self.aim(self.customer, 1)

    def test_numbers_below_zero_or_beyond_measure_are_refused(self):
        for values in ({"amount": -1}, {"quantity": -1}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.targets.create({"distributor_id": self.alpha.id, **values})
        for value in (float("nan"), float("inf"), 1e40):
            with self.assertRaises(UserError):
                self.aim(self.alpha, value)

    # ------------------------------------------------------------ search, groups, scale

    def test_figures_can_be_searched(self):
        self.bill(self.alpha, "2026-06-02", 80)
        ahead, behind = self.aim(self.alpha, 100), self.aim(self.beta, 100)
        later = self.aim(self.beta, 100, month=JULY)
        mine = [("id", "in", (ahead | behind | later).ids)]
        for domain, expected in (
            ([("pace", "=", "behind")], behind),
            ([("pace", "in", ["on_track", "upcoming"])], ahead | later),
            ([("pace", "!=", "behind")], ahead | later),
            ([("achieved_amount", ">=", 80)], ahead),
            ([("achievement", "<", 50)], behind | later),
            ([("open_amount", "=", 20)], ahead),
            ([("projected_amount", ">", 100)], ahead),
            ([("achieved_qty", "=", 0)], behind | later),
        ):
            self.assertEqual(self.targets.search([*domain, *mine]), expected.sorted("id").search([("id", "in", expected.ids)]), domain)

    def test_groups_have_the_achievement_of_their_sums(self):
        self.bill(self.alpha, "2026-06-02", 90)
        self.aim(self.alpha, 100)
        self.aim(self.beta, 200)
        self.aim(self.south, 50)
        rows = self.env["dms.sales.achievement"]._read_group(
            [("month", "=", JUNE), "|", ("distributor_id", "in", (self.alpha | self.beta).ids), ("territory_id", "=", self.south.id)],
            ["kind"],
            ["amount:sum", "achieved_amount:sum", "achievement:avg"],
        )
        self.assertEqual(rows, [("distributor", 300, 90, 30), ("territory", 50, 0, 0)])

    def test_statements_do_not_grow_with_targets(self):
        def count(targets):
            targets.invalidate_recordset()
            before = self.env.cr.sql_log_count
            targets.mapped(lambda target: (target.achieved_amount, target.projected_amount, target.pace, target.rank))
            return self.env.cr.sql_log_count - before

        few = self.aim(self.alpha, 1) | self.aim(self.region, 1)
        count(few)
        self.env.flush_all()
        base = count(few)
        months = [date(2025 + index // 12, index % 12 + 1, 1) for index in range(24)]
        many = self.targets.create([{name: owner.id, "amount": 1, "month": month} for month in months for name, owner in (("distributor_id", self.beta), ("territory_id", self.south), ("territory_id", self.area_b))])  # fmt: skip
        self.env.flush_all()
        self.assertEqual(count(many), base)
        self.assertLessEqual(base, 8)

    def test_facts_behind_a_target_add_up_to_it(self):
        self.bill(self.alpha, "2026-06-02", 90, self.green)
        self.bill(self.alpha, "2026-06-02", 50, self.syrup)
        for target in (self.aim(self.region, 1), self.aim(self.alpha, 1, categ=self.category)):
            action = target.with_user(self.desk).action_view_facts()
            [[amount]] = self.facts._read_group(action["domain"], [], ["net_amount:sum"])
            self.assertEqual(amount, target.achieved_amount)

    def test_targets_of_merged_distributors_add_up(self):
        gamma = self.create_distributor("Gamma", self.area_a)
        kept, _both, _alone = self.aim(self.alpha, 100, quantity=1), self.aim(gamma, 20, quantity=2), self.aim(gamma, 7, month=JULY)
        self.bill(gamma, "2026-06-02", 33)
        self.env["base.partner.merge.automatic.wizard"]._merge([self.alpha.id, gamma.id], self.alpha)
        self.env.invalidate_all()
        targets = self.targets.search([("distributor_id", "=", self.alpha.id)], order="month")
        self.assertEqual(targets.mapped(lambda target: (target.month, target.amount, target.quantity)), [(JUNE, 120, 3), (JULY, 7, 0)])
        self.assertEqual((kept.achieved_amount, len(targets.plan_id)), (33, 1))

    def test_screens_answer_their_filters_and_groups(self):
        self.bill(self.alpha, "2026-06-02", 90)
        self.aim(self.alpha, 100)
        for name in ("action_sales_target", "action_sales_plan", "action_sales_ranking"):
            action = self.env["ir.actions.act_window"]._for_xml_id(f"dms_reports.{name}")
            model = self.env[action["res_model"]].with_user(self.manager)
            model.get_views([(False, kind) for kind in ("search", *action["view_mode"].split(","))])
            search = etree.fromstring(model.get_view(view_type="search")["arch"])
            for node in search.iter("filter"):
                if node.get("domain"):
                    domain = safe_eval(node.get("domain"), {"context_today": lambda: date(2026, 6, 10), "uid": self.manager.id})
                    model.search_count(domain)
                group = safe_eval(node.get("context") or "{}").get("group_by")
                if group:
                    model.formatted_read_group([], [f"{group}:month" if group == "month" else group], ["__count", "amount:sum"] if model._name != "dms.sales.plan" else ["__count"])  # fmt: skip
        rows = self.env["dms.sales.achievement"].with_user(self.desk)
        found = rows.web_search_read(
            [("month", "=", "today =1d"), ("distributor_id", "=", self.alpha.id)], {"rank": {}, "achievement": {}, "pace": {}, "territory_id": {}}, order="achievement desc"
        )  # fmt: skip
        self.assertEqual([(row["rank"], row["achievement"], row["pace"]) for row in found["records"]], [(1, 90, "on_track")])
