from odoo.tests import tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestCookbook(DmsSchemesCommon):
    """The worked numbers of ``docs/schemes-cookbook.md``, recipe by recipe."""

    def assertGives(self, lines, benefit, free=None, distributor=None, confirm=False):
        """An order of ``{product: quantity}`` gets ``benefit`` in all, and ``free`` as ``{product: quantity}``."""
        order = self.create_order(distributor or self.alpha, lines=lines)
        live = order.scheme_application_ids.filtered(lambda row: row.state != "reversed")
        self.assertAlmostEqual(sum(live.mapped("benefit_amount")), benefit, places=6)
        given = {line.product_id: line.product_uom_qty for line in order.order_line if line.is_scheme_free}
        self.assertEqual(given, free or {})
        self.assertTied(order)
        if confirm:
            order.action_confirm()
            self.assertEqual(order.state, "sale")
        return order

    def basket(self, slabs, **values):
        return self.create_scheme(slabs, scope="basket", **values)

    def test_01_to_04_discounts_of_a_product(self):
        recipes = (
            ([(0, "percent", 5)], {24: 12.0}),
            ([(12, "percent", 3), (48, "percent", 5), (96, "percent", 8)], {11: 0.0, 60: 30.0}),
            ([(24, "unit_amount", 0.5)], {23: 0.0, 30: 15.0}),
            ([(24, "net_price", 8.5)], {30: 45.0}),
        )
        for slabs, worked in recipes:
            scheme = self.create_scheme(slabs, product_ids=self.tea)
            for quantity, benefit in worked.items():
                with self.subTest(slabs=slabs, quantity=quantity):
                    self.assertGives({self.tea: quantity}, benefit)
            scheme.with_user(self.approver).action_close()

    def test_02_near_is_said(self):
        self.create_scheme([(12, "percent", 3)], product_ids=self.tea)
        near = self.assertGives({self.tea: 11}, 0.0)._prepare_scheme_panel()["near"]
        self.assertIn("Order 1 Units more of Tea to get 3 % off.", [entry["sentence"] for entry in near])

    def test_05_bands(self):
        self.basket([(0, "percent", 10), (100, "percent", 20), (300, "percent", 30)], basis="amount", mode="marginal")
        self.assertGives({self.tea: 380}, 1100.0)
        self.assertGives({self.tea: 100}, 260.0)

    def test_06_buy_ten_get_one(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        self.assertGives({self.tea: 25}, 20.0, {self.tea: 2})

    def test_07_buy_a_case_get_another_product(self):
        self.create_scheme([self.free_slab(12, 1, every=12, product=self.syrup)], product_ids=self.tea)
        self.assertGives({self.tea: 30}, 80.0, {self.syrup: 2})

    def test_08_better_free_goods_for_more(self):
        self.create_scheme([self.free_slab(5, 1, every=5), self.free_slab(12, 3, every=12)], product_ids=self.tea)
        self.assertGives({self.tea: 11}, 20.0, {self.tea: 2})
        self.assertGives({self.tea: 24}, 60.0, {self.tea: 6})

    def test_09_mix_and_match(self):
        self.basket([self.free_slab(20, 2, every=20, product=self.tea)], product_ids=self.tea | self.coffee)
        self.assertGives({self.tea: 15, self.coffee: 30}, 40.0, {self.tea: 4})

    def test_10_order_value(self):
        self.basket([(500, "percent", 1), (1000, "percent", 2), (2500, "percent", 4)], basis="amount")
        self.assertGives({self.tea: 80, self.coffee: 10}, 21.0)

    def test_11_so_much_off_per_so_much(self):
        self.basket([{**self._slab_values(500, "lump_amount", 20), "repeat_every": 500}], basis="amount")
        self.assertGives({self.tea: 80, self.coffee: 10}, 40.0)

    def test_12_combo(self):
        both = self.tea | self.coffee
        scheme = self.basket([(1, "percent", 5)], product_ids=both, must_have_product_ids=both)
        self.assertGives({self.tea: 10, self.coffee: 2}, 7.5)
        panel = self.assertGives({self.tea: 10}, 0.0)._prepare_scheme_panel()["not"]
        self.assertEqual([e["sentence"] for e in panel if e["scheme_id"] == scheme.id], ["It needs Coffee on the order too."])

    def test_13_range_selling(self):
        self.basket([(200, "percent", 3)], basis="amount", min_distinct_products=3)
        self.assertGives({self.tea: 10, self.coffee: 4, self.syrup: 2}, 8.4)
        self.assertGives({self.tea: 20, self.coffee: 4}, 0.0)

    def test_14_the_better_of_two(self):
        for slab in ((0, "percent", 4), (0, "unit_amount", 0.5)):
            self.create_scheme([slab], product_ids=self.tea, stacking="best_of_group", group="Tea")
        self.assertGives({self.tea: 10}, 5.0)

    def test_15_clearance_that_excludes_others(self):
        self.create_scheme([(0, "percent", 15)], product_ids=self.syrup, stacking="exclusive", sequence=1)
        self.create_scheme([(0, "percent", 5)])
        self.assertGives({self.syrup: 2, self.tea: 10}, 17.0)

    def test_16_a_region_and_a_class(self):
        self.create_scheme([(0, "percent", 2)], territory_ids=self.area_a, class_ids=self.distributor_class)
        self.assertGives({self.tea: 10}, 2.0)
        self.assertGives({self.tea: 10}, 0.0, distributor=self.beta)

    def test_17_launch_offer_so_much_each(self):
        self.create_scheme([(0, "percent", 20)], max_per_distributor=50.0)
        self.assertGives({self.tea: 20}, 40.0, confirm=True)
        self.assertGives({self.coffee: 8}, 10.0)
        self.assertGives({self.tea: 20}, 40.0, distributor=self.beta)

    def test_18_budget_first_come_first_served(self):
        self.create_scheme([(0, "percent", 10)], budget_amount=15.0)
        self.assertGives({self.tea: 10}, 10.0, confirm=True)
        self.assertGives({self.tea: 10}, 5.0, distributor=self.beta, confirm=True)
        self.assertGives({self.coffee: 4}, 0.0)

    def test_19_off_invoice_rebate(self):
        self.basket([(1000, "percent", 1.5)], basis="amount", timing="off_invoice")
        order = self.create_order(lines={self.tea: 120})
        live = order.scheme_application_ids.filtered(lambda row: row.state != "reversed")
        self.assertEqual((order.amount_untaxed, live.benefit_amount, live.timing), (1200.0, 18.0, "off_invoice"))
