import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import InventoryCommon


@tagged("post_install", "-at_install")
class TestRecall(InventoryCommon):
    """100 of a lot were made: 60 and 20 went to distributors, 10 to a customer, 10 are here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.lot = cls.create_lot("BAD-1")
        quant = cls.env["stock.quant"].with_context(inventory_mode=True)
        quant.create(
            {"product_id": cls.milk.id, "lot_id": cls.lot.id, "location_id": cls.warehouse.lot_stock_id.id, "inventory_quantity": 100}
        ).action_apply_inventory()
        cls.to_alpha, cls.to_beta, cls.to_customer = (
            cls.ship(partner, quantity) for partner, quantity in ((cls.alpha, 60), (cls.beta, 20), (cls.customer, 10))
        )

    @classmethod
    def ship(cls, partner, quantity):
        order = cls.create_order(partner, {cls.milk: quantity})
        order.action_confirm()
        cls.deliver(order)
        return order.picking_ids

    def recall(self, user=None):
        action = self.lot.with_user(user or self.desk).action_dms_recall()
        return self.env["dms.stock.recall"].browse(action["res_id"])

    def line(self, recall, partner):
        line = recall.line_ids.filtered(lambda line: line.partner_id == partner)
        return {name.removesuffix("_qty"): line[name] for name in line._fields if name.endswith("_qty")}

    def test_who_has_what(self):
        self.to_alpha.action_dms_confirm_receipt({self.to_alpha.move_line_ids.id: 4})
        self.give_back(self.to_alpha, {self.milk: 6})
        self.report([{"product_id": self.milk.id, "lot_id": self.lot.id, "quantity": 30}])
        sold = self.report([{"product_id": self.milk.id, "lot_id": self.lot.id, "quantity": 5}])
        sold.action_cancel()
        self.report({self.milk: -2}, "correction")
        recall = self.recall()
        self.assertEqual(
            self.line(recall, self.alpha),
            {"shipped": 60, "in_transit": 0, "short": 4, "received": 56, "returned": 6, "sold": 30, "adjusted": -2, "on_hand": 18},
        )
        self.assertEqual(
            self.line(recall, self.beta),
            {"shipped": 20, "in_transit": 20, "short": 0, "received": 0, "returned": 0, "sold": 0, "adjusted": 0, "on_hand": 0},
        )
        self.assertEqual(
            self.line(recall, self.customer),
            {"shipped": 10, "in_transit": 0, "short": 0, "received": 10, "returned": 0, "sold": 0, "adjusted": 0, "on_hand": 10},
        )
        figures = (recall.entered_qty, recall.warehouse_qty, recall.shipped_qty, recall.returned_qty, recall.other_qty, recall.on_hand_qty)
        self.assertEqual(figures, (100, 16, 90, 6, 0, 48))
        self.assertTrue(recall.is_balanced)

    def test_what_nobody_knows_the_other_side_of_does_not_balance(self):
        self.env["stock.quant"]._update_available_quantity(self.milk, self.warehouse.lot_stock_id, 5, lot_id=self.lot)
        self.assertFalse(self.recall().is_balanced)

    def test_it_follows_what_moves(self):
        recall = self.recall()
        self.to_beta.action_dms_confirm_receipt()
        recall.with_user(self.desk).action_refresh()
        self.assertEqual((self.line(recall, self.beta)["on_hand"], recall.is_balanced), (20, True))

    def test_letters_and_lists(self):
        recall = self.recall()
        recall.reason = "=2+2"
        html = self.env["ir.actions.report"]._render_qweb_html("dms_inventory.report_recall_letters", recall.ids)[0].decode()
        for text in ("Alpha Trading", "Beta Wholesale", "Plain Customer", "BAD-1", recall.name):
            self.assertIn(text, html)
        self.assertEqual(html.count('class="article'), 1, "one document, whatever the number of letters")
        self.assertIn(
            "Alpha Trading", self.env["ir.actions.report"]._render_qweb_html("dms_inventory.report_recall_list", recall.ids)[0].decode()
        )
        action = recall.with_user(self.desk).action_export()
        attachment = self.env["ir.attachment"].search([("res_model", "=", recall._name), ("res_id", "=", recall.id)])
        self.assertIn(str(attachment.id), action["url"])
        book = openpyxl.load_workbook(io.BytesIO(attachment.raw))
        cover, sheet = book.worksheets
        self.assertEqual(cover["B5"].data_type, "s")
        names = [row[1].value for row in sheet.iter_rows(min_row=2)]
        self.assertLessEqual({"Alpha Trading", "Beta Wholesale", "Plain Customer"}, set(names))

    def test_who_may_look(self):
        recall = self.recall()
        self.env.invalidate_all()
        self.assertEqual(recall.with_user(self.area_manager).line_ids.partner_id, self.alpha | self.customer)
        for user in (self.area_manager, self.salesperson, self.alpha_user, self.employee):
            for method in ("action_refresh", "action_close", "action_reopen"):
                with self.subTest(user=user.name, method=method), self.assertRaises(AccessError):
                    getattr(recall.with_user(user), method)()
            if user != self.area_manager:
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    recall.with_user(user).action_export()
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    self.env["report.dms_inventory.report_recall_letters"].with_user(user)._get_report_values(recall.ids)
