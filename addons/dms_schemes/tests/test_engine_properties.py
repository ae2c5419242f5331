from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import Book, Used, evaluate, explain

from .engine_cases import benefit, order, run, scheme, slab
from .engine_strategies import MARGINAL, PROPERTY, VALUES, books, orders
from .obvious_schemes import ObviousOrder


def written(grant):
    """A grant as the obvious implementation writes it."""
    return {
        "code": grant.scheme.code,
        "product": grant.product,
        "threshold": grant.slab.threshold,
        "base_amount": grant.base_amount,
        "keys": list(grant.earners),
        "amounts": dict(grant.lines),
        "free_product": grant.free_product,
        "free_qty": grant.free_qty,
        "times": grant.times,
        "benefit": grant.benefit,
    }


class TestProperties(BaseCase):
    @settings(PROPERTY, max_examples=300)
    @given(orders(), books())
    def test_engine_agrees_with_the_obvious_way(self, facts, schemes):
        obvious = ObviousOrder(facts, schemes)
        result = evaluate(Book(schemes), facts)
        self.assertEqual([written(grant) for grant in result.grants], obvious.entries)
        self.assertEqual(result.reductions, obvious.reductions)

    @settings(PROPERTY)
    @given(orders(), books())
    def test_explanation_agrees_with_the_obvious_way(self, facts, schemes):
        answers = ObviousOrder(facts, schemes).answers
        on_invoice = {each.code for each in schemes if each.timing == "on_invoice"}
        found = {outcome.scheme.code: (outcome.status, outcome.reason) for outcome in explain(Book(schemes), facts)}
        self.assertEqual(found, {code: answer for code, answer in answers.items() if code in on_invoice})

    @settings(PROPERTY)
    @given(orders(), books(), st.randoms(use_true_random=False))
    def test_order_of_lines_and_schemes_does_not_matter(self, facts, schemes, chance):
        lines, others = list(facts.lines), list(schemes)
        chance.shuffle(lines)
        chance.shuffle(others)
        shuffled = type(facts)(**{name: getattr(facts, name) for name in facts.__slots__} | {"lines": tuple(lines)})
        self.assertEqual(evaluate(Book(others), shuffled), evaluate(Book(schemes), facts))

    @settings(PROPERTY)
    @given(orders(), books())
    def test_no_line_goes_below_zero(self, facts, schemes):
        value = {line.key: line.value for line in facts.lines}
        for key, taken in evaluate(Book(schemes), facts).reductions.items():
            self.assertTrue(0 < taken <= value[key])

    @settings(PROPERTY)
    @given(orders(), books())
    def test_parts_sum_to_wholes(self, facts, schemes):
        result, taken = evaluate(Book(schemes), facts), {}
        for grant in result.grants:
            self.assertTrue(grant.benefit > 0)
            self.assertEqual(sum(amount for _key, amount in grant.lines), 0 if grant.free_product else grant.benefit)
            if grant.scheme.timing == "on_invoice":
                for key, amount in grant.lines:
                    taken[key] = taken.get(key, 0) + amount
        self.assertEqual(taken, result.reductions)

    @settings(PROPERTY)
    @given(orders(), books())
    def test_caps_hold_in_company_currency(self, facts, schemes):
        for outcome in evaluate(Book(schemes), facts).outcomes:
            counted = sum(facts.in_company_units(grant.benefit) for grant in outcome.grants) * facts.company_rounding
            used, tested = facts.used.get(outcome.scheme.code, Used()), outcome.scheme
            for limit, taken in ((tested.max_per_order, 0.0), (tested.max_per_distributor, used.distributor), (tested.budget, used.total)):
                self.assertTrue(not limit or not counted or counted + taken <= limit + 1e-6)

    @settings(PROPERTY)
    @given(orders(), books())
    def test_evaluating_again_changes_nothing(self, facts, schemes):
        book, before = Book(schemes), repr(facts)
        self.assertEqual(evaluate(book, facts), evaluate(book, facts))
        self.assertEqual(repr(facts), before)

    @settings(PROPERTY)
    @given(
        st.sampled_from(MARGINAL), st.sampled_from(("quantity", "amount")), st.sampled_from(("product", "basket")),
        st.integers(1, 2000), st.integers(1, 300), st.integers(1, 300), st.data(),
    )  # fmt: skip
    def test_more_never_earns_less_when_marginal(self, name, basis, scope, price, quantity, more, data):
        thresholds = data.draw(st.lists(st.integers(0, 200), min_size=1, max_size=4, unique=True))
        slabs = [slab(threshold, name, data.draw(st.sampled_from(VALUES[name]))) for threshold in thresholds]
        marginal = scheme("A", *slabs, basis=basis, scope=scope, mode="marginal")
        fewer, rest = (order((7, float(number), number * price)) for number in (quantity, quantity + more))
        self.assertLessEqual(benefit(fewer, marginal), benefit(rest, marginal))

    @settings(PROPERTY)
    @given(orders(), books())
    def test_schemes_of_other_products_change_nothing(self, facts, schemes):
        others = [scheme(f"{each.code}x", slab(0, value=50.0), products=(99,), stacking="exclusive") for each in schemes]
        self.assertEqual(run(facts, *schemes, *others).outcomes, run(facts, *schemes).outcomes)
