from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged

from ..models import stock_shelf_life
from .suggest_common import SuggestCommon


@tagged("post_install", "-at_install")
class TestShelfLifeRule(SuggestCommon):
    """What is asked of a move, without `product_expiry`; reservation itself is run in tests/test_shelf_life.py of the suite."""

    def make_move(self, partner, **values):
        order = self.create_order(partner, {self.tea: 1})
        order.action_confirm()
        move = order.picking_ids.move_ids
        move.date = datetime(2024, 5, 1, 12)
        return move

    def with_expiry(self, uses=True):
        """As if `product_expiry` were installed and products used it."""
        fields = dict(self.env["product.product"]._fields, use_expiration_date=None)
        product = type(self.env["product.product"])
        return patch.multiple(product, _fields=fields, use_expiration_date=uses, create=True)

    def test_distributor_of_a_class_with_a_rule_asks_for_days_after_the_scheduled_one(self):
        self.distributor_class.min_shelf_days = 60
        mine, others = self.make_move(self.alpha), self.make_move(self.customer)
        self.assertIsNone(mine._dms_shelf_until(), "lots have no expiry here")
        with self.with_expiry():
            self.assertEqual(mine._dms_shelf_until(), datetime(2024, 6, 30, 12))
            self.assertIsNone(others._dms_shelf_until())
            self.distributor_class.min_shelf_days = 0
            self.assertIsNone(mine._dms_shelf_until())
        self.distributor_class.min_shelf_days = 60
        with self.with_expiry(uses=False):
            self.assertIsNone(mine._dms_shelf_until())

    def test_goods_that_come_back_are_asked_nothing(self):
        self.distributor_class.min_shelf_days = 60
        move = self.make_move(self.alpha)
        self.assertEqual(move._dms_shelf_distributor(), self.alpha)
        move.location_id, move.location_dest_id = move.location_dest_id, move.location_id
        self.assertFalse(move._dms_shelf_distributor())

    def test_context_of_a_caller_narrows_nothing_where_lots_have_no_expiry(self):
        quants = self.env["stock.quant"].with_context(**{stock_shelf_life.SHELF_KEY: datetime(2099, 1, 1)})
        self.stock(self.tea, 5)
        found = quants._gather(self.tea, self.warehouse.lot_stock_id)
        self.assertTrue(found)

    def test_horizon_is_empty_and_its_menu_hidden_without_expiry(self):
        self.assertFalse(self.env["dms.stock.expiry"].search([]))
        menu = self.env.ref("dms_inventory.menu_stock_expiry")
        self.assertIn(menu.id, self.env["ir.ui.menu"]._load_menus_blacklist())
