import io
import json

import openpyxl

from odoo.tests import tagged

from odoo.addons.dms_portal.tests.common import BUDGET

from ..controllers.portal import DistributorReports
from .portal_common import ReportPortalCommon
from .test_access_reports import ELSEWHERE, TABLE

PAGE, FILE = "/my/dms/reports", "/my/dms/reports/xlsx"
#: what somebody might put into the address; ``{other}`` is the id of the other distributor
ADDRESSES = (
    "",
    "?months=3",
    "?months=24",
    "?months=abc",
    "?months=-1",
    "?months=12&months=24",
    "?months=99999999999999999999",
    "?months=%00",
    "?months[]=3",
    "?distributor_id={other}",
    "?distributor={other}&company_id=2&territory_id=1",
    "?months=12'%20OR%201=1",
)


class ReportPageCase(ReportPortalCommon):
    def read_file(self, query=""):
        answer = self.get(f"{FILE}{query}")
        self.assertEqual(answer.status_code, 200)
        return answer, openpyxl.load_workbook(io.BytesIO(answer.content))

    def tile(self, tree, key):
        return " ".join(tree.xpath(f"//*[@data-tile='{key}']//*[contains(@class, 'o_dms_tile_value')]")[0].text_content().split())

    def months(self, tree):
        return [
            [" ".join(cell.text_content().split()) for cell in row]
            for row in tree.xpath("//table[contains(@class, 'o_dms_months')]/tbody/tr")
        ]


