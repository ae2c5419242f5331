import base64
import functools
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.test_engine_sheet import workbook

from .common import InventoryCommon


@functools.cache
def same_workbook(rows, header):
    """The same bytes for the same rows: a workbook has the second of its making in it."""
    return workbook(*rows, header=list(header))


class StatementIntakeCommon(InventoryCommon):
    """Alpha has a hundred teas and two lots of milk, ten each; a third lot went to Beta."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot_a, cls.lot_b, cls.lot_beta = (cls.create_lot(name) for name in ("MA", "MB", "MX"))
        cls.append(cls.tea, 100, 20)
        cls.append(cls.milk, 10, 20, lot=cls.lot_a)
        cls.append(cls.milk, 10, 15, lot=cls.lot_b)
        cls.append(cls.milk, 10, 15, lot=cls.lot_beta, distributor=cls.beta)
        cls.statements = cls.env["dms.stock.statement"].with_user(cls.desk)

    def take_in(self, *rows, header=("Code", "Quantity", "Unit", "Lot"), kind="sellout", distributor=None, date=None, user=None, **values):
        data = same_workbook(tuple(map(tuple, rows)), header)
        statements = self.statements.with_user(user or self.desk)
        return statements._take_in(distributor or self.alpha, data, "list.xlsx", kind, date or self.today, **values)

    def lines(self, statement):
        return [(line.product_id, line.quantity, line.product_uom_id, line.lot_id) for line in statement.line_ids.sorted("sequence")]

    def put_aside(self, statement):
        """``{row number: (code, sentence)}``"""
        return {row.row_number: (row.error_code, row.error) for row in statement.row_ids if row.state == "open"}


@tagged("post_install", "-at_install")
class TestStatementIntake(StatementIntakeCommon):
    def test_what_can_be_read_becomes_lines(self):
        self.tea.barcode = "4006381333931"
        self.env["dms.distributor.product"].create({"distributor_id": self.alpha.id, "code": "OWN-7", "product_id": self.coffee.id})
        header = ("Code", "Barcode", "Sold", "Unit", "Lot", "Retailer", "Price", "Date")
        statement = self.take_in(
            ["T-TEA", None, 2, "Case of 12", None, "Corner", "1.50", self.day(1).isoformat()],
            [None, "4006381333931", 0, None, None, None, None, None],
            ["OWN-7", None, -3, None, None, None, None, None],
            ["T-MLK", None, 4, None, "MB", None, None, None],
            ["T-TEA", None, 1, None, "whatever", None, None, None],  # teas have no lots
            header=header,
            reference="W-13",
        )
        empty = self.env["stock.lot"]
        self.assertFalse(statement.row_ids)
        self.assertEqual(
            self.lines(statement),
            [
                (self.tea, 2, self.case, empty),
                (self.tea, 0, self.unit, empty),
                (self.coffee, -3, self.unit, empty),
                (self.milk, 4, self.unit, self.lot_b),
                (self.tea, 1, self.unit, empty),
            ],
        )
        self.assertEqual(
            (statement.state, statement.source, statement.reference, statement.create_uid), ("draft", "file", "W-13", self.desk)
        )
        self.assertEqual((statement.line_ids[0].retailer, statement.line_ids[0].price_unit), ("Corner", 1.5))
        self.assertEqual(statement.attachment_id.name, "list.xlsx")
        statement.action_post()
        self.assertEqual(statement.state, "review")  # less than nothing is no sell-out
        self.assertFalse(statement.ledger_ids)

    def test_bad_rows_are_put_aside_and_nothing_is_guessed(self):
        service = self.create_product("Visit", "T-VISIT", 1.0, type="service", is_storable=False)
        header = ("Code", "Name", "Quantity", "Unit", "Lot", "Date", "Price")
        later = (self.today + timedelta(days=1)).isoformat()
        cases = [
            (["NO-SUCH", None, 1, None, None, None, None], "product", "NO-SUCH"),
            (["NO-SUCH", "Tea", 1, None, None, None, None], "product", "NO-SUCH"),  # a name beside a wrong code proves nothing
            ([service.default_code, None, 1, None, None, None, None], "product", "no goods"),
            ([None, None, 1, None, None, None, None], "product", "No product"),
            (["T-TEA", None, 1, "kg", None, None, None], "unit", "kg"),
            (["T-TEA", None, 1, "fathom", None, None, None], "unit", "fathom"),
            (["T-MLK", None, 1, None, "MX", None, None], "lot", "MX"),  # delivered to somebody else
            (["T-MLK", None, 1, None, "M?", None, None], "lot", "M?"),
            (["T-TEA", None, "1,500", None, None, None, None], "quantity", "1,500"),
            (["T-TEA", None, None, None, None, None, None], "quantity", "missing"),
            (["T-TEA", None, 1.5, None, None, None, None], "quantity", "whole pieces"),
            (["T-TEA", None, "=1+1", None, None, None, None], "cell", "formula"),
            (["T-TEA", None, 1, None, None, later, None], "date", later),
            (["T-TEA", None, 1, None, None, None, "cheap"], "price", "cheap"),
        ]
        statement = self.take_in(*(row for row, _code, _words in cases), header=header)
        self.assertFalse(statement.line_ids)
        found = self.put_aside(statement)
        for number, (_row, code, words) in enumerate(cases, start=2):
            with self.subTest(number):
                self.assertEqual(found[number][0], code)
                self.assertIn(words, found[number][1])
        self.assertEqual(statement.open_row_count, len(cases))

    def test_a_statement_with_rows_put_aside_is_not_posted(self):
        statement = self.take_in(["T-TEA", 5], ["NO-SUCH", 1])
        with self.assertRaisesRegex(UserError, "1 rows .* put aside"):
            statement.action_post()
        statement.row_ids.action_leave_out()
        statement.action_post()
        self.assertEqual((statement.state, self.on_hand(self.tea)), ("posted", 95))
        statement.row_ids.action_take_in()
        self.assertEqual(statement.row_ids.state, "left_out")
        with self.assertRaises(UserError):
            statement.row_ids.action_put_back()
        with self.assertRaises(UserError):
            statement.row_ids.product_id = self.tea

    def test_an_answer_is_remembered_for_the_rows_and_lists_to_come(self):
        statement = self.take_in(["X-1", 5], ["X-1", 7, "Case of 12"], ["X-2", 1], header=("Code", "Quantity", "Unit"))
        row = statement.row_ids[0]
        with self.assertRaisesRegex(UserError, "Row 2: choose the product"):
            row.action_take_in()
        row.product_id = self.tea
        row.action_take_in()
        self.assertEqual(
            self.lines(statement), [(self.tea, 5, self.unit, self.env["stock.lot"]), (self.tea, 7, self.case, self.env["stock.lot"])]
        )
        self.assertEqual(set(self.put_aside(statement)), {4})
        self.assertEqual(self.lines(self.take_in(["X-1", 2]))[0][:2], (self.tea, 2))
        self.assertTrue(self.put_aside(self.take_in(["X-1", 2], distributor=self.beta)))  # what Alpha calls it

    def test_answers_are_checked(self):
        statement = self.take_in(["T-MLK", "many", None, None], ["T-MLK", 3, None, "M?"], ["T-TEA", 2, "fathom", None])
        unread, lot, unit = statement.row_ids.sorted("row_number")
        with self.assertRaisesRegex(UserError, "Row 2"):
            unread.action_take_in()
        unread.typed_quantity = "0"
        unread.action_take_in()
        lot.lot_id = self.lot_beta
        with self.assertRaisesRegex(UserError, "never delivered"), self.env.cr.savepoint():
            lot.action_take_in()
        lot.lot_id = self.lot_a
        lot.action_take_in()
        unit.product_uom_id = self.kilo
        with self.assertRaisesRegex(UserError, "does not convert"), self.env.cr.savepoint():
            unit.action_take_in()
        unit.product_uom_id = self.case
        unit.action_take_in()
        none = self.env["stock.lot"]
        expected = [(self.milk, 0, self.unit, none), (self.milk, 3, self.unit, self.lot_a), (self.tea, 2, self.case, none)]
        self.assertEqual(self.lines(statement), expected)
        with self.assertRaises(AccessError):
            statement.row_ids[0].write({"error": "none"})

    def test_rows_are_looked_at_again(self):
        statement = self.take_in(["T-NEW", 5], ["T-MLK", 1, None, "MC"], ["T-TEA", "1E3"])
        self.assertEqual(len(self.put_aside(statement)), 3)
        product = self.create_product("New", "T-NEW", 1.0)
        self.append(self.milk, 4, 3, lot=self.create_lot("MC"))
        statement.action_match_rows()
        self.assertEqual({line[0] for line in self.lines(statement)}, {product, self.milk})
        self.assertEqual(set(self.put_aside(statement)), {4})

    # ------------------------------------------------------------ the same twice

    def test_the_same_list_is_taken_in_once(self):
        rows = ["T-TEA", 5]
        first = self.take_in(rows)
        for date in (self.today, self.day(3)):
            with self.subTest(date), self.assertRaisesRegex(UserError, first.name):
                self.take_in(rows, date=date)
        self.take_in(rows, distributor=self.beta)
        self.take_in(rows, kind="count")
        first.action_cancel()
        self.assertEqual(self.take_in(rows).state, "draft")
        lines = self.statements._take_in_lines(self.alpha, "T-TEA 5", "sellout", self.today)
        with self.assertRaisesRegex(UserError, lines.name):
            self.statements._take_in_lines(self.alpha, " T-TEA   5\n", "sellout", self.today)
        self.assertTrue(self.statements._take_in_lines(self.alpha, "T-TEA 5", "sellout", self.day(1)))

    def test_two_at_once_make_one(self):
        """The second does not see the first yet; the index does."""
        first = self.take_in(["T-TEA", 5])
        self.env.flush_all()
        with patch.object(type(first), "_find_same_input", return_value=""), self.assertRaisesRegex(UserError, "reported already"):
            self.take_in(["T-TEA", 5])

    def test_a_reference_is_used_once(self):
        self.take_in(["T-TEA", 5], reference="W-1")
        with self.assertRaisesRegex(UserError, "W-1"):
            self.take_in(["T-TEA", 6], reference=" W-1 ")

    # ------------------------------------------------------------ what cannot be a statement

    def test_days_that_cannot_be(self):
        self.alpha.stock_opening_date = self.day(10)
        for date, words in ((self.today + timedelta(days=1), "day to come"), (self.day(11), "earlier")):
            with self.subTest(date), self.assertRaisesRegex(UserError, words):
                self.take_in(["T-TEA", 1], date=date)

    def test_files_that_cannot_be_read_leave_nothing_behind(self):
        whole = workbook(["T-TEA", 5], header=["Code", "Qty"])
        self.company.statement_max_rows = 3
        cases = {
            "damaged": (whole[: len(whole) // 2], "list.xlsx"),
            "type “exe”": (b"Code,Qty", "list.exe"),
            "larger than 5 MB": (b"x" * (25 * 1024 * 1024), "list.csv"),
            "more than 3 rows": (b"Code,Qty\n" + b"T-TEA,1\n" * 4, "list.csv"),
            "empty": (b"", "list.csv"),
        }
        before = self.statements.search_count([])
        for words, (data, filename) in cases.items():
            with self.subTest(words), self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.statements._take_in(self.alpha, data, filename, "sellout", self.today)
        self.assertEqual(self.statements.search_count([]), before)

    def test_beyond_what_was_received_waits_for_review(self):
        for kind, quantity, words in (("sellout", 101, "only 100"), ("count", 150, "calculated 100")):
            statement = self.take_in(["T-TEA", quantity], kind=kind)
            statement.action_post()
            with self.subTest(kind):
                self.assertEqual((statement.state, statement.ledger_ids.ids), ("review", []))
                self.assertIn(words, statement.review_reason)

    # ------------------------------------------------------------ columns

    def test_columns_are_named_once(self):
        header = ("Foo", "Bar", "Baz")
        statement = self.take_in(["x", "T-TEA", 5], header=header)
        self.assertEqual((statement.needs_columns, statement.line_ids.ids), (True, []))
        with self.assertRaisesRegex(UserError, "columns"):
            statement.action_post()
        wizard = self.env["dms.stock.statement.columns"].with_user(self.desk).browse(statement.action_name_columns()["res_id"])
        self.assertEqual(wizard.line_ids.mapped("header"), list(header))
        wizard.line_ids[1].meaning = "code"
        with self.assertRaises(UserError):
            wizard.action_read()  # no quantity yet
        wizard.line_ids[2].meaning = "quantity"
        wizard.action_read()
        self.assertEqual((statement.needs_columns, self.lines(statement)[0][:2]), (False, (self.tea, 5)))
        self.assertEqual(self.lines(self.take_in(["y", "T-COF", 8], header=header))[0][:2], (self.coffee, 8))
        self.assertTrue(self.take_in(["y", "T-COF", 8], header=header, kind="count").needs_columns)
        self.assertTrue(self.take_in(["y", "T-COF", 8], header=header, distributor=self.beta).needs_columns)
        mapping = self.env["dms.stock.mapping"].search([("distributor_id", "=", self.alpha.id)])
        self.assertEqual(mapping.meaning, "2: Product code, 3: Quantity")
        with self.assertRaisesRegex(UserError, "are known"):
            statement._name_columns(1, {"code": 0, "quantity": 1})

    def test_another_row_has_the_names(self):
        statement = self.take_in(["Foo", "Bar"], ["T-TEA", 5], header=("Our shop", "since 1950"))
        wizard = self.env["dms.stock.statement.columns"].with_user(self.desk)._create_for(statement)
        wizard.header_row = 2
        wizard.action_show_row()
        self.assertEqual(wizard.line_ids.mapped("header"), ["Foo", "Bar"])
        wizard.line_ids[0].meaning, wizard.line_ids[1].meaning = "code", "quantity"
        wizard.action_read()
        self.assertEqual(self.lines(statement)[0][:2], (self.tea, 5))

    # ------------------------------------------------------------ upload

    def test_upload(self):
        values = {"distributor_id": self.alpha.id, "kind": "count", "is_full_count": True}
        Upload = self.env["dms.stock.statement.upload"].with_user(self.desk)
        data = base64.b64encode(workbook(["T-TEA", 98], header=["Code", "Counted"]))
        for wrong in ({}, {"file": data, "text": "T-TEA 5"}):
            with self.subTest(wrong), self.assertRaises(UserError):
                Upload.create({**values, **wrong}).action_upload()
        action = Upload.create({**values, "file": data, "filename": "a/../count.xlsx"}).action_upload()
        statement = self.statements.browse(action["res_id"])
        self.assertEqual((statement.is_full_count, statement.filename, statement.line_ids.quantity), (True, "count.xlsx", 98))
        action = Upload.create({**values, "kind": "sellout", "text": "T-TEA 3"}).action_upload()
        self.assertEqual(self.statements.browse(action["res_id"]).source, "paste")

    # ------------------------------------------------------------ rights

    def test_who_may_take_in(self):
        self.assertEqual(self.take_in(["T-TEA", 1], user=self.area_manager).distributor_id, self.alpha)
        with self.assertRaises(AccessError):
            self.take_in(["T-TEA", 1], user=self.area_manager, distributor=self.beta)
        for user in (self.employee, self.alpha_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.take_in(["T-TEA", 1], user=user)
        with self.assertRaisesRegex(UserError, "order desk"):
            self.take_in(["T-TEA", 2], user=self.area_manager, kind="correction")

    def test_what_came_in_is_not_written_by_hand(self):
        statement = self.take_in(["T-TEA", 1], ["NO", 1])
        for values in ({"checksum": "1"}, {"filename": "x"}, {"needs_columns": True}, {"source": "api"}):
            with self.subTest(values), self.assertRaises(UserError):
                statement.write(values)
        with self.assertRaises(AccessError):
            statement.row_ids.write({"state": "left_out"})
        with self.assertRaises(AccessError):
            self.env["dms.stock.mapping"].with_user(self.desk).create({"distributor_id": self.alpha.id})

    def test_queries_do_not_depend_on_the_rows(self):
        products = [self.create_product(f"Row {number}", f"T-R{number}", 1.0) for number in range(40)]
        self.take_in(["T-R0", 1, None, None])
        counts = []
        for size in (4, 40):
            rows = [[product.default_code, size, "Case of 12", None] for product in products[:size]] + [["NO", size, None, None]] * size
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.take_in(*rows)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
