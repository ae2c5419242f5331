from datetime import date

from odoo.tests import BaseCase

from odoo.addons.dms_schemes.engine.lint import refusals

SLAB = {"threshold": 10.0, "benefit": "percent", "value": 5.0}
FREE = {"threshold": 10.0, "benefit": "free_product", "free_qty": 1.0, "free_product_id": 7}
LUMP = {"threshold": 10.0, "benefit": "lump_amount", "value": 5.0}
GOOD = {"scope": "product", "basis": "quantity", "mode": "whole", "timing": "on_invoice", "stacking": "stack", "slab_ids": [SLAB]}


def refused(*slabs, **values):
    """What is refused of a good scheme with other values."""
    return refusals({**GOOD, **({"slab_ids": list(slabs)} if slabs else {}), **values})


class TestRefusals(BaseCase):
    def test_good_schemes_are_not_refused(self):
        self.assertEqual(refused(), [])
        self.assertEqual(refused(FREE | {"repeat_every": 12.0, "free_product_id": False}), [])
        self.assertEqual(refused(FREE, scope="basket"), [])
        self.assertEqual(refused(SLAB, SLAB | {"threshold": 20.0, "benefit": "lump_amount"}), [])
        self.assertEqual(refused(SLAB, scope="period", timing="off_invoice", basis="growth", mode="marginal"), [])
        self.assertEqual(refused(date_from=date(2025, 1, 1), date_to=date(2025, 1, 1), stacking="best_of_group", group="G"), [])

    def test_each_refusal_names_its_field(self):
        for slabs, values, expected in (
            ((), {"slab_ids": []}, ("slab_ids", "no_slab")),
            ((SLAB, SLAB | {"value": 6.0}), {}, ("threshold", "equal_thresholds")),
            ((SLAB | {"threshold": -1.0},), {}, ("threshold", "negative")),
            ((SLAB | {"value": -1.0},), {}, ("value", "negative")),
            ((FREE | {"free_qty": -1.0},), {}, ("free_qty", "negative")),
            ((LUMP | {"repeat_every": -1.0},), {}, ("repeat_every", "negative")),
            ((LUMP | {"max_times": -1},), {}, ("max_times", "negative")),
            ((), {"budget_amount": -1.0}, ("budget_amount", "negative")),
            ((), {"max_per_order": -1.0}, ("max_per_order", "negative")),
            ((), {"max_per_distributor": -1.0}, ("max_per_distributor", "negative")),
            ((SLAB | {"value": 100.5},), {}, ("value", "percent_over_100")),
            ((SLAB, FREE | {"threshold": 20.0}), {}, ("benefit", "different_phases")),
            ((SLAB, SLAB | {"threshold": 20.0, "benefit": "net_price"}), {}, ("benefit", "different_phases")),
            ((LUMP,), {"mode": "marginal"}, ("mode", "marginal_benefit")),
            ((FREE,), {"mode": "marginal"}, ("mode", "marginal_benefit")),
            ((SLAB | {"repeat_every": 10.0},), {}, ("repeat_every", "repeat_benefit")),
            ((FREE | {"free_product_id": False},), {"scope": "basket"}, ("free_product_id", "basket_free_unnamed")),
            ((FREE | {"free_product_sellable": False},), {}, ("free_product_id", "free_unsellable")),
            ((), {"stacking": "best_of_group"}, ("group", "group_missing")),
            ((), {"date_from": date(2025, 1, 2), "date_to": date(2025, 1, 1)}, ("date_to", "dates_reversed")),
            ((), {"scope": "period"}, ("timing", "period_on_invoice")),
            ((FREE,), {"scope": "period", "timing": "off_invoice"}, ("benefit", "period_free")),
            ((), {"basis": "growth"}, ("basis", "growth_without_period")),
        ):
            self.assertEqual(refused(*slabs, **values), [expected], (slabs, values))

    def test_amount_over_100_is_no_percentage(self):
        self.assertEqual(refused(LUMP | {"value": 500.0}), [])

    def test_all_reasons_are_told_once(self):
        slabs = [SLAB | {"value": 101.0}, SLAB | {"value": 102.0}]
        self.assertEqual(
            refused(*slabs, scope="period"),
            [("timing", "period_on_invoice"), ("threshold", "equal_thresholds"), ("value", "percent_over_100")],
        )
