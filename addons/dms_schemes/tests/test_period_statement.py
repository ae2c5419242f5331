import base64
import io

from openpyxl import load_workbook

from odoo.tests import tagged

from .period_common import FEB, GOLDEN, JAN, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodStatement(PeriodCommon):
    """What the distributor is told: the documents behind the figures, the slab, what is missing, what was paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.create_rebate(GOLDEN, name="Golden Quarter")
        cls.invoice_move = cls.bill({cls.tea: (10, 15), cls.coffee: 50}, "2026-01-10")
        cls.note = cls.credit({cls.tea: 20}, "2026-01-20")
        cls.bill({cls.tea: 77}, "2026-01-10", cls.beta)
        cls.scheme._accrue(JAN)
        cls.row = cls.env["dms.scheme.accrual"].search([("scheme_id", "=", cls.scheme.id), ("distributor_id", "=", cls.alpha.id)])

    def test_base_by_document_adds_up_to_the_base(self):
        statement = self.scheme._get_statement(self.alpha)
        self.assertEqual(
            [(line["document"], line["kind"], line["amount"]) for line in statement["documents"]],
            [(self.invoice_move.name, "Invoice", 200.0), (self.note.name, "Credit Note", -20.0)],
        )
        self.assertEqual((statement["base_amount"], statement["base_quantity"]), (180.0, 10.0))
        self.assertEqual((statement["accrued"], statement["settled"], statement["open"]), (36.0, 0.0, 36.0))
        self.assertIn("20", statement["slab"])
        self.assertIn("30", statement["next_slab"])
        self.assertEqual(statement["missing"], self.company.currency_id.format(120.0))

    def test_settlement_and_adjustment_are_told(self):
        note = self.settle(self.row)
        self.bill({self.tea: 40}, "2026-01-25")
        self.scheme._accrue(FEB)
        first, second = self.scheme._get_statement(self.alpha)["rows"]
        self.assertEqual((first["credit_note"], first["settled"], first["open"]), (note.name, 36.0, 0.0))
        self.assertEqual((second["note"], second["amount"]), ("Prior-period adjustment", 8.0))

    def test_spreadsheet_holds_the_same_figures_and_no_formula(self):
        self.alpha.name = "=cmd|' /C calc'!A0"
        action = self.row.with_user(self.author).action_statement_xlsx()
        file = self.env["dms.scheme.statement.file"].browse(int(action["url"].split("/")[4]))
        book = load_workbook(io.BytesIO(base64.b64decode(file.file)))
        summary, documents = book.worksheets
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertIn("Golden Quarter", [cell.value for cell in cells])
        self.assertEqual([row[4] for row in documents.iter_rows(values_only=True)][1:], [200, -20, 180])
        self.assertEqual([row for row in summary.iter_rows(values_only=True)][-1][1:6], (180, 36, 0, 0, 36))

    def test_page_shows_the_figures_and_nothing_of_others(self):
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("dms_schemes.report_scheme_statement", self.row.ids)[0].decode()
        for text in ("Golden Quarter", self.alpha.name, self.invoice_move.name, self.note.name, "180.00", "36.00"):
            self.assertIn(text, html)
        self.assertNotIn(self.beta.name, html)
        self.assertNotIn("77.00", html)

    def test_statement_is_in_the_distributors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.scheme.with_context(lang="fr_FR").sudo()._write_life({"name": "Trimestre d'or"})
        self.alpha.lang = "fr_FR"
        page = self.env["report.dms_schemes.report_scheme_statement"]._get_report_values(self.row.ids)["pages"][0]
        self.assertEqual((page["lang"], page["statement"]["scheme"]), ("fr_FR", "Trimestre d'or"))
        self.assertEqual(page["statement"]["rows"][0]["period"], "janvier 2026")

    def test_mail_goes_to_the_distributor_with_the_template(self):
        self.alpha.email = "alpha@example.com"
        action = self.row.with_user(self.author).action_send_statement()
        composer = self.env["mail.compose.message"].with_user(self.author).with_context(**action["context"]).create({})
        self.assertEqual(composer.partner_ids, self.alpha)
        self.assertIn("Golden Quarter", composer.subject)
        template = self.env.ref("dms_schemes.mail_template_scheme_statement")
        self.assertEqual(template.report_template_ids.report_name, "dms_schemes.report_scheme_statement")

    def test_progress_of_the_portal_is_that_of_now(self):
        self.bill({self.tea: 20}, "2026-02-10")
        progress = self.scheme._prepare_portal_progress(self.alpha)[self.scheme.id]
        money = self.company.currency_id.format
        self.assertEqual((progress["base"], progress["missing"], progress["accrued"]), (money(200.0), money(100.0), money(36.0)))
        self.assertEqual((progress["accrued_amount"], progress["earned"], progress["next_earned"]), (36.0, money(40.0), money(90.0)))
        self.assertEqual((len(progress["slabs"]), progress["share"]), (3, 66.7))
        self.assertIn(money(100.0), progress["sentence"])

    def test_growth_progress_names_the_growth(self):
        self.bill({self.tea: 100}, "2025-02-10")
        scheme = self.create_rebate([(10, "percent", 2), (100, "percent", 5)], basis="growth")
        progress = scheme._prepare_portal_progress(self.alpha)[scheme.id]
        self.assertIn("80 %", progress["base"])
        self.assertEqual((progress["missing"], progress["share"]), (self.company.currency_id.format(20.0), 80.0))

    def test_accruals_of_the_portal_are_those_of_the_distributor(self):
        other = self.create_rebate(distributor_ids=self.beta)
        found = self.env["dms.scheme"]._prepare_portal_accruals(self.alpha, self.company)
        entries = {entry["scheme_id"]: entry for entry in found}
        self.assertNotIn(other.id, entries)
        entry = entries[self.scheme.id]
        self.assertEqual([row["amount"] for row in entry["rows"]], [36.0])
        self.assertEqual(len(entry["documents"]), 2)
        gamma = self.create_distributor("Gamma", self.south)
        self.scheme._write_life({"territory_ids": [(6, 0, self.region.ids)]})
        self.assertNotIn(
            self.scheme.id, [entry["scheme_id"] for entry in self.env["dms.scheme"]._prepare_portal_accruals(gamma, self.company)]
        )
