from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestTours(PortalCommon):
    def setUp(self):
        super().setUp()
        self.tea.order_multiple = 6
        self.tax.amount = 0

    def test_pad_by_keyboard(self):
        before = self.orders_of(self.alpha)
        self.start_tour("/my/dms/pad", "dms_portal_order_pad", login=self.alpha_user.login)
        order = self.orders_of(self.alpha) - before
        quantities = {line.product_id: (line.product_uom_qty, line.product_uom_id) for line in order.order_line}
        self.assertEqual(quantities, {self.tea: (6, self.unit), self.coffee: (2, self.case)})
        self.assertEqual(order.dms_state, "submitted")


@tagged("post_install", "-at_install")
class TestPhone(PortalCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_pad_on_a_phone(self):
        before = self.orders_of(self.alpha)
        self.start_tour("/my/dms/pad", "dms_portal_phone", login=self.alpha_user.login)
        order = self.orders_of(self.alpha) - before
        self.assertEqual({line.product_id: line.product_uom_qty for line in order.order_line}, {self.tea: 6, self.coffee: 3})
        self.assertEqual(order.dms_state, "draft")
