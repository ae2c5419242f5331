from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnInput(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = [cls.create_lot(f"I-{number}") for number in range(3)]
        picking = cls.sell({cls.tea: 24, cls.flour: 5, cls.milk: 10}, lots={cls.milk: [(cls.lots[0], 6), (cls.lots[1], 4)]})
        cls.lines = {product: cls.line_of(picking, product) for product in (cls.tea, cls.flour, cls.milk)}
        cls.foreign = cls.line_of(cls.sell({cls.tea: 5}, cls.beta))
        cls.undelivered = cls.create_order(cls.alpha, {cls.tea: 3}).order_line
        cls.undelivered.order_id.action_confirm()

    def refuse(self, values, sentence):
        with self.assertRefused(sentence), mute_logger("odoo.sql_db"):
            self.submit(self.create_return([values]))

    def test_every_bad_line_is_a_sentence(self):
        tea, flour, milk = self.lines.values()
        foreign_lot = self.create_lot("T-1", self.create_product("Other Milk", "T-OML", 1.0, tracking="lot"))
        cases = {
            "another distributor's": ({"sale_line_id": self.foreign.id}, "of this distributor"),
            "another product": ({"product_id": self.coffee.id}, "not of this product"),
            "never delivered": ({"sale_line_id": self.undelivered.id}, "never delivered"),
            "half a piece": ({"quantity": 1.5}, "whole"),
            "not a number": ({"quantity": float("nan")}, "number"),
            "infinite": ({"quantity": float("inf")}, "number"),
            "too large": ({"quantity": 1e40}, "number"),
            "more than delivered": ({"quantity": 25}, "24 are left|only 24"),
            "lot of another product": ({"lot_id": foreign_lot.id}, "no lot of"),
            "unit of another kind": ({"product_uom_id": self.kilo.id}, "measured"),
        }
        for name, (values, sentence) in cases.items():
            with self.subTest(name):
                self.refuse({**self.prepare_line(tea, 1), **values}, sentence)
        self.refuse(self.prepare_line(flour, 0.001), "whole|more than nothing")
        self.refuse(self.prepare_line(milk, 1), "which lot")
        self.refuse(self.prepare_line(milk, 1, lot_id=self.lots[2].id), "not delivered")
        self.refuse(self.prepare_line(milk, 5, lot_id=self.lots[1].id), "only 4")

    def test_zero_and_negative_are_refused(self):
        for quantity in (0, -1, False):
            with self.subTest(quantity), self.assertRefused("more than nothing"):
                self.create_return({self.lines[self.tea]: quantity})

    def test_no_lines_is_a_sentence(self):
        with self.assertRefused("no lines"):
            self.submit(self.create_return({}))

    def test_all_reasons_come_at_once(self):
        tea, flour, _milk = self.lines.values()
        reason = self.create_reason("FAR", categ_ids=[(6, 0, self.medicine.ids)])
        lines = [self.prepare_line(tea, 25), self.prepare_line(flour, 1, reason), self.prepare_line(self.undelivered, 1)]
        with self.assertRaises(UserError) as caught:
            self.submit(self.create_return(lines))
        self.assertEqual(len(str(caught.exception).splitlines()), 3, caught.exception)

    def test_cases_and_pieces_count_as_one(self):
        tea = self.lines[self.tea]
        self.submit(self.create_return([self.prepare_line(tea, 1, product_uom_id=self.case.id)]))
        self.refuse(self.prepare_line(tea, 13), "only 12")
        self.refuse(self.prepare_line(tea, 1.5, product_uom_id=self.case.id), "only 12")
        self.submit(self.create_return([self.prepare_line(tea, 0.5, product_uom_id=self.case.id)]))
        self.assertEqual(tea._dms_read_returnable()[tea]["left"], 6)
