from odoo.tests import tagged

from .common import BUDGET, PortalCommon


@tagged("post_install", "-at_install")
class TestQueries(PortalCommon):
    def test_pages_stay_within_their_budget(self):
        self.login(self.alpha_user)
        counts = {path: self.warm(path) for path in ("/my/dms", "/my/dms/orders", "/my/dms/deliveries", "/my/dms/invoices", "/my/dms/pad", "/my/dms/pad/data", "/my/dms/account")}  # fmt: skip
        order = f"/my/dms/orders/{self.mine['done'].id}"
        counts["order"] = self.warm(order)
        over = {path: count for path, count in counts.items() if count > BUDGET}
        self.assertFalse(over, counts)

    def test_cost_does_not_depend_on_the_rows(self):
        self.login(self.alpha_user)
        paths = ("/my/dms", "/my/dms/orders", "/my/dms/pad/data")
        before = {path: self.warm(path) for path in paths}
        for number in range(15):
            self.create_portal_order(self.alpha, {self.tea: 1, self.coffee: number + 1})
        self.env["product.product"].create([{"name": f"T {n}", "list_price": n, "is_storable": True} for n in range(30)])
        for path in paths:
            self.assertLessEqual(self.warm(path), before[path], path)

    def test_an_order_costs_the_same_with_more_lines(self):
        small = self.create_portal_order(self.alpha, {self.tea: 1})
        products = [self.create_product(f"T {n}", f"T-N{n}", n) for n in range(1, 25)]
        large = self.create_portal_order(self.alpha, dict.fromkeys(products, 3))
        self.login(self.alpha_user)
        self.assertLessEqual(self.warm(f"/my/dms/orders/{large.id}"), self.warm(f"/my/dms/orders/{small.id}") + 1)

    def test_live_status_costs_two_queries_and_nothing_without_users(self):
        lonely = self.create_distributor("Lonely Trading", self.area_a)
        costs = []
        for partner in (lonely, self.alpha):
            order = self.create_portal_order(partner, {self.tea: 5})
            self.env.flush_all()
            order.invalidate_recordset()
            before = self.cr.sql_log_count
            order._dms_send_status()
            self.cr.precommit.run()
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1] - costs[0], 4, costs)
