from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPaymentAdvice(PaymentCommon):
    """What a notice may say, and how it ends."""

    # ------------------------------------------------------------ coming in

    def test_notice_of_the_portal_waits_with_what_was_said(self):
        invoice = self.create_invoice(100)
        advice = self.submit(
            amount="1 250,50", reference="  INV  7 ", note="both invoices\0", invoice_ids=[str(invoice.id)], state="matched", name="X"
        )
        self.assertEqual((advice.state, advice.distributor_id, advice.amount), ("submitted", self.alpha, 1250.5))
        self.assertEqual((advice.reference, advice.note, advice.invoice_ids), ("INV 7", "both invoices", invoice))
        self.assertEqual((advice.is_from_portal, advice.create_uid, advice.currency_id), (True, self.alpha_user, self.currency))
        self.assertTrue(advice.name.startswith("PA"))
        self.assertFalse(advice.message_partner_ids, "nobody follows by sending")
        self.assertEqual(advice.account_id.partner_id, self.alpha)

    def test_staff_enters_a_notice_and_corrects_its_own_while_it_waits(self):
        with Form(self.advices.with_user(self.accountant)) as form:
            form.distributor_id = self.alpha
            form.amount = 50
            form.reference = "Phone"
        advice = form.record
        self.assertEqual((advice.state, advice.is_from_portal, advice.can_edit), ("submitted", False, True))
        advice.amount = 60
        advice.reference = " Phone   2 "
        self.assertEqual(advice.reference, "Phone 2")
        with self.assertRaises(UserError):
            advice.with_user(self.accountant2).amount = 70
        with self.assertRaises(UserError):
            self.submit().with_user(self.accountant).amount = 70
        advice.action_cancel()
        with self.assertRaises(UserError):
            advice.amount = 80

    def test_unusable_amounts_are_refused_in_words(self):
        for amount in (
            None, "", "abc", "0", 0, -5, "-5", "(5)", "nan", "NaN", "inf", "-Infinity", "1e40", "1,500", "1.500", True, [], {}, "٣",
            float("nan"), float("inf"), 1e40, 10**400, "9" * 500, 1e13 + 1, 0.001, "1.2.3",
        ):  # fmt: skip
            with self.assertRaises(UserError, msg=repr(amount)[:50]), self.env.cr.savepoint():
                self.submit(amount=amount)
        for amount in (float("nan"), float("inf"), 1e40, -1, 0, "12", None):
            with self.assertRaises(UserError, msg=amount), self.env.cr.savepoint():
                self.advices.with_user(self.accountant).create({"distributor_id": self.alpha.id, "reference": "x", "amount": amount})
        self.assertFalse(self.advices.search([("distributor_id", "=", self.alpha.id)]))

    def test_other_unusable_values_are_refused_in_words(self):
        days = [self.today + timedelta(days=2), self.today - timedelta(days=731), "yesterday", "2026-02-31", [1], {"x": 1}, 5, "1" * 300]
        for values in (
            *({"date": str(day) if isinstance(day, type(self.today)) else day} for day in days),
            *({"reference": text} for text in (None, "", "  ", "--/--", 5, [], {}, "\0", "x" * 101)),
            *({"currency_id": currency} for currency in (-1, 2**40, "EUR", "1 OR 1=1", [1], True, 10**30)),
            *({"invoice_ids": ids} for ids in (["x"], [0], [-1], [2**31], [[1]], [None], "9", list(range(1, 500)), {"a": 1}, [1.5])),
        ):
            with self.assertRaises(UserError, msg=str(values)[:60]), self.env.cr.savepoint():
                self.submit(**values)
        self.assertFalse(self.submit(reference="ok", note=["x"]).note)

    def test_dates_at_the_edges_are_taken(self):
        for number, day in enumerate((self.today + timedelta(days=1), self.today - timedelta(days=700))):
            self.assertEqual(self.submit(date=str(day), reference=f"D{number}").date, day)
        self.assertEqual(self.submit(date="", reference="D3").date, self.today)

    def test_foreign_and_paid_and_unknown_invoices_look_the_same(self):
        foreign, paid = self.create_invoice(10, self.beta), self.create_invoice(20)
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=paid.ids).create(
            {}
        ).action_create_payments()
        draft = self.create_invoice(30)
        draft.button_draft()
        sentences = set()
        for wrong in (foreign, paid, draft, self.env["account.move"].browse(2**31 - 5)):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                self.submit(invoice_ids=[wrong.id])
            sentences.add(str(caught.exception))
        self.assertEqual(len(sentences), 1, sentences)
        for wrong in (foreign, paid):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.advices.with_user(self.accountant).create(
                    {"distributor_id": self.alpha.id, "amount": 5, "reference": "x", "invoice_ids": [Command.link(wrong.id)]}
                )

    def test_only_the_own_open_distributor_may_send(self):
        with self.assertRaises(AccessError):
            self.submit(self.alpha_user, self.beta)
        with self.assertRaises(AccessError):
            self.advices.with_user(self.alpha_user)._submit(self.env["res.partner"], {"amount": 5, "reference": "x"})
        self.alpha.distributor_state = "suspended"
        with self.assertRaises(AccessError):
            self.submit()
        with self.assertRaises(ValidationError):
            self.advices.create({"distributor_id": self.customer.id, "amount": 5, "reference": "x"})

    def test_branch_of_a_parent_is_read_but_not_withdrawn(self):
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        theirs = self.submit(self.beta_user)
        self.assertEqual(theirs.with_user(self.alpha_user).name, theirs.name)
        with self.assertRaises(AccessError):
            theirs.with_user(self.alpha_user)._portal_cancel()
        with self.assertRaises(AccessError):
            self.submit(self.alpha_user, self.beta, reference="other")

    # ------------------------------------------------------------ currencies

    def test_foreign_currency_counts_at_the_rate_of_its_day(self):
        advice = self.submit(currency_id=str(self.foreign.id), amount=500)
        self.assertEqual((advice.currency_id, advice.amount, advice.amount_company), (self.foreign, 500, 250))
        self.submit(reference="own", amount=30)
        self.submit(self.beta_user, amount=7)
        self.submit(reference="gone", amount=1000)._end("cancelled")
        accounts = self.env["dms.credit.account"].search(
            [("partner_id", "in", (self.alpha | self.beta).ids), ("company_id", "=", self.company.id)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        accounts.mapped("partner_id"), accounts.mapped("company_id")
        with self.assertQueryCount(1):
            advised = accounts._get_advised()
        by_partner = {account.partner_id: advised[account.id] for account in accounts}
        self.assertEqual(by_partner, {self.alpha: 280, self.beta: 7})
        self.assertEqual(accounts.filtered(lambda account: account.partner_id == self.alpha).with_user(self.controller).advised_amount, 280)

    def test_currency_without_a_rate_is_refused(self):
        unrated = self.env["res.currency"].create({"name": "TXX", "symbol": "X"})
        with self.assertRaises(UserError):
            self.submit(currency_id=unrated.id)
        with self.assertRaisesRegex(ValidationError, "TXX"):
            self.advices.create({"distributor_id": self.alpha.id, "amount": 5, "reference": "x", "currency_id": unrated.id})
        self.foreign.active = False
        with self.assertRaises(UserError):
            self.submit(currency_id=self.foreign.id)

    # ------------------------------------------------------------ told twice

    def test_same_reference_is_refused_by_a_sentence_that_names_the_first(self):
        first = self.submit(reference="INV/2026-001")
        for text in ("inv 2026 001", "INV2026001", "ＩＮＶ－2026－001", "inv/2026/001 "):
            with self.assertRaisesRegex(UserError, first.name), self.env.cr.savepoint():
                self.submit(reference=text, amount=7)
        self.assertTrue(self.submit(self.beta_user, reference="INV/2026-001"), "another distributor may use it")
        with self.assertRaisesRegex(UserError, first.name), self.env.cr.savepoint():
            self.advices.with_user(self.accountant).create({"distributor_id": self.alpha.id, "amount": 5, "reference": "inv 2026 001"})
        other = self.submit(reference="INV/2026-002")
        with self.assertRaisesRegex(UserError, first.name), self.env.cr.savepoint():
            other.reference = "INV 2026001"
        with self.assertRaisesRegex(UserError, first.name), self.env.cr.savepoint():
            first.copy()
        first.with_user(self.accountant).action_reject("no")
        self.assertTrue(self.submit(reference="inv 2026 001"), "an ended one is told again")

    @mute_logger("odoo.sql_db")
    def test_index_refuses_what_two_requests_at_once_would_add(self):
        self.submit(reference="INV 1")
        self.patch(type(self.advices), "_refuse_repeated", lambda self, *args: None)
        with self.assertRaisesRegex(UserError, "announced already"):
            self.submit(reference="inv1")
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.advices.create({"distributor_id": self.alpha.id, "amount": 5, "reference": "inv1"})
        message = self.advices._one_live_per_reference.get_error_message(self.advices)
        self.assertIn("announced already", str(message))

    def test_same_amount_and_day_is_flagged_and_taken(self):
        first = self.submit(reference="A")
        second, third = self.submit(reference="B"), self.submit(reference="C")
        self.assertFalse(first.duplicate_of_id)
        self.assertEqual((second | third).duplicate_of_id, first)
        for values in ({"amount": 99}, {"date": str(self.today - timedelta(days=1))}, {"currency_id": self.foreign.id}):
            self.assertFalse(self.submit(reference=str(values), **values).duplicate_of_id)
        self.assertFalse(self.submit(self.beta_user, reference="D").duplicate_of_id)
        first.with_user(self.accountant).action_reject("no")
        self.assertEqual((second.duplicate_of_id, third.duplicate_of_id), (self.advices, second))

    # ------------------------------------------------------------ its end

    def test_rejection_is_read_by_the_distributor(self):
        advice = self.submit()
        action = advice.with_user(self.accountant).action_reject()
        wizard = (
            self.env["dms.payment.rejection"].with_user(self.accountant).with_context(**action["context"]).create({"reason": " Unknown "})
        )
        wizard.action_reject()
        self.assertEqual((advice.state, advice.rejection_reason), ("rejected", "Unknown"))
        seen = advice.with_user(self.alpha_user).read(["state", "rejection_reason"])[0]
        self.assertEqual(seen["rejection_reason"], "Unknown")
        self.assertIn("Unknown", self.notes(advice, "mail.mt_comment"))
        self.assertEqual(advice.message_ids.partner_ids, self.alpha_user.partner_id)
        self.assertTrue(advice.with_user(self.accountant2).action_reject("again"))
        self.assertEqual(advice.rejection_reason, "Unknown")

    def test_rejection_needs_a_reason(self):
        advice = self.submit().with_user(self.accountant)
        for reason in ("", "  ", 5, [], {}, False, True):
            with self.assertRaises(UserError, msg=reason):
                advice.action_reject(reason)
        self.assertEqual(advice.state, "submitted")

    def test_ended_notices_stay_ended(self):
        rejected, cancelled = self.submit(reference="A"), self.submit(reference="B")
        rejected.with_user(self.accountant).action_reject("no")
        cancelled.with_user(self.alpha_user)._portal_cancel()
        cancelled.with_user(self.alpha_user)._portal_cancel()
        self.assertEqual(cancelled.state, "cancelled")
        payment = self.create_payment()
        for call in (
            lambda: rejected.with_user(self.accountant).action_cancel(),
            lambda: cancelled.with_user(self.accountant).action_reject("no"),
            lambda: rejected.with_user(self.accountant).action_match(payment.id),
            lambda: cancelled.with_user(self.accountant).action_match(),
            lambda: rejected.with_user(self.alpha_user)._portal_cancel(),
        ):
            with self.assertRaises(UserError):
                call()

    def test_distributor_withdraws_while_it_waits(self):
        advice = self.submit()
        advice.with_user(self.alpha_user2)._portal_cancel()
        self.assertEqual(advice.state, "cancelled")
        self.assertIn("Withdrawn", self.notes(advice, "mail.mt_note"))
        matched = self.submit(reference="B")
        matched.with_user(self.accountant).action_match(self.create_payment().id)
        with self.assertRaises(UserError):
            matched.with_user(self.alpha_user)._portal_cancel()

    def test_trackings_are_internal(self):
        advice = self.submit()
        self.env.cr.flush()
        advice.with_user(self.accountant).with_context(tracking_disable=False).action_match(self.create_payment().id)
        self.env.cr.flush()
        public = advice.message_ids.filtered(lambda message: not message.is_internal and not message.subtype_id.internal)
        self.assertFalse(public.tracking_value_ids)
        self.assertTrue(advice.message_ids.tracking_value_ids)

    # ------------------------------------------------------------ proof

    def test_proof_is_kept_on_the_notice_and_drawn_anew(self):
        advice = self.submit().with_user(self.alpha_user)
        secret = self.picture("JPEG", comment=b"SECRETMARK") + b"SECRETTAIL<script>"
        proof = advice._attach_proof("../../etc/slip.JPG", secret)
        self.assertEqual((proof.name, proof.mimetype, proof.res_model, proof.res_id), ("slip.JPG", "image/jpeg", advice._name, advice.id))
        self.assertFalse(proof.public)
        self.assertNotIn(b"SECRET", proof.raw)
        self.assertTrue(proof.raw.startswith(b"\xff\xd8\xff"))
        self.assertEqual(advice.sudo().message_main_attachment_id, proof)
        self.assertEqual(advice._attach_proof("again.jpeg", secret), proof)
        pdf = advice._attach_proof("slip.pdf", b"%PDF-1.4 x")
        self.assertEqual(advice._get_proofs(), proof | pdf)
        png = advice._attach_proof("big.png", self.picture(size=(3000, 10)))
        self.assertTrue(png.raw.startswith(b"\x89PNG"))

    def test_other_files_are_refused_in_words(self):
        advice = self.submit()
        for name, content in (
            ("a.pdf", b""), ("a.pdf", b"<html>"), ("a.svg", b"<svg/>"), ("a.html", b"%PDF-"), ("a.pdf", self.picture()), ("a", b"%PDF-"),
            ("a.png", self.picture("JPEG")), ("a.jpg", self.picture()), ("a.png", self.picture()[:40]), ("a.gif", b"GIF89a"),
            ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 50), ("a.jpg", b"\xff\xd8\xff" + b"x" * 50), (None, b"%PDF-"), (5, b"%PDF-"),
            ("a.pdf", "%PDF-"), ("a.pdf", b"%PDF-" + b"x" * (5 * 1024 * 1024)), ("a.png", self.picture(size=(9000, 9000))),
        ):  # fmt: skip
            with self.assertRaises(UserError, msg=(name, content[:20])):
                advice._attach_proof(name, content)
        self.assertFalse(advice.proof_ids)

    def test_files_end_with_the_notice_and_with_their_number(self):
        advice = self.submit()
        for number in range(5):
            advice._attach_proof(f"{number}.pdf", b"%%PDF-%d" % number)
        with self.assertRaises(UserError):
            advice._attach_proof("6.pdf", b"%PDF-6")
        ended = self.submit(reference="B")
        ended._portal_cancel()
        with self.assertRaises(UserError):
            ended._attach_proof("6.pdf", b"%PDF-6")
