from datetime import date

from hypothesis import given

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine.catalogue import Catalogue
from odoo.addons.dms_schemes.engine.lint import lint

from .engine_cases import scheme, slab
from .engine_strategies import PROPERTY, books

CATALOGUE = Catalogue(
    prices={1: 10.0, 2: 4.0, 3: 25.0},
    costs={1: 7.0, 2: 3.0, 3: 10.0},
    units={1: 1, 2: 1, 3: 2},
    paths={1: frozenset({10, 11}), 2: frozenset({10}), 3: frozenset({20})},
    territories={5: frozenset({5, 4}), 6: frozenset({6, 4})},
)


def found(code, *schemes, running=(), catalogue=CATALOGUE):
    """Findings of one code about schemes."""
    return [finding for finding in lint(schemes, running, catalogue) if finding.code == code]


def figures(code, *schemes, **values):
    return [finding.figures for finding in found(code, *schemes, **values)]


def free(code, threshold=10, product=None, **values):
    more = {name: values.pop(name) for name in ("repeat_every", "max_times", "free_qty") if name in values}
    return scheme(code, slab(threshold, "free_product", free_product=product, **{"free_qty": 1.0, **more}), **values)


class TestClean(BaseCase):
    def test_sound_scheme_has_no_findings(self):
        sound = scheme("A", slab(10, value=2.0), slab(20, value=3.0), products=(3,), budget=100.0, mode="marginal")
        self.assertEqual(lint([sound], [], CATALOGUE), [])

    def test_nothing_is_judged_by_what_is_unknown(self):
        sound = scheme("A", slab(10, "lump_amount", 2.0), products=(3,), budget=100.0, scope="basket", min_distinct=9)
        self.assertEqual(lint([sound]), [])


class TestAnyScheme(BaseCase):
    @PROPERTY
    @given(books())
    def test_any_schemes_are_judged_and_cliffs_fall(self, schemes):
        for finding in lint(schemes[:1], schemes[1:], CATALOGUE):
            self.assertEqual(finding.scheme, schemes[0].id)
            self.assertIn(finding.severity, ("refuse", "warn", "note"))
            if finding.code == "cliff":
                self.assertLess(finding.figures["bill"], finding.figures["bill_below"])
                self.assertLessEqual(finding.figures["costs_more_from"], finding.figures["base_below"])


class TestDeadSlabs(BaseCase):
    def dead(self, *slabs, **values):
        return [
            (each.slabs, each.figures["reason"], each.figures.get("shadowed_by"))
            for each in found("dead_slab", scheme("A", *slabs, **values))
        ]

    def test_slab_no_better_than_a_lower_one_is_shadowed(self):
        for name, low, high in (
            ("percent", 5.0, 5.0),
            ("percent", 5.0, 4.0),
            ("unit_amount", 0.5, 0.5),
            ("net_price", 3.0, 3.5),
            ("lump_amount", 5.0, 4.0),
        ):
            found_slabs = self.dead(slab(10, name, low), slab(20, name, high))
            self.assertEqual(found_slabs, [((20,), "shadowed", 10)], (name, low, high))

    def test_better_slab_is_alive(self):
        for name, low, high in (("percent", 5.0, 5.1), ("unit_amount", 0.5, 0.6), ("net_price", 3.0, 2.5), ("lump_amount", 5.0, 6.0)):
            self.assertEqual(self.dead(slab(10, name, low), slab(20, name, high)), [], (name, low, high))

    def test_repetition_can_outweigh_a_larger_amount(self):
        repeated = slab(10, "lump_amount", 5.0, repeat_every=10.0)
        self.assertEqual(self.dead(repeated, slab(20, "lump_amount", 9.0)), [((20,), "shadowed", 10)])
        self.assertEqual(self.dead(repeated, slab(20, "lump_amount", 6.0, repeat_every=10.0)), [])

    def test_fewer_free_goods_are_shadowed_and_other_goods_are_not_compared(self):
        few = {"free_qty": 1.0}
        self.assertEqual(self.dead(slab(10, "free_product", **few), slab(20, "free_product", **few)), [((20,), "shadowed", 10)])
        self.assertEqual(self.dead(slab(10, "free_product", **few), slab(20, "free_product", free_product=2, **few)), [])

    def test_slab_that_gives_nothing_is_worthless(self):
        self.assertEqual(self.dead(slab(10, value=0.0)), [((10,), "worthless", None)])
        self.assertEqual(self.dead(slab(10, "net_price", 99.0)), [((10,), "worthless", None)])
        self.assertEqual(
            self.dead(slab(10, "lump_amount", 1.0, repeat_every=50.0), slab(20, "lump_amount", 1.0)), [((10,), "worthless", None)]
        )

    def test_slab_between_equal_thresholds_is_unreachable(self):
        self.assertEqual(self.dead(slab(10, value=1.0), slab(10.001, value=2.0), basis="amount"), [((10,), "unreachable", None)])

    def test_bands_are_never_shadowed(self):
        self.assertEqual(self.dead(slab(10, value=5.0), slab(20, value=1.0), mode="marginal"), [])


