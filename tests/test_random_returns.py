"""Random returns of delivered lines: whatever comes back in whatever order, no line takes more than was delivered, and nothing is lost."""

import random
from collections import Counter

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_returns.tests.common import PDF, ReturnsCommon

from tests.random_life import RandomLife

SEQUENCES = 12
STEPS = 30
WEIGHTS = {
    "deliver": 4, "draft": 6, "submit": 8, "approve": 6, "approve_part": 5, "reject": 1, "receive": 6, "receive_short": 3, "receive_over": 3,
    "inspect": 5, "inspect_part": 4, "split": 3, "cancel": 1, "by_hand": 2, "replace": 1,
}  # fmt: skip
#: states of a return that an action needs
NEEDS = {
    "submit": {"draft"}, "approve": {"submitted"}, "approve_part": {"submitted"}, "reject": {"submitted"}, "receive": {"approved"},
    "receive_short": {"approved"}, "receive_over": {"approved"}, "inspect": {"received"}, "inspect_part": {"received"},
    "split": {"submitted", "received"}, "cancel": {"draft", "submitted", "approved"}, "replace": {"inspected"},
}  # fmt: skip
#: actions that done again right away must change nothing
REPEATABLE = {"submit", "approve", "reject", "inspect", "cancel", "replace"}


