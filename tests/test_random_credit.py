"""Random histories of credit: after every step the figures equal those taken from the documents one by one."""

import random
from datetime import datetime, time, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_credit.tests.common import CreditCommon

from tests.obvious_credit import ObviousCredit
from tests.random_life import RandomLife

SEQUENCES = 30
STEPS = 12
#: actions tried for a step until one is possible
TRIES = 8
WEIGHTS = {
    "order": 3, "confirm": 7, "confirm_all": 2, "release": 5, "release_part": 3, "reject": 1, "amend": 5, "accept": 3, "write": 3,
    "deliver_part": 6, "deliver_all": 4, "short_close": 2, "cancel": 1, "give_back": 4, "invoice": 6, "invoice_part": 4, "post": 6,
    "reset": 2, "credit": 4, "credit_part": 4, "price_note": 1, "deposit": 4, "free_invoice": 3, "pay": 4, "pay_invoice": 4,
    "allocate": 4, "pay_foreign": 1, "pay_online": 4, "book_online": 6, "limit": 3, "grant": 1, "secure": 1, "settings": 1, "recheck": 3,
    "promise": 2,
}  # fmt: skip


class History(RandomLife):
    """What happens between a company and its distributor, in any order."""

    def __init__(self, case, dice):
        super().__init__(case, dice)
        self.orders = self.env["sale.order"]
        self.payments = self.env["account.payment"]
        self.moves = self.env["account.move"]

    def pick(self, records, condition=lambda record: True):
        found = records.filtered(condition)
        if not found:
            raise UserError("nothing to do it with")
        return self.dice.choice(found)

    def open_orders(self, states=("sale",)):
        return self.pick(self.orders, lambda order: order.state in states)

    # ------------------------------------------------------------ orders

    def order(self):
        case, dice = self.case, self.dice
        lines = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": dice.choice((1, 3, 7, 10)),
                    "discount": dice.choice((0, 0, 0, 12.5)),
                    "tax_ids": [Command.set(dice.choice(case.taxes).ids)],
                }
            )
            for product in dice.sample(case.goods, dice.randint(1, 3))
        ]
        case.alpha.specific_property_product_pricelist = dice.choice(case.pricelists)
        values = {"order_line": lines}
        if dice.random() < 0.2:
            values["partner_invoice_id"] = dice.choice((case.contact, case.beta)).id
        self.orders += case.create_order(lines={}, **values)
        if dice.random() < 0.5:
            self.confirm()

    def confirm(self):
        self.open_orders(("draft", "sent")).with_user(self.case.desk).action_confirm()

    def confirm_all(self):
        self.orders.filtered(lambda order: order.state == "draft").with_user(self.case.desk).action_confirm()

    def holds(self):
        holds = self.orders.dms_hold_ids | self.orders.dms_revision_ids.hold_ids
        return self.pick(holds, lambda hold: hold.state == "open").with_user(self.case.controller)

    def release(self):
        self.holds().action_release("agreed")

    def release_part(self):
        self.holds().action_release_part("what fits")

    def reject(self):
        self.holds().action_reject("no")

    def amend(self):
        self.change(self.open_orders(("sale", "draft")), self.dice.choice((self.case.desk, self.case.alpha_user)))

    def change(self, order, user):
        line = self.pick(order.order_line, lambda line: line.product_id and not line.is_downpayment)
        change = {"line_id": line.id, "product_id": line.product_id.id, "quantity": self.dice.choice((0, 2, 8, 12, 20))}
        return order.with_user(user).action_dms_amend([change])

    def accept(self):
        """The desk accepts a change asked for after the warehouse had begun."""
        revisions = self.orders.dms_revision_ids.filtered(lambda revision: revision.state == "requested")
        begun = self.orders.filtered(lambda order: order.state == "sale" and order._dms_is_picking_started())
        revision = revisions[:1] or self.change(self.pick(begun), self.case.alpha_user)
        revision.with_user(self.case.desk2).action_accept()

    def write(self):
        line = self.pick(self.open_orders().order_line, lambda line: line.product_id and not line.is_downpayment)
        name, value = self.dice.choice((("product_uom_qty", 9), ("product_uom_qty", 15), ("price_unit", 21.37), ("discount", 5)))
        line.with_user(self.case.desk).write({name: value})

    def promise(self):
        day = datetime.combine(self.case.day(self.dice.choice((0, 5, 6, 40))), time(12))
        self.open_orders(("draft", "sale")).commitment_date = self.case.company._dms_utc(day)

    def deliver_part(self):
        order = self.open_orders()
        live = order.picking_ids.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        self.case.deliver(order, {move.product_id: max(1, move.product_uom_qty // 2) for move in live})

    def deliver_all(self):
        self.case.deliver(self.open_orders())

    def short_close(self):
        self.case.short_close(self.open_orders())

    def cancel(self):
        self.open_orders(("sale", "draft")).with_user(self.case.desk).action_cancel()

    def give_back(self):
        order = self.pick(self.orders, lambda order: any(line.qty_delivered > 0 and line.move_ids for line in order.order_line))
        product = self.pick(order.order_line, lambda line: line.qty_delivered > 0 and line.move_ids).product_id
        self.case.give_back(order, {product: 1}, self.dice.random() < 0.6)

    # ------------------------------------------------------------ invoices and money

    def invoice(self):
        self.case.invoice_rest(self.open_orders())

    def invoice_part(self):
        order = self.open_orders()
        quantities = {line.product_id: self.dice.choice((0, 1, 2)) for line in order.order_line if line.product_id}
        self.case.invoice_part(order, quantities, post=self.dice.random() < 0.7)

    def entries(self):
        return self.moves | self.orders.invoice_ids

    def post(self):
        self.pick(self.entries(), lambda move: move.state == "draft").action_post()

    def reset(self):
        self.pick(self.entries(), lambda move: move.state == "posted").button_draft()

    def posted(self, kind="out_invoice"):
        return self.pick(self.entries(), lambda move: move.state == "posted" and move.move_type == kind)

    def credit(self):
        self.moves |= self.case.reverse(self.posted())

    def credit_part(self):
        def is_of_goods(line):
            return line.product_id and not line.is_downpayment and line.quantity >= 1

        items = self.entries().filtered(lambda m: m.state == "posted" and m.move_type == "out_invoice").invoice_line_ids
        item = self.pick(items, is_of_goods)
        self.moves |= self.case.reverse(item.move_id, {item.product_id: 1})

    def price_note(self):
        self.moves |= self.case.create_credit_note(self.dice.choice((3.33, 17)), self.case.today)

    def deposit(self):
        order = self.open_orders()
        values = self.dice.choice(({"amount": 15.55}, {"percent": 20}, {"percent": 100}))
        self.case.create_down_payment(order, post=self.dice.random() < 0.8, **values)

    def free_invoice(self):
        due = self.case.day(self.dice.choice((-120, -75, -31, -30, -1, 0, 14)))
        invoice = self.case.create_invoice(self.dice.choice((12.5, 80)), min(due, self.case.today), due, self.payer())
        if self.dice.random() < 0.4:
            invoice.button_draft()
        self.moves |= invoice

    def payer(self):
        return self.dice.choice((self.case.alpha, self.case.alpha, self.case.contact, self.case.beta))

    def pay(self):
        self.payments += self.case.pay(self.dice.choice((10, 33.33, 250)), partner=self.payer())

    def pay_invoice(self):
        invoice = self.posted()
        amount = self.case.company.currency_id.round(invoice.amount_residual_signed * self.dice.choice((0.3, 1, 1.2)))
        if amount > 0:
            self.payments += self.case.pay(amount, invoice, partner=invoice.partner_id)

    def allocate(self):
        invoice = self.pick(self.entries(), lambda m: m.state == "posted" and m.move_type == "out_invoice" and m.amount_residual)
        waiting = self.payments.filtered(
            lambda p: not p.is_reconciled and p.partner_id.commercial_partner_id == invoice.commercial_partner_id
        )
        self.case.match(waiting[:1] or self.case.pay(5, partner=invoice.partner_id), invoice)

    def pay_foreign(self):
        self.payments += self.case.create_payment(50, self.case.today, currency=self.case.foreign)

    def pay_online(self):
        order = self.open_orders(("draft", "sale"))
        orders = order | self.pick(self.orders, lambda other: other.currency_id == order.currency_id and other.state != "cancel")
        self.case.pay_online(orders, self.dice.choice((None, 20, 55.55)))

    def book_online(self):
        waiting = self.orders.transaction_ids.filtered(lambda tx: tx.state == "done" and not tx.payment_id)
        transaction = self.pick(waiting)
        transaction.payment_id = self.case.create_payment(transaction.amount, self.case.today, currency=transaction.currency_id)

    # ------------------------------------------------------------ terms

    def limit(self):
        self.case.account.action_set_limit(self.dice.choice((0, 100, 250, 600, None)), "random")

    def grant(self):
        first = self.dice.choice((-3, 0, 2))
        self.case.grant(self.dice.choice((50, 120)), first, first + 3)

    def secure(self):
        last = self.dice.choice((False, self.case.today, self.case.day(-1)))
        self.case.account.write({"secured_amount": 70, "secured_until": last})

    def settings(self):
        name, values = self.dice.choice((("credit_horizon_days", (False, 0, 5)), ("credit_include_drafts", (True, False))))
        self.case.company[name] = self.dice.choice(values)

    def recheck(self):
        self.case.recheck()

    # ------------------------------------------------------------ one step

    def step(self):
        """One thing that can be done at this point is done, and looked at."""
        before = {order: (order.state, order.amount_total) for order in self.orders}
        if any(self.attempt(name) for name in self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=TRIES)):
            self.orders |= self.env["sale.order"].search([("dms_split_from_id", "in", self.orders.ids)])
            self.check_figures()
            self.check_limit(before)

    # ------------------------------------------------------------ what must hold

    def check_figures(self):
        for account in (self.case.account, self.case.other_account):
            expected = ObviousCredit(account.partner_id, account.company_id).figures()
            got = {name: round(account[name], 6) for name in expected}
            self.case.assertEqual(got, expected, f"{account.partner_id.name}: {self.done}")

    def check_limit(self, before):
        """Whatever was confirmed, or grew as a confirmed order, left the exposure within the limit or was released."""
        taken = self.orders.filtered(lambda o: o.state == "sale" and (before.get(o, ("",))[0] != "sale" or o.amount_total > before[o][1]))
        for account in (self.case.account, self.case.other_account):
            mine = taken.filtered(lambda order, a=account: a.partner_id in (order.distributor_id | order.partner_invoice_id))
            if mine and account.has_limit and account.available_amount < 0 and not any(map(self.is_released, mine)):
                self.case.fail(f"{account.partner_id.name} is over its limit by {-account.available_amount}: {self.done}")

    def is_released(self, order):
        holds = (order.dms_hold_ids | order.dms_revision_ids.hold_ids).filtered(lambda hold: hold.gate == "credit_limit")
        return any(hold.state == "released" and hold.released_amount >= order.amount_total for hold in holds)


@tagged("post_install", "-at_install")
class TestRandomCredit(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = [cls.tea, cls.coffee, cls.service]
        cls.foreign = cls.create_foreign_currency({"2020-01-01": 1.37})
        foreign = cls.env["product.pricelist"].create({"name": "Foreign", "currency_id": cls.foreign.id})
        cls.pricelists = [cls.pricelist, cls.pricelist, foreign]
        create = cls.env["account.tax"].create
        included = {"amount": 20, "type_tax_use": "sale", "price_include_override": "tax_included"}
        cls.taxes = [
            cls.env["account.tax"],
            create({"name": "T 7.7", "amount": 7.7, "type_tax_use": "sale"}),
            create({"name": "T 20 included", **included}),
        ]
        cls.contact = cls.env["res.partner"].create({"name": "Accounts", "parent_id": cls.alpha.id, "type": "invoice"})

    def test_figures_are_those_of_the_documents_and_no_order_goes_over_the_limit(self):
        missing = set(WEIGHTS)
        for seed in range(2 * SEQUENCES):
            if seed >= SEQUENCES and not missing:
                break
            dice = random.Random(seed)
            savepoint = self.env.cr.savepoint()
            history = self.start(dice)
            with self.subTest(seed=seed):
                for _step in range(STEPS):
                    history.step()
            missing -= set(history.done)
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertFalse(missing, "everything happened at least once")

    def start(self, dice):
        self.company.tax_calculation_rounding_method = dice.choice(("round_per_line", "round_globally"))
        (self.tea | self.coffee).invoice_policy = dice.choice(("order", "delivery"))
        self.distributor_class.auto_confirm = dice.random() < 0.5
        self.set_limit(dice.choice((150, 300)))
        self.set_limit(dice.choice((100, None)), self.beta)
        history = History(self, dice)
        for name in ("order", "order", "confirm_all"):
            history.attempt(name)
        return history

    def test_day_passes(self):
        """Nothing but the day changes: limits begin and end, promises come near, items grow old."""
        dice = random.Random(99)
        history = self.start(dice)
        for name in ("order", "free_invoice", "grant", "free_invoice", "secure", "order"):
            history.attempt(name)
        self.company.credit_horizon_days = 5
        for days in (1, 2, 5, 31, 95):
            self.company.partner_id.tz = "UTC"
            with self.subTest(days=days):
                today = self.today + timedelta(days=days)
                self.patch(type(self.company), "_dms_today", lambda company, today=today: today)
                self.env.invalidate_all()
                history.check_figures()
