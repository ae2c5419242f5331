from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DmsSchemesCommon

TEN = (0, "percent", 10)


@tagged("post_install", "-at_install")
class TestSchemeCheck(DmsSchemesCommon):
    """What is refused at approval, naming the field and what to do."""

    def assertRefused(self, scheme, *words):
        edition = self.env["dms.scheme.edition"]._get_current_id(self.company.id)
        with self.assertRaises(UserError) as refusal:
            scheme.with_user(self.approver).action_approve()
        for word in words:
            self.assertIn(word, str(refusal.exception))
        self.assertEqual(scheme.state, "draft")
        self.assertEqual(self.env["dms.scheme.edition"]._get_current_id(self.company.id), edition, "nothing came into force")

    def draft(self, *slabs, **values):
        return self.draft_scheme(list(slabs), **values)

    # ------------------------------------------------------------ terms

    def test_sound_terms_are_approved(self):
        scheme = self.create_scheme([TEN, (10, "percent", 100)])
        self.assertEqual(scheme.state, "approved")

    def test_no_slab_is_refused(self):
        self.assertRefused(self.draft(), "Slabs: add a slab")

    def test_equal_thresholds_are_refused(self):
        self.assertRefused(self.draft((10, "percent", 5), (10, "percent", 7)), "From: two slabs start at the same threshold")

    def test_negative_numbers_are_refused_each_by_its_field(self):
        for slab, label in (
            ((-1, "percent", 5), "From of the slab from -1"),
            ((0, "percent", -5), "Value of the slab"),
            (self.free_slab(1, -1), "Free Quantity of the slab"),
            (self.free_slab(1, 1, every=-2), "Repeat Every of the slab"),
            (self.free_slab(1, 1, every=2, max_times=-1), "At Most (times) of the slab"),
        ):
            with self.subTest(label):
                self.assertRefused(self.draft(slab), label, "cannot be negative")

    def test_negative_number_of_products_is_refused(self):
        self.assertRefused(self.draft(TEN, scope="basket", min_distinct_products=-1), "Min Distinct Products", "cannot be negative")

    def test_negative_cap_is_refused_at_once(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.draft(TEN, budget_amount=-1.0)

    def test_percentage_over_100_is_refused(self):
        self.assertRefused(self.draft((0, "percent", 100.5)), "Value of the slab from 0", "at most 100")

    def test_slabs_of_two_phases_are_refused(self):
        self.assertRefused(self.draft((0, "percent", 5), self.free_slab(10, 1)), "Benefit:", "a scheme of its own")
        self.assertRefused(self.draft((0, "percent", 5), (10, "net_price", 9)), "Benefit:")

    def test_discounts_of_one_phase_may_be_mixed(self):
        self.assertEqual(self.create_scheme([(0, "percent", 5), (10, "lump_amount", 20)]).state, "approved")

    def test_marginal_with_an_amount_or_free_goods_is_refused(self):
        for slab in ((0, "lump_amount", 5), self.free_slab(10, 1)):
            self.assertRefused(self.draft(slab, mode="marginal"), "Mode of the slab", "mode whole")

    def test_repetition_of_a_rate_is_refused(self):
        for benefit in ("percent", "unit_amount", "net_price"):
            slab = self._slab_values(10, benefit, 5, repeat_every=10)
            self.assertRefused(self.draft(slab), "Repeat Every of the slab from 10", "set it to 0")

    def test_basket_without_named_free_product_is_refused(self):
        self.assertRefused(self.draft(self.free_slab(10, 1), scope="basket"), "Free Product of the slab", "name the free product")

    def test_best_of_group_without_group_is_refused(self):
        for group in (False, "", "  "):
            self.assertRefused(self.draft(TEN, stacking="best_of_group", group=group), "Group: the best of a group")

    def test_last_day_before_the_first_is_refused(self):
        self.assertRefused(self.draft(TEN, date_from=date(2025, 6, 2), date_to=date(2025, 6, 1)), "To: the last day")
        self.assertEqual(self.create_scheme([TEN], date_from=date(2025, 6, 1), date_to=date(2025, 6, 1)).state, "approved")

    def test_period_on_invoice_is_refused(self):
        self.assertRefused(self.draft(TEN, scope="period"), "Timing:", "choose off invoice")

    def test_growth_of_an_order_is_refused(self):
        self.assertRefused(self.draft(TEN, basis="growth"), "Basis:", "over a period")

    def test_every_fault_is_named_at_once(self):
        scheme = self.draft((-1, "percent", 120), (-1, "percent", 5), stacking="best_of_group")
        self.assertRefused(scheme, "at most 100", "cannot be negative", "two slabs start", "Group:")

    # ------------------------------------------------------------ impossible numbers

    def test_number_that_is_none_is_refused_in_words(self):
        scheme = self.draft(TEN)
        for number in (float("nan"), float("inf"), -float("inf"), 1e40):
            for name, label in (("budget_amount", "Budget"), ("max_per_order", "Max Per Order"), ("max_per_distributor", "Max Per")):
                with self.assertRaisesRegex(UserError, label):
                    scheme.with_user(self.author).write({name: number})
            for name, label in (("threshold", "From"), ("value", "Value"), ("free_qty", "Free Quantity"), ("repeat_every", "Repeat Every")):
                with self.assertRaisesRegex(UserError, label):
                    scheme.slab_ids.with_user(self.author).write({name: number})
                with self.assertRaisesRegex(UserError, label):
                    scheme.with_user(self.author).write({"slab_ids": [Command.create({name: number})]})
        for record, name in ((scheme, "sequence"), (scheme, "min_distinct_products"), (scheme.slab_ids, "max_times")):
            with self.assertRaises(UserError):
                record.with_user(self.author).write({name: 2**31})

    # ------------------------------------------------------------ goods

    def test_archived_free_product_is_refused(self):
        scheme = self.draft(self.free_slab(10, 1, product=self.coffee))
        self.coffee.active = False
        self.assertRefused(scheme, "Free Product of the slab from 10", "Coffee is archived")

    def test_free_product_that_is_not_sold_is_refused(self):
        scheme = self.draft(self.free_slab(10, 1, product=self.coffee))
        self.coffee.sale_ok = False
        self.assertRefused(scheme, "Free Product of the slab from 10", "cannot be sold here")

    def test_products_that_are_all_archived_match_nothing(self):
        scheme = self.draft(TEN, product_ids=self.tea | self.coffee)
        self.tea.active = self.coffee.sale_ok = False
        self.assertRefused(scheme, "Products: no product that is sold is named")

    def test_category_without_products_matches_nothing(self):
        empty = self.env["product.category"].create({"name": "T Empty"})
        self.assertRefused(self.draft(TEN, categ_ids=empty), "matches nothing")
        self.assertEqual(self.create_scheme([TEN], categ_ids=empty | self.category).state, "approved")

    def test_more_distinct_products_than_there_are_is_refused(self):
        scheme = self.draft(TEN, scope="basket", product_ids=self.tea | self.coffee, min_distinct_products=3)
        self.assertRefused(scheme, "Min Distinct Products: only 2 products")

    def test_must_have_that_cannot_be_bought_is_refused(self):
        scheme = self.draft(TEN, scope="basket", must_have_product_ids=self.coffee)
        self.coffee.active = False
        self.assertRefused(scheme, "Must Have: ", "Coffee")

    def test_distributors_named_who_meet_no_other_condition_match_nobody(self):
        self.assertRefused(self.draft(TEN, distributor_ids=self.beta, territory_ids=self.area_a), "Distributors: none of them")
        self.assertEqual(self.create_scheme([TEN], distributor_ids=self.alpha, territory_ids=self.region).state, "approved")

    def test_closed_distributor_matches_nobody(self):
        self.beta.distributor_state = "closed"
        self.assertRefused(self.draft(TEN, distributor_ids=self.beta), "Distributors: none of them")

    # ------------------------------------------------------------ beside others

    def approve(self, *slabs, **values):
        return self.create_scheme(list(slabs), **values)

    def assertRefusedBeside(self, scheme, *words):
        with self.assertRaises(UserError) as refusal:
            scheme.with_user(self.approver).action_approve()
        for word in words:
            self.assertIn(word, str(refusal.exception))

    def test_group_in_two_phases_on_the_same_days_is_refused(self):
        grouped = {"stacking": "best_of_group", "group": "Spring"}
        june = {"date_from": date(2025, 6, 1), "date_to": date(2025, 6, 30)}
        self.approve(TEN, code="LINE", **grouped, **june)
        last_day = {"date_from": date(2025, 6, 30), "date_to": date(2025, 7, 31)}
        self.assertRefusedBeside(self.draft(TEN, scope="basket", **grouped, **last_day), "Group:", "[LINE]", "another group")
        self.approve(TEN, scope="basket", **grouped, date_from=date(2025, 7, 1))

    def test_group_in_one_phase_and_group_that_is_ignored_are_approved(self):
        self.approve(TEN, stacking="best_of_group", group="Spring")
        self.approve((0, "unit_amount", 1), stacking="best_of_group", group="Spring")
        self.approve(TEN, scope="basket", group="Spring")

    def test_next_version_may_change_the_phase_of_its_group(self):
        grouped = {"stacking": "best_of_group", "group": "Spring"}
        first = self.approve(TEN, **grouped)
        action = first.with_user(self.author).action_new_version()
        second = self.env["dms.scheme"].browse(action["res_id"])
        second.with_user(self.author).write({"scope": "basket", "date_from": date.today() + timedelta(days=1)})
        second.with_user(self.approver).action_approve()
        self.assertEqual(second.state, "approved")

    def test_circular_free_goods_are_refused(self):
        self.approve(self.free_slab(10, 1, product=self.coffee), product_ids=self.tea, code="TEA")
        self.approve(self.free_slab(10, 1, product=self.syrup), product_ids=self.coffee, code="COFFEE")
        back = self.draft(self.free_slab(10, 1, product=self.tea), categ_ids=self.medicine)
        self.assertRefusedBeside(back, "Slabs: what is given comes round", "[TEA]", "[COFFEE]")

    def test_free_goods_of_the_same_goods_are_no_circle(self):
        both = self.tea | self.coffee
        self.approve(self.free_slab(10, 1, product=self.coffee), product_ids=both)
        self.approve(self.free_slab(20, 1, product=self.tea), product_ids=both)
        self.approve(self.free_slab(30, 1), product_ids=self.tea)

    def test_circle_of_days_or_distributors_that_never_meet_is_none(self):
        self.approve(self.free_slab(10, 1, product=self.coffee), product_ids=self.tea, distributor_ids=self.alpha)
        self.approve(self.free_slab(10, 1, product=self.tea), product_ids=self.coffee, distributor_ids=self.beta)

    # ------------------------------------------------------------ what is archived or deleted later

    def test_condition_that_is_archived_later_still_restricts(self):
        scheme = self.approve(TEN, distributor_ids=self.beta, class_ids=self.distributor_class)
        self.beta.active = False
        self.env.registry.clear_cache()
        self.assertEqual(scheme._compile().distributors, frozenset(self.beta.ids))
        self.assertEqual(self.create_order(lines={self.tea: 10}).amount_untaxed, 100.0)

    def test_what_a_scheme_names_is_not_deleted(self):
        product = self.create_product("Gone", "T-GON", 1.0)
        self.approve(TEN, product_ids=product)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            product.unlink()
            self.env.flush_all()
        self.assertTrue(product.exists())
