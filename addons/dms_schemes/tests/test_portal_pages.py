import io

import openpyxl

from odoo.fields import Command
from odoo.tests import tagged

from .portal_common import SchemePortalCommon, having, words

SCHEMES = "/my/dms/schemes"
BENEFITS = "/my/dms/schemes/benefits"


@tagged("post_install", "-at_install")
class TestPortalSchemes(SchemePortalCommon):
    """The page "Schemes for you": what runs for the distributor, in plain words."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def names(self):
        return [words(element) for element in having(self.page(SCHEMES), "o_dms_scheme", "//h2")]

    def card(self, scheme):
        return words(self.page(SCHEMES).get_element_by_id(f"scheme-{scheme.id}"))

    def test_scheme_is_told_in_plain_words(self):
        scheme = self.create_scheme(
            [(10, "percent", 5), (30, "percent", 12)],
            name="Tea weeks",
            description="<p>More tea for everybody</p>",
            date_to=self.day(60),
            categ_ids=self.category,
            max_per_order=80,
            stacking="exclusive",
        )
        text = self.card(scheme)
        for part in (
            "Tea weeks",
            "Running",
            "More tea for everybody",
            "From a quantity of 10",
            "12 % off",
            "T Drinks",
            f"At most {self.shown(80)} on one order.",
            "earn no other one",
            "Taken off your order at once",
        ):
            self.assertIn(part, text)

    def test_only_what_is_in_force_for_this_distributor_is_shown(self):
        shown = [
            self.create_scheme([(0, "percent", 1)], name="Everybody"),
            self.create_scheme([(0, "percent", 1)], name="My territory", territory_ids=self.region),
            self.create_scheme([(0, "percent", 1)], name="My class", class_ids=self.distributor_class),
        ]
        other_class = self.distributor_class.copy({"code": "T-OTHER", "name": "Other"})
        tag = self.env["res.partner.category"].create({"name": "T tag"})
        self.create_scheme([(0, "percent", 1)], name="Their territory", territory_ids=self.south)
        self.create_scheme([(0, "percent", 1)], name="Their class", class_ids=other_class)
        self.create_scheme([(0, "percent", 1)], name="Their tag", tag_ids=tag)
        self.create_scheme([(0, "percent", 1)], name="Past", date_to=self.day(-1))
        self.create_scheme([(0, "percent", 1)], name="Closed").with_user(self.approver).action_close()
        self.draft_scheme([(0, "percent", 1)], name="Draft")
        self.assertEqual(set(self.names()), {"ALPHAMARK-scheme", *(scheme.name for scheme in shown)})

    def test_coming_scheme_is_flagged_and_stands_last(self):
        self.create_scheme([(0, "percent", 1)], name="Next month", date_from=self.day(20), sequence=1)
        cards = having(self.page(SCHEMES), "o_dms_scheme")
        self.assertEqual([having_badge(card) for card in cards], ["Running", "Coming"])

    def test_scheme_of_goods_outside_the_assortment_is_not_named(self):
        scheme = self.create_scheme([(0, "percent", 1)], name="Two goods", product_ids=self.tea | self.syrup)
        self.create_scheme([(0, "percent", 1)], name="Syrup only", product_ids=self.syrup)
        self.create_scheme([(0, "percent", 1)], name="With syrup", scope="basket", must_have_product_ids=self.syrup)
        self.env["dms.assortment"].create(
            {"name": "T drinks", "categ_ids": [Command.link(self.category.id)], "distributor_ids": [Command.link(self.alpha.id)]}
        )
        self.assertEqual(set(self.names()), {"ALPHAMARK-scheme", "Two goods"})
        self.assertNotIn("Syrup", self.card(scheme))

    def test_what_was_got_so_far_is_the_ledger_s(self):
        self.assertIn(f"Earned so far{self.shown(10)}", self.card(self.mine["scheme"]))
        self.mine["earned_invoice"]._reverse_moves(cancel=True)
        self.assertNotIn("Earned so far", self.card(self.mine["scheme"]))

    def test_used_up_scheme_says_so_without_figures(self):
        scheme = self.create_scheme([(0, "percent", 10)], name="Fund", product_ids=self.coffee, budget_amount=77)
        self.assertIn("Running", self.card(scheme))
        self.create_order(self.beta, {self.coffee: 40}).action_confirm()
        text = self.card(scheme)
        self.assertIn("Used up", text)
        self.assertNotIn("77", text)

    def test_description_is_clean_html(self):
        scheme = self.create_scheme([(0, "percent", 1)], description="<p>Fine</p><script>alert('x')</script>")
        self.assertIn("Fine", self.card(scheme))
        self.assertNotIn("alert('x')", self.get(SCHEMES).text)

    def test_scheme_is_told_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        scheme = self.draft_scheme([(0, "percent", 1.5)], name="Summer")
        scheme.with_context(lang="fr_FR").name = "Bel été"
        scheme.with_user(self.approver).action_approve()
        env = self.env(user=self.alpha_user, su=True, context={"lang": "fr_FR"})
        shown = {row["id"]: row for row in env["dms.scheme"]._prepare_portal_schemes(self.alpha.with_env(env), self.company.with_env(env))}
        self.assertEqual(shown[scheme.id]["name"], "Bel été")
        self.assertEqual(scheme.with_env(env)._get_offer_in_words(), "1,5 %", "numbers are written as in French")

    def test_nothing_to_show_helps_on(self):
        self.mine["scheme"].with_user(self.approver).action_close()
        self.assertIn("No scheme runs for you", self.get(SCHEMES).text)

    def test_tab_and_card_lead_there(self):
        home = self.page("/my/dms")
        self.assertTrue(home.xpath(f"//nav//a[@href='{SCHEMES}']"))
        card = words(home.xpath("//*[@data-card='schemes']")[0])
        for part in ("ALPHAMARK-scheme", "10 %", self.shown(10)):
            self.assertIn(part, card)


@tagged("post_install", "-at_install")
class TestPortalBenefits(SchemePortalCommon):
    """The page "What you earned", its pager and its spreadsheet."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def rows(self, query=""):
        return [words(row) for row in having(self.page(BENEFITS + query), "o_dms_list_row")]

    def total(self, kind="on_invoice", query=""):
        return words(self.page(BENEFITS + query).xpath(f"//a[@data-kind='{kind}']")[0])

    def test_benefit_stands_with_its_documents(self):
        page = self.page(BENEFITS)
        row = having(page, "o_dms_list_row")[0]
        for part in ("ALPHAMARK-scheme", "10 % off for 10 Units of Tea", self.shown(10), "invoiced"):
            self.assertIn(part, words(row))
        links = {link.text: link.get("href") for link in row.iter("a")}
        self.assertEqual(
            links,
            {
                self.mine["earned"].name: f"/my/dms/orders/{self.mine['earned'].id}",
                self.mine["earned_invoice"].name: f"/my/dms/invoices/{self.mine['earned_invoice'].id}/pdf",
            },
        )
        for url in links.values():
            self.assertEqual(self.get(url).status_code, 200)

    def test_order_not_invoiced_yet_is_on_order_and_a_draft_earned_nothing(self):
        self.create_portal_order(self.alpha, {self.tea: 20})
        self.assertEqual(len(self.rows()), 1)
        self.create_portal_order(self.alpha, {self.tea: 21}).action_confirm()
        rows = self.rows()
        self.assertEqual(len(rows), 2)
        self.assertIn("on order", rows[0])
        self.assertIn(self.shown(31), self.total())

    def test_credit_note_takes_it_back(self):
        self.mine["earned_invoice"]._reverse_moves(cancel=True)
        self.assertIn("taken back", self.rows()[0])
        self.assertIn(self.shown(0), self.total())

    def test_cancelled_order_earned_nothing(self):
        order = self.create_portal_order(self.alpha, {self.tea: 20})
        order.action_confirm()
        order.action_dms_request_cancel("wrong")
        self.assertEqual(len(self.rows()), 1)

    def test_period_bounds_what_is_shown(self):
        self.mine["earned"].date_order = "2024-05-31 12:00:00"
        self.assertEqual(self.rows(), [])
        self.assertEqual(len(self.rows("?date_from=2024-05-31&date_to=2024-05-31")), 1)
        self.assertEqual(self.rows("?date_from=2024-06-01&date_to=2024-06-30"), [])
        self.assertIn(self.shown(10), self.total(query="?date_from=2024-01-01&date_to=2024-12-31"))

    def test_bad_period_is_told(self):
        for query in ("?date_from=x&date_to=y", "?date_from=2024-06-01", "?date_from=2024-06-02&date_to=2024-06-01"):
            answer = self.get(BENEFITS + query)
            self.assertEqual(answer.status_code, 200, query)
            self.assertIn("alert-danger", answer.text, query)
            self.assertEqual(self.get(f"{BENEFITS}/xlsx{query}").status_code, 303, query)
        for query in ("?kind=x", "/page/0", "/page/99999999999999", "/page/2?kind=settled"):
            self.assertEqual(self.get(BENEFITS + query).status_code, 200, query)

    def test_pages_show_every_benefit_once(self):
        for number in range(24):
            self.create_portal_order(self.alpha, {self.tea: 20 + number}).action_confirm()
        first, second = self.rows(), self.rows("/page/2")
        self.assertEqual((len(first), len(second)), (20, 5))
        self.assertEqual(len(set(first + second)), 25)
        self.assertIn(self.shown(10 + sum(range(20, 44))), self.total(), "the total is that of all pages")

    def test_spreadsheet_holds_the_same_and_no_formula(self):
        self.mine["scheme"].with_context(lang=None)._write_life({"name": "=1+1"})
        answer = self.get(f"{BENEFITS}/xlsx")
        self.assertEqual(answer.headers["Content-Type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        row = [cell for cell in sheet.iter_rows(min_row=7, max_row=7)][0]
        self.assertEqual((row[1].value, row[1].data_type, row[5].value), ("=1+1", "s", 10.0))
        self.assertIn(self.mine["earned"].name, row[3].value)


@tagged("post_install", "-at_install")
class TestPortalOrder(SchemePortalCommon):
    """What schemes did to an order, on its page."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def order_page(self, order):
        return self.page(f"/my/dms/orders/{order.id}")

    def test_lines_say_what_was_applied_and_free_goods_are_marked(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], name="Ten and one", product_ids=self.coffee)
        order = self.create_portal_order(self.alpha, {self.tea: 10, self.coffee: 20})
        page = self.order_page(order)
        rows = [words(row) for row in having(page, "o_dms_lines", "//div[contains(@class, 'o_dms_list_row')]")]
        self.assertEqual(len(rows), 3)
        self.assertIn(f"ALPHAMARK-scheme −{self.shown(10)}", rows[0])
        free = next(row for row in rows if "Ten and one" in row)
        self.assertIn("Free", free)
        self.assertNotIn("100%", free)
        self.assertIn(f"Schemes took off {self.shown(10)}", words(having(page, "o_dms_totals")[0]))

    def test_section_tells_each_benefit_and_their_total(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], name="Ten and one", product_ids=self.coffee)
        order = self.create_portal_order(self.alpha, {self.tea: 10, self.coffee: 20})
        text = words(having(self.order_page(order), "o_dms_order_schemes")[0])
        for part in ("10 % off for 10 Units of Tea", "2 × Coffee free for 20 Units of Coffee", self.shown(50), self.shown(60)):
            self.assertIn(part, text)

    def test_draft_shows_what_is_near_and_a_confirmed_order_does_not(self):
        self.create_scheme([self.free_slab(24, 1, every=24)], name="Two and one", product_ids=self.coffee)
        order = self.create_portal_order(self.alpha, {self.coffee: 20})
        self.assertIn("Coffee: add 4 Units and get 1 free (Two and one)", words(having(self.order_page(order), "o_dms_near")[0]))
        order.action_confirm()
        self.assertFalse(having(self.order_page(order), "o_dms_near"))

    def test_what_is_credited_later_takes_nothing_off_a_line(self):
        self.create_scheme([(0, "percent", 5)], name="Later", timing="off_invoice")
        page = self.order_page(self.create_portal_order(self.alpha, {self.coffee: 4}))
        self.assertNotIn("Later", words(having(page, "o_dms_lines")[0]))
        self.assertIn("credited later", words(having(page, "o_dms_order_schemes")[0]))

    def test_order_without_schemes_has_no_section(self):
        order = self.create_portal_order(self.alpha, {self.syrup: 1})
        self.assertFalse(having(self.order_page(order), "o_dms_order_schemes"))
        self.assertFalse(having(self.order_page(order), "o_dms_scheme_total"))

    def test_ordering_again_orders_what_was_bought(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea, name="Ten and one")
        order = self.create_portal_order(self.alpha, {self.tea: 10})
        before = self.orders_of(self.alpha)
        self.post(f"/my/dms/orders/{order.id}/again", {"token": self.token()})
        again = self.orders_of(self.alpha) - before
        bought = again.order_line.filtered(lambda line: not line.is_scheme_free)
        self.assertEqual((bought.product_uom_qty, len(again.order_line)), (10.0, 2))


def having_badge(card):
    return words(card.xpath(".//*[contains(@class, 'o_dms_badge')]")[0])
