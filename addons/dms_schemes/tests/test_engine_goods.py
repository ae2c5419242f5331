from odoo.tests import BaseCase

from .engine_cases import explained, given, goods, order, run, scheme, slab


def free(code="A", threshold=10, **values):
    more = {name: values.pop(name) for name in ("free_product", "repeat_every", "max_times") if name in values}
    return scheme(code, slab(threshold, "free_product", free_qty=values.pop("free_qty", 1.0), **more), **values)


class TestFreeGoods(BaseCase):
    def test_same_product_when_none_is_named(self):
        facts = order((7, 10.0, 1000), (8, 20.0, 2000), free=goods(p7=(1.0, 100), p8=(1.0, 100)))
        self.assertEqual(given(facts, free()), [(7, 1.0), (8, 1.0)])

    def test_named_product_is_given_once_for_each_earning_product(self):
        facts = order((7, 10.0, 1000), (8, 20.0, 2000), free=goods(p9=(1.0, 100)))
        result = run(facts, free(free_product=9, repeat_every=10.0))
        self.assertEqual(
            [(g.product, g.free_product, g.free_qty, g.earners) for g in result.grants], [(7, 9, 1.0, (1,)), (8, 9, 2.0, (2,))]
        )

    def test_basket_gives_one_lot_earned_by_all_its_lines(self):
        facts = order((7, 6.0, 1000), (8, 4.0, 2000), free=goods(p9=(1.0, 100)))
        grants = run(facts, free(free_product=9, scope="basket")).grants
        self.assertEqual([(g.product, g.free_qty, g.earners) for g in grants], [(None, 1.0, (1, 2))])

    def test_basket_without_a_named_product_gives_nothing(self):
        self.assertEqual(explained(order((7, 10.0, 1000)), free(scope="basket"))["A"], ("not", "no_value"))

    def test_benefit_is_the_full_value_and_no_line_is_reduced(self):
        result = run(order((7, 30.0, 3000), free=goods(p7=(1.0, 95))), free(repeat_every=10.0))
        self.assertEqual((result.grants[0].benefit, result.grants[0].lines, result.reductions), (285, (), {}))

    def test_quantity_is_times_free_quantity_at_most_max_times(self):
        facts = order((7, 59.0, 5900), free=goods(p7=(1.0, 100)))
        self.assertEqual(given(facts, free(repeat_every=12.0, free_qty=2.0)), [(7, 8.0)])
        self.assertEqual(given(facts, free(repeat_every=12.0, free_qty=2.0, max_times=3)), [(7, 6.0)])

    def test_quantity_rounds_down_to_the_step_never_up(self):
        for step, quantity, expected in (
            (1.0, 2.99, 2.0),
            (1.0, 0.99, None),
            (0.1, 2.99, 2.9),
            (0.1, 0.3, 0.3),
            (0.001, 1.2345, 1.234),
            (12.0, 30.0, 24.0),
        ):
            facts = order((7, 10.0, 1000), free=goods(p7=(step, 100)))
            self.assertEqual(given(facts, free(free_qty=quantity)), [(7, expected)] if expected else [], (step, quantity))

    def test_whole_steps_are_taken_of_all_repetitions_together(self):
        facts = order((7, 30.0, 3000), free=goods(p7=(1.0, 100)))
        self.assertEqual(given(facts, free(free_qty=0.5, repeat_every=10.0)), [(7, 1.0)])

    def test_what_cannot_be_sold_is_not_given_and_named(self):
        outcome = run(order((7, 10.0, 1000)), free()).outcomes[0]
        self.assertEqual((outcome.status, outcome.reason, outcome.unsellable), ("not", "no_value", 7))

    def test_what_cannot_be_sold_is_named_beside_what_is_given(self):
        outcome = run(order((7, 10.0, 1000), (8, 10.0, 1000), free=goods(p7=(1.0, 100))), free()).outcomes[0]
        self.assertEqual((outcome.status, outcome.unsellable, len(outcome.grants)), ("applied", 8, 1))

    def test_free_goods_do_not_change_the_running_net(self):
        facts = order((7, 10.0, 1000), free=goods(p7=(1.0, 100)))
        self.assertEqual(run(facts, free(), scheme("B", slab(1, value=10.0), scope="basket")).reductions, {1: 100})
