"""Random lives of documents: whatever happens in whatever order, sums of facts are sums of documents, folded or not."""

import random
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_reports.tests.common import ReportsCommon

SEQUENCES = 12
STEPS = 25
WEIGHTS = {
    "order": 6, "deliver": 6, "invoice": 6, "credit": 3, "give_back": 3, "change": 4, "cancel": 2, "backdate": 3, "redraft": 3,
    "report": 4, "take_back_report": 2, "move_distributor": 1, "move_category": 1, "hand_over": 2, "fold": 4, "rebuild": 1,
}  # fmt: skip


class Life:
    """Two distributors who order, get, pay for, give back and sell."""

    def __init__(self, case, dice):
        self.case, self.dice = case, dice
        self.distributors = [case.create_distributor(f"Life {dice.random()}", area) for area in (case.area_a, case.south)]
        self.orders, self.invoices, self.statements = [], [], []

    def pick(self, records, condition=lambda record: True):
        found = [record for record in records if condition(record)]
        if not found:
            raise UserError("nothing to do it with")
        return self.dice.choice(found)

    def day(self):
        return self.case.day(self.dice.choice((0, 0, 1, 20, 45)))

    def order(self):
        lines = {product: self.dice.randint(1, 30) for product in self.dice.sample(self.case.goods, 2)}
        order = self.case.create_order(self.dice.choice(self.distributors), lines)
        self.orders.append(order)
        order.action_confirm()

    def deliver(self):
        order = self.pick(self.orders, lambda order: order.picking_ids.filtered(lambda picking: picking.state == "assigned"))
        picking = order.picking_ids.filtered(lambda picking: picking.state == "assigned")[:1]
        for move in picking.move_ids:
            move.write({"quantity": self.dice.randint(0, int(move.product_uom_qty)), "picked": True})
        picking.with_context(cancel_backorder=self.dice.random() < 0.3)._action_done()

    def invoice(self):
        order = self.pick(self.orders, lambda order: order.invoice_status == "to invoice")
        invoice = order._create_invoices()
        invoice.invoice_date = self.day()
        invoice.action_post()
        self.invoices.append(invoice)

    def credit(self):
        invoice = self.pick(self.invoices, lambda invoice: invoice.state == "posted" and invoice.move_type == "out_invoice")
        note = invoice._reverse_moves([{"invoice_date": self.day()}])
        self.dice.choice(note.invoice_line_ids).quantity = 1
        note.action_post()
        self.invoices.append(note)

    def give_back(self):
        done = [picking for order in self.orders for picking in order.picking_ids if picking.state == "done" and not picking.return_id]
        picking = self.pick(done, lambda picking: not picking.return_ids)
        self.case.give_back(picking, {move.product_id: 1 for move in picking.move_ids if move.quantity})

    def change(self):
        order = self.pick(self.orders, lambda order: order.state == "sale")
        line = self.pick(order.order_line, lambda line: not line.is_scheme_free)
        line.write(self.dice.choice(({"product_uom_qty": line.product_uom_qty + 5}, {"price_unit": line.price_unit + 1}, {"discount": 10})))

    def cancel(self):
        order = self.pick(self.orders, lambda order: order.state == "sale")
        order._action_cancel()

    def backdate(self):
        order = self.pick(self.orders)
        order.date_order -= timedelta(days=self.dice.choice((1, 33)))
        order.picking_ids.move_ids.filtered(lambda move: move.state == "done").date = order.date_order

    def redraft(self):
        invoice = self.pick(self.invoices)
        if invoice.state == "posted":
            invoice.button_draft()
        else:
            invoice.invoice_date = self.day()
            invoice.action_post()

    def report(self):
        distributor = self.dice.choice(self.distributors)
        line = {"product_id": self.dice.choice(self.case.goods).id, "quantity": self.dice.randint(1, 5), "price_unit": 3.333}
        self.statements.append(self.case.report([line], date=self.day(), distributor=distributor))

    def take_back_report(self):
        self.pick(self.statements, lambda statement: statement.state == "posted").action_cancel()

    def move_distributor(self):
        self.dice.choice(self.distributors).territory_id = self.dice.choice((self.case.area_a, self.case.area_b, self.case.south))

    def move_category(self):
        self.dice.choice(self.case.goods).categ_id = self.dice.choice((self.case.category, self.case.medicine))

    def hand_over(self):
        self.pick(self.orders).user_id = self.dice.choice((self.case.desk, self.case.salesperson))

    def fold(self):
        self.case.upkeep._fold(self.dice.choice((1, 3, 100)))

    def rebuild(self):
        self.case.facts._rebuild(self.case.day(self.dice.choice((10, 50))), self.dice.choice((None, self.case.today)))


@tagged("post_install", "-at_install")
class TestRandomFacts(ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = [cls.tea, cls.coffee, cls.flour]
        cls.create_scheme([(10, "percent", 10)], product_ids=cls.tea)
        cls.create_scheme([cls.free_slab(12, 1, every=12)], product_ids=cls.coffee)
        cls.create_scheme([(200, "lump_amount", 7.77)], scope="basket", basis="amount")

    def test_facts_are_what_the_documents_say(self):
        for seed in range(SEQUENCES):
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                self.live(random.Random(seed))
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger("odoo.addons.stock.models.stock_picking")
    def live(self, dice):
        life = Life(self, dice)
        for _step in range(STEPS):
            action = dice.choices([*WEIGHTS], [*WEIGHTS.values()])[0]
            try:
                with self.cr.savepoint():
                    getattr(life, action)()
                    self.env.flush_all()
            except UserError:  # not now
                self.env.invalidate_all()
            self.assert_even(action)
        self.assertFolded(self.env["res.partner"].union(*life.distributors))
        self.assert_even("end")

    def assert_even(self, action):
        for check in self.env["dms.sales.check"]._check(self.company):
            self.assertEqual(check.state, "even", f"{check.basis} after {action}: {check.line_ids.read()}")
        wide, narrow = (
            self.facts._read_group(domain, ["territory_id", "categ_id", "date:month"], ["net_amount:sum", "scheme_cost:sum", "__count"])
            for domain in ([], [("product_id", "!=", -1)])
        )
        self.assertEqual(
            *([(*group, round(net, 2), round(cost, 2), count) for *group, net, cost, count in groups] for groups in (wide, narrow))
        )
