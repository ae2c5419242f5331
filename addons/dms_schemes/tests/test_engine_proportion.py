import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import proportion
from odoo.addons.dms_schemes.engine.proportion import free_share, part_between, returned_part

from .engine_strategies import PROPERTY


class TestFreeShare(BaseCase):
    def test_examples_of_the_module_hold(self):
        self.assertFalse(doctest.testmod(proportion).failed)

    def test_whole_steps_rounded_down_until_complete(self):
        for total, ordered, delivered, step, expected in (
            (2.0, 20.0, 9.0, 1.0, 0.0),
            (2.0, 20.0, 10.0, 1.0, 1.0),
            (2.0, 20.0, 19.999, 1.0, 1.0),
            (2.0, 20.0, 20.0, 1.0, 2.0),
            (2.0, 20.0, 25.0, 1.0, 2.0),
            (0.3, 3.0, 2.0, 0.1, 0.2),
            (2.5, 10.0, 5.0, 1.0, 1.0),
            (2.5, 10.0, 10.0, 1.0, 2.5),
            (6.0, 0.3, 0.1, 1.0, 2.0),
            (5.0, 10.0, -1.0, 1.0, 0.0),
            (5.0, 0.0, 0.0, 1.0, 5.0),
        ):
            self.assertEqual(free_share(total, ordered, delivered, step), expected, (total, ordered, delivered, step))

    @PROPERTY
    @given(st.integers(0, 50), st.integers(1, 100), st.integers(0, 120), st.integers(0, 120))
    def test_share_grows_with_delivery_and_never_beyond_its_proportion(self, total, ordered, first, second):
        first, second = sorted((first, second))
        shares = [free_share(float(total), float(ordered), float(delivered), 1.0) for delivered in (first, second)]
        self.assertTrue(0 <= shares[0] <= shares[1] <= total)
        self.assertTrue(shares[1] * ordered <= total * second)


class TestReturnedPart(BaseCase):
    def test_part_is_rounded_half_up_and_the_whole_is_exact(self):
        for amount, ordered, returned, expected in (
            (5, 10.0, 1.0, 1),
            (5, 10.0, 0.9, 0),
            (101, 3.0, 3.0, 101),
            (101, 3.0, 4.0, 101),
            (7, 2.0, 0.0, 0),
            (7, 0.0, 0.0, 7),
        ):
            self.assertEqual(returned_part(amount, ordered, returned), expected, (amount, ordered, returned))

    @PROPERTY
    @given(st.integers(0, 10**6), st.lists(st.integers(1, 40), min_size=1, max_size=8))
    def test_parts_of_any_sequence_sum_to_the_amount(self, amount, steps):
        ordered, parts, before = float(sum(steps)), [], 0.0
        for step in steps:
            parts.append(part_between(amount, ordered, before, before + step))
            before += step
        self.assertEqual(sum(parts), amount)
        self.assertTrue(all(part >= 0 for part in parts))
