import doctest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import scale as engine
from ..engine.scale import get_scale

AMOUNTS = st.lists(st.integers(-(10**11), 10**11).map(lambda cents: cents / 100), max_size=12)


@tagged("-at_install", "post_install")
class TestScale(BaseCase):
    def test_examples_of_the_docstrings(self):
        self.assertEqual(doctest.testmod(engine).failed, 0)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(AMOUNTS)
    def test_every_value_lies_on_the_scale_whatever_it_is(self, values):
        scale = get_scale(values)
        for value in (0, *values):
            self.assertTrue(0 <= scale.place(value) <= 100, (value, scale))
        self.assertTrue(2 <= len(scale.ticks) <= 7, scale)
        self.assertIn(0, [round(tick, 6) for tick in scale.ticks])
