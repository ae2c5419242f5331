"""Who lets a held order go: the matrix, the second person, substitutes; what a release keeps and covers; release in part."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_credit_gates import GateCommon


class ReleaseCommon(GateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["dms.credit.release.rule"]
        cls.controllers = cls.env.ref("dms_credit.group_credit_controller")
        cls.managers = cls.env.ref("dms_credit.group_credit_manager")

    def held_order(self, limit=60, user=None, **values):
        self.set_limit(limit)
        order = self.create_order(lines={self.tea: 10}, user=user, **values)
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")
        return order

    def set_matrix(self, *rows):
        """``(group, largest amount or None, most days or None)``."""
        self.rules.search([]).unlink()
        self.rules.create(
            [
                {
                    "group_id": group.id,
                    "any_amount": amount is None,
                    "max_over_amount": amount or 0,
                    "any_days": days is None,
                    "max_overdue_days": days or 0,
                }
                for group, amount, days in rows
            ]
        )

    def may_release(self, user, order, refusal=UserError):
        """Whether the user may release the open holds of an order; nothing stays of the attempt."""
        savepoint = self.env.cr.savepoint()
        try:
            self.open_holds(order).with_user(user).action_release("agreed")
            return True
        except refusal:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestCreditRelease(ReleaseCommon):
    def test_matrix_by_amount_over_the_limit(self):
        order = self.held_order(60)  # over by 40
        for limit, controller, manager in ((40, True, True), (39.99, False, True), (0, False, True), (None, True, True)):
            self.set_matrix((self.controllers, limit, None), (self.managers, None, None))
            got = (self.may_release(self.controller, order), self.may_release(self.credit_manager, order))
            self.assertEqual(got, (controller, manager), limit)
        self.set_matrix()
        self.assertFalse(self.may_release(self.credit_manager, order), "without a row nobody may")

    def test_matrix_by_days_overdue(self):
        self.create_invoice(1, self.day(-90), due=self.day(-30))
        order = self.held_order(1000)
        self.assertEqual(self.open_gates(order), {"overdue"})
        for days, controller in ((30, True), (29, False), (None, True)):
            self.set_matrix((self.controllers, None, days), (self.managers, None, None))
            self.assertEqual(self.may_release(self.controller, order), controller, days)
            self.assertTrue(self.may_release(self.credit_manager, order))

    def test_matrix_is_judged_at_the_time_of_the_decision(self):
        order = self.held_order(60)
        self.set_matrix((self.controllers, 50, None))
        self.assertTrue(self.may_release(self.controller, order))
        self.create_invoice(20, self.today)
        self.assertFalse(self.may_release(self.controller, order), "over by 60 now")
        self.pay(20)
        self.assertTrue(self.may_release(self.controller, order))

    def test_matrix_of_one_company_does_not_count_in_another(self):
        order = self.held_order(60)
        self.set_matrix((self.controllers, None, None))
        self.rules.search([]).company_id = self.env["res.company"].create({"name": "T Other"})
        self.assertFalse(self.may_release(self.controller, order))

    def test_matrix_looks_at_whoever_is_over(self):
        """Both the distributor and the payer are gated: it is not the payer's room that counts when the other is over."""
        self.set_limit(1000, self.beta)
        order = self.held_order(0, partner_invoice_id=self.beta.id)
        self.set_matrix((self.controllers, 50, None))
        self.assertFalse(self.may_release(self.controller, order), "over by 100")

    def test_groups_of_the_gate_count_as_well(self):
        order = self.held_order()
        self.env.ref("dms_credit.gate_credit_limit").release_group_ids = self.managers
        self.assertFalse(self.may_release(self.controller, order))
        self.assertTrue(self.may_release(self.credit_manager, order))
        for user in (self.desk2, self.manager, self.area_manager, self.accountant, self.salesperson, self.alpha_user):
            self.assertFalse(self.may_release(user, order), user.login)

    def test_second_person_whatever_the_rank(self):
        for making in ("create_uid", "user_id", "dms_submitted_by_id"):
            order = self.create_order(lines={self.tea: 10}, user=self.credit_manager if making == "create_uid" else self.desk)
            order.user_id = self.credit_manager if making == "user_id" else False
            self.set_limit(60)
            order.with_user(self.credit_manager if making == "dms_submitted_by_id" else self.desk).action_dms_submit()
            self.assertFalse(self.may_release(self.credit_manager, order), making)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.open_holds(order).with_user(self.credit_manager).sudo().action_release("with full rights")
            self.assertTrue(self.may_release(self.controller, order), making)
            order._action_cancel()

    def test_release_keeps_who_when_why_and_the_figures(self):
        self.create_invoice(12, self.today)
        order = self.held_order(60)
        hold = order.dms_hold_ids
        hold.with_user(self.controller).action_release("agreed by phone")
        self.assertEqual((hold.state, hold.released_by_id, hold.release_note), ("released", self.controller, "agreed by phone"))
        self.assertEqual(hold.released_amount, 100)
        snapshot = hold.credit_snapshot
        expected = {"receivable_amount": 12, "open_order_amount": 0, "exposure_amount": 12, "limit_amount": 60, "added": 100}
        self.assertEqual({name: snapshot[name] for name in expected}, expected)
        self.pay(12)
        self.assertEqual(hold.credit_snapshot, snapshot)
        self.assertEqual(order.dms_state, "submitted")
        order.with_user(self.desk).action_confirm()
        self.assertConfirmed(order)

    def test_release_is_valid_for_the_days_of_the_company(self):
        for days, later, confirmed in ((7, 6.9, True), (7, 7.1, False), (1, 2, False), (0, 300, True)):
            self.company.credit_release_days = days
            order = self.held_order()
            order.dms_hold_ids.with_user(self.controller).action_release("agreed")
            with freeze_time(fields.Datetime.now() + timedelta(days=later)):
                order.action_confirm()
                self.assertEqual(order.state == "sale", confirmed, (days, later))
            order._action_cancel()

    def test_release_of_one_gate_leaves_the_others(self):
        self.create_invoice(1, self.day(-90), due=self.day(-30))
        order = self.held_order(60)
        self.assertEqual(self.open_gates(order), {"credit_limit", "overdue"})
        self.open_holds(order).filtered(lambda h: h.gate == "overdue").with_user(self.controller).action_release("they pay on Friday")
        self.assertEqual((order.dms_state, self.open_gates(order)), ("on_hold", {"credit_limit"}))

    def test_rejected_hold_cancels_the_order_with_the_reason(self):
        order = self.held_order()
        order.dms_hold_ids.with_user(self.controller).action_reject("No more credit this year")
        self.assertEqual((order.dms_hold_ids.state, order.dms_state), ("rejected", "cancelled"))
        told = order.message_ids.filtered(lambda message: "No more credit this year" in (message.body or ""))
        self.assertTrue(told and not told.is_internal)

    def test_rejecting_is_within_the_matrix_too(self):
        order = self.held_order(60)
        self.set_matrix((self.controllers, 10, None))
        with self.assertRaises(UserError):
            order.dms_hold_ids.with_user(self.controller).action_reject("no")

    # ------------------------------------------------------------ substitutes

    def delegate(self, absent, substitute, first=0, last=0, **values):
        return self.env["dms.credit.delegation"].create(
            {"user_id": absent.id, "substitute_id": substitute.id, "date_from": self.day(first), "date_to": self.day(last), **values}
        )

    def test_substitute_decides_on_the_days_of_the_absence(self):
        order = self.held_order(user=self.desk)
        self.assertFalse(self.may_release(self.desk2, order))
        for first, last, allowed in ((0, 0, True), (-5, 0, True), (0, 5, True), (1, 5, False), (-5, -1, False)):
            delegation = self.delegate(self.controller, self.desk2, first, last)
            self.assertEqual(self.may_release(self.desk2, order), allowed, (first, last))
            delegation.unlink()

    def test_substitute_has_the_authority_of_the_absent_and_no_more(self):
        order = self.held_order(60)
        self.set_matrix((self.controllers, 10, None), (self.managers, None, None))
        self.delegate(self.controller, self.desk2)
        self.assertFalse(self.may_release(self.desk2, order))
        self.delegate(self.credit_manager, self.desk2)
        self.assertTrue(self.may_release(self.desk2, order))

    def test_substitute_never_decides_on_his_own_order_nor_on_that_of_the_absent(self):
        self.delegate(self.controller, self.desk2)
        mine = self.held_order(user=self.desk2)
        self.assertFalse(self.may_release(self.desk2, mine))
        theirs = self.held_order(user=self.controller)
        self.assertFalse(self.may_release(self.desk2, theirs), "the absent could not have released it either")
        self.assertTrue(self.may_release(self.desk2, self.held_order(user=self.desk)))
        own_right = self.held_order(user=self.controller)
        self.delegate(self.controller, self.controller2)
        self.assertTrue(self.may_release(self.controller2, own_right), "by his own right")

    def test_absence_of_another_company_or_of_who_left_does_not_count(self):
        order = self.held_order()
        other = self.env["res.company"].create({"name": "T Other"})
        delegation = self.delegate(self.controller, self.desk2, company_id=other.id)
        self.assertFalse(self.may_release(self.desk2, order))
        delegation.company_id = self.company
        self.assertTrue(self.may_release(self.desk2, order))
        self.controller.active = False
        self.assertFalse(self.may_release(self.desk2, order))

    def test_substitute_of_a_substitute_has_nothing(self):
        order = self.held_order()
        self.delegate(self.controller, self.desk2)
        third = self.create_credit_user("t_third", "dms_orders.group_dms_user")
        self.delegate(self.desk2, third)
        self.assertFalse(self.may_release(third, order))

    def test_only_credit_holds_are_delegated(self):
        self.tea.order_min_qty = 50
        self.env.ref("dms_orders.gate_quantity").release_group_ids = self.controllers
        order = self.create_order(lines={self.tea: 10})
        order.action_dms_submit()
        self.delegate(self.controller, self.desk2)
        self.assertFalse(self.may_release(self.desk2, order))

    def test_who_may_name_a_substitute(self):
        values = {"substitute_id": self.desk2.id, "date_from": self.today, "date_to": self.today}
        Delegation = self.env["dms.credit.delegation"]
        mine = Delegation.with_user(self.controller).create({**values, "user_id": self.controller.id})
        attempts = (
            lambda: Delegation.with_user(self.controller).create({**values, "user_id": self.credit_manager.id}),
            lambda: Delegation.with_user(self.controller).with_context(default_user_id=self.credit_manager.id).create(values),
            lambda: mine.with_user(self.controller).write({"user_id": self.credit_manager.id}),
            lambda: mine.with_user(self.controller2).write({"substitute_id": self.controller2.id}),
            lambda: mine.with_user(self.controller2).unlink(),
            lambda: Delegation.with_user(self.desk2).create({**values, "user_id": self.desk2.id}),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        Delegation.with_user(self.credit_manager).create({**values, "user_id": self.controller2.id})
        for wrong in ({"substitute_id": self.alpha_user.id}, {"substitute_id": self.employee.id}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                Delegation.create({**values, "user_id": self.controller.id, **wrong})

    # ------------------------------------------------------------ ask for payment

    def test_request_for_payment_goes_out_in_the_language_of_the_distributor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alpha.write({"lang": "fr_FR", "email": "alpha@example.com"})
        template = self.env.ref("dms_credit.mail_template_ask_payment")
        template.with_context(lang="fr_FR").subject = "{{ object.name }} attend un paiement"
        order = self.held_order()
        before = order.message_ids
        order.dms_hold_ids.with_user(self.controller).action_ask_payment()
        message = order.message_ids - before
        self.assertEqual((len(message), message.subject), (1, f"{order.name} attend un paiement"))
        self.assertIn(self.alpha, message.partner_ids | message.notified_partner_ids)
        self.assertIn("40,00", message.body.replace("\xa0", " "))
        self.assertEqual(order.dms_hold_ids.state, "open")
        self.assertFalse(message.is_internal)

    def test_request_for_payment_is_for_controllers(self):
        hold = self.held_order().dms_hold_ids
        for user in (self.desk2, self.manager, self.area_manager, self.salesperson, self.alpha_user):
            with self.assertRaises(AccessError):
                hold.with_user(user).action_ask_payment()
