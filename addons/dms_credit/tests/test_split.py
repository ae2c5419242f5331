from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.split import Line, split_to_fit

lines = st.lists(
    st.builds(
        Line,
        key=st.integers(1, 9),
        total=st.integers(0, 100_000).map(lambda cents: cents / 100),
        quantity=st.integers(1, 50),
        step=st.sampled_from([1.0, 2.0, 5.0, 12.0]),
        least=st.sampled_from([0.0, 3.0, 10.0]),
    ),
    max_size=8,
    unique_by=lambda line: line.key,
)


@tagged("-at_install", "post_install")
class TestSplitToFit(BaseCase):
    def test_table(self):
        hundred, sixty = Line(1, 100.0, 10), Line(2, 60.0, 3)
        for room, expected in (
            (200.0, {1: 10, 2: 3}),
            (160.0, {1: 10, 2: 3}),
            (159.99, {1: 10, 2: 2.0}),
            (99.99, {1: 9.0}),
            (9.99, {}),
            (0.0, {}),
            (-50.0, {}),
        ):
            with self.subTest(room=room):
                self.assertEqual(split_to_fit([hundred, sixty], room), expected)

    def test_a_later_line_takes_what_an_earlier_one_leaves(self):
        self.assertEqual(split_to_fit([Line(1, 100.0, 1), Line(2, 30.0, 3)], 25.0), {2: 2.0})

    def test_steps_and_least_quantity(self):
        self.assertEqual(split_to_fit([Line(1, 100.0, 10, step=4)], 95.0), {1: 8.0})
        self.assertEqual(split_to_fit([Line(1, 100.0, 10, step=4, least=8)], 75.0), {})

    def test_what_costs_nothing_stays_whole(self):
        self.assertEqual(split_to_fit([Line(1, 0.0, 7), Line(2, 10.0, 1)], 0.0), {1: 7})

    @settings(max_examples=300, deadline=None)
    @given(lines, st.integers(-1000, 200_000).map(lambda cents: cents / 100))
    def test_never_more_than_the_room_never_more_than_ordered(self, given_lines, room):
        kept = split_to_fit(given_lines, room)
        by_key = {line.key: line for line in given_lines}
        value = sum(by_key[key].total * quantity / by_key[key].quantity for key, quantity in kept.items())
        self.assertLessEqual(value, max(room, 0.0) + 1e-6)
        for key, quantity in kept.items():
            line = by_key[key]
            self.assertGreater(quantity, 0)
            self.assertLessEqual(quantity, line.quantity)
            if quantity != line.quantity:
                self.assertAlmostEqual(quantity / line.step, round(quantity / line.step))
                self.assertGreaterEqual(quantity, line.least)

    @settings(max_examples=200, deadline=None)
    @given(lines, st.integers(0, 100_000).map(lambda cents: cents / 100))
    def test_everything_fits_into_its_own_total(self, given_lines, extra):
        total = sum(line.total for line in given_lines)
        self.assertEqual(split_to_fit(given_lines, total + extra + 0.01), {line.key: line.quantity for line in given_lines})
