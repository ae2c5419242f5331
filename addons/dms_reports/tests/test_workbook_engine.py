import datetime
import os
import tempfile
import tracemalloc

from odoo.tests import BaseCase, tagged

from ..workbook import SUM, Chart, Column, Cover, Ratio, Sheet, Words, rows, write_book
from .workbook_common import make, parts_of, read_book, read_formulas

DAY = datetime.date(2026, 2, 3)
COVER = Cover("Sales", [("Company", "Maker"), ("Period", "all")])
COLUMNS = [Column("Day", "date"), Column("Name", width=30), Column("Pieces", "quantity"), Column("Net", "money", total=SUM)]


@tagged("post_install", "-at_install")
class TestWorkbookEngine(BaseCase):
    def test_cells_come_back_as_they_were(self):
        cells = [[DAY, "Tea", 2.5, 12.34], [None, None, None, None], [datetime.date(2026, 12, 31), "Coffee & <Cake>", 0, -3]]
        book = read_book(make(COVER, [Sheet("Figures", COLUMNS, cells)]))
        midnight = datetime.time()
        self.assertEqual(book["Figures"][0], ["Day", "Name", "Pieces", "Net"])
        self.assertEqual(book["Figures"][1], [datetime.datetime.combine(DAY, midnight), "Tea", 2.5, 12.34])
        self.assertEqual(book["Figures"][2], [None] * 4)
        self.assertEqual(book["Figures"][3][1:], ["Coffee & <Cake>", 0, -3])
        self.assertEqual(book["Figures"][4], ["Total", None, None, 9.34])

    def test_both_ways_write_the_same_file(self):
        texts = ["=1+1", "+1", "-1", "@x", "\ttab", " space ", "_x0041_", "bell\x07", "a<b>&\"c'", "", "x" * 40_000, "Zürich ✓ 茶"]
        numbers = [0.1 + 0.2, 1e-9, -12345678.9, 0, 7, float("nan"), float("inf"), None, 1e15 + 0.3]
        days = [DAY, None, datetime.date(1800, 1, 1), datetime.date(9999, 12, 31)]
        cells = [[days[i % 4], texts[i % 12], numbers[i % 9], numbers[(i + 4) % 9]] for i in range(400)]
        sheets = [Sheet("A", COLUMNS, cells, chart=Chart("bar", "Net", 1, [3])), Sheet("A", COLUMNS, [])]
        fast, plain = (parts_of(make(COVER, sheets, way=way)) for way in (rows.FastRows, rows.PlainRows))
        self.assertEqual(fast, plain)
        self.assertIs(rows.pick(), rows.FastRows, "this xlsxwriter has what the fast way takes")

    def test_text_is_never_a_formula(self):
        hostile = ["=1+1", "=HYPERLINK(1)", "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "http://x.example", "<r><t>x</t></r>", "12"]
        hostile.append('<r></is></c><c r="B9"><f>1+1</f></c><r></r>')
        for way in (rows.FastRows, rows.PlainRows):
            content = make(Cover("=9+9", [("=2+2", "=3+3")]), [Sheet("=S", [Column("=H")], [[text] for text in hostile])], way=way)
            self.assertEqual(read_formulas(content, "=S"), {})
            self.assertEqual(read_formulas(content, "Cover"), {})
            cells = [row[0] for row in read_book(content)["=S"][1:]]
            self.assertEqual([cell.replace("_x000D_", "\r").strip() for cell in cells], [text.strip() for text in hostile])
            self.assertTrue(all(isinstance(cell, str) for cell in cells))
            self.assertNotIn(b"<f>", parts_of(content)["xl/worksheets/sheet2.xml"])

    def test_totals_are_formulas_for_each_currency(self):
        columns = [Column("Who"), Column("Currency"), Column("Net", "money", total=SUM), Column("Cost", "money", total=SUM)]
        columns.append(Column("Share", "percent", total=Ratio(3, 2)))
        cells = [["a", "EUR", 10, 1, 0.1], ["b", "USD", 5, 1, 0.2], ["c", "EUR", 30, 3, 0.1]]
        content = make(COVER, [Sheet("S", columns, cells, currency=1)])
        self.assertEqual(read_book(content)["S"][4:], [["Total", "EUR", 40, 4, 0.1], ["Total", "USD", 5, 1, 0.2]])
        formulas = read_formulas(content, "S")
        self.assertEqual(formulas["C5"], "=SUMIF(B2:B4,B5,C2:C4)")
        self.assertEqual(formulas["E6"], "=IF(C6=0,0,D6/C6)")

    def test_totals_of_one_currency_follow_the_filter(self):
        content = make(COVER, [Sheet("S", COLUMNS, [[DAY, "x", 1, 2.0]])])
        self.assertEqual(read_formulas(content, "S"), {"D3": "=SUBTOTAL(109,D2:D2)"})

    def test_rows_beyond_a_sheet_go_on_in_the_next(self):
        cells = [[DAY, "x", 1, float(number)] for number in range(498)]
        for count in (199, 298, 398, 498):
            content = make(COVER, [Sheet("S", COLUMNS, cells[:count])], most_rows=300)
            sheets = [row for name, sheet in read_book(content).items() if name != "Cover" for row in sheet[1:]]
            self.assertEqual([row[3] for row in sheets[:-1]], [float(number) for number in range(count)])
            self.assertEqual(sheets[-1][3], sum(range(count)))

    def test_names_of_sheets_fit_and_differ(self):
        sheets = [Sheet(title, COLUMNS, []) for title in ("a/b" * 20, "a/b" * 20, "History", "'x'", "", "Cover", "COVER")]
        names = list(read_book(make(COVER, sheets)))
        self.assertEqual(len({name.lower() for name in names}), 8)
        self.assertTrue(all(0 < len(name) <= 31 for name in names))

    def test_cover_tells_what_is_in_the_book(self):
        words = Words("Deckblatt", "Inhalt", "Blatt", "Zeilen", "Zeigt", "Summe")
        cover = Cover("Umsatz", [("Firma", "Maker")], "Nichts zu sehen", words=words)
        book = read_book(make(cover, [Sheet("Zahlen", COLUMNS, [[DAY, "x", 1, 2]], note="alles")]))
        cells = [cell for row in book["Deckblatt"] for cell in row if cell is not None]
        self.assertEqual(cells, ["Umsatz", "Firma", "Maker", "Nichts zu sehen", "Inhalt", "Zeilen", "Zeigt", "Zahlen", 1, "alles"])
        self.assertEqual(book["Zahlen"][-1][0], "Summe")

    def test_headings_stay_and_rows_can_be_filtered(self):
        content = make(COVER, [Sheet("S", COLUMNS, [[DAY, "x", 1, 2.0]] * 5, chart=Chart("column", "Net", 1, [3]))])
        xml = parts_of(content)["xl/worksheets/sheet2.xml"].decode()
        self.assertIn('state="frozen"', xml)
        self.assertIn('<autoFilter ref="A1:D6"/>', xml)
        self.assertIn('width="30.7109375"', xml)
        chart = parts_of(content)["xl/charts/chart1.xml"].decode()
        self.assertIn("S!$D$2:$D$6", chart)

    def test_memory_does_not_grow_with_rows(self):
        peaks = [self.measure(count) for count in (5_000, 60_000)]
        self.assertLess(peaks[1], 8 * 1024 * 1024, "a few megabytes whatever the rows")
        self.assertLess(peaks[1], peaks[0] * 3 + 1024 * 1024)

    def measure(self, count):
        """Peak of what is allocated while so many rows are written."""
        cells = ([DAY, f"Distributor {number}", 1.5, float(number)] for number in range(count))
        with tempfile.TemporaryDirectory() as folder:
            tracemalloc.start()
            try:
                write_book(os.path.join(folder, "book.xlsx"), COVER, [Sheet("S", COLUMNS, cells)])
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    def test_progress_counts_every_row_and_may_stop(self):
        seen = []
        write_book(tempfile.TemporaryFile(), COVER, [Sheet("S", COLUMNS, [[DAY, "x", 1, 2]] * 2_500)] * 2, progress=seen.append)
        self.assertEqual(seen, [1_000, 2_000, 2_500, 3_500, 4_500, 5_000])
