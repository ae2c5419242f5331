from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .suggest_common import SuggestCommon


@tagged("post_install", "-at_install")
class TestReporting(SuggestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dms.stock.alert"]._cron_dms_alert()  # what the demo data have to say
        cls.distributor_class.statement_interval_days = 7
        cls.move(cls.alpha, cls.tea, 100, -60)

    def report(self, days, kind="sellout", distributor=None, post=True):
        statement = self.env["dms.stock.statement"].create(
            {
                "distributor_id": (distributor or self.alpha).id,
                "date": self.day(days),
                "kind": kind,
                "line_ids": [(0, 0, {"product_id": self.tea.id, "quantity": 1 if kind == "sellout" else 99})],
            }
        )
        if post:
            statement.action_post()
        return statement

    def get_row(self, distributor=None):
        self.env.invalidate_all()
        return self.env["dms.stock.reporting"].search([("distributor_id", "=", (distributor or self.alpha).id)])

    def get_alert(self):
        return self.env["dms.stock.alert"].search(
            [("distributor_id", "=", self.alpha.id), ("kind", "=", "report"), ("date_to", "=", False)]
        )

    def work(self):
        self.env["dms.stock.alert"]._cron_dms_alert()

    def test_due_day_follows_the_last_statement_and_the_interval(self):
        self.assertFalse(self.get_row().date_due, "nothing was received yet that it could report")
        self.report(-20)
        self.report(-10, "count")
        row = self.get_row()
        self.assertEqual((row.last_sellout_date, row.last_count_date), (self.day(-20), self.day(-10)))
        self.assertEqual((row.date_due, row.days_late, row.missed_count, row.state), (self.day(-3), 3, 1, "late"))
        self.alpha.write({"has_own_statement_interval": True, "statement_interval_days": 10})
        row = self.get_row()
        self.assertEqual((row.date_due, row.days_late, row.state), (self.today, 0, "ok"))
        self.alpha.statement_interval_days = 0
        self.assertEqual(self.get_row().state, "none")
        self.alpha.has_own_statement_interval = False
        self.distributor_class.statement_interval_days = 2
        row = self.get_row()
        self.assertEqual((row.days_late, row.missed_count), (8, 4))

    def test_draft_and_cancelled_statements_report_nothing(self):
        self.report(-10)
        self.report(-1, post=False)
        self.report(-2).action_cancel()
        self.assertEqual(self.get_row().last_date, self.day(-10))

    def test_opening_of_the_stock_begins_the_first_period(self):
        self.alpha.stock_opening_date = self.day(-30)
        row = self.get_row()
        self.assertEqual((row.last_date, row.date_due, row.state), (False, self.day(-23), "late"))

    def test_missed_period_is_told_once_and_over_when_reported(self):
        self.report(-10)
        self.work()
        alert = self.get_alert()
        activity = alert.activity_id
        self.assertEqual((activity.user_id, alert.date_due, alert.date_from), (self.area_manager, self.day(-3), self.day(-2)))
        self.assertIn("No stock statement", activity.summary)
        self.work()
        activity.action_feedback("asked")
        with freeze_time(self.day(2)):
            self.work()
            self.assertEqual(self.get_alert().activity_id, activity, "dealt with: not told again in the same period")
        with freeze_time(self.day(5)):
            self.work()
            self.assertNotEqual(self.get_alert().activity_id, activity, "the next period was missed as well")
            self.assertTrue(self.get_alert().activity_id.active)
            second = self.get_alert().activity_id
            self.work()
            self.assertEqual(self.get_alert().activity_id, second)
        self.report(0)
        self.work()
        self.assertFalse(self.get_alert())
        self.assertFalse(second.active)

    def test_home_page_reminds_the_distributor(self):
        Portal = self.env(user=self.alpha_user, su=True)["dms.portal"]

        def card():
            self.env.invalidate_all()
            return next((card for card in Portal._get_cards(self.alpha) if card["key"] == "stock_statement"), None)

        self.assertIsNone(card())
        self.report(-3)
        self.assertIsNone(card(), "due in four days")
        self.distributor_class.statement_interval_days = 5
        self.assertIn("is due", card()["title"])
        self.distributor_class.statement_interval_days = 2
        self.assertEqual((card()["title"], card()["tone"]), ("Your stock statement is overdue", "warning"))

    def test_area_manager_sees_his_territories_and_nobody_else_the_terms(self):
        self.move(self.beta, self.tea, 10, -5)
        rows = self.env["dms.stock.reporting"].with_user(self.area_manager).search([])
        self.assertIn(self.alpha, rows.distributor_id)
        self.assertNotIn(self.beta, rows.distributor_id)
        with self.assertRaises(AccessError):
            self.alpha.with_user(self.salesperson).statement_interval_days = 3
        self.alpha.with_user(self.manager).statement_interval_days = 3
