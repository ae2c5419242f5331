"""Random lives of orders: whatever is done in whatever order, what the suite says of an order is what its documents say."""

import random
from itertools import groupby

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.common import DmsCommon

from tests.random_life import RandomLife

SEQUENCES = 80
STEPS = 9
#: actions that done again right away must change nothing
REPEATABLE = {"submit", "confirm", "release", "reject", "cancel", "request_cancel", "reset", "recheck", "accept", "refuse"}
WEIGHTS = {
    "edit": 3, "add_line": 1, "submit": 4, "confirm": 5, "amend": 5, "release": 4, "reject": 1, "accept": 3, "refuse": 1,
    "deliver_part": 4, "deliver_all": 3, "cancel_rest": 1, "give_back": 2, "invoice": 3, "cancel": 1, "request_cancel": 1,
    "reset": 2, "lock": 1, "unlock": 1, "recheck": 2, "printed": 1, "suspend": 1, "activate": 2,
}  # fmt: skip


class Life(RandomLife):
    """One order, what is done to it, and what must be in it: ``{product: quantity}``."""

    weights, repeatable = WEIGHTS, REPEATABLE

    def __init__(self, case, dice):
        super().__init__(case, dice)
        self.again = False
        self.order = case.create_order(lines={product: dice.choice((3, 5, 7, 10, 60)) for product in case.goods})
        self.expected = self.quantities()
        self.applied = self.order.dms_revision_ids
        self.decided = self.order.dms_hold_ids  # holds of the last decision, for the same again

    def bought(self):
        """Lines that somebody ordered."""
        return self.order.order_line

    def quantities(self):
        lines = self.bought().sorted(lambda line: line.product_id.id)
        return {product: sum(line.product_uom_qty for line in group) for product, group in groupby(lines, lambda line: line.product_id)}

    def pending(self):
        return self.order.dms_revision_ids.filtered(lambda revision: revision.state in ("requested", "on_hold"))

    def open_holds(self):
        return self.order.dms_hold_ids.filtered(lambda hold: hold.state == "open")

    def moves(self):
        return self.case.env["stock.move"].search([("sale_line_id.order_id", "=", self.order.id)])

    # ------------------------------------------------------------ what may happen

    def edit(self):
        line = self.dice.choice(self.bought())
        if not self.pending():
            line.with_user(self.case.salesperson).product_uom_qty = self.dice.choice((1, 5, 10, 20, 55))
            self.expected = self.quantities()

    def add_line(self):
        if not self.pending():
            product = self.dice.choice(self.case.goods)
            values = {"order_line": [Command.create({"product_id": product.id, "product_uom_qty": self.dice.choice((2, 5))})]}
            self.order.with_user(self.case.salesperson).write(values)
            self.expected = self.quantities()

    def submit(self):
        self.order.with_user(self.dice.choice((self.case.desk, self.case.alpha_user))).action_dms_submit()

    def confirm(self):
        self.order.with_user(self.case.desk).action_confirm()

    def amend(self):
        changes = [
            {"line_id": line.id, "product_id": line.product_id.id, "quantity": self.dice.choice((0, 4, 5, 10, 15, 60))}
            for line in self.dice.sample(list(self.bought()), self.dice.randint(0, min(2, len(self.bought()))))
        ]
        if self.dice.random() < 0.3:
            changes.append({"line_id": None, "product_id": self.dice.choice(self.case.goods).id, "quantity": self.dice.choice((3, 5, 50))})
        self.order.with_user(self.dice.choice((self.case.alpha_user, self.case.desk))).action_dms_amend(changes)

    def release(self):
        self.decide().action_release("as they wish")

    def reject(self):
        self.decide().action_reject("no")

    def decide(self):
        if not self.again:
            self.decided = self.open_holds()
        return self.decided.with_user(self.case.manager)

    def accept(self):
        self.pending()[:1].with_user(self.case.desk2).action_accept()

    def refuse(self):
        self.pending()[:1].with_user(self.case.desk2).action_refuse("no")

    def deliver_part(self):
        goods = {
            move.product_id: max(1, move.product_uom_qty // 2)
            for move in self.order.picking_ids.move_ids
            if move.state not in ("done", "cancel")
        }
        self.case.deliver(self.order, goods)

    def deliver_all(self):
        self.case.deliver(self.order)

    def cancel_rest(self):
        self.order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")).action_cancel()

    def give_back(self):
        picking = self.order.picking_ids.filtered(lambda p: p.state == "done" and p.location_dest_id.usage == "customer")[:1]
        if not picking:
            raise UserError("nothing to give back")
        wizard = self.case.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity
        back = self.case.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for move in back.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        back._action_done()

    def invoice(self):
        self.case.invoice(self.order)

    def cancel(self):
        self.order.with_user(self.case.desk).action_cancel()

    def request_cancel(self):
        self.order.with_user(self.case.alpha_user).action_dms_request_cancel("changed our mind")

    def reset(self):
        self.order.with_user(self.case.desk).action_draft()

    def lock(self):
        self.order.action_lock()

    def unlock(self):
        self.order.action_unlock()

    def recheck(self):
        self.case.env["sale.order"]._cron_dms_recheck_holds()

    def printed(self):
        self.order.picking_ids.printed = True

    def suspend(self):
        self.case.alpha.distributor_state = "suspended"

    def activate(self):
        self.case.alpha.distributor_state = "active"

    # ------------------------------------------------------------ one step

    def before(self):
        self.was_confirmed = self.order.state == "sale"

    def repeat(self, name):
        self.again = True
        self.attempt(name)
        self.again = False

    def picture(self):
        order = self.order
        return (
            order.state, order.dms_state, order.dms_submitted_on, self.quantities(), order.amount_total,
            sorted((hold.id, hold.state, hold.released_on) for hold in order.dms_hold_ids),
            sorted((revision.id, revision.state, revision.decided_on) for revision in order.dms_revision_ids),
            sorted((move.id, move.state, move.product_uom_qty, move.quantity) for move in self.moves()),
            sorted((move.id, move.state) for move in order.invoice_ids),
            len(order.message_ids.filtered(lambda message: message.message_type == "comment")),
        )  # fmt: skip

    # ------------------------------------------------------------ what must hold

    def check(self):
        case, order = self.case, self.order
        case.assertEqual(order.dms_state, self.obvious_state(), self.done)
        self.check_holds()
        self.check_revisions()
        case.assertEqual(self.quantities(), self.expected, self.done)
        self.check_total()
        if order.state == "sale" and not self.was_confirmed:
            case.assertEqual(order._dms_open_findings(order._dms_gate_findings()), {order.id: []}, self.done)
        if order.state == "cancel":
            case.assertFalse(self.pending(), f"{self.done}: a cancelled order waits for no answer")
            case.assertFalse(self.moves().filtered(lambda move: move.state not in ("done", "cancel")), self.done)

    def obvious_state(self):
        """The reading of the status, from the documents alone."""
        order = self.order
        if order.state == "cancel":
            return "cancelled"
        if order.state != "sale":
            held = self.open_holds().filtered(lambda hold: not hold.revision_id)
            return "on_hold" if held else "submitted" if order.dms_submitted_on else "draft"
        out = self.moves().filtered(lambda move: move.location_dest_id.usage == "customer")
        if not out.filtered(lambda move: move.state == "done"):
            return "confirmed"
        if out.filtered(lambda move: move.state not in ("done", "cancel")):
            return "partially_delivered"
        return "invoiced" if all(self.invoiced(line) >= self.delivered(line) for line in order.order_line) else "delivered"

    def delivered(self, line):
        done = line.move_ids.filtered(lambda move: move.state == "done")
        back = done.filtered(lambda move: move.location_id.usage == "customer")
        return sum((done - back).mapped("quantity")) - sum(back.mapped("quantity"))

    def invoiced(self, line):
        posted = line.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        return sum(item.quantity if item.move_type == "out_invoice" else -item.quantity for item in posted)

    def check_holds(self):
        case, order = self.case, self.order
        keys = [(hold.revision_id.id, hold.gate) for hold in self.open_holds()]
        case.assertEqual(len(keys), len(set(keys)), f"{self.done}: one open hold per gate")
        if order.state == "cancel":
            case.assertFalse(keys, f"{self.done}: a cancelled order is not held")
        if order.state == "sale":
            case.assertTrue(all(revision for revision, _gate in keys), f"{self.done}: a confirmed order is not held")
        for revision in order.dms_revision_ids:
            held = bool(revision.hold_ids.filtered(lambda hold: hold.state == "open"))
            case.assertEqual(held, revision.state == "on_hold", f"{self.done}: change {revision.number} is {revision.state}")

    def check_revisions(self):
        """Replay the changes that were applied since the last look."""
        for revision in (self.order.dms_revision_ids - self.applied).sorted("decided_on"):
            if revision.state == "applied" and revision.kind == "change":
                for line in revision.line_ids:
                    self.expected[line.product_id] = self.expected.get(line.product_id, 0) + line.difference
                self.applied |= revision
        if self.order.state != "sale":
            present = self.bought().product_id
            self.expected = {product: quantity for product, quantity in self.expected.items() if quantity or product in present}

    def check_total(self):
        order = self.order
        before = (order.amount_untaxed, order.amount_total)
        order.env.add_to_compute(order._fields["amount_total"], order)
        order.env.add_to_compute(order.order_line._fields["price_subtotal"], order.order_line)
        self.case.assertEqual((order.amount_untaxed, order.amount_total), before, self.done)
        self.case.assertAlmostEqual(order.amount_untaxed, sum(order.order_line.mapped("price_subtotal")), 2, self.done)


@tagged("post_install", "-at_install")
class TestRandomOrders(DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = [cls.tea, cls.coffee, cls.syrup]
        cls.tea.order_min_qty = 5
        cls.coffee.order_multiple = 5
        cls.distributor_class.min_order_amount = 100
        cls.env.company.dms_duplicate_minutes = 0

    def test_any_sequence_keeps_the_books_straight(self):
        seen = set()
        for seed in range(SEQUENCES):
            dice = random.Random(seed)
            self.alpha.distributor_state = "active"
            self.distributor_class.auto_confirm = dice.random() < 0.3
            life = Life(self, dice)
            with self.subTest(seed=seed):
                for _step in range(STEPS):
                    life.step()
                    seen.add(life.order.dms_state)
        self.assertEqual(seen, set(dict(life.order._fields["dms_state"].selection)), "every state was reached")

    def test_total_is_that_of_the_same_order_in_core(self):
        dice = random.Random(1)
        for _round in range(5):
            lines = {product: dice.choice((3, 7, 25)) for product in self.goods}
            own, plain = self.create_order(lines=lines), self.create_order(self.customer, lines, pricelist_id=self.pricelist.id)
            for name in ("amount_untaxed", "amount_tax", "amount_total"):
                self.assertEqual(own[name], plain[name], name)
