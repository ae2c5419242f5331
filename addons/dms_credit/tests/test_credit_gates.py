"""What meets an order at its confirmation: each gate under each policy, alone and in a batch."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


class GateCommon(CreditCommon):
    def assertHeld(self, order, *gates, message=None):
        self.assertEqual((order.state, order.dms_state), ("draft", "on_hold"), message)
        self.assertEqual(self.open_gates(order), set(gates), message)
        self.assertFalse(order.picking_ids, message)

    def assertConfirmed(self, orders, message=None):
        for order in orders:
            self.assertEqual((order.state, self.open_gates(order)), ("sale", set()), message)


@tagged("post_install", "-at_install")
class TestCreditGates(GateCommon):
    def test_every_gate_under_every_policy(self):
        """Only a stop holds whatever the policy; ``warn`` lets the order go with an internal note."""
        breaches = {
            "credit_limit": lambda: self.account.action_set_limit(99, "low"),
            "overdue": lambda: self.create_invoice(50, self.day(-20), due=self.day(-10)),
            "credit_review": lambda: self.account.write({"review_date": self.day(-1)}),
            "credit_stop": lambda: self.account.action_stop("bounced"),
        }
        for gate, breach in breaches.items():
            for policy in ("none", "warn", "hold"):
                with self.subTest(gate=gate, policy=policy):
                    savepoint = self.env.cr.savepoint()
                    self.set_limit(1000, policy=policy)
                    breach()
                    order = self.confirm({self.tea: 10})
                    if policy == "hold" or gate == "credit_stop":
                        self.assertHeld(order, gate)
                    else:
                        self.assertConfirmed(order)
                    self.check_note(order, policy == "warn" and gate != "credit_stop")
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def check_note(self, order, expected):
        notes = order.message_ids.filtered(lambda m: m.subtype_id == self.env.ref("mail.mt_note") and m.message_type == "comment")
        found = [note for note in notes if any(word in note.body for word in ("credit", "overdue"))]
        self.assertEqual(bool(found), expected)
        self.assertFalse(order.sudo().message_ids.filtered(lambda m: not m.is_internal and "credit" in (m.body or "") and not expected))

    def test_all_gates_at_once_are_one_hold_each(self):
        self.set_limit(10)
        self.account.write({"review_date": self.day(-1), "is_stopped": True, "stop_reason": "all of it"})
        self.create_invoice(50, self.day(-20), due=self.day(-10))
        order = self.confirm({self.tea: 10})
        gates = ("credit_limit", "overdue", "credit_review", "credit_stop")
        self.assertHeld(order, *gates)
        order.action_confirm()
        order.action_dms_submit()
        self.assertEqual(len(order.dms_hold_ids), 4, "a second attempt adds no second hold")
        self.env.ref("dms_credit.gate_overdue").active = False
        order.action_confirm()
        self.assertHeld(order, *(gate for gate in gates if gate != "overdue"))

    def test_hold_says_what_to_pay_in_the_language_of_the_distributor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alpha.lang = "fr_FR"
        self.set_limit(60)
        order = self.confirm({self.tea: 10})
        self.assertIn("40,00", order.dms_hold_ids.message.replace("\xa0", " "))
        self.alpha.lang = "en_US"
        order.action_confirm()
        self.assertIn("Exceeds your credit by $\xa040.00. Pay $\xa040.00 or reduce the order.", order.dms_hold_ids.message)

    def test_reason_of_a_stop_is_not_told(self):
        self.account.action_stop("they are bankrupt")
        order = self.confirm({self.tea: 10})
        self.assertHeld(order, "credit_stop")
        self.assertNotIn("bankrupt", order.dms_hold_ids.message)

    def test_overdue_is_older_than_grace_and_above_tolerance(self):
        self.set_limit(10000)
        self.create_invoice(50, self.day(-60), due=self.day(-10))
        cases = {(9, 0): True, (10, 0): False, (11, 0): False, (0, 49.99): True, (0, 50): False, (9, 50): False, (10, 49): False}
        for (grace, tolerance), held in cases.items():
            self.account.overdue_grace_days = grace
            self.company.credit_overdue_tolerance = tolerance
            order = self.confirm({self.tea: 10})
            self.assertEqual(order.dms_state, "on_hold" if held else "confirmed", (grace, tolerance))

    def test_days_are_of_the_oldest_item_and_the_amount_of_all(self):
        self.set_limit(10000)
        self.account.overdue_grace_days = 30
        self.company.credit_overdue_tolerance = 50
        self.create_invoice(1, self.day(-90), due=self.day(-31))
        self.assertConfirmed(self.confirm({self.tea: 1}))
        self.create_invoice(50, self.day(-90), due=self.day(-1))
        self.assertHeld(self.confirm({self.tea: 2}), "overdue")

    def test_order_worth_nothing_is_never_checked(self):
        self.account.write({"is_stopped": True, "stop_reason": "r"})
        self.set_limit(0)
        free = self.create_order(lines={self.tea: 1})
        free.order_line.price_unit = 0
        free.action_confirm()
        self.assertConfirmed(free)
        negative = self.create_order(lines={self.service: 1})
        negative.order_line.price_unit = -5
        negative.action_confirm()
        self.assertConfirmed(negative)

    def test_customer_who_is_no_distributor_is_untouched(self):
        self.customer.write({"credit_limit": 1, "use_partner_credit_limit": True})
        order = self.confirm({self.tea: 10}, self.customer)
        self.assertEqual((order.state, order.dms_state, len(order.dms_hold_ids)), ("sale", False, 0))
        self.assertFalse(self.env["dms.credit.account"].search([("partner_id", "=", self.customer.id)]))
        self.customer.write({"credit_limit": -5})
        self.deliver(order)
        self.create_invoice(5, self.today, partner=self.customer)
        self.pay(5, partner=self.customer)

    def test_both_the_distributor_and_who_pays_are_gated(self):
        self.set_limit(1000)
        self.set_limit(99, self.beta)
        values = {"partner_invoice_id": self.beta.id}
        self.assertHeld(self.confirm({self.tea: 10}, **values), "credit_limit")
        self.set_limit(100, self.beta)
        self.set_limit(99)
        self.assertHeld(self.confirm({self.tea: 10}, **values), "credit_limit")
        self.set_limit(100)
        self.assertConfirmed(self.confirm({self.tea: 10}, **values))
        self.assertPosition()
        self.assertPosition(O=100, account=self.other_account)

    def test_figures_of_another_payer_are_not_told(self):
        self.set_limit(1000)
        self.set_limit(58, self.beta)
        order = self.confirm({self.tea: 10}, partner_invoice_id=self.beta.id)
        self.assertNotIn("42.00", order.dms_hold_ids.message)

    def test_contact_orders_on_the_credit_of_its_company(self):
        self.set_limit(99)
        self.assertHeld(self.confirm({self.tea: 10}, self.alpha_user.partner_id), "credit_limit")

    def test_foreign_order_counts_at_its_own_rate(self):
        currency = self.create_foreign_currency({"2020-01-01": 2.0})
        self.trade_in(currency)
        self.set_limit(99.99)
        order = self.confirm({self.tea: 10})
        self.assertEqual(order.amount_total, 200)
        self.assertHeld(order, "credit_limit")
        self.assertIn("0.01", order.dms_hold_ids.message)
        self.account.action_set_limit(100, "enough")
        order.action_confirm()
        self.assertConfirmed(order)

    # ------------------------------------------------------------ many at once

    def test_batch_is_decided_in_its_order_each_on_top_of_those_accepted(self):
        self.set_limit(100)
        big, small, tiny = (self.create_order(lines={self.tea: quantity}) for quantity in (8, 5, 2))
        (big | small | tiny).action_confirm()
        self.assertConfirmed(big | tiny)
        self.assertHeld(small, "credit_limit")
        self.assertPosition(O=100)

    def test_batch_in_another_order_accepts_others(self):
        self.set_limit(100)
        big, small, tiny = (self.create_order(lines={self.tea: quantity}) for quantity in (8, 5, 2))
        (small | tiny | big).action_confirm()
        self.assertConfirmed(small | tiny)
        self.assertHeld(big, "credit_limit")

    def test_order_that_another_gate_holds_takes_nothing(self):
        self.set_limit(100)
        self.coffee.order_min_qty = 50
        blocked, passing = self.create_order(lines={self.coffee: 2}), self.create_order(lines={self.tea: 10})
        (blocked | passing).action_confirm()
        self.assertHeld(blocked, "quantity")
        self.assertConfirmed(passing)

    def test_batch_of_two_distributors_and_one_payer(self):
        self.set_limit(1000)
        self.set_limit(100, self.beta)
        mine = self.create_order(lines={self.tea: 6}, partner_invoice_id=self.beta.id)
        theirs = self.create_order(self.beta, {self.tea: 5})
        (mine | theirs).action_confirm()
        self.assertConfirmed(mine)
        self.assertHeld(theirs, "credit_limit")

    def test_released_order_of_a_batch_counts_for_those_after_it(self):
        self.set_limit(100)
        released = self.confirm({self.tea: 11})
        released.dms_hold_ids.with_user(self.controller).action_release("fine")
        other = self.create_order(lines={self.tea: 1})
        (released | other).action_confirm()
        self.assertConfirmed(released)
        self.assertHeld(other, "credit_limit")

    def test_batch_submitted_to_a_class_that_confirms_by_itself(self):
        self.distributor_class.auto_confirm = True
        self.set_limit(100)
        orders = self.create_order(lines={self.tea: 6}) | self.create_order(lines={self.tea: 5}) | self.create_order(lines={self.tea: 4})
        orders.action_dms_submit()
        self.assertEqual(orders.mapped("dms_state"), ["confirmed", "on_hold", "confirmed"])

    def test_batch_of_plain_customers_and_distributors(self):
        self.set_limit(10)
        mine, plain = self.create_order(), self.create_order(self.customer)
        (mine | plain).action_confirm()
        self.assertHeld(mine, "credit_limit")
        self.assertEqual(plain.state, "sale")

    def test_submitted_orders_that_wait_for_the_desk_take_nothing(self):
        self.set_limit(100)
        first, second = self.create_order(lines={self.tea: 10}), self.create_order(lines={self.tea: 9})
        (first | second).action_dms_submit()
        self.assertEqual((first | second).mapped("dms_state"), ["submitted", "on_hold"], "together they are over the limit")
        first._action_cancel()
        second.action_confirm()
        self.assertConfirmed(second)


@tagged("post_install", "-at_install")
class TestCreditDoors(GateCommon):
    """Every way to a confirmed order, tried with one that is over the limit."""

    def setUp(self):
        super().setUp()
        self.set_limit(99)

    def test_state_is_not_written_created_or_loaded(self):
        for user in (self.salesperson, self.desk, self.controller, self.credit_manager):
            order = self.create_order(user=user)
            attempts = (
                lambda o: o.write({"state": "sale"}),
                lambda o: o.web_save({"state": "sale"}, {"state": {}}),
                lambda o: o.create({"partner_id": self.alpha.id, "state": "sale"}),
                lambda o: o.with_context(default_state="sale").create({"partner_id": self.alpha.id}),
            )
            for attempt in attempts:
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    attempt(order.with_user(user).with_context(dms_confirming=order.ids))
            result = order.with_user(user).load(["partner_id/.id", "state"], [[str(self.alpha.id), "sale"]])
            self.assertFalse(result["ids"])
            self.assertEqual(order.state, "draft")

    def test_buttons_mass_action_and_validate(self):
        for method in ("action_confirm", "_validate_order", "action_dms_submit"):
            order = self.create_order(user=self.salesperson)
            getattr(order.with_user(self.salesperson), method)()
            self.assertHeld(order, "credit_limit", message=method)

    def test_payment_of_a_part_confirms_nothing(self):
        order = self.create_order(prepayment_percent=0.5, require_payment=True)
        self.set_limit(0)
        transaction = self.pay_online(order, 60)
        transaction._check_amount_and_confirm_order()
        self.assertHeld(order, "credit_limit")
        self.pay_online(order, 40)._check_amount_and_confirm_order()
        self.assertConfirmed(order)

    def test_job_confirms_nothing_that_is_over(self):
        self.distributor_class.auto_confirm = True
        order = self.create_order()
        order.action_dms_submit()
        for job in ("_cron_dms_recheck_holds", "_cron_dms_recheck_requested"):
            getattr(self.env["sale.order"], job)()
            self.assertHeld(order, "credit_limit", message=job)

    def test_uploaded_lines_are_checked_like_any_order(self):
        self.distributor_class.auto_confirm = True
        intake = self.env["dms.order.intake"].with_user(self.desk)._intake_lines(self.alpha, "T-TEA 10")
        order = intake.sudo().order_id
        order.action_dms_submit()
        self.assertHeld(order, "credit_limit")

    def test_portal_user_of_the_distributor_submits_into_a_hold(self):
        self.distributor_class.auto_confirm = True
        order = self.create_order(order_channel="portal", dms_is_shared=True)
        order.with_user(self.alpha_user).action_dms_submit()
        self.assertHeld(order, "credit_limit")

    def test_confirmed_order_neither_grows_nor_changes_hands(self):
        order = self.confirm({self.tea: 9}, user=self.desk)
        self.set_limit(0, self.beta)
        line = order.order_line
        attempts = {
            "more": lambda: line.with_user(self.desk).write({"product_uom_qty": 10}),
            "dearer": lambda: line.with_user(self.desk).write({"price_unit": 11.01}),
            "new line": lambda: order.with_user(self.desk).write({"order_line": [Command.create({"product_id": self.coffee.id})]}),
            "other payer": lambda: order.with_user(self.desk).write({"partner_invoice_id": self.beta.id}),
            "other customer": lambda: order.with_user(self.desk).write({"partner_id": self.beta.id}),
            "taxes": lambda: line.with_user(self.desk).write({"tax_ids": self.tax.ids}),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "credit"), self.env.cr.savepoint():
                attempt()
        self.assertPosition(O=90)
        line.with_user(self.desk).product_uom_qty = 9.9
        self.assertPosition(O=99)
        line.with_user(self.desk).product_uom_qty = 5
        self.account.action_set_limit(10, "less")
        line.with_user(self.desk).product_uom_qty = 4
        self.assertPosition(O=40, message="a decrease is never checked")

    def test_plain_order_given_to_a_distributor_is_checked(self):
        order = self.confirm({self.tea: 10}, self.customer, user=self.desk, pricelist_id=self.pricelist.id)
        with self.assertRaisesRegex(UserError, "credit"), self.env.cr.savepoint():
            order.with_user(self.desk).write({"partner_id": self.alpha.id})
        self.set_limit(100)
        order.with_user(self.desk).write({"partner_id": self.alpha.id})
        self.assertEqual(order.distributor_id, self.alpha)

    def test_order_given_to_a_stopped_distributor_whoever_pays_is_refused(self):
        order = self.confirm({self.tea: 9}, user=self.desk)
        self.other_account.action_stop("bounced")
        with self.assertRaisesRegex(UserError, "stopped|no credit"), self.env.cr.savepoint():
            order.with_user(self.desk).write({"partner_id": self.beta.id, "partner_invoice_id": self.alpha.id})
