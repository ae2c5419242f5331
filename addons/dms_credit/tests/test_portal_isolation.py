import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..readable_fields import READABLE_FIELDS
from .portal_common import PDF, CreditPortalCommon

#: pages without an id
PAGES = (
    "/my/dms",
    "/my/dms/credit",
    "/my/dms/credit/statement",
    "/my/dms/credit/statement?date_from={first}&date_to={last}",
    "/my/dms/credit/payments",
    "/my/dms/credit/payments?status=submitted",
    "/my/dms/credit/payments/new",
    "/my/dms/credit/payments/new?preset=overdue",
    "/my/dms/credit/limits",
)
FILES = (
    "/my/dms/credit/statement/xlsx?date_from={first}&date_to={last}",
    "/my/dms/credit/statement/pdf?date_from={first}&date_to={last}",
)
#: pages of one document; the names in braces are ids of the fixture
DOCUMENT_PAGES = ("/my/dms/credit/payments/{advice}", "/my/dms/credit/payments/{advice}/proof/{proof}")
#: forms without a document, and of one
OPEN_FORMS = ("/my/dms/credit/payments/new", "/my/dms/credit/limits")
DOCUMENT_FORMS = ("/my/dms/credit/payments/{advice}/cancel", "/my/dms/credit/payments/{advice}/proof")
#: what a distributor's session may read by itself, and fields that hold the marks
READABLE = {
    "dms.payment.advice": ["name", "reference", "note"],
    "dms.credit.extension": ["reason", "decision_note"],
    "account.move": ["name", "ref"],
}
#: models of this module that no distributor reads
CLOSED_MODELS = ("dms.credit.account", "dms.credit.change", "dms.credit.ageing", "dms.credit.release.rule", "dms.credit.delegation")
#: terms that staff keeps to itself
INTERNAL = ("staffreason", "limitreason", "security", "stopreason")


class IsolationCase(CreditPortalCommon):
    def fill(self, path, documents=None):
        ids = {name: record.id for name, record in (documents or self.mine).items()}
        return path.format(**ids, first=self.day(-60), last=self.today)

    def pages(self):
        return [self.fill(path) for path in (*PAGES, *FILES, *DOCUMENT_PAGES)]

    def assertNothingOf(self, mark, answer):
        self.assertNotIn(mark, answer.text, f"{answer.url} shows {mark}")

    def state(self, documents):
        self.env.invalidate_all()
        advice, requests = documents["advice"], documents["asked"] | documents["rejected"] | documents["staff_request"]
        return (advice.state, len(advice._get_proofs()), requests.mapped("state"), self.advices_of(documents["distributor"]).ids)


