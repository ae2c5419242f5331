from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import PDF, ClaimsCommon

NAN, INFINITE = float("nan"), float("inf")


@tagged("post_install", "-at_install")
class TestClaimInput(ClaimsCommon):
    """What is wrong is refused with a sentence, and leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking, cls.foreign = cls.buy(), cls.buy(distributor=cls.beta)
        cls.bill = cls.invoice_of(cls.picking)
        cls.row = cls.bill.invoice_line_ids
        cls.draft = cls.buy(invoiced=False).sale_id._create_invoices()
        cls.cancelled = cls.buy(invoiced=False).sale_id._create_invoices()
        cls.cancelled.button_cancel()

    def refused(self, kind, lines=(), **values):
        """Neither made nor submitted."""
        before = self.env["dms.claim"].search_count([("state", "!=", "draft")])
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.submit(self.create_claim(kind, lines, **values))
        self.assertNotIn("SQL", str(caught.exception))
        self.assertEqual(self.env["dms.claim"].search_count([("state", "!=", "draft")]), before)
        return str(caught.exception)

    def test_amounts_that_are_none_are_refused(self):
        for amount in (NAN, INFINITE, -INFINITE, -1.0, 0.0, 1e40, -0.001):
            with self.subTest(amount=amount):
                self.refused("spend", amount_claimed=amount)
                self.refused("price_difference", [(self.row, amount)])

    def test_foreign_draft_and_unknown_sources_look_the_same(self):
        other = self.invoice_of(self.foreign)
        messages = {
            self.refused("price_difference", [(row, 5.0)]).replace(str(claim), "")
            for claim, row in enumerate((other.invoice_line_ids, self.draft.invoice_line_ids, self.cancelled.invoice_line_ids))
        }
        self.assertEqual(len({message.split(":")[1] for message in messages}), 1)
        for values in (
            {"source_model": "account.move.line", "source_id": 2**31 - 2},
            {"source_model": "account.move.line", "source_id": 2**40},
            {"source_model": "account.move.line", "source_id": True},
            {"source_model": "res.users", "source_id": 2},
            {"source_model": "no.such.model", "source_id": 2},
            {"source_model": "account.move.line", "source_id": "1; DROP"},
            {"source_model": "account.move.line"},
            {"source_id": self.row.id},
            {"source_model": "stock.move.line", "source_id": self.picking.move_line_ids.id},
            {
                "source_model": "account.move.line",
                "source_id": self.bill.line_ids.filtered(lambda line: line.display_type == "payment_term")[:1].id,
            },
        ):
            with self.subTest(values=values):
                self.refused("price_difference", [{**values, "amount_claimed": 5.0}])

    def test_documents_of_others_and_drafts_are_refused(self):
        for values in (
            {"invoice_id": self.invoice_of(self.foreign).id},
            {"invoice_id": self.draft.id},
            {"invoice_id": self.cancelled.id},
            {"invoice_id": 2**31 - 2},
            {"picking_id": self.foreign.id},
            {"picking_id": 2**31 - 2},
        ):
            with self.subTest(values=values):
                self.refused("spend", amount_claimed=5.0, **values)

    def test_who_is_no_distributor_claims_nothing(self):
        self.refused("spend", amount_claimed=5.0, distributor=self.customer)

    def test_invoice_taken_back_after_the_draft_is_refused(self):
        claim = self.create_claim("price_difference", [(self.row, 5.0)])
        self.bill.button_draft()
        with self.assertRaisesRegex(UserError, "no longer be claimed"):
            self.submit(claim)
        self.assertUntouched(claim)

    def test_amount_beyond_the_invoice_is_refused(self):
        self.assertIn("100", self.refused("price_difference", [(self.row, 100.01)]))
        self.refused("spend", amount_claimed=100.01, invoice_id=self.bill.id)
        self.submit(self.create_claim("price_difference", [(self.row, 60.0)]))
        self.assertIn("40", self.refused("spend", amount_claimed=40.01, invoice_id=self.bill.id))
        self.submit(self.create_claim("spend", amount_claimed=40.0, invoice_id=self.bill.id))

    def test_line_beyond_its_own_amount_is_refused(self):
        picking = self.buy({self.tea: 10, self.coffee: 10})
        row = self.invoice_of(picking).invoice_line_ids.filtered(lambda line: line.product_id == self.tea)
        self.refused("price_difference", [(row, 100.01)])

    def test_refused_claims_free_what_they_took(self):
        claim = self.submit(self.create_claim("spend", amount_claimed=100.0, invoice_id=self.bill.id))
        claim.with_user(self.officer).amount_approved = 30.0
        self.approve(claim)
        self.submit(self.create_claim("spend", amount_claimed=70.0, invoice_id=self.bill.id))
        claim.with_user(self.officer).action_cancel()
        self.submit(self.create_claim("spend", amount_claimed=30.0, invoice_id=self.bill.id))

    def test_credited_goods_are_not_claimed_again(self):
        reversal = self.bill._reverse_moves([{"invoice_date": self.today}])
        reversal.action_post()
        self.refused("spend", amount_claimed=0.01, invoice_id=self.bill.id)

    def test_source_is_claimed_once_for_one_type(self):
        first = self.create_claim("price_difference", [(self.row, 5.0)])
        self.assertIn(first.name, self.refused("price_difference", [(self.row, 5.0)]))
        self.refused("price_difference", [(self.row, 1.0), (self.row, 2.0)])
        self.create_claim("spend", [(self.row, 5.0)])
        with self.assertRaises(UserError), self.cr.savepoint():
            first.with_user(self.desk).copy()

    def test_reference_is_claimed_once(self):
        first = self.submit(self.create_claim("spend", amount_claimed=5.0, reference="DN-1"))
        self.assertIn(first.name, self.refused("spend", amount_claimed=6.0, reference=" dn-1 "))
        self.submit(self.create_claim("spend", amount_claimed=6.0, reference="DN_1"))
        self.submit(self.create_claim("spend", amount_claimed=6.0, reference="DN-1", distributor=self.beta))

    def test_window_is_inclusive(self):
        kind = self.types["price_difference"]
        kind.window_days = 10
        for days, passes in ((10, True), (11, False)):
            picking = self.buy()
            bill = self.invoice_of(picking)
            bill.button_draft()
            bill.invoice_date = self.today - timedelta(days=days)
            bill.action_post()
            with self.subTest(days=days):
                if passes:
                    self.submit(self.create_claim("price_difference", [(bill.invoice_line_ids, 5.0)]))
                else:
                    self.assertIn("until", self.refused("price_difference", [(bill.invoice_line_ids, 5.0)]))

    def test_evidence_is_asked_for_before_submission(self):
        photo, report = self.env.ref("dms_returns.evidence_photo"), self.env.ref("dms_returns.evidence_carrier")
        self.types["spend"].evidence_type_ids = [Command.set((photo | report).ids)]
        claim = self.create_claim("spend", amount_claimed=5.0)
        claim._attach_evidence("a.pdf", PDF + b"a", photo)
        with self.assertRaisesRegex(UserError, report.name) as caught:
            self.submit(claim)
        self.assertNotIn(photo.name, str(caught.exception))
        claim._attach_evidence("b.pdf", PDF + b"b", report)
        self.submit(claim)

    def test_receipt_has_to_be_told_first(self):
        order = self.create_order(self.alpha, {self.tea: 10}, user_id=False)
        order.action_confirm()
        self.deliver(order)
        self.assertIn("arrived", self.refused("shortage", [(order.picking_ids.move_line_ids, 10.0)]))

    # ------------------------------------------------------------ portal

    def portal(self, user=None, distributor=None, **values):
        claims = self.env["dms.claim"].with_user(user or self.alpha_user)
        return claims._portal_create(distributor or self.alpha, {"claim_type_id": str(self.types["spend"].id), **values})

    def test_portal_claims_by_texts(self):
        claim = self.portal(amount="12.50", reference="X\0", note="For the shelf", state="approved", distributor_id=self.beta.id)
        self.assertEqual((claim.amount_claimed, claim.reference, claim.state, claim.distributor_id), (12.5, "X", "draft", self.alpha))
        lines = [{"id": str(self.row.id), "quantity": "2", "amount": "3"}]
        claim = self.portal(claim_type_id=self.types["price_difference"].id, invoice_id=str(self.bill.id), lines=lines)
        self.assertEqual((claim.line_ids.source_id, claim.line_ids.quantity, claim.amount_claimed), (self.row.id, 2.0, 3.0))
        claim.action_submit()
        self.assertEqual((claim.state, claim.sudo().submitted_by_id), ("submitted", self.alpha_user))

    def test_portal_leaves_the_amount_to_the_calculation(self):
        picking = self.buy(missing={self.tea: 3})
        self.claims_of(picking).with_user(self.alpha_user).action_cancel()
        line = {"id": picking.move_line_ids.id, "quantity": "2"}
        claim = self.portal(claim_type_id=self.types["shortage"].id, picking_id=picking.id, lines=[line])
        self.assertEqual((claim.amount_claimed, claim.amount_calculated), (20.0, 20.0))

    def test_portal_refuses_what_is_not_its_own(self):
        other = self.invoice_of(self.foreign)
        for values in (
            {"user": self.beta_user},
            {"distributor": self.beta},
            {"claim_type_id": "0"},
            {"claim_type_id": self.types["spend"].id + 10**6},
            {"amount": "nan"},
            {"amount": "-3"},
            {"amount": "1.500"},
            {"amount": "1e5000"},
            {"amount": "5", "invoice_id": str(other.id)},
            {"amount": "5", "picking_id": str(self.foreign.id)},
            {"invoice_id": str(self.bill.id), "lines": [{"id": str(other.invoice_line_ids.id), "amount": "1"}]},
            {"invoice_id": str(self.bill.id), "lines": [{"amount": "1"}]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                self.portal(**values)

    def test_closed_account_claims_nothing(self):
        self.alpha.distributor_state = "suspended"
        with self.assertRaises(UserError):
            self.portal(amount="5")
