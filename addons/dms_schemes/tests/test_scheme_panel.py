from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestSchemePanel(DmsSchemesCommon):
    """What people read of an order's schemes: applied, near, not applied, each with its reason in words."""

    def panel(self, order):
        return {part: {entry["title"]: entry for entry in entries} for part, entries in order._prepare_scheme_panel().items()}

    def sentence(self, order, part, scheme):
        return self.panel(order)[part][scheme.name]["sentence"]

    def test_applied_scheme_says_what_for_what_and_how_far_to_the_next_step(self):
        scheme = self.create_scheme([(10, "percent", 10), (30, "percent", 20)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 12})
        entry = self.panel(order)["applied"][scheme.name]
        unit = self.tea.uom_id.name
        self.assertEqual(entry["sentence"], f"10 % off for 12 {unit} of Tea. Order 18 {unit} more of Tea to get 20 % off.")
        self.assertEqual((entry["amount"], entry["progress"]), (12.0, 40.0))
        self.assertEqual([document["id"] for document in entry["documents"]], order.order_line.ids)

    def test_near_scheme_counts_in_cases_where_they_come_out_even(self):
        case = self.env["uom.uom"].create({"name": "Case of 6", "relative_factor": 6, "relative_uom_id": self.tea.uom_id.id})
        self.tea.uom_ids = case
        scheme = self.create_scheme([self.free_slab(24, 6, every=24)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 1})
        self.assertIn("Order 23 Units more of Tea", self.sentence(order, "near", scheme))
        order.order_line.write({"product_uom_id": case.id, "product_uom_qty": 2})
        self.assertIn("Order 2 × Case of 6 more of Tea", self.sentence(order, "near", scheme))

    def test_each_reason_has_its_sentence(self):
        other = self.create_scheme([(0, "percent", 5)], product_ids=self.syrup)
        combo = self.create_scheme([(0, "percent", 5)], product_ids=self.tea, must_have_product_ids=self.coffee)
        distinct = self.create_scheme([(0, "percent", 5)], scope="basket", min_distinct_products=2)
        first = self.create_scheme([(0, "percent", 5)], product_ids=self.tea, stacking="best_of_group", group="G")
        second = self.create_scheme([(0, "percent", 7)], product_ids=self.tea, stacking="best_of_group", group="G")
        order = self.create_order(lines={self.tea: 10})
        self.assertEqual(self.sentence(order, "not", other), "None of its products is on this order.")
        self.assertEqual(self.sentence(order, "not", combo), "It needs Coffee on the order too.")
        self.assertEqual(self.sentence(order, "not", distinct), "It needs 2 different products; 1 count.")
        self.assertEqual(self.sentence(order, "not", first), f"{second.name} gives more; only one of them is given.")

    def test_exclusive_scheme_is_named_and_manual_price_is_said(self):
        exclusive = self.create_scheme([(0, "percent", 5)], product_ids=self.tea, stacking="exclusive", sequence=1)
        later = self.create_scheme([(0, "percent", 5)], product_ids=self.tea)
        manual = self.create_scheme([(0, "percent", 5)], product_ids=self.coffee)
        order = self.create_order(lines={self.tea: 10, self.coffee: 1})
        order.order_line[1].price_unit = 3.0
        self.assertEqual(self.sentence(order, "not", later), f"{exclusive.name} has its products and excludes others.")
        self.assertIn("set by hand", self.sentence(order, "not", manual))

    def test_budget_that_cuts_is_said(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=6.0)
        order = self.create_order(lines={self.tea: 10})
        self.assertIn("that is what is left of it", self.sentence(order, "applied", scheme))
        order.action_confirm()
        self.assertEqual(self.sentence(self.create_order(lines={self.coffee: 2}), "not", scheme), "Its budget is used up.")

    def test_free_product_that_cannot_be_sold_is_named(self):
        scheme = self.create_scheme([self.free_slab(1, 1, product=self.coffee)], product_ids=self.tea)
        self.coffee.sale_ok = False
        order = self.create_order(lines={self.tea: 10})
        self.assertEqual(self.sentence(order, "not", scheme), "Coffee, which it gives, cannot be supplied.")

    def test_off_invoice_benefit_is_said_to_come_later(self):
        scheme = self.create_scheme([(0, "percent", 2)], scope="basket", timing="off_invoice")
        order = self.create_order(lines={self.tea: 10})
        entry = self.panel(order)["applied"][scheme.name]
        self.assertIn("credited later", entry["sentence"])
        self.assertEqual((entry["amount"], order.amount_untaxed), (2.0, 100.0))

    def test_virtual_order_has_the_panel_of_the_stored_one(self):
        self.create_scheme([(10, "percent", 10), (30, "percent", 20)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 12})
        virtual = self.env["sale.order"].new(origin=order)
        stored = order._prepare_scheme_panel()
        self.assertTrue(stored["applied"])
        self.assertEqual(virtual._prepare_scheme_panel()["applied"][0]["sentence"], stored["applied"][0]["sentence"])

    def test_cancelled_order_and_plain_customer_have_an_empty_panel(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order()
        self.assertTrue(order._prepare_scheme_panel()["applied"])
        order._action_cancel()
        for empty in (order, self.create_order(self.customer)):
            self.assertEqual(empty._prepare_scheme_panel(), {"applied": [], "near": [], "not": []})

    def test_panel_is_for_who_reads_schemes(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order()
        self.assertTrue(order.with_user(self.desk).get_scheme_panel()["applied"])
        for user in (self.salesperson, new_test_user(self.env, "t_portal", groups="base.group_portal")):
            with self.assertRaises(AccessError):
                order.with_user(user).get_scheme_panel()

    def test_gross_less_benefit_is_the_untaxed_amount_on_order_and_invoice(self):
        self.create_scheme([(0, "percent", 7.3)])
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 20, self.coffee: 3})
        self.assertEqual(order.scheme_gross_amount, 20 * 10 + 3 * 25 + 2 * 10)
        self.assertAlmostEqual(order.scheme_gross_amount - order.scheme_benefit_amount, order.amount_untaxed, places=6)
        order.action_confirm()
        self.deliver(order)
        invoice = self.invoice(order)
        self.assertAlmostEqual(invoice.scheme_benefit_amount, order.scheme_benefit_amount, places=6)
        self.assertAlmostEqual(invoice.scheme_gross_amount, order.scheme_gross_amount, places=6)

    def test_free_goods_with_tax_included_count_at_their_untaxed_price(self):
        tax = self.tax.copy({"price_include_override": "tax_included", "amount": 19.0, "amount_type": "percent", "name": "T incl"})
        product = self.create_product("Juice", "T-JUI", 11.9, taxes_id=[Command.set(tax.ids)])
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=product)
        order = self.create_order(lines={product: 10})
        self.assertEqual((order.scheme_benefit_amount, order.scheme_gross_amount), (10.0, 110.0))
        order.action_confirm()
        self.deliver(order)
        self.assertEqual(self.invoice(order).scheme_benefit_amount, 10.0)
