from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import InventoryCommon


@tagged("post_install", "-at_install")
class TestReceipt(InventoryCommon):
    def test_a_delivery_is_in_transit_until_it_is_confirmed(self):
        picking = self.sell({self.tea: 10})
        self.assertEqual((picking.dms_receipt_state, picking.dms_receiver_id), ("in_transit", self.alpha))
        position = self.position(self.tea)
        self.assertEqual((position.on_hand_qty, position.in_transit_qty, position.status), (0, 10, "out"))
        self.assertEqual(self.rows(self.tea), [])
        picking.with_user(self.alpha_user).action_dms_confirm_receipt()
        self.assertEqual((picking.dms_receipt_state, picking.dms_received_on), ("received", self.today))
        self.assertEqual((position.on_hand_qty, position.in_transit_qty), (10, 0))
        self.assertEqual(self.rows(self.tea), [("receipt", 10, 0, "")])

    def test_confirmed_twice_is_received_once(self):
        picking = self.sell({self.tea: 10})
        picking.action_dms_confirm_receipt({picking.move_line_ids.id: 2})
        picking.action_dms_confirm_receipt()
        self.assertEqual(self.rows(self.tea), [("receipt", 8, 0, "")])
        self.assertEqual(picking.dms_receipt_state, "short")

    def test_what_is_missing_or_damaged_is_handed_on_and_never_enters(self):
        picking = self.sell({self.tea: 10, self.coffee: 4})
        tea, coffee = (picking.move_line_ids.filtered(lambda line, p=product: line.product_id == p) for product in (self.tea, self.coffee))
        with patch.object(type(picking), "_dms_short_receipt", autospec=True) as handed:
            picking.action_dms_confirm_receipt({tea.id: 3, str(coffee.id): {"quantity": 4, "damaged": True}})
        shortfalls = handed.call_args.args[1]
        self.assertEqual(
            [(s["product_id"], s["quantity"], s["damaged"]) for s in shortfalls], [(self.tea.id, 3, False), (self.coffee.id, 4, True)]
        )
        self.assertEqual((self.on_hand(self.tea), self.on_hand(self.coffee)), (7, 0))
        self.assertEqual(self.rows(self.coffee), [])

    def test_a_short_receipt_gives_somebody_something_to_do(self):
        picking = self.sell({self.tea: 10})
        picking.action_dms_confirm_receipt({picking.move_line_ids.id: {"quantity": 1, "damaged": True}})
        self.assertEqual(picking.activity_ids.summary, "Received short")
        self.assertIn("Tea", picking.activity_ids.note)

    def test_quantities_are_in_the_unit_of_the_line_and_enter_in_the_products_own(self):
        order = self.create_order(self.alpha, {self.tea: 2})
        order.order_line.product_uom_id = self.case
        order.action_confirm()
        self.deliver(order)
        line = order.picking_ids.move_line_ids
        order.picking_ids.action_dms_confirm_receipt({line.id: line.quantity / 2})
        self.assertEqual(self.rows(self.tea), [("receipt", 12, 0, "")])
        row = self.env["dms.stock.ledger"].search([("picking_id", "=", order.picking_ids.id)])
        self.assertAlmostEqual(row.price_unit, 10.0)

    def test_what_is_said_to_be_missing_is_checked(self):
        picking, other = self.sell({self.tea: 10}), self.sell({self.tea: 5}, self.beta)
        line = picking.move_line_ids.id
        cases = ({other.move_line_ids.id: 1}, {line: 11}, {line: -1}, {line: float("nan")}, {line: float("inf")}, {line: "2"}, {line: True},
                 {line: {}}, {"x": 1}, {0: 1}, [line])  # fmt: skip
        for missing in cases:
            with self.subTest(missing), self.assertRaises(UserError):
                picking.action_dms_confirm_receipt(missing)
        self.assertEqual(picking.dms_receipt_state, "in_transit")

    def test_who_may_confirm(self):
        picking = self.sell({self.tea: 10})
        for user in (self.beta_user, self.employee, self.salesperson):
            with self.subTest(user.name), self.assertRaises(AccessError):
                picking.with_user(user).with_context(dms_receiver_id=self.beta.id).action_dms_confirm_receipt()
        with self.assertRaises(UserError):
            self.create_order(self.alpha).picking_ids.create(
                {
                    "picking_type_id": picking.picking_type_id.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            ).with_user(self.desk).action_dms_confirm_receipt()
        self.assertTrue(picking.with_user(self.desk).action_dms_confirm_receipt())

    def test_what_is_due_is_received_as_of_the_due_day(self):
        self.alpha.receipt_lead_days = 3
        early, late = self.sell({self.tea: 10}), self.sell({self.tea: 4})
        self.assertEqual((late.dms_receipt_due - self.today).days, 3)
        early.dms_receipt_due = self.day(2)
        with self.enter_registry_test_mode():
            self.env.ref("dms_inventory.ir_cron_receive_in_transit").method_direct_trigger()
        self.assertEqual((early.dms_receipt_state, early.dms_received_on), ("received", self.day(2)))
        self.assertEqual(late.dms_receipt_state, "in_transit")
        self.assertEqual(self.rows(self.tea), [("receipt", 10, 2, "")])

    def test_lead_time_of_the_company(self):
        self.company.receipt_lead_days = 9
        self.assertEqual((self.sell({self.tea: 1}).dms_receipt_due - self.today).days, 9)

    def test_a_return_leaves_at_once_lot_by_lot(self):
        one, two = self.create_lot("L1"), self.create_lot("L2")
        picking = self.receive({self.milk: 10}, lots={self.milk: [(one, 6), (two, 4)]})
        back = self.give_back(picking, {self.milk: 10})
        self.assertFalse(back.dms_receipt_state)
        self.assertEqual(
            sorted(self.rows(self.milk)),
            [("receipt", 4, 0, "L2"), ("receipt", 6, 0, "L1"), ("return", -6, 0, "L1"), ("return", -4, 0, "L2")],
        )
        self.assertEqual(self.on_hand(self.milk), 0)

    def test_returning_goods_in_transit_first_receives_them(self):
        picking = self.sell({self.tea: 10})
        self.give_back(picking, {self.tea: 4})
        self.assertEqual(picking.dms_receipt_state, "received")
        self.assertEqual(self.rows(self.tea), [("receipt", 10, 0, ""), ("return", -4, 0, "")])

    def test_a_transfer_without_an_order_is_that_of_its_address(self):
        depot = self.env["res.partner"].create({"name": "Depot", "parent_id": self.beta.id, "type": "delivery"})
        sent = self.sell({self.tea: 10})
        direct = self.env["stock.picking"].create(
            {
                "picking_type_id": sent.picking_type_id.id,
                "partner_id": depot.id,
                "location_id": sent.location_id.id,
                "location_dest_id": sent.location_dest_id.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.tea.id,
                            "product_uom_qty": 5,
                            "location_id": sent.location_id.id,
                            "location_dest_id": sent.location_dest_id.id,
                        },
                    )
                ],
            }
        )
        direct.action_confirm()
        direct.move_ids.write({"quantity": 5, "picked": True})
        direct._action_done()
        self.assertEqual((direct.dms_receiver_id, self.position(self.tea, self.beta).in_transit_qty), (self.beta, 5))

    def test_customers_who_are_no_distributors_are_left_alone(self):
        picking = self.sell({self.tea: 10}, self.customer)
        self.give_back(picking, {self.tea: 10})
        self.assertFalse(picking.dms_receipt_state or picking.dms_receiver_id)
        self.assertFalse(self.env["dms.stock.ledger"].search([("picking_id", "in", (picking | picking.return_ids).ids)]))

    def test_an_order_belongs_to_its_distributor_wherever_it_is_delivered(self):
        branch = self.create_distributor("Branch", parent_distributor_id=self.alpha.id)
        order = self.create_order(self.alpha, {self.tea: 3}, partner_shipping_id=branch.id)
        order.action_confirm()
        self.deliver(order)
        self.assertEqual(order.picking_ids.dms_receiver_id, self.alpha)
