from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_schemes.tests.period_common import PeriodCommon

from .claims_common import ClaimsCommon

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestClaimAccruals(ClaimsCommon, PeriodCommon):
    """Claims for schemes are paid by the accruals' own settlement, once, with a second person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.create_rebate()
        cls.bill({cls.tea: 150}, "2026-01-10")
        cls.scheme._accrue(JAN)
        cls.row = cls.env["dms.scheme.accrual"].search([("scheme_id", "=", cls.scheme.id)])

    def claim(self, amount=15.0, **values):
        return self.create_claim("scheme", [(self.row, amount)], **values)

    def test_accruals_named_become_lines(self):
        for values in ({}, {"amount_claimed": 15.0}):
            claim = self.create_claim("scheme", accrual_ids=[Command.set(self.row.ids)], **values)
            self.assertEqual((claim.line_ids.source_id, claim.amount_claimed, claim.amount_calculated), (self.row.id, 15.0, 15.0))
            claim.unlink()
        self.assertEqual(self.claim().accrual_ids, self.row)

    def test_claim_is_paid_by_the_accruals_own_settlement(self):
        claim = self.submit(self.claim(), self.alpha_user)
        self.assertEqual((claim.state, claim.is_automatic), ("approved", True))
        self.assertEqual((self.row.state, self.row.claimed_by_id), ("claimed", self.alpha_user))
        for _time in range(2):
            claim.with_user(self.accountant).action_settle()
        note = claim.refund_id
        self.assertEqual((note, note.dms_claim_id, note.amount_total), (self.row.settlement_move_id, claim, 15.0))
        self.assertEqual((self.row.state, self.row.settled_by_id, claim.state), ("settled", self.accountant, "settled"))
        self.assertSettled(self.scheme)

    def test_officer_approves_what_does_not_agree_up_to_what_is_owed(self):
        claim = self.submit(self.claim(18.0))
        self.assertEqual(claim.state, "submitted")
        claim.line_ids.with_user(self.officer).amount_approved = 10.0
        with self.assertRaisesRegex(UserError, "as a whole"), self.cr.savepoint():
            self.approve(claim)
        claim.line_ids.with_user(self.officer).amount_approved = 15.0
        self.approve(claim)
        claim.with_user(self.accountant).action_settle()
        self.assertEqual((claim.refund_id.amount_total, self.row.settled_by_id), (15.0, self.officer))

    def test_second_person_is_the_officer_who_is_no_approver_of_schemes(self):
        self.assertFalse(self.officer.has_group("dms_schemes.group_scheme_approver"))
        claim = self.submit(self.claim(18.0), self.officer)
        claim.line_ids.with_user(self.officer2).amount_approved = 15.0
        with self.assertRaises(UserError), self.cr.savepoint():
            self.approve(claim, self.officer)
        self.assertEqual((claim.state, self.row.state), ("submitted", "claimed"))
        self.approve(claim, self.officer2)
        claim.with_user(self.officer2).action_settle()
        self.assertEqual((self.row.state, self.row.claimed_by_id, self.row.settled_by_id), ("settled", self.officer, self.officer2))

    def test_less_than_is_owed_is_not_asked_for(self):
        with self.assertRaisesRegex(UserError, "as a whole"), self.cr.savepoint():
            self.submit(self.claim(14.0))
        self.assertEqual(self.row.state, "open")

    def test_true_up_before_the_claim_is_asked_for_again(self):
        scheme = self.create_rebate(**self.around_today())
        self.bill({self.tea: 150}, self.today)
        scheme._accrue(self.today)
        row = self.rows_of(scheme, self.alpha)
        claim = self.create_claim("scheme", [(row, row.open_amount)])
        self.bill({self.tea: 100}, self.today)
        with self.assertRaisesRegex(UserError, "as a whole"), self.cr.savepoint():
            self.submit(claim)
        self.assertEqual((claim.state, row.state), ("draft", "open"))

    def test_who_submits_does_not_settle_what_nobody_approved(self):
        claim = self.submit(self.claim(), self.officer)
        with self.assertRaisesRegex(UserError, "second person"), self.cr.savepoint():
            claim.with_user(self.officer).action_settle()
        self.assertEqual(claim.state, "approved")
        claim.with_user(self.officer2).action_settle()
        self.assertEqual(claim.state, "settled")

    def test_ended_claims_open_their_accruals_again(self):
        for step in ("reject", "cancel"):
            claim = self.submit(self.claim(20.0))
            self.assertEqual(self.row.state, "claimed")
            if step == "reject":
                claim.with_user(self.officer).action_reject("no")
            else:
                claim.with_user(self.officer).action_cancel()
            self.assertEqual(self.row.state, "open")

    def test_accrual_settled_by_its_own_screen_is_not_paid_again(self):
        claim = self.submit(self.claim())
        self.row.with_user(self.approver).action_settle()
        note = self.row.settlement_move_id
        claim.with_user(self.accountant).action_settle()
        self.assertEqual((claim.state, claim.refund_id), ("settled", note))
        self.assertSettled(self.scheme)

    def test_accrual_that_is_being_settled_is_refused(self):
        self.row.with_user(self.author).action_claim()
        with self.assertRaisesRegex(UserError, "being settled"):
            self.submit(self.claim())

    def test_what_was_paid_too_much_goes_off(self):
        self.settle(self.submit(self.claim()))
        self.credit({self.tea: 100}, "2026-02-10")
        self.scheme._accrue(FEB)
        self.bill({self.tea: 300}, "2026-03-10")
        self.scheme._accrue(MAR)
        negative = self.rows_of(self.scheme).filtered(lambda row: row.open_amount < 0)
        positive = self.rows_of(self.scheme).filtered(lambda row: row.open_amount > 0)
        self.assertEqual((negative.open_amount, positive.open_amount), (-10.0, 30.0))
        claim = self.submit(self.create_claim("scheme", [(positive, 30.0)]))
        self.assertEqual((claim.amount_claimed, claim.amount_calculated, claim.state), (20.0, 20.0, "approved"))
        self.assertEqual(self.settle(claim).amount_total, 20.0)
        self.assertSettled(self.scheme)

    def test_settlement_of_a_scheme_is_not_reversed(self):
        claim = self.submit(self.claim())
        claim.with_user(self.accountant).action_settle()
        with self.assertRaises(UserError):
            claim.with_user(self.claims_manager).action_reverse("no")
        self.assertEqual(claim.state, "settled")

    def test_accruals_of_others_are_refused(self):
        for kind, distributor in (("scheme", self.beta), ("spend", self.alpha)):
            with self.subTest(kind=kind), self.assertRaises(UserError), self.cr.savepoint():
                self.create_claim(kind, accrual_ids=[Command.set(self.row.ids)], distributor=distributor)
