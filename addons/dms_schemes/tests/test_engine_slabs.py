from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import Used

from .engine_cases import benefit, explained, goods, order, reductions, run, scheme, slab

GOLDEN = (slab(0, value=10.0), slab(100, value=20.0), slab(300, value=30.0))
STEPS = (slab(10, value=5.0), slab(20, value=10.0))


class TestBase(BaseCase):
    def test_amount_base_is_the_running_net_when_the_turn_comes(self):
        first = scheme("A", slab(1, "unit_amount", 1.0), sequence=1)
        second = scheme("B", slab(90, value=10.0), basis="amount", sequence=2)
        result = run(order((7, 10.0, 10000)), first, second)
        self.assertEqual([(grant.base_amount, grant.benefit) for grant in result.grants], [(10000, 1000), (9000, 900)])
        self.assertEqual(explained(order((7, 11.0, 10000)), first, second)["B"], ("near", "threshold"))

    def test_quantity_base_adds_lines_of_one_product(self):
        self.assertEqual(reductions(order((7, 6.0, 6000), (7, 4.0, 4000)), scheme("A", slab(10, value=10.0))), {1: 600, 2: 400})

    def test_product_scope_looks_at_each_product_by_itself(self):
        self.assertEqual(benefit(order((7, 6.0, 6000), (8, 4.0, 4000)), scheme("A", slab(10, value=10.0))), 0)

    def test_basket_adds_own_units_of_different_products(self):
        basket = scheme("A", slab(10, value=10.0), scope="basket")
        self.assertEqual(reductions(order((7, 6.0, 6000), (8, 4.0, 4000)), basket), {1: 600, 2: 400})

    def test_basket_over_everything_on_amount_is_an_order_value_scheme(self):
        basket = scheme("A", slab(100, "lump_amount", 5.0), scope="basket", basis="amount")
        self.assertEqual(benefit(order((7, 1.0, 5000), (8, 1.0, 5000)), basket), 500)
        self.assertEqual(benefit(order((7, 1.0, 5000), (8, 1.0, 4999)), basket), 0)

    def test_stored_base_is_that_of_the_qualifying_lines(self):
        grant = run(order((7, 2.0, 500), (8, 3.0, 700)), scheme("A", slab(1, value=10.0), scope="basket", products=(8,))).grants[0]
        self.assertEqual((grant.base_qty, grant.base_amount, grant.earners, grant.product), (3.0, 700, (2,), None))

    def test_line_of_negative_value_counts_and_is_left_alone(self):
        basket = scheme("A", slab(1, "lump_amount", 90.0), scope="basket", basis="amount")
        self.assertEqual(reductions(order((7, 1.0, 10000), (8, 1.0, -4000)), basket), {1: 9000})
        percent = scheme("A", slab(1, value=10.0))
        self.assertEqual(reductions(order((7, 1.0, 10000), (8, 1.0, -4000)), percent), {1: 1000})


class TestReached(BaseCase):
    def test_bounds_are_half_open(self):
        for quantity, expected in {9.999: 0, 10.0: 500, 19.999: 500, 20.0: 1000, 1e6: 1000}.items():
            self.assertEqual(benefit(order((7, quantity, 10000)), scheme("A", *STEPS)), expected, quantity)

    def test_threshold_is_reached_in_spite_of_binary_fractions(self):
        lines = [(7, 0.1, 100)] * 3
        self.assertEqual(benefit(order(*lines), scheme("A", slab(0.3, value=10.0))), 30)
        self.assertEqual(benefit(order((7, 0.1 + 0.2, 300)), scheme("A", slab(0.3, value=10.0))), 30)

    def test_threshold_zero_needs_a_base_above_zero(self):
        order_value = scheme("A", slab(0, "lump_amount", 5.0), scope="basket", basis="amount")
        self.assertEqual(explained(order((7, 1.0, 0)), order_value)["A"], ("not", "threshold"))
        self.assertEqual(benefit(order((7, 1.0, 1)), order_value), 1)

    def test_slabs_are_read_by_threshold_whatever_their_order(self):
        self.assertEqual(benefit(order((7, 25.0, 10000)), scheme("A", *reversed(STEPS))), 1000)

    def test_whole_mode_gives_the_reached_rate_on_everything(self):
        grant = run(order((7, 25.0, 10000)), scheme("A", *STEPS)).grants[0]
        self.assertEqual((grant.slab.threshold, grant.benefit), (20, 1000))


