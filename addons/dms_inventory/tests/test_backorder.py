from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .suggest_common import SuggestCommon


@tagged("post_install", "-at_install")
class TestBackorderPolicy(SuggestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dms_duplicate_minutes = 0

    def ship(self, policy, partner=None, quantity=6, type_policy="ask"):
        """Validate a delivery of 10 with ``quantity`` done, as the warehouse does.

        :return: (order, what validating answered)
        """
        partner = partner or self.alpha
        partner.dms_backorder_policy = policy
        self.stock(self.tea, 10)
        order = self.create_order(partner, {self.tea: 10})
        order.action_confirm()
        picking = order.picking_ids
        picking.picking_type_id.create_backorder = type_policy
        picking.move_ids.write({"quantity": quantity, "picked": True})
        return order, picking.button_validate()

    def get_moves(self, order):
        return sorted((move.state, move.product_uom_qty) for move in order.picking_ids.move_ids)

    def test_policy_decides_what_becomes_of_the_rest_whatever_the_operation_type_says(self):
        for type_policy in ("ask", "always", "never"):
            with self.subTest("always", type=type_policy):
                order, answer = self.ship("always", type_policy=type_policy)
                self.assertIs(answer, True)
                self.assertEqual(len(order.picking_ids), 2)
                self.assertEqual(order.dms_state, "partially_delivered")
            with self.subTest("never", type=type_policy):
                order, answer = self.ship("never", type_policy=type_policy)
                self.assertIs(answer, True)
                self.assertEqual(len(order.picking_ids), 1)
                self.assertEqual(order.dms_state, "delivered")
                self.assertIn("Tea 4 Units", order.message_ids[:1].body)

    def test_rest_that_is_cancelled_is_no_longer_ordered_and_what_came_keeps_its_price(self):
        self.pricelist.item_ids = [
            Command.create({"compute_price": "percentage", "percent_price": 10, "min_quantity": 10, "applied_on": "3_global"})
        ]
        order, _answer = self.ship("never")
        line = order.order_line
        self.assertEqual((line.product_uom_qty, line.qty_delivered), (6, 6))
        self.assertEqual(line.price_subtotal, 54)
        self.assertEqual(self.get_moves(order), [("done", 10)])
        self.assertEqual(order.delivery_status, "full")

    def test_ask_is_core_and_so_is_every_other_customer(self):
        order, answer = self.ship("ask")
        self.assertEqual(answer["res_model"], "stock.backorder.confirmation")
        self.assertEqual(order.picking_ids.state, "assigned")
        order, answer = self.ship("never", self.customer)
        self.assertEqual(answer["res_model"], "stock.backorder.confirmation", "a plain customer has no policy")

    def test_complete_waits_for_everything_and_ships_nothing_less(self):
        self.alpha.dms_backorder_policy = "complete"
        with self.assertRaisesRegex(UserError, "complete deliveries only; missing: .*Tea 4 Units"):
            self.ship("complete")
        order, answer = self.ship("complete", quantity=10)
        self.assertIs(answer, True)
        self.assertEqual(order.dms_state, "delivered")
        self.assertEqual(order.picking_ids.move_type, "one")
        other = self.create_order(self.beta, {self.tea: 1})
        other.action_confirm()
        self.assertEqual(other.picking_ids.move_type, "direct")

    def test_several_deliveries_at_once_follow_each_its_own_distributor(self):
        self.alpha.dms_backorder_policy, self.beta.dms_backorder_policy = "never", "always"
        self.stock(self.tea, 20)
        orders = self.create_order(self.alpha, {self.tea: 10}) | self.create_order(self.beta, {self.tea: 10})
        orders.action_confirm()
        orders.picking_ids.move_ids.write({"quantity": 6, "picked": True})
        self.assertIs(orders.picking_ids.button_validate(), True)
        self.assertEqual(orders.mapped(lambda order: len(order.picking_ids)), [1, 2])

    def test_policy_is_kept_by_the_order_desk(self):
        self.alpha.with_user(self.manager).dms_backorder_policy = "always"
        for user in (self.salesperson, self.area_manager):
            with self.assertRaises(AccessError):
                self.alpha.with_user(user).dms_backorder_policy = "never"
