from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestOrderQueries(DmsSchemesCommon):
    """Statements that schemes cost, which do not depend on the number of lines or schemes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"].create(
            [{"name": f"Many {number}", "list_price": 10.0, "is_storable": True, "categ_id": cls.category.id} for number in range(200)]
        )

    def make_order(self, count):
        lines = [Command.create({"product_id": product.id, "product_uom_qty": 10}) for product in self.products[:count]]
        return self.env["sale.order"].create({"partner_id": self.alpha.id, "order_line": lines})

    def count_apply(self, order):
        order._dms_scheme_book()  # compiled once for all orders
        order.territory_id.mapped("parent_path")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        order._dms_apply_schemes()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_many_lines_and_schemes_take_few_statements(self):
        order = self.make_order(200)
        for place in range(0, 200, 2):
            self.create_scheme([(1, "percent", 5)], product_ids=self.products[place : place + 2])
        self.assertLessEqual(self.count_apply(order), 5)
        self.assertEqual(len(order.scheme_application_ids), 200)
        self.assertLessEqual(self.count_apply(order), 0)
        self.assertTied(order)

    def test_lines_of_a_new_order_have_their_reduction_in_their_first_price(self):
        self.create_scheme([(1, "percent", 5)], product_ids=self.products[:10])
        with patch.object(self.env.registry["sale.order.line"], "_dms_set_reductions") as afterwards:
            order = self.make_order(20)
        self.assertEqual([call.args for call in afterwards.call_args_list], [([],)])
        self.assertEqual(order.order_line.mapped("scheme_discount"), [5.0] * 10 + [0.0] * 10)
        self.assertEqual(order.order_line.mapped("price_subtotal"), [95.0] * 10 + [100.0] * 10)
        self.assertTied(order)
