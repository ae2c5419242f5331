import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import Used, period
from odoo.addons.dms_schemes.engine.period import PeriodBase, document_parts, entitlement

from .engine_cases import benefit, order, scheme, slab
from .engine_strategies import MARGINAL, PROPERTY, VALUES

STEPS = (slab(100, value=2.0), slab(200, value=5.0))


def rebate(*slabs, **values):
    return scheme("R", *slabs, **{"scope": "period", "timing": "off_invoice", "basis": "amount", **values})


class TestEntitlement(BaseCase):
    def test_examples_of_the_module_hold(self):
        self.assertFalse(doctest.testmod(period).failed)

    def test_whole_mode_gives_the_reached_rate_on_everything(self):
        for amount, expected in {9999: 0, 10000: 200, 19999: 400, 20000: 1000}.items():
            self.assertEqual(entitlement(rebate(*STEPS), PeriodBase(1.0, amount)).amount, expected, amount)

    def test_golden_bands(self):
        bands = rebate(slab(0, value=10.0), slab(100, value=20.0), slab(300, value=30.0), mode="marginal")
        self.assertEqual([entitlement(bands, PeriodBase(1.0, amount)).amount for amount in (380000, 100000)], [110000, 26000])

    def test_each_money_benefit(self):
        base = PeriodBase(30.0, 6000)
        for name, value, expected in (
            ("percent", 10.0, 600),
            ("unit_amount", 0.1, 300),
            ("lump_amount", 7.0, 700),
            ("net_price", 1.5, 1500),
        ):
            self.assertEqual(entitlement(rebate(slab(1, name, value), basis="quantity"), base).amount, expected, name)

    def test_lump_repeats(self):
        repeated = rebate(slab(0, "lump_amount", 5.0, repeat_every=100.0, max_times=3))
        found = [entitlement(repeated, PeriodBase(1.0, amount)) for amount in (9999, 25000, 90000)]
        self.assertEqual([(each.amount, each.times) for each in found], [(0, 0), (1000, 2), (1500, 3)])

    def test_free_goods_are_no_rebate(self):
        free = rebate(slab(1, "free_product", free_product=7, free_qty=1.0), basis="quantity")
        self.assertEqual(entitlement(free, PeriodBase(10.0, 1000)).amount, 0)

    def test_base_of_zero_or_less_gives_nothing(self):
        for base in (PeriodBase(0.0, 0), PeriodBase(-5.0, -500), PeriodBase(5.0, -500), PeriodBase(5.0, 0)):
            for basis in ("quantity", "amount", "growth"):
                found = entitlement(rebate(slab(0, "lump_amount", 5.0), basis=basis), base)
                self.assertEqual((found.amount, found.next), (0, None), (base, basis))

    def test_never_more_than_the_turnover(self):
        self.assertEqual(entitlement(rebate(slab(0, "lump_amount", 50.0)), PeriodBase(1.0, 999)).amount, 999)

    def test_slab_reached_is_named(self):
        self.assertEqual(entitlement(rebate(*STEPS), PeriodBase(1.0, 25000)).slab.threshold, 200)
        self.assertIsNone(entitlement(rebate(*STEPS), PeriodBase(1.0, 5000)).slab)

    def test_parts_round_half_up_in_the_companys_currency(self):
        self.assertEqual(entitlement(rebate(slab(0, value=2.5)), PeriodBase(1.0, 20)).amount, 1)
        self.assertEqual(entitlement(rebate(slab(100, "lump_amount", 7.0)), PeriodBase(1.0, 100), rounding=1.0).amount, 7)


class TestGrowth(BaseCase):
    GROWTH = (slab(5, value=1.0), slab(10, value=3.0))

    def test_thresholds_are_percent_over_the_baseline(self):
        for amount, expected in {10499: 0, 10500: 105, 10999: 110, 11000: 330}.items():
            self.assertEqual(entitlement(rebate(*self.GROWTH, basis="growth"), PeriodBase(1.0, amount, 10000)).amount, expected, amount)

    def test_without_a_baseline_there_is_no_growth(self):
        for baseline in (0, -100):
            found = entitlement(rebate(slab(0, value=1.0), basis="growth"), PeriodBase(1.0, 10000, baseline))
            self.assertEqual((found.amount, found.measure, found.slab, found.next), (0, 0.0, None, None))

    def test_no_growth_and_decline_give_nothing(self):
        for amount in (10000, 9000):
            self.assertEqual(entitlement(rebate(slab(0, value=1.0), basis="growth"), PeriodBase(1.0, amount, 10000)).amount, 0)

    def test_bands_of_growth_share_the_turnover(self):
        """20 % growth: 5 points of it at 1 %, 10 at 3 %, each on its share of 120.00."""
        bands = rebate(*self.GROWTH, basis="growth", mode="marginal")
        self.assertEqual(entitlement(bands, PeriodBase(1.0, 12000, 10000)).amount, 30 + 180)

    def test_missing_growth_is_told_as_turnover_too(self):
        step = entitlement(rebate(*self.GROWTH, basis="growth"), PeriodBase(1.0, 10600, 10000)).next
        self.assertEqual((step.target, step.missing_amount, step.amount, step.slab.value), (10, 400, 330, 3.0))
        self.assertAlmostEqual(step.missing, 4.0)