@tagged("post_install", "-at_install")
class TestReportPage(ReportPageCase):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def test_page_shows_what_the_documents_say(self):
        self.bill(self.alpha, 40, back=2)
        self.bill(self.alpha, 10, back=1, refund=True)
        _text, tree = self.open_page(PAGE)
        money = self.company.currency_id.format
        self.assertEqual(self.tile(tree, "amount"), " ".join(money(self.purchases(self.alpha)).split()))
        self.assertEqual(self.tile(tree, "sold"), "6")
        rows = self.months(tree)
        self.assertEqual(len(rows), 12)
        self.assertEqual([rows[2][1], rows[1][1]], [" ".join(money(amount).split()) for amount in (40, -10)])
        self.assertEqual(rows[5][1], " ".join(money(0).split()), "a month without documents is there too")
        self.assertIn("ALPHAMARK Juice", " ".join(self.words(tree, "o_dms_top")))
        self.assertIn("T Drinks", " ".join(self.words(tree, "o_dms_categories")))
        self.assertEqual(len(tree.xpath("//*[@data-chart='amounts']//*[local-name()='rect']")), 12)
        self.assertEqual(len(tree.xpath("//*[@data-chart='quantities']//*[local-name()='rect']")), 24)

    def test_period_is_chosen(self):
        self.bill(self.alpha, 40, back=14)
        for query, count, has_old in (("?months=3", 3, False), ("", 12, False), ("?months=24", 24, True)):
            _text, tree = self.open_page(f"{PAGE}{query}")
            rows = self.months(tree)
            self.assertEqual(len(rows), count)
            self.assertEqual(any("40.00" in row[1] for row in rows), has_old, query)

    def test_growth_is_of_months_that_are_over(self):
        self.bill(self.alpha, 100, back=13)
        self.bill(self.alpha, 110, back=1)
        self.bill(self.alpha, 500, back=3)  # a year before that there was nothing yet
        _text, tree = self.open_page(PAGE)
        self.assertIn("up 10 % on the same full months", tree.xpath("//*[@data-tile='amount']")[0].text_content())
        self.bill(self.alpha, 60, back=1, refund=True)
        _text, tree = self.open_page(PAGE)
        self.assertIn("down 50 % on the same full months", tree.xpath("//*[@data-tile='amount']")[0].text_content())

    def test_targets_are_his_own(self):
        self.aim(self.alpha, 30, back=1)
        self.bill(self.alpha, 40, back=1)
        self.aim(self.alpha, 500, categ_id=self.category.id)
        text, tree = self.open_page(PAGE)
        [shown] = self.words(tree, "o_dms_targets")
        self.assertIn("All products", shown)
        self.assertIn("1,000.00", shown)
        self.assertIn("T Drinks", shown)
        self.assertIn("1 of 2 monthly targets reached", shown)
        self.assertNotIn("987,654", text)
        self.assertEqual(len(tree.xpath("//*[@data-chart='amounts']//*[local-name()='line'][contains(@class, 'o_dms_mark')]")), 2)

    def test_month_without_target_says_so(self):
        self.env["dms.sales.target"].search([("distributor_id", "=", self.alpha.id)]).unlink()
        self.aim(self.alpha, 30, back=1)
        _text, tree = self.open_page(PAGE)
        [shown] = self.words(tree, "o_dms_targets")
        self.assertIn("There is no target for this month", shown)
        self.assertIn("0 of 1 monthly targets reached", shown)

    def test_without_targets_or_sellout_the_page_says_so(self):
        self.env["dms.sales.target"].search([("distributor_id", "=", self.alpha.id)]).unlink()
        gamma = self.create_distributor("T Gamma", self.area_a)
        user = self.create_portal_user(gamma, "t_gamma")
        _text, tree = self.open_page(PAGE)
        self.assertFalse(self.words(tree, "o_dms_targets"))
        self.login(user)
        text, tree = self.open_page(PAGE)
        self.assertIn("Nothing in these months", text)
        self.assertFalse(tree.xpath("//a[contains(@href, 'xlsx')]"))
        self.bill(gamma, 40)
        text, _tree = self.open_page(PAGE)
        self.assertIn("You reported no sell-out", text)

    def test_credits_of_more_than_was_bought_are_shown_below_zero(self):
        gamma = self.create_distributor("T Gamma", self.area_a)
        self.bill(gamma, 40, refund=True)
        self.login(self.create_portal_user(gamma, "t_gamma"))
        _text, tree = self.open_page(PAGE)
        self.assertIn("-40.00", self.months(tree)[0][1].replace("\ufeff", "").replace("‑", "-"))
        heights = [float(bar.get("height") or 0) for bar in tree.xpath("//*[@data-chart='amounts']//*[local-name()='rect']")]
        self.assertEqual(sum(height > 0 for height in heights), 1)

    # ------------------------------------------------------------ file

    def test_file_holds_own_rows_as_text_and_numbers(self):
        self.mine["juice"].write({"name": '=HYPERLINK("http://x")', "default_code": "00123"})
        answer, book = self.read_file("?months=3")
        name = f"purchases-{self.day(0).replace(day=1).strftime('%Y-%m')}.xlsx"
        self.assertIn(name[-12:], answer.headers["Content-Disposition"])
        cover, months, products = book.worksheets
        texts = [str(cell.value) for row in cover.iter_rows() for cell in row]
        self.assertIn(self.company.currency_id.name, texts)
        self.assertTrue(any(self.alpha.name in text for text in texts))
        rows = list(months.iter_rows(min_row=2, values_only=True))
        self.assertEqual(len(rows), 4)
        self.assertAlmostEqual(rows[-1][2], self.purchases(self.alpha))
        self.assertEqual((rows[2][5], round(rows[2][6], 2)), (1000, round(rows[2][2] / 10, 2)))
        juice = next(row for row in products.iter_rows(min_row=2) if row[1].value == "00123")
        self.assertEqual((juice[1].data_type, juice[2].data_type, juice[2].value), ("s", "s", '=HYPERLINK("http://x")'))
        self.assertAlmostEqual(sum(row[6].value for row in products.iter_rows(min_row=2)), self.purchases(self.alpha))
        self.assertIn(self.company.currency_id.name, products["G1"].value)
        self.assertEqual(products.freeze_panes, "A2")

    # ------------------------------------------------------------ who sees what

    def test_hostile_addresses_change_nothing(self):
        own = self.purchases(self.alpha)
        for address in ADDRESSES:
            query = address.format(other=self.beta.id)
            text, tree = self.open_page(f"{PAGE}{query}")
            for mark in ("BETAMARK", self.beta.name, "987,654", "987654"):
                self.assertNotIn(mark, text, query)
            self.assertEqual(self.tile(tree, "amount"), " ".join(self.company.currency_id.format(own).split()), query)
            _answer, book = self.read_file(query)
            held = json.dumps([[str(cell.value) for cell in row] for sheet in book for row in sheet.iter_rows()])
            for mark in ("BETAMARK", self.beta.name, "987654"):
                self.assertNotIn(mark, held, query)
            self.assertIn("ALPHAMARK", held)

    def test_who_is_not_let_in(self):
        for user in (self.desk, self.manager, self.area_manager, self.create_portal_user(self.customer, "t_customer")):
            self.login(user)
            for path in (PAGE, FILE):
                answer = self.get(path)
                self.assertEqual(answer.status_code, 403, (user.login, path))
                self.assertNotIn("ALPHAMARK", answer.text)
        self.login(self.alpha_user)
        self.alpha._set_distributor_state("suspended", "unpaid")
        for path in (PAGE, FILE):
            self.assertEqual(self.get(path).status_code, 403)
        self.authenticate(None, None)
        for path in (PAGE, FILE):
            self.assertIn("/web/login", self.get(path).headers["Location"])

    def test_colleagues_see_the_same_and_parents_nothing_of_branches(self):
        self.login(self.alpha_user2)
        _text, tree = self.open_page(PAGE)
        before = self.tile(tree, "amount")
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        text, tree = self.open_page(PAGE)
        self.assertEqual(self.tile(tree, "amount"), before, "branches have pages of their own")
        self.assertNotIn("BETAMARK", text)

    def test_nothing_is_read_around_the_page(self):
        for model in {*TABLE, *ELSEWHERE}:
            own = self.env[model].search([], limit=1) if model != "dms.sales.plan.split" else self.env[model]
            for method, *arguments in (
                ("search_read", [], ["display_name"]),
                ("read", own.ids or [1], ["display_name"]),
                ("formatted_read_group", [], [], ["__count"]),
                ("export_data", own.ids or [1], ["id"]),
            ):
                self.assertRefused(model, method, *arguments)
        self.assertRefused("dms.portal.report", "_prepare_page", self.alpha.id, self.company.id, "12")

    def test_routes_read_only(self):
        for method in (DistributorReports.dms_reports, DistributorReports.dms_reports_xlsx):
            self.assertTrue(method.original_routing["readonly"])


