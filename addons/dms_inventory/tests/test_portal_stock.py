from odoo.tests import tagged

from .stock_portal_common import StockPortalCommon


@tagged("post_install", "-at_install")
class TestPortalStock(StockPortalCommon):
    """Pages of a distributor's own stock, and what its pad and its home page say of it."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    # ------------------------------------------------------------ list

    def test_list_shows_where_the_distributor_stands(self):
        self.set_figures(self.position(self.tea), days_cover=13.0, status="low")
        _text, tree = self.open_page("/my/dms/stock")
        tea = next(row for row in self.words(tree, "o_dms_cols_positions") if row.startswith("Tea"))
        for text in ("T-TEA", "Running low", "6 Units", "7", "13 days", "1"):
            self.assertIn(text, tea)
        self.assertTrue(tea.endswith(" 7"), f"20 days x 1 a day - 6 on hand - 7 on the way: {tea}")
        self.assertEqual(len(self.words(tree, "o_dms_cols_positions")), 4, "head and three products")

    def test_list_is_searched_and_filtered(self):
        self.set_figures(self.position(self.tea), status="low")
        self.set_figures(self.position(self.coffee), status="over")
        found = {
            "?status=low": ["Tea"],
            "?status=over": ["Coffee"],
            "?search=t-cof": ["Coffee"],
            "?search=TEA": ["Tea"],
            f"?categ={self.medicine.id}": [],
            f"?categ={self.category.id}&status=low&search=e": ["Tea"],
            "?search=%00": ["ALPHAMARK", "Tea", "Coffee"],
            "?status=x&categ=y&sort=z&search=coffee": ["Coffee"],
        }
        for query, names in found.items():
            text, tree = self.open_page(f"/my/dms/stock{query}")
            shown = [row.split()[0] for row in self.words(tree, "o_dms_cols_positions")[1:]]
            self.assertEqual(shown, names, query)
            self.assertEqual("No product fits" in text, not names, query)

    def test_list_has_pages(self):
        products = self.env["product.product"].create([{"name": f"T {n:02}", "is_storable": True} for n in range(25)])
        self.env["dms.stock.ledger"]._append([self.prepare_receipt(product, n) for n, product in enumerate(products)])
        _text, tree = self.open_page("/my/dms/stock?sort=stock")
        _text, second = self.open_page("/my/dms/stock/page/2?sort=stock")
        rows = self.words(tree, "o_dms_cols_positions")[1:] + self.words(second, "o_dms_cols_positions")[1:]
        self.assertEqual((len(rows), len(set(rows))), (28, 28))
        self.assertTrue(rows[0].startswith("T 24"))
        for odd in ("/my/dms/stock/page/99", "/my/dms/stock?search=a%00b&categ=-1&sort[]=x", f"/my/dms/stock?categ={2**70}"):
            self.open_page(odd)

    def prepare_receipt(self, product, number):
        return {
            "company_id": self.company.id,
            "distributor_id": self.alpha.id,
            "product_id": product.id,
            "date": self.today,
            "kind": "receipt",
            "quantity": 100.0 + number,
            "source_key": f"test:{product.id}",
        }

    def test_distributor_without_stock_finds_helpful_emptiness(self):
        lonely = self.create_distributor("Lonely Trading", self.area_a)
        self.login(self.create_portal_user(lonely, "t_lonely"))
        text, _tree = self.open_page("/my/dms/stock")
        self.assertIn("Nothing in stock yet", text)
        text, tree = self.open_page("/my/dms")
        self.assertFalse(tree.xpath("//*[@data-card='stock' or @data-card='receipts']"))

    # ------------------------------------------------------------ history

    def test_history_tells_what_came_and_went(self):
        _text, tree = self.open_page(f"/my/dms/stock/{self.tea.id}")
        rows = self.words(tree, "o_dms_cols_history")[1:]
        self.assertEqual(len(rows), 2)
        for text in ("Sold", "ALPHAMARK-statement", "ALPHAMARK Shop", "-4", "6"):
            self.assertIn(text, rows[0])
        for text in ("Received", self.mine["picking"].name, "+10", "10"):
            self.assertIn(text, rows[1])

    def test_history_follows_lots_and_corrections(self):
        self.mine["transit"].action_dms_confirm_receipt()
        self.mine["statement"].action_cancel()
        _text, tree = self.open_page(f"/my/dms/stock/{self.mine['juice'].id}")
        self.assertEqual([row for row in self.words(tree, "o_dms_lot")], ["ALPHAMARK-lot · 5"])
        self.assertIn("ALPHAMARK-lot", self.words(tree, "o_dms_cols_history")[1])
        _text, tree = self.open_page(f"/my/dms/stock/{self.tea.id}")
        rows = self.words(tree, "o_dms_cols_history")[1:]
        self.assertEqual([row.split()[-1] for row in rows], ["17", "13", "6", "10"])
        self.assertIn("Correction", rows[0])

    # ------------------------------------------------------------ order pad, home page

    def test_pad_suggests_what_positions_suggest(self):
        self.tea.write({"order_multiple": 6, "order_min_qty": 24})
        self.set_figures(self.position(self.tea), days_cover=13.0)
        self.set_figures(self.position(self.coffee), max_days=0)
        self.create_portal_order(self.alpha, {self.coffee: 3}).action_dms_submit()
        for _time in range(2):
            rows = {row["id"]: row.get("extra", {}) for row in self.get("/my/dms/pad/data").json()["rows"]}
            for product in (self.tea, self.coffee):
                self.assertEqual(rows[product.id].get("suggested", 0.0), self.position(product).suggested_qty, product.name)
            self.assertEqual(rows[self.tea.id]["own_stock"]["text"], "6, lasts 13 days")
            self.assertFalse(rows[self.syrup.id].get("own_stock"))
            self.create_portal_order(self.alpha, {self.tea: 2}).action_dms_submit()
            self.env.invalidate_all()

    def test_home_says_what_is_missing_and_what_is_to_be_confirmed(self):
        self.set_figures(self.position(self.tea), status="low", days_cover=3.0)
        _text, tree = self.open_page("/my/dms")
        card = " ".join(tree.xpath("//*[@data-card='stock']")[0].text_content().split())
        for text in ("Running low", "Tea", "lasts 3 days"):
            self.assertIn(text, card)
        waiting = tree.xpath("//*[@data-card='receipts']//a/@href")
        self.assertEqual(waiting, [self.receipt(self.mine["transit"]), "/my/dms/deliveries?status=transit"])
