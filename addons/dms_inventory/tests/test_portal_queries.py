from odoo.tests import tagged

from odoo.addons.dms_portal.tests.common import BUDGET

from .stock_portal_common import StockPortalCommon


@tagged("post_install", "-at_install")
class TestPortalQueries(StockPortalCommon):
    def paths(self):
        return (
            "/my/dms",
            "/my/dms/stock",
            "/my/dms/stock?search=e&sort=most",
            f"/my/dms/stock/{self.tea.id}",
            "/my/dms/deliveries",
            self.receipt(self.mine["transit"]),
            self.receipt(self.mine["picking"]),
            "/my/dms/pad/data",
        )

    def test_pages_stay_within_their_budget_whatever_the_rows(self):
        self.set_figures(self.position(self.tea), status="low", days_cover=3.0)
        self.login(self.alpha_user)
        before = {path: self.warm(path) for path in self.paths()}
        self.assertFalse({path: count for path, count in before.items() if count > BUDGET}, before)
        products = [self.create_product(f"T {n}", f"T-N{n}", n) for n in range(1, 13)]
        for number in range(3):
            order = self.create_portal_order(self.alpha, dict.fromkeys(products, 3 + number))
            order.action_confirm()
            self.deliver(order)
            if number:
                order.picking_ids.action_dms_confirm_receipt()
            self.sell(self.alpha, {self.tea: 1}, f"T-{number}")
        for product in products:
            self.set_figures(self.position(product), status="low", days_cover=2.0)
        after = {path: self.warm(path) for path in self.paths()}
        self.assertFalse({path: (before[path], count) for path, count in after.items() if count > before[path] + 1}, after)
        self.assertFalse({path: count for path, count in after.items() if count > BUDGET}, after)