class TestNextStep(BaseCase):
    def test_distance_and_worth_of_the_next_slab(self):
        step = entitlement(rebate(*STEPS), PeriodBase(1.0, 15000)).next
        self.assertEqual((step.target, step.missing, step.missing_amount, step.amount), (20000, 5000, 5000, 1000))

    def test_quantity_keeps_the_average_price(self):
        step = entitlement(rebate(*STEPS, basis="quantity"), PeriodBase(150.0, 30000)).next
        self.assertEqual((step.missing, step.missing_amount, step.amount), (50.0, None, 2000))

    def test_below_the_first_slab(self):
        self.assertEqual(entitlement(rebate(*STEPS), PeriodBase(1.0, 4000)).next.missing, 6000)

    def test_next_repetition(self):
        step = entitlement(rebate(slab(0, "lump_amount", 5.0, repeat_every=100.0)), PeriodBase(1.0, 25000)).next
        self.assertEqual((step.missing, step.amount), (5000, 1500))

    def test_nothing_follows_the_last_slab(self):
        self.assertIsNone(entitlement(rebate(*STEPS), PeriodBase(1.0, 20000)).next)


class TestPeriodCaps(BaseCase):
    def test_budget_and_distributors_cap_cut_and_are_named(self):
        base = PeriodBase(1.0, 20000)  # 10.00
        for values, used, expected in (
            ({"budget": 10.0}, Used(), (1000, "")),
            ({"budget": 50.0}, Used(total=45.0), (500, "budget")),
            ({"max_per_distributor": 8.0}, Used(distributor=1.0), (700, "max_per_distributor")),
            ({"max_per_distributor": 8.0, "budget": 8.0}, Used(), (800, "max_per_distributor")),
            ({"max_per_order": 1.0}, Used(), (1000, "")),
        ):
            found = entitlement(rebate(*STEPS, **values), base, used)
            self.assertEqual((found.amount, found.cap), expected, values)

    def test_worth_of_the_next_step_is_capped(self):
        self.assertEqual(entitlement(rebate(*STEPS, budget=7.0), PeriodBase(1.0, 15000)).next.amount, 700)


class TestDocumentParts(BaseCase):
    def test_nothing_to_split_without_turnover(self):
        self.assertEqual(document_parts(0, [100, -100]), [0, 0])

    @PROPERTY
    @given(st.integers(0, 10**6), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8))
    def test_parts_sum_to_the_amount(self, amount, nets):
        parts = document_parts(amount, nets)
        if sum(nets) > 0:
            self.assertEqual(sum(parts), amount)
            for part, net in zip(parts, nets, strict=True):
                self.assertLess(abs(part - amount * net / sum(nets)), 1)


class TestPeriodProperties(BaseCase):
    @PROPERTY
    @given(
        st.sampled_from(("quantity", "amount")),
        st.sampled_from(("whole", "marginal")),
        st.integers(1, 500),
        st.integers(0, 10**5),
        st.data(),
    )
    def test_a_period_is_worth_what_one_order_of_it_would_be(self, basis, mode, quantity, amount, data):
        slabs = self.slabs(data, MARGINAL if mode == "marginal" else (*MARGINAL, "lump_amount"))
        of_period = rebate(*slabs, basis=basis, mode=mode)
        of_order = scheme("R", *slabs, basis=basis, mode=mode, scope="basket")
        found = entitlement(of_period, PeriodBase(float(quantity), amount)).amount
        self.assertEqual(found, benefit(order((7, float(quantity), amount)), of_order))
        self.assertTrue(0 <= found <= amount)

    @PROPERTY
    @given(st.sampled_from(("quantity", "amount")), st.integers(1, 900), st.integers(1, 300), st.integers(1, 300), st.data())
    def test_more_never_earns_less_when_marginal(self, basis, price, quantity, more, data):
        marginal = rebate(*self.slabs(data, MARGINAL), basis=basis, mode="marginal")
        fewer, rest = (PeriodBase(float(number), number * price) for number in (quantity, quantity + more))
        self.assertLessEqual(entitlement(marginal, fewer).amount, entitlement(marginal, rest).amount)

    @PROPERTY
    @given(st.sampled_from(("quantity", "amount", "growth")), st.integers(1, 500), st.integers(1, 10**5), st.integers(1, 10**5), st.data())
    def test_next_step_is_worth_what_it_says(self, basis, quantity, amount, baseline, data):
        tested = rebate(*self.slabs(data, ("percent",)), basis=basis)
        base = PeriodBase(float(quantity), amount, baseline)
        step = entitlement(tested, base).next
        if step:
            self.assertEqual(entitlement(tested, base.at(basis, step.target)).amount, step.amount)

    def slabs(self, data, names):
        name = data.draw(st.sampled_from(names))
        thresholds = data.draw(st.lists(st.integers(0, 300), min_size=1, max_size=3, unique=True))
        return [slab(threshold, name, data.draw(st.sampled_from(VALUES[name]))) for threshold in thresholds]
