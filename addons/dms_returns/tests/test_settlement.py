from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestSettlement(ClaimsCommon, HttpCase):
    """What was credited in a month, for the distributor and for us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settlements = cls.env["dms.settlement"]
        cls.month = cls.company._dms_today().replace(day=1)
        cls.note = cls.settle(cls.create_claim("spend", amount_claimed=50.0))
        cls.foreign = cls.settle(cls.create_claim("spend", amount_claimed=70.0, distributor=cls.beta))

    def statement(self, distributor=None, month=None):
        self.env.flush_all()
        return self.settlements._prepare_statement(distributor or self.alpha, self.company, month or self.month)

    def test_statement_lists_what_was_credited(self):
        statement = self.statement()
        self.assertEqual(
            [(row["number"], row["untaxed"], row["case"]) for row in statement["rows"]],
            [(self.note.name, 50.0, self.note.dms_claim_id.name)],
        )
        self.assertEqual((statement["totals"]["untaxed"], statement["totals"]["open"]), (50.0, 50.0))

    def test_other_months_are_left_out(self):
        self.assertFalse(self.statement(month=self.month - relativedelta(months=1))["rows"])
        self.assertFalse(self.statement(month=self.month + relativedelta(months=1))["rows"])

    def test_what_is_taken_back_counts_against_it(self):
        self.note.dms_claim_id.with_user(self.claims_manager).action_reverse("The display was never set up")
        statement = self.statement()
        self.assertEqual(len(statement["rows"]), 2)
        self.assertEqual(statement["totals"], {"untaxed": 0.0, "tax": 0.0, "total": 0.0, "open": 0.0})

    def test_drafts_are_left_out(self):
        self.note.dms_claim_id.state = "approved"  # nothing stops who undoes a credit note of a claim that is not settled
        self.note.button_draft()
        self.assertFalse(self.statement()["rows"])

    def test_own_territory_of_an_area_manager(self):
        seen = self.settlements.with_user(self.area_manager).search([])
        self.assertIn(self.note, seen.move_id.sudo())
        self.assertNotIn(self.foreign, seen.move_id.sudo())

    def test_portal_reads_no_rows_of_its_own(self):
        with self.assertRaises(AccessError):
            self.settlements.with_user(self.alpha_user).search([])

    def test_months_that_are_none(self):
        for text in (None, "", "2026", "2026-13", "2026-1", "x" * 7, 202601, ["2026-01"], "2026-01-01"):
            with self.subTest(text=text):
                self.assertIsNone(self.settlements._read_month(text))

    def test_report_refuses_months_and_companies_that_are_not_there(self):
        report = self.env["report.dms_returns.report_settlement"].with_user(self.desk)
        for data in ({}, {"month": "x"}, {"month": "2026-01", "company_id": 10**6}):
            with self.subTest(data=data), self.assertRaises(UserError):
                report._get_report_values(self.alpha.ids, data)
        with self.assertRaises(AccessError):
            report.with_user(self.alpha_user)._get_report_values(self.beta.ids, {"month": f"{self.month:%Y-%m}"})

    def test_wizard_prints_the_distributors_behind_the_rows(self):
        row = self.settlements.search([("move_id", "=", self.note.id)])
        wizard = self.env["dms.settlement.statement"].with_user(self.desk)
        wizard = wizard.with_context(active_model="dms.settlement", active_ids=row.ids).create({"month": self.month})
        self.assertEqual(wizard.distributor_ids, self.alpha)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "dms_returns.report_settlement", self.alpha.ids, data={"month": f"{self.month:%Y-%m}", "company_id": self.company.id}
        )[0]
        self.assertIn(self.note.name.encode(), html)
        self.assertIn(b"50.00", html)
        self.assertEqual(wizard.action_print()["report_name"], "dms_returns.report_settlement")

    def test_page_shows_the_own_distributors_alone(self):
        self.authenticate(self.alpha_user.login, self.alpha_user.login)
        page = self.url_open(f"/my/dms/settlements?month={self.month:%Y-%m}").text
        self.assertIn(self.note.name, page)
        self.assertNotIn(self.foreign.name, page)
        self.assertNotIn(self.foreign.dms_claim_id.name, page)
        for month in ("9999-12", "", "x", "2026-99", "0000-00"):
            self.assertEqual(self.url_open(f"/my/dms/settlements?month={month}").status_code, 200)

    def test_page_gives_the_statement_as_pdf(self):
        self.authenticate(self.alpha_user.login, self.alpha_user.login)
        answer = self.url_open(f"/my/dms/settlements/pdf?month={self.month:%Y-%m}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn(self.note.name, answer.text)  # a test prints the page without the printer
        self.assertNotIn(self.foreign.name, answer.text)
