import random

from odoo.tests import tagged

from .refund_common import RefundCommon


@tagged("post_install", "-at_install")
class TestRefundSchemes(RefundCommon):
    """What is credited where schemes took something off, or gave something with it, by the policy of the reason."""

    def taken_off(self, refund, kind):
        return sum(refund.invoice_line_ids.filtered(lambda item: item.dms_refund_kind == kind).mapped("price_subtotal"))

    def test_net_credits_what_was_paid_with_its_share_of_order_benefits(self):
        self.create_scheme([(0, "percent", 10)], product_ids=self.tea)
        self.create_scheme([(100, "lump_amount", 10)], scope="basket", basis="amount")
        order = self.confirmed({self.tea: 7, self.coffee: 3})
        tea, coffee = order.order_line
        refund = self.give_back({tea: 3})
        self.assertEqual(refund.amount_untaxed, round(tea.price_subtotal * 3 / 7, 2))
        self.assertLedger(order)
        self.give_back({coffee: 2, tea: 3})
        self.assertLedger(order)
        self.give_back({coffee: 1})
        self.give_back({tea: 1})
        self.assertRefunds(order)
        self.assertLedger(order)
        self.assertEqual(self.returned(order), sum(order.scheme_application_ids.mapped("benefit_amount")))

    def test_credit_note_back_in_draft_gives_its_benefit_back(self):
        scheme = self.create_scheme([(0, "percent", 10)], product_ids=self.tea, budget_amount=100.0)
        order = self.confirmed({self.tea: 10})
        refund = self.give_back({order.order_line: 5})
        self.assertEqual((self.returned(order), scheme.used_amount), (5.0, 5.0))
        refund.dms_return_id.state = "inspected"  # nothing stops who undoes a credit note of a return that is not settled
        refund.button_draft()
        self.env.invalidate_all()
        self.assertEqual((self.returned(order), scheme.used_amount), (0.0, 10.0))
        refund.dms_return_id.state = "settled"
        refund.action_post()
        self.env.invalidate_all()
        self.assertEqual((self.returned(order), scheme.used_amount), (5.0, 5.0))
        self.assertEqual(refund.amount_untaxed, 45.0)

    def test_goods_not_invoiced_give_their_benefit_back(self):
        scheme = self.create_scheme([(0, "percent", 10)], product_ids=self.tea, budget_amount=100.0)
        order = self.confirmed({self.tea: 10}, invoiced=False)
        self.give_back({order.order_line: 4})
        self.assertEqual(self.returned(order), 4.0)
        self.invoice(order)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((self.returned(order), scheme.used_amount, scheme.consumed_amount), (4.0, 6.0, 6.0))

    # ------------------------------------------------------------ requalify

    def test_kept_goods_below_the_slab_are_paid_in_full(self):
        self.create_scheme([(0, "percent", 0.5), (100, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 100})
        self.assertEqual(order.amount_untaxed, 900.0)
        refund = self.give_back({order.order_line: 30}, self.requalify)
        # 70 kept cost 696.50
        self.assertEqual((refund.amount_untaxed, self.taken_off(refund, "scheme")), (203.5, -66.5))
        self.assertEqual(refund.amount_tax, 40.7)
        self.assertEqual(self.returned(order), 96.5)
        self.assertLedger(order)
        refund = self.give_back({order.order_line: 70}, self.requalify)
        self.assertEqual((refund.amount_untaxed, self.taken_off(refund, "scheme")), (696.5, 66.5))
        self.assertEqual(self.returned(order), 100.0)
        self.assertRefunds(order)

    def test_shortfall_is_carried_to_the_next_return(self):
        self.create_scheme([(100, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 100})
        case = self.inspected({order.order_line: 5}, self.requalify)
        refund = self.settle(case)
        self.assertEqual((refund.amount_total, self.taken_off(refund, "scheme"), case.credit_amount), (0.0, -45.0, 0.0))
        refund = self.give_back({order.order_line: 5}, self.requalify)
        self.assertEqual(refund.amount_untaxed, 0.0)
        refund = self.give_back({order.order_line: 5}, self.requalify)
        self.assertEqual(refund.amount_untaxed, 900.0 - 850.0)
        self.assertLedger(order)
        self.give_back({order.order_line: 85}, self.requalify)
        self.assertRefunds(order)

    def test_free_goods_no_longer_earned_come_back_or_are_charged(self):
        self.create_scheme([self.free_slab(10, 1, every=10, product=self.coffee)], product_ids=self.tea)
        order = self.confirmed({self.tea: 30})
        tea, free = order.order_line
        self.assertTrue(free.is_scheme_free)
        refund = self.give_back({tea: 11, free: 1}, self.requalify)
        # 19 kept earn 1 of 3: one came back, one is charged
        self.assertEqual((refund.amount_untaxed, self.taken_off(refund, "free")), (110.0 - 25.0, -25.0))
        self.assertEqual(self.returned(order), 50.0)
        self.assertEqual((free.qty_invoiced, free.qty_delivered, free.qty_to_invoice), (2.0, 2.0, 0.0))
        refund = self.give_back({tea: 19, free: 2}, self.requalify)
        self.assertEqual(self.taken_off(refund, "free"), 25.0)
        self.assertEqual(self.returned(order), 75.0)
        self.assertRefunds(order)

    def test_usage_of_a_budget_is_that_of_the_confirmation(self):
        scheme = self.create_scheme([(10, "percent", 10)], product_ids=self.tea, budget_amount=30.0)
        order = self.confirmed({self.tea: 20})
        other = self.confirmed({self.tea: 20}, partner=self.beta)
        self.assertEqual([sum(one.scheme_application_ids.mapped("benefit_amount")) for one in (order, other)], [20.0, 10.0])
        refund = self.give_back({order.order_line: 5}, self.requalify)
        self.assertEqual((refund.amount_untaxed, self.taken_off(refund, "scheme")), (45.0, 0.0))
        self.env.invalidate_all()
        self.assertEqual((scheme.used_amount, sum(other.scheme_application_ids.mapped("benefit_amount"))), (25.0, 10.0))

    def test_goods_of_another_policy_and_nothing_kept_leave_nothing_taken_off(self):
        self.create_scheme([(100, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 100})
        self.give_back({order.order_line: 40}, self.requalify)
        self.give_back({order.order_line: 60}, self.net)
        self.assertRefunds(order)
        self.assertEqual(self.returned(order), 100.0)

    def test_each_refund_is_what_a_new_order_of_the_kept_goods_leaves(self):
        self.create_scheme([(5, "percent", 3.3), (20, "percent", 7.7)], product_ids=self.tea | self.coffee)
        self.create_scheme([(300, "lump_amount", 17.77), (600, "percent", 5.55)], scope="basket", basis="amount")
        for seed in range(4):
            rng = random.Random(seed)
            order = self.confirmed({self.tea: rng.randint(15, 25), self.coffee: rng.randint(12, 24)})
            kept, refunded = {line: line.product_uom_qty for line in order.order_line}, 0.0
            while any(kept.values()):
                quantities = {line: min(rng.randint(0, 9), quantity) for line, quantity in kept.items()}
                quantities = {line: quantity for line, quantity in quantities.items() if quantity}
                if not quantities:
                    continue
                kept = {line: quantity - quantities.get(line, 0) for line, quantity in kept.items()}
                new = self.create_order(lines={line.product_id: quantity for line, quantity in kept.items() if quantity})
                due = max(order.amount_untaxed - new.amount_untaxed - refunded, 0.0)
                refund = self.give_back(quantities, self.requalify)
                self.assertAlmostEqual(refund.amount_untaxed, due, places=2)
                refunded += refund.amount_untaxed
            self.assertRefunds(order)

    # ------------------------------------------------------------ with free goods

    def test_free_goods_are_owed_in_whole_units_and_charged_at_full_price(self):
        self.create_scheme([self.free_slab(10, 1, every=10, product=self.coffee)], product_ids=self.tea)
        order = self.confirmed({self.tea: 30})
        tea, free = order.order_line
        refund = self.give_back({tea: 9}, self.with_free)
        self.assertEqual((refund.amount_untaxed, self.returned(order)), (90.0, 0.0))
        refund = self.give_back({tea: 11}, self.with_free)
        self.assertEqual((refund.amount_untaxed, refund.amount_tax, self.returned(order)), (60.0, 12.0, 50.0))
        item = refund.invoice_line_ids.filtered(lambda item: item.dms_refund_kind == "free")
        self.assertEqual((item.dms_free_line_id, item.sale_line_ids, item.tax_ids), (free, free.browse(), self.tax20))
        self.assertEqual((free.qty_invoiced, free.qty_to_invoice), (3.0, 0.0))
        refund = self.give_back({tea: 10, free: 3}, self.with_free)
        self.assertEqual((refund.amount_untaxed, self.returned(order)), (150.0, 75.0))
        self.assertRefunds(order)

    def test_free_goods_alone_make_no_credit_note(self):
        for reason in (self.net, self.with_free, self.requalify):
            with self.subTest(reason=reason.code):
                self.env["dms.scheme"].search([("state", "=", "approved")]).action_close()
                self.create_scheme([self.free_slab(10, 1, every=10, product=self.coffee)], product_ids=self.tea)
                order = self.confirmed({self.tea: 30})
                tea, free = order.order_line
                case = self.inspected({free: 2}, reason)
                self.assertFalse(self.settle(case))
                self.settle(case)
                self.assertEqual((case.state, case.refund_ids.ids, case.credit_amount), ("settled", [], 0.0))
                self.assertEqual((free.qty_delivered, free.qty_to_invoice, order.invoice_status), (1.0, 0.0, "invoiced"))
                self.assertEqual(self.returned(order), 50.0)
                self.assertLedger(order)
                self.give_back({tea: 30, free: 1}, reason)
                self.assertEqual(self.returned(order), 75.0)
                self.assertEqual((free.qty_to_invoice, order.invoice_status), (0.0, "invoiced"))
                self.assertLedger(order)
                self.assertRefunds(order)

    def test_free_goods_alone_are_taken_back_with_their_return(self):
        self.create_scheme([self.free_slab(10, 1, every=10, product=self.coffee)], product_ids=self.tea)
        order = self.confirmed({self.tea: 30})
        free = order.order_line[1]
        case = self.inspected({free: 2})
        self.settle(case)
        case.with_user(self.claims_manager).action_reverse("Never came")
        self.assertEqual((case.state, self.returned(order), free.qty_delivered, free.qty_to_invoice), ("cancelled", 0.0, 3.0, 0.0))
        self.assertLedger(order)

    def test_free_goods_dearer_than_the_credit_are_charged_in_part_and_carried(self):
        self.coffee.list_price = 250.0
        self.create_scheme([self.free_slab(10, 1, product=self.coffee)], product_ids=self.tea)
        order = self.confirmed({self.tea: 20, self.syrup: 10})
        tea = self.line_of(order, self.tea)
        refund = self.give_back({tea: 20}, self.with_free)
        self.assertEqual((refund.amount_total, self.taken_off(refund, "free")), (0.0, -200.0))
        refund = self.give_back({self.line_of(order, self.syrup): 10}, self.net)
        self.assertEqual((refund.amount_untaxed, self.taken_off(refund, "free")), (350.0, -50.0))
        self.assertEqual(self.returned(order), 250.0)
        self.assertLedger(order)

    def test_taxed_gift_that_is_kept_is_charged_without_tax(self):
        self.company.scheme_tax_free_goods = True
        self.create_scheme([self.free_slab(10, 1, every=10, product=self.coffee)], product_ids=self.tea)
        order = self.confirmed({self.tea: 30})
        tea, free = order.order_line
        refund = self.give_back({tea: 10}, self.with_free)
        self.assertEqual((refund.amount_untaxed, refund.amount_tax), (75.0, 20.0))
        self.give_back({tea: 20, free: 3}, self.with_free)
        self.assertRefunds(order)

    def test_reversal_gives_back_what_was_taken_off(self):
        self.create_scheme([(100, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 100})
        case = self.inspected({order.order_line: 40}, self.requalify)
        self.settle(case)
        self.assertEqual(self.returned(order), 100.0)
        case.with_user(self.claims_manager).action_reverse("Proof was forged")
        self.assertEqual((self.returned(order), order._dms_get_posted_needs()[("scheme", frozenset(self.tax20.ids))].untaxed), (0.0, 0))
        refund = self.give_back({order.order_line: 50}, self.net)
        self.assertEqual(refund.amount_untaxed, 450.0)

    def test_fee_is_of_the_goods_and_never_makes_a_credit_note_negative(self):
        self.requalify.restocking_fee_percent = 50
        self.create_scheme([(100, "percent", 10)], product_ids=self.tea)
        order = self.confirmed({self.tea: 100})
        refund = self.give_back({order.order_line: 11}, self.requalify)
        # 99 paid for them, 89 more for what is kept: a fee of 49.50 finds 10 left
        self.assertEqual((self.taken_off(refund, "scheme"), self.taken_off(refund, "fee"), refund.amount_total), (-89.0, -10.0, 0.0))

    # ------------------------------------------------------------ any way

    def test_random_partial_returns_sum_to_the_whole(self):
        self.create_scheme([(5, "percent", 3.3), (20, "percent", 7.7)], product_ids=self.tea | self.coffee)
        self.create_scheme([(300, "lump_amount", 17.77)], scope="basket", basis="amount")
        self.create_scheme([self.free_slab(6, 1, every=6, product=self.syrup)], product_ids=self.coffee)
        included = self.create_tax("T 19 included", 19, price_include_override="tax_included")
        for seed in range(8):
            rng = random.Random(seed)
            self.company.tax_calculation_rounding_method = rng.choice(("round_per_line", "round_globally"))
            self.tea.write({"list_price": rng.choice((9.99, 3.33, 10.0)), "taxes_id": [(6, 0, rng.choice((included, self.tax20)).ids)]})
            order = self.confirmed({self.tea: rng.randint(15, 25), self.coffee: rng.randint(12, 24)})
            self.return_at_random(order, rng)
            self.assertRefunds(order)
            applications = order.scheme_application_ids.filtered(lambda row: row.state == "committed")
            self.assertEqual(applications.mapped("returned_amount"), applications.mapped("benefit_amount"), seed)

    def return_at_random(self, order, rng):
        left = {line: line.product_uom_qty for line in order.order_line}
        reasons = rng.choice(([self.net], [self.requalify], [self.with_free], [self.net, self.requalify, self.with_free]))
        while left:
            last = rng.random() < 0.2
            quantities = {line: quantity if last else rng.randint(0, int(quantity)) for line, quantity in left.items()}
            quantities = {line: quantity for line, quantity in quantities.items() if quantity}
            if not quantities:
                continue
            refunds = self.give_back(quantities, rng.choice(reasons))
            self.assertTrue(all(refund.amount_total >= 0 for refund in refunds))
            self.assertNotCreditedTwice(order)
            self.assertLedger(order)
            left = {line: left[line] - quantities.get(line, 0) for line in left}
            left = {line: quantity for line, quantity in left.items() if quantity > 0}
