from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_portal.tests.common import RpcIsolationMixin

from ..readable_fields import READABLE_FIELDS
from .case_portal_common import CasePortalCommon

PAGES = (
    "/my/dms",
    "/my/dms/returns",
    "/my/dms/returns?status=open",
    "/my/dms/claims",
    "/my/dms/claims?status=yours",
    "/my/dms/returns/new",
    "/my/dms/claims/new",
    "/my/dms/settlements",
    "/my/dms/deliveries",
    "/my/dms/invoices",
)
#: pages of one document; the names in braces are ids of the fixture
DOCUMENT_PAGES = (
    "/my/dms/returns/{return}",
    "/my/dms/claims/{claim}",
    "/my/dms/returns/new?delivery={picking}",
    "/my/dms/returns/new?invoice={invoice}",
    "/my/dms/returns/new?order={done}",
    "/my/dms/claims/new?invoice={invoice}",
)
FILES = ("/my/dms/returns/{return}/files/{return_file}", "/my/dms/claims/{claim}/files/{claim_file}")
FORMS = (
    "/my/dms/returns/{return}/submit",
    "/my/dms/returns/{return}/cancel",
    "/my/dms/returns/{return}/message",
    "/my/dms/returns/{return}/files",
    "/my/dms/claims/{claim}/submit",
    "/my/dms/claims/{claim}/cancel",
    "/my/dms/claims/{claim}/message",
    "/my/dms/claims/{claim}/files",
)
#: models of which a distributor's session reads its own rows, and fields that hold the marks
READABLE = {
    "dms.return": ["note"],
    "dms.return.line": ["quantity"],
    "dms.claim": ["reference"],
    "dms.claim.line": ["name"],
}


class IsolationCase(CasePortalCommon):
    def fill(self, path, documents=None):
        return path.format(**{name: record.id for name, record in (documents or self.mine).items()})

    def assertNothingOf(self, mark, answer):
        self.assertNotIn(mark, answer.text, f"{answer.url} shows {mark}")


@tagged("post_install", "-at_install")
class TestCaseIsolation(IsolationCase):
    def test_every_page_shows_own_and_nothing_foreign(self):
        self.login(self.alpha_user)
        shown = ""
        for path in (*PAGES, *map(self.fill, DOCUMENT_PAGES)):
            answer = self.get(path)
            self.assertEqual(answer.status_code, 200, path)
            for text in ("BETAMARK", self.beta.name, self.theirs["return"].name, self.theirs["claim"].name, self.theirs["picking"].name):
                self.assertNothingOf(text, answer)
            shown += answer.text
        for text in ("ALPHAMARK-note", "ALPHAMARK-debit", "ALPHAMARK-public", "ALPHAMARK-photo.png", self.mine["return"].name):
            self.assertIn(text, shown, "the test would prove nothing")
        for text in ("ALPHAMARK-internal", "ALPHAMARK-secret"):
            self.assertNotIn(text, shown)

    def test_foreign_documents_look_like_unknown_ones(self):
        self.login(self.alpha_user)
        for path in (*DOCUMENT_PAGES, *FILES):
            foreign = self.get(self.fill(path, self.theirs))
            unknown = self.get(path.format(**dict.fromkeys(self.theirs, 2**31 - 2)))
            self.assertEqual([foreign.status_code, unknown.status_code], [404, 404], path)
            self.assertNothingOf("BETAMARK", foreign)
        for path in DOCUMENT_PAGES[:2]:
            self.assertEqual(self.get(path.format(**dict.fromkeys(self.theirs, 2**63))).status_code, 404, path)

    def test_files_belong_to_the_document_of_their_address(self):
        self.login(self.alpha_user)
        for path in FILES:
            self.assertEqual(self.get(self.fill(path)).status_code, 200, path)
        mixed = {**self.mine, "return_file": self.theirs["return_file"], "claim_file": self.theirs["claim_file"]}
        swapped = {**self.mine, "return_file": self.mine["claim_file"], "claim_file": self.mine["return_file"]}
        secret = self.env["ir.attachment"].search([("name", "=", "ALPHAMARK-secret.txt")])
        internal = {**self.mine, "return_file": secret[:1], "claim_file": secret[1:]}
        for documents in (mixed, swapped, internal):
            for path in FILES:
                self.assertEqual(self.get(self.fill(path, documents)).status_code, 404, path)

    def test_forms_on_foreign_documents_change_nothing(self):
        self.login(self.alpha_user)
        before = self.case_state(self.theirs)
        for path in FORMS:
            form = self.fill(path, self.theirs)
            answer = self.post(form, {"token": self.token(form), "body": "x"}, files={"file": ("x.png", self.draw("x"))})
            self.assertEqual(answer.status_code, 404, path)
            with mute_logger("odoo.http"):
                answer = self.url_open(self.fill(path), data={"token": self.token(path), "body": "x"}, allow_redirects=False)
            self.assertEqual(answer.status_code, 400, "no token against foreign pages")
        for path in ("/my/dms/returns/new?delivery={picking}", f"/my/dms/claims/new?type_id={self.difference.id}&invoice={{invoice}}"):
            self.assertEqual(self.post(self.fill(path, self.theirs), {"token": self.token(path)}).status_code, 404, path)
        self.assertEqual(self.case_state(self.theirs), before)

    def test_lines_of_others_in_a_form_are_ignored(self):
        self.login(self.alpha_user)
        before = self.returns_of(self.alpha)
        form = self.fill("/my/dms/returns/new?delivery={picking}")
        answer = self.post(form, {"token": self.token(), "reason_id": self.plain.id, self.key(self.theirs["line"]): "1"})
        self.assertEqual(answer.status_code, 422)
        self.assertNothingOf("BETAMARK", answer)
        self.assertEqual(self.returns_of(self.alpha), before)

    def test_get_changes_nothing(self):
        self.login(self.alpha_user)
        before = self.case_state(self.mine)
        for path in FORMS:
            self.assertIn(self.get(f"{self.fill(path)}?token={self.token()}&body=x").status_code, (404, 405), path)
            answer = self.opener.options(f"{self.base_url()}{self.fill(path)}?token={self.token()}&body=x", allow_redirects=False)
            self.assertEqual(answer.status_code, 405, path)
        self.assertEqual(self.case_state(self.mine), before)

    def test_who_is_not_let_in(self):
        before = self.case_state(self.mine)

        def assert_closed(text):
            for path in (*PAGES, *map(self.fill, DOCUMENT_PAGES[:4])):
                answer = self.get(path)
                self.assertEqual(answer.status_code, 403, path)
                self.assertIn(text, answer.text)
                self.assertNothingOf("ALPHAMARK", answer)
            for path in FORMS:
                self.assertEqual(self.post(self.fill(path), {"token": self.token(), "body": "x"}).status_code, 403, path)

        for user in (self.desk, self.create_portal_user(self.customer, "t_customer")):
            self.login(user)
            assert_closed("for our distributors")
        self.login(self.alpha_user)
        self.alpha._set_distributor_state("suspended", "unpaid")
        assert_closed("on pause")
        self.assertEqual(self.case_state(self.mine), before)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get("/my/dms/returns").headers["Location"])

    def test_colleagues_share_and_parents_do_not_act_for_branches(self):
        self.login(self.alpha_user2)
        for path in DOCUMENT_PAGES:
            self.assertEqual(self.get(self.fill(path)).status_code, 200, path)
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        self.env.registry.clear_cache()
        self.assertNothingOf("BETAMARK", self.get("/my/dms/returns"))
        before = self.case_state(self.theirs)
        for path in (*DOCUMENT_PAGES, *FILES):
            self.assertEqual(self.get(self.fill(path, self.theirs)).status_code, 404, path)
        for path in FORMS:
            self.assertEqual(self.post(self.fill(path, self.theirs), {"token": self.token(), "body": "x"}).status_code, 404, path)
        self.assertEqual(self.case_state(self.theirs), before)


