from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestDeduction(ClaimsCommon):
    """What a distributor kept back is matched, split or refused; it stays due until a credit note pays for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea.taxes_id = False
        cls.picking = cls.buy()
        cls.bill = cls.invoice_of(cls.picking)

    @classmethod
    def deduct(cls, amount=30.0, user=None, **values):
        values = {"distributor_id": cls.alpha.id, "invoice_id": cls.bill.id, "amount": amount, "reference": "DN-7", **values}
        return cls.env["dms.deduction"].with_user(user or cls.officer).create(values).with_env(cls.env)

    def spend(self, amount=30.0, **values):
        return self.submit(self.create_claim("spend", amount_claimed=amount, **values))

    def pay(self, amount):
        register = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=self.bill.ids)
        return register.create({"amount": amount})._create_payments()

    def test_matched_deduction_is_paid_by_the_claims_credit_note(self):
        self.pay(70.0)
        deduction, claim = self.deduct(), self.spend()
        for _time in range(2):
            deduction.with_user(self.officer).action_match(claim)
        self.assertEqual((deduction.state, deduction.claim_id, deduction.is_closed), ("matched", claim, False))
        self.assertEqual(self.bill.amount_residual, 30.0)
        note = self.settle(claim)
        self.env.invalidate_all()
        self.assertEqual((self.bill.amount_residual, note.amount_residual, deduction.is_closed), (0.0, 0.0, True))

    def test_claim_paid_before_pays_when_matched(self):
        self.pay(70.0)
        deduction, claim = self.deduct(), self.spend()
        note = self.settle(claim)
        self.assertEqual(note.amount_residual, 30.0)
        deduction.with_user(self.accountant).action_match(claim.id)
        self.assertEqual((self.bill.amount_residual, note.amount_residual, deduction.is_closed), (0.0, 0.0, True))

    def test_part_that_was_not_approved_stays_open(self):
        deduction, claim = self.deduct(), self.spend()
        deduction.with_user(self.officer).action_match(claim)
        claim.with_user(self.officer).amount_approved = 20.0
        self.settle(claim)
        rest = deduction.child_ids
        self.assertEqual((deduction.amount, deduction.is_closed, rest.amount, rest.state), (20.0, True, 10.0, "open"))
        self.assertEqual(self.bill.amount_residual, 80.0)

    def test_claim_that_falls_opens_its_deductions(self):
        for step in ("reject", "cancel", "reverse"):
            deduction, claim = self.deduct(), self.spend()
            deduction.with_user(self.officer).action_match(claim)
            if step == "reject":
                claim.with_user(self.officer).action_reject("no")
            elif step == "cancel":
                claim.with_user(self.officer).action_cancel()
            else:
                self.settle(claim)
                claim.with_user(self.claims_manager).action_reverse("no")
            with self.subTest(step=step):
                self.assertEqual((deduction.state, deduction.claim_id.id, self.bill.amount_residual), ("open", False, 100.0))
            deduction.with_user(self.officer).action_cancel()

    def test_split_once(self):
        deduction = self.deduct()
        parts = deduction.with_user(self.officer).action_split([10.0, 20.0])
        self.assertEqual(deduction.with_user(self.officer).action_split([5.0, 25.0]), parts)
        self.assertEqual((deduction.state, parts.mapped("amount"), set(parts.mapped("state"))), ("cancelled", [10.0, 20.0], {"open"}))
        self.assertEqual((parts.parent_id, set(parts.mapped("reference"))), (deduction, {"DN-7"}))

    def test_split_that_does_not_add_up_is_refused(self):
        deduction = self.deduct()
        nan = float("nan")
        for amounts in (
            [],
            [30.0],
            [10.0, 10.0],
            [40.0, -10.0],
            [30.0, 0.0],
            [nan, 30.0],
            ["10", 20.0],
            None,
            5,
            [True, 29.0],
            [29.9999, 0.0001],
        ):
            with self.subTest(amounts=amounts), self.assertRaises(UserError):
                deduction.with_user(self.officer).action_split(amounts)
        self.assertEqual((deduction.state, deduction.child_ids.ids), ("open", []))

    def test_refusal_tells_the_distributor_and_leaves_the_amount_due(self):
        deduction = self.deduct()
        with self.assertRaises(UserError):
            deduction.with_user(self.officer).action_refuse("")
        for _time in range(2):
            deduction.with_user(self.officer).action_refuse("Not agreed")
        self.assertEqual((deduction.state, deduction.refusal_reason, self.bill.amount_residual), ("refused", "Not agreed", 100.0))
        told = deduction.message_ids.filtered(lambda message: "Not agreed" in message.body and self.alpha in message.partner_ids)
        self.assertEqual(len(told), 1)
        with self.assertRaises(UserError):
            deduction.with_user(self.officer).action_match(self.spend())

    def test_no_more_is_kept_back_than_is_open(self):
        self.pay(50.0)
        self.deduct(30.0)
        for amount in (20.01, 50.0):
            with self.subTest(amount=amount), self.assertRaisesRegex(UserError, "20"), self.cr.savepoint():
                self.deduct(amount)
        self.deduct(20.0)

    def test_amounts_and_documents_that_are_none_are_refused(self):
        foreign = self.invoice_of(self.buy(distributor=self.beta))
        draft = self.buy(invoiced=False).sale_id._create_invoices()
        for values in (
            *({"amount": amount} for amount in (0.0, -1.0, float("nan"), float("inf"), 1e40, "5", None, True)),
            *({"invoice_id": invoice} for invoice in (foreign.id, draft.id, 2**31 - 2, False)),
            {"distributor_id": self.customer.id},
            {"distributor_id": 2**31 - 2},
            {"payment_line_id": self.bill.line_ids[0].id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                self.deduct(**values)

    def test_payment_tells_the_invoice(self):
        payment = self.pay(70.0)
        item = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        if not item:
            self.skipTest("payments of this chart have no entry")
        deduction = self.deduct(invoice_id=False, payment_line_id=item.id)
        self.assertEqual(deduction.invoice_id, self.bill)

    def test_claims_that_do_not_fit_are_refused(self):
        deduction = self.deduct()
        other = self.submit(self.create_claim("spend", amount_claimed=30.0, distributor=self.beta))
        draft = self.create_claim("spend", amount_claimed=30.0)
        refused = self.spend()
        refused.with_user(self.officer).action_reject("no")
        for claim in (other, draft, refused, self.spend(29.99), 2**31 - 2, 2**40, "x", None, False):
            with self.subTest(claim=claim), self.assertRaises(UserError), self.cr.savepoint():
                deduction.with_user(self.officer).action_match(claim)
        self.assertEqual(deduction.state, "open")

    def test_wrong_match_is_taken_back_until_paid(self):
        deduction, claim = self.deduct(), self.spend()
        deduction.with_user(self.officer).action_match(claim)
        deduction.with_user(self.officer).action_unmatch()
        self.assertEqual((deduction.state, deduction.claim_id.id), ("open", False))
        deduction.with_user(self.officer).action_match(claim)
        self.settle(claim)
        with self.assertRaises(UserError):
            deduction.with_user(self.officer).action_unmatch()

    def test_roles_and_hostile_values_are_refused(self):
        deduction, claim = self.deduct(), self.spend()
        for user in (self.desk, self.area_manager, self.alpha_user, self.salesperson):
            for step, arguments in (
                ("match", (claim.id,)),
                ("split", ([1.0, 29.0],)),
                ("refuse", ("no",)),
                ("cancel", ()),
                ("unmatch", ()),
            ):
                with self.assertRaises(AccessError, msg=(user.login, step)):
                    getattr(deduction.with_user(user), f"action_{step}")(*arguments)
            with self.assertRaises(AccessError):
                self.deduct(1.0, user=user)
        for values in ({"state": "matched"}, {"amount": 1.0}, {"claim_id": claim.id}, {"invoice_id": False}):
            with self.assertRaises(AccessError):
                deduction.with_user(self.officer).write(values)
            with self.assertRaises(UserError), self.cr.savepoint():
                self.deduct(**{**values, "amount": 500.0})
        hostile = self.env(user=self.officer, context={"default_state": "matched", "default_claim_id": claim.id})
        made = (
            self.env["dms.deduction"].with_env(hostile).create({"distributor_id": self.alpha.id, "invoice_id": self.bill.id, "amount": 5.0})
        )
        self.assertEqual((made.state, made.claim_id.id), ("open", False))
        with self.assertRaises(UserError):
            deduction.unlink()

    def test_forms_decide(self):
        deduction = self.deduct()
        wizard = self.env["dms.deduction.decide"].with_user(self.officer).with_context(active_model="dms.deduction", active_id=deduction.id)
        form = wizard.create({"part": 10.0})
        form.action_split()
        first, second = deduction.child_ids.sorted("id")
        wizard.with_context(active_id=first.id).create({"claim_id": self.spend().id}).action_match()
        wizard.with_context(active_id=second.id).create({"reason": "no"}).action_refuse()
        self.assertEqual((first.state, first.amount, second.state, second.amount), ("matched", 10.0, "refused", 20.0))
