from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import FreeGoods, Used

from .engine_cases import benefit, explained, given, goods, order, reductions, run, scheme, slab


def percent(value=10.0, **values):
    return scheme("A", slab(1, value=value), **values)


class TestTightest(BaseCase):
    def test_each_cap_cuts_and_is_named(self):
        facts = order((7, 1.0, 10000), used={"A": Used(total=40.0, distributor=15.0)})
        for values, expected, name in (
            ({}, 1000, ""),
            ({"max_per_order": 10.0}, 1000, ""),
            ({"max_per_order": 9.99}, 999, "max_per_order"),
            ({"max_per_distributor": 25.0}, 1000, ""),
            ({"max_per_distributor": 18.0}, 300, "max_per_distributor"),
            ({"budget": 42.5}, 250, "budget"),
            ({"budget": 45.0, "max_per_distributor": 18.0, "max_per_order": 4.0}, 300, "max_per_distributor"),
        ):
            outcome = run(facts, percent(**values)).outcomes[0]
            self.assertEqual((outcome.benefit, outcome.reason, outcome.grants[0].cap), (expected, name, name), values)

    def test_of_equal_caps_order_then_distributor_then_budget_is_named(self):
        facts = order((7, 1.0, 10000), used={"A": Used(total=5.0, distributor=2.0)})
        self.assertEqual(run(facts, percent(max_per_order=1.0, max_per_distributor=3.0, budget=6.0)).outcomes[0].reason, "max_per_order")
        self.assertEqual(run(facts, percent(max_per_distributor=3.0, budget=6.0)).outcomes[0].reason, "max_per_distributor")

    def test_used_up_cap_gives_nothing_and_is_the_reason(self):
        facts = order((7, 1.0, 10000), used={"A": Used(total=50.0)})
        for budget in (50.0, 10.0, 50.004):
            self.assertEqual(explained(facts, percent(budget=budget))["A"], ("not", "budget"), budget)

    def test_use_of_other_codes_does_not_count(self):
        self.assertEqual(benefit(order((7, 1.0, 10000), used={"B": Used(total=50.0)}), percent(budget=50.0)), 1000)

    def test_use_counts_over_versions_of_a_code(self):
        self.assertEqual(benefit(order((7, 1.0, 10000), used={"A": Used(total=45.0)}), percent(budget=50.0, version=3, id=3)), 500)

    def test_caps_hold_over_all_products_of_the_order(self):
        facts = order((7, 1.0, 10000), (8, 1.0, 10000))
        self.assertEqual(reductions(facts, percent(max_per_order=15.0)), {1: 750, 2: 750})


class TestCutMoney(BaseCase):
    def test_product_scope_is_split_on_uncut_amounts(self):
        facts = order((7, 1.0, 10000), (8, 1.0, 10000))
        prices = scheme("A", slab(1, "net_price", 70.0), max_per_order=10.0)
        self.assertEqual(reductions(order((7, 1.0, 10000), (8, 1.0, 8000)), prices), {1: 750, 2: 250})
        self.assertEqual(reductions(facts, prices), {1: 500, 2: 500})

    def test_basket_is_split_on_net_value(self):
        prices = scheme("A", slab(1, "net_price", 70.0), max_per_order=9.0, scope="basket")
        self.assertEqual(reductions(order((7, 1.0, 10000), (8, 1.0, 8000)), prices), {1: 500, 2: 400})

    def test_equal_remainders_of_several_products_go_to_the_first_line(self):
        facts = order((7, 1.0, 100), (8, 1.0, 100), (7, 1.0, 100))
        self.assertEqual(reductions(facts, percent(max_per_order=0.02)), {1: 1, 2: 1})

    def test_cut_grants_say_what_is_given(self):
        grants = run(order((7, 1.0, 10000), (8, 1.0, 10000)), percent(max_per_order=1.0)).grants
        self.assertEqual([(grant.benefit, grant.lines) for grant in grants], [(50, ((1, 50),)), (50, ((2, 50),))])