class TestMarginal(BaseCase):
    def test_golden_bands(self):
        bands = scheme("A", *GOLDEN, basis="amount", mode="marginal", scope="basket")
        self.assertEqual(benefit(order((7, 1.0, 380000)), bands), 110000)
        self.assertEqual(benefit(order((7, 1.0, 100000)), bands), 26000)
        self.assertEqual(benefit(order((7, 1.0, 380000)), scheme("A", *GOLDEN, basis="amount", mode="marginal")), 110000)

    def test_below_the_first_threshold_nothing_is_earned(self):
        bands = scheme("A", *STEPS, mode="marginal")
        self.assertEqual(explained(order((7, 9.0, 9000)), bands)["A"], ("near", "threshold"))
        self.assertEqual(benefit(order((7, 15.0, 15000)), bands), 250)  # 5 of 15 units at 5 %

    def test_last_band_is_open(self):
        self.assertEqual(benefit(order((7, 1000.0, 1000000)), scheme("A", *STEPS, mode="marginal")), 5000 // 10 + 98000)

    def test_bands_share_net_value_quantity_or_price(self):
        facts = order((7, 30.0, 6000))  # 2.00 each; bands of 10 units at the first, 10 at the second rate
        for name, values, expected in (
            ("percent", (10.0, 20.0), 200 + 400),
            ("unit_amount", (0.1, 0.3), 100 + 300),
            ("net_price", (1.9, 1.5), 100 + 500),
        ):
            bands = scheme("A", slab(10, name, values[0]), slab(20, name, values[1]), mode="marginal")
            self.assertEqual(benefit(facts, bands), expected, name)

    def test_marginal_rounds_once_and_splits_on_net_value(self):
        bands = scheme("A", slab(1, value=10.0), mode="marginal")
        self.assertEqual(reductions(order((7, 1.0, 5), (7, 1.0, 4), (7, 1.0, 1)), bands), {1: 1})  # 10 % of 2 of 3 thirds: 0.67
        prices = scheme("A", slab(0, "net_price", 0.015), mode="marginal")
        self.assertEqual(benefit(order((7, 1.0, 2), (7, 1.0, 2)), prices), 1)  # 2 x 0.5, not 2 x 1


class TestTimes(BaseCase):
    def test_times_is_the_whole_part_of_base_over_repetition(self):
        for quantity, expected in {11.9: 0, 12.0: 100, 35.0: 200, 36.0: 300, 61.0: 300}.items():
            repeated = scheme("A", slab(0, "lump_amount", 1.0, repeat_every=12.0, max_times=3))
            self.assertEqual(benefit(order((7, quantity, 100000)), repeated), expected, quantity)

    def test_amount_base_is_divided_by_the_repetition(self):
        repeated = scheme("A", slab(0, "lump_amount", 5.0, repeat_every=100.0), basis="amount")
        self.assertEqual(benefit(order((7, 1.0, 29999)), repeated), 1000)

    def test_repetition_of_binary_fractions_is_whole(self):
        repeated = scheme("A", slab(0, "lump_amount", 1.0, repeat_every=0.1))
        self.assertEqual(benefit(order((7, 0.3, 10000)), repeated), 300)
        self.assertEqual(benefit(order((7, 0.7, 10000)), repeated), 700)

    def test_no_repetition_is_once_and_no_maximum_is_no_limit(self):
        self.assertEqual(benefit(order((7, 1000.0, 100000)), scheme("A", slab(1, "lump_amount", 1.0))), 100)
        self.assertEqual(benefit(order((7, 1000.0, 100000)), scheme("A", slab(1, "lump_amount", 1.0, repeat_every=2.0))), 50000)

    def test_reached_slab_repeats_by_its_own_number_and_never_falls_back(self):
        slabs = (slab(10, "lump_amount", 1.0, repeat_every=10.0), slab(50, "lump_amount", 9.0, repeat_every=60.0))
        self.assertEqual(benefit(order((7, 49.0, 100000)), scheme("A", *slabs)), 400)
        self.assertEqual(benefit(order((7, 59.0, 100000)), scheme("A", *slabs)), 0)
        self.assertEqual(benefit(order((7, 119.0, 100000)), scheme("A", *slabs)), 900)

    def test_basket_and_repetition_go_together(self):
        free = scheme("A", slab(6, "free_product", free_product=9, free_qty=1.0, repeat_every=6.0), scope="basket")
        facts = order((7, 8.0, 800), (8, 5.0, 500), free=goods(p9=(1.0, 100)))
        self.assertEqual([(grant.free_qty, grant.times, grant.benefit) for grant in run(facts, free).grants], [(2.0, 2, 200)])

    def test_repetition_below_the_currency_counts_its_smallest_coin(self):
        repeated = scheme("A", slab(0, "lump_amount", 0.01, repeat_every=0.001, max_times=5), basis="amount")
        self.assertEqual(benefit(order((7, 1.0, 3)), repeated), 3)


class TestWorth(BaseCase):
    def test_each_money_benefit_on_a_product(self):
        facts = order((7, 3.0, 1000), (7, 1.0, 333))
        for name, value, expected in (
            ("percent", 10.0, {1: 100, 2: 33}),
            ("unit_amount", 0.25, {1: 75, 2: 25}),
            ("lump_amount", 1.0, {1: 75, 2: 25}),
            ("net_price", 3.0, {1: 100, 2: 33}),
        ):
            self.assertEqual(reductions(facts, scheme("A", slab(1, name, value))), expected, name)

    def test_slabs_of_one_phase_may_differ_in_benefit(self):
        mixed = scheme("A", slab(1, value=10.0), slab(5, "lump_amount", 3.0), slab(10, "unit_amount", 0.5))
        self.assertEqual([benefit(order((7, quantity, 1000)), mixed) for quantity in (4.0, 9.0, 10.0)], [100, 300, 500])
        lines = order((7, 1.0, 5), (7, 1.0, 5))
        self.assertEqual(reductions(lines, mixed), {1: 1, 2: 1})

    def test_unit_amount_and_net_price_are_per_line_in_a_basket_too(self):
        facts = order((7, 3.0, 1000), (8, 1.0, 333))
        self.assertEqual(reductions(facts, scheme("A", slab(1, "unit_amount", 0.25), scope="basket")), {1: 75, 2: 25})
        self.assertEqual(reductions(facts, scheme("A", slab(1, "net_price", 3.0), scope="basket")), {1: 100, 2: 33})

    def test_net_price_never_raises_a_line(self):
        facts = order((7, 1.0, 250), (7, 1.0, 400))
        self.assertEqual(reductions(facts, scheme("A", slab(1, "net_price", 3.0))), {2: 100})
        self.assertEqual(explained(order((7, 1.0, 250)), scheme("A", slab(1, "net_price", 3.0)))["A"], ("not", "no_value"))

    def test_no_benefit_takes_a_line_below_zero(self):
        facts = order((7, 10.0, 100), (7, 1.0, 500))
        self.assertEqual(reductions(facts, scheme("A", slab(1, "unit_amount", 1.0))), {1: 100, 2: 100})
        self.assertEqual(reductions(facts, scheme("A", slab(1, "lump_amount", 50.0))), {1: 100, 2: 500})
        self.assertEqual(reductions(facts, scheme("A", slab(1, "unit_amount", 9.0), mode="marginal")), {1: 100, 2: 500})
        self.assertEqual(reductions(facts, scheme("A", slab(0, value=100.0)), scheme("B", slab(0, value=50.0))), {1: 100, 2: 500})

    def test_same_facts_give_the_same_result(self):
        facts = order((7, 10.0, 10000), used={"A": Used(total=1.0)})
        schemes = [scheme("A", *STEPS, budget=3.0), scheme("B", *GOLDEN, basis="amount", mode="marginal")]
        self.assertEqual(run(facts, *schemes), run(facts, *schemes))
