import base64
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReturnsCommon


@tagged("post_install", "-at_install")
class TestDocuments(ReturnsCommon):
    """Returns and claims on paper and as spreadsheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        line = cls.line_of(cls.receive({cls.tea: 10}))
        case = cls.create_return({line: 4}, note="=1+1 wet carton")
        cls.case = cls.approve(cls.submit(case), 3)
        claim_type = cls.env["dms.claim.type"].create({"name": "T spend", "code": "T-SP", "kind": "spend"})
        values = {"distributor_id": cls.alpha.id, "claim_type_id": claim_type.id, "amount_claimed": 77.5, "reference": "=HYPERLINK(1)"}
        cls.claim = cls.env["dms.claim"].create(values)
        cls.claim.with_user(cls.desk).action_submit()
        cls.other = cls.create_return({cls.line_of(cls.receive({cls.tea: 5}, cls.beta)): 1}, cls.beta)

    def render(self, name, records, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.desk)
        return report._render_qweb_html(f"dms_returns.{name}", records.ids)[0].decode()

    def test_return_says_what_is_sent_where(self):
        self.warehouse.partner_id.street = "Quay 7"
        text = self.render("report_return", self.case)
        for word in (self.case.name, "Alpha Trading", "Send the goods to", self.warehouse.name, "Quay 7", "Tea", "4.00", "3.00"):
            self.assertIn(word, text)

    def test_claim_says_what_is_asked_for(self):
        text = self.render("report_claim", self.claim)
        for word in (self.claim.name, "T spend", "77.50", "=HYPERLINK(1)"):
            self.assertIn(word, text)

    def test_several_are_one_document_with_page_breaks(self):
        text = self.render("report_return", self.case | self.other)
        self.assertEqual((text.count('class="article'), text.count('class="o_dms_page"')), (1, 2))

    def test_it_is_a_pdf(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for name, record in (("return", self.case), ("claim", self.claim)):
            self.assertTrue(report._render_qweb_pdf(f"dms_returns.action_report_{name}", record.ids)[0].startswith(b"%PDF"), name)

    def test_documents_of_others_are_not_printed(self):
        with self.assertRaises(AccessError):
            self.render("report_return", self.other, self.alpha_user)
        with self.assertRaises(AccessError):
            self.render("report_return", self.other, self.area_manager)

    def test_list_holds_every_document_and_runs_no_formula(self):
        action = (self.case | self.other).with_user(self.desk).action_export()
        book = self.open(action, self.desk)
        names = [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)]
        self.assertEqual(names, [self.case.name, self.other.name, "Total"])
        lines = [[cell.value for cell in row] for row in book.worksheets[2].iter_rows(min_row=2, max_row=2)]
        self.assertEqual((lines[0][0], lines[0][7], lines[0][8]), (self.case.name, 4, 3))
        book = self.open(self.claim.with_user(self.desk).action_export(), self.desk)
        cell = next(cell for row in book.worksheets[1].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)")
        self.assertEqual((cell.data_type, cell.quotePrefix), ("s", True))

    def open(self, action, user):
        attachment = self.env["ir.attachment"].browse(int(action["url"].split("/")[-1].split("?")[0]))
        self.assertEqual((attachment.create_uid, attachment.res_model, attachment.public), (user, False, False))
        return load_workbook(io.BytesIO(base64.b64decode(attachment.datas)))

    def test_export_is_no_evidence_and_not_for_others(self):
        self.case.with_user(self.desk).action_export()
        self.assertEqual(self.case.evidence_count, 0)
        with self.assertRaises(AccessError):
            self.other.with_user(self.area_manager).action_export()
