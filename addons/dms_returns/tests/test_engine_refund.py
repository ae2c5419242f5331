import doctest
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.dms_returns.engine import refund
from odoo.addons.dms_returns.engine.refund import Source, absorbed, attribute, fit, owed_free, part, rounded, split, spread

amounts = st.integers(-(10**9), 10**9)
pieces = st.lists(st.integers(1, 400), min_size=1, max_size=12)


def obvious_share(amount, quantity, whole):
    """Half away from zero, by fractions."""
    exact = abs(Fraction(amount) * quantity / whole)
    size = int(exact + Fraction(1, 2))
    return size if amount >= 0 else -size


def obvious_owed(free, sold, returned):
    """Counted one by one: the greatest whole number that is in proportion."""
    if returned >= sold:
        return free if sold else 0
    return max(count for count in range(free + 1) if count * sold <= free * returned)


class Money(int):
    """A number that has parts."""

    def __add__(self, other):
        return Money(int(self) + other)

    def part(self, whole, before, more):
        return Money(part(int(self), whole, before, more))


class TestEngineRefund(BaseCase):
    def test_examples_of_the_module_hold(self):
        self.assertFalse(doctest.testmod(refund).failed)

    @given(amounts, pieces, st.sampled_from((1, 10, 100, 1000)))
    def test_parts_of_any_sequence_sum_to_the_whole(self, amount, quantities, scale):
        whole, before, parts = sum(quantities) / scale, 0.0, []
        for quantity in quantities:
            parts.append(part(amount, whole, before, quantity / scale))
            before += quantity / scale
        self.assertEqual(sum(parts), amount)
        self.assertTrue(all(one * amount >= 0 for one in parts))

    @given(amounts, st.integers(1, 10**4), st.integers(0, 10**4))
    def test_share_is_that_of_fractions(self, amount, whole, quantity):
        quantity = min(quantity, whole)
        self.assertEqual(rounded(amount, float(quantity), float(whole)), obvious_share(amount, quantity, whole))

    @given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-(10**6), 10**6))
    def test_credited_and_not_invoiced_are_all_that_was_accepted(self, accepted, delivered, invoiced):
        waiting = absorbed(float(accepted), float(delivered), float(invoiced))
        self.assertTrue(0 <= waiting <= accepted)
        # what is invoiced in the end is what stays delivered, as far as this return can make it so
        credited = accepted - waiting
        self.assertEqual(credited, min(max(invoiced - delivered, 0), accepted))

    @given(st.lists(st.integers(0, 50), max_size=6), st.integers(0, 400))
    def test_oldest_are_filled_first(self, rooms, quantity):
        taken = spread(float(quantity), [float(room) for room in rooms])
        units = [place for place, room in enumerate(rooms) for _unit in range(room)][:quantity]
        self.assertEqual(taken, [units.count(place) for place in range(len(rooms))])

    @given(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 30)), min_size=1, max_size=6),
        st.lists(st.tuples(st.sampled_from((None, 0, 1, 2)), st.integers(1, 30)), max_size=6),
    )
    def test_no_source_is_credited_more_than_it_is(self, invoiced, credits):
        sources = [Source(place, document, float(quantity)) for place, (document, quantity) in enumerate(invoiced)]
        attribute(sources, [(document, quantity, Money(quantity)) for document, quantity in credits])
        self.assertTrue(all(0 <= source.credited <= source.quantity for source in sources))
        total = sum(quantity for _document, quantity in invoiced)
        self.assertEqual(sum(source.credited for source in sources), min(sum(quantity for _document, quantity in credits), total))
        self.assertTrue(all((source.given or 0) == source.credited for source in sources), "money goes with the goods")
        for document in (0, 1, 2):
            own = sum(source.quantity for source in sources if source.document == document)
            named = sum(quantity for of, quantity in credits if of == document)
            self.assertGreaterEqual(sum(source.credited for source in sources if source.document == document), min(own, named))

    @given(st.integers(1, 30), st.sampled_from((None, 0)))
    def test_credit_that_was_taken_back_counts_for_nothing(self, quantity, document):
        sources = [Source(0, 0, 30.0)]
        attribute(sources, [(document, quantity, Money(quantity)), (document, -quantity, Money(-quantity))])
        self.assertEqual(sources[0].credited, 0.0)

    @given(st.integers(0, 60), st.integers(0, 300), st.integers(0, 300))
    def test_free_goods_are_owed_in_proportion_and_all_at_the_end(self, free, sold, returned):
        self.assertEqual(owed_free(float(free), float(sold), float(returned), 1.0), obvious_owed(free, sold, returned))

    @given(st.integers(-(10**5), 10**5), st.integers(0, 10**5), st.integers(0, 30))
    def test_what_is_taken_off_leaves_nothing_below_zero(self, wanted, untaxed, percent):
        def tax(amount):
            return rounded(amount, float(percent), 100.0)

        taken = fit(wanted, untaxed, untaxed + tax(untaxed), tax)
        self.assertEqual(taken, min(wanted, untaxed))  # the same taxes on both: it fits to the last unit

    @given(st.integers(0, 10**5), st.integers(0, 10**4), st.integers(0, 10**4), st.integers(0, 30), st.integers(0, 30))
    def test_other_taxes_leave_no_total_below_zero(self, wanted, untaxed, _more, percent, own):
        total = untaxed + rounded(untaxed, float(own), 100.0)
        taken = fit(wanted, untaxed, total, lambda amount: rounded(amount, float(percent), 100.0))
        self.assertTrue(0 <= taken <= min(wanted, untaxed))
        self.assertGreaterEqual(total - taken - rounded(taken, float(percent), 100.0), 0)

    @given(st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 10**4)), min_size=1, max_size=20))
    def test_shortfalls_are_carried_and_all_refunds_sum_to_the_last_target(self, steps):
        """``steps``: what goods are worth, and what is to be taken off in all after each of them; nothing in the end."""
        posted, refunds, goods = 0, [], 0
        for worth, target in [*steps, (0, 0)]:
            taken = fit(target - posted, worth, worth, lambda amount: 0)
            posted += taken
            goods += worth
            refunds.append(worth - taken)
        self.assertTrue(all(refund >= 0 for refund in refunds))
        self.assertEqual(sum(refunds), goods)

    @given(st.integers(-(10**6), 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
    def test_split_sums_to_the_total(self, total, weights):
        self.assertEqual(sum(split(total, weights)), total)
