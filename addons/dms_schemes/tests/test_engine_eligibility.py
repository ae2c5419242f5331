from datetime import date

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine import Book, explain

from .engine_cases import DAY, benefit, explained, line, order, reductions, scheme, slab


def percent(**values):
    return scheme("A", slab(1, value=10.0), **values)


class TestDistributor(BaseCase):
    def assertMeets(self, conditions, *, meeting=(), failing=()):
        for facts in meeting:
            self.assertEqual(benefit(order((7, 1.0, 1000), **facts), percent(**conditions)), 100, facts)
        for facts in failing:
            self.assertEqual(explained(order((7, 1.0, 1000), **facts), percent(**conditions)), {}, facts)

    def test_no_condition_restricts_nobody(self):
        self.assertMeets({}, meeting=({}, {"distributor_class": 3, "tags": frozenset({1})}))

    def test_listed_distributors_only(self):
        self.assertMeets({"distributors": (1, 2)}, meeting=({"distributor": 1},), failing=({"distributor": 3},))

    def test_without_a_class_a_given_one_fails(self):
        self.assertMeets({"classes": (3, 4)}, meeting=({"distributor_class": 4},), failing=({"distributor_class": 5}, {}))

    def test_territory_means_itself_and_all_below(self):
        below, beside = {"territory": frozenset({1, 5, 9})}, {"territory": frozenset({1, 6})}
        self.assertMeets({"territories": (5, 8)}, meeting=(below, {"territory": frozenset({1, 5})}), failing=(beside, {}))

    def test_any_of_the_tags(self):
        self.assertMeets({"tags": (1, 2)}, meeting=({"tags": frozenset({2, 3})},), failing=({"tags": frozenset({3})}, {}))

    def test_within_a_list_any_and_between_lists_all(self):
        conditions = {"classes": (3,), "tags": (1, 2), "distributors": (1,)}
        self.assertMeets(
            conditions,
            meeting=({"distributor_class": 3, "tags": frozenset({2})},),
            failing=(
                {"distributor_class": 3},
                {"tags": frozenset({2})},
                {"distributor": 2, "distributor_class": 3, "tags": frozenset({1})},
            ),
        )

    def test_both_dates_are_inclusive(self):
        for first, last, expected in (
            (DAY, DAY, 100),
            (date(2025, 6, 16), None, 0),
            (None, date(2025, 6, 14), 0),
            (None, DAY, 100),
            (DAY, None, 100),
            (None, None, 100),
        ):
            self.assertEqual(benefit(order((7, 1.0, 1000)), percent(date_from=first, date_to=last)), expected, (first, last))


class TestProducts(BaseCase):
    LINES = ((7, 1.0, 1000, (1, 2)), (8, 1.0, 1000, (1, 3)), (9, 1.0, 1000, (4,)))

    def test_products_and_categories_are_one_list(self):
        for values, keys in (
            ({}, [1, 2, 3]),
            ({"products": (7,)}, [1]),
            ({"categories": (3,)}, [2]),
            ({"categories": (1,)}, [1, 2]),
            ({"products": (9,), "categories": (2,)}, [1, 3]),
            ({"products": (7,), "categories": (1, 2)}, [1, 2]),
            ({"products": (10,)}, []),
        ):
            self.assertEqual(sorted(reductions(order(*self.LINES), percent(**values))), keys, values)

    def test_product_counted_once_though_listed_twice(self):
        self.assertEqual(benefit(order(self.LINES[0]), percent(products=(7,), categories=(1, 2))), 100)

    def test_scheme_that_covers_nothing_ordered_says_so(self):
        self.assertEqual(explained(order(*self.LINES), percent(products=(10,)))["A"], ("not", "no_product"))

    def test_lines_that_do_not_qualify_neither_count_nor_receive(self):
        facts = order(line(1, 7, 6.0, 6000), line(2, 7, 6.0, 6000, qualifies=False))
        self.assertEqual(reductions(facts, scheme("A", slab(7, value=10.0))), {})
        self.assertEqual(reductions(facts, scheme("A", slab(6, value=10.0))), {1: 600})

    def test_quantity_of_zero_or_less_does_not_qualify(self):
        facts = order((7, 5.0, 5000), (7, -3.0, -3000), (8, 0.0, 100))
        self.assertEqual(reductions(facts, scheme("A", slab(5, value=10.0))), {1: 500})
        self.assertEqual(explained(order((8, 0.0, 100)), percent())["A"], ("not", "no_product"))

    def test_line_priced_zero_is_ordinary(self):
        facts = order((7, 5.0, 0), (7, 5.0, 5000))
        self.assertEqual(reductions(facts, scheme("A", slab(10, value=10.0))), {2: 500})

    def test_min_distinct_counts_open_products_of_the_basket(self):
        facts = order((7, 1.0, 1000), (7, 1.0, 1000), (8, 1.0, 1000), (9, -1.0, -100))
        for number, expected in {0: 300, 2: 300, 3: 0}.items():
            self.assertEqual(benefit(facts, percent(scope="basket", min_distinct=number)), expected, number)
        self.assertEqual(benefit(facts, percent(scope="basket", min_distinct=2, products=(7, 9))), 0)

    def test_min_distinct_is_for_baskets_only(self):
        self.assertEqual(benefit(order((7, 1.0, 1000)), percent(min_distinct=2)), 100)

    def test_all_must_haves_are_in_the_basket(self):
        facts = order((7, 1.0, 1000), (8, 1.0, 1000))
        for products, expected in (((7, 8), 200), ((8,), 200), ((7, 9), 0)):
            self.assertEqual(benefit(facts, percent(scope="basket", must_have=products)), expected, products)

    def test_must_have_that_does_not_qualify_is_not_there(self):
        facts = order((7, 1.0, 1000), line(2, 8, 1.0, 1000, qualifies=False))
        self.assertEqual(explained(facts, percent(scope="basket", must_have=(8,)))["A"], ("not", "must_have"))


class TestBook(BaseCase):
    def test_explain_names_every_scheme_in_force_in_turn(self):
        schemes = [percent(products=(10,)), scheme("B", slab(9, value=1.0)), scheme("C", slab(1, value=1.0), distributors=(2,))]
        outcomes = explain(Book(schemes), order((7, 1.0, 1000)))
        self.assertEqual([(outcome.scheme.code, outcome.reason) for outcome in outcomes], [("A", "no_product"), ("B", "threshold")])

    def test_empty_book_and_empty_order_give_nothing(self):
        self.assertEqual(reductions(order((7, 1.0, 1000))), {})
        self.assertEqual(explained(order(), percent()), {"A": ("not", "no_product")})
