import base64
import io
import zipfile

from lxml import html as lxml_html
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .receivables_common import ReceivablesCommon, day

FIRST, LAST = "2024-02-01", "2024-02-29"
HOSTILE = ('=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1")


class StatementFilesCommon(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.create_credit_user("t_reader", "dms_credit.group_credit_reader")
        cls.controller = cls.create_credit_user("t_controller", "dms_credit.group_credit_controller")
        cls.accounts = cls.account | cls.other_account

    def create_wizard(self, user, accounts=None, **values):
        accounts = self.account if accounts is None else accounts
        period = {"date_from": FIRST, "date_to": LAST}
        return self.env["dms.credit.statement.wizard"].with_user(user).create({"account_ids": accounts.ids, **period, **values})

    def get_page(self, account=None, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.reader)
        content = report._render_qweb_html(
            "dms_credit.report_statement", (account or self.account).ids, {"date_from": FIRST, "date_to": LAST}
        )[0]
        return lxml_html.fromstring(content)

    def get_text(self, node):
        return " ".join(node.text_content().replace("\ufeff", "").replace("\u200b", "").split())

    def get_sheet(self, account=None):
        content = (account or self.account)._render_statement_xlsx(day(FIRST), day(LAST))
        return load_workbook(io.BytesIO(content))


@tagged("post_install", "-at_install")
class TestStatementPage(StatementFilesCommon):
    """The printed page shows the figures of the statement."""

    def test_page_shows_every_figure(self):
        self.create_invoice(100, "2024-01-15", "2024-02-14")
        invoice = self.create_invoice(1250.5, "2024-02-03", "2024-03-04", ref="PO 17")
        self.create_payment(120, "2024-02-20", memo="TT 4711")
        page = self.get_page()
        rows = [[self.get_text(cell) for cell in row.findall("td")] for row in page.find_class("o_dms_lines")[0].findall("tbody/tr")]
        self.assertEqual(rows[0], ["02/01/2024", "Opening balance", "100.00"])
        self.assertEqual(rows[1], ["02/03/2024", invoice.name, "Invoice", "PO 17", "03/04/2024", "1,250.50", "", "1,350.50"])
        self.assertEqual(rows[2][2:], ["Payment", "TT 4711", "", "", "120.00", "1,230.50"])
        self.assertEqual(rows[3], ["02/29/2024", "Closing balance", "1,250.50", "120.00", "1,230.50"])
        ageing = [self.get_text(cell) for cell in page.find_class("o_dms_ageing")[0].findall("tr")[1].findall("td")]
        self.assertEqual(ageing, ["1,250.50", "-20.00", "0.00", "0.00", "0.00", "1,230.50"])
        summary = [self.get_text(cell) for cell in page.find_class("o_dms_summary")[0].findall("tr")[1].findall("td")]
        self.assertEqual([text.replace("$", "").strip() for text in summary], ["100.00", "1,250.50", "120.00", "1,230.50", "100.00"])

    def test_long_statement_goes_on_with_the_balance_brought_forward(self):
        sheets = self.env["report.dms_credit.report_statement"]._get_sheets(
            {"opening_balance": 5.0, "lines": [{"balance": float(number)} for number in range(100)]}
        )
        self.assertEqual([len(sheet["lines"]) for sheet in sheets], [34, 52, 14])
        self.assertEqual([sheet["balance"] for sheet in sheets], [5.0, 33.0, 85.0])

    def test_page_of_nothing_says_so(self):
        self.assertIn("No invoices or payments in this period.", self.get_text(self.get_page()))

    def test_foreign_currency_and_hostile_texts_on_the_page(self):
        currency = self.create_foreign_currency({"2024-01-01": 2.0})
        self.create_invoice(200, "2024-02-05", currency_id=currency.id, ref="<script>alert(1)</script>")
        page = self.get_page()
        self.assertIn("200.00 TFC · <script>alert(1)</script>", self.get_text(page))
        self.assertFalse([node for node in page.iter("script") if "alert(1)" in (node.text or "")])

    def test_page_is_in_the_distributors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.create_invoice(1250.5, "2024-02-03", "2024-03-04")
        self.alpha.lang = "fr_FR"
        text = self.get_text(self.get_page())
        self.assertIn("03/02/2024", text)
        self.assertIn("1 250,50", text.replace("\u202f", " ").replace("\xa0", " "))

    def test_too_long_a_statement_is_refused_in_a_sentence(self):
        report = self.env["report.dms_credit.report_statement"]
        self.patch(type(self.account), "_get_statement", lambda account, *_days: {account.id: {"lines": [{}] * 5001}})
        with self.assertRaisesRegex(UserError, "5001 items"):
            report._get_report_values(self.account.ids, {"date_from": FIRST, "date_to": LAST})


@tagged("post_install", "-at_install")
class TestStatementSpreadsheet(StatementFilesCommon):
    def test_spreadsheet_holds_the_figures_as_numbers_and_days(self):
        self.create_invoice(100, "2024-01-15", "2024-02-14")
        invoice = self.create_invoice(1250.5, "2024-02-03", "2024-03-04", ref="PO 17")
        self.create_payment(120, "2024-02-20", memo="TT 4711")
        sheet, ageing = self.get_sheet().worksheets
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
        self.assertEqual(rows[0][:8], ["Date", "Document", "Kind", "Reference", "Due Date", "Debit", "Credit", "Balance"])
        self.assertEqual((rows[1][1], rows[1][7]), ("Opening balance", 100))
        self.assertEqual(rows[2][1:4] + rows[2][5:8], [invoice.name, "Invoice", "PO 17", 1250.5, None, 1350.5])
        self.assertEqual((rows[2][0].date(), rows[2][4].date()), (day("2024-02-03"), day("2024-03-04")))
        self.assertEqual(rows[3][5:8], [None, 120, 1230.5])
        self.assertEqual(rows[4][5:8], [1250.5, 120, 1230.5])
        self.assertEqual([row[1].value for row in ageing.iter_rows(min_row=4, max_row=9)], [1250.5, -20, 0, 0, 0, 1230.5])
        self.assertEqual((sheet.freeze_panes, ageing.freeze_panes), ("A7", "A4"))
        self.assertEqual((sheet["H8"].number_format, sheet["A8"].number_format), ("#,##0.00;[Red]-#,##0.00", "yyyy-mm-dd"))

    def test_currency_of_the_document_has_its_own_columns(self):
        currency = self.create_foreign_currency({"2024-01-01": 2.0})
        self.create_invoice(200, "2024-02-05", currency_id=currency.id)
        sheet = self.get_sheet().worksheets[0]
        self.assertEqual([cell.value for cell in sheet[8]][5:], [100, None, 100, 200, "TFC"])

    def test_no_text_becomes_a_formula(self):
        self.alpha.name = "=cmd|' /C calc'!A0"
        for text in HOSTILE:
            self.create_invoice(1, "2024-02-05", ref=text)
        book = self.get_sheet()
        sheet = book.worksheets[0]
        cells = {sheet.cell(row, 4).value: sheet.cell(row, 4) for row in range(8, 8 + len(HOSTILE))}
        for text in HOSTILE:
            cell = next(cell for value, cell in cells.items() if value.strip().endswith(text.strip()))
            self.assertEqual(cell.data_type, "s", text)
            self.assertTrue(cell.quotePrefix, text)
        self.assertEqual(sheet["A3"].data_type, "s")
        self.assertTrue(sheet["A3"].quotePrefix)
        for worksheet in book.worksheets:
            self.assertFalse([cell for row in worksheet.iter_rows() for cell in row if cell.data_type == "f"])

    def test_spreadsheet_is_in_the_distributors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alpha.lang = "fr_FR"
        labels = (
            self.env["dms.credit.ageing"]
            .with_context(lang="fr_FR")
            ._fields["kind"]
            ._description_selection(self.env(context={**self.env.context, "lang": "fr_FR"}))
        )
        self.create_invoice(1, "2024-02-05")
        self.assertEqual(self.get_sheet().worksheets[0]["C8"].value, dict(labels)["invoice"])


@tagged("post_install", "-at_install")
class TestStatementWizard(StatementFilesCommon):
    def test_form_proposes_last_month_and_the_selected_accounts(self):
        context = {"active_model": "dms.credit.account", "active_ids": self.account.ids}
        with Form(self.env["dms.credit.statement.wizard"].with_user(self.reader).with_context(**context)) as form:
            self.assertEqual((form.date_from, form.date_to), self.account._get_last_month())
        self.assertEqual(form.record.account_ids, self.account)
        context = {"active_model": "res.partner", "active_ids": self.alpha_user.partner_id.ids}
        wizard = self.env["dms.credit.statement.wizard"].with_user(self.reader).with_context(**context).create({})
        self.assertEqual(wizard.account_ids, self.account)

    def test_download_of_one_and_of_several(self):
        self.create_invoice(10, "2024-02-05")
        wizard = self.create_wizard(self.reader, file_format="xlsx")
        action = wizard.action_download()
        self.assertEqual(wizard.file_name, f"Statement-{self.alpha.distributor_code}-{LAST}.xlsx")
        self.assertIn(wizard.file_name, action["url"])
        self.assertEqual(load_workbook(io.BytesIO(base64.b64decode(wizard.file))).worksheets[0]["H8"].value, 10)
        for file_format in ("pdf", "xlsx"):
            wizard = self.create_wizard(self.reader, self.accounts, file_format=file_format)
            wizard.action_download()
            names = zipfile.ZipFile(io.BytesIO(base64.b64decode(wizard.file))).namelist()
            self.assertEqual(len(names), 2)
            self.assertEqual({name.rsplit(".", 1)[1] for name in names}, {file_format})

    def test_same_name_twice_in_an_archive(self):
        _name, content = self.create_wizard(self.reader)._pack([("a.pdf", b"1"), ("a.pdf", b"2"), ("a.pdf", b"3")])
        self.assertEqual(zipfile.ZipFile(io.BytesIO(content)).namelist(), ["a.pdf", "a-2.pdf", "a-3.pdf"])

    def test_too_many_pages_at_once(self):
        partners = [self.create_distributor(f"T Many {number}") for number in range(26)]
        accounts = self.env["dms.credit.account"].search(
            [("partner_id", "in", [partner.id for partner in partners]), ("company_id", "=", self.company.id)]
        )
        with self.assertRaisesRegex(UserError, "25 statements"):
            self.create_wizard(self.reader, accounts).action_download()

    def test_reversed_period_and_no_account(self):
        for action in ("action_download", "action_mail"):
            wizard = self.create_wizard(self.controller, date_from=LAST, date_to=FIRST)
            with self.assertRaisesRegex(UserError, "swap"):
                getattr(wizard, action)()
        wizard = self.create_wizard(self.controller)
        wizard.account_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "Choose"):
            wizard.action_download()

    def test_area_manager_gets_own_territories_only(self):
        wizard = self.create_wizard(self.area_manager)
        wizard.action_download()
        self.assertTrue(wizard.file)
        with self.assertRaises(AccessError):
            self.create_wizard(self.area_manager, self.other_account).action_download()
        hostile = self.env["dms.credit.statement.wizard"].with_user(self.area_manager)
        hostile = hostile.with_context(default_account_ids=self.other_account.ids, default_date_from=FIRST, default_date_to=LAST)
        with self.assertRaises(AccessError):
            hostile.create({}).action_download()

    def test_nobody_outside_the_group_and_no_strangers_rows(self):
        for user in (self.desk, self.employee, self.salesperson, self.alpha_user, self.beta_user):
            with self.assertRaises(AccessError, msg=user.login):
                self.create_wizard(user)
        wizard = self.create_wizard(self.reader)
        wizard.action_download()
        for user in (self.controller, self.alpha_user):
            with self.assertRaises(AccessError):
                wizard.with_user(user).read(["file"])
            with self.assertRaises(AccessError):
                call_kw(self.env(user=user)["dms.credit.statement.wizard"], "action_download", [wizard.ids], {})

    def test_reader_does_not_mail(self):
        with self.assertRaises(AccessError):
            self.create_wizard(self.reader).action_mail()


@tagged("post_install", "-at_install")
class TestStatementPdf(HttpCase, StatementFilesCommon):
    def test_a_pdf_comes_out(self):
        self.create_invoice(10, "2024-02-05")
        content = self.account.with_context(force_report_rendering=True)._render_statement_pdf(day(FIRST), day(LAST))
        self.assertTrue(content.startswith(b"%PDF"))

    def test_routes_give_the_statement_to_who_reads_the_account(self):
        self.create_invoice(1234.5, "2024-02-05", partner=self.beta)
        url = f"/report/html/dms_credit.report_statement/{self.other_account.id}?date_from={FIRST}&date_to={LAST}"
        self.authenticate("t_reader", "t_reader")
        self.assertIn("1,234.50", self.url_open(url).text)
        for login in ("t_alpha", "t_beta", "t_desk", "t_area"):
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                response = self.url_open(url)
            self.assertEqual(response.status_code, 403, login)
            self.assertNotIn("1,234.50", response.text, login)

    def test_download_is_served_to_its_owner_only(self):
        self.create_invoice(10, "2024-02-05")
        wizard = self.create_wizard(self.reader, file_format="xlsx")
        url = wizard.action_download()["url"]
        self.authenticate("t_reader", "t_reader")
        response = self.url_open(url)
        self.assertEqual(load_workbook(io.BytesIO(response.content)).worksheets[0]["H8"].value, 10)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        for login in ("t_controller", "t_alpha"):
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                self.assertNotEqual(self.url_open(url).content[:2], b"PK", login)
