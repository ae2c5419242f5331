"""The orders of the story, and what became of them."""

from odoo.fields import Command

from .story import ORDERS


class OrderActs:
    """Part of the loader: every ``act_*`` is what happens to an order once it is entered."""

    def place_orders(self):
        products = self.env["product.product"].search([("default_code", "in", [code for plan in ORDERS for code in plan.codes])])
        self.products = {product.default_code: product for product in products}
        for plan, order in zip(ORDERS, self.enter(ORDERS), strict=True):
            self.fit_limit(order, plan)
            getattr(self, f"act_{plan.act}")(order, plan)
            self.date_order_back(order, plan)

    def enter(self, plans):
        orders = self.env["sale.order"].create([self.prepare_order(plan) for plan in plans])
        self.env.flush_all()
        for plan, order in zip(plans, orders, strict=True):
            self.set_columns(order, create_uid=self.login(plan.user).id)
        orders.invalidate_recordset()
        return orders

    def prepare_order(self, plan):
        return {
            "partner_id": self.distributor(plan.distributor).id,
            "order_channel": plan.channel,
            "order_line": [Command.create(self.prepare_line(code, plan.value / len(plan.codes))) for code in plan.codes],
        }

    def prepare_line(self, code, value):
        """Whole cases worth about ``value`` at list price, no less than the product's minimum."""
        product = self.products[code]
        unit = product.uom_ids[:1] or product.uom_id
        size = unit.factor / product.uom_id.factor
        quantity = max(round(value / product.lst_price / size), -(-product.order_min_qty // size), 1)
        return {"product_id": product.id, "product_uom_id": unit.id, "product_uom_qty": quantity, "analytic_distribution": False}

    def fit_limit(self, order, plan):
        """Set the limit so that the order goes over it by what the story says."""
        if plan.over is None:
            return
        account = self.account(plan.distributor)
        position = account._get_positions(orders=order)[account]
        others = position["limit_amount"] - account.credit_limit
        limit = position["exposure_amount"] + order.amount_total - plan.over - others
        self.acting(account, "credit").action_set_limit(max(round(limit, -1), 0.0), "Yearly review")
        self.date_changes(30 + plan.days_ago)

    def date_order_back(self, order, plan):
        self.env.flush_all()
        moment = self.at(plan.days_ago, 9)
        orders = order | order.search([("dms_split_from_id", "=", order.id)])
        self.set_columns(orders, date_order=moment, create_date=moment)
        self.set_columns(orders.filtered("dms_submitted_on"), dms_submitted_on=moment)
        self.set_columns(orders.dms_hold_ids, create_date=moment, order_date=moment)
        self.set_columns(orders.dms_hold_ids.filtered("released_on"), released_on=self.at(max(plan.days_ago - 1, 0), 11))
        orders.invalidate_recordset()
        orders.dms_hold_ids.invalidate_recordset()

    # ------------------------------------------------------------ what happens

    def act_submit(self, order, plan):
        self.acting(order, plan.user).action_dms_submit()

    def act_release(self, order, plan):
        self.act_submit(order, plan)
        order.dms_open_hold_ids.with_user(self.login("credit")).action_release(plan.reason)
        if order.state == "draft":
            order.action_confirm()

    def act_reject(self, order, plan):
        self.act_submit(order, plan)
        order.dms_open_hold_ids.with_user(self.login("credit")).action_reject(plan.reason)

    def act_part(self, order, plan):
        self.act_submit(order, plan)
        order.dms_open_hold_ids[:1].with_user(self.login("credit")).action_release_part(plan.reason)

    def act_pay(self, order, plan):
        """The distributor pays, and the hold clears by itself."""
        self.act_submit(order, plan)
        self.receive([(plan.distributor, 2, plan.over + 100, "Advance")])
        self.env["sale.order"]._cron_dms_recheck_requested()

    def act_confirm(self, order, plan):
        self.act_submit(order, plan)
        if order.state == "draft":
            order.action_confirm()

    def act_amend(self, order, plan):
        """Confirmed, then a change beyond the limit, which waits."""
        self.act_confirm(order, plan)
        account = self.account(plan.distributor)
        limit = account.credit_limit - account.available_amount + 200
        self.acting(account, "credit").action_set_limit(round(limit, -1), "Half-year figures")
        self.date_changes(2)
        line = order.order_line[0]
        order.action_dms_amend([{"line_id": line.id, "product_id": line.product_id.id, "quantity": line.product_uom_qty * 2}])

    def act_late(self, order, plan):
        """Confirmed, and still not delivered when an invoice became overdue: the delivery is held."""
        account = self.account(plan.distributor)
        policy = account.policy
        self.set_columns(account, policy="none")
        account.invalidate_recordset(["policy"])
        self.act_confirm(order, plan)
        self.set_columns(account, policy=policy)
        account.invalidate_recordset(["policy"])
        self.date_order_back(order, plan)
        order.company_id.credit_delivery_days = 10
        order.picking_ids.button_validate()
        order.company_id.credit_delivery_days = 0  # the setting as it is installed

    def act_after_bounce(self, order, plan):
        self.act_submit(order, plan)
