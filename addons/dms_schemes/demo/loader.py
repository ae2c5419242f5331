"""Turns ``story`` into schemes that two people wrote and approved, and orders that went through the real life cycle."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.dms_orders.demo.loader import QUIET
from odoo.addons.dms_orders.demo.loader import Loader as OrderLoader

from .story import FIRST_VERSION, ORDERS, SCHEMES


def load(env):
    env = env(context={**env.context, **QUIET})
    SchemeLoader(env["res.company"].with_company(env.ref("base.main_company")).env).run()


class SchemeLoader(OrderLoader):
    """One run over the whole story."""

    def run(self):
        self.today = self.company._dms_today()
        products = self.env["product.product"].search([("categ_id", "child_of", self.ref("category_consumer").id)])
        self.products = {product.default_code: product for product in products}
        self.author, self.approver = (self.env.ref(f"dms_schemes.user_{name}") for name in ("schemes", "approver"))
        self.write_schemes()
        self.place_orders()
        self.settle_schemes()
        self.env["dms.scheme"]._cron_alert_budgets()

    def day(self, ago):
        return None if ago is None else self.today + timedelta(days=ago)

    # ------------------------------------------------------------ schemes

    def write_schemes(self):
        schemes = (
            self.env["dms.scheme"].with_user(self.author).create([self.prepare_scheme(plan) for plan in (FIRST_VERSION, *SCHEMES[1:])])
        )
        plans = list(zip((FIRST_VERSION, *SCHEMES[1:]), schemes, strict=True))
        self.approve(schemes.browse([scheme.id for plan, scheme in plans if plan.fate != "draft"]))
        self.replace(schemes[0], SCHEMES[0])
        schemes.browse([scheme.id for plan, scheme in plans if plan.fate == "closed"]).with_user(self.approver).action_close()
        for draft in schemes.filtered(lambda scheme: scheme.state == "draft"):
            draft.with_user(self.author).action_check()

    def approve(self, schemes):
        schemes.with_user(self.approver).action_approve()
        self.env.flush_all()
        for scheme in schemes:
            moment = self.now + min(scheme.date_from - self.today, timedelta()) - timedelta(days=2)
            self.set_columns(scheme, create_date=moment - timedelta(days=1), approved_on=moment)
        schemes.invalidate_recordset()

    def replace(self, scheme, plan):
        """A second version of it, from a later day on."""
        version = scheme.browse(scheme.with_user(self.author).action_new_version()["res_id"])
        values = self.prepare_scheme(plan)
        version.with_user(self.author).write({**values, "slab_ids": [Command.clear(), *values["slab_ids"]]})
        self.approve(version)

    def prepare_scheme(self, plan):
        terms = dict(plan.terms)
        values = {
            "code": plan.code,
            "name": plan.name,
            "date_from": self.day(plan.first),
            "date_to": self.day(plan.last),
            "description": f"<p>{plan.description}</p>",
            "user_id": self.author.id,
            "product_ids": self.get_products(plan.products),
            "must_have_product_ids": self.get_products(terms.pop("must_have", ())),
            "slab_ids": [Command.create(self.prepare_slab(*slab)) for slab in plan.slabs],
        }
        lists = {"territory_ids": terms.pop("territory", ""), "class_ids": terms.pop("class", ""), "categ_ids": plan.category}
        return {**values, **terms, **{name: [Command.set(self.ref(ref).ids)] for name, ref in lists.items() if ref}}

    def get_products(self, codes):
        return [Command.set([self.products[code].id for code in codes])]

    def prepare_slab(self, threshold, benefit, value, every=0.0, code=""):
        if benefit != "free_product":
            return {"threshold": threshold, "benefit": benefit, "value": value}
        given = {"free_qty": value, "repeat_every": every, "free_product_id": self.products[code].id if code else False}
        return {"threshold": threshold, "benefit": benefit, **given}

    # ------------------------------------------------------------ orders

    def place_orders(self):
        orders = self.env["sale.order"].create([self.prepare_order(plan) for plan in ORDERS])
        placed = list(zip(ORDERS, orders, strict=True))
        for plan, order in placed:
            if plan.act != "draft":
                order.action_dms_submit()
        confirmed = orders.filtered(lambda order: order.dms_state == "submitted")
        confirmed.action_confirm()
        done = orders.browse([order.id for plan, order in placed if plan.act in ("invoice", "credit") and order.state == "sale"])
        self.deliver(done)
        self.date_orders_back(placed)
        self.invoice(done)
        self.credit([order for plan, order in placed if plan.act == "credit" and order in done])

    def prepare_order(self, plan):
        return {
            "partner_id": self.ref(f"distributor_{plan.distributor}").id,
            "order_channel": plan.channel,
            "order_line": [Command.create(self.prepare_cases(code, cases)) for code, cases in plan.cases.items()],
        }

    def prepare_cases(self, code, cases):
        product = self.products[code]
        return {
            "product_id": product.id,
            "product_uom_id": product.uom_ids[:1].id,
            "product_uom_qty": cases,
            "analytic_distribution": False,
        }

    def deliver(self, orders):
        for move in orders.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        orders.picking_ids._action_done()

    def date_orders_back(self, placed):
        self.env.flush_all()
        for plan, order in placed:
            moment = min(self.now.replace(hour=9), self.now) - timedelta(days=plan.days_ago)
            self.set_columns(order, date_order=moment, create_date=moment)
            if order.dms_submitted_on:
                self.set_columns(order, dms_submitted_on=moment, scheme_date=moment.date())
            self.set_columns(order.scheme_application_ids, create_date=moment)
        self.env.invalidate_all()

    def invoice(self, orders):
        moves = orders._create_invoices(grouped=True)
        for move in moves:
            move.invoice_date = move.line_ids.sale_line_ids.order_id[:1].date_order.date() + timedelta(days=1)
        moves.action_post()

    def credit(self, orders):
        """A part of the first line comes back."""
        for order in orders:
            (invoice,) = order.invoice_ids
            refund = invoice._reverse_moves([{"invoice_date": self.today, "ref": "Damaged on arrival"}])
            first = refund.invoice_line_ids[:1]
            (refund.invoice_line_ids - first).unlink()
            first.quantity = 1
            refund.action_post()

    # ------------------------------------------------------------ accruals

    def settle_schemes(self):
        """What was earned off invoice is accrued; of three that were asked for, one is paid."""
        schemes = self.env["dms.scheme"].search([("timing", "=", "off_invoice"), ("state", "=", "approved")])
        schemes._accrue_versions()
        owed = self.env["dms.scheme.accrual"].search(
            [("scheme_id", "in", schemes.ids), ("open_amount", ">", 0)], order="open_amount desc, id"
        )
        for row in owed[:3]:
            row.with_user(self.author).action_claim()
        owed[:1].with_user(self.approver).action_settle()
