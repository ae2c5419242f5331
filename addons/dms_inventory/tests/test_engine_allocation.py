from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..engine.allocation import Demand, allocate


def obvious(supply, demands):
    """Step by step to whoever has least for his weight."""
    got = {demand.key: 0 for demand in demands}
    while True:
        can = [
            (got[d.key] / d.weight, place, d)
            for place, d in enumerate(demands)
            if got[d.key] < d.ordered and min(d.step, d.ordered - got[d.key]) <= supply
        ]
        if not can:
            return got
        _level, _place, chosen = min(can, key=lambda entry: entry[:2])
        step = min(chosen.step, chosen.ordered - got[chosen.key])
        got[chosen.key] += step
        supply -= step


DEMANDS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([1, 2, 6, 12]), st.sampled_from([0.5, 1.0, 2.0, 7.0])), min_size=1, max_size=7
).map(lambda rows: [Demand(place, *row) for place, row in enumerate(rows)])


class TestAllocation(BaseCase):
    def test_cases(self):
        cases = {
            "enough for all": (100, [Demand("a", 10), Demand("b", 20)], {"a": 10, "b": 20}),
            "evenly": (10, [Demand("a", 30), Demand("b", 30)], {"a": 5, "b": 5}),
            "nobody more than ordered": (10, [Demand("a", 2), Demand("b", 30)], {"a": 2, "b": 8}),
            "by weight": (9, [Demand("a", 30, 1, 2.0), Demand("b", 30)], {"a": 6, "b": 3}),
            "whole cases": (30, [Demand("a", 24, 12), Demand("b", 24, 12)], {"a": 12, "b": 12}),
            "the first comes first": (12, [Demand("a", 24, 12), Demand("b", 24, 12)], {"a": 12, "b": 0}),
            "the rest of an order": (40, [Demand("a", 30, 12), Demand("b", 10, 12)], {"a": 30, "b": 10}),
            "what no case fits goes to who takes less": (20, [Demand("a", 24, 12), Demand("b", 24, 1)], {"a": 12, "b": 8}),
            "nothing there": (0, [Demand("a", 24)], {"a": 0}),
            "less than nothing": (-5, [Demand("a", 24)], {"a": 0}),
            "nothing ordered": (5, [Demand("a", 0)], {"a": 0}),
        }
        for name, (supply, demands, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(allocate(supply, demands), expected)

    @settings(max_examples=300, deadline=None)
    @given(supply=st.integers(0, 250), demands=DEMANDS)
    def test_fair_by_the_obvious_way_too(self, supply, demands):
        shares = allocate(supply, demands)
        self.assertEqual(shares, obvious(supply, demands))
        self.assertLessEqual(sum(shares.values()), supply)
        for demand in demands:
            share = shares[demand.key]
            self.assertLessEqual(share, demand.ordered)
            self.assertTrue(share % demand.step == 0 or share == demand.ordered)

    @settings(max_examples=200, deadline=None)
    @given(supply=st.integers(0, 250), demands=DEMANDS)
    def test_nobody_gains_without_somebody_with_less_losing(self, supply, demands):
        step = 3
        demands = [Demand(demand.key, demand.ordered * step, step, demand.weight) for demand in demands]
        shares = allocate(supply, demands)
        for winner in demands:
            for loser in demands:
                if shares[winner.key] < winner.ordered and shares[loser.key] >= step and winner is not loser:
                    after = (shares[loser.key] - step) / loser.weight
                    self.assertLessEqual(after, shares[winner.key] / winner.weight + 1e-9)

    def test_a_million_units_take_no_time(self):
        shares = allocate(10**6, [Demand(place, 10**5, 1, 1.0 + place % 3) for place in range(50)])
        self.assertEqual(sum(shares.values()), 10**6)
