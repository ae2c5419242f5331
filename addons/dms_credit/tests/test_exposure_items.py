"""Receivables, draft invoices, overdue items, ageing, and the limit of a day; contacts and companies they belong to."""

from psycopg2.errors import UniqueViolation

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CreditCommon

BUCKETS = ("not_due_amount", "due_30_amount", "due_60_amount", "due_90_amount", "due_over_amount")


@tagged("post_install", "-at_install")
class TestReceivables(CreditCommon):
    def test_items_of_every_kind_count_with_their_residual(self):
        invoice = self.create_invoice(100, self.today)
        self.create_invoice(70, self.today, partner=self.beta)
        self.assertPosition(R=100)
        self.create_credit_note(30, self.today)
        self.assertPosition(R=70)
        payment = self.pay(25)
        self.assertPosition(R=45)
        self.match(payment, invoice)
        self.assertPosition(R=45, message="allocating changes nothing")
        self.pay(75, invoice)
        self.assertPosition(R=-30)

    def test_drafts_and_cancelled_entries_do_not_count(self):
        draft = self.create_invoice(100, self.today)
        draft.button_draft()
        self.assertPosition()
        draft.button_cancel()
        self.assertPosition()

    def test_entries_without_invoice_and_every_receivable_account_count(self):
        other = self.env["account.account"].create(
            {"name": "T Bills", "code": "TBILL1", "account_type": "asset_receivable", "reconcile": True, "company_ids": self.company.ids}
        )
        lines = [(self.receivable, 40, 0), (other, 25, 0), (self.income, 0, 65)]
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": account.id, "partner_id": self.alpha.id, "debit": debit, "credit": credit})
                    for account, debit, credit in lines
                ]
            }
        )
        self.assertPosition()
        entry.action_post()
        self.assertPosition(R=65)

    def test_what_the_distributor_sells_to_us_does_not_count(self):
        self.create_invoice(90, self.today, kind="in_invoice", ref="T1")
        self.assertPosition()

    def test_foreign_currency_counts_in_company_currency(self):
        currency = self.create_foreign_currency({"2020-01-01": 4.0})
        invoice = self.create_invoice(100, self.today, currency_id=currency.id)
        self.assertPosition(R=25)
        self.create_payment(40, self.today, currency=currency)
        self.assertPosition(R=15)
        self.assertEqual(invoice.amount_residual, 100)

    def test_contacts_archived_ones_too_count_for_their_company(self):
        contact = self.env["res.partner"].create({"name": "Accounts", "parent_id": self.alpha.id, "type": "invoice"})
        invoice = self.create_invoice(100, self.today, partner=contact)
        invoice.line_ids.partner_id = contact  # an entry may name the contact itself
        self.confirm({self.tea: 5}, partner_invoice_id=contact.id)
        self.assertPosition(R=100, O=50)
        contact.active = False
        self.assertPosition(R=100, O=50)
        self.alpha.active = False
        self.assertPosition(R=100, O=50)

    def test_contact_that_moves_takes_its_documents_along(self):
        contact = self.env["res.partner"].create({"name": "Branch", "is_company": False, "parent_id": self.alpha.id})
        self.confirm({self.tea: 5}, partner_invoice_id=contact.id)
        self.assertPosition(O=50)
        contact.parent_id = self.beta
        self.assertPosition()
        self.assertPosition(O=50, account=self.other_account)

    def test_company_of_the_payer_counts_not_that_of_the_goods(self):
        order = self.confirm({self.tea: 5}, partner_invoice_id=self.beta.id)
        self.assertPosition()
        self.assertPosition(O=50, account=self.other_account)
        self.deliver(order)
        self.invoice(order)
        self.assertPosition(R=50, account=self.other_account)

    def test_child_company_is_a_payer_of_its_own(self):
        child = self.create_distributor("Alpha South", parent_id=self.alpha.id)
        self.assertEqual(child.commercial_partner_id, child)
        self.confirm({self.tea: 5}, child)
        self.assertPosition()
        self.assertPosition(O=50, account=self.get_account(child))

    # ------------------------------------------------------------ draft invoices

    def test_draft_invoices_count_where_the_company_says_so(self):
        draft = self.create_invoice(100, self.today)
        draft.button_draft()
        self.assertPosition()
        self.company.credit_include_drafts = True
        self.assertPosition(F=100)
        order = self.confirm({self.tea: 10})
        self.deliver(order)
        order._create_invoices()
        self.assertPosition(F=100, D=100, message="the draft of an order counts with the order")
        note = self.create_credit_note(40, self.today)
        note.button_draft()
        self.assertPosition(F=100, D=100, message="draft credit notes are not counted")
        draft.action_post()
        self.assertPosition(R=100, D=100)

    def test_draft_invoice_in_a_foreign_currency(self):
        self.company.credit_include_drafts = True
        currency = self.create_foreign_currency({"2020-01-01": 4.0})
        self.create_invoice(100, self.today, currency_id=currency.id).button_draft()
        self.assertPosition(F=25)

    def test_draft_invoice_with_one_line_of_an_order_is_not_counted_twice(self):
        self.company.credit_include_drafts = True
        order = self.confirm({self.tea: 10})
        self.deliver(order)
        draft = order._create_invoices()
        draft.invoice_line_ids = [Command.create({"name": "Freight", "price_unit": 7, "tax_ids": False})]
        self.assertPosition(D=100)

    # ------------------------------------------------------------ overdue and ageing

    def test_items_are_overdue_from_the_day_after_they_were_due(self):
        for days, overdue, number in ((-1, 0, 0), (0, 0, 0), (1, 10, 1), (45, 20, 45), (20, 30, 45)):
            self.create_invoice(10, self.day(-100), due=self.day(-days))
            self.assertEqual((self.account.overdue_amount, self.account.overdue_days), (overdue, number), days)

    def test_unallocated_credits_do_not_lower_what_is_overdue(self):
        invoice = self.create_invoice(100, self.day(-60), due=self.day(-30))
        payment = self.pay(100)
        self.create_credit_note(50, self.day(-60), due=self.day(-60))
        self.assertEqual((self.account.overdue_amount, self.account.overdue_days), (100, 30))
        self.match(payment, invoice)
        self.assertEqual((self.account.overdue_amount, self.account.overdue_days), (0, 0))

    def test_instalments_are_due_one_by_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "T two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 10}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 40}),
                ],
            }
        )
        self.create_invoice(100, self.day(-41), invoice_date_due=False, invoice_payment_term_id=term.id)
        self.assertEqual((self.account.overdue_amount, self.account.overdue_days), (100, 31))
        self.assertEqual((self.account.due_30_amount, self.account.due_60_amount), (70, 30))

    def test_ageing_at_the_edges_of_its_buckets(self):
        edges = {-5: 0, 0: 0, 1: 1, 30: 1, 31: 2, 60: 2, 61: 3, 90: 3, 91: 4, 400: 4}
        expected = [0.0] * 5
        for amount, (days, bucket) in enumerate(edges.items(), 1):
            self.create_invoice(amount, self.day(-500), due=self.day(-days))
            expected[bucket] += amount
            self.assertEqual([self.account[name] for name in BUCKETS], expected, f"{days} days")
        self.assertEqual(sum(expected), self.account.receivable_amount)

    def test_credits_stand_in_the_bucket_of_their_own_due_date(self):
        self.create_invoice(100, self.day(-200), due=self.day(-100))
        self.create_credit_note(20, self.day(-45), due=self.day(-45))
        self.pay(10, on=self.day(-61))
        self.assertEqual([self.account[name] for name in BUCKETS], [0, 0, -20, -10, 100])
        self.assertPosition(R=70)

    def test_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "UTC"
        self.create_invoice(100, "2026-01-01", due="2026-03-10")
        for zone, overdue in (("Pacific/Auckland", 100), ("America/Los_Angeles", 0), ("UTC", 0)):
            self.company.partner_id.tz = zone
            self.env.invalidate_all()
            with freeze_time("2026-03-10 20:00:00"):
                self.assertEqual(self.account.overdue_amount, overdue, zone)

    # ------------------------------------------------------------ companies

    def test_other_company_and_branch_have_accounts_of_their_own(self):
        other = self.env["res.company"].create({"name": "T Other"})
        branch = self.env["res.company"].create({"name": "T Branch", "parent_id": self.company.id})
        accounts = {company: self.get_account(company=company) for company in (other, branch)}
        self.assertTrue(all(accounts.values()), "made by themselves for a new company")
        self.confirm({self.tea: 10})
        self.create_invoice(30, self.today)
        order = self.confirm({self.tea: 2}, company_id=branch.id, warehouse_id=self.create_warehouse(branch).id, user=self.env.user)
        self.assertEqual(order.company_id, branch)
        self.assertPosition(R=30, O=100)
        self.assertPosition(account=accounts[other])
        self.assertPosition(O=20, account=accounts[branch])

    def create_warehouse(self, company):
        warehouses = self.env["stock.warehouse"]
        return warehouses.search([("company_id", "=", company.id)], limit=1) or warehouses.create(
            {"name": company.name, "code": company.name[2:6], "company_id": company.id}
        )

    def test_limits_are_those_of_the_company_of_the_account(self):
        other = self.env["res.company"].create({"name": "T Other"})
        elsewhere = self.get_account(company=other)
        self.set_limit(500)
        self.assertEqual((self.account.limit_amount, elsewhere.limit_amount, elsewhere.has_limit), (500, 0, False))
        elsewhere.action_set_limit(70, "small")
        self.assertEqual((self.account.credit_limit, elsewhere.credit_limit), (500, 70))
        self.assertEqual(self.alpha.with_company(other).credit_limit, 70)


