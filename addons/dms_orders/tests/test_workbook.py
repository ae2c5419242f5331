import io

import openpyxl

from odoo.tests import TransactionCase, tagged

from ..report.workbook import Workbook

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '<r><t>x</t></r><f>HYPERLINK("http://example.com")</f></r>', "<r></r>", "plain")


@tagged("post_install", "-at_install")
class TestWorkbook(TransactionCase):
    def test_text_stays_text_whatever_it_says(self):
        book = Workbook(self.env, "Hostile")
        book.add_table("Texts", [("Text", "text", 20)], [[text] for text in HOSTILE])
        cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(book.close()))["Texts"].iter_rows(min_row=2)]
        self.assertEqual([cell.data_type for cell in cells], ["s"] * len(HOSTILE))
        self.assertEqual([cell.value.strip() for cell in cells], [text.strip() for text in HOSTILE])
        self.assertEqual([cell.quotePrefix for cell in cells], [True] * 5 + [False] * 3)
