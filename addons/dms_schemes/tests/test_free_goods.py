from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestFreeGoods(DmsSchemesCommon):
    """Goods given away: shipped in proportion, taxed as the company has chosen, carried to invoice and credit note."""

    def setUp(self):
        super().setUp()
        self.create_scheme([self.free_slab(10, 1, every=10, product=self.coffee)], product_ids=self.tea)

    def confirmed(self, quantity=30):
        order = self.create_order(lines={self.tea: quantity})
        order.action_confirm()
        return order, *order.order_line

    def open_moves(self, order):
        return order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")).move_ids

    def test_part_delivery_takes_whole_units_in_proportion(self):
        order, bought, free = self.confirmed()
        self.deliver(order, {self.tea: 19, self.coffee: 3})
        self.assertEqual((bought.qty_delivered, free.qty_delivered), (19.0, 1.0))
        self.deliver(order, {self.tea: 1, self.coffee: 2})
        self.assertEqual((bought.qty_delivered, free.qty_delivered), (20.0, 2.0))
        self.deliver(order)
        self.assertEqual((bought.qty_delivered, free.qty_delivered), (30.0, 3.0))

    def test_free_goods_alone_do_not_leave(self):
        order, bought, free = self.confirmed()
        self.deliver(order, {self.coffee: 3})
        self.assertEqual((bought.qty_delivered, free.qty_delivered), (0.0, 0.0))
        self.assertEqual(sum(self.open_moves(order).mapped("product_uom_qty")), 33.0)

    def test_untaxed_gift_bears_no_tax(self):
        order, _bought, free = self.confirmed()
        self.assertEqual((free.price_subtotal, free.price_total), (0.0, 0.0))
        self.assertAlmostEqual(order.amount_tax, order.currency_id.round(300.0 * self.tax.amount / 100))

    def test_taxed_gift_bears_the_tax_of_its_full_price(self):
        self.company.scheme_tax_free_goods = True
        order, _bought, free = self.confirmed()
        tax = order.currency_id.round(75.0 * self.tax.amount / 100)
        self.assertEqual(free.price_subtotal, 0.0)
        self.assertAlmostEqual(free.price_total, tax)
        self.assertAlmostEqual(order.amount_tax, order.currency_id.round(375.0 * self.tax.amount / 100))
        self.assertTied(order)
        self.deliver(order)
        invoice = self.invoice(order)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (order.amount_untaxed, order.amount_tax))
        line = invoice.invoice_line_ids.filtered("is_scheme_free")
        self.assertEqual((line.price_subtotal, line.balance), (0.0, 0.0))
        refund = invoice._reverse_moves(cancel=True)
        self.assertEqual((refund.amount_untaxed, refund.amount_tax), (invoice.amount_untaxed, invoice.amount_tax))
        self.assertEqual(invoice.payment_state, "reversed")

    def test_what_is_to_invoice_follows_the_schemes(self):
        self.create_scheme([(0, "percent", 10)], product_ids=self.tea)
        order, bought, _free = self.confirmed()
        self.deliver(order, {self.tea: 10})
        self.assertEqual(bought.untaxed_amount_to_invoice, 90.0)
        self.invoice(order)
        self.assertEqual((bought.untaxed_amount_invoiced, bought.untaxed_amount_to_invoice), (90.0, 0.0))

    def test_archived_product_is_not_given_and_said_so(self):
        self.coffee.active = False
        order = self.create_order(lines={self.tea: 10})
        self.assertEqual(len(order.order_line), 1)
        _lines, result = order._dms_evaluate_schemes()
        self.assertEqual((result.outcomes[0].reason, result.outcomes[0].unsellable), ("no_value", self.coffee.id))

    def test_quantity_break_of_the_price_list_counts_for_the_gift(self):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "applied_on": "0_product_variant",
                "product_id": self.coffee.id,
                "compute_price": "fixed",
                "fixed_price": 20.0,
                "min_quantity": 3,
            }
        )
        order = self.create_order(lines={self.tea: 30})
        free = order.order_line.filtered("is_scheme_free")
        self.assertEqual((free.product_uom_qty, free.price_unit), (3.0, 20.0))
        self.assertEqual(order.scheme_application_ids.benefit_amount, 60.0)
        self.assertTied(order)

    def test_product_in_kilos_is_given_in_parts(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        rice = self.create_product("Rice", "T-RIC", 2.0, uom_id=kilo.id, uom_ids=[Command.clear()])
        self.create_scheme([self.free_slab(10, 0.25, every=10)], product_ids=rice)
        order = self.create_order(lines={rice: 35})
        self.assertEqual(order.order_line.filtered("is_scheme_free").product_uom_qty, 0.75)

    def test_cases_count_as_their_content(self):
        line = Command.create({"product_id": self.tea.id, "product_uom_id": self.case.id, "product_uom_qty": 2})
        order = self.env["sale.order"].create({"partner_id": self.alpha.id, "order_line": [line]})
        self.assertEqual(order.order_line.filtered("is_scheme_free").product_uom_qty, 2.0)
        self.assertTied(order)