@tagged("post_install", "-at_install")
class TestLimitOfTheDay(CreditCommon):
    def test_no_limit_and_a_limit_of_zero(self):
        self.assertFalse(self.account.has_limit)
        self.account.policy = "hold"
        self.assertEqual(self.confirm({self.tea: 10}).state, "sale")
        self.account.action_set_limit(0, "pays in advance")
        self.assertTrue(self.account.has_limit)
        self.assertEqual(self.confirm({self.tea: 11}).dms_state, "on_hold")
        self.account.action_set_limit(None, "pays well")
        self.assertFalse(self.account.has_limit)
        self.assertEqual(self.confirm({self.tea: 12}).state, "sale")

    def test_set_in_cores_field_counts(self):
        self.account.policy = "hold"
        self.alpha.write({"use_partner_credit_limit": True, "credit_limit": 99})
        self.assertEqual((self.account.has_limit, self.account.credit_limit, self.account.limit_amount), (True, 99, 99))
        self.assertEqual(self.confirm({self.tea: 10}).dms_state, "on_hold")
        self.alpha.write({"use_partner_credit_limit": False})
        self.assertFalse(self.account.has_limit)

    def test_set_on_the_account_is_cores_field(self):
        self.account.credit_limit = 123
        self.assertEqual((self.alpha.credit_limit, self.alpha.use_partner_credit_limit), (123, True))

    def test_limit_is_reached_by_the_last_cent(self):
        self.set_limit(100)
        self.assertEqual(self.confirm({self.tea: 10}).state, "sale")
        self.assertEqual(self.account.available_amount, 0)
        order = self.create_order(lines={self.tea: 1})
        order.order_line.price_unit = 0.01
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")
        self.assertIn("0.01", order.dms_hold_ids.message)

    def test_figures_of_the_limit_add_up(self):
        self.set_limit(100)
        self.account.write({"secured_amount": 40, "secured_from": self.day(-1), "secured_until": self.day(1)})
        self.grant(25)
        self.grant(10, -3, 3)
        self.confirm({self.tea: 7})
        account = self.account
        self.assertEqual((account.secured_valid_amount, account.extension_amount, account.limit_amount), (40, 35, 175))
        self.assertEqual((account.available_amount, account.used_percent), (105, 40))

    def test_temporary_limit_counts_on_both_its_days(self):
        self.set_limit(100)
        self.grant(50, 5, 9)
        for number, limit in ((0, 100), (4, 100), (5, 150), (7, 150), (9, 150), (10, 100)):
            with freeze_time(self.noon(number)):
                self.env.invalidate_all()
                self.assertEqual(self.account.limit_amount, limit, f"day {number}")

    def test_overlapping_temporary_limits_add_up(self):
        self.set_limit(100)
        self.grant(50, 0, 4)
        self.grant(30, 4, 8)
        for number, limit in ((0, 150), (3, 150), (4, 180), (5, 130), (8, 130), (9, 100)):
            with freeze_time(self.noon(number)):
                self.env.invalidate_all()
                self.assertEqual(self.account.limit_amount, limit, f"day {number}")

    def noon(self, number):
        return f"{self.day(number)} 12:00:00"

    def test_requested_rejected_and_ended_temporary_limits_do_not_count(self):
        self.set_limit(100)
        values = {"account_id": self.account.id, "amount": 50, "date_from": self.today, "date_to": self.today, "reason": "r"}
        request = self.env["dms.credit.extension"].create(values)
        self.assertEqual(self.account.limit_amount, 100)
        request.with_user(self.controller).action_reject("no")
        self.assertEqual(self.account.limit_amount, 100)
        approved = self.grant(50)
        self.assertEqual(self.account.limit_amount, 150)
        with freeze_time(self.noon(1)):
            self.env["dms.credit.account"]._cron_follow_days()
            self.assertEqual(approved.state, "expired")
            self.assertEqual(self.account.limit_amount, 100)

    def test_temporary_limit_without_a_limit_holds_nothing(self):
        self.account.policy = "hold"
        self.grant(10)
        self.assertEqual(self.confirm({self.tea: 10}).state, "sale")

    def test_security_counts_while_it_is_valid(self):
        self.set_limit(100)
        cases = (
            (False, False, 140), (0, 0, 140), (-5, 5, 140), (1, 9, 100), (-9, -1, 100), (False, 0, 140), (False, -1, 100),
            (0, False, 140), (1, False, 100),
        )  # fmt: skip
        for first, last, limit in cases:
            days = {"secured_from": first is not False and self.day(first), "secured_until": last is not False and self.day(last)}
            self.account.write({"secured_amount": 40, **days})
            self.assertEqual(self.account.limit_amount, limit, days)

    def test_order_after_the_security_ended_is_held(self):
        self.set_limit(60)
        self.account.write({"secured_amount": 40, "secured_until": self.today})
        order = self.create_order(lines={self.tea: 10})
        with freeze_time(self.noon(1)):
            order.action_confirm()
            self.assertEqual(order.dms_state, "on_hold")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_figures_are_right_on_read_whatever_was_read_before(self):
        order = self.confirm({self.tea: 10})
        self.assertEqual(self.account.exposure_amount, 100)
        order.order_line.product_uom_qty = 5
        self.env.flush_all()
        self.assertEqual((self.account.exposure_amount, self.account.available_amount), (50, -50))
        other = self.env["dms.credit.account"].browse(self.account.id)
        self.create_invoice(7, self.today)
        self.assertEqual((other.receivable_amount, self.account.receivable_amount), (7, 7))

    def test_accounts_of_many_are_read_in_a_fixed_number_of_queries(self):
        self.confirm({self.tea: 10})
        accounts = self.env["dms.credit.account"].search([("company_id", "=", self.company.id)])
        self.assertGreater(len(accounts), 2)
        counts = []
        for batch in (accounts[:1], accounts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.mapped("exposure_amount")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_search_by_figures(self):
        self.create_invoice(100, self.day(-40), due=self.day(-31))
        self.create_invoice(300, self.today, partner=self.beta)
        search = self.env["dms.credit.account"].search
        mine = [("partner_id", "in", (self.alpha | self.beta).ids), ("company_id", "=", self.company.id)]
        for condition, found in (
            (("receivable_amount", ">", 100), self.other_account),
            (("receivable_amount", ">=", 100), self.account | self.other_account),
            (("exposure_amount", "=", 300), self.other_account),
            (("overdue_days", ">", 30), self.account),
            (("overdue_days", "=", 31), self.account),
            (("overdue_amount", "=", 0), self.other_account),
            (("available_amount", "<", -200), self.other_account),
        ):
            self.assertEqual(search([*mine, condition]), found, condition)

    def test_accounts_exist_from_the_start_in_every_company(self):
        companies = self.env["res.company"].search([])
        fresh = self.create_distributor("Fresh")
        self.assertEqual(self.env["dms.credit.account"].search([("partner_id", "=", fresh.id)]).company_id, companies)
        self.customer.is_distributor = True
        self.assertTrue(self.get_account(self.customer))
        bound = self.create_distributor("Bound", company_id=self.company.id)
        self.assertEqual(self.env["dms.credit.account"].search([("partner_id", "=", bound.id)]).company_id, self.company)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.env["dms.credit.account"].create({"partner_id": fresh.id, "company_id": self.company.id})

    def test_terms_of_the_class_are_where_a_distributor_starts(self):
        terms = self.env["dms.distributor.class"].create(
            {"name": "T Strict", "code": "T-STR", "credit_policy": "hold", "credit_grace_days": 7, "credit_has_limit": True, "credit_limit": 250}
        )  # fmt: skip
        account = self.get_account(self.create_distributor("Strict", distributor_class_id=terms.id))
        self.assertEqual((account.policy, account.overdue_grace_days, account.has_limit, account.limit_amount), ("hold", 7, True, 250))
        plain = self.get_account(self.create_distributor("Classless", distributor_class_id=False))
        self.assertEqual((plain.policy, plain.has_limit), ("none", False))
        plain.partner_id.distributor_class_id = terms
        self.assertEqual((plain.policy, plain.overdue_grace_days, plain.has_limit, plain.limit_amount), ("hold", 7, True, 250))
        self.assertEqual(set(plain.change_ids.mapped("field_name")), {"policy", "overdue_grace_days", "credit_limit"})
        self.set_limit(70, plain.partner_id)
        plain.partner_id.distributor_class_id = False
        plain.partner_id.distributor_class_id = terms
        self.assertEqual(plain.limit_amount, 70, "a limit of its own stays")

    def test_yesterday_and_tomorrow_of_the_review_date(self):
        self.set_limit(1000)
        for number, held in ((-1, True), (0, False), (1, False)):
            self.account.review_date = self.day(number)
            order = self.confirm({self.tea: 10})
            self.assertEqual(order.dms_state == "on_hold", held, number)
            if held:
                self.assertEqual(self.open_gates(order), {"credit_review"})
