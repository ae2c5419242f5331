from odoo.tests import tagged

from .stock_portal_common import StockPortalCommon


@tagged("post_install", "-at_install")
class TestPortalReceipt(StockPortalCommon):
    """The distributor confirms what arrived."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)
        self.picking = self.mine["transit"]
        self.lines = {line.product_id: line for line in self.picking.move_line_ids}

    def confirm(self, seed="a", picking=None, **data):
        return self.post(self.receipt(picking or self.picking), {"token": self.token(seed), **data})

    def short(self, product, quantity, what="missing"):
        line = self.lines[product]
        return {f"quantity_{line.id}": quantity, f"what_{line.id}": what}

    def received(self):
        rows = self.env["dms.stock.ledger"].search([("picking_id", "=", self.picking.id), ("kind", "=", "receipt")])
        return {row.product_id: row.quantity for row in rows}

    # ------------------------------------------------------------ what is asked and shown

    def test_page_asks_for_every_line(self):
        text, tree = self.open_page(self.receipt(self.picking))
        rows = " ".join(self.words(tree, "o_dms_cols_receipt"))
        for part in ("ALPHAMARK Juice", "ALPHAMARK-lot", "5 Units", "Tea", "7 Units"):
            self.assertIn(part, rows)
        self.assertIn("On its way", text)

    def test_state_is_told_in_the_list_and_on_the_order(self):
        order_page = f"/my/dms/orders/{self.mine['second'].id}"
        for path in ("/my/dms/deliveries", "/my/dms/deliveries?status=transit", order_page):
            text, tree = self.open_page(path)
            self.assertIn("On its way", text, path)
            self.assertEqual(tree.xpath("//a[contains(@class, 'o_dms_confirm')]/@href"), [self.receipt(self.picking)], path)
        self.confirm(everything="1")
        for path in ("/my/dms/deliveries", order_page):
            text, tree = self.open_page(path)
            self.assertIn("Received", text)
            self.assertFalse(tree.xpath("//a[contains(@class, 'o_dms_confirm')]"), path)
        self.assertNotIn(self.picking.name, self.open_page("/my/dms/deliveries?status=transit")[0])
        self.assertNotIn('data-card="receipts"', self.open_page("/my/dms")[0])

    # ------------------------------------------------------------ confirming

    def test_all_arrived_in_one_click(self):
        answer = self.confirm(everything="1", **self.short(self.tea, "3"))
        self.assertEqual((answer.status_code, answer.headers["Location"].endswith(self.receipt(self.picking))), (303, True))
        self.assertEqual(self.received(), {self.tea: 7.0, self.mine["juice"]: 5.0}, "what was typed below does not count")
        self.assertEqual(self.picking.dms_receipt_state, "received")
        text, _tree = self.open_page(self.receipt(self.picking))
        self.assertIn("All of", text)

    def test_what_is_missing_or_damaged_is_reported(self):
        data = {**self.short(self.tea, "1,5", "damaged"), **self.short(self.mine["juice"], "5")}
        self.tea.uom_id.rounding = 0.01
        self.assertEqual(self.confirm(**data).status_code, 303)
        self.assertEqual(self.received(), {self.tea: 5.5})
        self.assertEqual(self.picking.dms_receipt_state, "short")
        note = self.picking.activity_ids.note
        for text in ("1.5 damaged", "5.0 missing"):
            self.assertIn(text, note)
        self.assertFalse(self.picking.activity_ids.user_id.share, "somebody of ours looks at it")
        _text, tree = self.open_page(self.receipt(self.picking))
        arrived = self.words(tree, "o_dms_cols_arrived")
        self.assertTrue(any("Tea" in row and "5.5 Units" in row and row.endswith("1.5") for row in arrived), arrived)
        self.assertTrue(any("Juice" in row and "0 Units" in row and row.endswith("5") for row in arrived), arrived)

    def test_second_click_changes_nothing(self):
        self.confirm(**self.short(self.tea, "2"))
        before = self.stock_state(self.mine)
        for seed, data in (
            ("a", self.short(self.tea, "2")),
            ("a", {"everything": "1"}),
            ("b", {"everything": "1"}),
            ("c", self.short(self.tea, "3")),
        ):
            self.assertEqual(self.confirm(seed, **data).status_code, 303)
            self.assertEqual(self.stock_state(self.mine), before)
        text, _tree = self.open_page(self.receipt(self.picking))
        self.assertIn("confirmed before", text)

    def test_receipt_that_the_job_made_can_be_looked_at(self):
        self.picking._dms_receive(date=self.today)
        text, _tree = self.open_page(self.receipt(self.picking))
        self.assertIn("received on", text)
        self.assertNotIn("o_dms_all_arrived", text)

    # ------------------------------------------------------------ bad input

    def test_bad_quantities_are_told_and_change_nothing(self):
        before = self.stock_state(self.mine)
        line = self.lines[self.tea]
        for text in ("nan", "inf", "-1", "1e3", "1,000", "two", "8", "9" * 40, "<b>2</b>", "1;2"):
            answer = self.confirm(text, **self.short(self.tea, text))
            self.assertEqual(answer.status_code, 422, text)
            self.assertIn("alert-danger", answer.text)
            self.assertNotIn("<b>2</b>", answer.text)
            self.assertIn(f'name="quantity_{line.id}"', answer.text, "the form is there again")
            self.assertEqual(self.stock_state(self.mine), before, text)

    def test_foreign_lines_are_refused(self):
        before = self.stock_state(self.mine), self.stock_state(self.theirs)
        foreign = self.theirs["transit"].move_line_ids[:1].id
        other = self.mine["picking"].move_line_ids[:1].id
        for line_id in (foreign, other, 0, -5, 2**31 - 2, 2**70, "x"):
            answer = self.confirm(str(line_id), **{f"quantity_{line_id}": "1"})
            self.assertEqual(answer.status_code, 422, line_id)
            self.assertNotIn("BETAMARK", answer.text)
        self.assertEqual((self.stock_state(self.mine), self.stock_state(self.theirs)), before)

    def test_form_without_token_of_ours_is_refused(self):
        before = self.stock_state(self.mine)
        for token in ("", "short", "x" * 200, "a b c d e f g h i j k l"):
            self.assertEqual(self.post(self.receipt(self.picking), {"token": token, "everything": "1"}).status_code, 422, token)
        self.assertEqual(self.stock_state(self.mine), before)
