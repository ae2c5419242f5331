from odoo.tests import BaseCase

from .engine_cases import benefit, codes, explained, goods, order, reductions, run, scheme, slab

FACTS = order((7, 10.0, 10000), free=goods(p7=(1.0, 1000)))


def percent(code, value, **values):
    return scheme(code, slab(1, value=value), **values)


def group(code, value, **values):
    return percent(code, value, stacking="best_of_group", group="G", **values)


class TestPhases(BaseCase):
    def test_net_price_then_line_discount_then_free_goods_then_basket(self):
        schemes = [
            percent("A", 1.0, scope="basket"),
            scheme("B", slab(1, "free_product", free_qty=1.0)),
            percent("C", 1.0),
            scheme("D", slab(1, "net_price", 9.0), sequence=99),
        ]
        self.assertEqual(codes(FACTS, *schemes), ["D", "C", "B", "A"])

    def test_net_price_and_free_goods_keep_their_phase_in_a_basket(self):
        schemes = [
            percent("A", 1.0, scope="basket"),
            scheme("B", slab(1, "free_product", free_product=7, free_qty=1.0), scope="basket"),
            percent("C", 1.0),
            scheme("D", slab(1, "net_price", 9.0), scope="basket"),
        ]
        self.assertEqual(codes(FACTS, *schemes), ["D", "C", "B", "A"])

    def test_in_a_phase_sequence_then_code_point(self):
        schemes = [percent("b", 1.0), percent("a", 1.0), percent("Z", 1.0), percent("é", 1.0), percent("last", 1.0, sequence=11)]
        self.assertEqual(codes(FACTS, *schemes), ["Z", "a", "b", "é", "last"])

    def test_stack_adds_on_the_running_net(self):
        self.assertEqual(reductions(FACTS, percent("A", 10.0), percent("B", 10.0)), {1: 1900})


class TestGroups(BaseCase):
    def test_the_one_worth_most_is_given(self):
        self.assertEqual(codes(FACTS, group("A", 5.0), group("B", 8.0), group("C", 7.0)), ["B"])

    def test_tie_goes_by_sequence_then_code(self):
        self.assertEqual(codes(FACTS, group("B", 5.0), group("A", 5.0)), ["A"])
        self.assertEqual(codes(FACTS, group("B", 5.0, sequence=1), group("A", 5.0)), ["B"])

    def test_group_is_decided_at_the_turn_of_its_first_member_in_force(self):
        """At A's turn both see 100.00; at its own turn B would see 50.00 and get less."""
        half = percent("H", 50.0, sequence=5)
        late = group("B", 10.0, sequence=9)
        self.assertEqual(reductions(FACTS, group("A", 1.0, sequence=1), half, late), {1: 1000 + 4500})

    def test_first_member_sets_the_turn_though_it_covers_nothing_ordered(self):
        half = percent("H", 50.0, sequence=5)
        self.assertEqual(reductions(FACTS, group("A", 1.0, sequence=1, products=(99,)), half, group("B", 10.0, sequence=9)), {1: 5500})

    def test_member_not_in_force_sets_no_turn(self):
        half = percent("H", 50.0, sequence=5)
        elsewhere = group("A", 1.0, sequence=1, distributors=(2,))
        self.assertEqual(reductions(FACTS, elsewhere, half, group("B", 10.0, sequence=9)), {1: 5500})
        self.assertEqual(codes(FACTS, elsewhere, half, group("B", 10.0, sequence=9)), ["H", "B"])

    def test_members_are_compared_after_their_caps(self):
        self.assertEqual(codes(FACTS, group("A", 50.0, max_per_order=1.0), group("B", 5.0)), ["B"])

    def test_free_goods_compare_at_full_price(self):
        free = scheme("F", slab(1, "free_product", free_qty=1.0), stacking="best_of_group", group="G")
        two = scheme("E", slab(1, "free_product", free_qty=2.0), stacking="best_of_group", group="G", sequence=20)
        self.assertEqual(codes(FACTS, free, two), ["E"])

    def test_one_scheme_of_a_group_for_the_whole_order(self):
        facts = order((7, 1.0, 1000), (8, 1.0, 5000))
        self.assertEqual(reductions(facts, group("A", 10.0, products=(7,)), group("B", 10.0, products=(8,))), {2: 500})

    def test_groups_are_decided_inside_their_phase(self):
        self.assertEqual(codes(FACTS, group("A", 5.0), group("B", 5.0, scope="basket")), ["A", "B"])

    def test_group_is_ignored_unless_best_of_group(self):
        self.assertEqual(codes(FACTS, percent("A", 5.0, group="G"), percent("B", 5.0, group="G")), ["A", "B"])

    def test_losers_are_told_the_group(self):
        self.assertEqual(explained(FACTS, group("A", 5.0), group("B", 8.0))["A"], ("not", "group"))

    def test_member_that_gives_nothing_keeps_its_own_reason(self):
        far = scheme("A", slab(100, value=5.0), stacking="best_of_group", group="G")
        self.assertEqual(explained(FACTS, far, group("B", 8.0))["A"], ("near", "threshold"))