class TestGaps(BaseCase):
    def test_repetition_above_its_threshold_leaves_a_gap(self):
        repeated = scheme("A", slab(10, "lump_amount", 1.0), slab(20, "lump_amount", 9.0, repeat_every=24.0))
        self.assertEqual(figures("gap", repeated), [{"start": 20, "end": 24.0}])

    def test_gap_ends_with_the_next_slab(self):
        repeated = scheme("A", slab(10, "lump_amount", 1.0, repeat_every=24.0), slab(20, "lump_amount", 9.0))
        self.assertEqual(figures("gap", repeated), [{"start": 10, "end": 20}])

    def test_repetition_from_zero_is_no_gap(self):
        self.assertEqual(figures("gap", free("A", 0, repeat_every=12.0)), [])
        self.assertEqual(figures("gap", free("A", 12, repeat_every=12.0)), [])

    def test_band_of_no_value_is_a_gap(self):
        bands = scheme("A", slab(10, value=5.0), slab(20, value=0.0), mode="marginal")
        self.assertEqual(figures("gap", bands), [{"start": 20, "end": None}])


class TestCliffs(BaseCase):
    def test_whole_mode_on_amount_falls_at_its_threshold(self):
        cliff = figures("cliff", scheme("A", slab(100, value=10.0), basis="amount", products=(1,)))[0]
        self.assertEqual((cliff["base_below"], cliff["bill_below"], cliff["base"], cliff["bill"]), (99.99, 99.99, 100.0, 90.0))
        self.assertEqual(cliff["costs_more_from"], 90.01)

    def test_one_unit_more_lowers_the_bill(self):
        cliff = figures("cliff", scheme("A", slab(10, value=20.0), products=(1,)))[0]
        self.assertEqual((cliff["base_below"], cliff["bill_below"], cliff["base"], cliff["bill"]), (9, 90.0, 10, 80.0))
        self.assertEqual(cliff["costs_more_from"], 9)

    def test_small_step_up_is_no_cliff(self):
        self.assertEqual(figures("cliff", scheme("A", slab(10, value=9.0), products=(1,))), [])

    def test_each_slab_falls_from_the_one_below(self):
        both = scheme("A", slab(10, value=20.0), slab(20, value=22.0), slab(30, value=30.0), products=(1,))
        self.assertEqual([finding.slabs for finding in found("cliff", both)], [(10,), (30,)])

    def test_lump_worth_more_than_a_unit_is_a_cliff_at_the_price_where_it_falls_deepest(self):
        cliff = figures("cliff", scheme("A", slab(10, "lump_amount", 6.0)))[0]
        self.assertEqual((cliff["price"], cliff["bill_below"], cliff["bill"]), (4.0, 36.0, 34.0))

    def test_repetition_falls_too(self):
        repeated = scheme("A", slab(0, "lump_amount", 6.0, repeat_every=12.0), products=(2,))
        self.assertEqual(figures("cliff", repeated)[0]["base"], 12)

    def test_marginal_free_and_growth_schemes_have_no_cliff(self):
        self.assertEqual(figures("cliff", scheme("A", slab(10, value=50.0), mode="marginal")), [])
        self.assertEqual(figures("cliff", free("A")), [])
        self.assertEqual(figures("cliff", scheme("A", slab(10, value=50.0), basis="growth", scope="period", timing="off_invoice")), [])