class Life(RandomLife):
    """One distributor's deliveries and returns, and what must hold of them at any time."""

    weights, repeatable = WEIGHTS, REPEATABLE

    def __init__(self, case, dice):
        super().__init__(case, dice)
        self.distributor = case.create_distributor(f"Life {dice.random()}")
        self.lots = [case.create_lot(f"{self.distributor.id}-{number}") for number in range(2)]
        self.orders, self.returns = [], []
        self.last = None

    # ------------------------------------------------------------ what may happen

    def deliver(self):
        """A part of an open order, or all of a new one, by lots where the product has some."""
        if self.orders and self.dice.random() < 0.4:
            order = self.dice.choice(self.orders)
        else:
            order = self.case.create_order(self.distributor, {self.case.tea: 24, self.case.milk: 10})
            if self.dice.random() < 0.5:
                order.order_line[0].write({"product_uom_id": self.case.case.id, "product_uom_qty": 2})
            order.action_confirm()
            self.orders.append(order)
        for picking in self.outgoing(order).filtered(lambda picking: picking.state not in ("done", "cancel")):
            self.ship(picking)

    def outgoing(self, order):
        return order.picking_ids.filtered(lambda picking: picking.location_dest_id.usage == "customer")

    def ship(self, picking):
        for move in picking.move_ids:
            part = self.dice.randint(1, int(move.product_qty))
            lot = self.dice.choice(self.lots) if move.product_id == self.case.milk else self.lots[0].browse()
            move.move_line_ids.unlink()
            ends = {"location_id": move.location_id.id, "location_dest_id": move.location_dest_id.id, "picking_id": picking.id}
            entry = {"product_id": move.product_id.id, "product_uom_id": move.product_id.uom_id.id, "quantity": part, "lot_id": lot.id}
            move.move_line_ids = [(0, 0, {**entry, **ends})]
            move.picked = True
        picking._action_done()

    def draft(self):
        """Mostly of what is left, now and then of more."""
        lines = self.case.env["sale.order.line"].union(*(order.order_line for order in self.orders))
        there = lines._dms_get_returnable(self.distributor)
        if not there:
            raise UserError("nothing is left")
        chosen = self.dice.sample(sorted(there, key=lambda line: line.id), min(len(there), self.dice.randint(1, 2)))
        values = [self.draft_line(line, there[line]) for line in chosen]
        made = self.case.create_return(values, self.distributor, resolution=self.dice.choice(("credit", "credit", "replacement")))
        made._attach_evidence("proof.pdf", PDF + str(made.id).encode())
        self.returns.append(made)

    def draft_line(self, line, there):
        lot = self.dice.choice(list(there["lots"])) if there["lots"] else self.lots[0].browse()
        left = int(there["lots"][lot]["left"] if lot else there["left"])
        reason = self.dice.choice((self.case.plain, self.case.plain, self.case.to_scrap, self.case.destroyed))
        unit = line.product_uom_id if left >= 12 and self.dice.random() < 0.5 else line.product_id.uom_id
        quantity = 1 if unit == self.case.case else self.dice.randint(1, max(left, 1)) + self.dice.choice((0, 0, 0, 0, 3))
        return self.case.prepare_line(line, quantity, reason, lot_id=lot.id, product_uom_id=unit.id)

    def pick(self, action):
        """A return that the action is for; the same again where it is repeated."""
        self.last = self.last or self.dice.choice([made for made in self.returns if made.state in NEEDS[action]])
        return self.last

    def submit(self):
        self.case.submit(self.pick("submit"))

    def approve(self):
        self.case.approve(self.pick("approve"))

    def approve_part(self):
        made = self.pick("approve_part")
        self.case.approve(made, *(self.dice.randint(0, int(line.quantity)) for line in made.line_ids))

    def reject(self):
        self.pick("reject").with_user(self.case.officer).action_reject("No")

    def receive(self, change=0):
        made = self.pick("receive")
        for move in made._get_live_transfers().move_ids:
            for entry in move.move_line_ids[:1]:
                entry.quantity = max(entry.quantity + change, 0)
        self.case.bring(made, cancel_rest=self.dice.random() < 0.5)

    def receive_short(self):
        self.receive(-self.dice.randint(1, 3))

    def receive_over(self):
        self.receive(self.dice.randint(1, 3))

    def inspect(self):
        self.case.inspect(self.pick("inspect"))

    def inspect_part(self):
        made = self.pick("inspect_part")
        self.case.inspect(made, *(self.dice.randint(0, int(line.received_qty)) for line in made.line_ids))

    def split(self):
        made = self.pick("split")
        line = self.dice.choice(made.line_ids)
        line.with_user(self.case.officer).action_split(self.dice.randint(1, 3))

    def cancel(self):
        self.pick("cancel").with_user(self.case.desk).action_cancel()

    def by_hand(self):
        """A transfer of core's own takes a part of a delivery back."""
        sent = [picking for order in self.orders for picking in self.outgoing(order) if picking.state == "done"]
        if not sent:
            raise UserError("nothing was sent")
        picking = self.dice.choice(sent)
        self.case.give_back(picking, {self.case.tea: self.dice.randint(1, 3)})

    def replace(self):
        self.pick("replace").sudo()._create_replacement()

    # ------------------------------------------------------------ one step

    def possible(self):
        states = {made.state for made in self.returns}
        return {name: weight for name, weight in WEIGHTS.items() if name not in NEEDS or NEEDS[name] & states}

    def before(self):
        self.last = None

    def picture(self):
        lines = self.lines()
        quantities = [(line.state, line.approved_qty, line.received_qty, line.accepted_qty) for line in lines]
        return quantities, len(lines.move_ids), sorted((move.state, move.quantity) for move in lines.move_ids)

    def lines(self):
        return self.case.env["dms.return.line"].search([("distributor_id", "=", self.distributor.id)])

    # ------------------------------------------------------------ what must hold

    def check(self):
        for order in self.orders:
            for line in order.order_line:
                self.check_limit(line)
                self.check_delivered(line)
        self.check_goods()
        self.check_ledger()

    def check_limit(self, line):
        """The obvious sums over documents: never more back than was shipped, by line and by lot."""
        own = line.dms_return_line_ids
        shipped, by_hand = Counter(), Counter()
        for move in self.case.env["stock.move"].search([("sale_line_id", "=", line.id), ("state", "=", "done")]):
            for entry in move.move_line_ids:
                if entry.location_dest_id.usage == "customer":
                    shipped[entry.lot_id] += entry.quantity_product_uom
                elif not move.dms_return_line_id:
                    by_hand[entry.lot_id] += entry.quantity_product_uom
        taken = Counter()
        for returned in own:
            taken[returned.lot_id] += self.obvious(returned)
        there = line._dms_read_returnable()[line]
        figures = (there["shipped"], there["returned"], there["taken"])
        for found, expected in zip(figures, (shipped, by_hand, taken), strict=True):
            self.case.assertAlmostEqual(found, sum(expected.values()), 2, self.done)
        accepted = sum(returned._in_own_unit(returned.accepted_qty) for returned in own)
        self.case.assertLessEqual(accepted, sum(shipped.values()) + 0.001, self.done)
        if not by_hand:
            for lot in {*shipped, *taken}:
                self.case.assertLessEqual(taken[lot], shipped[lot] + 0.001, self.done)

    def obvious(self, line):
        quantities = {"submitted": line.quantity, "approved": line.approved_qty, "received": line.received_qty}
        counts = quantities.get(line.state, line.accepted_qty if line.state in ("inspected", "settled") else 0)
        return counts * (12 if line.product_uom_id == self.case.case else 1)

    def check_delivered(self, line):
        """Shipped, less by hand, less accepted for credit."""
        credit = line.dms_return_line_ids.filtered(lambda own: own.state == "inspected" and own.return_id.resolution == "credit")
        there = line._dms_read_returnable()[line]
        expected = there["shipped"] - there["returned"] - sum(own._in_own_unit(own.accepted_qty) for own in credit)
        found = line.product_uom_id._compute_quantity(line.qty_delivered, line.product_id.uom_id, round=False)
        self.case.assertAlmostEqual(found, expected, delta=0.5 if line.product_uom_id == self.case.case else 0.001, msg=str(self.done))

    def check_goods(self):
        """What came lies in the inspection until it is inspected, and then where it belongs."""
        waiting = Counter()
        for line in self.lines().filtered(lambda line: line.disposition != "destroyed_at_distributor"):
            if line.state in ("approved", "received"):
                waiting[line.product_id] += line._in_own_unit(line.received_qty)
        for product in (self.case.tea, self.case.milk):
            lying = self.case.lying(product, self.case.inspection) - self.case.foreign[product]
            self.case.assertAlmostEqual(lying, waiting[product], 2, f"{product.name}: {self.done}")

    def check_ledger(self):
        """The distributor's ledger is what arrived, less all that came back and what it destroyed."""
        case = self.case
        case.assertIsNone(case.env["dms.stock.position"]._find_difference(case.company, self.distributor), self.done)
        rows = case.env["dms.stock.ledger"].search([("distributor_id", "=", self.distributor.id), ("kind", "=", "return")])
        back = case.env["stock.move.line"].search(
            [
                ("state", "=", "done"),
                ("location_id.usage", "=", "customer"),
                ("move_id.sale_line_id.order_id", "in", [o.id for o in self.orders]),
            ]
        )
        gone = self.lines().filtered(lambda line: line.disposition == "destroyed_at_distributor")
        for product in (case.tea, case.milk):
            sent_back = sum(back.filtered(lambda entry, p=product: entry.product_id == p).mapped("quantity_product_uom"))
            destroyed = sum(line._in_own_unit(line.received_qty) for line in gone if line.product_id == product)
            booked = -sum(rows.filtered(lambda row, p=product: row.product_id == p).mapped("quantity"))
            case.assertAlmostEqual(booked, sent_back + destroyed, 2, f"{product.name}: {self.done}")


@tagged("post_install", "-at_install")
class TestRandomReturns(ReturnsCommon):
    def test_nothing_comes_back_that_was_not_delivered(self):
        done = Counter()
        for seed in range(SEQUENCES):
            dice = random.Random(seed)
            life = Life(self, dice)
            self.foreign = {product: self.lying(product, self.inspection) for product in (self.tea, self.milk)}
            with self.subTest(seed=seed), mute_logger("odoo.addons.mail.models.mail_mail"):
                for _step in range(STEPS):
                    life.step()
            done.update(life.done)
        self.assertEqual(set(done), set(WEIGHTS), "everything has happened")
