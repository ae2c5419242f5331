from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestSchemeFinding(DmsSchemesCommon):
    """What the check of a draft finds, and what becomes of it at approval."""

    def check(self, scheme, user=None):
        scheme.with_user(user or self.author).action_check()
        return scheme.finding_ids

    def codes(self, scheme, user=None):
        return set(self.check(scheme, user).mapped("code"))

    def test_sound_scheme_has_nothing_but_what_is_good_to_know(self):
        scheme = self.draft_scheme([(0, "percent", 5)], max_per_order=100.0, product_ids=self.tea)
        self.assertFalse(self.check(scheme).filtered(lambda finding: finding.severity != "info"))

    def test_each_kind_is_found(self):
        self.syrup.uom_id = self.env.ref("uom.product_uom_kgm")
        self.tea.standard_price = 9.5
        kinds = {
            "uncapped": self.draft_scheme([(0, "percent", 1)]),
            "dead_slab": self.draft_scheme([(0, "percent", 5), (10, "percent", 5)]),
            "gap": self.draft_scheme([self._slab_values(10, "lump_amount", 5, repeat_every=20)]),
            "cliff": self.draft_scheme([(10, "percent", 30)], product_ids=self.coffee),
            "mixed_units": self.draft_scheme([(10, "percent", 1)], scope="basket", product_ids=self.tea | self.syrup),
            "under_cost": self.draft_scheme([(0, "percent", 10)], product_ids=self.tea),
            "no_distributor_now": self.draft_scheme(
                [(0, "percent", 1)], tag_ids=self.env["res.partner.category"].create({"name": "T None"})
            ),
            "no_slab": self.draft_scheme([]),
        }
        for code, scheme in kinds.items():
            with self.subTest(code):
                self.assertIn(code, self.codes(scheme))
                for finding in scheme.finding_ids:
                    self.assertTrue(finding.message and "%(" not in finding.message)

    def test_scheme_that_runs_beside_is_named_with_what_becomes_of_the_two(self):
        self.create_scheme([(0, "percent", 5)], code="RUNS", sequence=1)
        scheme = self.draft_scheme([(0, "percent", 5)], product_ids=self.tea)
        found = self.check(scheme).filtered(lambda finding: finding.code == "overlap" and "[RUNS]" in finding.message)
        self.assertIn("both are given", found.message)
        self.create_scheme([(0, "percent", 5)], code="FIRST", sequence=0, stacking="exclusive", product_ids=self.tea)
        found = self.check(scheme).filtered(lambda finding: "[FIRST]" in finding.message)
        self.assertIn("keeps this scheme off", found.message)

    def test_error_is_found_and_refuses_approval(self):
        scheme = self.draft_scheme([(0, "percent", 120)])
        self.assertEqual(self.check(scheme)[0].severity, "error")
        with self.assertRaisesRegex(UserError, "at most 100"):
            scheme.with_user(self.approver).action_request_approval()
        with self.assertRaisesRegex(UserError, "at most 100"):
            scheme.with_user(self.approver).action_approve("It is fine.")

    def test_failing_example_is_an_error(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        line = {"product_id": self.tea.id, "quantity": 10}
        self.env["dms.scheme.example"].create({"scheme_id": scheme.id, "name": "Ten", "expected_amount": 1.0, "line_ids": [(0, 0, line)]})
        self.assertIn("example", self.codes(scheme))

    # ------------------------------------------------------------ warnings

    def test_warning_found_by_a_check_needs_a_note(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        self.check(scheme)
        for note in (None, "", "  ", 5):
            with self.assertRaisesRegex(UserError, "no budget"):
                scheme.with_user(self.approver).action_approve(note)
        scheme.with_user(self.approver).action_approve("Agreed with the board.")
        self.assertEqual(scheme.state, "approved")
        warning = scheme.finding_ids.filtered(lambda finding: finding.code == "uncapped")
        self.assertEqual((warning.acknowledged_by_id, warning.note), (self.approver, "Agreed with the board."))
        self.assertIn("Agreed with the board.", str(scheme.message_ids.mapped("body")))

    def test_button_of_the_approver_checks_and_asks_for_the_note(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        action = scheme.with_user(self.approver).action_request_approval()
        self.assertEqual((action["res_model"], scheme.state), ("dms.scheme.approval", "draft"))
        wizard = self.env["dms.scheme.approval"].with_user(self.approver).with_context(**action["context"]).create({"note": "Wanted."})
        self.assertTrue(wizard.finding_ids)
        wizard.action_approve()
        self.assertEqual(scheme.state, "approved")

    def test_button_approves_at_once_what_is_sound(self):
        scheme = self.draft_scheme([(0, "percent", 5)], max_per_order=100.0, product_ids=self.tea)
        scheme.with_user(self.approver).action_request_approval()
        self.assertEqual(scheme.state, "approved")

    def test_wizard_is_no_way_round_the_second_person(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        scheme.with_user(self.approver).write({"sequence": 3})
        with self.assertRaisesRegex(UserError, "your own"):
            scheme.with_user(self.approver).action_request_approval()
        wizard = self.env["dms.scheme.approval"].with_user(self.approver).create({"scheme_id": scheme.id, "note": "x"})
        with self.assertRaisesRegex(UserError, "your own"):
            wizard.action_approve()

    def test_change_of_the_terms_forgets_the_findings(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        self.assertTrue(self.check(scheme))
        scheme.slab_ids.with_user(self.author).value = 11
        self.assertFalse(scheme.finding_ids)

    def test_approved_scheme_is_not_checked_again(self):
        scheme = self.create_scheme([(0, "percent", 10)])
        with self.assertRaisesRegex(UserError, "is approved"):
            scheme.with_user(self.author).action_check()

    # ------------------------------------------------------------ costs, and who

    def test_costs_are_for_those_who_may_see_them(self):
        self.tea.standard_price = 9.5
        scheme = self.draft_scheme([(0, "percent", 10)], product_ids=self.tea)
        finding = self.check(scheme).filtered("is_cost")
        self.assertEqual(finding.code, "under_cost")
        self.assertNotIn("9.5", finding.message)
        self.assertEqual(
            self.env["dms.scheme.finding"].with_user(self.author).search([("is_cost", "=", True), ("scheme_id", "=", scheme.id)]), finding
        )
        with patch.object(self.env.registry["res.users"], "_dms_sees_cost", lambda user: False):
            self.env.registry.clear_cache()
            blind = self.env["dms.scheme.finding"].with_user(self.author)
            self.assertFalse(blind.search([("is_cost", "=", True)]))
            with self.assertRaises(AccessError):
                blind.browse(finding.id).read(["message"])
            self.assertNotIn("under_cost", self.codes(scheme))
        self.env.registry.clear_cache()

    def test_findings_are_for_scheme_managers_and_not_entered(self):
        scheme = self.draft_scheme([(0, "percent", 10)])
        finding = self.check(scheme)[0]
        for user in (self.desk, self.manager, self.area_manager, self.salesperson, self.employee, self.alpha_user):
            with self.subTest(user.login):
                for call in (
                    lambda user=user: finding.with_user(user).read(["message"]),
                    lambda user=user: scheme.with_user(user).action_check(),
                    lambda user=user: scheme.with_user(user).action_request_approval(),
                    lambda user=user: self.env["dms.scheme.approval"].with_user(user).create({"scheme_id": scheme.id, "note": "x"}),
                ):
                    with self.assertRaises(AccessError):
                        call()
        for user in (self.author, self.approver):
            for call in (
                lambda user=user: finding.with_user(user).unlink(),
                lambda user=user: finding.with_user(user).write({"severity": "info"}),
                lambda user=user: finding.with_user(user).create({"scheme_id": scheme.id, "severity": "info", "code": "x", "message": "x"}),
            ):
                with self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            scheme.with_user(self.author).action_request_approval()
