import doctest
from itertools import permutations

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import money
from odoo.addons.dms_schemes.engine.money import half_up, reaches, split, whole

from .engine_cases import benefit, order, reductions, run, scheme, slab


class TestMoney(BaseCase):
    def test_examples_of_the_module_hold(self):
        self.assertFalse(doctest.testmod(money).failed)

    def test_halves_go_up_in_spite_of_binary_fractions(self):
        for number, expected in {
            2.5: 3,
            0.285 * 100: 29,
            1.005 * 100: 101,
            2.4999: 2,
            0.0: 0,
            -0.5: 0,
            -1.5: -1,
            1e9 + 0.5: 10**9 + 1,
        }.items():
            self.assertEqual(half_up(number), expected, number)

    def test_whole_part_and_reach_forgive_binary_fractions(self):
        self.assertEqual([whole(number) for number in (0.3 / 0.1, 2.99, 0.0, 0.999)], [3, 2, 0, 0])
        self.assertEqual([reaches(0.1 * 3, 0.3), reaches(0.3, 0.1 * 3), reaches(0.2999, 0.3)], [True, True, False])

    def test_split_serves_the_largest_remainder_then_the_first(self):
        for total, weights, expected in (
            (100, [1, 1, 1], [34, 33, 33]),
            (101, [1, 1, 1], [34, 34, 33]),
            (10, [1, 2, 3], [2, 3, 5]),
            (1, [1, 3], [0, 1]),
            (5, [0, 5, 0], [0, 5, 0]),
            (7, [0, 0], [0, 0]),
            (0, [3, 4], [0, 0]),
        ):
            self.assertEqual(split(total, weights), expected, (total, weights))


class TestRounding(BaseCase):
    def test_percent_of_a_product_rounds_on_each_line(self):
        self.assertEqual(reductions(order((7, 1.0, 5), (7, 1.0, 5), (7, 1.0, 4)), scheme("A", slab(1, value=10.0))), {1: 1, 2: 1})

    def test_percent_of_a_basket_rounds_on_the_total(self):
        basket = scheme("A", slab(1, value=10.0), scope="basket")
        self.assertEqual(reductions(order((7, 1.0, 5), (8, 1.0, 5), (9, 1.0, 4)), basket), {1: 1})

    def test_unit_benefits_round_on_each_line(self):
        facts = order((7, 1.0, 10), (7, 1.0, 10))
        for scope in ("product", "basket"):
            self.assertEqual(reductions(facts, scheme("A", slab(1, "unit_amount", 0.005), scope=scope)), {1: 1, 2: 1})

    def test_benefit_rounds_half_up_and_the_net_is_the_difference(self):
        """A price of 0.095 on a line of 0.10: 0.005 off is 0.01, so the line comes to 0.09."""
        self.assertEqual(reductions(order((7, 1.0, 10)), scheme("A", slab(1, "net_price", 0.095))), {1: 1})
        self.assertEqual(reductions(order((7, 1.0, 10)), scheme("A", slab(1, "net_price", 0.096))), {})

    def test_lump_is_split_by_largest_remainder_on_net_value(self):
        lump = scheme("A", slab(1, "lump_amount", 1.0))
        self.assertEqual(reductions(order((7, 1.0, 1000), (7, 1.0, 1000), (7, 1.0, 1000)), lump), {1: 34, 2: 33, 3: 33})
        self.assertEqual(reductions(order((7, 1.0, 100), (7, 1.0, 300), (7, 1.0, 200)), lump), {1: 17, 2: 50, 3: 33})

    def test_lump_of_product_scope_is_given_and_split_per_product(self):
        lump = scheme("A", slab(1, "lump_amount", 1.0))
        self.assertEqual(reductions(order((7, 1.0, 300), (8, 1.0, 300), (7, 1.0, 100)), lump), {1: 75, 2: 100, 3: 25})

    def test_equal_remainders_go_by_rank_then_key(self):
        goods = (order((7, 1.0, 100), (7, 1.0, 100))).lines
        for lines in permutations(goods):
            self.assertEqual(reductions(order(*lines), scheme("A", slab(1, "lump_amount", 0.01))), {1: 1})

    def test_basket_is_split_on_running_net(self):
        first = scheme("A", slab(1, value=50.0), products=(7,))
        lump = scheme("B", slab(1, "lump_amount", 3.0), scope="basket")
        self.assertEqual(reductions(order((7, 1.0, 1000), (8, 1.0, 1000)), first, lump), {1: 600, 2: 200})

    def test_grants_sum_to_the_reductions(self):
        result = run(
            order((7, 3.0, 999), (8, 1.0, 501)), scheme("A", slab(1, value=7.5)), scheme("B", slab(1, "lump_amount", 1.0), scope="basket")
        )
        self.assertEqual(sum(grant.benefit for grant in result.grants), sum(result.reductions.values()))


class TestCurrency(BaseCase):
    """An order at 1.25 order currency for 1 of company currency."""

    def test_amounts_of_a_scheme_convert_at_the_orders_rate(self):
        facts = order((7, 2.0, 10000), rate=1.25)
        self.assertEqual(benefit(facts, scheme("A", slab(1, "lump_amount", 10.0))), 1250)
        self.assertEqual(benefit(facts, scheme("A", slab(1, "unit_amount", 0.1))), 25)
        self.assertEqual(benefit(facts, scheme("A", slab(1, "net_price", 30.0))), 10000 - 7500)
        self.assertEqual(benefit(facts, scheme("A", slab(1, value=10.0))), 1000)

    def test_thresholds_and_repetitions_convert_too(self):
        at_80 = scheme("A", slab(80, value=10.0), basis="amount")
        self.assertEqual([benefit(order((7, 1.0, value), rate=1.25), at_80) for value in (9999, 10000)], [0, 1000])
        every_10 = scheme("A", slab(0, "lump_amount", 1.0, repeat_every=10.0), basis="amount")
        self.assertEqual([benefit(order((7, 1.0, value), rate=1.25), every_10) for value in (1249, 1250, 2500)], [0, 125, 250])

    def test_quantities_do_not_convert(self):
        self.assertEqual(benefit(order((7, 10.0, 1000), rate=1.25), scheme("A", slab(10, value=10.0))), 100)

    def test_bands_convert(self):
        bands = scheme("A", slab(0, value=10.0), slab(80, value=20.0), basis="amount", mode="marginal")
        self.assertEqual(benefit(order((7, 1.0, 20000), rate=1.25), bands), 1000 + 2000)

    def test_amounts_round_in_the_orders_currency(self):
        self.assertEqual(benefit(order((7, 1.0, 10000), rate=1.2345), scheme("A", slab(1, "lump_amount", 0.1))), 12)
        whole_units = order((7, 1.0, 10000), rate=150.0, rounding=1.0)
        self.assertEqual(benefit(whole_units, scheme("A", slab(1, "lump_amount", 0.33))), 50)  # 49.5
        nickels = order((7, 1.0, 2000), rounding=0.05)
        self.assertEqual(benefit(nickels, scheme("A", slab(1, "lump_amount", 0.13))), 3)  # 0.15
