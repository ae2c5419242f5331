import io

from openpyxl import load_workbook

from odoo.tests import tagged

from ..models import dms_credit_statement_portal
from .portal_common import CreditPortalCommon, having, words

TERMS = ("receivable_amount", "open_order_amount", "uninvoiced_amount")


@tagged("post_install", "-at_install")
class TestPortalPosition(CreditPortalCommon):
    """What the page of the position says in each state of an account."""

    def tones(self, values=None):
        return [(notice["tone"], notice["icon"]) for notice in (values or self.values())["notices"]]

    def get_overdue_paid(self):
        """Nothing of alpha is overdue any more."""
        self.mine["overdue"]._reverse_moves(cancel=True)

    def test_figures_are_those_of_the_account(self):
        values = self.values()
        gauge = values["gauge"]
        self.assertEqual([part["amount"] for part in gauge["parts"]], [self.money(self.account[name]) for name in TERMS])
        self.assertEqual(gauge["exposure"], self.money(self.account.exposure_amount))
        self.assertEqual(gauge["limit"], self.money(self.account.limit_amount))
        self.assertEqual(gauge["available"], self.money(self.account.available_amount))
        self.assertEqual(values["ageing"]["total"], self.money(self.account.receivable_amount))
        self.assertEqual(values["overdue"]["amount"], self.money(self.account.overdue_amount))
        self.assertGreater(self.account.receivable_amount, 100, "the test would prove nothing")

    def test_bar_is_as_long_as_the_limit(self):
        gauge = self.values()["gauge"]
        for part, name in zip(gauge["parts"], TERMS, strict=True):
            self.assertAlmostEqual(part["share"], 100 * self.account[name] / 5000, places=1)
        self.assertEqual((gauge["mark"], gauge["over"], gauge["tone"]), (None, "", "success"))

    def test_over_the_limit_is_marked_and_told(self):
        self.account.action_set_limit(60, "less")
        values = self.values()
        gauge = values["gauge"]
        self.assertEqual(gauge["over"], self.money(self.account.exposure_amount - 60))
        self.assertAlmostEqual(gauge["mark"], 100 * 60 / self.account.exposure_amount, places=1)
        self.assertAlmostEqual(sum(part["share"] for part in gauge["parts"]), 100, places=1)
        self.assertEqual(gauge["available"], self.money(0.0))
        self.assertIn(gauge["over"], values["notices"][0]["title"])
        self.assertIn("New orders wait", values["notices"][0]["text"])

    def test_limit_of_zero_is_not_none(self):
        self.account.action_set_limit(0, "none of it")
        gauge = self.values()["gauge"]
        self.assertEqual((gauge["mark"], gauge["percent"], gauge["tone"]), (0.0, 100, "danger"))

    def test_no_limit_shows_no_limit(self):
        self.account.action_set_limit(None, "free")
        values = self.values()
        self.assertFalse(values["has_limit"] or values["may_request"] or values["limit_parts"])
        self.assertTrue(values["shows_credit"], "overdue invoices hold orders all the same")
        self.assertIn("no limit", values["gauge"]["sentence"])
        self.login(self.alpha_user)
        page = self.get("/my/dms/credit").text
        self.assertIn("No limit", page)
        self.assertNotIn("/my/dms/credit/limits", page)

    def test_neither_limit_nor_check_shows_receivables_alone(self):
        self.account.action_set_limit(None, "free")
        self.account.policy = "none"
        self.assertFalse(self.values()["shows_credit"])
        self.login(self.alpha_user)
        page = self.page("/my/dms/credit")
        self.assertFalse(having(page, "o_dms_gauge"))
        self.assertEqual(len(having(page, "o_dms_ageing_row")), 6)

    def test_stop_is_told_without_its_reason(self):
        self.account.action_stop("STOPREASON")
        self.assertEqual(self.tones()[0], ("danger", "fa-ban"))
        self.assertEqual(self.values()["gauge"]["tone"], "neutral")
        self.login(self.alpha_user)
        page = self.get("/my/dms/credit").text
        self.assertIn("stopped", page)
        self.assertNotIn("STOPREASON", page + self.get("/my/dms").text)

    def test_overdue_within_grace_warns_and_beyond_it_holds(self):
        for grace, tone, text in ((60, "warning", "Pay it soon"), (10, "danger", "New orders wait")):
            self.account.overdue_grace_days = grace
            notice = self.values()["notices"][0]
            self.assertEqual(notice["tone"], tone)
            self.assertIn(text, notice["text"])
            self.assertIn("40 days", notice["title"])

    def test_only_warned_accounts_are_not_told_that_orders_wait(self):
        self.account.policy = "warn"
        self.account.action_set_limit(60, "less")
        self.assertNotIn("New orders wait", str(self.values()["notices"]))

    def test_gates_out_of_use_hold_nothing(self):
        self.env["dms.order.gate"].search([("code", "in", ("credit_limit", "overdue"))]).active = False
        self.account.action_set_limit(60, "less")
        self.assertNotIn("New orders wait", str(self.values()["notices"]))

    def test_review_that_is_due_is_told(self):
        self.account.review_date = self.day(-1)
        self.assertIn(("warning", "fa-calendar-check-o"), self.tones())
        self.account.review_date = self.today
        self.assertNotIn(("warning", "fa-calendar-check-o"), self.tones())

    def test_good_standing_has_no_notices(self):
        self.get_overdue_paid()
        self.assertEqual(self.values()["notices"], [])

    def test_nearly_used_limit_warns(self):
        self.account.action_set_limit(self.account.exposure_amount / 0.95, "tight")
        self.assertEqual(self.values()["gauge"]["tone"], "warning")

    def test_limit_is_shown_by_its_parts(self):
        self.assertEqual(len(self.values()["limit_parts"]), 1)
        self.account.write({"secured_kind": "guarantee", "secured_amount": 800, "secured_until": self.day(5)})
        self.approve(self.mine["asked"])
        parts = self.values()["limit_parts"]
        self.assertEqual([part["amount"] for part in parts], [self.money(amount) for amount in (5000, 500, 800)])
        self.assertEqual([part["label"] for part in parts], ["Agreed limit", "Temporary limit", "Bank guarantee"])
        self.assertEqual(self.values()["gauge"]["limit"], self.money(6300))

    def test_security_that_ended_counts_no_more(self):
        self.account.write({"secured_kind": "guarantee", "secured_amount": 800, "secured_until": self.day(-1)})
        self.assertEqual(len(self.values()["limit_parts"]), 1)

    def test_insurance_is_not_named(self):
        self.account.write({"secured_kind": "insurance", "secured_amount": 800, "secured_until": self.day(5)})
        self.login(self.alpha_user)
        page = self.get("/my/dms/credit").text
        self.assertIn(self.money(800), page)
        self.assertNotIn("nsurance", page)

    def test_temporary_limit_that_begins_later_is_apart(self):
        later = self.env["dms.credit.extension"].create(
            {"account_id": self.account.id, "amount": 250, "date_from": self.day(3), "date_to": self.day(9), "reason": "SECRETREASON"}
        )
        self.approve(later)
        values = self.values()
        self.assertEqual([part["amount"] for part in values["coming"]], [self.money(250)])
        self.assertEqual(values["gauge"]["limit"], self.money(5000))
        self.login(self.alpha_user)
        self.assertNotIn("SECRETREASON", self.get("/my/dms/credit").text + self.get("/my/dms/credit/limits").text)

    def test_ageing_bars_follow_the_buckets(self):
        self.create_receivable(300, -70)
        self.create_receivable(50, 20, kind="out_refund")
        values = self.values()
        rows = {row["key"]: row for row in values["ageing"]["rows"]}
        self.assertEqual(rows["due_90"]["amount"], self.money(300))
        self.assertEqual(rows["due_60"]["amount"], self.money(100))
        self.assertEqual(rows["due_90"]["share"], 100.0 if self.account.not_due_amount <= 300 else rows["due_90"]["share"])
        self.assertEqual(len(rows), 5)

    def test_credit_balance_shows_no_debt(self):
        gamma = self.create_distributor("Gamma Foods")
        account = self.get_account(gamma)
        account.action_set_limit(1000, "new")
        self.create_receivable(200, 0, gamma, kind="out_refund")
        values = self.values(account)
        self.assertEqual(values["gauge"]["available"], self.money(1200))
        self.assertEqual([part["share"] for part in values["gauge"]["parts"]], [0.0, 0.0, 0.0])
        self.assertIn("Nothing of", values["gauge"]["sentence"])
        self.assertTrue([row for row in values["ageing"]["rows"] if row["is_credit"]])

    def test_overdue_beyond_the_bars_is_explained(self):
        self.assertFalse(self.values()["overdue"]["is_beyond_bars"])
        self.create_receivable(30, -5, kind="out_refund")
        self.assertTrue(self.values()["overdue"]["is_beyond_bars"])

    def test_announced_payments_are_summed_until_they_are_found(self):
        self.assertEqual(self.values()["announced"]["amount"], self.money(100))
        self.submit(self.alpha_user, reference="Second", amount="50.00")
        self.assertEqual(self.values()["announced"]["amount"], self.money(150))
        for advice in self.advices_of(self.alpha):
            advice._end("matched")
        self.assertEqual(self.values()["announced"], {"amount": "", "rows": []})

    def test_orders_that_wait_are_listed_once_with_their_sentences(self):
        self.account.write({"overdue_grace_days": 0})
        self.account.action_set_limit(110, "less")
        order = self.create_portal_order(self.alpha, {self.tea: 50})
        order.action_dms_submit()
        holds = self.values()["holds"]
        self.assertEqual([row["order"] for row in holds], [order.name])
        self.assertEqual(len(holds[0]["lines"]), 2)
        self.assertEqual(holds[0]["amount"], self.money(order.amount_total))

    def test_term_without_words_of_its_own_is_shown_by_its_field(self):
        self.patch(type(self.account), "_get_portal_terms", lambda account: {})
        self.assertEqual([part["label"] for part in self.values()["gauge"]["parts"]], ["Receivable", "To Deliver", "To Invoice"])


