from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .target_common import JULY, JUNE, TargetCommon


@tagged("post_install", "-at_install")
class TestPlan(TargetCommon):
    def test_months_of_the_grid_are_targets(self):
        plan = self.plan(self.area_a, month_6=60, month_7=70)
        self.assertEqual(plan.target_ids.sorted("month").mapped(lambda target: (target.month, target.amount)), [(JUNE, 60), (JULY, 70)])
        self.assertEqual((plan.month_6, plan.month_8, plan.amount), (60, 0, 130))
        plan.write({"month_6": 65, "month_8": 5})
        self.assertEqual((len(plan.target_ids), plan.amount), (3, 140))
        plan.target_ids.filtered(lambda target: target.month == JUNE).amount = 1
        self.assertEqual((plan.month_6, plan.amount), (1, 76))
        plan.write({"month_6": 65})
        plan.month_8 = 0
        self.assertEqual(len(plan.target_ids), 2, "a month of nothing has no target")
        plan.target_ids.quantity = 5
        plan.month_7 = 0
        self.assertEqual((len(plan.target_ids), plan.month_7), (2, 0), "unless it has a quantity")

    def test_month_written_leaves_the_others(self):
        plan = self.plan(self.alpha, month_6=10, month_7=20)
        targets = plan.target_ids
        self.env.flush_all()
        self.env.invalidate_all()
        plan.write({"month_6": 11})
        self.assertEqual((plan.month_7, plan.amount, plan.target_ids), (20, 31, targets))

    def test_targets_are_in_the_grid_wherever_they_were_made(self):
        june, july, other = self.aim(self.alpha, 10), self.aim(self.alpha, 20, month=JULY), self.aim(self.alpha, 5, categ=self.category)
        plan = june.plan_id
        self.assertEqual((plan, plan.year, plan.month_6, plan.month_7), (july.plan_id, 2026, 10, 20))
        self.assertNotEqual(other.plan_id, plan)
        july.categ_id = self.category
        self.assertEqual((plan.month_7, other.plan_id.month_7), (0, 20))
        july.plan_id = plan
        self.assertEqual(july.plan_id, other.plan_id, "its own terms say which plan it belongs to")

    def test_year_is_spread_as_last_year_went(self):
        for day, amount in (("2025-06-15", 100), ("2025-07-15", 300), ("2025-01-15", 900), ("2024-09-01", 1000), ("2025-09-03", 0)):
            if amount:
                self.bill(self.alpha, day, amount)
        self.bill(self.alpha, "2025-08-01", 50, refund=True)
        self.bill(self.beta, "2025-08-01", 5000)
        plan = self.plan(self.area_a, amount=1000.01)
        self.assertEqual(self.months(plan), [0] * 5 + [250, 750.01] + [0] * 5)
        self.assertEqual((plan.amount, plan.last_year_amount), (1000.01, 1250))

    def test_year_without_last_year_is_spread_in_equal_parts(self):
        plan = self.plan(self.alpha, amount=100)
        self.assertEqual(self.months(plan), [0] * 5 + [14.29] * 4 + [14.28] * 3)
        self.assertEqual(plan.amount, 100)

    def test_next_year_is_spread_over_all_months(self):
        self.bill(self.alpha, "2026-02-15", 100)
        self.bill(self.alpha, "2026-05-15", 100)
        self.assertEqual(self.months(self.plan(self.alpha, 2027, amount=50)), [0, 25, 0, 0, 25] + [0] * 7)

    def test_past_months_keep_what_they_have(self):
        plan = self.plan(self.alpha, month_1=10, month_5=20, month_7=999)
        plan.amount = 100
        self.assertEqual(self.months(plan), [10, 0, 0, 0, 20] + [10] * 7)
        with self.assertRaisesRegex(UserError, "past months have .*30.00"), self.env.cr.savepoint():
            plan.amount = 29
        plan._spread({plan: 120}, with_past=True)
        self.assertEqual(self.months(plan), [10] * 12)

    def test_past_year_is_left_alone_unless_asked(self):
        plan = self.plan(self.alpha, 2025, month_3=5)
        with self.assertRaisesRegex(UserError, "all months are past"), self.env.cr.savepoint():
            plan.amount = 100
        self.assertEqual(self.months(plan)[2], 5)
        plan._spread({plan: 5})
        plan._spread({plan: 120}, with_past=True)
        self.assertEqual(self.months(plan), [10] * 12)

    def test_splitting_twice_changes_nothing(self):
        self.bill(self.alpha, "2025-06-15", 123)
        self.bill(self.alpha, "2025-11-15", 456)
        plan = self.plan(self.alpha, amount=777.77)
        before = self.months(plan)
        plan._spread({plan: plan.amount})
        self.assertEqual(self.months(plan), before)

    def test_year_and_months_that_differ_are_refused(self):
        self.assertEqual(self.plan(self.alpha, amount=30, month_6=10, month_7=20).amount, 30)
        with self.assertRaisesRegex(UserError, "add up to"), self.env.cr.savepoint():
            self.plan(self.beta, amount=31, month_6=10, month_7=20)
        plan = self.plans.search([("distributor_id", "=", self.alpha.id)])
        with self.assertRaisesRegex(UserError, "add up to"), self.env.cr.savepoint():
            plan.write({"month_6": 11, "amount": 30})
        plan.write({"month_6": 11, "amount": 31})
        self.assertEqual(plan.amount, 31)
        plan.write({"month_6": 0, "amount": 20})
        self.assertEqual(self.months(plan), [0] * 6 + [20] + [0] * 5, "cleared, its sum sent along")
        row = self.plan(self.beta, amount=70, **{f"month_{number}": 0 for number in range(1, 13)})
        self.assertEqual((row.amount, row.month_7), (70, 10), "a row of the grid that only has a year")

    def test_bad_numbers_are_refused(self):
        for values in ({"month_6": -1}, {"year": 1999}, {"year": 2101}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.plan(self.alpha, **values)
        for values in ({"amount": -5}, {"amount": float("nan")}, {"month_3": float("inf")}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.plan(self.alpha, **values)

    def test_plan_moved_takes_its_targets_along(self):
        plan = self.plan(self.alpha, month_6=10)
        target = plan.target_ids
        plan.write({"distributor_id": self.beta.id, "year": 2028})
        self.assertEqual((target.distributor_id, str(target.month), target.plan_id), (self.beta, "2028-06-01", plan))
        plan.unlink()
        self.assertFalse(target.exists())

    def test_wizard_splits_many_rows_at_once(self):
        self.bill(self.alpha, "2025-07-15", 1000)
        self.bill(self.alpha, "2025-12-15", 1000)
        plans = self.plan(self.alpha, month_1=100) | self.plan(self.area_a) | self.plan(self.beta, amount=70)
        action = plans.with_user(self.manager).action_split()
        form = Form(self.env["dms.sales.plan.split"].with_user(self.manager).with_context(**action["context"]))
        form.growth = 10
        form.save().action_split()
        self.assertEqual(plans.mapped("amount"), [2200, 2200, 0])
        self.assertEqual(self.months(plans[0]), [100] + [0] * 5 + [1050] + [0] * 4 + [1050])
        self.assertEqual(self.months(plans[1]), [0] * 6 + [1100] + [0] * 4 + [1100])

    def test_wizard_keeps_the_years_it_finds(self):
        plan = self.plan(self.alpha, month_6=100, month_7=600)
        wizard = self.env["dms.sales.plan.split"].create({"plan_ids": plan.ids})
        wizard.action_split()
        self.assertEqual(self.months(plan), [0] * 5 + [100] * 7)
        wizard.line_ids.amount = -1
        with self.assertRaises(UserError):
            wizard.action_split()

    def test_statements_to_read_seasons_do_not_grow_with_plans(self):
        def count(plans):
            plans.invalidate_recordset()
            before = self.env.cr.sql_log_count
            plans.mapped("last_year_amount")
            return self.env.cr.sql_log_count - before

        few = self.plan(self.alpha) | self.plan(self.south)
        self.env.flush_all()
        count(few)
        base = count(few)
        many = self.plans.create([{"distributor_id": self.beta.id, "year": 2001 + number} for number in range(40)])
        self.env.flush_all()
        self.assertEqual(count(many), base)

    def test_row_entered_in_the_grid_is_saved(self):
        with Form(self.plans.with_user(self.manager), "dms_reports.view_sales_plan_list") as form:
            form.year = 2027
            form.territory_id = self.area_a
            form.month_2 = 20
            form.month_3 = 30
            self.assertEqual(form.amount, 50)
        self.assertEqual((form.record.amount, form.record.target_ids.mapped("amount")), (50, [30, 20]))
        with Form(form.record, "dms_reports.view_sales_plan_list") as form:
            form.amount = 120
        self.assertEqual(self.months(form.record), [10] * 12)
