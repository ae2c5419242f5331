from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestUpload(PortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def upload(self, content, name="order.csv"):
        data = content if isinstance(content, bytes) else content.encode()
        return self.post("/my/dms/upload", {"token": self.token()}, files={"file": (name, data)})

    def test_good_file_becomes_a_draft_on_the_pad(self):
        answer = self.upload("Product code;Quantity\nT-TEA;5\nT-COF;2\n")
        self.assertIn("/my/dms/pad?order=", answer.headers["Location"])
        order = self.env["sale.order"].browse(int(answer.headers["Location"].rpartition("=")[2]))
        self.assertEqual((order.distributor_id, order.order_channel, order.dms_is_shared), (self.alpha, "upload", True))
        data = self.get(f"/my/dms/pad/data?order={order.id}").json()
        self.assertEqual(data["mode"], "draft")
        self.assertEqual(len(data["lines"]), 2)

    def test_bad_rows_are_listed_and_can_be_left_out(self):
        answer = self.upload("Product code;Quantity\nT-TEA;5\nNOPE;2\nT-COF;-1\n")
        path = answer.headers["Location"]
        self.assertIn("/my/dms/upload/", path)
        page = self.get(path).text
        for text in ("NOPE", "negative", "Order the other"):
            self.assertIn(text, page)
        first = self.post(f"{path}/accept").headers["Location"]
        self.assertIn("/my/dms/pad?order=", first)
        self.assertEqual(self.post(f"{path}/accept").headers["Location"], first)
        order = self.env["sale.order"].browse(int(first.rpartition("=")[2]))
        self.assertEqual((order.order_line.product_id, order.order_line.product_uom_qty), (self.tea, 5))

    def test_same_file_twice_makes_one_order(self):
        content = "Product code;Quantity\nT-TEA;5\n"
        before = self.orders_of(self.alpha)
        self.upload(content)
        self.assertIn("/my/dms/pad", self.upload(content).headers["Location"])
        self.assertEqual(len(self.orders_of(self.alpha) - before), 1)

    def test_unreadable_files_get_a_sentence(self):
        before = self.orders_of(self.alpha)
        for name, content in (
            ("order.csv", b""),
            ("order.exe", b"MZ"),
            ("order.xlsx", b"no zip"),
            ("order.csv", b"a;b\n1;2\n"),
            ("order.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            ("", b"x"),
        ):
            answer = self.upload(content, name)
            self.assertEqual(answer.status_code, 303, name)
            self.assertTrue(answer.headers["Location"].endswith("/my/dms/pad"), name)
            self.assertIn("alert-danger", self.get("/my/dms/pad").text, name)
        self.assertEqual(self.orders_of(self.alpha), before)

    def test_too_large_file_is_refused(self):
        self.upload(b"Product code;Quantity\n" + b"T-TEA;1\n" * 700_000)
        self.assertIn("larger than", self.get("/my/dms/pad").text)

    def test_foreign_intake_is_unknown(self):
        path = self.upload("Product code;Quantity\nNOPE;2\n").headers["Location"]
        self.login(self.beta_user)
        for answer in (self.get(path), self.post(f"{path}/accept"), self.get("/my/dms/upload/2147483600")):
            self.assertEqual(answer.status_code, 404)