@tagged("post_install", "-at_install")
class TestPortalFrame(CreditPortalCommon):
    """Tab, card, verdict, way out of a hold."""

    def card(self):
        self.env.flush_all()
        portal = self.env(user=self.alpha_user, su=True)["dms.portal"]
        return next((card for card in portal._get_cards(self.alpha.with_env(portal.env)) if card["key"] == "credit"), None)

    def labels(self):
        return [figure["label"] for figure in self.card()["figures"]]

    def test_tab_and_card_are_there(self):
        self.login(self.alpha_user)
        page = self.page("/my/dms")
        self.assertTrue(having(page, "o_dms_tabs", "//a[@href='/my/dms/credit']"))
        card = page.xpath("//*[@data-card='credit']")[0].text_content()
        self.assertIn(self.money(self.account.available_amount), card)
        self.assertIn(self.money(self.account.overdue_amount), card)

    def test_card_follows_the_state(self):
        self.assertEqual(self.labels(), ["available", "overdue"])
        self.account.action_set_limit(60, "less")
        self.assertEqual(self.labels(), ["over your limit", "overdue"])
        order = self.create_portal_order(self.alpha, {self.tea: 50})
        order.action_dms_submit()
        self.assertEqual(self.labels(), ["over your limit", "overdue", "on hold for credit"])
        self.assertEqual(self.card()["figures"][2]["value"], 1)
        self.account.action_set_limit(None, "free")
        self.assertEqual(self.labels()[0], "open on your account")

    def test_distributor_with_nothing_to_tell_has_no_card(self):
        gamma = self.create_distributor("Gamma Foods")
        self.login(self.create_portal_user(gamma, "t_gamma"))
        self.assertFalse(self.page("/my/dms").xpath("//*[@data-card='credit']"))
        self.assertEqual(self.get("/my/dms/credit").status_code, 200)

    # ------------------------------------------------------------ pad

    def verdicts(self, quantity, order_id=None):
        self.login(self.alpha_user)
        answer = self.call("/my/dms/pad/price", lines=[self.line(self.tea, quantity)], order_id=order_id)
        return [(verdict["tone"], verdict["message"]) for verdict in answer["verdicts"]], answer["total"]

    def test_pad_says_what_is_left(self):
        self.account.overdue_grace_days = 90
        found, total = self.verdicts(10)
        left = self.money(self.account.available_amount - total)
        self.assertEqual(found, [("success", f"Fits your credit: {left} left after this order.")])

    def test_pad_says_nothing_good_of_what_would_wait(self):
        for grace, limit in ((0, 5000), (90, 150)):
            self.account.overdue_grace_days = grace
            self.account.action_set_limit(limit, "so")
            found, _total = self.verdicts(10)
            self.assertEqual([tone for tone, _message in found], ["warning"], (grace, limit))

    def test_pad_says_nothing_where_no_limit_would_hold(self):
        self.account.overdue_grace_days = 90
        for policy, limit in (("warn", 5000), ("none", 5000), ("hold", None)):
            self.account.policy = policy
            self.account.action_set_limit(limit, "so")
            self.assertEqual(self.verdicts(10)[0], [], (policy, limit))

    def test_pad_is_silent_on_what_somebody_else_pays(self):
        self.account.overdue_grace_days = 90
        order = self.mine["draft"]
        order.partner_invoice_id = self.beta
        self.env.flush_all()
        env = self.env(user=self.alpha_user, su=True)
        verdicts = env["dms.portal"]._get_pad_verdicts(order.with_env(env))
        self.assertFalse([verdict for verdict in verdicts if verdict["tone"] == "success"])

    def test_change_of_a_confirmed_order_counts_its_growth_alone(self):
        self.account.overdue_grace_days = 90
        order = self.create_portal_order(self.alpha, {self.tea: 12})
        order.action_confirm()
        self.env.flush_all()
        available = self.account.available_amount
        found, total = self.verdicts(24, order.id)
        left = self.money(available - (total - order.amount_total))
        self.assertEqual(found, [("success", f"Fits your credit: {left} left after this order.")])
        self.assertEqual(self.verdicts(12, order.id)[0], [], "what does not grow is no question")

    def test_order_on_hold_for_credit_leads_to_the_notice(self):
        self.account.overdue_grace_days = 0
        order = self.create_portal_order(self.alpha, {self.tea: 5})
        order.action_dms_submit()
        self.login(self.alpha_user)
        self.assertIn("/my/dms/credit/payments/new", self.get(f"/my/dms/orders/{order.id}").text)
        self.assertNotIn("/my/dms/credit/payments/new", self.get(f"/my/dms/orders/{self.mine['held'].id}").text)


