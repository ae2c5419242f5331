from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPaymentMatch(PaymentCommon):
    """The payment a notice announces."""

    def open_match(self, advice, user=None):
        action = advice.with_user(user or self.accountant).action_match()
        return self.env[action["res_model"]].with_user(user or self.accountant).browse(action["res_id"])

    # ------------------------------------------------------------ two clicks

    def test_best_payment_is_chosen_and_matched_by_the_second_click(self):
        advice = self.submit(amount=100, reference="INV 7")
        week = self.today - timedelta(days=7)
        other_amount = self.create_payment(99, memo="INV 7")
        by_date = self.create_payment(100, date=self.today - timedelta(days=1))
        by_reference = self.create_payment(100, date=week, memo="transfer inv/7")
        far = self.create_payment(100, date=self.today - timedelta(days=300))
        wizard = self.open_match(advice)
        self.assertEqual(wizard.payment_id, by_reference)
        self.assertEqual(list(wizard.line_ids.payment_id), [by_reference, by_date, far, other_amount])
        self.assertEqual(wizard.line_ids.mapped("difference"), [0, 0, 0, -1])
        wizard.action_match()
        self.assertEqual((advice.state, advice.payment_id, advice.matched_by_id), ("matched", by_reference, self.accountant))
        self.assertTrue(advice.matched_on)
        self.assertIn("received your payment", self.notes(advice, "mail.mt_comment"))

    def test_another_row_of_the_list_is_matched_by_its_button(self):
        advice = self.submit()
        self.create_payment()
        other = self.create_payment(98)
        wizard = self.open_match(advice)
        wizard.line_ids.filtered(lambda line: line.payment_id == other).action_match()
        self.assertEqual(advice.payment_id, other)

    def test_only_fitting_payments_are_proposed(self):
        advice = self.submit()
        company, bank = self.create_other_company()
        taken = self.create_payment()
        self.submit(reference="B", amount=55).with_user(self.accountant2).action_match(taken.id)
        draft = self.create_payment()
        draft.action_draft()
        contact = self.create_payment(partner=self.alpha_user.partner_id)
        unfit = (
            taken
            | draft
            | self.create_payment(partner=self.beta)
            | self.create_payment(partner=self.customer)
            | self.create_payment(payment_type="outbound")
            | self.create_payment(currency_id=self.foreign.id)
            | self.create_payment(journal_id=bank.id, company_id=company.id)
        )
        self.assertEqual(self.open_match(advice).line_ids.payment_id, contact)
        unfit |= self.env["account.payment"].browse(2**31 - 7)
        sentences = set()
        for payment in unfit:
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                advice.with_user(self.accountant).action_match(payment.id)
            sentences.add(str(caught.exception))
        self.assertEqual(len(sentences), 1, sentences)
        for wrong in ("x", -1, 0, [taken.id], {}, 2**40, 1.5, True):
            with self.assertRaises(UserError, msg=wrong):
                advice.with_user(self.accountant).action_match(wrong)
        self.assertEqual(advice.state, "submitted")

    def test_notice_in_foreign_currency_takes_a_payment_in_it(self):
        advice = self.submit(currency_id=self.foreign.id, amount=500)
        self.create_payment(500)
        payment = self.create_payment(500, currency_id=self.foreign.id)
        wizard = self.open_match(advice)
        self.assertEqual(wizard.line_ids.payment_id, payment)
        wizard.action_match()
        self.assertEqual(advice.payment_id, payment)

    def test_rest_of_a_matched_payment_pays_the_named_invoices(self):
        first, second = self.create_invoice(60), self.create_invoice(70)
        advice = self.submit(amount=100, invoice_ids=(first | second).ids)
        payment = self.create_payment(100)
        advice.with_user(self.accountant).action_match(payment.id)
        self.assertEqual((first | second).mapped("amount_residual"), [0, 30])
        self.assertEqual(payment.reconciled_invoice_ids, first | second)

    # ------------------------------------------------------------ register

    def test_missing_payment_is_registered_posted_matched_and_reconciled(self):
        first, second = self.create_invoice(60), self.create_invoice(70)
        advice = self.submit(amount=100, reference="INV 9", invoice_ids=(first | second).ids)
        wizard = self.open_match(advice)
        self.assertFalse(wizard.payment_id)
        self.assertEqual((wizard.journal_id, wizard.amount, wizard.date), (self.bank, 100, self.today))
        with Form(wizard) as form:
            form.amount = 95
        wizard.action_register()
        payment = advice.payment_id
        self.assertEqual((payment.amount, payment.memo, payment.partner_id, payment.journal_id), (95, "INV 9", self.alpha, self.bank))
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertEqual((payment.payment_type, payment.partner_type), ("inbound", "customer"))
        self.assertEqual((first | second).mapped("amount_residual"), [0, 35])
        self.assertEqual(advice.state, "matched")
        with self.assertRaisesRegex(UserError, advice.name):
            wizard.action_register()

    def test_registered_in_the_currency_of_the_notice(self):
        invoice = self.create_invoice(500, currency_id=self.foreign.id)
        advice = self.submit(currency_id=self.foreign.id, amount=500, invoice_ids=invoice.ids)
        self.open_match(advice).action_register()
        self.assertEqual((advice.payment_id.currency_id, advice.payment_id.amount), (self.foreign, 500))
        self.assertEqual(advice.payment_id.amount_company_currency_signed, 250)
        self.assertEqual(invoice.amount_residual, 0)

    def test_unusable_registrations_are_refused_in_words(self):
        advice = self.submit()
        _company, foreign_bank = self.create_other_company()
        sales = self.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1)
        for values in (
            {"amount": 0}, {"amount": -5}, {"amount": 1e14}, {"date": False}, {"date": self.today + timedelta(days=9)}, {"journal_id": False},
            {"journal_id": sales.id}, {"journal_id": foreign_bank.id},
        ):  # fmt: skip
            wizard = self.open_match(advice)
            wizard.sudo().write(values)
            with self.assertRaises(UserError, msg=values), self.env.cr.savepoint():
                wizard.action_register()
        with self.assertRaises(UserError):
            self.open_match(advice).action_match()
        self.assertEqual(advice.state, "submitted")
        self.assertFalse(self.env["account.payment"].search([("partner_id", "=", self.alpha.id)]))

    # ------------------------------------------------------------ two people

    def test_maker_is_not_checker(self):
        values = {"distributor_id": self.alpha.id, "amount": 100, "reference": "Phone"}
        advice = self.advices.with_user(self.accountant).create(values)
        payment = self.create_payment()
        for call in (
            lambda: advice.action_match(),
            lambda: advice.action_match(payment.id),
            lambda: advice.sudo().action_match(payment.id),
            lambda: advice.action_reject("no"),
            lambda: advice._register_payment(self.bank, 100.0, self.today),
        ):
            with self.assertRaisesRegex(UserError, "second person"):
                call()
        advice.with_user(self.accountant2).action_match(payment.id)
        self.assertEqual(advice.matched_by_id, self.accountant2)

    def test_second_of_two_accountants_reads_who_was_faster(self):
        advice, payment, other = self.submit(), self.create_payment(), self.create_payment()
        late = self.open_match(advice, self.accountant2)
        advice.with_user(self.accountant).action_match(payment.id)
        self.assertTrue(advice.with_user(self.accountant2).action_match(payment.id), "the same again does nothing")
        self.assertEqual(advice.matched_by_id, self.accountant)
        for call in (
            lambda: advice.with_user(self.accountant2).action_match(other.id),
            lambda: late.line_ids.filtered(lambda line: line.payment_id == other).action_match(),
            lambda: late.action_register(),
            lambda: advice.with_user(self.accountant2).action_reject("no"),
            lambda: advice.with_user(self.accountant2).action_cancel(),
        ):
            with self.assertRaisesRegex(UserError, self.accountant.name):
                call()

    def test_row_locked_by_another_ends_in_words(self):
        advice, payment = self.submit(), self.create_payment()
        nothing = type(self.env["base"]).browse
        for model in (self.advices, payment):
            with self.subTest(model._name):
                cls = type(model)
                patcher = patch.object(cls, "try_lock_for_update", lambda records, **kwargs: nothing(records))
                with patcher, self.assertRaisesRegex(UserError, "omeone else"):
                    advice.with_user(self.accountant).action_match(payment.id)
        self.assertEqual(advice.state, "submitted")

    @mute_logger("odoo.sql_db")
    def test_index_refuses_a_payment_for_two_notices(self):
        payment = self.create_payment()
        first, second = self.submit(reference="A"), self.submit(reference="B")
        first.with_user(self.accountant).action_match(payment.id)
        self.patch(type(self.advices), "_find_payment", lambda self, payment_id: payment)
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            second.with_user(self.accountant).action_match(payment.id)

    def test_several_at_once_are_not_matched(self):
        both = self.submit(reference="A") | self.submit(reference="B")
        for records in (both, self.advices):
            with self.assertRaises(UserError):
                records.with_user(self.accountant).action_match(5)

    # ------------------------------------------------------------ lost again

    def test_match_is_taken_back(self):
        advice, payment = self.submit(), self.create_payment()
        advice.with_user(self.accountant).action_match(payment.id)
        advice.with_user(self.accountant2).action_unmatch()
        self.assertEqual(
            (advice.state, advice.payment_id, advice.matched_by_id, advice.matched_on),
            ("submitted", payment.browse(), self.env["res.users"], False),
        )
        self.assertIn("taken back", self.notes(advice, "mail.mt_note"))
        self.assertIn(payment.state, ("in_process", "paid"))
        advice.with_user(self.accountant2).action_unmatch()
        advice.with_user(self.accountant).action_match(payment.id)

    def test_notice_waits_again_when_its_payment_is_lost(self):
        for number, lose in enumerate(("action_draft", "action_cancel", "action_reject", "unlink", "action_dms_bounce")):
            with self.subTest(lose):
                advice, payment = self.submit(reference=f"R{number}", amount=100 + number), self.create_payment(100 + number)
                name = payment.name
                advice.with_user(self.accountant).action_match(payment.id)
                getattr(payment.with_user(self.accountant), lose)()
                self.assertEqual((advice.state, advice.payment_id), ("submitted", payment.browse()))
                self.assertIn(name, self.notes(advice, "mail.mt_note"))
                self.assertNotIn(name, self.notes(advice, "mail.mt_comment"))

    def test_validation_of_the_payment_keeps_the_match(self):
        advice, payment = self.submit(), self.create_payment()
        advice.with_user(self.accountant).action_match(payment.id)
        payment.action_validate()
        payment.memo = "something else"
        self.assertEqual((advice.state, advice.payment_id), ("matched", payment))

    def test_merged_partners_keep_their_notices(self):
        twin = self.create_distributor("Alpha Twin", self.area_a)
        advice, clash = self.advices.create([{"distributor_id": twin.id, "amount": 5, "reference": text} for text in ("A", "B")])
        own = self.submit(reference="b", amount=5)
        twin.write({"is_distributor": False})
        self.env["base.partner.merge.automatic.wizard"]._merge((twin | self.alpha).ids, self.alpha)
        self.env.invalidate_all()
        self.assertEqual((advice | clash).distributor_id, self.alpha)
        self.assertEqual((advice.reference, clash.reference, own.reference), ("A", "B", f"b ({own.name})"))

    def test_proposals_are_for_who_opened_them(self):
        wizard = self.open_match(self.submit())
        self.assertFalse(wizard.with_user(self.accountant2).has_access("read"))
        self.assertEqual(wizard.line_ids.ids, wizard.with_user(self.accountant).line_ids.ids)