class TestExclusive(BaseCase):
    def test_exclusive_closes_its_lines_for_later_schemes(self):
        schemes = [percent("A", 10.0, stacking="exclusive", products=(7,)), percent("B", 10.0)]
        self.assertEqual(reductions(order((7, 1.0, 1000), (8, 1.0, 1000)), *schemes), {1: 100, 2: 100})

    def test_exclusive_looks_forward_only(self):
        schemes = [percent("A", 10.0), percent("B", 10.0, stacking="exclusive"), percent("C", 10.0), percent("D", 5.0, scope="basket")]
        self.assertEqual(codes(FACTS, *schemes), ["A", "B"])
        self.assertEqual(explained(FACTS, *schemes)["C"], ("not", "exclusive"))

    def test_closed_lines_neither_count_nor_receive(self):
        facts = order((7, 9.0, 9000), (8, 9.0, 9000))
        first = percent("A", 10.0, stacking="exclusive", products=(7,))
        basket = scheme("B", slab(10, value=10.0), scope="basket")
        self.assertEqual(explained(facts, first, basket)["B"], ("near", "threshold"))
        self.assertEqual(reductions(facts, first, scheme("B", slab(9, "lump_amount", 1.0), scope="basket")), {1: 900, 2: 100})

    def test_every_line_of_a_basket_that_earned_is_closed(self):
        lump = scheme("A", slab(1, "net_price", 9.0), scope="basket", stacking="exclusive")
        self.assertEqual(codes(order((7, 1.0, 1000), (8, 1.0, 100)), lump, percent("B", 10.0)), ["A"])

    def test_product_that_earned_nothing_stays_open(self):
        facts = order((7, 10.0, 1000), (8, 5.0, 500))
        self.assertEqual(reductions(facts, scheme("A", slab(10, value=10.0), stacking="exclusive"), percent("B", 10.0)), {1: 100, 2: 50})

    def test_product_whose_benefit_a_cap_took_stays_open(self):
        facts = order((7, 1.0, 1000), (8, 1.0, 1000), free=goods(p7=(1.0, 1000), p8=(1.0, 1000)))
        free = scheme("A", slab(1, "free_product", free_qty=1.0), stacking="exclusive", max_per_order=10.0)
        self.assertEqual(reductions(facts, free, percent("B", 10.0, scope="basket")), {2: 100})

    def test_closed_products_are_not_distinct_nor_must_haves(self):
        facts = order((7, 1.0, 1000), (8, 1.0, 1000))
        first = percent("A", 10.0, stacking="exclusive", products=(7,))
        self.assertEqual(explained(facts, first, percent("B", 1.0, scope="basket", min_distinct=2))["B"], ("not", "min_distinct"))
        self.assertEqual(explained(facts, first, percent("B", 1.0, scope="basket", must_have=(7,)))["B"], ("not", "must_have"))


class TestOffInvoice(BaseCase):
    def test_off_invoice_reduces_nothing_and_is_computed_all_the_same(self):
        later = percent("A", 10.0, timing="off_invoice")
        result = run(FACTS, later, percent("B", 10.0))
        self.assertEqual(([grant.benefit for grant in result.grants], result.reductions), ([1000, 1000], {1: 1000}))

    def test_off_invoice_is_not_explained_on_the_order(self):
        self.assertEqual(explained(FACTS, percent("A", 10.0, timing="off_invoice")), {})

    def test_period_schemes_are_not_the_orders(self):
        self.assertEqual(benefit(FACTS, percent("A", 10.0, scope="period", timing="off_invoice")), 0)
