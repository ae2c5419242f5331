"""What staff try beside the buttons: alone where two are needed, on proof that was decided by, in companies that are not theirs."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import PDF, ClaimsCommon


@tagged("post_install", "-at_install")
class TestAlone(ClaimsCommon):
    """Who made or paid a settlement does not take it back alone."""

    def test_settlement_is_taken_back_by_neither_maker_nor_settler(self):
        made, paid = (self.create_claim("spend", amount_claimed=5.0, user=user) for user in (self.claims_manager, self.desk))
        self.submit(made, self.claims_manager)
        self.approve(made)
        self.settle(made)
        self.approve(self.submit(paid))
        self.settle(paid, self.claims_manager)
        for claim in (made, paid):
            with self.assertRaisesRegex(UserError, "second person"):
                claim.with_user(self.claims_manager).action_reverse("no")
            self.assertEqual(claim.state, "settled")


@tagged("post_install", "-at_install")
class TestProofIsKept(ClaimsCommon):
    """Files of a return or claim are changed and removed until it is submitted, and after that by claims managers alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls.create_claim("spend", amount_claimed=5.0)
        cls.proof = cls.claim._attach_evidence("a.pdf", PDF)

    def attempts(self, user):
        proof = self.proof.with_user(user)
        draft = self.create_claim("spend", amount_claimed=7.0)
        return {
            "moved": lambda: proof.write({"res_id": draft.id}),
            "changed": lambda: proof.write({"raw": b"other"}),
            "unhooked": lambda: proof.write({"res_model": False, "res_id": 0}),
            "removed": proof.unlink,
            "removed by the chatter": proof.sudo().unlink,
        }

    def test_proof_of_what_was_submitted_stays(self):
        self.submit(self.claim)
        for user in (self.desk, self.manager, self.officer):
            for name, attempt in self.attempts(user).items():
                with self.subTest(name, user=user.login), self.assertRaisesRegex(UserError, "files stay"), self.cr.savepoint():
                    attempt()
        self.assertEqual((self.proof.res_id, self.proof.raw), (self.claim.id, PDF))

    def test_proof_of_a_draft_and_by_a_claims_manager_goes(self):
        self.proof.with_user(self.desk).write({"raw": b"other"})
        self.submit(self.claim)
        self.proof.with_user(self.claims_manager).unlink()
        self.assertFalse(self.claim.evidence_ids)

    def test_files_of_others_and_of_deleted_drafts_are_nobodys_matter(self):
        loose = self.env["ir.attachment"].with_user(self.desk).create({"name": "x", "raw": b"x"})
        loose.write({"raw": b"y"})
        loose.unlink()
        self.claim.with_user(self.officer).unlink()
        self.assertFalse(self.proof.exists())


@tagged("post_install", "-at_install")
class TestOtherCompany(ClaimsCommon):
    """Officers of another company neither read by little forms nor move records over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Elsewhere"})
        (cls.officer2 | cls.claims_manager).write({"company_ids": [Command.set(cls.other.ids)], "company_id": cls.other.id})
        cls.picking = cls.buy(distributor=cls.beta)
        cls.line = cls.picking.sale_id.order_line
        cls.reason = cls.env["dms.return.reason"].search([], limit=1)

    def assertNothingSaved(self, model, values, names):
        forms = self.env[model].with_user(self.officer2).with_context(allowed_company_ids=self.other.ids)
        with self.assertRaises(AccessError), self.cr.savepoint():
            form = forms.create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            form.read(names)

    def test_forms_tell_nothing_of_documents_that_are_not_read(self):
        bill = self.invoice_of(self.picking)
        deduction = self.env["dms.deduction"].create({"distributor_id": self.beta.id, "invoice_id": bill.id, "amount": 5.0})
        line = {"sale_line_id": self.line.id, "product_id": self.tea.id, "quantity": 1, "reason_id": self.reason.id}
        case = self.env["dms.return"].create({"distributor_id": self.beta.id, "line_ids": [Command.create(line)]})
        for name in ("amount", "distributor_id"):
            self.assertNothingSaved("dms.deduction.decide", {"deduction_id": deduction.id}, [name])
        for name in ("product_id", "received_qty", "product_uom_id"):
            self.assertNothingSaved("dms.return.split", {"line_id": case.line_ids.id, "quantity": 1}, [name])

    def test_records_are_not_moved_into_a_company_that_is_not_theirs(self):
        values = {"claim_type_id": self.types["price_protection"].id}
        away = self.env(context={"allowed_company_ids": self.other.ids})
        protection = away["dms.price.protection"].with_user(self.officer2).create(values)
        group = self.env.ref("dms_returns.group_claims_officer")
        tier = away["dms.claim.tier"].with_user(self.claims_manager).create({"amount": 1e9, "group_id": group.id})
        for record in (protection, tier):
            self.assertEqual(record.sudo().company_id, self.other)
            with self.assertRaises(AccessError), self.cr.savepoint():
                record.company_id = self.company