@tagged("post_install", "-at_install")
class TestCaseRpc(RpcIsolationMixin, IsolationCase):
    """What a distributor's session may call by itself, without the pages."""

    readable, readable_fields = READABLE, READABLE_FIELDS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for documents, mark in ((cls.mine, "ALPHAMARK"), (cls.theirs, "BETAMARK")):
            documents["claim"].sudo().line_ids = [(0, 0, {"name": f"{mark}-line", "amount_claimed": 12.0})]

    def test_nothing_is_written(self):
        for model in READABLE:
            own, _foreign = self.own_and_foreign(model)
            self.assertRefused(model, "write", own.ids, {"sequence": 3} if "line" in model else {"note": "x"})
            self.assertRefused(model, "unlink", own.ids)
            self.assertRefused(model, "create", [{"distributor_id": self.alpha.id}])
        for model in ("dms.return", "dms.claim"):
            own, foreign = self.own_and_foreign(model)
            for method, *args in (
                ("action_approve",),
                ("action_settle",),
                ("action_reject", "x"),
                ("action_reverse", "x"),
                ("action_ask_rejection",),
            ):
                self.assertRefused(model, method, foreign.ids, *args)
                if method != "action_ask_rejection":
                    self.assertRefused(model, method, own.ids, *args)
            self.assertRefused(model, "action_export", foreign.ids)
            with self.assertRaises(AccessError):  # a sentence, no field that is missing
                own.with_user(self.alpha_user).action_export()
        self.assertRefused("dms.case.decision", "create", [{"purpose": "reject", "reason": "x"}])
        self.assertRefused("dms.return.split", "create", [{"line_id": self.mine["return"].line_ids.id, "quantity": 1}])

    def test_terms_and_inner_figures_are_no_fields_of_the_portal(self):
        for model, ids, name in (
            ("dms.return", self.mine["return"].ids, "user_id"),
            ("dms.return", self.mine["return"].ids, "decided_by_id"),
            ("dms.return", self.mine["return"].ids, "stage_due"),
            ("dms.return", self.mine["return"].ids, "territory_id"),
            ("dms.claim", self.mine["claim"].ids, "is_automatic"),
            ("dms.claim", self.mine["claim"].ids, "evidence_ids"),
            ("dms.return.line", self.mine["return"].line_ids.ids, "transporter"),
            ("sale.order", self.mine["done"].ids, "dms_return_count"),
            ("account.move", self.mine["invoice"].ids, "dms_claim_count"),
            ("stock.picking", self.mine["picking"].ids, "dms_return_id"),
            ("res.partner", self.alpha.ids, "dms_open_return_count"),
        ):
            self.assertRefused(model, "read", ids, [name])
        for model in ("dms.return.reason", "dms.claim.type", "dms.claim.tier", "dms.evidence.type", "dms.service.level"):
            self.assertRefused(model, "search_read", [], ["create_date"])
