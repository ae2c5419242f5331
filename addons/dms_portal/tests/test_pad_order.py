from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPadOrder(PortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def save(self, lines, seed="a", **params):
        return self.call("/my/dms/pad/save", lines=lines, token=self.token(seed), **{"header": {}, **params})

    def submit(self, lines, seed="a", **params):
        return self.call("/my/dms/pad/submit", lines=lines, token=self.token(seed), **{"header": {}, **params})

    def order_of(self, answer):
        return self.env["sale.order"].browse(int(answer["url"].rpartition("/")[2]))

    def test_draft_is_a_real_order_of_the_distributor(self):
        depot = self.alpha.child_ids.filtered(lambda partner: partner.type == "delivery")
        header = {"reference": "  PO\0 1 ", "address_id": depot.id, "price_unit": 0, "partner_id": self.beta.id}
        answer = self.save([{**self.line(self.tea, 2, self.case), "price_unit": 0.01, "discount": 99}], header=header)
        order = self.env["sale.order"].browse(answer["order_id"])
        self.assertEqual(
            (order.partner_id, order.distributor_id, order.partner_shipping_id, order.client_order_ref),
            (self.alpha, self.alpha, depot, "PO 1"),
        )
        self.assertEqual((order.order_channel, order.state, order.dms_state, order.dms_is_shared), ("portal", "draft", "draft", True))
        line = order.order_line
        self.assertEqual((line.product_id, line.product_uom_id, line.product_uom_qty), (self.tea, self.case, 2))
        self.assertEqual((line.price_unit, line.discount), (120.0, 0.0))
        self.assertEqual(order.create_uid, self.alpha_user)

    def test_saving_again_keeps_the_lines_that_stay(self):
        order = self.env["sale.order"].browse(self.save([self.line(self.tea, 2), self.line(self.coffee, 1)])["order_id"])
        tea_line = order.order_line.filtered(lambda line: line.product_id == self.tea)
        self.save([self.line(self.tea, 5), self.line(self.syrup, 4)], order_id=order.id)
        self.assertEqual({line.product_id: line.product_uom_qty for line in order.order_line}, {self.tea: 5, self.syrup: 4})
        self.assertEqual(tea_line.product_uom_qty, 5)

    def test_save_twice_with_one_token_makes_one_draft(self):
        first = self.save([self.line(self.tea, 2)])
        self.assertEqual(self.save([self.line(self.tea, 2)]), first)
        self.assertNotEqual(self.save([self.line(self.tea, 2)], "b"), first)

    def test_submit_twice_makes_one_order(self):
        before = self.orders_of(self.alpha)
        first = self.submit([self.line(self.tea, 7)])
        again = self.submit([self.line(self.tea, 7)])
        self.assertEqual(first, again)
        self.assertEqual(len(self.orders_of(self.alpha) - before), 1)
        self.assertEqual(self.order_of(first).dms_state, "submitted")

    def test_submit_of_a_saved_draft(self):
        order_id = self.save([self.line(self.tea, 2)])["order_id"]
        answer = self.submit([self.line(self.tea, 9)], order_id=order_id)
        order = self.order_of(answer)
        self.assertEqual((order.id, order.dms_state, order.order_line.product_uom_qty), (order_id, "submitted", 9))
        self.assertIn("error", self.submit([self.line(self.tea, 1)], "b", order_id=order_id))
        self.assertEqual(order.order_line.product_uom_qty, 9)

    def test_what_a_gate_finds_becomes_a_hold_and_no_error(self):
        self.distributor_class.min_order_amount = 500
        order = self.order_of(self.submit([self.line(self.tea, 1)]))
        self.assertEqual((order.dms_state, order.dms_hold_ids.gate), ("on_hold", "minimum"))
        page = self.get(f"/my/dms/orders/{order.id}").text
        self.assertIn("below your minimum", page)

    def test_confirmation_without_the_desk_when_the_class_says_so(self):
        self.distributor_class.auto_confirm = True
        order = self.order_of(self.submit([self.line(self.tea, 5)]))
        self.assertEqual((order.state, order.dms_state), ("sale", "confirmed"))

    def test_empty_order_is_told_so(self):
        self.assertIn("no products", self.submit([])["error"])
        self.assertIn("no products", self.submit([self.line(self.tea, 0)])["error"])

    # ------------------------------------------------------------ change

    def test_change_of_a_confirmed_order(self):
        order = self.create_portal_order(self.alpha, {self.tea: 10, self.coffee: 4})
        order.action_confirm()
        lines = [self.line(self.tea, 12), self.line(self.syrup, 1, self.case)]
        data = self.get(f"/my/dms/pad/data?order={order.id}").json()
        self.assertEqual((data["mode"], len(data["lines"])), ("change", 2))
        priced = self.call("/my/dms/pad/price", lines=lines, order_id=order.id)
        answer = self.call("/my/dms/pad/change", lines=lines, order_id=order.id, token=self.token())
        again = self.call("/my/dms/pad/change", lines=lines, order_id=order.id, token=self.token())
        self.assertEqual(answer, again)
        quantities = {line.product_id: line.product_uom_qty for line in order.order_line}
        self.assertEqual(quantities, {self.tea: 12, self.coffee: 0, self.syrup: 12})
        self.assertEqual(order.dms_revision_ids.state, "applied")
        self.assertEqual(priced["total"], order.amount_total, priced)
        page = self.get(answer["url"]).text
        self.assertIn("Change 1", page)
        self.assertIn("Your change was made", page)

    def test_change_over_a_limit_waits_and_leaves_the_order(self):
        order = self.create_portal_order(self.alpha, {self.tea: 12})
        order.action_confirm()
        self.tea.order_multiple = 6
        self.call("/my/dms/pad/change", lines=[self.line(self.tea, 13)], order_id=order.id, token=self.token())
        self.assertEqual((order.order_line.product_uom_qty, order.dms_revision_ids.state), (12, "on_hold"))

    def test_saving_a_sent_order_is_refused(self):
        answer = self.save([self.line(self.tea, 1)], order_id=self.mine["held"].id)
        self.assertIn("already sent", answer["error"])

    # ------------------------------------------------------------ again

    def test_order_again_leaves_out_what_is_gone(self):
        self.coffee.sale_ok = False
        path = f"/my/dms/orders/{self.mine['done'].id}/again"
        first = self.post(path, {"token": self.token()})
        second = self.post(path, {"token": self.token()})
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        draft = self.env["sale.order"].browse(int(first.headers["Location"].rpartition("=")[2]))
        self.assertEqual((draft.distributor_id, draft.dms_state), (self.alpha, "draft"))
        self.assertEqual((draft.order_line.product_id, draft.order_line.product_uom_qty), (self.tea, 10))
        self.assertIn("Left out", self.get(f"/my/dms/pad?order={draft.id}").text)

    # ------------------------------------------------------------ paste

    def test_paste_reads_codes_and_tells_what_is_wrong(self):
        text = "T-TEA 5\nT-COF\t2\tCase of 12\nNOPE 3\nT-SYR -1\nT-OLD 4"
        answer = self.call("/my/dms/pad/paste", text=text)
        self.assertIn(self.line(self.tea, 5.0), answer["lines"])
        self.assertEqual([problem["row"] for problem in answer["problems"]][-3:], [3, 4, 5])
        self.assertIn("error", self.call("/my/dms/pad/paste", text=""))
        self.assertIn("error", self.call("/my/dms/pad/paste", text=["x"]))

    def test_paste_knows_the_assortment(self):
        self.env["dms.assortment"].create(
            {"name": "T", "product_ids": [(6, 0, self.coffee.ids)], "distributor_ids": [(6, 0, self.alpha.ids)]}
        )
        answer = self.call("/my/dms/pad/paste", text="T-TEA 5\nT-COF 1")
        self.assertEqual([line["product_id"] for line in answer["lines"]], self.coffee.ids)
        self.assertIn("assortment", answer["problems"][0]["message"])
