"""Holds whose reason has gone clear by themselves, in their order, right after the transaction that made room."""

from odoo import fields
from odoo.tests import freeze_time, tagged

from .test_credit_gates import GateCommon


@tagged("post_install", "-at_install")
class TestCreditClearing(GateCommon):
    def setUp(self):
        super().setUp()
        self.distributor_class.auto_confirm = True
        self.set_limit(100)

    def held_order(self, quantity=10, **values):
        order = self.create_order(lines={self.tea: quantity}, **values)
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "on_hold")
        return order

    def assertCleared(self, order, message=None):
        """Cleared by the job that was asked for, and confirmed."""
        self.assertEqual(order.dms_state, "on_hold", "not before the job")
        self.recheck()
        self.assertEqual((order.state, set(order.dms_hold_ids.mapped("state"))), ("sale", {"cleared"}), message)

    def asked(self):
        requests = self.env["dms.hold.recheck"].search([("distributor_id", "in", (self.alpha | self.beta | self.customer).ids)])
        return requests.distributor_id

    def assertNotAsked(self):
        self.assertFalse(self.asked())

    # ------------------------------------------------------------ what makes room

    def test_payment_makes_room(self):
        self.create_invoice(50, self.today)
        order = self.held_order()
        self.pay(49)
        self.recheck()
        self.assertEqual(order.dms_state, "on_hold")
        self.assertIn("1.00", order.dms_hold_ids.message, "what is missing now")
        self.pay(1)
        self.assertCleared(order)

    def test_credit_note_makes_room(self):
        self.create_invoice(50, self.today)
        order = self.held_order()
        self.create_credit_note(50, self.today)
        self.assertCleared(order)

    def test_invoice_taken_back_makes_room(self):
        invoice = self.create_invoice(50, self.today)
        order = self.held_order()
        invoice.button_draft()
        self.assertCleared(order)

    def test_every_way_to_a_higher_limit_makes_room(self):
        ways = {
            "account": lambda: self.account.action_set_limit(110, "more"),
            "field of the account": lambda: self.account.write({"credit_limit": 110}),
            "partner": lambda: self.alpha.write({"credit_limit": 110}),
            "no limit": lambda: self.account.action_set_limit(None, "never mind"),
            "none of its own": lambda: self.alpha.write({"use_partner_credit_limit": False}),
            "security": lambda: self.account.write({"secured_amount": 10}),
            "temporary limit": lambda: self.grant(10),
            "policy": lambda: self.account.write({"policy": "warn"}),
            "class": lambda: self.alpha.write({"distributor_class_id": self.create_class("none")}),
        }
        for name, way in ways.items():
            with self.subTest(name):
                savepoint = self.env.cr.savepoint()
                order = self.held_order(11)
                way()
                self.assertCleared(order, name)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def create_class(self, policy):
        values = {"name": "T Easy", "code": "T-EASY", "credit_policy": policy, "pricelist_id": self.pricelist.id, "auto_confirm": True}
        return self.env["dms.distributor.class"].create(values).id

    def test_less_on_other_orders_makes_room(self):
        ways = {
            "cancelled": lambda other: other.action_cancel(),
            "short closed": lambda other: self.short_close(other),
            "decreased": lambda other: setattr(other.order_line, "product_uom_qty", 1),
            "cheaper": lambda other: setattr(other.order_line, "price_unit", 1),
            "amended": lambda other: other.with_user(self.desk).action_dms_amend(
                [{"line_id": other.order_line.id, "product_id": self.tea.id, "quantity": 1}]
            ),
            "other payer": lambda other: other.write({"partner_invoice_id": self.beta.id}),
        }
        for name, way in ways.items():
            with self.subTest(name):
                savepoint = self.env.cr.savepoint()
                other = self.confirm({self.tea: 9})
                order = self.held_order(5)
                way(other)
                self.assertCleared(order, name)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_goods_that_came_back_make_room(self):
        other = self.confirm({self.tea: 9})
        self.deliver(other)
        order = self.held_order(5)
        self.give_back(other, {self.tea: 9})
        self.assertCleared(order)

    def test_money_of_the_payer_makes_room(self):
        """The order is held for the limit of the company it is invoiced to."""
        self.set_limit(40, self.beta)
        order = self.held_order(5, partner_invoice_id=self.beta.id)
        self.assertEqual(self.open_gates(order), {"credit_limit"})
        self.pay(10, partner=self.beta)
        self.assertCleared(order)

    def test_limit_of_the_payer_makes_room(self):
        self.set_limit(40, self.beta)
        order = self.held_order(5, partner_invoice_id=self.beta.id)
        self.other_account.action_set_limit(50, "more")
        self.assertCleared(order)

    def test_money_of_a_contact_makes_room(self):
        self.create_invoice(50, self.today)
        order = self.held_order()
        contact = self.env["res.partner"].create({"name": "Accounts", "parent_id": self.alpha.id, "type": "invoice"})
        self.pay(50, partner=contact)
        self.assertCleared(order)

    def test_allocation_ends_an_overdue_item(self):
        self.account.action_set_limit(1000, "more")
        invoice = self.create_invoice(50, self.day(-20), due=self.day(-10))
        payment = self.pay(50)
        order = self.held_order()
        self.assertEqual(self.open_gates(order), {"overdue"})
        self.recheck()
        self.match(payment, invoice)
        self.assertCleared(order)

    def test_stop_lifted_and_review_done(self):
        self.account.action_stop("bounced")
        order = self.held_order()
        self.account.with_user(self.controller).action_lift_stop("paid in cash")
        self.assertCleared(order)
        self.account.action_set_limit(1000, "more")
        self.account.review_date = self.day(-1)
        reviewed = self.held_order(7)
        self.account.review_date = self.day(90)
        self.assertCleared(reviewed)

    def test_more_grace_and_tolerance(self):
        self.account.action_set_limit(1000, "more")
        self.create_invoice(50, self.day(-20), due=self.day(-10))
        order = self.held_order()
        self.account.overdue_grace_days = 10
        self.assertCleared(order)
        self.account.overdue_grace_days = 0
        other = self.held_order(7)
        self.company.credit_overdue_tolerance = 50
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual(other.state, "sale")

    def test_new_day_makes_room_and_takes_it(self):
        self.grant(50, 3, 5)
        order = self.held_order(11)
        with freeze_time(f"{self.day(3)} 00:00:01"):
            self.env["dms.credit.account"]._cron_follow_days()
            self.assertCleared(order)
        self.account.action_set_limit(1000, "more")
        self.assertEqual(self.confirm({self.tea: 1}).state, "sale")

    def test_days_of_a_temporary_limit_are_followed_in_the_time_zone_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        cron = self.env.ref("dms_credit.cron_follow_days")
        before = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        today = self.company._dms_today()
        values = {"account_id": self.account.id, "amount": 50, "date_from": "2099-03-03", "date_to": "2099-03-05", "reason": "season"}
        self.assertLess(str(today), "2099")
        self.env["dms.credit.extension"].create(values).with_user(self.controller).action_approve()
        times = (self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - before).mapped("call_at")
        self.assertEqual(sorted(map(str, times)), ["2099-03-02 11:00:00", "2099-03-05 11:00:00"])

    # ------------------------------------------------------------ in which order, and how often

    def test_queue_goes_by_priority_then_date(self):
        self.create_invoice(100, self.today)
        late, early, urgent = (self.held_order(5) for _order in range(3))
        early.date_order = fields.Datetime.subtract(late.date_order, days=3)
        urgent.dms_priority = 1
        self.pay(50)
        self.recheck()
        self.assertEqual((urgent | early | late).mapped("dms_state"), ["confirmed", "on_hold", "on_hold"])
        self.pay(50)
        self.recheck()
        self.assertEqual((urgent | early | late).mapped("dms_state"), ["confirmed", "confirmed", "on_hold"])

    def test_smaller_order_passes_one_that_does_not_fit(self):
        self.create_invoice(100, self.today)
        big, small = self.held_order(9), self.held_order(2)
        self.pay(30)
        self.recheck()
        self.assertEqual((big | small).mapped("dms_state"), ["on_hold", "confirmed"])

    def test_changes_and_orders_share_one_queue(self):
        confirmed = self.confirm({self.tea: 10})
        change = {"line_id": confirmed.order_line.id, "product_id": self.tea.id, "quantity": 14}
        revision = confirmed.with_user(self.desk).action_dms_amend([change]).with_env(self.env)
        order = self.held_order(3)
        confirmed.dms_priority = 1
        self.pay(40)
        self.recheck()
        self.assertEqual((revision.state, order.dms_state), ("applied", "on_hold"))

    def test_order_that_the_desk_confirms_waits_for_it(self):
        self.distributor_class.auto_confirm = False
        self.create_invoice(50, self.today)
        order = self.held_order()
        self.pay(50)
        self.recheck()
        self.assertEqual((order.dms_state, order.dms_hold_ids.state), ("submitted", "cleared"))
        self.recheck()
        self.assertEqual(len(order.dms_hold_ids), 1)

    def test_only_the_distributor_concerned_is_re_checked(self):
        self.held_order(11)
        self.assertNotAsked()
        self.pay(500, partner=self.beta)
        self.create_invoice(3, self.today, partner=self.customer)
        self.assertNotAsked()
        self.pay(1)
        self.assertEqual(self.asked(), self.alpha)
        self.recheck()
        self.assertNotAsked()

    def test_nothing_is_asked_where_nothing_is_held(self):
        self.confirm({self.tea: 2})
        self.pay(1)
        self.create_credit_note(1, self.today)
        self.account.action_set_limit(5, "less")
        self.assertNotAsked()

    def test_released_hold_is_not_touched(self):
        self.distributor_class.auto_confirm = False
        order = self.held_order(11)
        order.dms_hold_ids.with_user(self.controller).action_release("agreed")
        self.pay(50)
        self.recheck()
        self.assertEqual(order.dms_hold_ids.state, "released")

    def test_other_holds_stay(self):
        self.tea.order_min_qty = 50
        self.create_invoice(50, self.today)
        order = self.held_order()
        self.pay(50)
        self.recheck()
        self.assertEqual((order.dms_state, self.open_gates(order)), ("on_hold", {"quantity"}))

    def test_order_loses_its_room_to_another_meanwhile(self):
        self.create_invoice(50, self.today)
        order = self.held_order()
        self.pay(50)
        self.assertEqual(self.confirm({self.tea: 4}).state, "sale")
        self.recheck()
        self.assertEqual(order.dms_state, "on_hold")
        self.assertIn("40.00", order.dms_hold_ids.message)

    def test_portal_user_reads_why_and_that_it_went_on(self):
        order = self.held_order(11, dms_is_shared=True)
        hold = order.dms_hold_ids.with_user(self.alpha_user)
        self.assertIn("10.00", hold.message)
        self.pay(10)
        self.recheck()
        self.env.invalidate_all()
        codes = [event["code"] for event in order.with_user(self.alpha_user)._dms_timeline()]
        self.assertIn("cleared", codes)
