import random

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .refund_common import RefundCommon


@tagged("post_install", "-at_install")
class TestCreditShared(RefundCommon):
    """Returns and claims on the same line of an invoice: together they pay what it came to, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            kind: cls.env["dms.claim.type"].create({"name": f"T {kind}", "code": f"T-{kind}", "kind": kind, "sequence": 1})
            for kind in ("transit_damage", "shortage", "price_difference", "spend")
        }

    # ------------------------------------------------------------ a claim

    def claim(self, line, amount, kind="price_difference", quantity=0.0):
        """An approved claim on the invoice line of an order line."""
        row = line._dms_get_sources()[line][0].key
        values = {"source_model": "account.move.line", "source_id": row.id, "amount_claimed": amount, "quantity": quantity}
        claim = (
            self.env["dms.claim"]
            .with_user(self.desk)
            .create(
                {
                    "distributor_id": line.order_id.distributor_id.id,
                    "claim_type_id": self.types[kind].id,
                    "line_ids": [Command.create(values)],
                }
            )
        )
        claim.action_submit()
        if claim.state != "approved":
            claim.with_user(self.officer).action_approve()
        return claim.with_env(self.env)

    def pay(self, line, amount, kind="price_difference", quantity=0.0):
        """A settled claim."""
        claim = self.claim(line, amount, kind, quantity)
        claim.with_user(self.officer).action_settle()
        return claim

    def still_paid(self, order):
        """(untaxed, tax, total) that is still paid for an order: invoiced, less all credit notes of returns and claims."""
        invoices = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and not move.reversed_entry_id)
        moves = invoices | self.env["account.move"].search([("reversed_entry_id", "in", invoices.ids)])
        moves |= moves.reversal_move_ids
        posted = moves.filtered(lambda move: move.state == "posted")
        return tuple(
            round(sum(posted.mapped(name)), 2) + 0.0 for name in ("amount_untaxed_signed", "amount_tax_signed", "amount_total_signed")
        )

    # ------------------------------------------------------------ one after the other

    def test_claim_then_return_pays_what_is_left(self):
        for kind, quantity, paid, steps, credited in (
            ("price_difference", 0.0, 20.0, (10,), [80.0]),
            ("price_difference", 0.0, 20.0, (5, 5), [40.0, 40.0]),
            ("price_difference", 0.0, 10.0, (3, 3, 4), [27.0, 27.0, 36.0]),
            ("price_difference", 4.0, 8.0, (10,), [92.0]),
            ("spend", 0.0, 100.0, (10,), []),
            ("shortage", 3.0, 30.0, (7,), [70.0]),
            ("shortage", 0.0, 30.0, (3, 4), [30.0, 40.0]),
            ("shortage", 3.0, 30.0, (10,), [70.0]),
            ("shortage", 3.0, 20.0, (8,), [80.0]),
            ("shortage", 1.0, 25.0, (9,), [75.0]),
            ("transit_damage", 2.0, 20.0, (1, 9), [10.0, 70.0]),
        ):
            with self.subTest(kind=kind, quantity=quantity, paid=paid, steps=steps):
                order = self.confirmed({self.tea: 10})
                self.pay(order.order_line, paid, kind, quantity)
                refunds = [refund.amount_untaxed for step in steps for refund in self.give_back({order.order_line: step})]
                self.assertEqual(refunds, credited)
                self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    def test_return_then_claim_is_limited_to_what_is_left(self):
        for returned, claimed, fits in ((3, 70.0, True), (3, 70.01, False), (10, 0.01, False), (9, 10.0, True), (9, 10.01, False)):
            with self.subTest(returned=returned, claimed=claimed):
                order = self.confirmed({self.tea: 10, self.coffee: 10})
                line = self.line_of(order, self.tea)
                self.give_back({line: returned})
                if fits:
                    self.pay(line, claimed, "spend")
                    continue
                with self.assertRaisesRegex(UserError, "left to be claimed"):
                    self.claim(line, claimed, "spend")

    def test_approved_claim_is_not_paid_once_the_goods_came_back(self):
        order = self.confirmed({self.tea: 10})
        claim = self.claim(order.order_line, 30.0, "shortage", 3.0)
        self.assertEqual(self.give_back({order.order_line: 10}).amount_untaxed, 100.0)
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            claim.with_user(self.officer).action_settle()
        self.env.invalidate_all()
        self.assertEqual((claim.state, claim.refund_id.id), ("approved", False))
        claim.with_user(self.claims_manager).action_reject("It came back")
        self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    def test_claim_that_still_fits_is_paid_after_a_return(self):
        order = self.confirmed({self.tea: 10})
        claim = self.claim(order.order_line, 30.0, "shortage", 3.0)
        self.give_back({order.order_line: 7})
        claim.with_user(self.officer).action_settle()
        self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    def test_two_claims_settled_at_once_share_what_a_return_left(self):
        order = self.confirmed({self.tea: 10})
        claims = self.claim(order.order_line, 30.0, "spend") | self.claim(order.order_line, 30.0, "shortage")
        self.give_back({order.order_line: 5})
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            claims.with_user(self.officer).action_settle()
        self.env.invalidate_all()
        claims[0].with_user(self.officer).action_settle()
        self.assertEqual(self.give_back({order.order_line: 5}).amount_untaxed, 20.0)

    # ------------------------------------------------------------ taken back

    def test_claim_that_was_taken_back_frees_its_part(self):
        for kind, quantity in (("price_difference", 0.0), ("shortage", 2.0)):
            with self.subTest(kind=kind):
                order = self.confirmed({self.tea: 10})
                claim = self.pay(order.order_line, 20.0, kind, quantity)
                self.give_back({order.order_line: 3})
                claim.with_user(self.claims_manager).action_reverse("A mistake")
                self.give_back({order.order_line: 2})
                self.give_back({order.order_line: 5})
                self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    def test_return_that_was_taken_back_frees_its_part(self):
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 10})
        self.settle(case)
        case.with_user(self.claims_manager).action_reverse("Never came")
        self.pay(order.order_line, 25.0)
        self.assertEqual(self.give_back({order.order_line: 10}).amount_untaxed, 75.0)
        self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    def test_invoice_that_takes_a_credit_note_back_is_not_claimed(self):
        order = self.confirmed({self.tea: 10})
        case = self.inspected({order.order_line: 10})
        refund = self.settle(case)
        case.with_user(self.claims_manager).action_reverse("Never came")
        row = refund.reversal_move_ids.invoice_line_ids
        line = {"source_model": "account.move.line", "source_id": row.id, "amount_claimed": 1.0}
        values = {"distributor_id": self.alpha.id, "claim_type_id": self.types["spend"].id, "line_ids": [Command.create(line)]}
        with self.assertRaises(ValidationError):
            self.env["dms.claim"].with_user(self.desk).create(values)

    def test_credit_by_hand_counts_for_both(self):
        order = self.confirmed({self.tea: 10})
        invoice = order.invoice_ids
        hand = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        hand.invoice_line_ids.write({"quantity": 4, "price_unit": 20.0})
        hand.action_post()
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            self.claim(order.order_line, 20.01, "spend")
        self.env.invalidate_all()
        self.pay(order.order_line, 8.0, "spend")
        self.assertEqual(self.give_back({order.order_line: 10}).amount_untaxed, 12.0)
        self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    # ------------------------------------------------------------ schemes

    def test_requalified_return_after_a_claim_pays_what_is_left_in_the_end(self):
        for kind, amount, quantity, steps in (
            ("price_difference", 20.0, 0.0, (3, 7)),
            ("price_difference", 20.0, 0.0, (1, 4, 5)),
            ("shortage", 27.0, 3.0, (2, 5)),
            ("shortage", 27.0, 3.0, (7,)),
        ):
            with self.subTest(kind=kind, steps=steps):
                self.env["dms.scheme"].search([("state", "=", "approved")]).action_close()
                self.create_scheme([(8, "percent", 10)], product_ids=self.tea)
                order = self.confirmed({self.tea: 10})
                line = order.order_line
                self.assertEqual(order.amount_untaxed, 90.0)
                self.pay(line, amount, kind, quantity)
                for step in steps:
                    self.give_back({line: step}, self.requalify)
                    self.assertGreaterEqual(self.still_paid(order)[0], 0.0)
                self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))
                self.assertEqual(self.returned(order), 10.0)

    # ------------------------------------------------------------ any way

    def test_random_returns_and_claims_sum_to_the_whole(self):
        self.create_scheme([(5, "percent", 3.3), (20, "percent", 7.7)], product_ids=self.tea | self.coffee)
        self.create_scheme([(300, "lump_amount", 17.77)], scope="basket", basis="amount")
        included = self.create_tax("T 19 included", 19, price_include_override="tax_included")
        for seed in range(6):
            rng = random.Random(seed)
            self.company.tax_calculation_rounding_method = rng.choice(("round_per_line", "round_globally"))
            self.tea.write({"list_price": rng.choice((9.99, 3.33, 10.0)), "taxes_id": [(6, 0, rng.choice((included, self.tax20)).ids)]})
            order = self.confirmed({self.tea: rng.randint(15, 25), self.coffee: rng.randint(12, 24)})
            with self.subTest(seed=seed):
                self.credit_at_random(order, rng)
                self.assertEqual(self.still_paid(order), (0.0, 0.0, 0.0))

    def credit_at_random(self, order, rng):
        """Parts come back, claims are paid and taken back in between; the rest comes back in the end."""
        left = {line: line.product_uom_qty for line in order.order_line}
        reasons, done = rng.choice(([self.net], [self.requalify], [self.net, self.requalify])), []
        for _step in range(8):
            line = rng.choice(order.order_line)
            action = rng.choice(("return", "return", "claim", "claim", "reverse", "undo"))
            if action == "return":
                back = {line: rng.randint(0, int(left[line] // 2)) for line in left}
                if any(back.values()):
                    case = self.inspected({line: quantity for line, quantity in back.items() if quantity}, rng.choice(reasons))
                    self.settle(case)
                    done.append((case, back))
                    left = {line: left[line] - back[line] for line in left}
            elif action == "claim":
                if claim := self.claim_at_random(line, rng):
                    done.append((claim, {}))
            elif done and (action == "reverse" or done[-1][0]._name == "dms.claim"):
                case, back = done.pop(rng.randrange(len(done)))
                case.with_user(self.claims_manager).action_reverse("A mistake")
                left = {line: left[line] + back.get(line, 0) for line in left}
            self.assertRests(order)
        self.give_back({line: quantity for line, quantity in left.items() if quantity}, rng.choice(reasons))
        self.assertRests(order)

    def claim_at_random(self, line, rng):
        """A paid claim on a part of what is left of the line, now and then on more."""
        row = line._dms_get_sources()[line][0].key
        rest = row._dms_get_rests()[row]
        kind, most = rng.choice(("shortage", "transit_damage", "price_difference")), rest.left.company_untaxed / 100
        quantity = rng.randint(1, 2) if kind != "price_difference" else 0
        amount = round(row._dms_get_net_price() * quantity, 2) if quantity else round(most * rng.choice((0.1, 0.3, 1.5)), 2)
        living = self.env["dms.claim.line"].search(
            [("source_id", "=", row.id), ("claim_type_id", "=", self.types[kind].id), ("state", "not in", ("rejected", "cancelled"))]
        )
        if living or amount <= 0 or rest.source.room <= 2:
            return None
        if amount > most:
            with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
                self.pay(line, amount, kind, quantity)
            self.env.invalidate_all()
            return None
        return self.pay(line, amount, kind, quantity)

    def assertRests(self, order):
        """No line was credited more than it was, and all that is known to be left of the lines is what the books say."""
        for rest in order.order_line.invoice_lines.filtered(lambda item: item in self.rows_of(order))._dms_get_rests().values():
            self.assertGreaterEqual(rest.left.untaxed, 0)
            self.assertLessEqual(rest.source.credited + rest.source.claimed, rest.source.quantity + 1e-6)
        self.assertGreaterEqual(min(self.still_paid(order)), 0.0)

    def rows_of(self, order):
        return [source.key for found in order.order_line._dms_get_sources().values() for source in found]
