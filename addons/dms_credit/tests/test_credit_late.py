"""Deliveries that waited long: the credit gates once more, at their validation, where the company says so."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_credit_gates import GateCommon


@tagged("post_install", "-at_install")
class TestLateDelivery(GateCommon):
    def setUp(self):
        super().setUp()
        self.company.credit_delivery_days = 10
        self.set_limit(100)

    def waiting_delivery(self, days=11, quantity=10, **values):
        order = self.confirm({self.tea: quantity}, **values)
        order.date_order = fields.Datetime.now() - timedelta(days=days)
        picking = order.picking_ids
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        return order, picking

    def validate(self, pickings, user=None):
        return pickings.with_user(user or self.env.user).button_validate()

    def breach(self):
        self.create_invoice(30, self.today)

    def test_late_delivery_is_held_and_stays_open(self):
        order, picking = self.waiting_delivery()
        self.breach()
        action = self.validate(picking)
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(picking.name, action["params"]["message"])
        hold = order.dms_hold_ids
        self.assertEqual((hold.gate, hold.picking_id, hold.state), ("credit_limit", picking, "open"))
        self.assertIn("30.00", hold.message)
        self.assertNotEqual(picking.state, "done")
        self.assertEqual((order.state, order.dms_state), ("sale", "confirmed"))
        self.validate(picking)
        self.assertEqual(len(order.dms_hold_ids), 1, "a second attempt adds no second hold")

    def test_delivery_in_time_passes(self):
        for days, setting, held in ((9, 10, False), (11, 10, True), (1000, 0, False), (2, 1, True)):
            self.company.credit_delivery_days = setting
            savepoint = self.env.cr.savepoint()
            _order, picking = self.waiting_delivery(days)
            self.breach()
            self.validate(picking)
            self.assertEqual(picking.state != "done", held, (days, setting))
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_late_delivery_within_the_limit_passes(self):
        order, picking = self.waiting_delivery()
        self.validate(picking)
        self.assertEqual((picking.state, order.dms_hold_ids.ids), ("done", []))

    def test_every_gate_asks(self):
        breaches = {
            "overdue": lambda: self.create_invoice(50, self.day(-20), due=self.day(-10)),
            "credit_review": lambda: self.account.write({"review_date": self.day(-1)}),
            "credit_stop": lambda: self.account.action_stop("bounced"),
        }
        self.account.action_set_limit(10000, "more")
        for gate, breach in breaches.items():
            savepoint = self.env.cr.savepoint()
            order, picking = self.waiting_delivery()
            breach()
            self.validate(picking)
            self.assertEqual((order.dms_hold_ids.gate, picking.state != "done"), (gate, True))
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_release_lets_it_go(self):
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        order.dms_hold_ids.with_user(self.controller).action_release("ship it")
        self.assertNotEqual(picking.state, "done", "whoever is in the warehouse validates it")
        self.validate(picking)
        self.assertEqual((picking.state, order.dms_state, order.dms_hold_ids.state), ("done", "delivered", "released"))

    def test_release_ends(self):
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        order.dms_hold_ids.with_user(self.controller).action_release("ship it")
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            self.validate(picking)
            self.assertNotEqual(picking.state, "done")

    def test_hold_clears_by_itself(self):
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        self.pay(30)
        self.recheck()
        self.assertEqual((order.dms_hold_ids.state, order.dms_state), ("cleared", "confirmed"))
        self.validate(picking)
        self.assertEqual(picking.state, "done")

    def test_validating_after_the_reason_has_gone_clears_the_hold(self):
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        self.pay(30)
        self.validate(picking)
        self.assertEqual((picking.state, order.dms_hold_ids.state), ("done", "cleared"))

    def test_hold_ends_with_the_transfer_the_order_and_the_setting(self):
        endings = {
            "transfer": lambda order, picking: picking.action_cancel(),
            "order": lambda order, picking: order.action_cancel(),
            "setting": lambda order, picking: self.company.write({"credit_delivery_days": 0}),
        }
        for name, end in endings.items():
            with self.subTest(name):
                savepoint = self.env.cr.savepoint()
                order, picking = self.waiting_delivery()
                self.breach()
                self.validate(picking)
                end(order, picking)
                self.env["sale.order"]._cron_dms_recheck_holds()
                self.assertEqual(order.dms_hold_ids.state, "cleared")
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_of_several_transfers_only_the_held_one_stays(self):
        self.set_limit(1000)
        order, picking = self.waiting_delivery()
        _fresh, other = self.waiting_delivery(1)
        self.account.action_stop("bounced")
        self.validate(picking | other)
        self.assertEqual((other.state, picking.state != "done"), ("done", True))
        self.assertEqual(order.dms_hold_ids.picking_id, picking)

    def test_part_of_another_transfer_still_asks_for_a_back_order(self):
        self.set_limit(1000)
        _order, picking = self.waiting_delivery()
        _fresh, other = self.waiting_delivery(1)
        other.move_ids.quantity = 4
        self.account.action_stop("bounced")
        action = self.validate(picking | other)
        self.assertEqual(action.get("res_model"), "stock.backorder.confirmation")

    def test_two_transfers_of_an_order_have_a_hold_each(self):
        order, picking = self.waiting_delivery()
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.with_context(skip_backorder=True)._action_done()
        back_order = order.picking_ids - picking
        self.breach()
        self.validate(back_order)
        self.assertEqual(order.dms_hold_ids.picking_id, back_order)
        self.assertEqual(order.dms_state, "partially_delivered")

    def test_only_the_last_step_to_the_customer_is_held(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        warehouse.delivery_steps = "pick_ship"
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        self.assertEqual(picking.state, "done", "goods may be picked")
        shipping = order.picking_ids - picking
        shipping.move_ids.write({"quantity": 10, "picked": True})
        self.validate(shipping)
        self.assertEqual((shipping.state != "done", order.dms_hold_ids.picking_id), (True, shipping))

    def test_returns_receipts_and_plain_customers_are_never_held(self):
        order, picking = self.waiting_delivery(1)
        self.validate(picking)
        order.date_order = fields.Datetime.now() - timedelta(days=50)
        self.account.action_stop("bounced")
        back = self.give_back(order, {self.tea: 3})
        self.assertEqual(back.state, "done")
        _plain, other = self.waiting_delivery(50, partner=self.customer)
        self.validate(other)
        self.assertEqual(other.state, "done")

    def test_policy_without_hold_asks_nothing(self):
        for policy in ("none", "warn"):
            self.set_limit(1000)
            _order, picking = self.waiting_delivery()
            self.set_limit(1, policy=policy)
            self.validate(picking)
            self.assertEqual(picking.state, "done", policy)

    def test_warehouse_user_reads_the_reason_and_releases_nothing(self):
        clerk = self.create_credit_user("t_warehouse", "stock.group_stock_user")
        order, picking = self.waiting_delivery()
        self.breach()
        action = self.validate(picking, clerk)
        self.assertIn(picking.name, action["params"]["message"])
        self.assertNotEqual(picking.state, "done")
        with self.assertRaises(UserError):
            order.dms_hold_ids.with_user(clerk).action_release("I want to go home")

    def test_rejected_late_delivery_stays_where_it_is(self):
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        order.dms_hold_ids.with_user(self.controller).action_reject("not before they paid")
        self.assertEqual((order.state, picking.state != "done"), ("sale", True))
        self.validate(picking)
        self.assertEqual(len(self.open_holds(order)), 1, "the next attempt is held again")

    def test_request_for_payment_of_a_late_delivery(self):
        self.alpha.email = "alpha@example.com"
        order, picking = self.waiting_delivery()
        self.breach()
        self.validate(picking)
        before = order.message_ids
        order.dms_hold_ids.with_user(self.controller).action_ask_payment()
        self.assertIn("30.00", (order.message_ids - before).body)

    def test_maker_of_the_order_does_not_release_its_delivery(self):
        order, picking = self.waiting_delivery(user=self.controller)
        self.breach()
        self.validate(picking)
        with self.assertRaises(UserError):
            order.dms_hold_ids.with_user(self.controller).action_release("mine")
        order.dms_hold_ids.with_user(self.controller2).action_release("theirs")
        self.assertEqual(order.dms_hold_ids.state, "released")
