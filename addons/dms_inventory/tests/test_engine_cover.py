from odoo.tests import BaseCase

from ..engine.attribution import newest, take
from ..engine.cover import Norm, days_cover, status, suggested


class TestCover(BaseCase):
    def test_cover_is_empty_without_sellout(self):
        self.assertEqual(days_cover(60, 20, 4), 20)
        self.assertIsNone(days_cover(60, 20, 0))

    def test_status(self):
        norm = Norm(10, 30)
        cases = {
            "nothing on hand": ((0, 5.0, True, norm), "out"),
            "below zero": ((-3, 5.0, True, norm), "out"),
            "no sell-out": ((5, None, False, norm), "dead"),
            "below the least": ((5, 9.9, True, norm), "low"),
            "at the least": ((5, 10.0, True, norm), "ok"),
            "at the most": ((5, 30.0, True, norm), "ok"),
            "above the most": ((5, 30.1, True, norm), "over"),
            "no most": ((5, 300.0, True, Norm(10, 0)), "ok"),
            "no norm": ((5, 300.0, True, None), "ok"),
        }
        for name, (values, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(status(*values), expected)

    def test_suggested(self):
        cases = {
            "nothing needed": ((0, 12, 24), 0),
            "too much there already": ((-5, 12, 24), 0),
            "up to the multiple": ((13, 12, 0), 24),
            "a whole multiple stays": ((24, 12, 0), 24),
            "never below the minimum": ((5, 0, 20), 20),
            "minimum in whole multiples": ((5, 12, 20), 24),
            "without a multiple whole units": ((12.2, 0, 0), 13),
            "what floating point adds is no multiple": ((0.1 * 3 * 10, 1, 0), 3),
        }
        for name, (values, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(suggested(values[0], 0, *values[1:]), expected)
        self.assertAlmostEqual(suggested(2.2345, 1.0, step=0.01), 1.24)


class TestAttribution(BaseCase):
    def test_take_goes_in_order_and_leaves_the_rest_without_a_lot(self):
        lots = [("a", 5), ("b", 0), ("c", 3)]
        self.assertEqual(take(4, lots), [("a", 4)])
        self.assertEqual(take(7, lots), [("a", 5), ("c", 2)])
        self.assertEqual(take(9, lots), [("a", 5), ("c", 3), (None, 1)])
        self.assertEqual(take(2, []), [(None, 2)])

    def test_what_is_left_is_of_the_newest_receipts(self):
        self.assertEqual(newest(7, [("new", 5), ("old", 10)]), [("new", 5), ("old", 2)])
        self.assertEqual(newest(0, [("new", 5)]), [])
        self.assertEqual(newest(-2, [("new", 5)]), [])
