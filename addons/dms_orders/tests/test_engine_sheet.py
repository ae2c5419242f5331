import io
import random
import time
import zipfile
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import openpyxl

from odoo.tests import BaseCase

from odoo.addons.dms_orders.engine.errors import CODES, IntakeError
from odoo.addons.dms_orders.engine.sheet import read_rows
from odoo.addons.dms_orders.engine.upload import Limits, clean_filename, kind_of

HEADER = ["Product code", "Quantity", "Unit"]


def workbook(*rows, header=HEADER, change=None):
    """Return the bytes of an XLSX file; `change(sheet)` may touch the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([header] if header else []) + list(rows):
        sheet.append(row)
    if change:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def raw_workbook(sheet_xml, strings="<sst/>", sheets=1, parts=None):
    """Return an XLSX file whose parts are exactly as given."""
    sheet_list = "".join(f'<sheet name="S{number}" r:id="r1"/>' for number in range(sheets))
    content = {
        "_rels/.rels": '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns:r="R"><sheets>{sheet_list}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/>'
        '<Relationship Id="r2" Type="x/sharedStrings" Target="strings.xml"/></Relationships>',
        "xl/s.xml": f"<worksheet><dimension ref='A1:XFD1048576'/><sheetData>{sheet_xml}</sheetData></worksheet>",
        "xl/strings.xml": strings,
    } | (parts or {})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return stream.getvalue()


def text_cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


RAW_HEADER = f"<row r='1'>{text_cell('Code')}{text_cell('Qty')}</row>"


class SheetCase(BaseCase):
    def read_all(self, data, filename="order.xlsx", **limits):
        return read_rows(data, filename, Limits(**limits)).rows

    def assertRefused(self, code, data, filename="order.xlsx", **limits):
        with self.assertRaises(IntakeError) as caught:
            self.read_all(data, filename, **limits)
        self.assertEqual(caught.exception.code, code, caught.exception.params)
        self.assertEqual(set(caught.exception.params), set(CODES[code]))
        return caught.exception.params

    def problems(self, data, filename="order.xlsx"):
        return {row.number: row.problems[0].code for row in self.read_all(data, filename) if row.problems}


class TestWorkbook(SheetCase):
    def test_rows_carry_their_number_and_texts(self):
        rows = self.read_all(workbook(["A1", 5, "box"], [None, None, None], ["00123", "1,5", None]))
        self.assertEqual([(r.number, r.code, r.quantity, r.unit) for r in rows], [(2, "A1", 5, "box"), (4, "00123", Decimal("1.5"), "")])

    def test_header_is_found_below_a_title_in_other_languages(self):
        for header in (
            ["Artikel-Nr.", "Menge", "Einheit"],
            ["CODE ARTICLE", "Quantité", "unité"],
            ["Código", "CANTIDAD", "Unidad"],
            ["ean", "Qty.", "U.o.M."],
            ["Désignation", "QTÉ", "Conditionnement"],
        ):
            data = workbook(["Order of May"], [], header, ["X", 2, "pcs"], header=None)
            self.assertEqual([(r.number, r.quantity, r.unit) for r in self.read_all(data)], [(4, 2, "pcs")], header)

    def test_product_column_is_code_and_name(self):
        [row] = self.read_all(workbook(["Cola", 2], header=["Product", "Qty"]))
        self.assertEqual((row.code, row.name), ("Cola", "Cola"))

    def test_text_codes_stay_text(self):
        rows = self.read_all(workbook(["00123", 1], ["1E5", 1], ["1.50", 1], ["123456789012345678", 1]))
        self.assertEqual([row.code for row in rows], ["00123", "1E5", "1.50", "123456789012345678"])

    def test_whole_number_codes_are_taken_as_they_show(self):
        def pad(sheet):
            sheet["A3"].number_format = "00000"

        rows = self.read_all(workbook([123, 1], [123, 1], [5704066204093, 1], [7.0, 1], change=pad))
        self.assertEqual([row.code for row in rows], ["123", "00123", "5704066204093", "7"])

    def test_number_codes_with_two_readings_are_refused(self):
        def formats(sheet):
            sheet["A2"].number_format = "0.00E+00"
            sheet["A4"].number_format = "0%"

        data = workbook([1e5, 1], [12.5, 1], [0.5, 1], [date(2024, 5, 1), 1], [True, 1], [10**16, 1], [-5, 1], change=formats)
        self.assertEqual(self.problems(data), dict.fromkeys(range(2, 9), "code_number"))

    def test_quantities_of_numeric_cells_are_exact(self):
        rows = self.read_all(workbook(["A", 1.125], ["B", 0.1 + 0.2], ["C", 1500]))
        self.assertEqual([row.quantity for row in rows], [Decimal("1.125"), Decimal("0.3"), Decimal(1500)])

    def test_bad_quantities_are_listed_with_row_and_reason(self):
        data = workbook(
            ["A", -1], ["B", 0], ["C", 1e40], ["D", "many"], ["E", None], ["F", "1.500"], ["G", date(2024, 5, 1)],
            ["H", "NaN"], ["I", True], ["J", 5], [None, 7],
        )  # fmt: skip
        self.assertEqual(
            self.problems(data),
            {
                2: "quantity_negative",
                3: "quantity_zero",
                4: "quantity_too_large",
                5: "quantity_not_number",
                6: "quantity_missing",
                7: "quantity_ambiguous",
                8: "quantity_date",
                9: "quantity_not_finite",
                10: "quantity_not_number",
                12: "product_missing",
            },
        )

    def test_formula_in_a_needed_cell_is_refused_by_row(self):
        data = workbook(["=A1", 1, None], ["B", "=1+1", None], ["C", 1, '=HYPERLINK("x")'], ["D", 1, "box"])
        self.assertEqual(self.problems(data), dict.fromkeys((2, 3, 4), "cell_formula"))

    def test_stored_result_of_a_formula_is_not_used(self):
        cell = "<c><f>6*7</f><v>42</v></c>"
        self.assertEqual(self.problems(raw_workbook(f"{RAW_HEADER}<row>{text_cell('A')}{cell}</row>")), {2: "cell_formula"})

    def test_name_looked_up_by_formula_does_not_matter_beside_a_code(self):
        header = ["Code", "Name", "Quantity"]
        data = workbook(["A", "=VLOOKUP(A2,X:Y,2)", 3], [None, "=VLOOKUP(A3,X:Y,2)", 3], header=header)
        self.assertEqual(self.problems(data), {3: "cell_formula"})

    def test_row_prepared_with_empty_formulas_is_no_row(self):
        empty = '<c t="str"><f>IF(1,"","")</f><v></v></c>'
        data = raw_workbook(f"{RAW_HEADER}<row>{text_cell('A')}<c><v>2</v></c></row><row>{empty}</row>")
        self.assertEqual([row.code for row in self.read_all(data)], ["A"])

    def test_error_value_and_long_cell_are_refused_by_row(self):
        error = '<c t="e"><v>#N/A</v></c>'
        long_cell = text_cell("x" * 501)
        data = raw_workbook(f"{RAW_HEADER}<row>{error}<c><v>1</v></c></row><row>{long_cell}<c><v>1</v></c></row>")
        self.assertEqual(self.problems(data), {2: "cell_error", 3: "cell_too_long"})

    def test_long_text_in_an_unused_column_does_not_matter(self):
        [row] = self.read_all(workbook(["A", 1, None, "x" * 5000]))
        self.assertFalse(row.problems)

    def test_hidden_sheet_is_passed_over_and_a_second_order_sheet_refused(self):
        book = openpyxl.Workbook()
        for name, code in (("Hidden", "H"), ("Readme", ""), ("Order", "A")):
            sheet = book.create_sheet(name)
            sheet.append(HEADER if code else ["Please fill in the next sheet"])
            sheet.append([code, 1])
        book.remove(book["Sheet"])
        book["Hidden"].sheet_state = "hidden"
        stream = io.BytesIO()
        book.save(stream)
        self.assertEqual([row.code for row in self.read_all(stream.getvalue())], ["A"])
        book["Hidden"].sheet_state = "visible"
        book.save(stream := io.BytesIO())
        self.assertEqual(self.assertRefused("several_sheets", stream.getvalue()), {"first": "Hidden", "second": "Order"})


class TestWorkbookHostile(SheetCase):
    def test_whole_file_refusals_have_their_code(self):
        self.assertRefused("empty", b"")
        self.assertRefused("empty", b"\xef\xbb\xbf\r\n", "a.csv")
        self.assertRefused("empty", workbook(header=None))
        self.assertRefused("no_rows", workbook())
        self.assertRefused("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls")
        self.assertRefused("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        secret = "EncryptedPackage".encode("utf-16-le")
        self.assertRefused("protected", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + secret)
        self.assertRefused("content_mismatch", b"Code,Qty\nA,1\n")
        self.assertRefused("content_mismatch", workbook(["A", 1]), "a.csv")
        self.assertRefused("broken_zip", b"PK\x03\x04" + b"x" * 500)
        self.assertRefused("broken_zip", workbook(["A", 1])[:-60])
        self.assertRefused("extension", b"x", "order.pdf")
        self.assertRefused("extension", b"x", "order")
        self.assertRefused("too_big", b"x" * (5 * 1024 * 1024 + 1), "a.csv")

    def test_wrong_headers_are_repeated(self):
        params = self.assertRefused("no_header", workbook(["A", 1], header=["Foo", "Bar"]))
        self.assertEqual(params["found"], "Foo, Bar")
        self.assertRefused("no_header", workbook(["A", 1], header=["Product code", "Price"]))
        params = self.assertRefused("duplicate_header", workbook(["A", 1], header=["SKU", "Qty", "Menge"]))
        self.assertEqual(params, {"first": "Qty", "second": "Menge"})

    def test_too_many_rows_and_columns_are_refused(self):
        rows = [["A", 1]] * 50_000
        start = time.process_time()
        self.assertRefused("too_many_rows", b"Code;Qty\n" + b"A;1\n" * 50_000, "a.csv")
        data = workbook(*rows)
        start = time.process_time()
        self.assertEqual(self.assertRefused("too_many_rows", data), {"limit": 5000})
        self.assertLess(time.process_time() - start, 2)
        self.assertEqual(len(self.read_all(workbook(*rows[:5000]))), 5000)
        self.assertRefused("too_many_columns", workbook(["A", 1, *range(60)]))

    def test_claimed_size_is_not_walked(self):
        last = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>A</t></is></c><c r="B1048576"><v>5</v></c></row>'
        start = time.process_time()
        [row] = self.read_all(raw_workbook(RAW_HEADER + last))
        self.assertEqual((row.number, row.quantity), (1048576, 5))
        self.assertRefused("too_many_columns", raw_workbook(RAW_HEADER + '<row><c r="XFD2"><v>1</v></c></row>'))
        self.assertRefused("not_spreadsheet", raw_workbook(RAW_HEADER + '<row r="1048577"><c><v>1</v></c></row>'))
        self.assertLess(time.process_time() - start, 1)

    def test_zip_bombs_are_refused_before_parsing(self):
        start = time.process_time()
        self.assertRefused("zip_bomb", raw_workbook("<row/>" * 5_000_000))
        noise = random.Random(1).randbytes(600_000)
        big = {"xl/media/a.bin": noise, "xl/media/b.bin": bytes(51 * 1024 * 1024)}
        self.assertRefused("zip_bomb", raw_workbook(RAW_HEADER, parts=big))
        self.assertRefused("zip_bomb", raw_workbook(RAW_HEADER, parts={f"x/{number}": "" for number in range(200)}))
        self.assertLess(time.process_time() - start, 3)

    def test_entry_that_lies_about_its_size_is_refused(self):
        data = raw_workbook(RAW_HEADER, parts={"xl/s.xml": "<row/>" * 300_000, "xl/media/a.bin": random.Random(1).randbytes(30_000)})
        size = (300_000 * 6).to_bytes(4, "little")
        self.assertIn(size, data)
        self.assertRefused("broken_zip", data.replace(size, (100).to_bytes(4, "little")))

    def test_many_elements_end_early(self):
        noise = {"xl/media/a.bin": random.Random(1).randbytes(20_000)}
        with patch("odoo.addons.dms_orders.engine.package.MAX_ELEMENTS", 10_000):
            self.assertRefused("too_complex", raw_workbook("<row><c/></row>" * 6_000, parts=noise))
            self.assertRefused("too_complex", raw_workbook(RAW_HEADER, "<sst>" + "<si/>" * 11_000 + "</sst>", parts=noise))
            self.assertRefused("too_complex", raw_workbook("<row/>" * 3_000, sheets=10, parts=noise))

    def test_rows_without_content_are_not_counted(self):
        noise = {"xl/media/a.bin": random.Random(1).randbytes(20_000)}
        rows = f"{RAW_HEADER}<row>{text_cell('A')}<c><v>1</v></c></row>" + "<row/>" * 20_000
        self.assertEqual(len(self.read_all(raw_workbook(rows, parts=noise))), 1)

    def test_document_types_and_entities_are_refused_in_any_part(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>'
        self.assertRefused("doctype", raw_workbook(RAW_HEADER, strings=bomb))
        self.assertRefused("doctype", raw_workbook(RAW_HEADER, parts={"docProps/app.xml": bomb.encode("utf-16")}))
        entity = f"<row>{text_cell('&xxe;')}</row>"
        self.assertRefused("broken_xml", raw_workbook(RAW_HEADER + entity))

    def test_external_sheet_is_not_followed(self):
        relations = (
            '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
        )
        self.assertRefused("empty", raw_workbook(RAW_HEADER, parts={"xl/_rels/workbook.xml.rels": relations}))

    def test_other_office_files_are_no_spreadsheet(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "<document/>")
        self.assertRefused("not_spreadsheet", stream.getvalue())
        self.assertRefused("not_spreadsheet", raw_workbook("", parts={"xl/workbook.xml": "<document/>"}))
        self.assertRefused("broken_xml", raw_workbook("<row>"))

    def test_broken_parts_never_raise_anything_else(self):
        good = workbook(["A1", 5, "box"], ["B", "=1", "kg"])
        with zipfile.ZipFile(io.BytesIO(good)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        chance = random.Random(19)
        for _round in range(150):
            broken = {name: mutate(chance, part) if chance.random() < 0.3 else part for name, part in parts.items()}
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as archive:
                for name, part in broken.items():
                    archive.writestr(name, part)
            for data in (stream.getvalue(), mutate(chance, good)):
                try:
                    self.read_all(data)
                except IntakeError as error:
                    self.assertIn(error.code, CODES)


class TestSeparatedText(SheetCase):
    TEXT = "Bezeichnung;Art.-Nr.;Menge;ME\nMüsli;00123;1,5;kg\n\n;1E5;3;Stück\n"

    def test_every_encoding_and_separator_is_read(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            for separator in (";", "\t", ","):
                text = self.TEXT.replace(";", separator).replace("1,5", '"1,5"')
                for ending in ("\n", "\r\n", "\r"):
                    data = text.replace("\n", ending).encode(encoding)
                    rows = self.read_all(data, "order.csv")
                    self.assertEqual(
                        [(r.number, r.code, r.name, r.quantity, r.unit) for r in rows],
                        [(2, "00123", "Müsli", Decimal("1.5"), "kg"), (4, "1E5", "", 3, "Stück")],
                        (encoding, separator, ending),
                    )

    def test_declared_separator_line_is_read(self):
        [row] = self.read_all(b"sep=;\nCode;Qty\nA;2\n", "a.csv")
        self.assertEqual((row.number, row.code), (3, "A"))

    def test_damaged_encodings_are_refused_with_their_line(self):
        mixed = "Code;Qty\nMüsli;1\n".encode() + "Käse;2\n".encode("cp1252")
        self.assertEqual(self.assertRefused("mixed_encoding", mixed, "a.csv"), {"line": 3})
        self.assertEqual(self.assertRefused("encoding", b"Code;Qty\nA\x81;1\n", "a.csv"), {"line": 2})
        self.assertEqual(self.assertRefused("nul_bytes", b"Code;Qty\nA\0;1\n", "a.csv"), {"line": 2})
        self.assertRefused("nul_bytes", "Code;Qty\nA;1\n".encode("utf-32"), "a.csv")

    def test_open_quote_is_refused_instead_of_swallowing_rows(self):
        self.assertRefused("broken_csv", b'Code;Qty\n"A;1\nB;2\nC;3\n', "a.csv")
        self.assertRefused("broken_csv", b'Code;Qty\n"A"x;1\nB;2\n', "a.csv")

    def test_formula_text_and_damaged_numbers_are_refused_by_row(self):
        data = b'Code;Barcode;Qty\n="00123";;1\nA;;=1+1\n;5,70407E+12;1\n;1.00E+05;1\nB;5704066204093;2\n'
        self.assertEqual(self.problems(data, "a.csv"), {2: "cell_formula", 3: "cell_formula", 4: "code_damaged", 5: "code_damaged"})

    def test_other_content_under_a_text_name_is_refused(self):
        for data in (b"%PDF-1.4", b"PK\x03\x04xx", b"<html><body>", b"\x89PNG\r\n"):
            self.assertRefused("content_mismatch", data, "a.csv")
        self.assertRefused("no_header", b"just some text\nand more", "a.txt")

    def test_broken_text_never_raises_anything_else(self):
        chance = random.Random(7)
        for _round in range(300):
            data = mutate(chance, self.TEXT.encode(chance.choice(("utf-8", "utf-16", "cp1252"))))
            try:
                self.read_all(data, "a.csv")
            except IntakeError as error:
                self.assertIn(error.code, CODES)


class TestUploadName(BaseCase):
    def test_name_is_a_clean_base_name(self):
        for given, expected in {
            "order.xlsx": "order.xlsx",
            "../../etc/passwd.csv": "passwd.csv",
            "C:\\Users\\x\\May order.xlsx": "May order.xlsx",
            'a"<b>|.csv': "a__b__.csv",
            "\u202excod\0.csv": "xcod.csv",
            "": "file",
            "...": "file",
        }.items():
            self.assertEqual(clean_filename(given), expected)
        self.assertEqual(len(clean_filename("x" * 300 + ".xlsx")), 100)

    def test_kind_follows_extension_and_content(self):
        self.assertEqual(kind_of(b"<?xml version='1.0'?><a/>", "a.XML"), "xml")
        self.assertEqual(kind_of("<a/>".encode("utf-16"), "a.xml"), "xml")
        self.assertEqual(kind_of(b"a;b", "a.txt"), "text")


def mutate(chance, data):
    """Return the bytes with a few random changes."""
    data = bytearray(data)
    for _change in range(chance.randint(1, 6)):
        position = chance.randrange(len(data) + 1)
        if chance.random() < 0.4:
            del data[position : position + chance.randint(1, 30)]
        else:
            data[position:position] = chance.choice((b"<", b"&x;", b'"', b"\0", b"1e999999", b"<f>1</f>", b"\xff", b't="s" '))
    return bytes(data)
