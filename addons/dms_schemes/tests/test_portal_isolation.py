import json

from odoo.fields import Command
from odoo.tests import tagged

from .portal_common import SchemePortalCommon

PAGES = (
    "/my/dms",
    "/my/dms/schemes",
    "/my/dms/schemes/benefits",
    "/my/dms/schemes/benefits?kind=accrued",
    "/my/dms/schemes/benefits?kind=settled",
    "/my/dms/schemes/benefits?date_from=2000-01-01&date_to=2099-12-31",
    "/my/dms/schemes/benefits/xlsx",
    "/my/dms/pad",
    "/my/dms/pad/data",
    "/my/dms/orders/{earned}",
)
#: models of this module, none of which a distributor's session may touch
CLOSED_MODELS = (
    "dms.scheme",
    "dms.scheme.slab",
    "dms.scheme.edition",
    "dms.scheme.application",
    "dms.scheme.application.line",
)
#: on orders and their lines, what schemes keep to themselves
SECRETS = {
    "sale.order": (
        "scheme_edition_id",
        "scheme_date",
        "scheme_application_ids",
        "scheme_fingerprint",
        "scheme_hints",
        "scheme_seen",
        "scheme_used",
    ),
    "sale.order.line": ("scheme_percent", "scheme_id", "scheme_product_id", "scheme_line_id", "scheme_application_line_ids", "scheme_note"),
}


class SchemeIsolationCase(SchemePortalCommon):
    @classmethod
    def setUpSchemes(cls, distributor, mark):
        documents = super().setUpSchemes(distributor, mark)
        # free goods, a hint, and a scheme to come, each with the mark of its distributor
        cls.create_scheme(
            [cls.free_slab(100, 1, every=100)],
            code=f"{mark}-FREE",
            name=f"{mark}-free",
            description=f"<p>{mark}-freetext</p>",
            distributor_ids=distributor,
            product_ids=cls.tea,
        )
        cls.create_scheme([(0, "percent", 3)], code=f"{mark}-NEXT", name=f"{mark}-next", distributor_ids=distributor, date_from=cls.day(5))
        return documents

    def pages(self):
        ids = {name: record.id for name, record in self.mine.items()}
        return [path.format(**ids) for path in PAGES]

    def price_by_route(self):
        return self.call("/my/dms/pad/price", lines=[self.line(self.tea, 99), self.line(self.coffee, 5)])


@tagged("post_install", "-at_install")
class TestSchemeIsolation(SchemeIsolationCase):
    def test_every_page_shows_own_and_nothing_foreign(self):
        self.login(self.alpha_user)
        shown = ""
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 200, path)
            for text in ("BETAMARK", self.beta.name, self.theirs["earned"].name, self.theirs["earned_invoice"].name):
                self.assertNotIn(text, answer.text, path)
            shown += answer.text
        for text in ("scheme", "description", "free", "freetext", "next"):
            self.assertIn(f"ALPHAMARK-{text}", shown, "the test would prove nothing")

    def test_pad_price_tells_own_and_nothing_foreign(self):
        self.login(self.alpha_user)
        text = json.dumps(self.price_by_route())
        self.assertIn("ALPHAMARK-scheme", text)
        self.assertIn("ALPHAMARK-free", text)
        self.assertNotIn("BETAMARK", text)

    def test_internal_names_and_figures_are_on_no_page(self):
        self.login(self.alpha_user)
        texts = ("ALPHAMARK-CODE", "ALPHAMARK-FREE", self.author.name, self.approver.name, "43,219", "43219")
        for path in self.pages():
            answer = self.get(path)
            for text in texts:
                self.assertNotIn(text, answer.text, path)

    def test_foreign_documents_look_like_unknown_ones(self):
        self.login(self.alpha_user)
        for path in ("/my/dms/orders/{}", "/my/dms/invoices/{}/pdf", "/my/dms/schemes/{}", "/my/dms/schemes/benefits/{}"):
            for number in (self.theirs["earned"].id, self.theirs["earned_invoice"].id, 2**31 - 2):
                if "invoices" in path and number == self.theirs["earned"].id:
                    continue
                self.assertEqual(self.get(path.format(number)).status_code, 404, (path, number))

    def test_pad_of_a_foreign_order_is_not_priced(self):
        self.login(self.alpha_user)
        answer = self.call("/my/dms/pad/price", lines=[self.line(self.tea, 5)], order_id=self.theirs["draft"].id)
        self.assertEqual(set(answer), {"error"})
        self.assertEqual(self.get(f"/my/dms/pad/data?order={self.theirs['draft'].id}").status_code, 404)

    # ------------------------------------------------------------ who is not let in

    def assertClosed(self, text):
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 403, path)
            self.assertIn(text, answer.text)
            self.assertNotIn("ALPHAMARK", answer.text, path)
        self.assertEqual(set(self.price_by_route()), {"error"})

    def test_suspended_and_closed_distributors_read_nothing(self):
        self.alpha._set_distributor_state("suspended", "unpaid")
        self.login(self.alpha_user)
        self.assertClosed("on pause")
        self.alpha._set_distributor_state("closed", "over")
        self.assertClosed("is closed")

    def test_staff_and_other_customers_find_no_portal(self):
        for user in (self.desk, self.author, self.create_portal_user(self.customer, "t_customer")):
            self.login(user)
            self.assertClosed("for our distributors")

    def test_nobody_is_sent_to_the_login(self):
        self.authenticate(None, None)
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 303, path)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_colleagues_share_the_pages_and_a_parent_sees_its_own_schemes_only(self):
        self.login(self.alpha_user2)
        self.assertIn("ALPHAMARK-scheme", self.get("/my/dms/schemes").text)
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        self.env.registry.clear_cache()
        self.assertEqual(self.get(f"/my/dms/orders/{self.theirs['earned'].id}").status_code, 200, "the test would prove nothing")
        for path in ("/my/dms/schemes", "/my/dms/schemes/benefits", "/my/dms/schemes/benefits/xlsx"):
            self.assertNotIn("BETAMARK", self.get(path).text, path)


