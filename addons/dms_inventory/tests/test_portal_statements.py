import io
from datetime import timedelta

import openpyxl

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.dms_orders.tests.test_engine_sheet import workbook
from odoo.addons.dms_portal.tests.common import PortalCommon

from .test_statement_intake import StatementIntakeCommon

PAGES = ("/my/dms/statements", "/my/dms/statements/new", "/my/dms/statements/new?kind=count", "/my/dms/statements/template?kind=count")
#: forms of one statement
FORMS = ("post", "cancel", "columns", "rows/leave-out", "rows/{row}")


@tagged("post_install", "-at_install")
class TestPortalStatements(StatementIntakeCommon, HttpCase):
    """What Alpha and Beta do over HTTP; each has a text of its own that is searched in the other's answers."""

    login, get, post, token = PortalCommon.login, PortalCommon.get, PortalCommon.post, PortalCommon.token

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.append(cls.tea, 50, 20, distributor=cls.beta)
        cls.beta_only = cls.create_product("BETAMARK Cocoa", "T-BETA", 1.0, sale_ok=False)
        cls.append(cls.beta_only, 5, 20, distributor=cls.beta)
        cls.mine, cls.theirs = cls.make_statement(cls.alpha_user, "ALPHAMARK"), cls.make_statement(cls.beta_user, "BETAMARK")

    @classmethod
    def make_statement(cls, user, mark):
        Statement = cls.env["dms.stock.statement"].with_user(user)
        terms = {"kind": "sellout", "date": str(cls.today), "reference": f"{mark}-1"}
        return Statement._take_in_portal_lines(f"T-TEA 2\n{mark}-NO 5\n", terms).sudo()

    def send(self, path, expected=303, **data):
        answer = self.post(f"/my/dms/statements/{path}", {"token": self.token(path), "kind": "sellout", "date": str(self.today), **data})
        self.assertEqual(answer.status_code, expected, answer.text[-2000:] if expected == 303 else "")
        self.env.invalidate_all()
        return answer

    def upload(self, data, filename="list.xlsx", seed="a", expected=303, **terms):
        values = {
            "csrf_token": http.Request.csrf_token(self),
            "token": self.token(seed),
            "kind": "sellout",
            "date": str(self.today),
            **terms,
        }
        answer = self.url_open("/my/dms/statements/file", data=values, files={"file": (filename, data)}, allow_redirects=False)
        self.assertEqual(answer.status_code, expected)
        self.env.invalidate_all()
        return answer

    def made(self, answer):
        return self.env["dms.stock.statement"].browse(int(answer.headers["Location"].rsplit("/", 1)[1].split("#")[0]))

    def of(self, distributor):
        return self.env["dms.stock.statement"].search([("distributor_id", "=", distributor.id)])

    # ------------------------------------------------------------ ways to report

    def test_sheet_is_typed_and_posted(self):
        self.login(self.alpha_user)
        page = self.get("/my/dms/statements/new?kind=count").text
        for text in ("T-TEA", "Lot MA", "Lot MB"):
            self.assertIn(text, page)
        values = {f"q-{self.milk.id}-{self.lot_a.id}": "10", f"q-{self.tea.id}-0": "8", f"u-{self.tea.id}-0": str(self.case.id)}
        foreign = {f"q-{self.beta_only.id}-0": "7", f"q-{self.milk.id}-{self.lot_beta.id}": "7", "q-x": "1"}
        statement = self.made(self.send("new", kind="count", reference="W-9", **values, **foreign))
        figures = {(line.product_id, line.lot_id.name, line.product_qty) for line in statement.line_ids}
        self.assertEqual(figures, {(self.milk, "MA", 10), (self.tea, False, 96)})
        self.assertEqual(
            (statement.state, statement.source, statement.reference, statement.posted_by_id),
            ("review", "form", "W-9", self.env["res.users"]),
        )
        page = self.get(f"/my/dms/statements/{statement.id}").text
        for text in ("do not fit", "By our figures", "-4", "By our figures"):
            self.assertIn(text, page)
        draft = self.made(self.send("new", keep="1", **{f"q-{self.tea.id}-0": "3"}, token=self.token("keep")))
        self.assertEqual(draft.state, "draft")
        self.send(f"{draft.id}/post")
        self.assertEqual((draft.state, self.on_hand(self.tea)), ("posted", 97))

    def test_what_is_wrong_is_told_and_what_was_typed_stays(self):
        self.login(self.alpha_user)
        key = f"q-{self.tea.id}-0"
        later = str(self.today + timedelta(days=1))
        cases = {
            "at least one quantity": {},
            "is not a number": {key: "x<script>"},
            "thousands or decimals": {key: "1,500"},
            "unit of the list": {key: "5", f"u-{self.tea.id}-0": str(self.kilo.id)},
            "day to come": {key: "5", "date": later},
            "Choose the day": {key: "5", "date": "soon"},
            "ALPHAMARK-1": {key: "5", "reference": "ALPHAMARK-1"},
            "out of date": {key: "5", "token": "x"},
        }
        before = self.of(self.alpha)
        for words, data in cases.items():
            with self.subTest(words):
                answer = self.send("new", 200, **data)
                self.assertIn(words, answer.text)
                self.assertNotIn("x<script>", answer.text)
                if data.get(key) == "5":
                    self.assertIn('value="5"', answer.text)
        self.assertEqual(self.of(self.alpha), before)

    def test_a_form_sent_twice_makes_one(self):
        self.login(self.alpha_user)
        data = {f"q-{self.tea.id}-0": "3"}
        first, second = self.send("new", **data), self.send("new", **data)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(self.on_hand(self.tea), 97)

    def test_a_file_with_rows_put_aside(self):
        self.login(self.alpha_user)
        data = workbook(["T-TEA", 5, None, None], ["OWN-1", 4, None, None], ["OWN-1", 6, "Case of 12", None], ["T-MLK", 2, None, "M?"],
                        ["T-BETA", 1, None, None], header=["Code", "Sold", "Unit", "Lot"])  # fmt: skip
        statement = self.made(self.upload(data))
        self.assertEqual((statement.source, statement.filename, len(statement.line_ids)), ("file", "list.xlsx", 1))
        page = self.get(f"/my/dms/statements/{statement.id}").text
        for text in ("OWN-1", "M?", "T-BETA", "no product with the code", "4 rows need your answer"):
            self.assertIn(text, page)
        self.assertNotIn("BETAMARK", page)  # a product it neither has nor may order is unknown
        self.send(f"{statement.id}/post")
        self.assertEqual(statement.state, "draft")
        own, _own2, lot, beta = statement.row_ids.sorted("row_number")
        self.send(f"{statement.id}/rows/{own.id}", product="T-TEA")
        self.assertEqual(sorted(statement.line_ids.mapped("product_qty")), [4, 5, 72])
        self.send(f"{statement.id}/rows/{lot.id}", lot="MX")  # Beta's
        self.assertEqual(lot.state, "open")
        self.send(f"{statement.id}/rows/{lot.id}", lot="MB")
        self.assertEqual(lot.line_id.lot_id, self.lot_b)
        self.send(f"{statement.id}/rows/{beta.id}", leave_out="1")
        self.send(f"{statement.id}/post")
        self.assertEqual((statement.state, self.on_hand(self.tea), self.on_hand(self.milk)), ("posted", 19, 18))
        self.send(f"{statement.id}/cancel")
        self.assertEqual(statement.state, "posted")  # it counts; the desk takes it back
        self.assertIn(statement.name, self.upload(data, seed="b", expected=200).text)

    def test_columns_are_asked_for_once(self):
        self.login(self.alpha_user)
        data = workbook(["T-TEA", 5], header=["Foo", "Bar"])
        statement = self.made(self.upload(data))
        self.assertIn("Name the columns", self.get(f"/my/dms/statements/{statement.id}").text)
        path = f"{statement.id}/columns"
        page = self.get(f"/my/dms/statements/{path}?header=1").text
        self.assertIn("T-TEA", page)
        for wrong in (
            {"c-0": "code"},
            {"c-0": "code", "c-1": "code"},
            {"c-0": "evil", "c-1": "quantity"},
            {"c-99": "code", "c-1": "quantity"},
        ):
            with self.subTest(wrong):
                self.send(path, 200, header="1", **wrong)
        self.send(path, 303, header="1", **{"c-0": "code", "c-1": "quantity"})
        self.assertEqual(statement.line_ids.product_id, self.tea)
        again = self.made(self.upload(workbook(["T-COF", 5], header=["Foo", "Bar"]), seed="b"))
        self.assertEqual(again.line_ids.product_id, self.coffee)

    def test_files_that_cannot_be_read(self):
        self.login(self.alpha_user)
        whole = workbook(["T-TEA", 5], header=["Code", "Qty"])
        cases = {
            "damaged": (whole[:300], "a.xlsx"),
            "exe": (b"MZ", "a.exe"),
            "5 MB": (b"x" * (6 * 1024 * 1024), "a.csv"),
            "empty": (b"", "a.csv"),
        }
        before = self.of(self.alpha)
        for words, (data, filename) in cases.items():
            with self.subTest(words):
                self.assertIn(words, self.upload(data, filename, expected=200).text)
        self.assertEqual(self.of(self.alpha), before)

    def test_the_template_comes_back_filled_in(self):
        self.login(self.alpha_user)
        self.tea.name = "=HYPERLINK(1)"
        answer = self.get("/my/dms/statements/template?kind=count")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        rows = list(book.active.iter_rows(values_only=True))
        self.assertEqual(rows[0], ("Product code", "Product name", "Lot", "Unit", "Quantity"))
        for number, row in enumerate(rows[1:], start=2):
            book.active.cell(number, 5, {"T-TEA": 100}.get(row[0], 10))
        self.assertEqual({cell.data_type for row in book.active.iter_rows(max_col=4) for cell in row} - {"n"}, {"s"})
        stream = io.BytesIO()
        book.save(stream)
        statement = self.made(self.upload(stream.getvalue(), kind="count"))
        self.assertFalse(statement.row_ids.mapped("error"))
        self.send(f"{statement.id}/post")
        self.assertEqual((statement.state, set(statement.line_ids.mapped("difference_qty"))), ("posted", {0}))

    def test_own_statements_are_taken_back_while_they_do_not_count(self):
        self.login(self.alpha_user)
        self.send(f"{self.mine.id}/cancel")
        self.assertEqual(self.mine.state, "cancelled")
        self.send(f"{self.mine.id}/post")
        self.assertEqual((self.mine.state, self.mine.ledger_ids.ids), ("cancelled", []))

    def test_late_is_explained(self):
        self.report({self.tea: 1})
        self.login(self.alpha_user)
        statement = self.made(self.send("new", date=str(self.day(2)), **{f"q-{self.tea.id}-0": "3"}))
        self.assertIn("after a statement of a later day", self.get(f"/my/dms/statements/{statement.id}").text)
        self.assertIn("late", self.get("/my/dms/statements?status=posted").text)

    # ------------------------------------------------------------ isolation and cost

    def test_pages_show_nothing_foreign(self):
        self.login(self.alpha_user)
        shown = ""
        for path in (*PAGES, f"/my/dms/statements/{self.mine.id}", "/my/dms/statements?status=draft&kind=sellout"):
            answer = self.get(path)
            self.assertEqual(answer.status_code, 200, path)
            self.assertNotIn("BETAMARK", answer.text, path)
            shown += answer.text
        self.assertIn("ALPHAMARK", shown)
        for path in ("", "/columns"):
            self.assertEqual(self.get(f"/my/dms/statements/{self.theirs.id}{path}").status_code, 404)

    def test_foreign_statements_are_not_touched(self):
        self.login(self.alpha_user)
        row = self.theirs.row_ids
        for form in FORMS:
            with self.subTest(form):
                self.send(f"{self.theirs.id}/{form.format(row=row.id)}", 404, header="1", leave_out="1")
        self.send(f"{self.mine.id}/rows/{row.id}", leave_out="1")  # its own statement, a foreign row
        self.assertEqual((self.theirs.state, row.state), ("draft", "open"))
        for form in FORMS:
            path = f"/my/dms/statements/{self.mine.id}/{form.format(row=self.mine.row_ids.id)}"
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(path, data={"leave_out": "1"}).status_code, 400, "no token against foreign pages")

    def test_who_is_no_open_distributor_sees_nothing(self):
        self.alpha.distributor_state = "suspended"
        self.login(self.alpha_user)
        for path in PAGES:
            self.assertEqual(self.get(path).status_code, 403, path)
        self.send("paste", 403, text="T-TEA 1")

    def test_pages_stay_within_their_budget(self):
        self.login(self.alpha_user)
        paths = (*PAGES, f"/my/dms/statements/{self.mine.id}")

        def cost(path):
            counts = []
            for _time in range(3):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.get(path)
                counts.append(self.cr.sql_log_count - before)
            return min(counts)

        before = {path: cost(path) for path in paths}
        self.assertFalse({path: count for path, count in before.items() if count > 25}, before)
        for number in range(12):
            product = self.create_product(f"More {number}", f"T-M{number}", 1.0, tracking="lot")
            self.append(product, 4, 5, lot=self.create_lot(f"L{number}", product))
            self.create_statement({product: 1}, date=self.day(number))
            self.mine.row_ids.copy({"row_number": number, "code": f"NO-{number}"})
            self.env["dms.stock.statement.line"].create({"statement_id": self.mine.id, "product_id": product.id, "quantity": 1})
        after = {path: cost(path) for path in paths}
        self.assertFalse({path: (before[path], count) for path, count in after.items() if count > before[path] + 1})
