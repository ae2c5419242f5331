import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .receivables_common import ReceivablesCommon, day


@tagged("post_install", "-at_install")
class TestStatement(ReceivablesCommon):
    """The statement against the documents it is made of."""

    def get_statement(self, first, last, account=None):
        account = account or self.account
        return account._get_statement(day(first), day(last))[account.id]

    def is_settled(self, document):
        items = getattr(document, "move_id", document).line_ids
        return all(items.filtered(lambda line: line.account_id == self.receivable).mapped("reconciled"))

    def assertStatement(self, statement, opening, lines, closing, **ageing):
        """``lines`` as (day, kind, debit, credit, balance)."""
        self.assertEqual(statement["opening_balance"], opening)
        got = [(str(line["date"]), line["kind"], line["debit"], line["credit"], line["balance"]) for line in statement["lines"]]
        self.assertEqual(got, lines)
        self.assertEqual(statement["closing_balance"], closing)
        self.assertEqual({name: amount for name, amount in statement["ageing"].items() if amount}, ageing)
        self.assertAgrees(statement)

    def assertAgrees(self, statement):
        """What holds of every statement."""
        partner = self.env["res.partner"].browse(statement["partner_id"])
        closing = statement["closing_balance"]
        self.assertAlmostEqual(closing, self.get_ledger_balance(partner, statement["date_to"]), 2)
        self.assertAlmostEqual(
            statement["opening_balance"], self.get_ledger_balance(partner, statement["date_from"] - timedelta(days=1)), 2
        )
        self.assertAlmostEqual(statement["opening_balance"] + statement["debit"] - statement["credit"], closing, 2)
        self.assertAlmostEqual(sum(statement["ageing"].values()), closing, 2)
        if statement["lines"]:
            self.assertAlmostEqual(statement["lines"][-1]["balance"], closing, 2)

    # ------------------------------------------------------------ documents

    def test_documents_of_a_month_with_running_balance(self):
        self.create_invoice(100, "2024-01-15", "2024-02-14")
        invoice = self.create_invoice(250.5, "2024-02-03", "2024-03-04", ref="PO 17")
        self.create_credit_note(50.5, "2024-02-10")
        payment = self.create_payment(120, "2024-02-20", memo="TT 4711")
        self.create_payment(20, "2024-02-25", kind="outbound")
        self.create_invoice(999, "2024-03-01")
        statement = self.get_statement("2024-02-01", "2024-02-29")
        self.assertStatement(
            statement,
            100.0,
            [
                ("2024-02-03", "invoice", 250.5, 0.0, 350.5),
                ("2024-02-10", "credit_note", 0.0, 50.5, 300.0),
                ("2024-02-20", "payment", 0.0, 120.0, 180.0),
                ("2024-02-25", "repayment", 20.0, 0.0, 200.0),
            ],
            200.0,
            not_due_amount=250.5,
            due_30_amount=-50.5,
        )
        first, _credit, paid, _back = statement["lines"]
        self.assertEqual((first["name"], first["ref"], str(first["date_due"])), (invoice.name, "PO 17", "2024-03-04"))
        self.assertEqual((paid["name"], paid["ref"], paid["kind_label"]), (payment.move_id.name, "TT 4711", "Payment"))
        self.assertEqual(statement["overdue_amount"], 100.0 + 20.0, "credits do not lower it")

    def test_both_days_of_the_period_belong_to_it(self):
        for on in ("2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"):
            self.create_invoice(1, on)
        statement = self.get_statement("2024-02-01", "2024-02-29")
        self.assertEqual((statement["opening_balance"], statement["debit"], statement["closing_balance"]), (1, 2, 3))
        one_day = self.get_statement("2024-02-01", "2024-02-01")
        self.assertEqual((one_day["opening_balance"], one_day["debit"], one_day["closing_balance"]), (1, 1, 2))

    def test_drafts_and_cancelled_documents_are_no_part(self):
        self.create_invoice(10, "2024-02-05").button_draft()
        cancelled = self.create_invoice(20, "2024-02-05")
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertStatement(self.get_statement("2024-02-01", "2024-02-29"), 0.0, [], 0.0)

    def test_instalments_are_items_with_their_own_due_dates(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half later",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        self.create_invoice(100, "2024-02-05", invoice_payment_term_id=term.id)
        statement = self.get_statement("2024-02-01", "2024-02-29")
        self.assertEqual([(line["debit"], str(line["date_due"])) for line in statement["lines"]], [(50, "2024-02-05"), (50, "2024-04-05")])
        self.assertEqual((statement["ageing"]["due_30_amount"], statement["ageing"]["not_due_amount"]), (50, 50))

    def test_documents_of_contacts_count_archived_ones_too(self):
        contact = self.env["res.partner"].create({"name": "Old Clerk", "parent_id": self.alpha.id})
        self.create_invoice(70, "2024-02-05", partner=contact)
        contact.active = False
        alone = self.env["res.partner"].create({"name": "Lost Branch"})
        self.create_invoice(30, "2024-02-06", partner=alone)
        self.assertEqual(self.get_statement("2024-02-01", "2024-02-29")["closing_balance"], 70)
        alone.parent_id = self.alpha
        self.assertAgrees(self.get_statement("2024-02-01", "2024-02-29"))
        self.assertEqual(self.get_statement("2024-02-01", "2024-02-29")["closing_balance"], 100)

    # ------------------------------------------------------------ as of a day

    def test_ageing_is_as_of_the_last_day_whatever_came_later(self):
        invoice = self.create_invoice(300, "2024-01-10", "2024-01-20")
        self.match(invoice, self.create_payment(100, "2024-02-15"))
        self.match(invoice, self.create_payment(200, "2024-03-15"))
        self.assertEqual(invoice.amount_residual, 0)
        for last, bucket, amount in (
            ("2024-01-20", "not_due_amount", 300),
            ("2024-01-21", "due_30_amount", 300),
            ("2024-02-14", "due_30_amount", 300),
            ("2024-02-15", "due_30_amount", 200),
            ("2024-02-20", "due_60_amount", 200),
            ("2024-03-14", "due_60_amount", 200),
        ):
            statement = self.get_statement("2024-01-01", last)
            self.assertEqual({name: value for name, value in statement["ageing"].items() if value}, {bucket: amount}, last)
            self.assertAgrees(statement)
        self.assertFalse(any(self.get_statement("2024-01-01", "2024-03-15")["ageing"].values()))

    def test_every_bucket_by_the_day(self):
        for due, bucket in (
            ("2024-06-30", "not_due_amount"), ("2024-06-29", "due_30_amount"), ("2024-05-31", "due_30_amount"),
            ("2024-05-30", "due_60_amount"), ("2024-05-01", "due_60_amount"), ("2024-04-30", "due_90_amount"),
            ("2024-04-01", "due_90_amount"), ("2024-03-31", "due_over_amount"),
        ):  # fmt: skip
            invoice = self.create_invoice(10, "2024-01-01", due)
            self.assertEqual(self.get_statement("2024-01-01", "2024-06-30")["ageing"][bucket], 10, due)
            invoice.button_draft()

    def test_unallocated_payment_stands_against_the_invoices(self):
        self.create_invoice(100, "2024-02-01", "2024-02-10")
        self.create_payment(130, "2024-02-05")
        statement = self.get_statement("2024-02-01", "2024-02-29")
        self.assertEqual(statement["closing_balance"], -30)
        self.assertEqual(statement["ageing"]["due_30_amount"], -30)
        self.assertEqual(statement["overdue_amount"], 100)

    def test_matching_with_another_distributor_leaves_both_in_balance(self):
        """The ledger keeps what was booked on whom; the statement does too."""
        invoice, payment = self.create_invoice(100, "2024-02-01"), self.create_payment(100, "2024-02-05", partner=self.beta)
        self.match(invoice, payment)
        self.assertEqual(invoice.amount_residual, 0)
        mine = self.get_statement("2024-02-01", "2024-02-29")
        theirs = self.get_statement("2024-02-01", "2024-02-29", self.other_account)
        self.assertEqual((mine["closing_balance"], theirs["closing_balance"]), (100, -100))
        self.assertAgrees(mine)
        self.assertAgrees(theirs)

    # ------------------------------------------------------------ currency

    def test_foreign_currency_shows_both_amounts_and_the_difference(self):
        currency = self.create_foreign_currency({"2024-01-01": 2.0, "2024-03-01": 2.5})
        invoice = self.create_invoice(200, "2024-02-05", currency_id=currency.id)
        self.match(invoice, self.create_payment(200, "2024-03-05", currency=currency))
        statement = self.get_statement("2024-02-01", "2024-02-29")
        line = statement["lines"][0]
        self.assertEqual((line["debit"], line["amount_currency"], line["currency"]), (100, 200, "TFC"))
        self.assertEqual(line["currency_id"], currency.id)
        after = self.get_statement("2024-03-01", "2024-03-31")
        self.assertEqual([(line["kind"], line["credit"]) for line in after["lines"]], [("payment", 80), ("exchange", 20)])
        self.assertEqual(after["closing_balance"], 0)
        self.assertAgrees(statement)
        self.assertAgrees(after)

    def test_other_companies_are_no_part(self):
        company = self.env["res.company"].create({"name": "T Sister"})
        sister = self.env["dms.credit.account"]._get_account(self.alpha, company)
        self.assertTrue(sister)
        self.create_invoice(40, "2024-02-05")
        self.assertEqual(sister._get_statement(day("2024-02-01"), day("2024-02-29"))[sister.id]["closing_balance"], 0)

    # ------------------------------------------------------------ random histories, batches

    def test_random_histories_agree_with_the_ledger(self):
        """Documents, payments and matches in any order; every month is a statement that agrees."""
        chance = random.Random(20240229)
        currency = self.create_foreign_currency({"2023-12-01": 3.0, "2024-02-10": 3.3, "2024-03-20": 2.7})
        start, documents = day("2024-01-01"), []
        for _turn in range(24):
            on = start + timedelta(days=chance.randrange(120))
            amount, kind = round(chance.uniform(1, 500), 2), chance.random()
            foreign = chance.random() < 0.3
            if kind < 0.5:
                document = self.create_invoice(amount, on, on + timedelta(days=30), **({"currency_id": currency.id} if foreign else {}))
            elif kind < 0.65:
                document = self.create_credit_note(amount, on)
            else:
                document = self.create_payment(amount, on, currency=currency if foreign else None)
            documents.append(document)
            still_open = [document for document in documents if not self.is_settled(document)]
            if chance.random() < 0.5 and still_open:
                self.match(*chance.sample(still_open, min(len(still_open), 3)))
        balance = 0.0
        for month in range(1, 7):
            first = day(f"2024-{month:02}-01")
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            statement = self.account._get_statement(first, last)[self.account.id]
            self.assertAgrees(statement)
            self.assertAlmostEqual(statement["opening_balance"], balance, 2)
            balance = statement["closing_balance"]
        residual = self.env["account.move.line"].search(
            [("partner_id", "=", self.alpha.id), ("account_id", "=", self.receivable.id), ("parent_state", "=", "posted")]
        )
        self.assertAlmostEqual(balance, sum(residual.mapped("amount_residual")), 2)

    def test_batch_takes_as_many_queries_as_one(self):
        partners = [self.create_distributor(f"T Many {number}") for number in range(5)]
        ids = [partner.id for partner in partners]
        accounts = self.env["dms.credit.account"].search([("partner_id", "in", ids), ("company_id", "=", self.company.id)])
        for partner in partners:
            self.create_invoice(10, "2024-02-05", partner=partner)
        self.env.flush_all()
        counts = []
        for batch in (accounts[:1], accounts):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            statements = batch._get_statement(day("2024-02-01"), day("2024-02-29"))
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual([statements[account.id]["closing_balance"] for account in batch], [10] * len(batch))
        self.assertEqual(counts[0], counts[1])

    def test_pending_writes_are_seen(self):
        invoice = self.create_invoice(10, "2024-02-05", "2024-02-10")
        invoice.line_ids.filtered(lambda line: line.account_id == self.receivable).date_maturity = "2024-04-01"
        self.assertEqual(self.get_statement("2024-02-01", "2024-02-29")["ageing"]["not_due_amount"], 10)

    # ------------------------------------------------------------ bad input, access

    def test_reversed_or_missing_days_are_told_in_a_sentence(self):
        for first, last in (("2024-02-29", "2024-02-01"), (None, "2024-02-01"), ("2024-02-01", None)):
            with self.assertRaisesRegex(UserError, "day"):
                self.account._get_statement(first and day(first), last and day(last))
            for render in (self.account._render_statement_pdf, self.account._render_statement_xlsx):
                with self.assertRaisesRegex(UserError, "day"):
                    render(first and day(first), last and day(last))

    def test_last_month_is_the_usual_period(self):
        first, last = self.account._get_last_month()
        today = self.company._dms_today()
        self.assertEqual((first.day, (last + timedelta(days=1)).day), (1, 1))
        self.assertEqual((last + timedelta(days=1)), today.replace(day=1))

    def test_the_printed_page_is_for_who_reads_the_account(self):
        reader = self.create_credit_user("t_reader", "dms_credit.group_credit_reader")
        report = "dms_credit.report_statement"
        period = {"date_from": "2024-02-01", "date_to": "2024-02-29"}
        html = self.env["ir.actions.report"].with_user(reader)._render_qweb_html(report, self.account.ids, period)[0]
        self.assertIn("Alpha Trading", html.decode())
        for user in (self.alpha_user, self.desk, self.employee, self.salesperson):
            with self.assertRaises(AccessError, msg=user.login):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(report, self.account.ids, period)
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.area_manager)._render_qweb_html(report, self.other_account.ids, period)
        self.env["ir.actions.report"].with_user(self.area_manager)._render_qweb_html(report, self.account.ids, period)

    def test_the_printed_page_takes_no_nonsense(self):
        report = self.env["ir.actions.report"]
        for first, last in (("2024-02-29", "2024-02-01"), ("x", "y"), ("2024-02-01", ""), ({"x": 1}, [1]), ("2024-02-31", "2024-03-01")):
            with self.assertRaises(UserError):
                report._render_qweb_html("dms_credit.report_statement", self.account.ids, {"date_from": first, "date_to": last})
        html = report._render_qweb_html("dms_credit.report_statement", self.account.ids, {})[0]
        self.assertIn("Alpha Trading", html.decode(), "last month")
