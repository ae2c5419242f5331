from odoo.tests import BaseCase, TransactionCase, tagged

from ..demo.story import FIRST_VERSION, ORDERS, SCHEMES


class TestDemoStory(BaseCase):
    """The story itself; needs no demo data in the database."""

    def test_story_shows_every_kind_of_scheme(self):
        benefits = {slab[1] for scheme in SCHEMES for slab in scheme.slabs}
        self.assertEqual(benefits, {"percent", "unit_amount", "lump_amount", "net_price", "free_product"})
        for name, wanted in (
            ("scope", {"basket", "period"}), ("basis", {"amount", "growth"}), ("mode", {"marginal"}), ("timing", {"off_invoice"}),
            ("stacking", {"best_of_group", "exclusive"}),
        ):  # fmt: skip
            self.assertEqual({scheme.terms[name] for scheme in SCHEMES if name in scheme.terms}, wanted)
        self.assertEqual({scheme.fate for scheme in SCHEMES}, {"draft", "approved", "closed"})

    def test_every_scheme_is_bound_to_products_of_the_story(self):
        """So that no order of other products is touched where the demo data is installed."""
        for scheme in (FIRST_VERSION, *SCHEMES):
            self.assertTrue(scheme.products or scheme.category, scheme.code)
            self.assertTrue(scheme.description, scheme.code)

    def test_orders_end_in_every_way(self):
        self.assertEqual({order.act for order in ORDERS}, {"draft", "confirm", "invoice", "credit"})


@tagged("post_install", "-at_install")
class TestDemoDatabase(TransactionCase):
    """What the demo data leaves in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.env.ref("dms_schemes.user_schemes", raise_if_not_found=False)
        if not cls.author:
            cls.skipTest(cls, "the database has no demo data")
        cls.company = cls.env.ref("base.main_company")
        domain = [("company_id", "=", cls.company.id), ("code", "in", [scheme.code for scheme in SCHEMES])]
        cls.schemes = cls.env["dms.scheme"].search(domain)
        cls.benefits = cls.env["dms.scheme.application"].search([("scheme_id", "in", cls.schemes.ids)])

    def scheme(self, code):
        return self.schemes.filtered(lambda scheme: scheme.code == code)[:1]

    def held(self):
        """Orders of the story that a gate of another module holds, where one is installed."""
        return self.benefits.order_id.filtered(lambda order: order.dms_state == "on_hold")

    def test_schemes_are_written_by_one_and_approved_by_another(self):
        self.assertEqual(len(self.schemes), len(SCHEMES) + 1)
        decided = self.schemes.filtered(lambda scheme: scheme.state != "draft")
        self.assertEqual(decided.approved_by_id, self.env.ref("dms_schemes.user_approver"))
        self.assertEqual(self.schemes.author_ids, self.author)
        self.assertEqual(set(self.schemes.mapped("state")), {"draft", "approved", "closed"})

    def test_second_version_follows_the_first(self):
        second, first = self.schemes.filtered(lambda scheme: scheme.code == "COLA").sorted("version", reverse=True)
        self.assertEqual((second.version, second.previous_id), (2, first))
        self.assertLess(first.date_to, second.date_from)

    def test_most_schemes_have_given_something(self):
        counting = self.benefits.filtered(lambda row: row.state == "committed" or row.state == "draft" and row.order_id in self.held())
        given = set(counting.mapped("scheme_code"))
        wanted = {"COLA", "SNACK-LADDER", "ORDER-VALUE", "COFFEE-BANDS", "LAUNDRY-GIFT", "BATH-MIX", "OLIVE-NET", "CHOCOLATE", "LOYALTY"}
        self.assertLessEqual(wanted, given)
        self.assertTrue(self.benefits.filtered("returned_amount"))
        self.assertTrue(self.benefits.filtered("consumed_company_amount"))

    def test_accruals_are_open_claimed_and_settled(self):
        accruals = self.env["dms.scheme.accrual"].search([("scheme_id", "in", self.schemes.ids)])
        self.assertEqual(set(accruals.mapped("state")), {"open", "claimed", "settled"})
        paid = accruals.filtered("settlement_move_id")
        self.assertEqual((paid.claimed_by_id, paid.settled_by_id), (self.author, self.env.ref("dms_schemes.user_approver")))
        self.assertGreaterEqual(len(accruals.scheme_id), 2)

    def test_chocolate_budget_is_nearly_used_and_was_told(self):
        chocolate = self.scheme("CHOCOLATE")
        held = self.benefits.filtered(lambda row: row.scheme_id == chocolate and row.state == "draft" and row.order_id in self.held())
        waiting = sum(held.mapped("benefit_company_amount"))
        self.assertGreaterEqual(chocolate.used_amount + waiting, 0.8 * chocolate.budget_amount)
        if chocolate.budget_percent >= 80:
            self.assertGreaterEqual(chocolate.alert_level, 80)
            self.assertEqual(chocolate.activity_ids.user_id, self.author)
        else:
            self.assertTrue(waiting, "the rest waits for another module's gate")

    def test_orders_made_before_have_no_schemes(self):
        """Orders of other modules' demo data stay as they were when theirs was loaded."""
        made = self.benefits.order_id
        before = self.env["sale.order"].search_count([("distributor_id", "!=", False), ("id", "<", min(made.ids))])
        self.assertTrue(before)
        self.assertGreaterEqual(len(made), len(ORDERS))  # modules above have orders of their own
