from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import Used
from odoo.addons.dms_schemes.engine.result import REASONS

from .engine_cases import explained, goods, order, run, scheme, slab


def nears(facts, *schemes):
    """(missing, target, threshold of the slab, product) of what schemes are near to."""
    return [(o.near.missing, o.near.target, o.near.slab.threshold, o.near.product) for o in run(facts, *schemes).nears]


class TestReasons(BaseCase):
    def test_first_condition_that_fails_is_the_reason(self):
        """Each scheme fails its own condition and every later one that can fail with it."""
        facts = order((7, 1.0, 1000), (8, 5.0, 5000), used={"C": Used(total=9.0, distributor=9.0)})
        closing = scheme("!", slab(1, value=10.0), products=(8,), stacking="exclusive", sequence=1)
        hard = {"min_distinct": 2, "must_have": (9,), "scope": "basket"}
        for expected, tested in (
            ("no_product", scheme("C", slab(50, value=10.0), products=(99,), **hard)),
            ("exclusive", scheme("C", slab(50, value=10.0), products=(8,), **hard)),
            ("min_distinct", scheme("C", slab(50, value=10.0), **hard)),
            ("must_have", scheme("C", slab(50, value=10.0), **{**hard, "min_distinct": 1})),
            ("threshold", scheme("C", slab(50, "lump_amount", 0.0), budget=9.0)),
            ("no_value", scheme("C", slab(1, "lump_amount", 0.0), budget=9.0)),
            ("max_per_order", scheme("C", slab(1, "percent", 10.0), max_per_order=0.001)),
            ("max_per_distributor", scheme("C", slab(1, "percent", 10.0), max_per_distributor=9.0, budget=9.0)),
            ("budget", scheme("C", slab(1, "percent", 10.0), budget=9.0)),
            ("group", scheme("C", slab(1, "percent", 10.0), stacking="best_of_group", group="G")),
        ):
            rival = scheme("D", slab(1, value=20.0), stacking="best_of_group", group="G", products=(7,))
            self.assertEqual(explained(facts, closing, tested, rival)["C"][1], expected)

    def test_reasons_are_listed_in_their_order(self):
        conditions = ("no_product", "exclusive", "min_distinct", "must_have", "threshold", "no_value")
        self.assertEqual(REASONS, (*conditions, "max_per_order", "max_per_distributor", "budget", "group"))

    def test_applied_has_no_reason(self):
        self.assertEqual(explained(order((7, 1.0, 1000)), scheme("A", slab(1, value=10.0)))["A"], ("applied", ""))


class TestNear(BaseCase):
    STEPS = (slab(10, value=5.0), slab(20, value=10.0))

    def test_below_the_first_threshold_says_what_is_missing(self):
        self.assertEqual(nears(order((7, 8.0, 800)), scheme("A", *self.STEPS)), [(2.0, 10, 10, 7)])

    def test_nothing_bought_is_not_near(self):
        amount = scheme("A", slab(10, value=5.0), basis="amount")
        self.assertEqual(explained(order((7, 8.0, 0)), amount)["A"], ("not", "threshold"))

    def test_applied_adds_the_distance_to_the_next_slab(self):
        near = run(order((7, 18.0, 1800)), scheme("A", *self.STEPS)).grants[0].near
        self.assertEqual((near.base, near.target, near.missing, near.slab.value), (18.0, 20, 2.0, 10.0))
        self.assertIsNone(run(order((7, 20.0, 1800)), scheme("A", *self.STEPS)).grants[0].near)

    def test_below_the_first_repetition_is_near_to_it(self):
        repeated = scheme("A", slab(0, "lump_amount", 1.0, repeat_every=12.0))
        self.assertEqual(nears(order((7, 9.0, 900)), repeated), [(3.0, 12.0, 0, 7)])

    def test_applied_repetition_adds_the_distance_to_the_next(self):
        repeated = scheme("A", slab(0, "lump_amount", 1.0, repeat_every=12.0, max_times=2))
        self.assertEqual(run(order((7, 14.0, 900)), repeated).grants[0].near.missing, 10.0)
        self.assertIsNone(run(order((7, 30.0, 900)), repeated).grants[0].near)

    def test_of_several_products_the_nearest_is_named(self):
        self.assertEqual(nears(order((7, 2.0, 800), (8, 9.0, 800)), scheme("A", *self.STEPS)), [(1.0, 10, 10, 8)])

    def test_amounts_are_in_units_of_the_order_currency(self):
        amount = scheme("A", slab(100, value=5.0), basis="amount")
        self.assertEqual(nears(order((7, 8.0, 10000), rate=1.25), amount), [(2500, 12500, 100, 7)])

    def test_basket_names_no_product(self):
        self.assertEqual(nears(order((7, 8.0, 800)), scheme("A", *self.STEPS, scope="basket")), [(2.0, 10, 10, None)])

    def test_near_has_a_positive_distance_in_spite_of_binary_fractions(self):
        repeated = scheme("A", slab(0, "free_product", free_qty=1.0, repeat_every=0.1))
        near = run(order((7, 0.3, 800), free=goods(p7=(1.0, 1))), repeated).grants[0].near
        self.assertAlmostEqual(near.missing, 0.1)
