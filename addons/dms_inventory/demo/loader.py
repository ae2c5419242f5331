"""Turns ``story`` into a ledger with months behind it: receipts of what was delivered, statements, counts, and what does not fit."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from odoo.fields import Command

from odoo.addons.dms_orders.demo.loader import QUIET
from odoo.addons.dms_orders.demo.loader import Loader as OrderLoader

from . import story


def load(env):
    env = env(context={**env.context, **QUIET})
    StockLoader(env["res.company"].with_company(env.ref("base.main_company")).env).run()


class StockLoader(OrderLoader):
    def run(self):
        self.today, self.random = self.company._dms_today(), Random(19)
        self.desk = self.ref("user_desk")
        self.write_norms()
        self.take_in_deliveries()
        self.balances = defaultdict(lambda: defaultdict(float))
        for name, mode, days in story.reports():
            self.report(self.ref(f"distributor_{name}"), mode, days)
        self.report_what_does_not_fit()
        self.deliver_lots()
        self.ask_for_reports()
        self.env["dms.stock.allocation"]._create_for_shortages(self.company)

    def day(self, ago):
        return self.today - timedelta(days=ago)

    def write_norms(self):
        self.env["dms.stock.norm"].create(
            [
                {
                    "class_id": self.ref(f"class_{of_class}").id if of_class else False,
                    "categ_id": self.ref(f"category_{category}").id if category else False,
                    "min_days": least,
                    "max_days": most,
                }
                for of_class, category, least, most in story.NORMS
            ]
        )

    # ------------------------------------------------------------ deliveries

    def take_in_deliveries(self):
        """What was delivered before this module was there, received a few days later; the latest is still on its way."""
        pickings = self.env["stock.picking"].search(
            [("state", "=", "done"), ("company_id", "=", self.company.id), ("sale_id.distributor_id", "!=", False)], order="date_done, id"
        )
        pickings._dms_follow_goods()
        waiting = pickings.filtered(lambda picking: picking.dms_receipt_state == "in_transit")
        for picking in waiting:
            received = picking._dms_day() + timedelta(days=story.RECEIVED_AFTER)
            if received <= self.day(3):
                picking._dms_receive(date=received)
        self.receive_short(waiting.filtered(lambda picking: picking.dms_receipt_state == "in_transit")[:1])

    def receive_short(self, picking):
        """Of one delivery something arrived broken."""
        line = picking.move_line_ids[:1]
        if line:
            picking._dms_receive({line.id: {"quantity": max(line.quantity // 20, 1), "damaged": True}})

    # ------------------------------------------------------------ statements

    def report(self, distributor, mode, days):
        """Sell-out since the last report at the pace of each product, or counts that say as much."""
        distributor.sudo().sellout_mode = mode
        receipts = self.get_receipts(distributor)
        paces = {
            product: story.pace(self.random) for product in sorted({product for _day, product, _quantity in receipts}, key=lambda p: p.id)
        }
        last = days[0] + 14
        for number, ago in enumerate(days, 1):
            lines = self.sell(distributor, receipts, paces, last, ago, mode)
            if lines:
                self.post(distributor, "count" if mode == "count" else "sellout", ago, lines)
            if mode != "count" and number % story.COUNTED_EVERY == 0:
                self.count(distributor, ago)
            last = ago

    def count(self, distributor, ago):
        """What is on hand that day, of one product one piece in a hundred less."""
        balances = self.env["dms.stock.ledger"]._get_balances(self.company, distributor, date=self.day(ago))
        lines = [{"product_id": product_id, "quantity": sum(lots.values())} for product_id, lots in sorted(balances.items())]
        if lines:
            lost = lines[0]["quantity"] // 100
            lines[0]["quantity"] -= lost
            self.balances[distributor][self.env["product.product"].browse(lines[0]["product_id"])] += lost
            self.post(distributor, "count", ago, lines)

    def get_receipts(self, distributor):
        rows = self.env["dms.stock.ledger"].search([("distributor_id", "=", distributor.id)], order="date, id")
        return [(row.date, row.product_id, row.quantity) for row in rows]

    def sell(self, distributor, receipts, paces, last, ago, mode):
        """Values of the lines of one report: what was sold since ``last`` days ago, or what is left."""
        lines = []
        for product, weeks in paces.items():
            received = sum(quantity for day, what, quantity in receipts if what == product and day <= self.day(ago))
            newest = max((quantity for day, what, quantity in receipts if what == product and day <= self.day(ago)), default=0)
            left = received - self.balances[distributor][product]
            rate = newest / weeks / 7 if weeks else 0.0
            sold = min(round(rate * (last - ago) * self.random.uniform(0.7, 1.3)), left)
            if left <= 0 or sold <= 0 and mode != "count":
                continue
            self.balances[distributor][product] += sold
            quantity = left - sold if mode == "count" else sold
            lines.append({"product_id": product.id, "quantity": quantity} if mode == "count" else self.prepare_sale(product, quantity))
        return lines

    def prepare_sale(self, product, quantity, retailer=None):
        retailer = retailer or self.random.choice(story.RETAILERS)
        price = story.resale_price(product.lst_price, retailer)
        return {"product_id": product.id, "quantity": quantity, "retailer": retailer, "price_unit": price}

    def post(self, distributor, kind, ago, lines, state="posted", **values):
        statement = (
            self.env["dms.stock.statement"]
            .with_user(self.desk)
            .sudo()
            .create(
                {
                    "distributor_id": distributor.id,
                    "kind": kind,
                    "date": self.day(ago),
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )
        if state == "posted":
            statement._post()
        return statement

    def report_what_does_not_fit(self):
        """A count far off, a sell-out of more than there is, a late one, a draft of the distributor."""
        for name, kind, factor, ago in (("motor_city", "count", 0.6, 1), ("rainier", "sellout", 1.4, 1), ("beacon", "sellout", 0.05, 20)):
            distributor = self.ref(f"distributor_{name}")
            found = [(position.product_id, max(round(position.on_hand_qty * factor), 1)) for position in self.get_best(distributor)]
            sales = [self.prepare_sale(product, quantity, story.RETAILERS[0]) for product, quantity in found]
            counts = [{"product_id": product.id, "quantity": quantity} for product, quantity in found]
            self.post(distributor, kind, ago, counts if kind == "count" else sales)
        north = self.ref("distributor_north_star")
        lines = [self.prepare_sale(p.product_id, max(p.on_hand_qty // 6, 1), story.RETAILERS[0]) for p in self.get_best(north)]
        self.post(north, "sellout", 0, lines, "draft", is_from_portal=True, source="form")

    def get_best(self, distributor):
        """The three positions with the most stock."""
        return self.env["dms.stock.position"].search([("distributor_id", "=", distributor.id)], order="on_hand_qty desc, id", limit=3)

    def ask_for_reports(self):
        """How often each class reports, how availability is shown to it, and what it gets in a shortage."""
        for name, terms in story.TERMS.items():
            self.ref(f"class_{name}").write(terms)

    # ------------------------------------------------------------ lots

    def deliver_lots(self):
        """A juice followed by lots, at three distributors; one of its lots is called back."""
        product = self.env["product.product"].create(
            {
                "name": "Pressed Apple Juice 0.75 L",
                "default_code": "BEV-090",
                "categ_id": self.ref("category_beverages").id,
                "list_price": 2.9,
                "is_storable": True,
                "tracking": "lot",
                "invoice_policy": "delivery",
            }
        )
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id, "company_id": self.company.id} for name in ("APJ-2401", "APJ-2402")]
        )
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        location = self.ref("warehouse_north").lot_stock_id
        quants.create(
            [{"product_id": product.id, "lot_id": lot.id, "location_id": location.id, "inventory_quantity": 600} for lot in lots]
        ).action_apply_inventory()
        for name, quantity in (("north_star", 360), ("motor_city", 240), ("lakeside", 240), ("twin_cities", 180)):
            self.deliver_juice(self.ref(f"distributor_{name}"), product, quantity)
        for name in ("north_star", "twin_cities"):
            self.order_juice(self.ref(f"distributor_{name}"), product, 480)  # together more than is left
        self.env["dms.stock.recall"].create(
            {
                "product_id": product.id,
                "lot_ids": [Command.set(lots[:1].ids)],
                "reason": self.env._("Fragments of glass were found in a bottle."),
                "user_id": self.desk.id,
            }
        )

    def order_juice(self, distributor, product, quantity):
        """An order, confirmed if no gate of another module holds it."""
        order = self.env["sale.order"].create(
            {
                "partner_id": distributor.id,
                "warehouse_id": self.ref("warehouse_north").id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": quantity})],
            }
        )
        order.action_confirm()
        return order

    def deliver_juice(self, distributor, product, quantity):
        order = self.order_juice(distributor, product, quantity)
        if order.state != "sale":
            return
        order.picking_ids.action_assign()
        for move in order.picking_ids.move_ids:
            move.picked = True
        order.picking_ids._action_done()
        order.picking_ids._dms_receive()
        self.post(distributor, "sellout", 0, [self.prepare_sale(product, quantity // 5, story.RETAILERS[0])])
