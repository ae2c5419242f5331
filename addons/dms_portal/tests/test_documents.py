from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestDocuments(PortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def test_lists_show_own_documents(self):
        deliveries = self.get("/my/dms/deliveries?status=done").text
        self.assertIn(self.mine["picking"].name, deliveries)
        self.assertNotIn(self.theirs["picking"].name, deliveries)
        invoices = self.get("/my/dms/invoices?status=open").text
        self.assertIn(self.mine["invoice"].name, invoices)
        self.assertNotIn(self.theirs["invoice"].name, invoices)

    def test_invoice_is_a_pdf_that_names_its_products(self):
        answer = self.get(f"/my/dms/invoices/{self.mine['invoice'].id}/pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("Tea", answer.text)  # tests render the report as HTML
        self.assertNotIn("PROFORMA", answer.text.upper())

    def test_invoice_already_sent_is_given_as_it_was(self):
        invoice = self.mine["invoice"]
        self.env["ir.attachment"].create(
            {
                "name": "sent.pdf",
                "raw": b"%PDF-as-sent",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.assertEqual(self.get(f"/my/dms/invoices/{invoice.id}/pdf").content, b"%PDF-as-sent")

    def test_draft_invoices_are_not_there(self):
        self.mine["invoice"].button_draft()
        self.assertEqual(self.get(f"/my/dms/invoices/{self.mine['invoice'].id}/pdf").status_code, 404)
        self.assertNotIn(f"/{self.mine['invoice'].id}/pdf", self.get("/my/dms/invoices").text)

    def test_file_is_a_download_that_runs_nothing(self):
        answer = self.get(f"/my/dms/orders/{self.mine['done'].id}/files/{self.mine['file'].id}")
        self.assertEqual(answer.content, b"ALPHAMARK-file.txt")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
