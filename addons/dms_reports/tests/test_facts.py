from odoo.tests import tagged

from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestFacts(ReportsCommon):
    def test_confirmed_order_is_ordered(self):
        order = self.create_order(self.alpha, {self.tea: 12})
        self.assertEqual(self.figures(), {})
        order.action_confirm()
        self.assertEqual(self.figures(), {"ordered_qty": 12, "ordered_amount": order.amount_untaxed})
        self.assertFolded()

    def test_delivery_is_delivered_and_comes_back(self):
        picking = self.sell({self.tea: 10})
        price = picking.sale_id.order_line.price_subtotal / 10
        self.give_back(picking, {self.tea: 4})
        figures = self.figures()
        self.assertEqual((figures["delivered_qty"], figures["delivered_amount"]), (10, 10 * price))
        self.assertEqual((figures["returned_qty"], figures["returned_amount"]), (4, 4 * price))
        self.assertFolded()

    def test_sellout_counts_for_the_day_it_was(self):
        self.receive({self.tea: 10}, date=self.day(3))
        self.report([{"product_id": self.tea.id, "quantity": 4, "price_unit": 7.5}], date=self.day(2))
        self.assertEqual(self.figures(date=self.day(2)), {"sellout_qty": 4, "sellout_amount": 30})
        self.assertFolded()
