from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_portal.tests.common import PortalCommon


@tagged("post_install", "-at_install")
class TestAvailability(PortalCommon):
    """What our warehouses have, as the planner knows it and as the distributor is shown it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.other = cls.env["stock.warehouse"].create({"name": "Other", "code": "OTH", "company_id": cls.company.id})
        cls.company.dms_portal_stock_shown = 100
        cls.today = cls.company._dms_today()

    def put(self, product, quantity, warehouse=None):
        self.env["stock.quant"]._update_available_quantity(product, (warehouse or self.warehouse).lot_stock_id, quantity)

    def expect(self, product, quantity, moment, warehouse=None, **values):
        warehouse = warehouse or self.warehouse
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "date": moment,
                **values,
            }
        )
        move._action_confirm(merge=False)
        move.date = moment
        return move

    def available(self, product):
        return self.env["dms.stock.availability"]._get_availability(self.alpha, product)[product.id]

    def shown(self, product):
        """What the pad of the distributor's user says of the stock of a product."""
        data = self.env["dms.portal.pad"].with_user(self.alpha_user).sudo()._get_data(self.alpha, self.env["sale.order"])
        return next(row["stock"] for row in data["rows"] if row["id"] == product.id)

    # ------------------------------------------------------------ figures

    def test_figures_are_core_s_at_all_warehouses_that_serve(self):
        self.put(self.tea, 30)
        self.put(self.tea, 12, self.other)
        order = self.create_order(self.beta, {self.tea: 5})
        order.action_confirm()
        self.expect(self.tea, 40, self.today + timedelta(days=3))
        self.expect(self.tea, 8, self.today + timedelta(days=5), self.other)
        for alternates in (self.env["stock.warehouse"], self.other):
            self.alpha.alternate_warehouse_ids = alternates
            core = self.tea.with_context(warehouse_id=(self.warehouse | alternates).ids)
            ours = self.available(self.tea)
            self.assertEqual(ours["free"], core.free_qty)
            self.assertEqual(sum(quantity for _day, quantity in ours["incoming"]), core.incoming_qty)

    def test_goods_between_two_serving_warehouses_are_not_coming(self):
        self.alpha.alternate_warehouse_ids = self.other
        self.expect(self.tea, 9, self.today, location_id=self.other.lot_stock_id.id)
        self.assertEqual(self.available(self.tea)["incoming"], [])

    def test_alternates_of_another_company_do_not_count(self):
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        there = self.env["stock.warehouse"].search([("company_id", "=", foreign.id)], limit=1)
        self.put(self.tea, 500, there)
        before = self.available(self.tea)
        self.alpha.alternate_warehouse_ids = there
        self.assertEqual(self.available(self.tea), before)

    def test_incoming_is_told_by_day_of_the_company(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        with freeze_time("2026-05-10 08:00:00"):
            self.expect(self.tea, 5, "2026-05-11 20:00:00")
            self.expect(self.tea, 6, "2026-05-12 03:00:00")
            self.expect(self.tea, 7, "2026-05-11 03:00:00")
            days = [(str(day), quantity) for day, quantity in self.available(self.tea)["incoming"]]
        self.assertEqual(days, [("2026-05-11", 7.0), ("2026-05-12", 11.0)])

    def test_queries_do_not_depend_on_the_products(self):
        def count(products):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["dms.stock.availability"]._get_availability(self.alpha, products)
            return self.cr.sql_log_count - before

        products = self.env["product.product"].create([{"name": f"T {n}", "is_storable": True} for n in range(40)])
        for product in products:
            self.put(product, 5)
        count(products[:1])  # what is read once
        few = count(products[:1])
        self.assertEqual(count(products), few)
        self.assertLessEqual(few, 8)

    # ------------------------------------------------------------ what is shown

    def test_stock_is_shown_as_the_class_says(self):
        table = {
            "bands": {0: ["no", None], 40: ["low", None], 100: ["yes", None]},
            "exact": {0: ["no", None], 40: ["low", 40.0], 100: ["yes", 100.0]},
            "hidden": {0: None, 40: None, 100: None},
        }
        put = 0
        for quantity in (0, 40, 100):
            if quantity:
                self.put(self.syrup, quantity - put)
            put = quantity
            for display, expected in table.items():
                self.distributor_class.stock_display = display
                self.assertEqual(self.shown(self.syrup), expected[quantity], (display, quantity))

    def test_distributor_without_class_reads_bands(self):
        self.alpha.distributor_class_id = False
        self.put(self.syrup, 40)
        self.assertEqual(self.shown(self.syrup), ["low", None])

    def test_nearest_category_with_a_threshold_decides(self):
        above = self.env["product.category"].create({"name": "T All", "stock_band_qty": 10})
        self.put(self.syrup, 40)
        self.assertEqual(self.shown(self.syrup)[0], "low", "the company's")
        self.medicine.parent_id = above
        self.assertEqual(self.shown(self.syrup)[0], "yes", "the one above")
        self.medicine.stock_band_qty = 41
        self.assertEqual(self.shown(self.syrup)[0], "low", "its own")
        self.medicine.stock_band_qty = 0
        self.assertEqual(self.shown(self.syrup)[0], "yes", "none of its own again")

    def test_threshold_is_a_quantity(self):
        for value in (-1.0, 1e10):
            with self.subTest(value=value), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.medicine.stock_band_qty = value
                self.env.flush_all()

    def test_what_is_expected_is_told_where_stock_is_short(self):
        with freeze_time("2026-05-10 08:00:00"):
            late = self.expect(self.syrup, 60, "2026-05-08 12:00:00")
            self.assertEqual(self.shown(self.syrup), ["no", None, "expected any day"])
            late._action_cancel()
            self.expect(self.syrup, 60, "2026-05-12 12:00:00")
            self.assertEqual(self.shown(self.syrup), ["no", None, "expected 12 May"])
            self.distributor_class.stock_display = "exact"
            self.assertEqual(self.shown(self.syrup), ["no", None, "60 expected 12 May"])
            self.distributor_class.stock_display = "hidden"
            self.assertIsNone(self.shown(self.syrup))
            self.distributor_class.stock_display = "bands"
            self.put(self.syrup, 100)
            self.assertEqual(self.shown(self.syrup), ["yes", None], "nobody waits for it")

    def test_hidden_stock_is_in_no_answer(self):
        self.distributor_class.stock_display = "hidden"
        self.put(self.syrup, 73)
        self.expect(self.syrup, 71, self.today + timedelta(days=2))
        self.login(self.alpha_user)
        data = self.get("/my/dms/pad/data").json()
        self.assertTrue(data["rows"])
        self.assertEqual({row["stock"] for row in data["rows"]}, {None})
        answer = self.call("/my/dms/pad/price", lines=[self.line(self.syrup, 500)])
        self.assertEqual(set(answer), {"lines", "untaxed", "tax", "total", "verdicts", "notes"})
        self.assertEqual(set(answer["lines"][str(self.syrup.id)]), {"price", "discount", "amount"})
        for text in ("73", "71", "expected", "stock"):
            self.assertNotIn(text, str(answer["verdicts"] + answer["notes"]))
