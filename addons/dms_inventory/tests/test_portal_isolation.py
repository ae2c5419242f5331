from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_portal.tests.common import RpcIsolationMixin

from ..readable_fields import READABLE_FIELDS
from .stock_portal_common import StockPortalCommon

PAGES = (
    "/my/dms",
    "/my/dms/stock",
    "/my/dms/stock?search=MARK",
    "/my/dms/stock?status=ok&sort=most",
    "/my/dms/deliveries",
    "/my/dms/deliveries?status=transit",
    "/my/dms/pad/data",
)
#: pages of one document; the names in braces are ids of the fixture
DOCUMENT_PAGES = (
    "/my/dms/stock/{juice}",
    "/my/dms/deliveries/{transit}/receipt",
    "/my/dms/deliveries/{picking}/receipt",
    "/my/dms/orders/{second}",
)
FORM = "/my/dms/deliveries/{transit}/receipt"
#: models of which a distributor's session reads its own rows, and fields that hold the marks
READABLE = {
    "dms.stock.ledger": ["display_name", "retailer"],
    "dms.stock.position": ["status"],
    "dms.stock.statement": ["reference"],
    "dms.stock.statement.line": ["retailer"],
}


class IsolationCase(StockPortalCommon):
    def fill(self, path, documents=None):
        return path.format(**{name: record.id for name, record in (documents or self.mine).items()})

    def pages(self, documents=None):
        return [*PAGES, *(self.fill(path, documents) for path in DOCUMENT_PAGES)]

    def assertNothingOf(self, mark, answer):
        self.assertNotIn(mark, answer.text, f"{answer.url} shows {mark}")


@tagged("post_install", "-at_install")
class TestStockIsolation(IsolationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the other's product can be ordered by nobody else, so that its name has no other reason to appear
        cls.env["dms.assortment"].create(
            {"name": "T own", "product_ids": [(6, 0, cls.theirs["juice"].ids)], "distributor_ids": [(6, 0, cls.beta.ids)]}
        )
        cls.env["dms.assortment"].create(
            {"name": "T all", "product_ids": [(6, 0, (cls.tea | cls.mine["juice"]).ids)], "distributor_ids": [(6, 0, cls.alpha.ids)]}
        )

    def test_every_page_shows_own_and_nothing_foreign(self):
        self.login(self.alpha_user)
        shown = ""
        for path in self.pages():
            answer = self.get(path)
            self.assertEqual(answer.status_code, 200, path)
            for text in ("BETAMARK", self.beta.name, self.theirs["transit"].name, self.theirs["picking"].name):
                self.assertNothingOf(text, answer)
            shown += answer.text
        for text in ("ALPHAMARK Juice", "ALPHAMARK-lot", self.mine["transit"].name):
            self.assertIn(text, shown, "the test would prove nothing")
        tea = self.get(f"/my/dms/stock/{self.tea.id}")
        self.assertIn("ALPHAMARK-statement", tea.text)
        self.assertNothingOf("BETAMARK", tea)

    def test_foreign_documents_look_like_unknown_ones(self):
        self.login(self.alpha_user)
        for path in DOCUMENT_PAGES:
            foreign = self.get(self.fill(path, self.theirs))
            unknown = self.get(path.format(**dict.fromkeys(self.theirs, 2**31 - 2)))
            beyond = self.get(path.format(**dict.fromkeys(self.theirs, 2**63)))
            self.assertEqual([answer.status_code for answer in (foreign, unknown, beyond)], [404, 404, 404], path)
            self.assertNothingOf("BETAMARK", foreign)
        self.assertEqual(self.get(f"/my/dms/stock/{self.syrup.id}").status_code, 404, "a product that is not in stock")
        self.assertEqual(self.get(f"/my/dms/stock?categ={self.medicine.id}").status_code, 200)

    def test_forms_on_foreign_deliveries_change_nothing(self):
        self.login(self.alpha_user)
        before = self.stock_state(self.theirs)
        for form in (self.fill(FORM, self.theirs), FORM.format(transit=2**31 - 2)):
            self.assertEqual(self.post(form, {"token": self.token(), "everything": "1"}).status_code, 404)
        with mute_logger("odoo.http"):
            answer = self.url_open(self.fill(FORM), data={"token": self.token(), "everything": "1"}, allow_redirects=False)
        self.assertEqual(answer.status_code, 400, "no token against foreign pages")
        self.assertEqual(self.stock_state(self.theirs), before)

    def test_get_changes_nothing(self):
        self.login(self.alpha_user)
        before = self.stock_state(self.mine)
        self.get(f"{self.fill(FORM)}?token={self.token()}&everything=1")
        self.assertEqual(self.stock_state(self.mine), before)

    def test_who_is_not_let_in(self):
        before = self.stock_state(self.mine)

        def assert_closed(text):
            for path in self.pages():
                answer = self.get(path)
                self.assertEqual(answer.status_code, 403, path)
                self.assertIn(text, answer.text)
                self.assertNothingOf("ALPHAMARK", answer)
            self.assertEqual(self.post(self.fill(FORM), {"token": self.token(), "everything": "1"}).status_code, 403)

        for user in (self.desk, self.create_portal_user(self.customer, "t_customer")):
            self.login(user)
            assert_closed("for our distributors")
        self.login(self.alpha_user)
        self.alpha._set_distributor_state("suspended", "unpaid")
        assert_closed("on pause")
        self.alpha._set_distributor_state("closed", "over")
        assert_closed("is closed")
        self.assertEqual(self.stock_state(self.mine), before)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get("/my/dms/stock").headers["Location"])

    def test_prospects_look_around(self):
        prospect = self.create_distributor("Hopeful Trading", self.area_a, distributor_state="prospect")
        self.login(self.create_portal_user(prospect, "t_hopeful"))
        self.assertIn("Nothing in stock yet", self.get("/my/dms/stock").text)

    def test_colleagues_share_and_parents_only_look_at_deliveries(self):
        self.login(self.alpha_user2)
        for path in self.pages():
            self.assertEqual(self.get(path).status_code, 200, path)
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        self.env.registry.clear_cache()
        deliveries = self.get("/my/dms/deliveries").text
        self.assertIn(self.theirs["transit"].name, deliveries, "the test would prove nothing")
        self.assertNotIn(self.fill(FORM, self.theirs), deliveries)
        self.assertNothingOf("BETAMARK", self.get("/my/dms/stock"))
        for path in DOCUMENT_PAGES[:3]:
            self.assertEqual(self.get(self.fill(path, self.theirs)).status_code, 404, path)
        before = self.stock_state(self.theirs)
        self.assertEqual(self.post(self.fill(FORM, self.theirs), {"token": self.token(), "everything": "1"}).status_code, 404)
        self.assertEqual(self.stock_state(self.theirs), before)


