import json

from odoo.tests import tagged

from .common import PortalCommon

#: quantities that no order has, as JSON
BAD_QUANTITIES = ("-1", "1e10", "1e400", "NaN", "Infinity", '"5"', "null", "true", "[1]", '{"a": 1}', "0.0000001")


@tagged("post_install", "-at_install")
class TestInput(PortalCommon):
    """Bad input gives a clear sentence, changes nothing, and tells nothing."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def send(self, route, lines, order_id="null"):
        body = '{"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"lines": %s, "header": {}, "token": "%s", "order_id": %s}}'
        data = body % (lines, self.token(route), order_id)
        answer = self.url_open(f"/my/dms/pad/{route}", data=data, headers={"Content-Type": "application/json"}).json()
        self.assertNotIn("error", answer, lines)
        return answer["result"]

    def assertSentence(self, answer, lines):
        self.assertIn("error", answer, lines)
        self.assertTrue(answer["error"].rstrip().endswith("."), answer["error"])
        self.assertNotRegex(answer["error"], r"Traceback|psycopg|Odoo|None|TypeError")

    def test_bad_lines_give_a_sentence_and_nothing_else(self):
        before = self.orders_of(self.alpha)
        good = {"product_id": self.tea.id, "uom_id": self.unit.id}
        table = [json.dumps([{**good, "quantity": "@"}]).replace('"@"', quantity) for quantity in BAD_QUANTITIES]
        for values in (
            {"product_id": 2**31 - 2},
            {"product_id": 2**70},
            {"product_id": -1},
            {"product_id": "1 OR 1=1"},
            {"product_id": True},
            {"product_id": self.closed_product.id},
            {"uom_id": 2**31 - 2},
            {"uom_id": None},
            {"uom_id": self.env.ref("uom.product_uom_kgm").id},
        ):
            table.append(json.dumps([{**good, "quantity": 1, **values}]))
        table += ["[1]", '["x"]', '{"a": 1}', '"x"', "null", "5", json.dumps([{**good, "quantity": 1}] * 5001)]
        for lines in table:
            for route in ("price", "save", "submit"):
                self.assertSentence(self.send(route, lines), lines)
        self.assertEqual(self.orders_of(self.alpha), before)

    def test_archived_foreign_and_unknown_products_read_the_same(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.create_product("Foreign", "T-FOR", 1.0, company_id=company.id, taxes_id=False)
        archived = self.create_product("Archived", "T-ARC", 1.0, active=False)
        answers = {
            self.send("price", json.dumps([{"product_id": id_, "uom_id": self.unit.id, "quantity": 1}]))["error"]
            for id_ in (foreign.id, archived.id, self.closed_product.id, 2**31 - 2)
        }
        self.assertEqual(len(answers), 1)

    def test_bad_headers_are_left_out_or_refused(self):
        line = [self.line(self.tea, 1)]
        for number, header in enumerate((None, [], "x", {"reference": 5}, {"reference": None}, {"address_id": None})):
            answer = self.call("/my/dms/pad/save", lines=line, header=header, token=self.token(str(number)))
            self.assertIn("order_id", answer, header)
        for number, address in enumerate((-1, "x", 2**70, [1], {"a": 1}, True)):
            answer = self.call("/my/dms/pad/save", lines=line, header={"address_id": address}, token=self.token(f"x{number}"))
            self.assertIn("error", answer, address)

    def test_long_reference_is_cut(self):
        answer = self.call("/my/dms/pad/save", lines=[self.line(self.tea, 1)], header={"reference": "R" * 500}, token=self.token())
        self.assertEqual(len(self.env["sale.order"].browse(answer["order_id"]).client_order_ref), 64)

    def test_bad_tokens_are_refused(self):
        for token in (None, "", "short", "x" * 65, 5, ["a"], "ä" * 20, "x" * 19 + "\n"):
            answer = self.call("/my/dms/pad/submit", lines=[self.line(self.tea, 1)], header={}, token=token)
            self.assertIn("out of date", answer["error"])

    def test_odd_addresses_of_lists_are_harmless(self):
        for query in (
            "status=nonsense&sort=drop",
            "search=%00%27%22%25_\\",
            "search=" + "x" * 5000,
            "sort[]=a&status=",
        ):
            for page in ("orders", "deliveries", "invoices"):
                self.assertEqual(self.get(f"/my/dms/{page}?{query}").status_code, 200, (page, query))
        for number in (0, 1, 999999, 2**80):
            self.assertEqual(self.get(f"/my/dms/orders/page/{number}").status_code, 200, number)
        for order in ("x", "-1", "1e3", str(2**80), "%00"):
            self.assertIn(self.get(f"/my/dms/pad?order={order}").status_code, (200, 404), order)

    def test_text_of_a_message_is_text(self):
        order = self.mine["done"]
        body = "<script>alert(1)</script>\0 & <b>bold</b>"
        self.post(f"/my/dms/orders/{order.id}/message", {"token": self.token(), "body": body})
        page = self.get(f"/my/dms/orders/{order.id}").text
        self.assertIn("&lt;script&gt;", page)
        self.assertNotIn("<script>alert(1)", page)

    def test_empty_reason_is_told(self):
        order = self.mine["held"]
        answer = self.post(f"/my/dms/orders/{order.id}/cancel", {"reason": "   "})
        self.assertEqual(answer.status_code, 303)
        self.assertIn("Say why", self.get(f"/my/dms/orders/{order.id}").text)
        self.assertEqual(order.dms_state, "on_hold")
