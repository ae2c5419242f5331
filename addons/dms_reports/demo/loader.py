"""Turns ``story`` into a year of paid invoices before the lower modules' orders, and targets beside what was sold."""

from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tools.date_utils import start_of

from odoo.addons.dms_orders.demo.loader import QUIET
from odoo.addons.dms_orders.demo.loader import Loader as OrderLoader

from ..hooks import post_init_hook
from . import story


def load(env):
    env = env(context={**env.context, **QUIET})
    ReportLoader(env["res.company"].with_company(env.ref("base.main_company")).env).run()


class ReportLoader(OrderLoader):
    """One run over the whole story."""

    def run(self):
        self.today = self.company._dms_today()
        self.this_month = start_of(self.today, "month")
        products = self.env["product.product"].search([("categ_id", "child_of", self.ref("category_consumer").id)], order="id")
        self.products = {product.default_code: product for product in products if product.tracking == "none"}
        plans = list(story.plan_invoices([self.describe(product) for product in self.products.values()], self.today.month))
        self.book(plans)
        self.take_in_facts()
        self.set_targets()

    def day(self, ago):
        return self.today - timedelta(days=ago)

    # ------------------------------------------------------------ invoices

    def book(self, plans):
        """Invoices posted and paid in full: nothing of them is open on any account."""
        self.sellers = self.get_sellers()
        moves = self.env["account.move"].create([self.prepare_invoice(plan) for plan in plans])
        moves.action_post()
        documents = moves.grouped("partner_id").values()
        payments = self.env["account.payment"].create([self.prepare_payment(invoices) for invoices in documents])
        payments.action_post()
        for invoices, payment in zip(documents, payments, strict=True):
            lines = invoices.line_ids | payment.move_id.line_ids
            lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()

    def get_sellers(self):
        """``{distributor: the salesperson of its orders}``."""
        groups = self.env["sale.order"]._read_group([("distributor_id", "!=", False)], ["distributor_id"], ["user_id:recordset"])
        return {distributor: users[:1] for distributor, users in groups}

    def prepare_invoice(self, plan):
        distributor = self.ref(f"distributor_{plan.distributor}")
        return {
            "move_type": "out_invoice",
            "partner_id": distributor.id,
            "invoice_date": self.day(plan.days_ago),
            "invoice_payment_term_id": False,
            "invoice_user_id": self.sellers.get(distributor, self.env.user.browse()).id,
            "invoice_line_ids": [Command.create(self.prepare_invoice_line(*line)) for line in plan.lines],
        }

    def prepare_invoice_line(self, code, pieces):
        product = self.products[code]
        return {"product_id": product.id, "quantity": pieces, "price_unit": product.lst_price, "tax_ids": [Command.clear()]}

    def prepare_payment(self, invoices):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoices.partner_id.id,
            "date": max(invoices.mapped("invoice_date")) + timedelta(days=story.PAID_AFTER),
            "amount": sum(invoices.mapped("amount_total")),
            "memo": "Invoices of the year",
        }

    def take_in_facts(self):
        """What the lower modules' demo data left is older than this module, so nobody has noted it."""
        self.env.flush_all()
        post_init_hook(self.env)

    # ------------------------------------------------------------ targets

    def set_targets(self):
        """Targets of months behind and ahead, near enough to what was sold: some are reached, some are not."""
        targets = self.env["dms.sales.target"].create([*self.prepare_targets()])
        random = Random(11)
        groups = targets.grouped(lambda target: (target.territory_id, target.distributor_id, target.categ_id))
        for group in groups.values():
            past = group.filtered(lambda target: target.month < self.this_month)
            usual = sum(past.mapped("achieved_amount")) / len(past)
            for target in group.sorted("month"):
                season = story.SEASON[target.month.month - 1]
                ahead = (target.month > self.this_month) - (target.month < self.this_month)
                target.amount = story.plan_amount(random, target.achieved_amount, usual, season, ahead)
        self.env.flush_all()

    def prepare_targets(self):
        year_end = self.this_month.replace(month=12)
        ahead = max((year_end.month - self.this_month.month), story.AHEAD)
        months = [self.this_month + relativedelta(months=number) for number in range(-story.BACK, ahead + 1)]
        late = [month for month in months if month >= self.this_month - relativedelta(months=story.CATEGORY_BACK)]
        categories = [self.ref(f"category_{name}") for name in story.CATEGORIES]
        for territory in self.env["dms.territory"].search([("id", "child_of", [self.ref(name).id for name in story.REGIONS])]):
            yield from self.prepare_year({"territory_id": territory.id}, months)
        for names, _level, _every in story.LEVELS.values():
            for name in names:
                yield from self.prepare_year({"distributor_id": self.ref(f"distributor_{name}").id}, months)
        for categ in categories:
            for name in story.REGIONS:
                yield from self.prepare_year({"territory_id": self.ref(name).id, "categ_id": categ.id}, late)
            for name in story.KEEN:
                yield from self.prepare_year({"distributor_id": self.ref(name).id, "categ_id": categ.id}, months)

    def prepare_year(self, owner, months):
        return [{**owner, "month": month, "amount": 1.0} for month in months]