class TestCutGoods(BaseCase):
    def free(self, **values):
        return scheme("A", slab(1, "free_product", free_qty=1.0, repeat_every=1.0), **values)

    def test_as_many_whole_steps_as_the_rest_pays_for(self):
        facts = order((7, 10.0, 10000), free=goods(p7=(1.0, 300)))
        for limit, expected in {100.0: 10, 30.0: 10, 29.99: 9, 3.0: 1}.items():
            self.assertEqual(given(facts, self.free(max_per_order=limit)), [(7, expected)], limit)
        self.assertEqual(explained(facts, self.free(max_per_order=2.99))["A"], ("not", "max_per_order"))

    def test_steps_of_the_free_product_not_of_the_scheme(self):
        facts = order((7, 10.0, 10000), free=goods(p9=(0.001, 1000)))
        kilos = scheme("A", slab(1, "free_product", free_product=9, free_qty=5.0), budget=12.34)
        self.assertEqual(given(facts, kilos), [(9, 1.234)])

    def test_line_order_decides_and_what_does_not_fit_is_passed_over(self):
        facts = order((7, 2.0, 100), (8, 2.0, 100), (9, 2.0, 100), free=goods(p7=(1.0, 300), p8=(1.0, 1000), p9=(1.0, 200)))
        self.assertEqual(given(facts, self.free(max_per_order=10.0)), [(7, 2), (9, 2)])
        self.assertEqual(given(facts, self.free(max_per_order=5.0)), [(7, 1), (9, 1)])

    def test_only_the_cut_grant_names_the_cap(self):
        facts = order((7, 1.0, 100), (8, 2.0, 100), free=goods(p7=(1.0, 300), p8=(1.0, 300)))
        outcome = run(facts, self.free(budget=6.0)).outcomes[0]
        self.assertEqual(([grant.cap for grant in outcome.grants], outcome.reason), (["", "budget"], "budget"))

    def test_fewer_that_cost_more_each_are_found(self):
        """From 5 units a price of 2.00 instead of 3.00."""
        graded = FreeGoods(1.0, lambda quantity: int(quantity * (200 if quantity >= 5 else 300)))
        facts = order((7, 8.0, 100), free=lambda product: graded)
        for limit, expected in {16.0: 8, 15.0: 7, 10.0: 5, 9.99: 3, 6.0: 2}.items():
            self.assertEqual(given(facts, self.free(max_per_order=limit)), [(7, expected)], limit)

    def test_price_that_rounds_is_used_to_the_last_step(self):
        facts = order((7, 10.0, 100), free=goods(p7=(1.0, 0.35)))  # 10 are 4 cents, 4 are 1
        self.assertEqual(given(facts, self.free(max_per_order=0.01)), [(7, 4)])

    def test_few_values_are_asked_for_where_prices_come_late(self):
        """A value of 0 is one that is not known yet: the caller finds it out and evaluates again."""
        known, asked = {}, set()
        shelf = FreeGoods(1.0, lambda quantity: known.get(quantity) or asked.add(quantity) or 0)
        facts = order((7, 1000.0, 100000), free=lambda product: shelf)
        for _round in range(5):
            found = given(facts, self.free(max_per_order=100.0))
            known |= {quantity: int(quantity * 33) for quantity in asked}
        self.assertEqual((found, asked), ([(7, 303.0)], {1000.0, 303.0, 304.0}))


class TestForeignCaps(BaseCase):
    def test_cap_converts_at_the_orders_rate_and_rounds_in_its_currency(self):
        for rate, limit, expected in ((3.0, 10.0, 3000), (1.25, 10.0, 1250), (1.2345, 10.0, 1235), (0.8, 10.0, 800)):
            self.assertEqual(benefit(order((7, 1.0, 100000), rate=rate), percent(max_per_order=limit)), expected, rate)

    def test_benefit_over_the_converted_cap_is_cut_to_it(self):
        """30.01 counts as 10.00 of company currency, and is more than 30.00."""
        facts = order((7, 1.0, 3001), rate=3.0)
        self.assertEqual(benefit(facts, percent(100.0, max_per_order=10.0)), 3000)
        self.assertEqual(benefit(order((7, 1.0, 3000), rate=3.0), percent(100.0, max_per_order=10.0)), 3000)

    def test_cap_is_never_exceeded_in_company_currency(self):
        facts = order((7, 1.0, 100000), rate=1 / 3)
        self.assertEqual(benefit(facts, percent(max_per_order=10.01)), 333)  # 3.34 would count 10.02

    def test_parts_count_as_the_ledger_counts_them(self):
        """Each product is an entry, rounded in company currency: at 3 for 1 0.02 counts 0.01, three of them 0.03 and not 0.02."""
        facts = order((7, 1.0, 2), (8, 1.0, 2), (9, 1.0, 2), rate=3.0)
        self.assertEqual(reductions(facts, percent(100.0, budget=0.02)), {1: 2, 2: 2, 3: 1})

    def test_used_up_cap_gives_not_even_what_counts_nothing(self):
        facts = order((7, 1.0, 100), rate=300.0, used={"A": Used(total=5.0)})
        self.assertEqual(benefit(facts, percent(1.0, budget=5.0)), 0)

    def test_free_goods_within_a_converted_cap(self):
        facts = order((7, 10.0, 1000), rate=1.25, free=goods(p7=(1.0, 250)))
        free = scheme("A", slab(1, "free_product", free_qty=9.0), max_per_order=10.0)
        self.assertEqual(given(facts, free), [(7, 5.0)])
