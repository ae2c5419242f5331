import random

from odoo.tests import tagged

from .test_scheme_backtest import BacktestCommon

#: a run is found again by its number
SEEDS = (1, 2, 3)


@tagged("post_install", "-at_install")
class TestBacktestReplay(BacktestCommon):
    """An approved scheme run over its own life gives exactly what was booked, whatever became of the orders meanwhile."""

    def test_random_histories_replay_exactly(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                chance = random.Random(seed)  # noqa: S311
                schemes = self.create_schemes(chance)
                orders = []
                for _step in range(14):
                    self.take_step(chance, orders)
                for scheme in schemes:
                    self.assertReplays(scheme)
                self.env.invalidate_all()
                self.assertTrue(any(scheme.application_ids.filtered(lambda row: row.state == "committed") for scheme in schemes))
                schemes.with_user(self.approver).action_close()
                for scheme in schemes:
                    self.assertReplays(scheme)

    def create_schemes(self, chance):
        """Schemes of every phase, with tight budgets and limits."""
        budget = chance.choice((20.0, 45.5, 120.0))
        grouped = {"stacking": "best_of_group", "group": "Either"}
        made = (
            self.create_scheme([(0, "net_price", 9.5)], product_ids=self.tea, max_per_order=chance.choice((0.0, 7.0))),
            self.create_scheme([(5, "percent", 7.3), (20, "percent", 11)], budget_amount=budget, sequence=chance.randint(1, 20)),
            self.create_scheme(
                [(3, "unit_amount", 0.33)], max_per_distributor=chance.choice((5.0, 12.5)), stacking="exclusive", sequence=30
            ),
            self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea | self.coffee, budget_amount=budget),
            self.create_scheme([(100, "lump_amount", 9.99)], basis="amount", scope="basket", **grouped),
            self.create_scheme([(50, "percent", 1.5), (500, "percent", 4)], basis="amount", scope="basket", mode="marginal", **grouped),
            self.create_scheme([(10, "percent", 2)], timing="off_invoice"),
        )
        return self.env["dms.scheme"].union(*made)

    def take_step(self, chance, orders):
        steps = [self.make_and_confirm] if len(orders) < 3 else [self.make_and_confirm, self.amend, self.cancel, self.ship_and_bill]
        chance.choice(steps)(chance, orders)

    def make_and_confirm(self, chance, orders):
        products = chance.sample([self.tea, self.coffee, self.syrup], chance.randint(1, 3))
        partner = chance.choice((self.alpha, self.beta))
        order = self.create_order(partner, {product: chance.randint(1, 40) for product in products})
        order.action_confirm()
        if order.state != "sale":  # it gets less than was shown, which it accepts
            order.dms_hold_ids.filtered(lambda hold: hold.state == "open").with_user(self.manager).action_release("accepted")
            order.action_confirm()
        self.assertEqual(order.state, "sale", order.dms_hold_ids.mapped("message"))
        orders.append(order)

    def amend(self, chance, orders):
        order = chance.choice(orders)
        lines = order.order_line.filtered(lambda line: not line.is_scheme_free)
        if order.state == "sale" and not order.picking_ids.filtered(lambda picking: picking.state == "done"):
            line = chance.choice(lines)
            change = {"line_id": line.id, "product_id": line.product_id.id, "quantity": chance.randint(1, 40)}
            order.action_dms_amend([change])

    def cancel(self, chance, orders):
        order = chance.choice(orders)
        if order.state == "sale" and not order.picking_ids.filtered(lambda picking: picking.state == "done"):
            order.action_dms_request_cancel("changed its mind")

    def ship_and_bill(self, chance, orders):
        order = chance.choice(orders)
        if order.state == "sale" and order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")):
            self.deliver(order)
            invoice = self.invoice(order)
            if chance.random() < 0.5:
                invoice._reverse_moves(cancel=True)
