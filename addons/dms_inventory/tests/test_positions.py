from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import InventoryCommon


@tagged("post_install", "-at_install")
class TestPositions(InventoryCommon):
    """Averages, cover and status by the days behind them. N is 30 days, from 30 days ago to yesterday."""

    def test_average_over_the_days_with_stock(self):
        """``(days back, quantity, kind)`` -> sold, days with stock."""
        cases = {
            "stock all the time": ([(40, 100, "receipt"), (10, -30, "sellout")], 30, 30),
            "received within the window": ([(10, 100, "receipt"), (5, -30, "sellout")], 30, 10),
            "sold out: the last day counts": ([(40, 30, "receipt"), (20, -30, "sellout")], 30, 11),
            "out and in again": ([(40, 30, "receipt"), (20, -30, "sellout"), (5, 10, "receipt"), (1, -4, "sellout")], 34, 16),
            "before the window": ([(60, 100, "receipt"), (31, -30, "sellout")], 0, 30),
            "first day of the window": ([(60, 100, "receipt"), (30, -30, "sellout")], 30, 30),
            "today is not part of it": ([(60, 100, "receipt"), (0, -30, "sellout")], 0, 30),
            "nothing ever": ([(60, 10, "receipt"), (59, -10, "return")], 0, 0),
            "below zero, but sold": ([(3, -5, "sellout")], 5, 1),
        }
        for name, (rows, sold, days) in cases.items():
            product = self.create_product(name, name, 1.0)
            for back, quantity, kind in rows:
                self.append(product, quantity, back, kind)
            position = self.position(product)
            with self.subTest(name):
                self.assertEqual((position.sold_qty, position.stock_days), (sold, days))
                self.assertAlmostEqual(position.avg_daily_sellout, sold / days if days else 0.0)

    def test_cover_counts_what_is_on_its_way(self):
        self.append(self.tea, 130, 40)
        self.append(self.tea, -60, 10, "sellout")
        self.sell({self.tea: 10})
        position = self.position(self.tea)
        self.assertEqual((position.avg_daily_sellout, position.days_cover), (2, 40))

    def test_cover_is_empty_without_an_average(self):
        self.append(self.tea, 130, 40)
        self.assertFalse(self.position(self.tea).days_cover)
        self.env.cr.execute("SELECT days_cover FROM dms_stock_position WHERE id = %s", [self.position(self.tea).id])
        self.assertIsNone(self.env.cr.fetchone()[0])

    def test_sellout_taken_back_is_no_sellout(self):
        self.append(self.tea, 100, 40)
        statement = self.report({self.tea: 30}, date=self.day(3))
        self.assertEqual(self.position(self.tea).sold_qty, 30)
        statement.action_cancel()
        position = self.position(self.tea)
        self.assertEqual((position.sold_qty, position.status, position.on_hand_qty), (0, "dead", 100))
        self.assertFalse(position.last_sellout_date)

    def test_dead_is_what_was_not_sold_in_the_days_of_the_average(self):
        for back, status in ((31, "dead"), (30, "ok"), (0, "ok")):
            product = self.create_product(f"Sold {back}", f"S{back}", 1.0)
            self.append(product, 100, 90)
            self.append(product, -10, back, "sellout")
            with self.subTest(back):
                self.assertEqual(self.position(product).status, status)

    def test_the_most_particular_norm_counts(self):
        below = self.env["product.category"].create({"name": "T Green", "parent_id": self.category.id})
        self.tea.categ_id = below
        self.append(self.tea, 100, 40)
        self.append(self.tea, -30, 10, "sellout")
        Norm = self.env["dms.stock.norm"].with_user(self.manager)
        position = self.position(self.tea)
        self.assertEqual((position.status, position.max_days), ("ok", 0))
        steps = (
            ({"max_days": 60}, "over"),
            ({"class_id": self.distributor_class.id, "min_days": 5, "max_days": 80}, "ok"),
            ({"categ_id": self.category.id, "min_days": 90, "max_days": 95}, "low"),
            ({"categ_id": below.id, "max_days": 50}, "over"),
            ({"categ_id": below.id, "class_id": self.distributor_class.id, "max_days": 75}, "ok"),
            ({"product_id": self.tea.id, "min_days": 71, "max_days": 99}, "low"),
        )
        for values, status in steps:
            norm = Norm.create(values)
            with self.subTest(values):
                self.assertEqual((position.status, position.max_days), (status, values["max_days"]))
        norm.unlink()
        self.assertEqual(position.max_days, 75)

    def test_norms_that_make_no_sense_are_refused(self):
        Norm = self.env["dms.stock.norm"]
        with self.assertRaises(UserError):
            Norm.create({"product_id": self.tea.id, "categ_id": self.category.id, "max_days": 5})

    def test_suggested_quantity(self):
        self.env["dms.stock.norm"].create({"min_days": 10, "max_days": 60})
        self.tea.write({"order_multiple": 12, "order_min_qty": 24})
        self.append(self.tea, 100, 40)
        self.append(self.tea, -60, 10, "sellout")
        position = self.position(self.tea)
        self.assertEqual((position.target_qty, position.on_hand_qty, position.suggested_qty), (120, 40, 84))
        self.sell({self.tea: 24})
        self.assertEqual((position.in_transit_qty, position.suggested_qty), (24, 60))
        draft = self.create_order(self.alpha, {self.tea: 36})
        self.assertEqual((position.open_order_qty, position.suggested_qty), (0, 60))
        draft.action_dms_submit()
        self.env.invalidate_all()
        self.assertEqual((position.open_order_qty, position.suggested_qty), (36, 24))
        draft.action_confirm()
        self.deliver(draft, {self.tea: 12})
        self.env.invalidate_all()
        self.assertEqual((position.open_order_qty, position.in_transit_qty, position.suggested_qty), (24, 36, 24))
        found = self.env["dms.stock.position"].search([("suggested_qty", ">", 0), ("distributor_id", "=", self.alpha.id)])
        self.assertEqual(found, position)
        self.create_order(self.alpha, {self.tea: 60}).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(position.suggested_qty, 0)
        self.assertFalse(self.env["dms.stock.position"].search([("suggested_qty", ">", 0), ("distributor_id", "=", self.alpha.id)]))

    def test_units_of_orders(self):
        self.append(self.tea, 1, 40)
        order = self.create_order(self.alpha, {self.tea: 2})
        order.order_line.product_uom_id = self.case
        order.action_confirm()
        self.assertEqual(self.position(self.tea).open_order_qty, 24)

    def test_rebuilt_from_the_documents_they_are_the_same(self):
        self.env["dms.stock.norm"].create({"min_days": 10, "max_days": 60})
        self.append(self.tea, 100, 40)
        self.append(self.tea, -37, 10, "sellout")
        self.sell({self.coffee: 7})
        Position = self.env["dms.stock.position"]
        self.assertIsNone(Position._find_difference(self.company, self.alpha))
        before = Position.search([("distributor_id", "=", self.alpha.id)]).read()
        Position._rebuild(self.company, self.alpha)
        self.env.invalidate_all()
        after = Position.search([("distributor_id", "=", self.alpha.id)]).read()
        self.assertEqual(*([{**row, "write_date": None} for row in rows] for rows in (before, after)))

    def test_a_check_names_the_first_that_differs(self):
        self.append(self.tea, 100, 40)
        self.env.cr.execute("UPDATE dms_stock_position SET on_hand_qty = 99 WHERE id = %s", [self.position(self.tea).id])
        self.env.invalidate_all()
        found = self.env["dms.stock.position"]._find_difference(self.company, self.alpha)
        self.assertEqual(found, (self.alpha.id, self.tea.id, {"on_hand_qty": (99, 100)}))

    def test_the_check_says_so_and_the_rebuild_sets_it_right(self):
        self.append(self.tea, 100, 40)
        Position = self.env["dms.stock.position"].with_user(self.manager)
        self.assertEqual(Position.action_check()["params"]["type"], "success")
        self.env.cr.execute("UPDATE dms_stock_position SET on_hand_qty = 99 WHERE id = %s", [self.position(self.tea).id])
        self.env.invalidate_all()
        self.assertIn("Tea", Position.action_check()["params"]["message"])
        Position.action_rebuild()
        self.assertEqual(self.on_hand(self.tea), 100)
        for user in (self.desk, self.area_manager, self.alpha_user):
            for method in ("action_check", "action_rebuild"):
                with self.subTest(user=user.name, method=method), self.assertRaises(AccessError):
                    getattr(Position.with_user(user), method)()

    def test_companies_have_a_ledger_each(self):
        other = self.env["res.company"].create({"name": "Other Maker"})
        self.append(self.tea, 100, 40)
        row = {"distributor_id": self.alpha.id, "product_id": self.tea.id, "date": self.today, "quantity": 7, "kind": "receipt"}
        self.env["dms.stock.ledger"]._append([{**row, "company_id": other.id, "source_key": "test:0"}])
        self.assertEqual(self.on_hand(self.tea), 100)
        found = self.env["dms.stock.position"].search([("distributor_id", "=", self.alpha.id), ("company_id", "=", other.id)])
        self.assertEqual(found.on_hand_qty, 7)
        self.assertFalse(found.with_user(self.desk)._filtered_access("read"))

    def test_tomorrow_looks_back_from_tomorrow(self):
        self.append(self.tea, 100, 40)
        self.append(self.tea, -30, 30, "sellout")
        position = self.position(self.tea)
        self.assertEqual(position.sold_qty, 30)
        self.env.cr.execute("UPDATE dms_stock_position SET computed_on = computed_on - 1, sold_qty = 5 WHERE id = %s", [position.id])
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("dms_inventory.ir_cron_refresh_positions").method_direct_trigger()
        self.assertEqual((position.sold_qty, position.computed_on), (30, self.today))

    def test_nobody_writes_positions(self):
        self.append(self.tea, 100, 40)
        for user in (self.desk, self.manager):
            with self.subTest(user.name), self.assertRaises(UserError):
                self.position(self.tea).with_user(user).on_hand_qty = 5

    def test_statements_do_not_depend_on_the_number_of_positions(self):
        few = {(self.company.id, self.alpha.id, self.tea.id)}
        products = self.env["product.product"].create([{"name": f"P{number}", "is_storable": True} for number in range(30)])
        many = {(self.company.id, self.alpha.id, product.id) for product in products}
        Position = self.env["dms.stock.position"]
        self.env.flush_all()
        counts = []
        for keys in (few, many):
            self.env.invalidate_all()
            self.company.partner_id.tz  # noqa: B018 read once
            before = self.env.cr.sql_log_count
            Position._refresh(keys)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