@tagged("post_install", "-at_install")
class TestReportQueries(ReportPageCase):
    def test_pages_stay_within_their_budget_whatever_the_rows(self):
        self.login(self.alpha_user)
        paths = (PAGE, f"{PAGE}?months=24", FILE, "/my/dms")
        before = {path: self.warm(path) for path in paths}
        self.assertFalse({path: count for path, count in before.items() if count > BUDGET}, before)
        products = [self.create_product(f"T {n}", f"T-N{n}", n, categ_id=self.medicine.id) for n in range(1, 13)]
        for back in range(12):
            self.bill(self.alpha, 50, back=back, product=products[back])
            self.aim(self.alpha, 40, back=back, categ_id=self.medicine.id)
        after = {path: self.warm(path) for path in paths}
        self.assertFalse({path: (before[path], count) for path, count in after.items() if count > before[path] + 1}, after)

    def test_card_costs_the_home_page_nothing(self):
        Portal = self.env["dms.portal"]
        self.assertEqual(self.count(Portal._get_reports_card), 0)
        self.login(self.alpha_user)
        _text, tree = self.open_page("/my/dms")
        [card] = tree.xpath("//*[@data-card='reports']")
        self.assertEqual({link.get("href").partition("?")[0] for link in card.xpath(".//a")}, {PAGE, FILE})


class ReportTourCase(ReportPageCase):
    def setUp(self):
        super().setUp()
        self.bill(self.alpha, 123456, back=2)

    def run_tour(self):
        self.start_tour("/my/dms", "dms_reports_portal", login=self.alpha_user.login)


@tagged("post_install", "-at_install")
class TestReportDesk(ReportTourCase):
    browser_size = "1366x768"

    def test_figures_are_looked_at_at_the_desk(self):
        self.run_tour()


@tagged("post_install", "-at_install")
class TestReportPhone(ReportTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_figures_are_looked_at_on_a_phone(self):
        self.run_tour()
