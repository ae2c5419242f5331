"""Turns the plans of ``story`` into orders that went through the real life cycle, dated back from today."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from .story import Product, plan_orders

MODULE = "dms_orders"
#: no mails, followers or trackings for things that never happened
QUIET = {
    "tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True, "mail_notify_force_send": False,
    "skip_sms": True, "no_reset_password": True,
}  # fmt: skip
LOW_STOCK = (0, 18, 30)


def load(env):
    env = env(context={**env.context, **QUIET})
    company = env.ref("base.main_company")
    Loader(env["res.company"].with_company(company).env).run()


class Loader:
    """One run over all plans; each step handles its orders as one batch."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.now = fields.Datetime.now().replace(minute=0, second=0)

    def run(self):
        self.ensure_chart()
        products = self.env["product.product"].search([("categ_id", "child_of", self.ref("category_consumer").id)], order="id")
        self.products = {product.default_code: product for product in products}
        self.fill_warehouses(products)
        self.plans = plan_orders([self.describe(product) for product in products])
        self.create_orders()
        self.submit_and_confirm()
        self.deliver()
        self.date_back()
        self.invoice()
        self.act()
        self.env.flush_all()
        self.thin_out_stock(products)

    def ref(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    def of_fate(self, *fates):
        return self.env["sale.order"].union(*(order for plan, order in self.orders if plan.fate in fates))

    # ------------------------------------------------------------ masters

    def ensure_chart(self):
        """Invoices need accounts: the generic chart where the company has none yet."""
        if not self.company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)

    def describe(self, product):
        case = product.uom_ids[:1].factor / product.uom_id.factor if product.uom_ids else 0
        return Product(product.default_code, product.lst_price, int(case), product.order_min_qty, product.order_multiple)

    def fill_warehouses(self, products):
        locations = [self.ref(f"warehouse_{name}").lot_stock_id for name in ("north", "coast", "south")]
        self.env["stock.quant"].create(
            [
                {"product_id": product.id, "location_id": location.id, "quantity": 2400 + (index * 7 + place * 5) % 13 * 240}
                for place, location in enumerate(locations)
                for index, product in enumerate(products)
            ]
        )

    def thin_out_stock(self, products):
        """A few products are short or out in a warehouse, as in life."""
        quants = self.env["stock.quant"].search(
            [("product_id", "in", products.ids), ("location_id.usage", "=", "internal"), ("reserved_quantity", "=", 0)], order="id"
        )
        for index, quant in enumerate(quants[::11]):
            quant.quantity = LOW_STOCK[index % len(LOW_STOCK)]

    # ------------------------------------------------------------ life cycle

    def create_orders(self):
        records = self.env["sale.order"].create([self.prepare_order(plan) for plan in self.plans])
        self.orders = list(zip(self.plans, records, strict=True))
        for plan, order in self.orders:
            for line, wanted in zip(order.order_line, plan.lines, strict=True):
                if wanted.factor != 1.0:
                    line.price_unit = line.price_unit * wanted.factor
        self.env.flush_all()
        for plan, order in self.orders:
            maker = self.maker(plan) or order.user_id
            self.set_columns(order, create_uid=maker.id, create_date=self.moment(plan))
        records.invalidate_recordset()

    def prepare_order(self, plan):
        return {
            "partner_id": self.ref(f"distributor_{plan.distributor}").id,
            "date_order": self.moment(plan),
            "order_channel": plan.channel,
            "client_order_ref": plan.reference or False,
            "order_line": [Command.create(self.prepare_line(line)) for line in plan.lines],
        }

    def prepare_line(self, line):
        product = self.products[line.code]
        unit = product.uom_ids[:1] if line.cases else product.uom_id
        return {"product_id": product.id, "product_uom_id": unit.id, "product_uom_qty": line.quantity, "analytic_distribution": False}

    def moment(self, plan):
        """When the plan's order was placed; never in the future."""
        return min(self.now.replace(hour=plan.hour) - timedelta(days=plan.days_ago), self.now)

    def maker(self, plan):
        return self.ref(f"user_{plan.user}") if plan.user else self.env["res.users"]

    def submit_and_confirm(self):
        for user in {plan.user for plan in self.plans}:
            orders = [order for plan, order in self.orders if plan.user == user and plan.fate != "draft"]
            env = self.env(user=self.ref(f"user_{user}").id, su=True) if user else self.env
            env["sale.order"].union(*orders).action_dms_submit()
        self.of_fate("confirmed", "partial", "delivered", "invoiced").filtered(lambda o: o.dms_state == "submitted").action_confirm()
        self.of_fate("cancelled")._action_cancel()

    def deliver(self):
        self.env.flush_all()
        whole = self.of_fate("delivered", "invoiced").picking_ids
        for move in whole.move_ids:
            move.picked = True
        for picking in self.of_fate("partial").picking_ids:
            moves = picking.move_ids
            for move in moves[: len(moves) // 2 + 1]:
                move.picked = True
        (whole | self.of_fate("partial").picking_ids)._action_done()

    def invoice(self):
        invoices = self.of_fate("invoiced").filtered(lambda o: o.invoice_status == "to invoice")._create_invoices(grouped=True)
        for move in invoices:
            order = move.line_ids.sale_line_ids.order_id
            move.invoice_date = (order.effective_date or order.date_order).date()
        invoices.action_post()
        self.pay(
            invoices.filtered(
                lambda move: (
                    move.invoice_date_due < self.now.date() - timedelta(days=10) and not move.partner_id == self.ref("distributor_granite")
                )
            )
        )

    def pay(self, invoices):
        """Most distributors have paid what was due, one transfer each."""
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoices.ids)
        wizard.create({"group_payment": True, "payment_date": self.now.date() - timedelta(days=5)})._create_payments()

    # ------------------------------------------------------------ dates

    def date_back(self):
        """Give orders, holds and transfers the dates they would have had."""
        self.env.flush_all()
        for plan, order in self.orders:
            moment = self.moment(plan)
            self.set_columns(order, date_order=moment)
            if order.dms_submitted_on:
                self.date_back_submission(order, moment)
            for picking in order.picking_ids:
                self.date_back_picking(picking, moment)
        self.env.invalidate_all()

    def date_back_submission(self, order, moment):
        self.set_columns(order, dms_submitted_on=moment)
        if order.dms_class_id:
            noon = order.with_context(**QUIET)
            noon.commitment_date = False
            noon.write(noon._prepare_promise_values(moment))
        self.set_columns(order.dms_hold_ids, create_date=moment)

    def date_back_picking(self, picking, moment):
        due = picking.sale_id.commitment_date or moment + timedelta(days=2)
        self.set_columns(picking, create_date=moment, scheduled_date=due, date_deadline=due)
        if picking.state == "done":
            done = min(due, self.now - timedelta(hours=3))
            self.set_columns(picking, date_done=done)
            self.set_columns(picking.sale_id, effective_date=done)
            self.set_columns(picking.move_ids, date=done)
            self.set_columns(picking.move_line_ids, date=done)

    def set_columns(self, records, **values):
        """Dates that the ORM sets by itself have to be written below it."""
        if records:
            assignments = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
            self.env.cr.execute(SQL("UPDATE %s SET %s WHERE id IN %s", SQL.identifier(records._table), assignments, records._ids))

    # ------------------------------------------------------------ what happened besides

    def act(self):
        for plan, order in self.orders:
            if plan.act:
                getattr(self, f"act_{plan.act}")(order, plan)

    def act_suspend(self, order, plan):
        order.distributor_id.action_distributor_suspend("Two invoices unpaid for 60 days")
        order.action_dms_submit()
        self.env.flush_all()
        self.date_back_submission(order, self.moment(plan))

    def act_twin(self, order, plan):
        """Its twin is what holds it; nothing more happens."""

    def act_release(self, order, plan):
        order.dms_open_hold_ids.with_user(self.env.ref("base.user_admin")).action_release("First order of a new line, agreed by phone.")

    def act_reject(self, order, plan):
        order.dms_open_hold_ids.with_user(self.env.ref("base.user_admin")).action_reject("These products are not part of your contract.")

    def act_amend(self, order, plan):
        line = order.order_line[0]
        order.action_dms_amend([{"line_id": line.id, "product_id": line.product_id.id, "quantity": line.product_uom_qty + 4}])

    def act_amend_outside(self, order, plan):
        order.action_dms_amend([{"line_id": None, "product_id": self.products["HEA-012"].id, "quantity": 24}])

    def act_request(self, order, plan):
        line = order.order_line[-1]
        order.with_user(self.maker(plan)).action_dms_amend(
            [{"line_id": line.id, "product_id": line.product_id.id, "quantity": line.product_uom_qty * 2}]
        )

    def act_request_cancel(self, order, plan):
        order.picking_ids.printed = True
        order.with_user(self.maker(plan)).action_dms_request_cancel("Ordered twice by mistake.")
