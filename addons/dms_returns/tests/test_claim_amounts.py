from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimAmounts(ClaimsCommon):
    """What is calculated beside what is claimed, and what follows from their agreement."""

    def price(self, list_price, **values):
        """An invoice of ten at ``list_price``, where the list says 8 on the order's day."""
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "applied_on": "0_product_variant",
                "product_id": self.tea.id,
                "compute_price": "fixed",
                "fixed_price": 8.0,
            }
        )
        self.company.dms_price_gate = False
        order = self.create_order(self.alpha, {self.tea: 10}, user_id=False)
        order.order_line.price_unit = list_price
        order.write(values)
        order.action_confirm()
        self.deliver(order)
        return self.invoice(order).invoice_line_ids

    def test_price_difference_is_that_of_the_list(self):
        for paid, quantity, expected in ((10.0, 0.0, 20.0), (10.0, 4.0, 8.0), (10.0, 40.0, 20.0), (7.0, 0.0, 0.0), (8.0, 0.0, 0.0)):
            with self.subTest(paid=paid, quantity=quantity):
                claim = self.create_claim("price_difference", [self.source(self.price(paid), 5.0, quantity=quantity)])
                self.assertAlmostEqual(claim.amount_calculated, expected, places=2)

    def test_price_of_the_orders_day_counts(self):
        row = self.price(10.0)
        self.pricelist.item_ids.fixed_price = 1.0
        self.pricelist.item_ids.date_start = "2100-01-01"
        self.assertEqual(self.create_claim("price_difference", [(row, 5.0)]).amount_calculated, 0.0)

    def test_spend_is_not_calculated_and_never_automatic(self):
        claim = self.submit(self.create_claim("spend", amount_claimed=5.0))
        self.assertEqual((claim.amount_calculated, claim.state), (0.0, "submitted"))

    def test_tolerance_is_both(self):
        kind = self.types["shortage"]
        for amount, percent, claimed, automatic in (
            (0.0, 0.0, 30.0, True),
            (0.0, 0.0, 30.01, False),
            (3.0, 10.0, 33.0, True),
            (3.0, 10.0, 27.0, True),
            (3.0, 10.0, 33.01, False),
            (2.0, 10.0, 33.0, False),
            (3.0, 5.0, 33.0, False),
            (100.0, 0.0, 30.01, False),
        ):
            with self.subTest(amount=amount, percent=percent, claimed=claimed):
                kind.write({"tolerance_amount": amount, "tolerance_percent": percent})
                claim = self.claims_of(self.buy(missing={self.tea: 3}))
                claim.line_ids.with_user(self.desk).amount_claimed = claimed
                self.submit(claim)
                self.assertEqual((claim.state, claim.is_automatic), ("approved", True) if automatic else ("submitted", False))
                self.assertEqual(claim.amount_approved, claimed if automatic else 0.0)
                self.assertFalse(claim.decided_by_id)

    def test_queries_do_not_depend_on_lines(self):
        counts = []
        for number in (2, 20):
            products = self.env["product.product"].union(
                *(self.create_product(f"P{index}", f"T-P{number}-{index}", 10.0) for index in range(number))
            )
            picking = self.buy(dict.fromkeys(products, 10), missing=dict.fromkeys(products, 1))
            lines = self.env["dms.claim.line"].browse(self.claims_of(picking).line_ids.ids)
            self.assertEqual(len(lines), number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines._calculate_shortfall()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_two_deliveries_of_one_order_line_are_claimed_on_their_invoices(self):
        order = self.create_order(self.alpha, {self.tea: 10}, user_id=False)
        order.action_confirm()
        self.deliver(order, {self.tea: 5})
        first = self.invoice(order)
        self.deliver(order)
        second = self.invoice(order)
        for picking in order.picking_ids.sorted("id"):
            picking.action_dms_confirm_receipt({picking.move_line_ids.id: 5})
            self.submit(self.claims_of(picking))
        claims = self.claims_of(order.picking_ids.sorted("id")[0]) | self.claims_of(order.picking_ids.sorted("id")[1])
        self.assertEqual(claims.mapped("state"), ["approved"] * 2)
        self.assertEqual(claims.line_ids.invoice_id, first | second)

    def test_foreign_currency_counts_at_the_invoices_rate(self):
        euro = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id), ("name", "in", ("EUR", "USD"))], limit=1)
        )
        euro.active = True
        euro.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 2.0, "company_id": self.company.id})]
        self.pricelist.currency_id = euro
        picking = self.buy(missing={self.tea: 3})
        claim = self.claims_of(picking)
        bill = self.invoice_of(picking)
        self.assertEqual(bill.currency_id, euro)
        self.assertAlmostEqual(claim.amount_calculated, bill.amount_untaxed_signed * 0.3, places=2)
        euro.rate_ids.rate = 4.0
        note = self.settle(claim)
        self.assertAlmostEqual(-note.amount_untaxed_signed, claim.amount_approved, places=2)
        self.assertEqual(note.currency_id, euro)