@tagged("post_install", "-at_install")
class TestCreditIsolation(IsolationCase):
    def test_every_page_shows_own_and_nothing_foreign(self):
        self.login(self.alpha_user)
        shown = ""
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 200, path)
            for text in ("BETAMARK", self.beta.name, self.theirs["advice"].name, self.theirs["overdue"].name):
                self.assertNothingOf(text, answer)
            shown += answer.text
        for text in ("transfer", "note", "asked", "rejected", "answer", "proof.pdf", "overdue"):
            self.assertIn(f"ALPHAMARK-{text}", shown, "the test would prove nothing")

    def test_what_staff_keeps_to_itself_is_on_no_page(self):
        self.account.action_stop("ALPHAMARK-stopreason")
        self.login(self.alpha_user)
        for path in self.pages():
            answer = self.get(path)
            for text in INTERNAL:
                self.assertNothingOf(f"ALPHAMARK-{text}", answer)

    def test_foreign_documents_look_like_unknown_ones(self):
        self.login(self.alpha_user)
        for path in DOCUMENT_PAGES:
            foreign = self.get(self.fill(path, self.theirs))
            unknown = self.get(path.format(**dict.fromkeys(self.theirs, 2**31 - 2)))
            beyond = self.get(path.format(**dict.fromkeys(self.theirs, 2**63)))
            self.assertEqual([answer.status_code for answer in (foreign, unknown, beyond)], [404, 404, 404], path)
            self.assertNothingOf("BETAMARK", foreign)

    def test_proof_needs_its_own_notice_in_the_address(self):
        self.login(self.alpha_user)
        staff_file = self.env["ir.attachment"].create(
            {"name": "staff.pdf", "raw": PDF, "res_model": "dms.payment.advice", "res_id": self.mine["advice"].id}
        )
        for file in (self.theirs["proof"], self.mine["file"], staff_file):
            self.assertEqual(self.get(f"/my/dms/credit/payments/{self.mine['advice'].id}/proof/{file.id}").status_code, 404)
        second = self.submit(self.alpha_user, reference="Second")
        self.assertEqual(self.get(f"/my/dms/credit/payments/{second.id}/proof/{self.mine['proof'].id}").status_code, 404)
        for path in ("/web/content/{id}", "/web/image/{id}", "/web/content/ir.attachment/{id}/raw"):
            with mute_logger("odoo.http"):
                answer = self.get(path.format(id=self.theirs["proof"].id))
            self.assertNotEqual(answer.content, self.theirs["proof"].raw, path)
            self.assertNothingOf("BETAMARK", answer)

    def test_forms_on_foreign_documents_change_nothing(self):
        self.login(self.alpha_user)
        before = self.state(self.theirs)
        for path in DOCUMENT_FORMS:
            for form in (self.fill(path, self.theirs), path.format(**dict.fromkeys(self.theirs, 2**31 - 2))):
                answer = self.post(form, {"token": self.token()}, files={"proof": ("a.pdf", PDF)})
                self.assertEqual(answer.status_code, 404, form)
                self.assertNothingOf("BETAMARK", answer)
        self.assertEqual(self.state(self.theirs), before)

    def test_forms_without_token_against_foreign_pages_are_refused(self):
        self.login(self.alpha_user)
        before = self.state(self.mine)
        data = {"token": self.token(), "amount": "5", "reference": "R", "date": self.today.isoformat(), "reason": "x"}
        for path in (*OPEN_FORMS, *DOCUMENT_FORMS):
            with mute_logger("odoo.http"):
                answer = self.url_open(self.fill(path), data=data, allow_redirects=False)
            self.assertEqual(answer.status_code, 400, path)
        self.assertEqual(self.state(self.mine), before)

    def test_get_changes_nothing(self):
        self.login(self.alpha_user)
        before, requests = self.state(self.mine), self.requests_of(self.account)
        query = f"?token={self.token()}&amount=5&reference=R&date={self.today}&reason=x&date_from={self.today}&date_to={self.today}"
        for path in DOCUMENT_FORMS:
            self.assertIn(self.get(self.fill(path)).status_code, (404, 405), path)
        for path in OPEN_FORMS:
            self.assertEqual(self.get(path + query).status_code, 200)
        self.assertEqual((self.state(self.mine), self.requests_of(self.account)), (before, requests))

    def test_token_of_a_form_is_worth_nothing_to_others(self):
        data = {"token": self.token(), "amount": "5", "reference": "R", "date": self.today.isoformat()}
        self.login(self.alpha_user)
        first = self.post("/my/dms/credit/payments/new", data).headers["Location"]
        self.login(self.beta_user)
        second = self.post("/my/dms/credit/payments/new", data).headers["Location"]
        self.assertNotEqual(first, second)
        self.assertEqual(self.get(first).status_code, 404)

    def test_nobody_is_sent_to_the_login(self):
        self.authenticate(None, None)
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 303, path)
            self.assertIn("/web/login", answer.headers["Location"])

    # ------------------------------------------------------------ who is not let in

    def assertClosed(self, text):
        before = self.state(self.mine)
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 403, path)
            self.assertIn(text, answer.text)
            self.assertNothingOf("ALPHAMARK", answer)
        data = {"token": self.token(), "amount": "5", "reference": "R", "date": self.today.isoformat(), "reason": "x"}
        for path in (*OPEN_FORMS, *DOCUMENT_FORMS):
            answer = self.post(self.fill(path), data, files={"proof": ("a.pdf", PDF)})
            self.assertEqual(answer.status_code, 403, path)
        self.assertEqual(self.state(self.mine), before)

    def test_staff_and_other_customers_find_no_portal(self):
        for login in (self.desk, self.controller):
            self.login(login)
            self.assertClosed("for our distributors")
        self.login(self.create_portal_user(self.customer, "t_customer"))
        self.assertClosed("for our distributors")

    def test_suspended_and_closed_distributors_read_nothing(self):
        self.alpha._set_distributor_state("suspended", "unpaid")
        self.login(self.alpha_user)
        self.assertClosed("on pause")
        self.alpha._set_distributor_state("closed", "over")
        self.assertClosed("is closed")

    # ------------------------------------------------------------ colleagues and branches

    def test_colleagues_share_the_credit_pages(self):
        self.login(self.alpha_user2)
        for path in self.pages():
            self.assertEqual(self.get(path).status_code, 200, path)
        self.assertIn("ALPHAMARK-transfer", self.get("/my/dms/credit/payments").text)

    def test_parent_sees_its_own_credit_only(self):
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        self.env.registry.clear_cache()
        self.login(self.alpha_user)
        self.assertEqual(self.get(f"/my/dms/orders/{self.theirs['draft'].id}").status_code, 200, "the test would prove nothing")
        for path in self.pages():
            if path != "/my/dms":
                self.assertNothingOf("BETAMARK", self.get(path))
        for path in DOCUMENT_PAGES:
            self.assertEqual(self.get(self.fill(path, self.theirs)).status_code, 404, path)
        before = self.state(self.theirs)
        for path in DOCUMENT_FORMS:
            self.assertEqual(self.post(self.fill(path, self.theirs), files={"proof": ("a.pdf", PDF)}).status_code, 404, path)
        self.assertEqual(self.state(self.theirs), before)

    def test_branch_s_invoice_is_not_named_in_a_notice(self):
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        self.env.registry.clear_cache()
        self.login(self.alpha_user)
        data = {"token": self.token(), "amount": "5", "reference": "R", "invoice_ids": self.theirs["overdue"].id}
        self.assertEqual(self.post("/my/dms/credit/payments/new", data).status_code, 422)