@tagged("post_install", "-at_install")
class TestSchemeRpc(SchemeIsolationCase):
    """What a distributor's session may call by itself, without the pages."""

    secret_marks = ("BETAMARK", "ALPHAMARK")

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def test_scheme_models_are_closed_to_own_and_foreign_rows(self):
        hostile = {"context": {"active_test": False, "su": True, "uid": 1, "allowed_company_ids": self.company.ids}}
        for model in CLOSED_MODELS:
            record = self.env[model].search([], limit=1)
            self.assertTrue(record, f"{model}: the test would prove nothing")
            self.assertRefused(model, "search", [], **hostile)
            self.assertRefused(model, "search_read", [], ["id"])
            self.assertRefused(model, "search_count", [])
            self.assertRefused(model, "name_search", "")
            self.assertRefused(model, "formatted_read_group", [], ["id"], ["__count"])
            self.assertRefused(model, "read", record.ids, ["display_name"], **hostile)
            self.assertRefused(model, "export_data", record.ids, ["id"])
            self.assertRefused(model, "write", record.ids, {"display_name": "x"}, **hostile)
            self.assertRefused(model, "create", [{}], **hostile)
            self.assertRefused(model, "unlink", record.ids)
            self.assertRefused(model, "copy", record.ids)

    def test_life_of_a_scheme_is_closed(self):
        draft = self.draft_scheme([(0, "percent", 50)], distributor_ids=self.alpha)
        for method in ("action_approve", "action_close", "action_new_version"):
            for record in (draft, self.mine["scheme"]):
                self.assertRefused("dms.scheme", method, record.ids)
        self.env.invalidate_all()
        self.assertEqual((draft.state, self.mine["scheme"].state), ("draft", "approved"))

    def test_private_methods_of_the_pages_are_no_endpoints(self):
        for model, method in (
            ("dms.scheme", "_prepare_portal_schemes"),
            ("dms.scheme", "_prepare_earnings"),
            ("dms.portal.pad", "_price"),
            ("dms.portal", "_get_pad_notes"),
        ):
            self.assertRefused(model, method, self.beta.id, self.company.id)

    def test_what_schemes_keep_on_orders_is_neither_read_nor_searched(self):
        for model, names in SECRETS.items():
            order = self.mine["earned"]
            ids = order.ids if model == "sale.order" else order.order_line.ids
            for name in names:
                self.assertRefused(model, "read", ids, [name])
                self.assertRefused(model, "search", [(name, "!=", False)])
                self.assertRefused(model, "search_read", [(name, "!=", False)], ["id"])
                self.assertRefused(model, "formatted_read_group", [], [name], ["__count"])
        for path in ("scheme_id.name", "scheme_application_line_ids.application_id.scheme_code"):
            self.assertRefused("sale.order.line", "search", [(path, "ilike", "a")])

    def test_scheme_fields_of_lines_cannot_be_written(self):
        draft = self.mine["draft"]
        line = draft.order_line[:1]
        before = (draft.amount_total, line.scheme_discount, line.scheme_percent, line.is_scheme_free, line.discount)
        for values in (
            {"scheme_percent": 99},
            {"scheme_discount": 99},
            {"is_scheme_free": True},
            {"scheme_id": self.theirs["scheme"].id},
            {"discount": 100, "is_scheme_free": True},
        ):
            self.assertRefused("sale.order.line", "write", line.ids, values)
            self.assertRefused("sale.order", "write", draft.ids, {"order_line": [Command.update(line.id, values)]})
        new = {"order_id": draft.id, "product_id": self.syrup.id, "product_uom_qty": 5, "is_scheme_free": True, "scheme_percent": 100}
        self.assertRefused("sale.order.line", "create", [new], context={"default_is_scheme_free": True})
        self.assertRefused("sale.order", "write", draft.ids, {"scheme_hints": [], "scheme_seen": {}, "scheme_fingerprint": "x"})
        self.assertRefused("sale.order", "action_apply_schemes", draft.ids)
        self.assertRefused("sale.order", "action_apply_schemes", self.theirs["draft"].ids)
        self.env.invalidate_all()
        after = (draft.amount_total, line.scheme_discount, line.scheme_percent, line.is_scheme_free, line.discount)
        self.assertEqual(after, before)
        self.assertEqual(len(draft.order_line), 1)

    def test_scheme_fields_sent_with_the_pad_are_ignored(self):
        line = {**self.line(self.coffee, 4), "scheme_percent": 100, "scheme_discount": 50, "is_scheme_free": True, "discount": 100}
        answer = self.call("/my/dms/pad/save", lines=[line], header={"scheme_seen": {}, "is_scheme_free": 1}, token=self.token())
        order = self.env["sale.order"].browse(answer["order_id"])
        self.assertEqual((order.amount_untaxed, order.scheme_discount_total, order.order_line.is_scheme_free), (100.0, 0.0, False))

    def test_amounts_off_the_own_lines_are_readable_and_foreign_ones_not(self):
        answer = self.call_kw("sale.order.line", "search_read", [("scheme_discount", ">", 0)], ["scheme_discount", "is_scheme_free"])
        self.assertEqual(
            [row["id"] for row in answer["result"]], self.mine["earned"].order_line.ids + self.mine["draft"].order_line.browse().ids
        )
        self.assertRefused("sale.order.line", "read", self.theirs["earned"].order_line.ids, ["scheme_discount"])
