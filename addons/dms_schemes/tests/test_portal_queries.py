from odoo.tests import tagged

from odoo.addons.dms_portal.tests.common import BUDGET

from .portal_common import SchemePortalCommon

PAGES = (
    "/my/dms",
    "/my/dms/schemes",
    "/my/dms/schemes/benefits",
    "/my/dms/schemes/benefits?kind=settled",
    "/my/dms/schemes/benefits/xlsx",
    "/my/dms/pad/data",
)


@tagged("post_install", "-at_install")
class TestPortalQueries(SchemePortalCommon):
    def create_schemes(self, number):
        for place in range(number):
            self.create_scheme([(place + 1, "percent", 2), (place + 90, "percent", 4)], categ_ids=self.category, max_per_distributor=500)
            self.create_scheme([self.free_slab(50 + place, 1, every=50 + place)], product_ids=self.coffee | self.syrup)
            own = self.create_product(f"T own {place}", f"T-O{place}", 1.0)
            self.create_scheme([(0, "percent", 1)], product_ids=own, scope="basket", must_have_product_ids=own)

    def test_pages_stay_within_their_budget(self):
        self.create_schemes(2)
        order = self.create_portal_order(self.alpha, {self.tea: 60, self.coffee: 130})
        self.login(self.alpha_user)
        counts = {path: self.warm(path) for path in (*PAGES, f"/my/dms/orders/{order.id}")}
        self.assertFalse({path: count for path, count in counts.items() if count > BUDGET}, counts)

    def test_cost_does_not_depend_on_schemes_benefits_and_products(self):
        self.create_schemes(2)
        self.create_portal_order(self.alpha, {self.tea: 60, self.coffee: 130}).action_confirm()
        self.login(self.alpha_user)
        before = {path: self.warm(path) for path in PAGES}
        self.create_schemes(8)
        for number in range(8):
            self.create_portal_order(self.alpha, {self.tea: 60 + number, self.coffee: 130}).action_confirm()
        self.env["product.product"].create(
            [{"name": f"T {n}", "list_price": n, "is_storable": True, "categ_id": self.category.id} for n in range(40)]
        )
        for path in PAGES:
            self.assertLessEqual(self.warm(path), before[path] + 1, path)

    def test_an_order_s_page_costs_the_same_with_more_lines(self):
        self.create_schemes(3)
        products = [self.create_product(f"T {n}", f"T-N{n}", n) for n in range(1, 25)]
        small = self.create_portal_order(self.alpha, {self.tea: 60})
        large = self.create_portal_order(self.alpha, dict.fromkeys([self.tea, *products], 60))
        self.login(self.alpha_user)
        self.assertLessEqual(self.warm(f"/my/dms/orders/{large.id}"), self.warm(f"/my/dms/orders/{small.id}") + 1)

    def test_price_on_the_pad_costs_the_same_for_more_lines(self):
        self.create_schemes(3)
        products = [self.create_product(f"T {n}", f"T-N{n}", 1.0) for n in range(40)]
        self.login(self.alpha_user)

        def price(products):
            lines = [self.line(product, 70) for product in products]

            def ask():
                answer = self.call("/my/dms/pad/price", lines=lines)
                self.assertEqual(len({note["product_id"] for note in answer["notes"] if note["product_id"]}), len(products))

            ask()
            return min(self.count(ask) for _time in range(2))

        self.assertLessEqual(price(products), price(products[:2]) + 1)

    def test_badges_of_a_thousand_products_cost_what_ten_cost(self):
        self.create_schemes(10)
        scheme = self.env["dms.scheme"]
        products = self.env["product.product"].create([{"name": f"T {n}", "categ_id": self.category.id} for n in range(1000)])

        def badges(ids):
            scheme._get_portal_badges(self.alpha, self.company, ids)
            return self.count(lambda: self.assertEqual(len(scheme._get_portal_badges(self.alpha, self.company, ids)), len(ids)))

        few = badges(products[:10].ids)
        self.assertLessEqual(badges(products.ids), few)
        self.assertLessEqual(few, 8)
