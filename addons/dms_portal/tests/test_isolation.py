from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCommon

#: pages without an id
PAGES = (
    "/my/dms",
    "/my/dms/account",
    "/my/dms/orders",
    "/my/dms/orders?search=MARK",
    "/my/dms/orders?status=draft&sort=total",
    "/my/dms/deliveries",
    "/my/dms/invoices",
    "/my/dms/pad",
    "/my/dms/pad/data",
)
#: pages of one document; the names in braces are ids of the fixture
DOCUMENT_PAGES = (
    "/my/dms/orders/{draft}",
    "/my/dms/orders/{held}",
    "/my/dms/orders/{done}",
    "/my/dms/orders/{done}/files/{file}",
    "/my/dms/pad?order={draft}",
    "/my/dms/pad/data?order={draft}",
    "/my/dms/deliveries/{picking}/slip",
    "/my/dms/invoices/{invoice}/pdf",
)
#: forms of one document
FORMS = (
    "/my/dms/orders/{draft}/submit",
    "/my/dms/orders/{draft}/discard",
    "/my/dms/orders/{held}/cancel",
    "/my/dms/orders/{done}/again",
    "/my/dms/orders/{done}/message",
)


@tagged("post_install", "-at_install")
class TestIsolation(PortalCommon):
    def ids(self, documents):
        return {name: record.id for name, record in documents.items()}

    def assertNothingOf(self, mark, answer):
        self.assertNotIn(mark, answer.text, f"{answer.url} shows {mark}")

    def test_every_page_shows_own_and_nothing_foreign(self):
        self.login(self.alpha_user)
        shown = ""
        for page in [*PAGES, *(page.format(**self.ids(self.mine)) for page in DOCUMENT_PAGES)]:
            answer = self.get(page)
            self.assertEqual(answer.status_code, 200, page)
            self.assertNothingOf("BETAMARK", answer)
            self.assertNothingOf(self.beta.name, answer)
            self.assertNothingOf("ALPHAMARK-internal", answer)
            shown += answer.text
        for text in ("ALPHAMARK-done", "ALPHAMARK-public", "ALPHAMARK-file.txt", "ALPHAMARK Depot"):
            self.assertIn(text, shown, "the test would prove nothing")

    def test_foreign_documents_look_like_unknown_ones(self):
        self.login(self.alpha_user)
        for page in DOCUMENT_PAGES:
            foreign = self.get(page.format(**self.ids(self.theirs)))
            unknown = self.get(page.format(**dict.fromkeys(self.theirs, 2**31 - 2)))
            beyond = self.get(page.format(**dict.fromkeys(self.theirs, 2**63)))
            self.assertEqual([foreign.status_code, unknown.status_code, beyond.status_code], [404, 404, 404], page)
            self.assertNothingOf("BETAMARK", foreign)

    def test_file_needs_its_own_order_in_the_address(self):
        self.login(self.alpha_user)
        crossed = f"/my/dms/orders/{self.mine['done'].id}/files/{self.theirs['file'].id}"
        internal = f"/my/dms/orders/{self.mine['done'].id}/files/{self.mine['internal_file'].id}"
        self.assertEqual(self.get(crossed).status_code, 404)
        self.assertEqual(self.get(internal).status_code, 404)

    def test_forms_on_foreign_documents_change_nothing(self):
        self.login(self.alpha_user)
        before = {name: self.theirs[name].dms_state for name in ("draft", "held", "done")}
        messages = self.theirs["done"].message_ids
        count = len(self.orders_of(self.beta) | self.orders_of(self.alpha))
        for form in FORMS:
            data = {"token": self.token(), "reason": "no", "body": "hello"}
            answer = self.post(form.format(**self.ids(self.theirs)), data)
            self.assertEqual(answer.status_code, 404, form)
        self.env.invalidate_all()
        self.assertEqual({name: self.theirs[name].dms_state for name in before}, before)
        self.assertEqual(self.theirs["done"].message_ids, messages)
        self.assertEqual(len(self.orders_of(self.beta) | self.orders_of(self.alpha)), count)

    def test_foreign_order_on_the_pad_is_refused(self):
        self.login(self.alpha_user)
        lines = [self.line(self.tea, 5)]
        for route in ("price", "save", "submit", "change"):
            for order_id in (self.theirs["draft"].id, self.theirs["done"].id, 2**31 - 2, 2**70, "x", [1], {"id": 1}, -1):
                answer = self.call(f"/my/dms/pad/{route}", order_id=order_id, lines=lines, header={}, token=self.token(route))
                self.assertIn("error", answer, (route, order_id))
                self.assertNotIn("BETAMARK", str(answer))
        self.assertEqual(self.theirs["draft"].order_line.product_uom_qty, 3)

    def test_foreign_delivery_address_is_refused(self):
        self.login(self.alpha_user)
        depot = self.beta.child_ids.filtered(lambda partner: partner.type == "delivery")
        colleague = self.alpha_user2.partner_id
        for partner in (depot, self.beta, self.customer, colleague):
            header = {"address_id": partner.id}
            answer = self.call("/my/dms/pad/save", lines=[self.line(self.tea, 1)], header=header, token=self.token(str(partner.id)))
            self.assertIn("own delivery addresses", answer["error"])

    def test_forms_without_token_against_foreign_pages_are_refused(self):
        self.login(self.alpha_user)
        for form in FORMS:
            with mute_logger("odoo.http"):
                answer = self.url_open(form.format(**self.ids(self.mine)), data={"reason": "x", "body": "x"}, allow_redirects=False)
            self.assertEqual(answer.status_code, 400, form)
        self.assertTrue(self.mine["draft"].exists())

    def test_get_changes_nothing(self):
        self.login(self.alpha_user)
        for form in FORMS:
            self.assertIn(self.get(form.format(**self.ids(self.mine))).status_code, (404, 405), form)
        self.assertTrue(self.mine["draft"].exists())

    def test_other_methods_reach_no_form_without_a_token(self):
        self.login(self.alpha_user)
        for form in FORMS:
            for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "HEAD"):
                answer = self.opener.request(method, self.base_url() + form.format(**self.ids(self.mine)), allow_redirects=False)
                self.assertEqual(answer.status_code, 405, (method, form))
        self.assertTrue(self.mine["draft"].exists())

    def test_nobody_is_sent_to_the_login(self):
        self.authenticate(None, None)
        for page in [*PAGES, *(page.format(**self.ids(self.mine)) for page in DOCUMENT_PAGES)]:
            answer = self.get(page)
            self.assertEqual(answer.status_code, 303, page)
            self.assertIn("/web/login", answer.headers["Location"])

    def assertClosed(self, text):
        for page in [*PAGES, *(page.format(**self.ids(self.mine)) for page in DOCUMENT_PAGES)]:
            answer = self.get(page)
            self.assertEqual(answer.status_code, 403, page)
            self.assertIn(text, answer.text)
            self.assertNothingOf("ALPHAMARK", answer)
        self.assertIn("error", self.call("/my/dms/pad/submit", lines=[self.line(self.tea, 1)], header={}, token=self.token()))

    def test_staff_and_other_customers_find_no_portal(self):
        for login in (self.desk, self.manager):
            self.login(login)
            self.assertClosed("for our distributors")
        other = self.create_portal_user(self.customer, "t_customer")
        self.login(other)
        self.assertClosed("for our distributors")

    def test_suspended_and_closed_distributors_read_nothing(self):
        self.alpha._set_distributor_state("suspended", "unpaid")
        self.login(self.alpha_user)
        self.assertClosed("on pause")
        self.alpha._set_distributor_state("closed", "over")
        self.assertClosed("is closed")

    def test_drafts_of_the_desk_stay_with_the_desk(self):
        draft = self.create_order(self.alpha, {self.tea: 1}, client_order_ref="DESKDRAFT")
        self.login(self.alpha_user)
        self.assertEqual(self.get(f"/my/dms/orders/{draft.id}").status_code, 404)
        self.assertNotIn("DESKDRAFT", self.get("/my/dms/orders").text + self.get("/my/dms").text)

    def test_branches_may_be_looked_at_and_not_touched(self):
        self.beta.parent_distributor_id = self.alpha
        self.login(self.alpha_user)
        path = f"/my/dms/orders/{self.theirs['draft'].id}"
        self.assertEqual(self.get(path).status_code, 404)
        self.alpha.distributor_sees_branches = True
        self.assertEqual(self.get(path).status_code, 200)
        self.assertNotIn("o_dms_submit", self.get(path).text)
        self.assertEqual(self.post(f"{path}/submit", {"token": self.token()}).status_code, 404)
        self.assertEqual(self.theirs["draft"].dms_state, "draft")

    def test_colleagues_share_the_documents(self):
        self.login(self.alpha_user2)
        for page in DOCUMENT_PAGES:
            self.assertEqual(self.get(page.format(**self.ids(self.mine))).status_code, 200, page)
