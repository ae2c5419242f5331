from datetime import timedelta

from lxml import html

from odoo.fields import Command

from odoo.addons.dms_portal.tests.common import PortalCommon

PDF = b"%PDF-1.4 proof"


def having(page, name, inside=""):
    """Elements of a parsed page that have this class; with ``inside``, the XPath of what is looked for in them."""
    return page.xpath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]{inside}")


def words(element):
    """Text of an element with single blanks."""
    return " ".join(element.text_content().split())


class CreditPortalCommon(PortalCommon):
    """Two distributors with credit: a limit, overdue invoices, notices with proof, requests; each with texts of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._dms_today()
        cls.income = cls.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", cls.company.ids)], order="id", limit=1
        )
        cls.controller = cls.create_staff("t_controller", "dms_credit.group_credit_controller")
        cls.account, cls.other_account = cls.get_account(cls.alpha), cls.get_account(cls.beta)
        cls.mine |= cls.setUpCredit(cls.account, cls.alpha_user, "ALPHAMARK")
        cls.theirs |= cls.setUpCredit(cls.other_account, cls.beta_user, "BETAMARK")
        cls.env.flush_all()

    @classmethod
    def setUpCredit(cls, account, user, mark):
        """``{name: record}``: what an account of each kind has; terms are set last, so that they hold none of it."""
        distributor = account.partner_id
        overdue = cls.create_receivable(100.0, -40, distributor, ref=f"{mark}-overdue")
        advice = cls.submit(user, reference=f"{mark}-transfer", note=f"{mark}-note", invoice_ids=overdue.ids)
        asked = cls.request(account, user, reason=f"{mark}-asked")
        rejected = cls.request_rejected(account, user, f"{mark}-rejected", f"{mark}-answer")
        staff = cls.env["dms.credit.extension"].create(
            {"account_id": account.id, "amount": 70, "date_from": cls.day(-1), "date_to": cls.day(9), "reason": f"{mark}-staffreason"}
        )
        account.write({"policy": "hold", "secured_reference": f"{mark}-security"})
        account.action_set_limit(5000, f"{mark}-limitreason")
        return {
            "account": account,
            "overdue": overdue,
            "advice": advice.with_env(cls.env),
            "proof": advice.sudo()._attach_proof(f"{mark}-proof.pdf", PDF + mark.encode()),
            "asked": asked,
            "rejected": rejected,
            "staff_request": staff,
        }

    # ------------------------------------------------------------ documents

    @classmethod
    def get_account(cls, partner, company=None):
        return cls.env["dms.credit.account"]._get_account(partner, company or cls.company).with_env(cls.env)

    @classmethod
    def day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def create_receivable(cls, amount, due_in, partner=None, kind="out_invoice", **values):
        """A posted invoice (or credit note) of one line without tax, due so many days from today."""
        due = cls.day(due_in)
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or cls.alpha).id,
                "invoice_date": min(due, cls.today),
                "invoice_date_due": due,
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
    def submit(cls, user, **values):
        """A notice as the page of the portal sends it."""
        values = {"amount": "100.00", "date": cls.today.isoformat(), "reference": "Transfer", **values}
        env = cls.env(user=user, su=False, context={"tracking_disable": True})
        return env["dms.payment.advice"]._submit(user.commercial_partner_id.with_env(env), values)

    @classmethod
    def request(cls, account, user, amount=500.0, first=0, last=30, reason="Season"):
        env = cls.env(user=user, su=True)
        requests = env["dms.credit.extension"]
        return requests._request(account.with_env(env), amount, cls.day(first), cls.day(last), reason).with_env(cls.env)

    @classmethod
    def request_rejected(cls, account, user, reason, answer):
        """A second request: the first must have been answered for it, so it is parked meanwhile."""
        waiting = cls.env["dms.credit.extension"].search([("account_id", "=", account.id), ("state", "=", "draft")])
        waiting.is_from_portal = False
        rejected = cls.request(account, user, reason=reason)
        rejected.with_user(cls.controller).action_reject(answer)
        waiting.is_from_portal = True
        return rejected

    @classmethod
    def approve(cls, request):
        request.with_user(cls.controller).action_approve()
        return request

    def values(self, account=None, user=None):
        """What the page of the position shows to a user of the account's distributor."""
        self.env.flush_all()
        env = self.env(user=user or self.alpha_user, su=True)
        return (account or self.account).with_env(env)._prepare_portal_values()

    def page(self, path):
        """The parsed page behind a path."""
        return html.fromstring(self.get(path).text)

    def money(self, amount, currency=None):
        return (currency or self.company.currency_id).format(amount)

    def advices_of(self, distributor):
        return self.env["dms.payment.advice"].search([("distributor_id", "=", distributor.id)])

    def requests_of(self, account):
        return self.env["dms.credit.extension"].search([("account_id", "=", account.id)])
