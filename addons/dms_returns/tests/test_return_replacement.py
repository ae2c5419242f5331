from odoo.tests import tagged

from .common import ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnReplacement(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.sell({cls.tea: 10})
        cls.line = cls.line_of(cls.picking)
        cls.inspected = cls.inspect(cls.send_back({cls.line: 6}, resolution="replacement"), 4)

    def test_accepted_goods_go_out_once_and_change_no_order(self):
        order = self.line.order_id
        before = (order.dms_state, order.amount_total, self.line.qty_delivered, self.line.qty_to_invoice, order.dms_hold_ids.ids)
        out = self.inspected._create_replacement()
        self.assertEqual((out.picking_type_code, out.move_ids.product_uom_qty, out.dms_return_id), ("outgoing", 4, self.inspected))
        self.assertEqual((out.sale_id.ids, out.move_ids.sale_line_id.ids, out.partner_id), ([], [], self.picking.partner_id))
        self.assertFalse(self.inspected._create_replacement())
        self.assertIn(out, self.inspected.picking_ids)
        out.move_ids.write({"quantity": 4, "picked": True})
        out._action_done()
        self.assertFalse(self.inspected._create_replacement())
        self.assertEqual((out.dms_receiver_id, out.dms_receipt_state), (self.alpha, "in_transit"))
        after = (order.dms_state, order.amount_total, self.line.qty_delivered, self.line.qty_to_invoice, order.dms_hold_ids.ids)
        self.assertEqual(after, before)
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(self.line._dms_read_returnable()[self.line]["left"], 6, "what replaces comes back as nothing")

    def test_two_replacements_for_one_address_stay_apart(self):
        other = self.inspect(self.send_back({self.line: 2}, resolution="replacement"))
        first, second = self.inspected._create_replacement(), other._create_replacement()
        self.assertEqual((len(first), len(second)), (1, 1))
        self.assertNotEqual(first, second)

    def test_credits_and_what_is_not_inspected_are_not_replaced(self):
        credit = self.inspect(self.send_back({self.line: 1}))
        early = self.send_back({self.line: 1}, resolution="replacement")
        self.assertFalse((credit | early)._create_replacement())

    def test_nothing_accepted_is_nothing_sent(self):
        case = self.inspect(self.send_back({self.line: 1}, resolution="replacement"), 0)
        self.assertFalse(case._create_replacement())

    def test_a_delivery_in_steps_is_one_replacement(self):
        self.warehouse.delivery_steps = "pick_ship"
        out = self.inspected._create_replacement()
        self.assertTrue(out)
        self.assertFalse(self.inspected._create_replacement())
        while live := self.inspected._get_replacement_moves().filtered(lambda move: move.state not in ("done", "cancel")):
            live.write({"quantity": 4, "picked": True})
            live.picking_id._action_done()
        last = self.inspected._get_replacement_moves().filtered(lambda move: move.location_dest_id.usage == "customer")
        self.assertEqual((last.quantity, last.picking_id.dms_receiver_id, last.picking_id.dms_return_id), (4, self.alpha, self.inspected))
