from datetime import date

from odoo.fields import Command

from odoo.addons.dms_orders.tests.common import DmsCommon


def day(text):
    return date.fromisoformat(text)


class ReceivablesCommon(DmsCommon):
    """Distributors with posted documents on given days, without orders: what the ledger says is what was entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.income = cls.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", cls.company.ids)], order="id", limit=1
        )
        cls.receivable = cls.alpha.with_company(cls.company).property_account_receivable_id
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1)
        cls.outstanding = cls.env["account.account"].create(
            {"name": "T Outstanding", "code": "TOUT01", "account_type": "asset_current", "reconcile": True, "company_ids": cls.company.ids}
        )
        methods = cls.bank.inbound_payment_method_line_ids | cls.bank.outbound_payment_method_line_ids
        methods.payment_account_id = cls.outstanding
        cls.account = cls.env["dms.credit.account"]._get_account(cls.alpha, cls.company).with_env(cls.env)
        cls.other_account = cls.env["dms.credit.account"]._get_account(cls.beta, cls.company).with_env(cls.env)

    @classmethod
    def create_credit_user(cls, login, group):
        """A member of the staff with one group of the module and nothing else."""
        return cls.create_staff(login, f"base.group_user,{group}")

    @classmethod
    def create_invoice(cls, amount, on, due=None, partner=None, kind="out_invoice", **values):
        """A posted invoice of one line without tax, booked ``on`` and due ``due`` (ISO dates)."""
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or cls.alpha).id,
                "invoice_date": on,
                "date": on,
                "invoice_date_due": due or on,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "account_id": cls.income.id, "tax_ids": False})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def create_credit_note(cls, amount, on, due=None, partner=None, **values):
        return cls.create_invoice(amount, on, due, partner, "out_refund", **values)

    @classmethod
    def create_payment(cls, amount, on, partner=None, memo="Transfer", kind="inbound", currency=None):
        payment = cls.env["account.payment"].create(
            {
                "payment_type": kind,
                "partner_type": "customer",
                "partner_id": (partner or cls.alpha).id,
                "amount": amount,
                "date": on,
                "memo": memo,
                "journal_id": cls.bank.id,
                "currency_id": (currency or cls.company.currency_id).id,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def match(cls, *documents):
        """Reconcile the receivable items of invoices and payments with each other."""
        moves = cls.env["account.move"].union(*(getattr(document, "move_id", document) for document in documents))
        moves.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()

    @classmethod
    def create_foreign_currency(cls, rates):
        """A currency with ``{ISO date: units per unit of the company's currency}``."""
        currency = cls.env["res.currency"].create({"name": "TFC", "symbol": "T$", "rounding": 0.01})
        for on, rate in rates.items():
            cls.env["res.currency.rate"].create({"currency_id": currency.id, "company_id": cls.company.id, "name": on, "rate": rate})
        return currency

    def get_ledger_balance(self, partner, on):
        """The balance of the receivable accounts up to a day, from the journal items one by one."""
        contacts = self.env["res.partner"].with_context(active_test=False).search([("commercial_partner_id", "=", partner.id)])
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "in", contacts.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
                ("date", "<=", on),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)