@tagged("post_install", "-at_install")
class TestCreditRpc(IsolationCase):
    """What a distributor's session may call by itself, without the pages."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def test_own_is_read_and_nothing_foreign(self):
        for model, fields in READABLE.items():
            answer = self.call_kw(model, "search_read", [], fields, limit=500)
            text = json.dumps(answer)
            self.assertIn("ALPHAMARK", text, f"{model}: nothing of the own was read either")
            for hidden in ("BETAMARK", self.theirs["advice"].name, *(f"ALPHAMARK-{name}" for name in INTERNAL)):
                self.assertNotIn(hidden, text, model)

    def test_what_is_decided_to_be_readable_can_be_read(self):
        for record in (self.mine["advice"], self.mine["asked"]):
            answer = self.call_kw(record._name, "read", record.ids, sorted(READABLE_FIELDS[record._name]))
            self.assertEqual(len(answer.get("result", ())), 1, answer)

    def test_foreign_rows_are_refused(self):
        for record in (self.theirs["advice"], self.theirs["asked"], self.mine["staff_request"]):
            self.assertRefused(record._name, "read", record.ids, ["create_date"])

    def test_accounts_and_what_hangs_on_them_are_closed(self):
        for model in CLOSED_MODELS:
            self.assertRefused(model, "search_read", [], ["id"])
        for name in ("action_set_limit", "action_stop", "action_lift_stop"):
            self.assertRefused("dms.credit.account", name, self.account.ids, "x", *(["x"] if name == "action_set_limit" else []))

    def test_requests_and_notices_are_not_written(self):
        for record in (self.mine["advice"], self.mine["asked"]):
            self.assertRefused(record._name, "write", record.ids, {"amount": 1.0})
            self.assertRefused(record._name, "unlink", record.ids)
            self.assertRefused(record._name, "create", [{"amount": 1.0}])
        self.assertRefused("dms.credit.extension", "action_approve", self.mine["asked"].ids)
        self.assertRefused("dms.credit.extension", "action_reject", self.mine["asked"].ids, "no")

    def test_terms_are_no_fields_of_what_can_be_read(self):
        for model, ids, name, value in (
            ("res.partner", self.alpha.ids, "credit_account_ids", self.account.id),
            ("res.partner", self.alpha.ids, "credit_limit", 5000.0),
            ("res.company", self.company.ids, "credit_overdue_tolerance", 0.0),
            ("sale.order", self.mine["done"].ids, "dms_open_value", 0.0),
            ("dms.credit.extension", self.mine["asked"].ids, "account_id", self.account.id),
            ("dms.credit.extension", self.mine["asked"].ids, "is_from_portal", True),
            ("dms.payment.advice", self.mine["advice"].ids, "payment_id", 1),
        ):
            self.assertRefused(model, "read", ids, [name])
            self.assertRefused(model, "search", [(name, "=", value)])
        self.assertRefused("dms.order.hold", "read", self.mine["held"].dms_hold_ids.ids, ["credit_available_amount"])
        self.assertRefused("dms.credit.extension", "search", [("account_id.stop_reason", "ilike", "a")])
        self.assertRefused("dms.payment.advice", "search", [("distributor_id.credit_account_ids.stop_reason", "ilike", "a")])

    def test_report_of_the_statement_is_no_back_door(self):
        for account in (self.account, self.other_account):
            for path in (f"/report/html/dms_credit.report_statement/{account.id}", f"/report/pdf/dms_credit.report_statement/{account.id}"):
                with mute_logger("odoo.http", "odoo.addons.base.models.ir_actions_report", "odoo.addons.web.controllers.report"):
                    answer = self.get(path)
                self.assertNotEqual(answer.status_code, 200, path)
                self.assertNothingOf("MARK-overdue", answer)