class TestOverlaps(BaseCase):
    def effects(self, other, **values):
        tested = scheme("A", slab(1, value=1.0), **values)
        return [(each.severity, each.figures["code"], each.figures["effect"]) for each in found("overlap", tested, running=[other])]

    def other(self, **values):
        return scheme("B", slab(1, value=1.0), **values)

    def test_stacking_schemes_add_up(self):
        self.assertEqual(self.effects(self.other()), [("warn", "B", "adds_up")])

    def test_members_of_a_group_do_not(self):
        of_group = {"stacking": "best_of_group", "group": "G"}
        self.assertEqual(self.effects(self.other(**of_group), **of_group), [("note", "B", "one_of_group")])

    def test_the_exclusive_that_comes_first_blocks(self):
        self.assertEqual(self.effects(self.other(), stacking="exclusive"), [("warn", "B", "blocks")])
        self.assertEqual(self.effects(self.other(sequence=1, stacking="exclusive")), [("warn", "B", "blocked")])
        self.assertEqual(self.effects(self.other(), sequence=99, stacking="exclusive"), [("warn", "B", "adds_up")])

    def test_shared_products_and_days_are_told(self):
        tested = scheme("A", slab(1, value=1.0), categories=(10,), date_from=date(2025, 3, 1))
        running = self.other(products=(2, 3), date_from=date(2025, 1, 1), date_to=date(2025, 3, 31))
        told = figures("overlap", tested, running=[running])[0]
        self.assertEqual((told["products"], told["date_from"], told["date_to"]), ([2], date(2025, 3, 1), date(2025, 3, 31)))

    def test_no_product_day_or_distributor_in_common_is_no_overlap(self):
        for mine, theirs in (
            ({"products": (1,)}, {"products": (2,)}),
            ({"categories": (20,)}, {"products": (1, 2)}),
            ({"date_from": date(2025, 3, 1)}, {"date_to": date(2025, 2, 28)}),
            ({"distributors": (1,)}, {"distributors": (2,)}),
            ({"classes": (1,)}, {"classes": (2,)}),
            ({"territories": (5,)}, {"territories": (6,)}),
        ):
            self.assertEqual(self.effects(self.other(**theirs), **mine), [], (mine, theirs))

    def test_territory_above_overlaps(self):
        self.assertEqual(len(self.effects(self.other(territories=(4,)), territories=(5,))), 1)

    def test_versions_of_one_code_do_not_overlap(self):
        self.assertEqual(found("overlap", scheme("A", slab(1, value=1.0), version=2, id=2), running=[scheme("A", slab(1, value=1.0))]), [])

    def test_schemes_under_test_are_compared_with_each_other(self):
        self.assertEqual(len(found("overlap", scheme("A", slab(1, value=1.0)), self.other())), 2)

    def test_without_a_catalogue_the_lists_decide(self):
        tested = scheme("A", slab(1, value=1.0), products=(1,))
        for values, expected in (({"products": (1, 2)}, 1), ({"products": (2,)}, 0), ({}, 1), ({"categories": (10,)}, 0)):
            self.assertEqual(len(found("overlap", tested, running=[self.other(**values)], catalogue=Catalogue())), expected, values)

    def test_one_group_in_two_phases_is_refused(self):
        of_group = {"stacking": "best_of_group", "group": "G"}
        tested, running = scheme("A", slab(1, value=1.0), **of_group), scheme("B", slab(1, value=1.0), scope="basket", **of_group)
        self.assertEqual([each.severity for each in found("group_in_two_phases", tested, running=[running])], ["refuse"])


class TestUnderCost(BaseCase):
    def test_net_price_under_cost_is_named_with_the_worst_product(self):
        half = scheme("A", slab(10, value=50.0))
        self.assertEqual(figures("under_cost", half), [{"product": 1, "products": 2, "quantity": 10.0, "net": 5.0, "cost": 7.0}])
        self.assertEqual(figures("under_cost", scheme("A", slab(10, value=25.0))), [])

    def test_each_slab_is_judged(self):
        self.assertEqual([each.slabs for each in found("under_cost", scheme("A", slab(10, value=5.0), slab(20, value=50.0)))], [(20,)])

    def test_free_goods_count_at_their_cost(self):
        gift = free("A", 2, product=3, products=(1,))
        self.assertEqual(figures("under_cost", gift), [{"product": 1, "products": 1, "quantity": 2.0, "net": 10.0, "cost": 12.0}])
        self.assertEqual(figures("under_cost", free("A", 4, product=3, products=(1,))), [])

    def test_first_repetition_is_judged(self):
        repeated = scheme("A", slab(0, "lump_amount", 40.0, repeat_every=12.0), products=(1,))
        self.assertEqual(figures("under_cost", repeated)[0]["quantity"], 12.0)

    def test_threshold_on_amount_is_a_quantity_at_list_price(self):
        self.assertEqual(figures("under_cost", scheme("A", slab(95, value=50.0), basis="amount", products=(1,)))[0]["quantity"], 10.0)

    def test_rebates_count(self):
        for basis in ("amount", "growth"):
            rebate = scheme("A", slab(5, value=50.0), basis=basis, scope="period", timing="off_invoice", products=(1,))
            self.assertEqual(figures("under_cost", rebate)[0]["net"], 5.0, basis)

    def test_only_together_with_running_schemes(self):
        tested, running = scheme("A", slab(10, value=20.0), products=(1,)), scheme("B", slab(1, value=20.0))
        self.assertEqual(figures("under_cost", tested, running=[running]), [])
        self.assertEqual(figures("under_cost_stacked", tested, running=[running])[0]["net"], 6.4)

    def test_one_of_a_group_does_not_add_up(self):
        of_group = {"stacking": "best_of_group", "group": "G"}
        tested, running = scheme("A", slab(10, value=20.0), products=(1,), **of_group), scheme("B", slab(1, value=19.0), **of_group)
        self.assertEqual(figures("under_cost_stacked", tested, running=[running]), [])

    def test_products_without_cost_are_not_judged(self):
        self.assertEqual(figures("under_cost", scheme("A", slab(10, value=99.0)), catalogue=Catalogue(prices={1: 10.0})), [])