@tagged("post_install", "-at_install")
class TestPortalStatement(CreditPortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def statement(self, query=""):
        return self.page(f"/my/dms/credit/statement{query}")

    def test_default_is_from_last_month_to_today(self):
        page = self.statement()
        first = self.account._get_last_month()[0]
        days = [field.get("value") for field in page.xpath("//input[@type='date']")]
        self.assertEqual(days, [first.isoformat(), self.today.isoformat()])

    def test_page_shows_what_the_statement_says(self):
        first, last = self.day(-60), self.today
        page = self.statement(f"?date_from={first}&date_to={last}")
        statement = self.account._get_statement(first, last)[self.account.id]
        rows = [words(row) for row in having(page, "o_dms_item")]
        self.assertEqual(len(rows), len(statement["lines"]))
        self.assertGreater(len(rows), 1)
        for row, line in zip(rows, statement["lines"], strict=True):
            self.assertIn(line["name"], row)
        closing = " ".join(self.money(statement["closing_balance"]).split())
        self.assertIn(closing, words(having(page, "o_dms_balance")[-1]))
        self.assertEqual(closing, words(having(page, "o_dms_ageing_amount")[-1]))
        self.assertIn(f"/my/dms/invoices/{self.mine['overdue'].id}/pdf", having(page, "o_dms_item", "//a/@href"))

    def test_wrong_periods_get_a_sentence(self):
        for query, text in (
            (f"date_from={self.today}&date_to={self.day(-1)}", "would end before it begins"),
            (f"date_from={self.day(-1)}&date_to={self.day(1)}", "ends today at the latest"),
            ("date_from=1999-12-31&date_to=2000-01-31", "at the earliest"),
            (f"date_from=2001-01-01&date_to={self.today}", "years at most"),
            ("date_from=2024-02-30&date_to=2024-03-01", "year-month-day"),
            ("date_from=2024-02-01", "year-month-day"),
            ("date_to=now", "year-month-day"),
            ("date_from=%00&date_to=%F0%9F%98%80", "year-month-day"),
            ("date_from=01/02/2024&date_to=01/03/2024", "year-month-day"),
        ):
            page = self.statement(f"?{query}")
            self.assertIn(text, words(having(page, "alert-danger")[0]), query)
            self.assertFalse(having(page, "o_dms_statement"), query)
            for kind in ("pdf", "xlsx"):
                answer = self.get(f"/my/dms/credit/statement/{kind}?{query}")
                self.assertEqual(answer.status_code, 303, (kind, query))
                self.assertIn(text, self.get(answer.headers["Location"]).text)

    def test_files_are_downloads_of_the_same_period(self):
        query = f"date_from={self.day(-60)}&date_to={self.today}"
        pdf, xlsx = (self.get(f"/my/dms/credit/statement/{kind}?{query}") for kind in ("pdf", "xlsx"))
        for answer, kind in ((pdf, "pdf"), (xlsx, "xlsx")):
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("no-store", answer.headers["Cache-Control"])
            self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"), kind)
            self.assertIn(f".{kind}", answer.headers["Content-Disposition"])
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        sheet = load_workbook(io.BytesIO(xlsx.content), read_only=True).worksheets[0]
        shown = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
        self.assertIn(self.mine["overdue"].name, shown)

    def test_long_statements_are_cut_on_the_page_and_say_so(self):
        self.patch(dms_credit_statement_portal, "MAX_ROWS", 1)
        page = self.statement(f"?date_from={self.day(-60)}&date_to={self.today}")
        rows = [words(row) for row in having(page, "o_dms_item")]
        self.assertEqual(len(rows), 2)
        self.assertIn("more items", rows[1])

    def test_presets_lead_to_statements(self):
        for path in having(self.statement(), "o_dms_filters", "//a/@href"):
            page = self.page(path)
            self.assertTrue(having(page, "o_dms_statement"), path)
            self.assertTrue(having(page, "o_dms_filters", "//a[contains(@class, 'active')]"), path)


@tagged("post_install", "-at_install")
class TestPortalCompanies(CreditPortalCommon):
    def test_another_company_s_account_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        account = self.get_account(self.alpha, other)
        self.assertTrue(account, "the test would prove nothing")
        account.with_company(other).action_set_limit(77777, "there")
        self.login(self.alpha_user)
        for path in ("/my/dms", "/my/dms/credit", "/my/dms/credit/limits"):
            self.assertNotIn("77,777", self.get(path).text, path)

    def test_distributor_of_another_company_finds_no_account(self):
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        gamma = self.create_distributor("Gamma Foods", company_id=other.id, distributor_class_id=False)
        self.assertFalse(self.get_account(gamma))
        self.login(self.create_portal_user(gamma, "t_gamma"))
        for path in ("/my/dms", "/my/dms/credit", "/my/dms/credit/statement", "/my/dms/credit/limits", "/my/dms/credit/payments"):
            self.assertEqual(self.get(path).status_code, 200, path)
        self.assertIn("No account here", self.get("/my/dms/credit").text)
        self.assertEqual(self.get("/my/dms/credit/statement/pdf").status_code, 404)
