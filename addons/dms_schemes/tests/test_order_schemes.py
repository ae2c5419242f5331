from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestOrderSchemes(DmsSchemesCommon):
    """What schemes do to an order as it is made and changed."""

    def test_percent_reduces_the_line_and_leaves_price_and_discount(self):
        self.create_scheme([(0, "percent", 10)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 10, self.coffee: 1})
        tea, coffee = order.order_line
        self.assertEqual((tea.price_unit, tea.discount, tea.scheme_discount, tea.price_subtotal), (10.0, 0.0, 10.0, 90.0))
        self.assertEqual((coffee.scheme_discount, coffee.price_subtotal), (0.0, 25.0))
        self.assertTied(order)

    def test_change_of_quantity_is_followed(self):
        self.create_scheme([(10, "percent", 10)])
        order = self.create_order(lines={self.tea: 5})
        self.assertEqual(order.amount_untaxed, 50.0)
        order.order_line.product_uom_qty = 20
        self.assertEqual(order.amount_untaxed, 180.0)
        self.assertTied(order)
        order.order_line.product_uom_qty = 9
        self.assertEqual(order.amount_untaxed, 90.0)
        self.assertTied(order)
        self.assertEqual(order.scheme_application_ids.mapped("state"), ["reversed"])

    def test_free_goods_are_a_line_of_their_own(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 25})
        bought, free = order.order_line
        self.assertEqual((free.product_id, free.product_uom_qty, free.discount, free.price_subtotal), (self.tea, 2.0, 100.0, 0.0))
        self.assertEqual((free.price_unit, free.is_scheme_free, free.scheme_line_id), (10.0, True, bought))
        self.assertEqual(order.scheme_application_ids.benefit_amount, 20.0)
        self.assertTied(order)
        bought.product_uom_qty = 30
        self.assertEqual(free.product_uom_qty, 3.0)
        bought.product_uom_qty = 5
        self.assertFalse(free.exists())
        self.assertTied(order)

    def test_basket_of_lump_amount_is_split_exactly(self):
        self.create_scheme([(100, "lump_amount", 10)], basis="amount", scope="basket")
        order = self.create_order(lines={self.tea: 1, self.coffee: 1, self.syrup: 3})
        self.assertEqual(sum(order.order_line.mapped("scheme_discount")), 10.0)
        self.assertEqual(order.amount_untaxed, 145.0)
        self.assertTied(order)

    def test_manual_price_is_respected(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order(lines={self.tea: 10})
        order.order_line.price_unit = 7.0
        self.assertEqual(order.amount_untaxed, 70.0)
        order.order_line.write({"price_unit": 10.0, "discount": 5.0})
        self.assertEqual(order.amount_untaxed, 95.0)
        self.assertTied(order)

    def test_golden_bands(self):
        slabs = [(0, "percent", 10), (100, "percent", 20), (300, "percent", 30)]
        self.create_scheme(slabs, basis="amount", scope="basket", mode="marginal")
        order = self.create_order(lines={self.tea: 380})
        self.assertEqual(order.scheme_discount_total, 1100.0)
        order.order_line.product_uom_qty = 100
        self.assertEqual(order.scheme_discount_total, 260.0)
        self.assertTied(order)

    def test_confirm_invoice_and_credit_note_agree(self):
        self.create_scheme([(0, "percent", 7.3)])
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 20, self.coffee: 3})
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        live = order.scheme_application_ids.filtered(lambda row: row.state != "reversed")
        self.assertEqual(set(live.mapped("state")), {"committed"})
        self.deliver(order)
        invoice = self.invoice(order)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (order.amount_untaxed, order.amount_total))
        self.assertEqual(sum(invoice.invoice_line_ids.mapped("scheme_discount")), order.scheme_discount_total)
        self.assertEqual(sum(live.mapped("consumed_company_amount")), sum(live.mapped("benefit_amount")))
        refund = invoice._reverse_moves(cancel=True)
        self.assertEqual(refund.amount_total, invoice.amount_total)
        self.assertEqual(live.mapped("returned_amount"), live.mapped("benefit_amount"))
        self.assertTied(order)

    def test_amendment_is_evaluated_with_pinned_versions(self):
        scheme = self.create_scheme([(10, "percent", 10), (30, "percent", 20)])
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        scheme.with_user(self.approver).action_close()
        revision = order.action_dms_amend([{"line_id": order.order_line.id, "product_id": self.tea.id, "quantity": 30}])
        self.assertEqual(revision.state, "applied")
        self.assertEqual(order.amount_untaxed, 240.0)
        self.assertTied(order)
        self.assertEqual(self.create_order(lines={self.tea: 10}).amount_untaxed, 100.0)

    def test_copy_takes_no_scheme_along(self):
        self.create_scheme([self.free_slab(10, 1, every=10)])
        order = self.create_order(lines={self.tea: 10})
        scheme = self.env["dms.scheme"].search([("code", "like", "T0")], limit=1)
        scheme.with_user(self.approver).action_close()
        copy = order.copy()
        self.assertEqual(len(copy.order_line), 1)
        self.assertFalse(copy.scheme_application_ids)

    def test_evaluating_twice_changes_nothing(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order()
        rows = order.scheme_application_ids
        order.action_apply_schemes()
        self.assertEqual(order.scheme_application_ids, rows)
        self.assertEqual(rows.state, "draft")

    def test_price_included_taxes_stay_exact(self):
        tax = self.tax.copy({"price_include_override": "tax_included", "amount": 19.0, "amount_type": "percent", "name": "T incl"})
        product = self.create_product("Juice", "T-JUI", 1.99, taxes_id=[Command.set(tax.ids)])
        self.create_scheme([(0, "percent", 3.7)])
        for quantity in range(1, 40):
            order = self.create_order(lines={product: quantity})
            self.assertTied(order)

    def test_customer_who_is_no_distributor_gets_no_scheme(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order(self.customer)
        line = order.order_line
        self.assertEqual((line.price_subtotal, line.scheme_discount), (10 * line.price_unit, 0.0))
        self.assertFalse(order.scheme_application_ids)

    def test_budget_edge_grants_in_part_and_holds_what_shrank(self):
        self.create_scheme([(0, "percent", 10)], budget_amount=15.0)
        first = self.create_order(lines={self.tea: 10})
        second = self.create_order(self.beta, lines={self.tea: 10})
        self.assertEqual((first.amount_untaxed, second.amount_untaxed), (90.0, 90.0))
        first.action_confirm()
        second.action_confirm()
        self.assertEqual(first.state, "sale")
        self.assertEqual((second.dms_state, self.open_gates(second)), ("on_hold", {"scheme"}))
        self.assertEqual(second.amount_untaxed, 95.0)
        self.assertEqual(second.scheme_application_ids.filtered(lambda row: row.state == "draft").cap, "budget")
        self.assertTied(second)
        second.order_line.product_uom_qty = 11
        self.assertEqual(second.dms_state, "submitted")
        second.action_confirm()
        self.assertEqual(second.state, "sale")
        first.action_dms_request_cancel("wrong")
        third = self.create_order(lines={self.coffee: 4})
        self.assertEqual(third.scheme_discount_total, 10.0)
