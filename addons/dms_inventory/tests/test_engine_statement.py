from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase

from odoo.addons.dms_inventory.models.statement_columns import check_mapping, get_words
from odoo.addons.dms_inventory.models.statement_rows import ColumnsUnknown, make_item, read_days, read_file, read_text, show_quantity
from odoo.addons.dms_orders.engine.columns import signature
from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity
from odoo.addons.dms_orders.engine.upload import Limits
from odoo.addons.dms_orders.tests.test_engine_sheet import workbook

DAY = date(2026, 3, 31)


class TestStatementEngine(BaseCase):
    def read_rows(self, *rows, header=("Product code", "Quantity"), kind="sellout", remembered=None, **limits):
        data = workbook(*rows, header=list(header))
        return read_file(data, "list.xlsx", get_words(kind, remembered), DAY, Limits(**limits)).items

    def test_columns_are_known_in_seven_languages(self):
        headers = {
            "sellout": [
                ("Item no.", "Sold", "Unit", "Batch", "Customer", "Unit price", "Date"),
                ("Artikel-Nr.", "Verkaufte Menge", "Einheit", "Charge", "Kunde", "Preis", "Datum"),
                ("Référence", "Quantité vendue", "Unité", "N° de lot", "Client", "Prix", "Date"),
                ("Código", "Cantidad vendida", "Unidad", "Lote", "Cliente", "Precio", "Fecha"),
                ("Codice", "Venduto", "Unità", "Lotto", "Negozio", "Prezzo", "Data"),
                ("Código do produto", "Vendido", "Unidade", "Lote", "Loja", "Preço", "Data"),
                ("Artikelcode", "Verkocht", "Eenheid", "Partij", "Winkel", "Prijs", "Datum"),
            ],
            "count": [
                ("SKU", "Closing stock", "UoM", "Lot", "Shop", "Price", "Day"),
                ("Artikelnummer", "Endbestand", "ME", "Chargennr.", "Filiale", "Einzelpreis", "Tag"),
                ("Code article", "Quantité comptée", "Unité", "Lot", "Magasin", "Prix", "Jour"),
                ("Referencia", "Existencias", "Unidad", "Lote", "Tienda", "Precio", "Día"),
                ("Codice articolo", "Giacenza", "UM", "Lotto", "Negozio", "Prezzo", "Giorno"),
                ("Referência", "Estoque", "Unidade", "Lote", "Loja", "Preço", "Dia"),
                ("Productnummer", "Voorraad", "Eenheid", "Lotnummer", "Winkel", "Prijs", "Dag"),
            ],
        }
        for kind, rows in headers.items():
            for header in rows:
                with self.subTest(header):
                    (item,) = self.read_rows(["T-1", 5, "case", "L-1", "Corner", "1,50", "2026-03-30"], header=header, kind=kind)
                    found = (item.code, item.quantity, item.unit, item.lot, item.retailer, item.price, item.date_text, item.problems)
                    self.assertEqual(found, ("T-1", 5, "case", "L-1", "Corner", Decimal("1.50"), "2026-03-30", ()))

    def test_a_list_with_sold_and_closing_means_what_its_kind_says(self):
        header = ("Code", "Sold", "Closing stock")
        self.assertEqual(self.read_rows(["T-1", 3, 40], header=header)[0].quantity, 3)
        self.assertEqual(self.read_rows(["T-1", 3, 40], header=header, kind="count")[0].quantity, 40)

    def test_quantities_may_be_zero_and_below_and_are_never_guessed(self):
        items = self.read_rows(
            ["A", 0], ["B", -2], ["C", "1,5"], ["D", "1,500"], ["E", "a lot"], ["F", None], ["G", "=SUM(A1)"], ["H", 1.125]
        )
        self.assertEqual([item.quantity for item in items[:3]], [0, -2, Decimal("1.5")])
        codes = {item.code: item.problems[0].code for item in items if item.problems}
        self.assertEqual(codes, {"D": "quantity_ambiguous", "E": "quantity_not_number", "F": "quantity_missing", "G": "cell_formula"})
        self.assertEqual(parse_quantity(show_quantity(items[-1].quantity)), Decimal("1.125"))

    def test_days_of_rows(self):
        cases = {
            "2026-03-31": None,
            "31.03.2026": None,
            "31/03/2026": None,
            "2026-04-01": "date_later",
            "03/04/2026": "date_later",  # in one of its readings
            "soon": "date_unreadable",
            "2026-02-30": "date_unreadable",
        }
        for text, code in cases.items():
            with self.subTest(text):
                problems = make_item(1, {"code": "A", "quantity": "1", "date": text}, DAY).problems
                self.assertEqual([problem.code for problem in problems], [code] if code else [])
        self.assertEqual(read_days("03/04/2026"), (date(2026, 4, 3), date(2026, 3, 4)))
        (item,) = self.read_rows(["A", 1, date(2026, 3, 30)], header=("Code", "Qty", "Date"))
        self.assertEqual((item.date_text, item.problems), ("2026-03-30", ()))

    def test_columns_nobody_knows_are_asked_for_and_known_from_then_on(self):
        header = ("Foo", "Bar", "Baz")
        with self.assertRaises(ColumnsUnknown) as caught:
            self.read_rows(["x", "T-1", 4], header=header)
        number, texts = caught.exception.rows[0]
        self.assertEqual((number, texts), (1, {0: "Foo", 1: "Bar", 2: "Baz"}))
        remembered = {signature(texts): {"code": 1, "quantity": 2}}
        (item,) = self.read_rows(["x", "T-2", 7], header=header, remembered=remembered)
        self.assertEqual((item.code, item.quantity), ("T-2", 7))
        with self.assertRaises(ColumnsUnknown):
            self.read_rows(["x", "T-2", 7], header=("Foo", "Baz", "Bar"), remembered=remembered)  # another order is another list
        with self.assertRaises(ColumnsUnknown):
            self.read_rows(["T-1", 4, 5], header=("Code", "Qty", "Quantity"))  # two columns that claim to be the quantity

    def test_a_separator_is_found_for_columns_nobody_knows(self):
        with self.assertRaises(ColumnsUnknown) as caught:
            read_file(b"Foo;Bar;1,5\nx;y;2,5\n", "list.csv", get_words("count"), DAY)
        self.assertEqual(caught.exception.rows[1], (2, {0: "x", 1: "y", 2: "2,5"}))

    def test_only_mappings_that_make_rows_are_taken(self):
        good = {"code": 0, "quantity": 3}
        self.assertEqual(check_mapping(good), good)
        for bad in (None, [], {"code": 0}, {"quantity": 1}, {"code": 1, "quantity": 1}, {"code": -1, "quantity": 1}, {"code": "0", "quantity": 1},
                    {"code": True, "quantity": 0}, {"code": 0, "quantity": 40}, {**good, "evil": 2}):  # fmt: skip
            with self.subTest(bad):
                self.assertIsNone(check_mapping(bad))

    def test_files_that_cannot_be_read_at_all(self):
        whole = workbook(["T-1", 5], header=["Code", "Qty"])
        cases = {
            "broken_zip": (whole[: len(whole) // 2], "list.xlsx"),
            "extension": (b"x", "list.exe"),
            "content_mismatch": (b"%PDF-1.7", "list.csv"),
            "not_spreadsheet": (b"<a/>", "list.xml"),
            "too_big": (b"Code,Qty\n" + b"T-1,1\n" * 1_000_000, "list.csv"),
            "too_many_rows": (b"Code,Qty\n" + b"T-1,1\n" * 200, "list.csv"),
            "empty": (b"  \n", "list.csv"),
            "no_rows": (b"Code,Qty\n", "list.csv"),
        }
        for code, (data, filename) in cases.items():
            with self.subTest(code), self.assertRaises(IntakeError) as caught:
                read_file(data, filename, get_words("sellout"), DAY, Limits(max_rows=100))
            self.assertEqual(caught.exception.code, code)

    def test_pasted_lines(self):
        report = read_text("T-1 5\nT-2 0\nT-3 -4 Case\n", get_words("count"), DAY)
        self.assertEqual(
            [(item.code, item.quantity, item.unit) for item in report.items], [("T-1", 5, ""), ("T-2", 0, ""), ("T-3", -4, "Case")]
        )
        again = read_text("T-1   5\n\nT-2 0\nT-3 -4 Case", get_words("count"), DAY)
        self.assertEqual(again.checksum, report.checksum)
        self.assertNotEqual(read_text("T-1 5\nT-2 0\nT-3 -4 Case", get_words("count"), date(2026, 3, 30)).checksum, report.checksum)
        (item,) = read_text("Code\tLot\tClosing stock\nT-1\tL-9\t7", get_words("count"), DAY).items
        self.assertEqual((item.code, item.lot, item.quantity), ("T-1", "L-9", 7))
