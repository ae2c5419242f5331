from odoo.tests import freeze_time, tagged

from .suggest_common import SuggestCommon


@tagged("post_install", "-at_install")
class TestAlerts(SuggestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dms.stock.alert"]._cron_dms_alert()  # what the demo data have to say
        cls.salesperson.email = "sales@maker.example.com"
        cls.beta.user_id = cls.salesperson

    def work(self):
        self.env["dms.stock.alert"]._cron_dms_alert()

    def get_alerts(self, distributor=None):
        domain = [("distributor_id", "=", (distributor or self.alpha).id), ("date_to", "=", False)]
        return self.env["dms.stock.alert"].search(domain)

    def get_activities(self, distributor=None, kind="out"):
        activity_type = self.env.ref(f"dms_inventory.mail_activity_stock_{kind}")
        return (distributor or self.alpha).activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)

    def test_facts_of_a_distributor_are_one_activity_for_who_answers_for_it(self):
        for product in (self.tea, self.coffee):
            self.sell(self.alpha, product, 5)
        self.sell(self.alpha, self.create_product("Water", "T-WAT", 1.0), 1, left=100)
        self.sell(self.beta, self.tea, 5)
        self.work()
        out, over = self.get_activities(), self.get_activities(kind="over")
        self.assertEqual((len(out), len(over)), (1, 1))
        self.assertEqual((out.user_id, out.summary), (self.area_manager, "Products out of stock: 2"))
        self.assertIn("Tea", out.note)
        self.assertIn("Coffee", out.note)
        self.assertIn("Water", over.note)
        self.assertEqual(self.get_activities(self.beta).user_id, self.salesperson, "no manager over the territory")

    def test_same_fact_is_not_told_again_today_nor_tomorrow(self):
        self.sell(self.alpha, self.tea, 5)
        self.work()
        alerts, activity = self.get_alerts(), self.get_activities()
        self.work()
        with freeze_time(self.day(1)):
            self.env["dms.stock.position"]._rebuild(self.company, self.alpha)
            self.work()
        self.assertEqual((self.get_alerts(), self.get_activities()), (alerts, activity))
        activity.action_feedback("I called them")
        self.work()
        self.assertFalse(self.get_activities(), "who has dealt with it is not told again")

    def test_new_fact_joins_the_open_activity_or_opens_another(self):
        self.sell(self.alpha, self.tea, 5)
        self.work()
        activity = self.get_activities()
        self.sell(self.alpha, self.coffee, 5)
        self.work()
        self.assertEqual(self.get_activities(), activity)
        self.assertEqual(activity.summary, "Products out of stock: 2")
        activity.action_feedback()
        water = self.create_product("Water", "T-WAT", 1.0)
        self.sell(self.alpha, water, 5)
        self.work()
        self.assertEqual(self.get_activities().summary, "Products out of stock: 1")
        self.assertIn("Water", self.get_activities().note)

    def test_fact_that_is_gone_leaves_the_activity_and_comes_back_as_another(self):
        for product in (self.tea, self.coffee):
            self.sell(self.alpha, product, 5)
        self.work()
        activity = self.get_activities()
        self.move(self.alpha, self.tea, 80, 0)
        self.work()
        self.assertEqual(activity.summary, "Products out of stock: 1")
        self.move(self.alpha, self.coffee, 80, 0)
        self.work()
        self.assertFalse(activity.active, "done by itself when nothing is left of it")
        self.assertFalse(self.get_alerts())
        self.move(self.alpha, self.tea, -80, 0, "sellout")
        self.work()
        self.assertEqual(len(self.get_alerts()), 1)
        self.assertNotEqual(self.get_activities(), activity)

    def test_nobody_is_told_of_what_was_forgotten_or_of_who_is_closed(self):
        self.move(self.alpha, self.tea, 10, -200)
        self.move(self.alpha, self.tea, -10, -190, "sellout")
        self.sell(self.beta, self.tea, 5)
        self.beta.distributor_state = "closed"
        self.work()
        self.assertFalse(self.get_alerts() | self.get_alerts(self.beta))

    def test_alert_stays_open_until_goods_are_there_and_ends_with_the_account(self):
        self.sell(self.alpha, self.tea, 5)
        self.work()
        with freeze_time(self.day(60)):
            self.env["dms.stock.position"]._rebuild(self.company, self.alpha)
            self.assertFalse(self.get_position(self.alpha, self.tea).sold_qty)
            self.work()
            self.assertTrue(self.get_alerts())
        self.alpha.distributor_state = "closed"
        self.work()
        self.assertFalse(self.get_alerts())

    def test_responsible_is_the_nearest_manager_then_salesperson_then_the_setting(self):
        ask = lambda distributor: distributor._dms_get_stock_responsible(self.company)[distributor]  # noqa: E731
        self.assertEqual(ask(self.alpha), self.area_manager)
        self.area_a.manager_id = False
        self.region.manager_id = self.manager
        self.assertEqual(ask(self.alpha), self.manager)
        self.region.manager_id = False
        self.assertFalse(ask(self.alpha))
        self.company.stock_alert_user_id = self.desk
        self.assertEqual(ask(self.alpha), self.desk)
        self.alpha.user_id = self.salesperson
        self.assertEqual(ask(self.alpha), self.salesperson)
        self.sell(self.alpha, self.tea, 5)
        self.alpha.user_id = self.company.stock_alert_user_id = False
        self.work()
        self.assertEqual((len(self.get_alerts()), len(self.get_activities())), (1, 0), "kept as an alert even if nobody is told")

    def test_nothing_new_costs_a_handful_of_queries(self):
        self.sell(self.alpha, self.tea, 5)
        self.work()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env["dms.stock.alert"]._get_waiting(self.company)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 4)
