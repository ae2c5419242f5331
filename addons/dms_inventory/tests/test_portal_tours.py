from odoo.tests import tagged

from .stock_portal_common import StockPortalCommon


@tagged("post_install", "-at_install")
class TestStockPhone(StockPortalCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_receipt_is_confirmed_on_a_phone(self):
        self.start_tour("/my/dms", "dms_inventory_receipt", login=self.alpha_user.login)
        self.env.invalidate_all()
        self.assertEqual(self.mine["transit"].dms_receipt_state, "short")
        rows = self.env["dms.stock.ledger"].search([("picking_id", "=", self.mine["transit"].id), ("kind", "=", "receipt")])
        self.assertEqual({row.product_id: row.quantity for row in rows}, {self.tea: 5.0, self.mine["juice"]: 5.0})
        self.assertIn("2.0 damaged", self.mine["transit"].activity_ids.note)
