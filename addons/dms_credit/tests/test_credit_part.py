"""Release in part: what fits into the credit goes, the rest waits in an order of its own."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_credit_release import ReleaseCommon


@tagged("post_install", "-at_install")
class TestReleaseInPart(ReleaseCommon):
    def split(self, order, user=None):
        """Release what fits; the new order that waits with the rest."""
        self.open_holds(order)[:1].with_user(user or self.controller).action_release_part("what fits")
        return self.env["sale.order"].search([("dms_split_from_id", "=", order.id)])

    def quantities(self, order):
        return {line.product_id: line.product_uom_qty for line in order.order_line}

    def test_what_fits_goes_and_the_rest_waits(self):
        order = self.held_order(65, client_order_ref="PO 7")
        rest = self.split(order)
        self.assertEqual((self.quantities(order), self.quantities(rest)), ({self.tea: 6}, {self.tea: 4}))
        self.assertEqual((order.dms_state, order.dms_hold_ids.state, order.dms_hold_ids.released_amount), ("submitted", "released", 60))
        self.assertEqual((rest.distributor_id, rest.partner_invoice_id, rest.order_channel), (self.alpha, self.alpha, order.order_channel))
        order.action_confirm()
        self.assertConfirmed(order)
        rest.action_confirm()
        self.assertHeld(rest, "credit_limit")
        self.pay(35)
        rest.action_confirm()
        self.assertConfirmed(rest)

    def test_whole_multiples_and_minimum_in_the_unit_of_the_line(self):
        self.tea.write({"order_multiple": 4, "order_min_qty": 8})
        self.set_limit(115)
        order = self.create_order(lines={self.tea: 20})
        order.action_confirm()
        self.assertEqual(self.split(order).order_line.product_uom_qty, 12)
        self.assertEqual(order.order_line.product_uom_qty, 8)
        self.account.action_set_limit(79, "less")
        other = self.create_order(lines={self.tea: 16})
        other.action_confirm()
        with self.assertRaisesRegex(UserError, "Nothing"):
            self.split(other)

    def test_cases_are_not_broken(self):
        self.set_limit(300)
        order = self.create_order(lines={})
        order.order_line = [Command.create({"product_id": self.tea.id, "product_uom_qty": 5, "product_uom_id": self.case.id})]
        order.action_confirm()
        rest = self.split(order)
        self.assertEqual((order.order_line.product_uom_qty, rest.order_line.product_uom_qty), (2, 3))
        self.assertEqual(rest.order_line.product_uom_id, self.case)

    def test_taxes_included_and_rounded(self):
        taxes = self.env["account.tax"].create({"name": "T 7.7", "amount": 7.7, "type_tax_use": "sale"})
        (self.tea | self.coffee).taxes_id = taxes
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for limit in (10.77, 53.85, 53.84, 107.69, 134.62, 134.63):
                self.set_limit(limit)
                order = self.create_order(lines={self.tea: 10, self.coffee: 4})
                order.action_confirm()
                if limit < 10.77:
                    continue
                rest = self.split(order)
                self.assertLessEqual(order.amount_total, limit)
                self.assertEqual(sum((order | rest).order_line.mapped("product_uom_qty")), 14)
                order.action_confirm()
                self.assertConfirmed(order)
                (order | rest)._action_cancel()

    def test_nothing_fits(self):
        for limit in (0, 9.99):
            order = self.held_order(limit)
            with self.assertRaisesRegex(UserError, "Nothing"), self.env.cr.savepoint():
                self.split(order)
            self.assertHeld(order, "credit_limit")
        self.create_invoice(500, self.today)
        with self.assertRaisesRegex(UserError, "Nothing"), self.env.cr.savepoint():
            self.split(order)

    def test_foreign_order(self):
        self.trade_in(self.create_foreign_currency({"2020-01-01": 2.0}))
        order = self.held_order(65)
        self.assertEqual(order.amount_total, 200)
        rest = self.split(order)
        self.assertEqual((order.amount_total, rest.amount_total), (120, 80))
        self.assertEqual(rest.currency_id, order.currency_id)

    def test_prices_and_discounts_given_by_hand_stay(self):
        self.set_limit(65)
        order = self.create_order(lines={self.tea: 10})
        order.order_line.write({"price_unit": 12.5, "discount": 20})
        order.action_confirm()
        rest = self.split(order)
        self.assertEqual((rest.order_line.price_unit, rest.order_line.discount, rest.amount_total), (12.5, 20, 40))

    def test_order_of_a_class_that_confirms_by_itself_goes_at_once(self):
        self.distributor_class.auto_confirm = True
        order = self.held_order(65)
        rest = self.split(order)
        self.assertConfirmed(order)
        self.assertEqual(rest.dms_state, "on_hold")
        self.assertPosition(O=60)

    def test_other_gates_still_hold_what_fits(self):
        self.coffee.order_min_qty = 50
        self.set_limit(65)
        order = self.create_order(lines={self.tea: 10, self.coffee: 1})
        order.action_confirm()
        self.assertEqual(self.open_gates(order), {"credit_limit", "quantity"})
        self.open_holds(order).filtered("is_credit_hold").with_user(self.controller).action_release_part("what fits")
        self.assertNotEqual(order.state, "sale")

    def test_every_credit_hold_of_the_order_needs_its_own_authority(self):
        self.env.ref("dms_credit.gate_credit_stop").release_group_ids = self.managers
        self.account.action_stop("bounced")
        order = self.held_order(65)
        limit = self.open_holds(order).filtered(lambda hold: hold.gate == "credit_limit")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            limit.with_user(self.controller).action_release_part("what fits")
        self.assertEqual(self.open_gates(order), {"credit_limit", "credit_stop"})

    def test_whoever_answers_for_the_order_has_room_for_what_goes(self):
        self.set_limit(1000, self.beta)
        order = self.held_order(65, partner_invoice_id=self.beta.id)
        self.split(order)
        self.assertEqual(order.amount_total, 60)

    def test_what_was_paid_online_takes_no_room(self):
        self.set_limit(0)
        order = self.create_order(lines={self.tea: 10})
        self.pay_online(order, 60)
        order.action_confirm()
        self.split(order)
        self.assertEqual(order.amount_total, 60)

    def test_stopped_order_without_a_limit_goes_whole(self):
        self.trade_in(self.create_foreign_currency({"2020-01-01": 0.5}))
        self.account.write({"policy": "hold", "is_stopped": True, "stop_reason": "r"})
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        self.assertFalse(self.split(order))
        self.assertEqual((order.amount_total, order.dms_state), (50, "submitted"))

    def test_maker_of_the_whole_is_maker_of_the_rest(self):
        self.distributor_class.auto_confirm = True
        order = self.held_order(65, user=self.controller2, user_id=False)
        rest = self.split(order)
        self.assertEqual(rest.dms_state, "on_hold")
        self.assertFalse(self.may_release(self.controller2, rest), "he made what was split")
        self.assertTrue(self.may_release(self.credit_manager, rest))

    def test_maker_and_others_do_not_split(self):
        order = self.held_order(65, user=self.controller2)
        for user in (self.controller2, self.desk2, self.manager, self.alpha_user):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.split(order, user)
        for note in (None, "", "  ", 5, {}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.dms_hold_ids.with_user(self.controller).action_release_part(note)

    def test_changes_and_confirmed_orders_are_not_split(self):
        self.set_limit(100)
        order = self.confirm({self.tea: 10})
        change = {"line_id": order.order_line.id, "product_id": self.tea.id, "quantity": 12}
        revision = order.with_user(self.desk).action_dms_amend([change]).sudo()
        with self.assertRaises(UserError):
            revision.hold_ids.with_user(self.controller).action_release_part("what fits")

    def test_sections_stay_with_the_order(self):
        self.set_limit(65)
        lines = [{"display_type": "line_section", "name": "Drinks"}, {"product_id": self.tea.id, "product_uom_qty": 10}]
        order = self.create_order(lines={}, order_line=[Command.create(values) for values in lines])
        order.action_confirm()
        rest = self.split(order)
        self.assertEqual((order.amount_total, rest.amount_total), (60, 40))
        self.assertEqual(rest.order_line.product_id, self.tea)

    def test_wizard_asks_for_the_note(self):
        order = self.held_order(65)
        hold = order.dms_hold_ids.with_user(self.controller)
        wizard = self.env["dms.hold.partial.release"].with_user(self.controller).create({"hold_id": hold.id, "note": "what fits"})
        wizard.action_release()
        self.assertEqual(order.amount_total, 60)
