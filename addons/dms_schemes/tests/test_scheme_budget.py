from odoo.tests import tagged
from odoo.tools import SQL

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestSchemeBudget(DmsSchemesCommon):
    """Reserved, consumed and left over all versions; alerts once a level."""

    def figures(self, scheme):
        self.env.flush_all()
        self.env.invalidate_all()
        return tuple(round(scheme[name], 2) for name in ("reserved_amount", "consumed_amount", "left_amount", "budget_percent"))

    def confirm_order(self, quantity, distributor=None):
        order = self.create_order(distributor or self.alpha, lines={self.tea: quantity})
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def run_alerts(self):
        self.env["dms.scheme"]._cron_alert_budgets()
        self.env.invalidate_all()

    def test_quotation_reserves_nothing_confirmation_does_invoice_consumes_credit_note_frees(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=100.0)
        order = self.create_order(lines={self.tea: 20})
        self.assertEqual(self.figures(scheme), (0, 0, 100, 0))
        order.action_confirm()
        self.assertEqual(self.figures(scheme), (20, 0, 80, 20))
        self.deliver(order)
        invoice = self.invoice(order)
        self.assertEqual(self.figures(scheme), (0, 20, 80, 20))
        invoice._reverse_moves(cancel=True)
        self.assertEqual(self.figures(scheme), (0, 0, 100, 0))

    def test_credit_note_that_is_taken_back_frees_nothing(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=100.0)
        order = self.confirm_order(20)
        self.deliver(order)
        refund = self.invoice(order)._reverse_moves(cancel=True)
        self.assertEqual(self.figures(scheme), (0, 0, 100, 0))
        refund._reverse_moves(cancel=True)
        self.assertEqual(self.figures(scheme), (0, 20, 80, 20))

    def test_figures_run_over_all_versions(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=100.0, date_from="2020-01-01")
        self.confirm_order(20)
        version = self.make_version(scheme)
        self.confirm_order(30, self.beta)
        self.assertEqual(self.figures(scheme)[0], 50)
        self.assertEqual(self.figures(version)[0], 50)
        self.assertEqual((version.version_count, version.order_count, scheme.order_count), (2, 1, 1))

    def test_cancelled_order_gives_back(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=100.0)
        order = self.confirm_order(20)
        order._action_cancel()
        self.assertEqual(self.figures(scheme), (0, 0, 100, 0))

    def test_batch_is_read_in_one_query_for_each_ledger(self):
        """Benefits of orders, and accruals of periods."""
        schemes = self.env["dms.scheme"].union(*(self.create_scheme([(0, "percent", 1)], budget_amount=100.0) for _number in range(5)))
        self.confirm_order(20)
        self.figures(schemes[0])
        schemes.fetch(["code", "company_id", "budget_amount", "currency_id"])
        with self.assertQueryCount(2):
            schemes.mapped("reserved_amount")
        self.assertTrue(all(schemes.mapped("reserved_amount")))

    def test_schemes_are_found_and_sorted_by_use(self):
        little = self.create_scheme([(0, "percent", 1)], budget_amount=100.0)
        much = self.create_scheme([(0, "percent", 9)], budget_amount=22.0)
        without = self.create_scheme([(0, "percent", 1)])
        self.confirm_order(20)
        both = little | much | without
        found = both.search([("id", "in", both.ids), ("budget_percent", ">=", 80)])
        self.assertEqual(found, much)
        self.assertEqual(both.search([("id", "in", both.ids)], order="budget_percent desc", limit=1), much)
        self.assertEqual(both.search([("id", "in", both.ids)], order="left_amount desc", limit=1), little)

    def test_each_level_is_told_once_to_the_responsible_person(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=100.0)
        scheme.user_id = self.author
        self.confirm_order(70)
        self.run_alerts()
        self.assertFalse(scheme.alert_ids)
        self.confirm_order(12, self.beta)
        self.run_alerts()
        self.assertEqual((scheme.alert_level, scheme.activity_ids.user_id), (80, self.author))
        self.assertIn("82.00", scheme.message_ids[0].body)
        self.assertTrue(scheme.message_ids[0].subtype_id.internal)
        self.confirm_order(3)
        self.run_alerts()
        self.assertEqual(scheme.alert_ids.mapped("level"), [80])
        self.confirm_order(15, self.beta)
        self.run_alerts()
        self.assertEqual(sorted(scheme.alert_ids.mapped("level")), [80, 100])
        self.assertEqual(len(scheme.activity_ids), 2)

    def test_new_version_is_told_of_only_with_another_budget(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=100.0, date_from="2020-01-01")
        self.confirm_order(85)
        self.run_alerts()
        same = self.make_version(scheme)
        self.confirm_order(1, self.beta)
        self.run_alerts()
        self.assertFalse(same.alert_ids)
        tighter = self.make_version(same, budget_amount=90.0)
        self.confirm_order(2, self.beta)
        self.run_alerts()
        self.assertEqual(tighter.alert_ids.mapped("level"), [95])

    def make_version(self, scheme, **values):
        version = scheme.browse(scheme.with_user(self.author).action_new_version()["res_id"])
        version.with_user(self.author).write(values)
        version.with_user(self.approver).action_approve()
        return version

    def test_confirmation_asks_for_alerts_and_writes_nothing_on_the_scheme(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=10.0)
        self.env.flush_all()
        row = self.env.execute_query(self.get_row(scheme))
        self.confirm_order(10)
        self.env.flush_all()
        self.assertEqual(self.env.execute_query(self.get_row(scheme)), row)
        requests = self.env["dms.scheme.alert.request"].search([("scheme_code", "=", scheme.code)])
        self.assertTrue(requests)
        self.run_alerts()
        self.assertFalse(requests.exists())

    def get_row(self, scheme):
        return SQL("SELECT xmin::text, ctid::text FROM dms_scheme WHERE id = %s", scheme.id)

    def test_scheme_without_budget_asks_for_nothing(self):
        self.create_scheme([(0, "percent", 10)])
        before = self.env["dms.scheme.alert.request"].search_count([])
        self.confirm_order(10)
        self.assertEqual(self.env["dms.scheme.alert.request"].search_count([]), before)

    def test_run_state_follows_the_dates(self):
        coming = self.create_scheme([(0, "percent", 1)], date_from="2999-01-01")
        ended = self.create_scheme([(0, "percent", 1)], date_from="2020-01-01", date_to="2020-01-31")
        running = self.create_scheme([(0, "percent", 1)])
        draft = self.draft_scheme([(0, "percent", 1)])
        all_ = coming | ended | running | draft
        self.assertEqual(all_.mapped("run_state"), ["coming", "ended", "running", "draft"])
        for scheme in all_:
            self.assertEqual(all_.search([("id", "in", all_.ids), ("run_state", "=", scheme.run_state)]), scheme)
        self.assertEqual((ended.date_percent, coming.date_percent), (100.0, 0.0))
