import doctest
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import split as engine
from ..engine.split import split

UNITS = ("0.01", "1", "0.001", "0.05")


@tagged("-at_install", "post_install")
class TestSplit(BaseCase):
    def test_examples_of_the_docstring(self):
        self.assertEqual(doctest.testmod(engine).failed, 0)

    def test_table(self):
        for amount, weights, unit, expected in (
            ("120", [1] * 12, "0.01", ["10.00"] * 12),
            ("0", [5, 1], "0.01", ["0.00", "0.00"]),
            ("100", [0, 0], "1", ["50", "50"]),
            ("101", [0, 0], "1", ["51", "50"]),
            ("100", [-50, -1, 0], "1", ["34", "33", "33"]),
            ("0.02", [1, 1, 1], "0.01", ["0.01", "0.01", "0.00"]),
            ("1.00", [1, 2], "0.05", ["0.35", "0.65"]),
            ("7", [1], "1", ["7"]),
        ):
            with self.subTest(amount=amount, weights=weights):
                self.assertEqual([str(part) for part in split(amount, weights, unit)], expected)

    def test_no_parts_is_refused(self):
        with self.assertRaises(ValueError):
            split("1", [], "1")

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.integers(0, 10**12),
        st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=12),
        st.sampled_from(UNITS),
    )
    def test_parts_always_add_up_and_follow_the_weights(self, units, weights, unit):
        amount = units * Decimal(unit)
        parts = split(amount, weights, unit)
        self.assertEqual(sum(parts), amount)
        self.assertEqual(len(parts), len(weights))
        self.assertTrue(all(part >= 0 for part in parts))
        total = sum(max(weight, 0) for weight in weights)
        for part, weight in zip(parts, weights, strict=True) if total else ():
            share = float(amount) * max(weight, 0) / total
            self.assertAlmostEqual(float(part), share, delta=float(unit) + float(amount) * 1e-9)