@tagged("post_install", "-at_install")
class TestStockRpc(RpcIsolationMixin, IsolationCase):
    """What a distributor's session may call by itself, without the pages."""

    readable, readable_fields = READABLE, READABLE_FIELDS

    def test_nothing_is_written(self):
        for model in READABLE:
            own, _foreign = self.own_and_foreign(model)
            self.assertRefused(model, "write", own.ids, {"quantity": 1.0})
            self.assertRefused(model, "unlink", own.ids)
            self.assertRefused(model, "create", [{"distributor_id": self.alpha.id}])
        self.assertRefused("dms.stock.statement", "action_post", self.mine["statement"].ids)
        self.assertRefused("dms.stock.statement", "action_cancel", self.mine["statement"].ids)
        self.assertRefused("dms.stock.norm", "search_read", [], ["min_days"])
        self.assertRefused("stock.picking", "write", self.mine["transit"].ids, {"dms_receipt_state": "received"})

    def test_receipt_is_confirmed_by_its_distributor_only(self):
        before = self.stock_state(self.theirs)
        self.assertRefused("stock.picking", "action_dms_confirm_receipt", self.theirs["transit"].ids)
        self.assertRefused("stock.picking", "action_dms_confirm_receipt", (self.mine["transit"] | self.theirs["transit"]).ids)
        self.assertEqual(self.stock_state(self.theirs), before)
        line = self.mine["transit"].move_line_ids[:1].id
        for missing in (
            {line: -1},
            {line: 1e9},
            {line: "1"},
            {line: {"quantity": None}},
            {line: True},
            {"x": 1},
            [1],
            5,
            "all",
            {2**70: 1},
        ):
            self.assertRefused("stock.picking", "action_dms_confirm_receipt", self.mine["transit"].ids, missing)
        self.assertEqual(self.mine["transit"].dms_receipt_state, "in_transit")
        self.assertTrue(self.call_kw("stock.picking", "action_dms_confirm_receipt", self.mine["transit"].ids, {line: 1})["result"])

    def test_stock_of_our_warehouses_is_no_field_of_the_portal(self):
        own = self.mine["draft"].order_line
        for model, ids, name in (
            ("res.partner", self.alpha.ids, "alternate_warehouse_ids"),
            ("res.partner", self.alpha.ids, "stock_position_ids"),
            ("res.partner", self.alpha.ids, "sellout_mode"),
            ("res.company", self.company.ids, "receipt_lead_days"),
            ("stock.picking", self.mine["transit"].ids, "dms_receiver_id"),
            ("stock.picking", self.mine["transit"].ids, "dms_receipt_due"),
            ("dms.stock.position", self.position(self.tea).ids, "territory_id"),
            ("dms.stock.position", self.position(self.tea).ids, "distributor_class_id"),
            ("dms.distributor.class", self.distributor_class.ids, "stock_display"),
            ("product.category", self.category.ids, "stock_band_qty"),
            ("sale.order.line", own.ids, "free_qty_today"),
            ("sale.order.line", own.ids, "qty_available_today"),
            ("sale.order.line", own.ids, "virtual_available_at_date"),
            ("product.product", self.tea.ids, "free_qty"),
            ("stock.quant", [1], "quantity"),
        ):
            self.assertRefused(model, "read", ids, [name])
            self.assertRefused(model, "search_read", [(name, "!=", False)], [name])
