import io
from datetime import date

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .period_common import PeriodCommon
from .portal_common import SchemePortalCommon, having, words

BENEFITS = "/my/dms/schemes/benefits"


@tagged("post_install", "-at_install")
class TestPortalPeriod(PeriodCommon, SchemePortalCommon):
    """Schemes of a period in the portal: how far the distributor is, what it is owed, what was credited."""

    @classmethod
    def setUpSchemes(cls, distributor, mark):
        first = cls.today.replace(day=1)
        cls.month_end = first + relativedelta(months=1, days=-1)
        scheme = cls.create_rebate(
            [(100, "percent", 10), (1000, "percent", 20)],
            name=f"{mark}-rebate",
            code=f"{mark}-R",
            distributor_ids=distributor,
            product_ids=cls.syrup,
            date_from=first,
            date_to=cls.month_end,
        )
        bill = cls.bill({cls.syrup: 600}, cls.today, distributor)
        scheme._accrue(cls.month_end)
        return {"scheme": scheme, "bill": bill, "accrual": cls.env["dms.scheme.accrual"].search([("scheme_id", "=", scheme.id)])}

    def setUp(self):
        super().setUp()
        self.assertEqual(self.mine["accrual"].amount, 60.0, "the tests would prove nothing")
        self.login(self.alpha_user)

    def rows(self, kind):
        return [words(row) for row in having(self.page(f"{BENEFITS}?kind={kind}"), "o_dms_list_row")]

    def total(self, kind):
        return words(self.page(BENEFITS).xpath(f"//a[@data-kind='{kind}']")[0])

    def test_progress_stands_on_the_scheme(self):
        text = words(having(self.page("/my/dms/schemes"), "o_dms_scheme_progress")[0])
        for part in (self.shown(600), self.shown(400), self.shown(60)):
            self.assertIn(part, text)
        self.assertEqual(having(self.page("/my/dms/schemes"), "progress-bar")[0].get("style"), "width: 60.0%")

    def test_what_is_owed_stands_with_its_invoice(self):
        self.assertIn(self.shown(60), self.total("accrued"))
        row = having(self.page(f"{BENEFITS}?kind=accrued"), "o_dms_list_row")[0]
        for part in ("ALPHAMARK-rebate", self.shown(600), "to be credited", self.mine["bill"].name):
            self.assertIn(part, words(row))
        for link in row.iter("a"):
            self.assertEqual(self.get(link.get("href")).status_code, 200)

    def test_what_was_credited_stands_with_its_credit_note(self):
        note = self.settle(self.mine["accrual"])
        self.assertEqual(self.rows("accrued"), [])
        self.assertIn(self.shown(60), self.total("settled"))
        row = having(self.page(f"{BENEFITS}?kind=settled"), "o_dms_list_row")[0]
        self.assertIn(note.name, words(row))
        self.assertEqual(self.get(row.xpath(".//a/@href")[0]).status_code, 200)

    def test_period_bounds_what_is_owed(self):
        before = self.today.replace(day=1) - relativedelta(days=1)
        query = f"&date_from={date(before.year, 1, 1)}&date_to={before}"
        self.assertEqual(self.rows(f"accrued{query}"), [])

    def test_spreadsheet_has_a_sheet_of_each_kind(self):
        book = openpyxl.load_workbook(io.BytesIO(self.get(f"{BENEFITS}/xlsx").content))
        self.assertEqual(len(book.worksheets), 3)
        self.assertEqual([cell.value for cell in book.worksheets[1]["F"]][6:], [60.0])

    def test_nothing_of_others_is_shown(self):
        self.settle(self.theirs["accrual"])
        pages = ("/my/dms", "/my/dms/schemes", f"{BENEFITS}?kind=accrued", f"{BENEFITS}?kind=settled", f"{BENEFITS}/xlsx")
        for path in pages:
            answer = self.get(path)
            for text in ("BETAMARK", self.theirs["bill"].name, self.theirs["accrual"].settlement_move_id.name):
                self.assertNotIn(text, answer.text, path)
        self.assertIn("ALPHAMARK-rebate", self.get(f"{BENEFITS}?kind=accrued").text, "the test would prove nothing")

    def test_accruals_are_closed_to_a_distributor_s_session(self):
        for model in ("dms.scheme.accrual", "dms.scheme.accrual.line", "dms.scheme.baseline"):
            own = self.env[model].with_user(self.alpha_user)
            for act in (lambda own=own: own.search([]), lambda own=own: own.create({}), lambda own=own: own.search_count([])):
                with self.assertRaises(AccessError, msg=model):
                    act()
        with self.assertRaises(AccessError):
            self.mine["accrual"].with_user(self.alpha_user).action_claim()
