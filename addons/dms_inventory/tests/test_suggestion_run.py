from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import dms_stock_suggestion_line
from .suggest_common import SuggestCommon


@tagged("post_install", "-at_install")
class TestSuggestionRun(SuggestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gamma = cls.create_distributor("Gamma Stores", cls.area_a)
        cls.stock(cls.tea, 230)
        for distributor in (cls.alpha, cls.beta, cls.gamma):
            cls.sell(distributor, cls.tea, 5)
        cls.sell(cls.gamma, cls.coffee, 1)
        cls.own = cls.alpha | cls.beta | cls.gamma

    def make_run(self, user=None, **values):
        values.setdefault("distributor_ids", [Command.set(self.own.ids)])
        run = self.env["dms.stock.suggestion"].with_user(user or self.desk).create(values)
        run.action_start()
        return run

    def work(self):
        self.env["dms.stock.suggestion"]._cron_dms_suggest()

    def get_states(self, run):
        return {line.distributor_id: line.state for line in run.sudo().line_ids}

    def test_run_makes_a_draft_each_and_shares_what_is_free_emptiest_first(self):
        run = self.make_run()
        self.assertEqual((run.state, run.queued_count, run.progress), ("running", 3, 0))
        self.work()
        self.assertEqual((run.state, run.made_count, run.progress), ("done", 3, 100))
        orders = {line.distributor_id: line.order_id for line in run.line_ids}
        self.assertEqual(list(orders), [self.gamma, self.alpha, self.beta], "gamma is out of two products")
        quantities = [self.get_lines(order).get(self.tea) for order in orders.values()]
        self.assertEqual(quantities, [100, 100, 30], "what a draft takes is not free for the next")
        self.assertEqual(run.amount_total, sum(order.amount_untaxed for order in orders.values()))
        self.assertIn("30 instead of 100", run.line_ids[2].note)
        self.assertEqual(orders[self.alpha].create_uid, self.desk)

    def test_run_is_done_once_whatever_is_repeated(self):
        run = self.make_run()
        with patch.object(dms_stock_suggestion_line, "BATCH", 2):
            first = self.env["dms.stock.suggestion.line"]._get_next()
            self.assertEqual(len(first), 2)
            first._make()  # and the job is killed here, after its commit
            self.assertEqual(run.queued_count, 1)
            self.work()
        orders = run.line_ids.order_id
        self.assertEqual(len(orders), 3)
        quantities = sorted(self.get_lines(order).get(self.tea) for order in orders)
        self.assertEqual(quantities, [30, 100, 100], "batches count what those before them took")
        run.action_start()
        self.work()
        again = self.make_run()
        self.work()
        self.assertEqual(again.line_ids.order_id, orders)
        self.assertEqual(set(self.get_states(again).values()), {"updated"})
        self.assertEqual(len(run.activity_ids), 1)

    def test_conditions_choose_distributors_and_what_is_not_worth_it_makes_no_draft(self):
        self.beta.distributor_state = "suspended"
        run = self.make_run(min_amount=1000, territory_ids=[Command.set(self.region.ids)])
        self.work()
        self.assertEqual(self.get_states(run), {self.gamma: "created", self.alpha: "created"})
        self.env["sale.order"].search([("distributor_id", "in", self.own.ids)]).unlink()
        run = self.make_run(min_amount=1001)
        self.work()
        self.assertEqual(self.get_states(run)[self.alpha], "small")
        self.assertFalse(self.env["sale.order"].search([("distributor_id", "=", self.alpha.id)]))
        with self.assertRaisesRegex(UserError, "No active distributor"):
            self.make_run(class_ids=[Command.set(self.env["dms.distributor.class"].create({"name": "E", "code": "T-E"}).ids)])

    def test_one_that_fails_stops_no_other(self):
        run = self.make_run()
        self.alpha.distributor_state = "closed"
        self.work()
        self.assertEqual(self.get_states(run), {self.gamma: "created", self.alpha: "failed", self.beta: "created"})
        self.assertIn("not an active distributor", run.line_ids.filtered(lambda line: line.state == "failed").reason)
        self.alpha.distributor_state = "active"
        run.action_retry()
        self.work()
        self.assertEqual((run.state, run.failed_count, run.made_count), ("done", 0, 3))

    def test_run_stands_for_the_rights_of_who_started_it(self):
        with self.assertRaises(AccessError):
            self.make_run(self.area_manager)  # beta is not his
        run = self.make_run(self.area_manager, distributor_ids=[], territory_ids=[Command.set((self.region | self.south).ids)])
        self.work()
        self.assertEqual(self.get_states(run), {self.gamma: "created", self.alpha: "created"})
        self.area_manager.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        run = self.make_run()
        run.sudo().user_id = self.area_manager
        self.work()
        self.assertEqual(set(self.get_states(run).values()), {"failed"})

    def test_verdict_of_the_gates_stands_in_the_row(self):
        self.distributor_class.min_order_amount = 1020
        run = self.make_run()
        self.work()
        tones = {line.distributor_id: line.tone for line in run.line_ids}
        self.assertEqual(tones, {self.gamma: "warning", self.alpha: "warning", self.beta: "warning"})
        self.assertIn("below your minimum", run.line_ids[0].verdict)

    def test_queries_do_not_depend_on_distributors_but_for_their_orders(self):
        """Reading what is needed and free: one number of statements for two distributors and for eight."""
        more = self.env["res.partner"].union(*(self.create_distributor(f"More {number}", self.area_a) for number in range(6)))
        for distributor in more:
            self.sell(distributor, self.tea, 2)
        suggester = self.env["dms.stock.suggester"].with_user(self.desk)
        counts = []
        for distributors in (self.alpha | self.beta, self.alpha | self.beta | more):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            suggester._plan(distributors.with_user(self.desk), None, {})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_status_and_rows_are_not_written_by_hand(self):
        Run = self.env["dms.stock.suggestion"].with_user(self.desk)
        run = Run.with_context(default_state="done", default_user_id=self.manager.id).create({})
        self.assertEqual((run.state, run.user_id), ("draft", self.desk))
        for values in ({"state": "done"}, {"user_id": self.manager.id}, {"line_ids": [Command.create({"distributor_id": self.beta.id})]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                run.write(values)
            with self.subTest(create=values), self.assertRaises(AccessError):
                Run.create(values)
        started = self.make_run()
        with self.assertRaises(UserError):
            started.min_amount = 5
        with self.assertRaises(UserError):
            started.unlink()
        started.action_cancel()
        self.assertEqual((started.state, started.skipped_count), ("cancelled", 3))

    def test_several_distributors_chosen_become_a_run(self):
        action = (self.alpha | self.beta).with_user(self.desk).action_suggest_order()
        run = self.env["dms.stock.suggestion"].browse(action["res_id"])
        self.work()
        self.assertEqual(self.get_states(run), {self.alpha: "created", self.beta: "created"})