class TestExposureAndUnits(BaseCase):
    def test_no_budget_and_no_cap_is_uncapped(self):
        for values, expected in (({}, 1), ({"budget": 1.0}, 0), ({"max_per_order": 1.0}, 0), ({"max_per_distributor": 1.0}, 0)):
            self.assertEqual(len(found("uncapped", scheme("A", slab(1, value=1.0), **values))), expected, values)

    def test_cap_per_order_does_not_cap_a_rebate(self):
        rebate = {"scope": "period", "timing": "off_invoice", "basis": "amount", "max_per_order": 1.0}
        self.assertEqual(len(found("uncapped", scheme("A", slab(1, value=1.0), **rebate))), 1)

    def test_basket_of_different_units_on_quantity_is_mixed(self):
        self.assertEqual(figures("mixed_units", scheme("A", slab(1, value=1.0), scope="basket")), [{"units": [1, 2]}])
        for values in ({"basis": "amount"}, {"scope": "product"}, {"products": (1, 2)}):
            self.assertEqual(found("mixed_units", scheme("A", slab(1, value=1.0), **{"scope": "basket", **values})), [], values)


class TestNoMatch(BaseCase):
    def test_scheme_that_nothing_or_nobody_meets_is_refused(self):
        for values, reason in (
            ({"products": (99,)}, "products"),
            ({"categories": (99,)}, "products"),
            ({"scope": "basket", "must_have": (1, 99)}, "must_have"),
            ({"scope": "basket", "min_distinct": 3, "categories": (10,)}, "min_distinct"),
        ):
            findings = found("no_match", scheme("A", slab(1, value=1.0), **values))
            self.assertEqual([(each.severity, each.figures["reason"]) for each in findings], [("refuse", reason)], values)

    def test_no_distributor_meets_the_conditions(self):
        tested = scheme("A", slab(1, value=1.0))
        self.assertEqual(figures("no_match", tested, catalogue=Catalogue(distributors={tested.id: 0})), [{"reason": "distributors"}])
        self.assertEqual(figures("no_match", tested, catalogue=Catalogue(distributors={tested.id: 1})), [])


class TestCircularFreeGoods(BaseCase):
    def test_products_that_give_each_other_are_a_circle(self):
        first, second = free("A", product=2, products=(1,)), free("B", product=1, products=(2,))
        circle = found("circular_free", first, running=[second])
        self.assertEqual([(each.severity, each.figures["codes"]) for each in circle], [("refuse", ["A", "B"])])
        self.assertEqual((circle[0].figures["product"], circle[0].figures["free_product"]), (1, 2))

    def test_longer_way_round_is_a_circle(self):
        ring = [free("A", product=2, products=(1,)), free("B", product=3, products=(2,)), free("C", product=1, categories=(20,))]
        self.assertEqual(figures("circular_free", ring[0], running=ring[1:])[0]["codes"], ["A", "B", "C"])

    def test_slabs_of_one_scheme_can_be_a_circle(self):
        slabs = (slab(10, "free_product", free_product=1, free_qty=1.0), slab(20, "free_product", free_product=2, free_qty=1.0))
        self.assertEqual(figures("circular_free", scheme("A", *slabs, products=(1, 2)))[0]["codes"], ["A", "A"])

    def test_product_that_earns_itself_is_no_circle(self):
        self.assertEqual(found("circular_free", free("A"), running=[free("B", product=1, products=(1,))]), [])

    def test_chain_without_return_is_no_circle(self):
        self.assertEqual(found("circular_free", free("A", product=2, products=(1,)), running=[free("B", product=3, products=(2,))]), [])

    def test_schemes_that_never_meet_are_no_circle(self):
        first = free("A", product=2, products=(1,), date_to=date(2025, 1, 31))
        second = free("B", product=1, products=(2,), date_from=date(2025, 2, 1))
        self.assertEqual(found("circular_free", first, running=[second]), [])
