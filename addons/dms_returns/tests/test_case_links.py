from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReturnsCommon

LINKS = ("dms_return_id", "dms_claim_id", "dms_return_line_id", "dms_claim_line_id", "dms_refund_order_id", "dms_free_line_id")


@tagged("post_install", "-at_install")
class TestCaseLinks(ReturnsCommon):
    """Limits count documents by the returns and claims they are tied to: nobody ties one, or unties it, by hand."""

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        groups = "account.group_account_manager,stock.group_stock_manager,dms_returns.group_claims_manager"
        cls.hostile = cls.create_staff("t_hostile", groups)

    def setUp(self):
        super().setUp()
        self.picking = self.ship()
        self.line = self.picking.move_ids.sale_line_id
        self.case = self.send_back({self.line: 4})
        self.inspect(self.case)
        self.case.with_user(self.officer).action_settle()
        self.note = self.case.refund_ids

    def ship(self):
        order = self.create_order(self.alpha, {self.tea: 10}, user_id=False)
        order.action_confirm()
        self.deliver(order)
        self.invoice(order)
        return order.picking_ids

    def attack(self, records, **context):
        return records.with_user(self.hostile).with_context(**context)

    def defaults(self):
        links = (self.case.id, 0, self.case.line_ids.id, 0, self.line.order_id.id, self.line.id)
        return {f"default_{name}": value for name, value in zip(LINKS, links, strict=True) if value} | {
            "dms_full_rights": True, "su": True, "uid": 1, "tracking_disable": True,
        }  # fmt: skip

    def test_links_are_not_written(self):
        move = self.picking.move_ids
        for records, name, value in (
            (self.note, "dms_return_id", False),
            (self.note.reversed_entry_id, "dms_return_id", self.case.id),
            (self.note.invoice_line_ids, "dms_return_line_id", False),
            (self.note.reversed_entry_id.invoice_line_ids, "dms_return_line_id", self.case.line_ids.id),
            (self.note.reversed_entry_id.invoice_line_ids, "dms_refund_order_id", self.line.order_id.id),
            (self.note.reversed_entry_id.invoice_line_ids, "dms_free_line_id", self.line.id),
            (move, "dms_return_line_id", self.case.line_ids.id),
            (self.case.picking_ids.move_ids, "dms_return_line_id", False),
            (self.picking, "dms_return_id", self.case.id),
            (self.case.picking_ids, "dms_return_id", False),
        ):
            with self.subTest(model=records._name, name=name), self.assertRaises(AccessError), self.cr.savepoint():
                self.attack(records, **self.defaults()).write({name: value})

    def test_links_are_not_written_through_their_document(self):
        invoice, move = self.note.reversed_entry_id.copy(), self.picking.move_ids
        for records, name, line in ((invoice, "invoice_line_ids", invoice.invoice_line_ids), (self.picking, "move_ids", move)):
            values = {"dms_return_line_id": self.case.line_ids.id}
            with self.subTest(model=records._name), self.assertRaises(AccessError), self.cr.savepoint():
                self.attack(records).write({name: [Command.update(line.id, values)]})

    def test_links_are_not_created(self):
        for model, values in self.get_values().items():
            links = {name: self.case.id if name == "dms_return_id" else self.case.line_ids.id for name in LINKS if name in self.env[model]}
            for name in links.keys() & {"dms_return_id", "dms_return_line_id"}:
                with self.subTest(model=model), self.assertRaises(AccessError), self.cr.savepoint():
                    self.attack(self.env[model], **self.defaults()).create({**values, name: links[name]})

    def test_links_do_not_come_with_a_context(self):
        for model, values in self.get_values().items():
            with self.subTest(model=model):
                made = self.attack(self.env[model], **self.defaults()).create(values).sudo()
                parts = {"account.move": "invoice_line_ids", "stock.picking": "move_ids"}.get(model)
                parts = made[parts] if parts else ()
                for record in (made, *parts):
                    self.assertFalse(any(record[name] for name in LINKS if name in record), record)

    def get_values(self):
        """Documents that the user may create."""
        move = self.picking.move_ids
        ends = {"location_id": move.location_dest_id.id, "location_dest_id": move.location_id.id}
        goods = {"product_id": self.tea.id, "product_uom_qty": 1, **ends}
        kind = {"picking_type_id": self.warehouse.in_type_id.id, "partner_id": self.alpha.id, **ends}
        item = Command.create({"product_id": self.tea.id, "quantity": 1})
        return {
            "account.move": {"move_type": "out_refund", "partner_id": self.alpha.id, "invoice_line_ids": [item]},
            "stock.picking": {**kind, "move_ids": [Command.create(goods)]},
            "stock.move": goods,
        }

    def test_goods_that_come_in_two_parts_stay_tied_to_their_line(self):
        """The warehouse has no right to tie anything, and splits what is tied."""
        case = self.approve(self.submit(self.create_return({self.line: 5})))
        self.bring(case, {self.tea: 2}, cancel_rest=False)
        self.assertEqual(case.line_ids.move_ids.mapped("quantity"), [2.0, 3.0])
        self.bring(case)
        self.assertEqual((case.state, case.line_ids.received_qty), ("received", 5.0))

    def test_backorder_without_a_return_takes_a_decrease_like_cores(self):
        """Core merges a decrease into moves that are alike in every field: a link of none is as empty as one never set."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.create_order(self.customer, {self.tea: 10})
        order.action_confirm()
        pick = self.attack(order.picking_ids)
        pick.move_ids.write({"quantity": 6, "picked": True})
        pick._action_done()
        order.order_line.with_user(self.desk).product_uom_qty = 7
        rest = order.picking_ids.move_ids.filtered(lambda move: move.state != "done" and move.location_id == pick.location_id)
        self.assertEqual(rest.mapped("product_uom_qty"), [1.0])
        self.assertNotIn("cancel", order.picking_ids.mapped("state"))

    def test_reversal_by_hand_says_what_it_reverses(self):
        self.case.state = "inspected"  # what settles a return is not reversed by hand
        self.attack(self.note)._reverse_moves([{"invoice_date": self.note.invoice_date}])
        reversal = self.note.reversal_move_ids
        self.assertEqual((len(reversal), reversal.dms_return_id.id), (1, False))
