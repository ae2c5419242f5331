from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimLife(ClaimsCommon):
    """Who does what when; every step once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.buy({cls.tea: 10, cls.coffee: 10})
        cls.bill = cls.invoice_of(cls.picking)
        cls.rows = cls.bill.invoice_line_ids

    def spend(self, amount=50.0, **values):
        return self.create_claim("spend", amount_claimed=amount, **values)

    def test_way_of_a_claim_repeated_at_every_step(self):
        claim = self.spend()
        for _time in range(2):
            claim.with_user(self.desk).action_submit()
        self.assertEqual((claim.state, claim.submitted_by_id, claim.ball), ("submitted", self.desk, "officer"))
        for _time in range(2):
            claim.with_user(self.officer).action_review()
        self.assertEqual((claim.state, claim.user_id), ("under_review", self.officer))
        for _time in range(2):
            claim.with_user(self.officer).action_approve()
        self.assertEqual((claim.state, claim.amount_approved, claim.decided_by_id), ("approved", 50.0, self.officer))
        for user in (self.accountant, self.officer, self.accountant):
            claim.with_user(user).action_settle()
        self.assertEqual((claim.state, claim.settled_by_id), ("settled", self.accountant))
        self.assertEqual(self.env["account.move"].search_count([("dms_claim_id", "=", claim.id)]), 1)
        claim.with_user(self.desk).action_submit()
        claim.with_user(self.officer).action_approve()
        self.assertEqual(claim.state, "settled")

    def test_lines_are_approved_one_by_one(self):
        claim = self.submit(self.create_claim("price_difference", [(row, 20.0) for row in self.rows]))
        first, second = claim.line_ids
        first.with_user(self.officer).amount_approved = 5.0
        self.approve(claim)
        self.assertEqual((first.amount_approved, second.amount_approved, claim.amount_approved), (5.0, 20.0, 25.0))

    def test_form_writes_decisions_of_lines(self):
        claim = self.submit(self.create_claim("price_difference", [(row, 20.0) for row in self.rows]))
        first, second = claim.line_ids
        claim.with_user(self.officer).write(
            {"line_ids": [(1, first.id, {"amount_approved": 0.0}), (1, second.id, {"amount_approved": 7.0})]}
        )
        self.approve(claim)
        self.assertEqual((first.amount_approved, second.amount_approved, claim.amount_approved), (0.0, 7.0, 7.0))

    def test_sum_is_split_over_lines(self):
        claim = self.submit(self.create_claim("price_difference", [(self.rows[0], 20.0), (self.rows[1], 10.0)]))
        claim.with_user(self.officer).amount_approved = 10.0
        self.approve(claim)
        self.assertEqual(claim.line_ids.mapped("amount_approved"), [6.67, 3.33])

    def test_nothing_approved_is_a_refusal(self):
        claim = self.submit(self.spend())
        claim.with_user(self.officer).amount_approved = 0.0
        self.approve(claim)
        self.assertEqual((claim.state, claim.amount_approved), ("rejected", 0.0))
        with self.assertRaises(UserError):
            claim.with_user(self.accountant).action_settle()

    def test_no_more_is_approved_than_claimed(self):
        claim = self.submit(self.create_claim("price_difference", [(self.rows[0], 20.0)]))
        with self.assertRaises(UserError):
            claim.line_ids.with_user(self.officer).amount_approved = 20.01
        claim.with_user(self.officer).amount_approved = 21.0
        with self.assertRaises(UserError), self.cr.savepoint():
            self.approve(claim)
        self.assertEqual(claim.state, "submitted")

    def test_maker_and_salesperson_never_decide(self):
        own = self.create_claim("spend", amount_claimed=10.0, user=self.officer)
        submitted = self.submit(self.spend(), self.officer)
        self.submit(own)
        self.picking.sale_id.user_id = self.officer
        sold = self.submit(self.create_claim("price_difference", [(self.rows[0], 20.0)]))
        for claim in own | submitted | sold:
            for records in (claim.with_user(self.officer), claim.with_user(self.officer).sudo()):
                with self.assertRaisesRegex(UserError, "second person"):
                    records.action_approve()
                with self.assertRaisesRegex(UserError, "second person"):
                    records.action_reject("no")
            self.approve(claim, self.officer2)
            self.assertEqual(claim.state, "approved")

    def test_refusal_needs_a_reason_and_frees_the_source(self):
        claim = self.submit(self.create_claim("price_difference", [(self.rows[0], 20.0)]))
        for reason in ("", "  ", None, 5, "\0"):
            with self.assertRaises(UserError):
                claim.with_user(self.officer).action_reject(reason)
        for _time in range(2):
            claim.with_user(self.officer).action_reject("No such price")
        self.assertEqual((claim.state, claim.rejection_reason), ("rejected", "No such price"))
        self.submit(self.create_claim("price_difference", [(self.rows[0], 20.0)]))

    def test_cancel_until_settled(self):
        draft, submitted, approved, settled = claims = [self.spend() for _number in range(4)]
        for claim in claims[1:]:
            self.submit(claim)
        for claim in claims[2:]:
            self.approve(claim)
        self.settle(settled)
        for claim in (draft, submitted):
            claim.with_user(self.alpha_user).action_cancel()
        with self.assertRaises(AccessError):
            approved.with_user(self.desk).action_cancel()
        approved.with_user(self.officer).action_cancel()
        approved.with_user(self.officer).action_cancel()
        self.assertEqual([claim.state for claim in claims[:3]], ["cancelled"] * 3)
        with self.assertRaises(UserError):
            settled.with_user(self.officer).action_cancel()
        for step in ("action_submit", "action_approve", "action_settle"):
            with self.assertRaises(UserError):
                getattr(approved.with_user(self.officer), step)()

    def test_steps_out_of_order_are_refused(self):
        claim = self.spend()
        for user, step, arguments in (
            (self.officer, "action_approve", ()),
            (self.officer, "action_review", ()),
            (self.officer, "action_reject", ("no",)),
            (self.accountant, "action_settle", ()),
            (self.claims_manager, "action_reverse", ("no",)),
        ):
            with self.assertRaises(UserError):
                getattr(claim.with_user(user), step)(*arguments)
        self.assertUntouched(claim)

    def test_roles_that_may_not_are_refused(self):
        claim = self.submit(self.spend())
        approved = self.approve(self.submit(self.spend()))
        for user in (self.desk, self.area_manager, self.alpha_user, self.beta_user, self.accountant, self.salesperson, self.employee):
            for step, arguments in (("action_approve", ()), ("action_review", ()), ("action_reject", ("no",))):
                with self.assertRaises(AccessError, msg=(user.login, step)):
                    getattr(claim.with_user(user), step)(*arguments)
        for user in (self.desk, self.area_manager, self.alpha_user, self.salesperson, self.employee):
            with self.assertRaises(AccessError, msg=user.login):
                approved.with_user(user).action_settle()
        self.settle(approved)
        for user in (self.desk, self.officer, self.accountant, self.alpha_user):
            with self.assertRaises(AccessError, msg=user.login):
                approved.with_user(user).action_reverse("no")
        with self.assertRaises(AccessError):
            self.spend().with_user(self.beta_user).action_submit()

    def test_tiers_decide_by_amount(self):
        tier = self.env["dms.claim.tier"]
        tier.create({"amount": 100.0, "group_id": self.env.ref("dms_returns.group_claims_officer").id})
        tier.create({"amount": 1000.0, "group_id": self.env.ref("dms_orders.group_dms_manager").id})
        self.officer2.group_ids += self.env.ref("dms_orders.group_dms_manager")
        for amount, refused, passing in (
            (100.0, None, self.officer),
            (100.01, self.officer, self.officer2),
            (1000.01, self.officer2, self.claims_manager),
        ):
            claim = self.submit(self.spend(amount))
            if refused:
                with self.assertRaisesRegex(UserError, "up to"), self.cr.savepoint():
                    self.approve(claim, refused)
                self.assertEqual(claim.state, "submitted")
            self.approve(claim, passing)
            self.assertEqual(claim.state, "approved")

    def test_part_within_the_tier_passes(self):
        self.env["dms.claim.tier"].create({"amount": 100.0, "group_id": self.env.ref("dms_returns.group_claims_officer").id})
        claim = self.submit(self.spend(500.0))
        claim.with_user(self.officer).amount_approved = 100.0
        self.approve(claim)
        self.assertEqual((claim.state, claim.amount_approved), ("approved", 100.0))

    def test_states_and_amounts_are_not_written_over_rpc(self):
        claim = self.spend()
        for values in (
            {"state": "approved"},
            {"amount_calculated": 1.0},
            {"refund_id": self.bill.id},
            {"is_automatic": True},
            {"submitted_by_id": 1},
        ):
            with self.assertRaises(AccessError):
                claim.with_user(self.officer).write(values)
            with self.assertRaises(AccessError):
                self.spend(**values)
        with self.assertRaises(UserError):
            claim.with_user(self.officer2).write({"amount_approved": 5.0})
        hostile = self.env(
            user=self.desk, context={"default_state": "approved", "default_amount_approved": 99.0, "default_is_automatic": True}
        )
        made = (
            self.env["dms.claim"]
            .with_env(hostile)
            .create({"distributor_id": self.alpha.id, "claim_type_id": self.types["spend"].id, "amount_claimed": 5.0})
        )
        self.assertEqual((made.state, made.amount_approved, made.sudo().is_automatic), ("draft", 0.0, False))

    def test_what_was_submitted_is_not_changed(self):
        claim = self.submit(self.create_claim("price_difference", [(self.rows[0], 20.0)]))
        for values in ({"amount_claimed": 30.0}, {"claim_type_id": self.types["spend"].id}, {"line_ids": [(5,)]}):
            with self.assertRaises(UserError):
                claim.with_user(self.desk).write(values)
        with self.assertRaises(UserError):
            claim.line_ids.with_user(self.desk).write({"amount_claimed": 30.0})
        with self.assertRaises(UserError):
            claim.line_ids.with_user(self.desk).unlink()
        with self.assertRaises(UserError):
            self.env["dms.claim.line"].with_user(self.desk).create({"claim_id": claim.id, "amount_claimed": 1.0})
        self.assertEqual((claim.amount_claimed, len(claim.line_ids)), (20.0, 1))
