from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.dms_orders.engine.errors import CODES, IntakeError
from odoo.addons.dms_orders.engine.numbers import MAX_QUANTITY, parse_decimal, parse_quantity, quantity_from_number
from odoo.addons.dms_orders.engine.paste import read_lines

# The same examples in every run, nothing written beside the code.
PROPERTY = settings(max_examples=200, deadline=None, derandomize=True, database=None)
READ = {
    "1": "1",
    " 12 ": "12",
    "007": "7",
    "+5": "5",
    "1,5": "1.5",
    "1.5": "1.5",
    ".5": "0.5",
    ",25": "0.25",
    "0,500": "0.5",
    "0.125": "0.125",
    "1234,500": "1234.5",
    "1500": "1500",
    "1 500": "1500",
    "1\u00a0500,5": "1500.5",
    "1'500": "1500",
    "1’500.25": "1500.25",
    "1.500,00": "1500",
    "1,500.00": "1500",
    "1.500.000": "1500000",
    "1,500,000.5": "1500000.5",
    "1,50,000": "150000",
    "1000000000": "1000000000",
}
REFUSED = {
    "quantity_missing": ("", "   ", "\u00a0"),
    "quantity_ambiguous": ("1,500", "1.500", "12,345", "999.999"),
    "quantity_negative": ("-1", "\u22125", "5-", "(5)", "-1.500,00"),
    "quantity_zero": ("0", "0,00", "-0", "000"),
    "quantity_too_large": ("1000000001", "1e40", "9" * 400, "1e999999999"),
    "quantity_exponent": ("1e3", "1E5", "1.5e2"),
    "quantity_not_finite": ("nan", "NaN", "inf", "-Infinity", "∞"),
    "quantity_not_number": (
        "abc", "12 pcs", "1.5,000", "1,2,3", "1..5", "5.", "5,", "1/2", "½", "5²", "١٢", "0.500.000", "50%", "=1+1",
        "1_000", "0x10", "-", "+", "()", ",", "12 34", "1 500 00", "2024-01-05", "1.500.00",
    ),
}  # fmt: skip


class TestQuantities(BaseCase):
    def assertRefused(self, code, parse, value):
        with self.assertRaises(IntakeError, msg=value) as caught:
            parse(value)
        self.assertEqual(caught.exception.code, code, value)
        self.assertEqual(set(caught.exception.params), set(CODES[code]), value)

    def test_one_reading_is_read(self):
        for text, expected in READ.items():
            self.assertEqual(parse_quantity(text), Decimal(expected), text)

    def test_every_refusal_names_its_reason(self):
        for code, texts in REFUSED.items():
            for text in texts:
                self.assertRefused(code, parse_quantity, text)

    def test_refused_value_is_shown_short(self):
        with self.assertRaises(IntakeError) as caught:
            parse_quantity("x" * 10000)
        self.assertLessEqual(len(caught.exception.params["value"]), 40)

    def test_numeric_cell_has_the_digits_a_sheet_shows(self):
        for stored, expected in {"0.30000000000000004": "0.3", "1.125": "1.125", "12.0": "12", "1E3": "1000"}.items():
            self.assertEqual(quantity_from_number(stored), Decimal(expected), stored)

    def test_numeric_cell_out_of_bounds_is_refused(self):
        bad = {
            "-1": "quantity_negative", "0": "quantity_zero", "1E-400": "quantity_zero", "1e40": "quantity_too_large",
            "1e308999": "quantity_too_large", "NaN": "quantity_not_finite", "INF": "quantity_not_finite",
            "1_000": "quantity_not_number", "": "quantity_not_number", "x": "quantity_not_number",
        }  # fmt: skip
        for stored, code in bad.items():
            self.assertRefused(code, quantity_from_number, stored)

    def test_schema_decimal_is_never_grouped(self):
        self.assertEqual(parse_decimal(" 1.500 "), Decimal("1.5"))
        for text in ("1,5", "1e5", "NaN", "", "1 000", "9" * 41):
            self.assertIsNone(parse_decimal(text), text)

    @settings(PROPERTY, max_examples=400)
    @given(st.one_of(st.text(max_size=60), st.text("0123456789.,' -+()eE", max_size=30)))
    def test_any_text_is_a_positive_number_or_refused(self, text):
        try:
            self.assertTrue(0 < parse_quantity(text) <= MAX_QUANTITY)
        except IntakeError as error:
            self.assertIn(error.code, CODES)

    @settings(PROPERTY)
    @given(st.decimals(min_value="0.01", max_value=MAX_QUANTITY, places=2))
    def test_own_writing_is_read_back(self, number):
        self.assertEqual(parse_quantity(f"{number:f}"), number)
        self.assertEqual(parse_quantity(f"{number:,.2f}"), number)
        self.assertEqual(parse_quantity(f"{number:f}".replace(".", ",")), number)


