import random

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .refund_common import RefundCommon


@tagged("post_install", "-at_install")
class TestCreditInvoice(RefundCommon):
    """Money that is given back of an invoice as a whole: with what comes back of its lines never more than it came to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.env["account.account"].search([("account_type", "=", "expense"), ("company_ids", "in", cls.company.ids)], limit=1)
        kinds = ("spend", "price_difference", "price_protection")
        values = [{"name": f"T {kind}", "code": f"T-{kind}", "kind": kind, "account_id": cls.expense.id} for kind in kinds]
        cls.types = dict(zip(kinds, cls.env["dms.claim.type"].create(values), strict=True))

    # ------------------------------------------------------------ ways to give back

    def approved(self, order, amount, line=None, kind="spend"):
        """An approved claim of one sum that names the invoice of an order, or of a line of it."""
        about = {"invoice_id": self.bill_of(order).id, "amount_claimed": amount}
        if line:
            row = {"source_model": "account.move.line", "source_id": line.invoice_lines[:1].id, "amount_claimed": amount}
            about = {"line_ids": [Command.create(row)]}
        claim = self.env["dms.claim"].with_user(self.desk)
        claim = claim.create({"distributor_id": self.alpha.id, "claim_type_id": self.types[kind].id, **about})
        claim.action_submit()
        claim.with_user(self.officer).action_approve()
        return claim.with_env(self.env)

    def pay(self, order, amount, line=None):
        claim = self.approved(order, amount, line)
        claim.with_user(self.officer).action_settle()
        return claim

    def credit_by_hand(self, order, amount, taxes=None):
        """A credit note of an accountant that names the invoice and no line of the order."""
        bill = self.bill_of(order)
        item = {"name": "Goodwill", "quantity": 1, "price_unit": amount, "tax_ids": [Command.set((taxes or self.tax20.browse()).ids)]}
        values = {"move_type": "out_refund", "partner_id": self.alpha.id, "reversed_entry_id": bill.id, "invoice_date": bill.invoice_date}
        note = self.env["account.move"].create({**values, "invoice_line_ids": [Command.create(item)]})
        note.action_post()
        return note

    def bill_of(self, order):
        return order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and not move.reversed_entry_id).sorted("id")[:1]

    def credited(self, order):
        """Untaxed of all that was given back for the order: by returns, by claims, by hand; what was taken back counts against it."""
        bill = self.bill_of(order)
        claims = self.env["dms.claim"].search([("invoice_id", "=", bill.id), ("state", "=", "settled")])
        notes = self.env["account.move"].search([("reversed_entry_id", "=", bill.id), ("state", "=", "posted")]) | claims.refund_id
        notes |= notes.reversal_move_ids.filtered(lambda move: move.state == "posted")
        return -sum(notes.mapped("amount_untaxed_signed")) + 0.0

    def refuse_claim(self, order, amount, line=None):
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            self.approved(order, amount, line)
        self.env.invalidate_all()

    # ------------------------------------------------------------ a claim of one sum

    def test_sum_then_returns_pay_what_is_left_of_the_invoice(self):
        for paid, steps, credited in (
            (50.0, (3, 7), [30.0, 20.0]),
            (50.0, (10,), [50.0]),
            (100.0, (4, 6), [0.0, 0.0]),
            (20.0, (1, 8, 1), [10.0, 70.0, 0.0]),
            (0.01, (9, 1), [90.0, 9.99]),
        ):
            with self.subTest(paid=paid, steps=steps):
                order = self.confirmed({self.tea: 10})
                self.pay(order, paid)
                notes = [self.give_back({order.order_line: step}) for step in steps]
                self.assertEqual([sum(note.mapped("amount_untaxed")) for note in notes], credited)
                self.assertAlmostEqual(sum(sum(note.mapped("amount_tax")) for note in notes), 20.0, msg="the sum had no tax on it")
                self.assertEqual((self.credited(order), order.order_line.qty_invoiced), (100.0, 0.0))

    def test_sum_lowers_the_last_lines_of_several(self):
        order = self.confirmed({self.tea: 10, self.coffee: 10})
        total = order.amount_untaxed
        self.pay(order, total - 40.0)
        self.give_back({line: 10 for line in order.order_line})
        self.assertAlmostEqual(self.credited(order), total)

    def test_sum_after_returns_is_limited_to_what_is_left(self):
        order = self.confirmed({self.tea: 10})
        self.give_back({order.order_line: 7})
        self.refuse_claim(order, 30.01)
        self.pay(order, 30.0)
        self.refuse_claim(order, 0.01)
        self.give_back({order.order_line: 3})
        self.assertEqual(self.credited(order), 100.0)

    def test_sum_approved_before_goods_came_back_is_not_paid(self):
        order = self.confirmed({self.tea: 10})
        claim = self.approved(order, 50.0)
        self.give_back({order.order_line: 6})
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            claim.with_user(self.officer).action_settle()
        self.env.invalidate_all()
        self.assertEqual((claim.state, self.credited(order)), ("approved", 60.0))

    def test_sum_and_claims_of_lines_share_the_invoice(self):
        order = self.confirmed({self.tea: 10})
        self.pay(order, 60.0)
        self.refuse_claim(order, 40.01, order.order_line)
        self.pay(order, 40.0, order.order_line)
        self.give_back({order.order_line: 10})
        notes = self.env["account.move"].search([("commercial_partner_id", "=", self.alpha.id), ("move_type", "=", "out_refund")])
        self.assertEqual(sum(notes.mapped("amount_untaxed")), 100.0)

    def test_sum_that_was_taken_back_frees_its_part(self):
        order = self.confirmed({self.tea: 10})
        claim = self.pay(order, 80.0)
        self.assertEqual(self.give_back({order.order_line: 5}).amount_untaxed, 20.0)
        claim.with_user(self.claims_manager).action_reverse("A mistake")
        self.assertEqual(self.give_back({order.order_line: 5}).amount_untaxed, 80.0)
        self.assertEqual(self.credited(order), 100.0)

    def test_fee_makes_no_room(self):
        """What a fee keeps of a credit note was credited for the goods: it is not left to be claimed."""
        self.net.restocking_fee_percent = 10
        order = self.confirmed({self.tea: 10})
        self.assertEqual(self.give_back({order.order_line: 10}).amount_untaxed, 90.0)
        self.refuse_claim(order, 0.01)

    def test_sum_before_a_requalified_return(self):
        for paid, steps in ((70.0, (10,)), (70.0, (3, 7)), (40.0, (1, 2, 7)), (90.0, (5, 5))):
            with self.subTest(paid=paid, steps=steps):
                self.env["dms.scheme"].search([("state", "=", "approved")]).action_close()
                self.create_scheme([(8, "percent", 10)], product_ids=self.tea)
                order = self.confirmed({self.tea: 10})
                self.pay(order, paid)
                for step in steps:
                    self.give_back({order.order_line: step}, self.requalify)
                    self.assertLessEqual(self.credited(order), 90.0)
                self.assertEqual(self.credited(order), 90.0)

    def test_sum_after_a_requalified_return_leaves_what_it_carries(self):
        """What kept goods cost more is given back with the last of them: it is not left to be claimed."""
        self.create_scheme([(8, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 10})
        self.assertEqual(self.give_back({order.order_line: 3}, self.requalify).amount_untaxed, 20.0)
        self.refuse_claim(order, 63.01)
        self.pay(order, 63.0)
        self.give_back({order.order_line: 7}, self.requalify)
        self.assertEqual(self.credited(order), 90.0)

    def test_random_credits_never_exceed_the_invoice(self):
        self.create_scheme([(5, "percent", 3.3), (20, "percent", 7.7)], product_ids=self.tea | self.coffee)
        self.create_scheme([(300, "lump_amount", 17.77)], scope="basket", basis="amount")
        for seed in range(6):
            rng = random.Random(seed)
            order = self.confirmed({self.tea: rng.randint(15, 25), self.coffee: rng.randint(12, 24)})
            with self.subTest(seed=seed):
                reversed_once = self.credit_at_random(order, rng)
                if not reversed_once:
                    self.assertAlmostEqual(self.credited(order), self.bill_of(order).amount_untaxed)

    def credit_at_random(self, order, rng):
        """Parts come back, sums and lines are claimed, some of it is taken back, then the rest comes back; whether any was."""
        left, claims, reversals = {line: line.product_uom_qty for line in order.order_line}, [], 0
        reasons = rng.choice(([self.net], [self.requalify], [self.net, self.requalify]))
        for _step in range(7):
            action, line = rng.choice(("return", "return", "sum", "sum", "line", "hand", "reverse")), rng.choice(order.order_line)
            open_amount = self.bill_of(order).amount_untaxed - self.credited(order)
            amount = round(open_amount * rng.choice((0.1, 0.4, 1.2)), 2)
            if action == "return":
                back = {line: rng.randint(0, int(left[line] // 2)) for line in left}
                self.give_back({line: quantity for line, quantity in back.items() if quantity} or {line: 1}, rng.choice(reasons))
                left = {line: left[line] - back[line] for line in left} if any(back.values()) else {**left, line: left[line] - 1}
            elif action == "hand" and amount < open_amount / 2 and amount > 0:
                self.credit_by_hand(order, amount)
            elif action in ("sum", "line") and amount > 0:
                claims += self.try_to_pay(order, amount, line if action == "line" else None)
            elif action == "reverse" and claims:
                claims.pop().with_user(self.claims_manager).action_reverse("A mistake")
                reversals += 1
            self.assertLessEqual(round(self.credited(order), 2), self.bill_of(order).amount_untaxed)
        self.give_back({line: quantity for line, quantity in left.items() if quantity}, rng.choice(reasons))
        self.assertLessEqual(round(self.credited(order), 2), self.bill_of(order).amount_untaxed)
        return bool(reversals)

    def try_to_pay(self, order, amount, line):
        """``[claim]``, or nothing where it is refused."""
        try:
            with self.cr.savepoint():
                return [self.pay(order, amount, line)]
        except UserError:
            self.env.invalidate_all()
            return []

    # ------------------------------------------------------------ by hand, and discounts

    def test_sum_by_hand_counts_for_returns_and_claims(self):
        order = self.confirmed({self.tea: 10})
        note = self.credit_by_hand(order, 30.0, self.tax20)
        self.refuse_claim(order, 70.01)
        refund = self.give_back({order.order_line: 10})
        self.assertEqual((refund.amount_untaxed, refund.amount_total, note.amount_total), (70.0, 84.0, 36.0))

    def test_discount_on_a_line_of_its_own_is_not_paid_out(self):
        order = self.confirmed({self.tea: 10}, invoiced=False)
        discount = self.create_product("Rebate", "T-REB", 0.0, type="service", is_storable=False, invoice_policy="order")
        values = {"product_id": discount.id, "product_uom_qty": 1, "price_unit": -15.0, "tax_ids": [Command.set(self.tax20.ids)]}
        order.order_line = [Command.create(values)]
        self.assertEqual(self.invoice(order).amount_untaxed, 85.0)
        line = self.line_of(order, self.tea)
        self.assertEqual(self.give_back({line: 4}).amount_untaxed, 40.0)
        self.assertEqual(self.give_back({line: 6}).amount_untaxed, 45.0)
        self.assertEqual(self.credited(order), 85.0)

    def test_down_payment_is_paid_for_the_goods(self):
        order = self.confirmed({self.tea: 10}, invoiced=False)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create({"advance_payment_method": "percentage", "amount": 40})._create_invoices(order).action_post()
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual(final.amount_untaxed, 60.0)
        self.assertEqual(self.give_back({self.line_of(order, self.tea): 10}).amount_untaxed, 100.0)

    # ------------------------------------------------------------ known before

    def test_expected_credit_is_what_the_settlement_pays(self):
        for label, prepare in {
            "nothing": lambda order: None,
            "a sum": lambda order: self.pay(order, 80.0),
            "a line": lambda order: self.pay(order, 25.0, order.order_line),
            "by hand": lambda order: self.credit_by_hand(order, 95.0),
            "a return": lambda order: self.give_back({order.order_line: 4}),
        }.items():
            with self.subTest(label):
                order = self.confirmed({self.tea: 10})
                prepare(order)
                case = self.inspected({order.order_line: 6})
                expected = case.credit_amount
                self.settle(case)
                self.assertEqual(expected, case.credit_amount)

    def test_expected_credit_follows_claims_paid_meanwhile(self):
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 10})
        self.assertEqual(case.credit_amount, 100.0)
        claim = self.pay(order, 30.0, order.order_line)
        self.assertEqual(case.credit_amount, 70.0)
        other = self.pay(order, 20.0)
        self.assertEqual(case.credit_amount, 50.0)
        for paid in (claim, other):
            paid.with_user(self.claims_manager).action_reverse("A mistake")
        self.assertEqual(case.credit_amount, 100.0)

    def test_expected_credit_counts_what_will_be_invoiced_first(self):
        order = self.confirmed({self.tea: 10}, delivered={self.tea: 6})
        self.deliver(order, {self.tea: 4})
        values = {"sale_line_id": order.order_line.id, "quantity": 7, "reason_id": self.net.id}
        case = self.env["dms.return"].with_user(self.desk).create({"distributor_id": self.alpha.id, "line_ids": [Command.create(values)]})
        case.action_submit()
        self.assertEqual(case.credit_amount, 70.0, "4 are still to be invoiced")
        case.line_ids.sudo().write({"approved_qty": 7, "received_qty": 7, "accepted_qty": 7})
        case.sudo()._enter("inspected")
        self.assertEqual(case.credit_amount, 30.0, "they will not be, so that nothing is credited for them")
