"""Turns ``story`` into accounts, invoices, orders and decisions that went through the real methods, dated back from today."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.dms_orders.demo.loader import QUIET
from odoo.addons.dms_orders.demo.loader import Loader as OrderLoader

from .documents import make_pdf
from .orders import OrderActs
from .story import ADVICES, BOUNCED, EXTENSIONS, INVOICES, PAYMENTS, TERMS

#: days ago that the accounts were opened
OPENED = 150


def load(env):
    env = env(context={**env.context, **QUIET})
    CreditLoader(env["res.company"].with_company(env.ref("base.main_company")).env).run()


class CreditLoader(OrderActs, OrderLoader):
    """One run over the whole story."""

    def run(self):
        self.today = self.company._dms_today()
        self.open_accounts()
        self.book_invoices()
        self.book_payments()
        self.set_terms()
        self.ask_for_limits()
        self.bounce(BOUNCED)
        self.place_orders()
        self.tell_of_transfers()
        self.prepare_mailing()
        self.env["sale.order"]._cron_dms_recheck_requested()
        self.env["dms.credit.extension"]._expire()

    # ------------------------------------------------------------ whom and when

    def distributor(self, name):
        return self.ref(f"distributor_{name}")

    def account(self, name):
        return self.env["dms.credit.account"]._get_account(self.distributor(name), self.company)

    def login(self, name):
        module = "dms_credit" if name in ("credit", "finance") else "dms_orders"
        return self.env.ref(f"{module}.user_{name}")

    def acting(self, records, login):
        """``records`` in the hands of a user, whose rights are not in question here."""
        return records.with_env(self.env(user=self.login(login).id, su=True))

    def day(self, ago):
        return self.today - timedelta(days=ago)

    def at(self, ago, hour=10):
        return min(self.now.replace(hour=hour) - timedelta(days=ago), self.now)

    # ------------------------------------------------------------ accounts

    def open_accounts(self):
        """Accounts with the terms of their class, opened when the first orders came."""
        Account = self.env["dms.credit.account"]
        Account._create_missing()
        distributors = self.get_distributors()
        accounts = Account.search([("partner_id", "in", distributors.ids), ("company_id", "=", self.company.id)])
        classes = distributors.distributor_class_id
        classes.filtered("credit_limit").credit_has_limit = True
        for terms, own in accounts.grouped("distributor_class_id").items():
            own.write({"policy": terms.credit_policy, "overdue_grace_days": terms.credit_grace_days})
        for account in accounts.filtered(lambda account: not account.has_limit):
            account._take_class_limit()
        self.date_changes(OPENED)
        self.set_columns(accounts, create_date=self.at(OPENED))

    def get_distributors(self):
        known = self.env["ir.model.data"].search(
            [("module", "=", "dms_orders"), ("model", "=", "res.partner"), ("name", "like", "distributor_")]
        )
        return self.env["res.partner"].browse(known.mapped("res_id"))

    def date_changes(self, ago):
        """Give the changes that were just made the day they would have had."""
        self.env.flush_all()
        rows = self.env["dms.credit.change"].search([("date", ">", self.at(0) - timedelta(days=1))])
        self.set_columns(rows, date=self.at(ago))
        rows.invalidate_recordset()

    def set_terms(self):
        for number, terms in enumerate(TERMS):
            account = self.acting(self.account(terms.distributor), "credit")
            account.write(self.prepare_terms(terms))
            if terms.limit is not None:
                account.action_set_limit(terms.limit, terms.reason or "Yearly review")
            if terms.security == "guarantee":
                account.secured_attachment_ids = self.attach(account, f"{terms.reference}.pdf", f"Bank guarantee {terms.reference}")
            self.date_changes(120 - 9 * number)

    def prepare_terms(self, terms):
        values = {"policy": terms.policy} if terms.policy else {}
        if terms.review is not None:
            values["review_date"] = self.day(-terms.review)
        if terms.security:
            values |= {
                "secured_kind": terms.security,
                "secured_amount": terms.secured,
                "secured_from": self.day(terms.since),
                "secured_until": self.day(-terms.until),
                "secured_reference": terms.reference,
            }
        return values

    def attach(self, record, name, text):
        values = {"name": name, "raw": make_pdf(text), "mimetype": "application/pdf", "res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].create(values)

    # ------------------------------------------------------------ invoices and payments

    def book_invoices(self):
        moves = self.env["account.move"].create([self.prepare_invoice(invoice) for invoice in INVOICES])
        booked = list(zip(INVOICES, moves, strict=True))
        self.env["account.move"].union(*(move for invoice, move in booked if not invoice.draft)).action_post()
        self.pay_parts([(invoice, move) for invoice, move in booked if invoice.paid])

    def prepare_invoice(self, invoice):
        line = {"name": invoice.label, "quantity": 1, "price_unit": abs(invoice.amount), "tax_ids": [Command.clear()]}
        return {
            "move_type": "out_invoice" if invoice.amount > 0 else "out_refund",
            "partner_id": self.distributor(invoice.distributor).id,
            "invoice_date": self.day(max(invoice.overdue, 0) + 20),
            "invoice_date_due": self.day(invoice.overdue),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(line)],
        }

    def pay_parts(self, booked):
        """Payments of these invoices, allocated to them."""
        payments = self.receive(
            [
                (invoice.distributor, max(invoice.overdue - 4, 1), abs(move.amount_total) * invoice.paid, move.name)
                for invoice, move in booked
            ]
        )
        for (_invoice, move), payment in zip(booked, payments, strict=True):
            lines = move.line_ids | payment.move_id.line_ids
            lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()

    def book_payments(self):
        self.receive([(name, ago, amount, "On account") for name, ago, amount in PAYMENTS])

    def receive(self, transfers):
        """Posted payments.

        :param transfers: ``[(distributor, days ago, amount, memo)]``
        """
        receipt = {"payment_type": "inbound", "partner_type": "customer"}
        payments = self.env["account.payment"].create(
            [
                {**receipt, "partner_id": self.distributor(name).id, "date": self.day(ago), "amount": amount, "memo": memo}
                for name, ago, amount, memo in transfers
            ]
        )
        payments.action_post()
        return payments

    def bounce(self, name):
        """The bank takes back the last payment of this distributor."""
        domain = [("partner_id", "=", self.distributor(name).id), ("state", "in", ("in_process", "paid"))]
        payment = self.env["account.payment"].search(domain, order="date desc, id desc", limit=1)
        self.acting(payment, "finance").action_dms_bounce()
        self.date_changes(2)

    # ------------------------------------------------------------ temporary limits

    def ask_for_limits(self):
        for extension in EXTENSIONS:
            request = self.ask_for_limit(extension)
            if extension.fate in ("approved", "expired"):
                self.acting(request, "credit").action_approve()
            elif extension.fate == "rejected":
                self.acting(request, "credit").action_reject(extension.answer)
            asked = max(-extension.first, 0) + 2
            self.date_changes(asked - 1)
            self.set_columns(request, create_date=self.at(asked), decided_on=self.at(asked - 1) if request.decided_on else None)
            request.invalidate_recordset()

    def ask_for_limit(self, extension):
        requests = self.acting(self.env["dms.credit.extension"], extension.user)
        account, first, last = self.account(extension.distributor), self.day(-extension.first), self.day(-extension.last)
        if self.login(extension.user).share:
            return requests._request(account, extension.amount, first, last, extension.reason)
        values = {"account_id": account.id, "amount": extension.amount, "date_from": first, "date_to": last, "reason": extension.reason}
        return requests.create(values)

    # ------------------------------------------------------------ payment advice, mailing

    def tell_of_transfers(self):
        for advice in ADVICES:
            notice = self.acting(self.env["dms.payment.advice"], advice.user or "credit").create(self.prepare_advice(advice))
            if advice.proof:
                notice._attach_proof("transfer.pdf", make_pdf(f"Transfer of {advice.amount:,.2f}, {advice.reference}"))
            getattr(self, f"end_advice_{advice.fate}")(self.acting(notice, "finance"), advice)
            self.env.flush_all()
            self.set_columns(notice, create_date=self.at(advice.days_ago))

    def prepare_advice(self, advice):
        return {
            "distributor_id": self.distributor(advice.distributor).id,
            "company_id": self.company.id,
            "date": self.day(advice.days_ago),
            "amount": advice.amount,
            "reference": advice.reference,
            "is_from_portal": bool(advice.user),
        }

    def end_advice_submitted(self, notice, advice):
        """It waits."""

    def end_advice_matched(self, notice, advice):
        notice.action_match(notice._get_candidates()[:1].id)

    def end_advice_rejected(self, notice, advice):
        notice.action_reject(advice.reason)

    def end_advice_cancelled(self, notice, advice):
        notice.action_cancel()

    def prepare_mailing(self):
        """A mailing that the controller has filled and not sent."""
        mailing = self.acting(self.env["dms.credit.mailing"], "credit").create({"company_id": self.company.id, "only_overdue": True})
        mailing.action_fill()