class TestPaste(BaseCase):
    def read_all(self, text):
        return [(row.number, row.code, row.quantity, row.unit) for row in read_lines(text).rows]

    def test_every_separator_is_read(self):
        for line in ("AB-1 12", "AB-1\t12", "AB-1;12", "AB-1,12", "AB-1 x 12", "AB-1 x12", "AB-1, 12", "AB-1 × 12"):
            self.assertEqual(self.read_all(line), [(1, "AB-1", Decimal(12), "")], line)

    def test_unit_follows_the_quantity(self):
        for line in ("00123 5 box", "00123\t5\tbox", "00123;5;box", "00123,5,box", "00123 5box", "00123 x 5 box"):
            self.assertEqual(self.read_all(line), [(1, "00123", Decimal(5), "box")], line)

    def test_code_with_blanks_ends_before_the_last_number(self):
        self.assertEqual(self.read_all("ABC 123 12"), [(1, "ABC 123", Decimal(12), "")])

    def test_line_numbers_count_blank_lines(self):
        self.assertEqual(self.read_all("A 1\n\n\r\n B 2 \n"), [(1, "A", Decimal(1), ""), (4, "B", Decimal(2), "")])

    def test_decimal_comma_is_read_unless_commas_separate(self):
        self.assertEqual(self.read_all("A 1,5 kg"), [(1, "A", Decimal("1.5"), "kg")])
        self.assertEqual(read_lines("A,1,5").rows[0].problems[0].code, "quantity_ambiguous")

    def test_bad_lines_keep_their_number_and_reason(self):
        rows = read_lines("A -3\nB\nC 0\nD 1.500\nE 1e40\n;5\nF;\nG;x5y").rows
        self.assertEqual(
            [(row.number, row.problems[0].code) for row in rows],
            [
                (1, "quantity_negative"),
                (2, "quantity_missing"),
                (3, "quantity_zero"),
                (4, "quantity_ambiguous"),
                (5, "quantity_too_large"),
                (6, "product_missing"),
                (7, "quantity_missing"),
                (8, "quantity_not_number"),
            ],
        )

    def test_table_with_header_is_read_by_its_header(self):
        rows = read_lines("Qty\tUnit\tProduct code\n5\tbox\t00123\n").rows
        self.assertEqual([(r.number, r.code, r.quantity, r.unit) for r in rows], [(2, "00123", Decimal(5), "box")])

    def test_too_much_or_nothing_is_refused(self):
        for code, text in {"empty": " \n ", "too_many_rows": "A 1\n" * 5001, "nul_bytes": "A\0 1"}.items():
            with self.assertRaises(IntakeError) as caught:
                read_lines(text)
            self.assertEqual(caught.exception.code, code)

    @settings(PROPERTY)
    @given(st.one_of(st.text(max_size=300), st.text("aB1 0.,;x\t\n-e", max_size=300)))
    def test_any_text_gives_rows_or_a_refusal(self, text):
        try:
            rows = read_lines(text).rows
        except IntakeError as error:
            self.assertIn(error.code, CODES)
        else:
            self.assertTrue(all((row.quantity is None) == bool(row.problems) for row in rows))
