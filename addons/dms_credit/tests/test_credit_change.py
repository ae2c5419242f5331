"""Changes of held and confirmed orders: judged on what they make of the order, exactly, once."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_credit_gates import GateCommon


@tagged("post_install", "-at_install")
class TestCreditChange(GateCommon):
    def amend(self, order, quantity, user=None, product=None):
        line = order.order_line.filtered(lambda line: not product or line.product_id == product)[:1]
        change = {"line_id": line.id, "product_id": (product or line.product_id).id, "quantity": quantity}
        if product and not line:
            change["line_id"] = None
        return order.with_user(user or self.desk).action_dms_amend([change]).with_env(self.env)

    # ------------------------------------------------------------ a held order

    def test_change_of_a_held_order_is_judged_on_its_new_total(self):
        """Room was made meanwhile: enough for the order as it was, too little for what the change makes of it."""
        self.distributor_class.auto_confirm = True
        for how in ("amendment", "order", "line", "new line", "unit"):
            with self.subTest(how):
                savepoint = self.env.cr.savepoint()
                self.set_limit(60)
                order = self.create_order(lines={self.tea: 10}, user=self.salesperson)
                order.action_confirm()
                self.assertHeld(order, "credit_limit")
                self.pay(50)
                line = order.order_line.with_user(self.salesperson)
                if how == "amendment":
                    self.amend(order, 20)
                elif how == "order":
                    line.order_id.write({"order_line": [Command.update(line.id, {"product_uom_qty": 20})]})
                elif how == "line":
                    line.product_uom_qty = 20
                elif how == "new line":
                    line.create({"order_id": order.id, "product_id": self.tea.id, "product_uom_qty": 10})
                else:
                    line.product_uom_id = self.case
                self.assertHeld(order, "credit_limit", message=how)
                self.recheck()
                self.assertHeld(order, "credit_limit", message=how)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_change_that_makes_a_held_order_fit_lets_it_go(self):
        self.distributor_class.auto_confirm = True
        self.set_limit(60)
        order = self.confirm({self.tea: 10})
        order.order_line.with_user(self.salesperson).product_uom_qty = 6
        self.assertConfirmed(order)

    def test_released_order_that_grows_is_held_again(self):
        self.set_limit(60)
        order = self.confirm({self.tea: 10})
        order.dms_hold_ids.with_user(self.controller).action_release("agreed")
        self.assertEqual(order.dms_state, "submitted")
        order.order_line.with_user(self.salesperson).product_uom_qty = 9
        order.order_line.with_user(self.salesperson).product_uom_qty = 11
        order.action_confirm()
        self.assertHeld(order, "credit_limit")
        order.order_line.with_user(self.salesperson).product_uom_qty = 10
        order.action_confirm()
        self.assertConfirmed(order)

    def test_release_covers_the_value_in_whatever_goods(self):
        self.set_limit(60)
        order = self.confirm({self.tea: 10})
        order.dms_hold_ids.with_user(self.controller).action_release("agreed")
        order.with_user(self.salesperson).write({"order_line": [Command.clear(), Command.create({"product_id": self.coffee.id, "product_uom_qty": 4})]})  # fmt: skip
        self.assertEqual(order.amount_total, 100)
        order.action_confirm()
        self.assertConfirmed(order)

    # ------------------------------------------------------------ a confirmed order

    def test_change_over_the_limit_is_held_and_leaves_the_order_as_it_was(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10})
        revision = self.amend(order, 12)
        self.assertEqual((revision.state, order.dms_state, order.order_line.product_uom_qty), ("on_hold", "confirmed", 10))
        hold = revision.hold_ids
        self.assertEqual((hold.gate, hold.state, hold.revision_id), ("credit_limit", "open", revision))
        self.assertIn("20.00", hold.message)
        self.assertPosition(O=100)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.amend(order, 13)
        hold.with_user(self.controller).action_release("agreed")
        self.assertEqual((revision.state, order.order_line.product_uom_qty), ("applied", 12))
        self.assertPosition(O=120)

    def test_held_change_rejected_is_refused_and_the_order_goes_on(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10})
        revision = self.amend(order, 12)
        revision.hold_ids.with_user(self.controller).action_reject("too much")
        self.assertEqual((revision.state, order.state, order.order_line.product_uom_qty), ("refused", "sale", 10))

    def test_release_of_a_change_covers_that_change_only(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10})
        revision = self.amend(order, 12)
        revision.hold_ids.with_user(self.controller).action_release("agreed")
        self.assertEqual(revision.hold_ids.released_amount, 120)
        self.assertEqual(self.amend(order, 13).state, "on_hold")

    def test_decrease_is_never_checked(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10, self.service: 0})
        self.account.action_set_limit(0, "none left")
        self.account.action_stop("bounced")
        self.create_invoice(50, self.day(-20), due=self.day(-10))
        self.assertEqual(self.amend(order, 8, product=self.tea).state, "applied")
        self.assertPosition(R=50, O=80)

    def test_other_goods_of_the_same_value_are_no_increase(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10, self.coffee: 0})
        tea, coffee = order.order_line
        lines = [
            {"line_id": tea.id, "product_id": self.tea.id, "quantity": 5},
            {"line_id": coffee.id, "product_id": self.coffee.id, "quantity": 2},
        ]
        self.assertEqual(order.with_user(self.desk).action_dms_amend(lines).sudo().state, "applied")
        self.assertPosition(O=100)

    def test_stopped_account_holds_an_increase(self):
        order = self.confirm({self.tea: 10})
        self.account.action_stop("bounced")
        revision = self.amend(order, 11)
        self.assertEqual((revision.state, revision.hold_ids.gate), ("on_hold", "credit_stop"))

    def test_increase_of_a_foreign_order(self):
        currency = self.create_foreign_currency({"2020-01-01": 2.0})
        self.trade_in(currency)
        self.set_limit(110)
        order = self.confirm({self.tea: 10})
        self.assertEqual(self.amend(order, 12).state, "on_hold")
        self.env["dms.order.revision"].search([("order_id", "=", order.id)])._refuse("no")
        self.assertEqual(self.amend(order, 11).state, "applied")
        self.assertPosition(O=110)

    def test_short_closed_order_that_grows_counts_what_is_to_be_delivered_again(self):
        """Core orders the cancelled rest anew together with the increase."""
        self.set_limit(100)
        order = self.confirm({self.tea: 10})
        self.deliver(order, {self.tea: 2})
        self.short_close(order)
        self.assertPosition(D=20)
        self.account.action_set_limit(50, "less")
        revision = self.amend(order, 11)
        if revision.state == "requested":
            revision.with_user(self.desk2).action_accept()
        self.assertEqual(revision.state, "on_hold", "10 more are delivered, not one")
        self.assertPosition(D=20)

    def test_new_payer_is_checked_even_when_nothing_grows(self):
        self.set_limit(100)
        self.set_limit(99, self.beta)
        order = self.confirm({self.tea: 10}, user=self.desk)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.with_user(self.desk).write({"partner_invoice_id": self.beta.id})
        self.set_limit(100, self.beta)
        order.with_user(self.desk).write({"partner_invoice_id": self.beta.id})
        self.assertPosition()
        self.assertPosition(O=100, account=self.other_account)

    def test_released_change_does_not_let_a_direct_write_grow(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10}, user=self.desk2)
        revision = self.amend(order, 12)
        revision.hold_ids.with_user(self.controller).action_release("agreed")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.order_line.with_user(self.desk).product_uom_qty = 13

    def test_held_change_clears_when_there_is_room(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10})
        revision = self.amend(order, 12)
        self.pay(20)
        self.recheck()
        self.assertEqual((revision.state, order.order_line.product_uom_qty), ("applied", 12))
