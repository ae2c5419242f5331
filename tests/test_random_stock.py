"""Random lives of the stock of a distributor: whatever happens in whatever order, its ledger is what its documents say."""

import random
from collections import Counter
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_inventory.tests.common import InventoryCommon

from tests.random_life import RandomLife

SEQUENCES = 25
STEPS = 12
WEIGHTS = {
    "deliver": 6, "confirm": 5, "confirm_short": 4, "lead_time_passes": 2, "give_back": 3,
    "sell_out": 8, "count": 4, "full_count": 1, "correct": 1, "review": 3, "cancel": 3,
}  # fmt: skip
#: actions that done again right away must change nothing
REPEATABLE = {"confirm", "confirm_short", "review", "cancel"}


class Life(RandomLife):
    """One distributor's stock, and what must be in it: ``[(product, day, quantity, statement or None)]``."""

    weights, repeatable = WEIGHTS, REPEATABLE

    def __init__(self, case, dice):
        super().__init__(case, dice)
        self.distributor = case.create_distributor(f"Life {dice.random()}", sellout_mode=dice.choice(("reported", "reported", "count")))
        self.lots = [case.create_lot(f"{self.distributor.id}-{number}") for number in range(2)]
        self.expected, self.pickings, self.statements = [], [], []
        self.last = None

    # ------------------------------------------------------------ what may happen

    def deliver(self):
        quantities = {product: self.dice.randint(1, 30) for product in self.dice.sample(self.case.goods, 2)}
        lots = {}
        if self.case.milk in quantities:
            first = self.dice.randint(0, quantities[self.case.milk])
            parts = zip(self.lots, (first, quantities[self.case.milk] - first), strict=True)
            lots[self.case.milk] = [(lot, part) for lot, part in parts if part]
        self.pickings.append(self.case.sell(quantities, self.distributor, lots))

    def in_transit(self):
        return [picking for picking in self.pickings if picking.dms_receipt_state == "in_transit"]

    def confirm(self):
        self.receive({})

    def confirm_short(self):
        picking = self.last or self.dice.choice(self.in_transit() or [None])
        if picking:
            line = self.dice.choice(picking.move_line_ids)
            quantity = self.dice.randint(0, int(line.quantity))
            self.receive({line.id: self.dice.choice((quantity, {"quantity": quantity, "damaged": True}))}, picking)

    def receive(self, missing, picking=None):
        picking = picking or self.last or self.dice.choice(self.in_transit() or [None])
        if not picking:
            raise UserError("nothing on its way")
        waiting = picking.dms_receipt_state == "in_transit"
        picking.action_dms_confirm_receipt(missing)
        if waiting:
            self.expect_receipt(picking, self.case.today, missing)
        self.last = picking

    def lead_time_passes(self):
        for picking in self.in_transit():
            picking.dms_receipt_due = self.day()
            picking._dms_receive(date=picking.dms_receipt_due)
            self.expect_receipt(picking, picking.dms_receipt_due, {})

    def expect_receipt(self, picking, day, missing):
        for line in picking.move_line_ids:
            said = missing.get(line.id, 0)
            short = said["quantity"] if isinstance(said, dict) else said
            self.expected.append((line.product_id, day, line.quantity - short, None))

    def give_back(self):
        sent = [picking for picking in self.pickings if not picking.return_ids]
        if not sent:
            raise UserError("nothing to give back")
        picking = self.dice.choice(sent)
        waiting = picking.dms_receipt_state == "in_transit"
        quantities = {move.product_id: self.dice.randint(1, int(move.quantity)) for move in picking.move_ids}
        back = self.case.give_back(picking, quantities)
        if waiting:
            self.expect_receipt(picking, self.case.today, {})
        self.expected += [(line.product_id, self.case.today, -line.quantity, None) for line in back.move_line_ids]

    def day(self):
        return self.case.today - timedelta(days=self.dice.choice((0, 0, 1, 3, 8)))

    def balance(self, product, day):
        return sum(quantity for what, when, quantity, _statement in self.expected if what == product and when <= day)

    def sell_out(self):
        lines = [{"product_id": self.dice.choice(self.case.goods).id, "quantity": self.dice.randint(0, 8)} for _line in range(3)]
        for line in lines:
            if line["product_id"] == self.case.milk.id and self.dice.random() < 0.5:
                line["lot_id"] = self.dice.choice(self.lots).id
        self.post(lines, "sellout", self.day())

    def count(self, **values):
        day = self.day()
        lines = [
            {"product_id": product.id, "quantity": max(self.balance(product, day) + self.dice.choice((-2, 0, 0, 1)), 0)}
            for product in self.dice.sample(self.case.goods, 2)
        ]
        self.post(lines, "count", day, **values)

    def full_count(self):
        self.count(is_full_count=True)

    def correct(self):
        self.post([{"product_id": self.dice.choice(self.case.goods).id, "quantity": self.dice.choice((-3, 4))}], "correction", self.day())

    def post(self, lines, kind, day, **values):
        statement = self.case.create_statement(lines, kind, day, self.distributor, **values)
        statement.with_user(self.case.desk).action_post()
        self.statements.append(statement)
        self.expect_posted(statement)

    def review(self):
        statement = self.last or self.dice.choice([s for s in self.statements if s.state == "review"] or [None])
        if not statement:
            raise UserError("nothing to review")
        waiting = statement.state == "review"
        statement.with_user(self.case.manager).action_post()
        if waiting:
            self.expect_posted(statement)
        self.last = statement

    def expect_posted(self, statement):
        """The obvious reading: sold is taken off, a count makes the balance of its day what was counted, a correction adds."""
        if statement.state != "posted":
            return
        said = Counter()
        for line in statement.line_ids:
            said[line.product_id] += line.quantity
        if statement.kind == "count" and statement.is_full_count:
            said.update({product: 0 for product in self.case.goods})
        for product, quantity in said.items():
            change = {"sellout": -quantity, "correction": quantity, "count": quantity - self.balance(product, statement.date)}
            self.expected.append((product, statement.date, change[statement.kind], statement))

    def cancel(self):
        statement = self.last or self.dice.choice(self.statements or [None])
        if not statement:
            raise UserError("nothing to cancel")
        statement.with_user(self.case.desk).action_cancel()
        self.expected = [row for row in self.expected if row[3] != statement]
        self.last = statement

    # ------------------------------------------------------------ one step

    def before(self):
        self.last = None

    def picture(self):
        ledger = self.case.env["dms.stock.ledger"].search([("distributor_id", "=", self.distributor.id)])
        return sorted((row.source_key, row.quantity) for row in ledger), [statement.state for statement in self.statements]

    def check(self):
        case, distributor = self.case, self.distributor
        case.assertIsNone(case.env["dms.stock.position"]._find_difference(case.company, distributor), self.done)
        rows = case.env["dms.stock.ledger"].search([("distributor_id", "=", distributor.id)])
        for product in case.goods:
            position = case.position(product, distributor)
            own = rows.filtered(lambda row, p=product: row.product_id == p)
            lots = case.env["dms.stock.ledger"]._get_balances(case.company, distributor, product.ids).get(product.id, {})
            case.assertEqual(position.on_hand_qty, sum(own.mapped("quantity")), self.done)
            case.assertEqual(position.on_hand_qty, sum(lots.values()), self.done)
            case.assertEqual(position.on_hand_qty, self.balance(product, case.today), f"{product.name}: {self.done}")
            case.assertEqual(position.in_transit_qty, self.on_its_way(product), self.done)

    def on_its_way(self, product):
        return sum(line.quantity for picking in self.in_transit() for line in picking.move_line_ids if line.product_id == product)


@tagged("post_install", "-at_install")
class TestRandomStock(InventoryCommon):
    def test_on_hand_is_what_the_documents_say(self):
        self.goods = [self.tea, self.coffee, self.milk]
        done = Counter()
        for seed in range(SEQUENCES):
            dice = random.Random(seed)
            life = Life(self, dice)
            with self.subTest(seed=seed), mute_logger("odoo.addons.mail.models.mail_mail"):
                for _step in range(STEPS):
                    life.step()
            done.update(life.done)
        self.assertEqual(set(done), set(WEIGHTS), "everything has happened")
