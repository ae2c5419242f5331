from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import InventoryCommon


@tagged("post_install", "-at_install")
class TestStatementPost(InventoryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.append(cls.tea, 100, 20)

    def test_sellout(self):
        statement = self.report(
            [{"product_id": self.tea.id, "quantity": 2, "product_uom_id": self.case.id, "retailer": "Corner", "price_unit": 120}]
        )
        self.assertEqual((statement.state, statement.posted_by_id), ("posted", self.desk))
        self.assertEqual(self.rows(self.tea)[1:], [("sellout", -24, 0, "")])
        row = statement.ledger_ids
        self.assertEqual(
            (row.retailer, row.price_unit, row.is_derived, row.source_key), ("Corner", 10, False, f"statement:{statement.line_ids.id}")
        )

    def test_posted_and_cancelled_once(self):
        statement = self.report({self.tea: 30}, date=self.day(2))
        statement.action_post()
        self.assertEqual(self.on_hand(self.tea), 70)
        statement.action_cancel()
        statement.action_cancel()
        self.assertEqual(self.rows(self.tea)[1:], [("sellout", -30, 2, ""), ("correction", 30, 2, "")])
        keys = statement.ledger_ids.sorted("id").mapped("source_key")
        self.assertEqual(keys[1], f"correction:{keys[0]}")
        with self.assertRaises(UserError):
            statement.action_post()

    def test_more_sold_than_there_was_waits_for_review(self):
        self.append(self.tea, -95, 5, "sellout")
        self.append(self.tea, 500, 1)
        cases = {"of that day": (4, 6), "of a later day": (10, 6), "two lines together": (4, (3, 3))}
        for name, (back, quantities) in cases.items():
            quantities = quantities if isinstance(quantities, tuple) else (quantities,)
            statement = self.report([{"product_id": self.tea.id, "quantity": quantity} for quantity in quantities], date=self.day(back))
            with self.subTest(name):
                self.assertEqual(statement.state, "review")
                self.assertIn("Tea", statement.review_reason)
                self.assertFalse(statement.ledger_ids)
        self.assertEqual(self.report({self.tea: 5}, date=self.day(4)).state, "posted")
        self.assertEqual(self.report({self.tea: 6}, date=self.day(1)).state, "posted")

    def test_a_review_is_decided_by_a_manager_who_did_not_make_it(self):
        statement = self.report({self.tea: 101})
        with self.assertRaises(AccessError):
            statement.with_user(self.desk2).action_post()
        own = self.report({self.tea: 101}, user=self.manager)
        for record in (own.with_user(self.manager), own.with_user(self.manager).sudo()):
            with self.assertRaises(AccessError):
                record.action_post()
        statement.with_user(self.manager).action_post()
        self.assertEqual((statement.state, self.on_hand(self.tea), self.position(self.tea).status), ("posted", -1, "out"))

    def test_quantities_below_zero_wait_for_review(self):
        for kind in ("sellout", "count"):
            statement = self.report({self.tea: -1}, kind)
            with self.subTest(kind):
                self.assertEqual(statement.state, "review")

    def test_count_within_and_beyond_tolerance(self):
        """``(percent, quantity)`` of the tolerance, counted -> state."""
        cases = {
            (2.0, 0.0): ((98, "posted"), (97, "review"), (102, "posted"), (103, "review")),
            (0.0, 5.0): ((95, "posted"), (94, "review")),
            (2.0, 5.0): ((95, "posted"), (94, "review")),
            (0.0, 0.0): ((100, "posted"), (99, "review")),
        }
        for (percent, quantity), counts in cases.items():
            self.company.write({"count_tolerance_percent": percent, "count_tolerance_qty": quantity})
            for counted, state in counts:
                statement = self.report({self.tea: counted}, "count")
                line = statement.line_ids
                with self.subTest(percent=percent, quantity=quantity, counted=counted):
                    self.assertEqual(statement.state, state)
                    self.assertEqual((line.calculated_qty, line.difference_qty), (100, counted - 100))
                statement.action_cancel()
        self.assertEqual(self.on_hand(self.tea), 100)

    def test_a_count_is_of_the_end_of_its_day(self):
        self.append(self.tea, -20, 3, "sellout")
        statement = self.report({self.tea: 99}, "count", self.day(4))
        self.assertEqual((statement.line_ids.calculated_qty, self.on_hand(self.tea)), (100, 79))
        self.assertEqual(self.rows(self.tea)[-1], ("count", -1, 4, ""))

    def test_the_lines_of_one_product_are_counted_together(self):
        lines = [{"product_id": self.tea.id, "quantity": 8, "product_uom_id": self.case.id}, {"product_id": self.tea.id, "quantity": 3}]
        statement = self.report(lines, "count")
        self.assertEqual(statement.line_ids.mapped("difference_qty"), [-1, 0])
        self.assertEqual(sum(statement.line_ids.mapped("calculated_qty")), 100)
        self.assertEqual(self.on_hand(self.tea), 99)

    def test_a_full_count_empties_what_is_not_listed(self):
        self.append(self.coffee, 5, 20)
        self.company.count_tolerance_qty = 1000
        partly = self.report({self.tea: 100}, "count")
        self.assertEqual((partly.state, self.on_hand(self.coffee)), ("posted", 5))
        self.report({self.tea: 100}, "count", is_full_count=True)
        self.assertEqual((self.on_hand(self.tea), self.on_hand(self.coffee)), (100, 0))

    def test_sellout_derived_from_counts(self):
        self.alpha.sellout_mode = "count"
        self.report({self.tea: 60}, "count", self.day(3))
        self.assertEqual(self.rows(self.tea)[-1], ("sellout", -40, 3, ""))
        row = self.env["dms.stock.ledger"].search([("distributor_id", "=", self.alpha.id)], order="id desc", limit=1)
        self.assertTrue(row.is_derived)
        self.assertEqual(self.position(self.tea).sold_qty, 40)
        more = self.report({self.tea: 61}, "count")
        self.assertEqual((more.state, self.rows(self.tea)[-1]), ("posted", ("count", 1, 0, "")))
        self.assertEqual(self.report({self.tea: 90}, "count").state, "review")

    def test_late_statements(self):
        first = self.report({self.tea: 99}, "count", self.day(2))
        late = self.report({self.tea: 10}, date=self.day(5))
        self.assertEqual((first.is_late, late.is_late), (False, True))
        self.assertEqual((self.on_hand(self.tea), first.line_ids.difference_qty), (89, -1))

    def test_days_that_cannot_be(self):
        self.alpha.stock_opening_date = self.day(10)
        for back in (-1, 11):
            with self.subTest(back), self.assertRaises(UserError):
                self.create_statement({self.tea: 1}, date=self.day(back))
        self.assertTrue(self.create_statement({self.tea: 1}, date=self.day(10)))

    def test_a_reference_is_given_once(self):
        first = self.create_statement({self.tea: 1}, reference=" W12 ")
        self.assertEqual(first.reference, "W12")
        with self.assertRaisesRegex(UserError, first.name):
            self.create_statement({self.tea: 1}, reference="W12")
        self.assertTrue(self.create_statement({self.tea: 1}, reference="W12", distributor=self.beta))
        first.action_cancel()
        self.assertTrue(self.create_statement({self.tea: 1}, reference="W12"))

    def test_lines_that_cannot_be(self):
        lot, foreign = self.create_lot("OWN"), self.create_lot("FOREIGN")
        self.append(self.milk, 10, 5, lot=lot)
        self.append(self.milk, 10, 5, lot=foreign, distributor=self.beta)
        service = self.create_product("Advice", "T-ADV", 5.0, type="service", is_storable=False)
        cases = {
            "unit that does not convert": {"product_id": self.tea.id, "product_uom_id": self.kilo.id},
            "lot never delivered": {"product_id": self.milk.id, "lot_id": foreign.id},
            "lot of another product": {"product_id": self.tea.id, "lot_id": lot.id},
            "not a number": {"product_id": self.tea.id, "quantity": float("nan")},
            "without end": {"product_id": self.tea.id, "quantity": float("inf")},
            "beyond any": {"product_id": self.tea.id, "quantity": 1e12},
            "no goods": {"product_id": service.id},
            "figures of the posting": {"product_id": self.tea.id, "calculated_qty": 5},
        }
        for name, values in cases.items():
            with self.subTest(name), self.assertRaises(UserError):
                self.create_statement([{"quantity": 1, **values}])

    def test_kilos_from_grams(self):
        self.append(self.flour, 10, 5)
        self.report([{"product_id": self.flour.id, "quantity": 1500, "product_uom_id": self.gram.id}])
        self.assertAlmostEqual(self.on_hand(self.flour), 8.5)

    def test_without_a_lot_the_earliest_goes_first(self):
        old, new = self.create_lot("OLD"), self.create_lot("NEW")
        self.append(self.milk, 6, 9, lot=new)
        self.append(self.milk, 4, 10, lot=old)
        self.report({self.milk: 7})
        self.assertEqual(self.rows(self.milk)[2:], [("sellout", -4, 0, "OLD"), ("sellout", -3, 0, "NEW")])
        self.report([{"product_id": self.milk.id, "quantity": 2, "lot_id": new.id}, {"product_id": self.milk.id, "quantity": 1}])
        self.assertEqual(self.rows(self.milk)[4:], [("sellout", -2, 0, "NEW"), ("sellout", -1, 0, "NEW")])
        self.assertEqual(self.env["dms.stock.ledger"]._get_balances(self.company, self.alpha, self.milk.ids), {})

    def test_more_of_a_lot_than_there_is_waits_for_review(self):
        one, two = self.create_lot("ONE"), self.create_lot("TWO")
        self.append(self.milk, 6, 9, lot=one)
        self.append(self.milk, 6, 9, lot=two)
        self.assertEqual(self.report([{"product_id": self.milk.id, "quantity": 7, "lot_id": one.id}]).state, "review")

    def test_counts_by_lot(self):
        one, two = self.create_lot("ONE"), self.create_lot("TWO")
        self.append(self.milk, 100, 9, lot=one)
        self.append(self.milk, 100, 9, lot=two)
        self.report([{"product_id": self.milk.id, "quantity": 99, "lot_id": one.id}], "count")
        self.assertEqual(self.rows(self.milk)[2:], [("count", -1, 0, "ONE")])
        self.report({self.milk: 198}, "count")
        self.assertEqual(self.rows(self.milk)[3:], [("count", -1, 0, "ONE")])

    def test_corrections_are_made_by_the_desk(self):
        self.report({self.tea: -10}, "correction")
        self.assertEqual(self.rows(self.tea)[-1], ("correction", -10, 0, ""))
        with self.assertRaises(UserError):
            self.create_statement({self.tea: 1}, "correction", user=self.area_manager)
        correction = self.report({self.tea: 5}, "correction")
        correction.action_cancel()
        self.assertEqual(self.on_hand(self.tea), 90)

    def test_what_was_posted_stays(self):
        statement = self.report({self.tea: 10})
        line = statement.line_ids.with_user(self.desk)
        changes = (
            lambda: line.write({"quantity": 5}),
            line.unlink,
            lambda: line.create({"statement_id": statement.id, "product_id": self.tea.id, "quantity": 1}),
            lambda: statement.with_user(self.desk).write({"date": self.day(1)}),
            lambda: statement.with_user(self.desk).unlink(),
            lambda: self.create_statement({self.tea: 1}).line_ids.with_user(self.desk).write({"statement_id": statement.id}),
        )
        for change in changes:
            with self.assertRaises(UserError):
                change()

    def test_states_are_reached_by_posting_alone(self):
        draft = self.create_statement({self.tea: 10}).with_user(self.manager)
        for values in ({"state": "posted"}, {"posted_by_id": self.desk.id}, {"is_late": True}, {"review_reason": "x"}):
            with self.subTest(values), self.assertRaises(UserError):
                draft.write(values)
        with self.assertRaises(UserError):
            self.create_statement({self.tea: 10}, state="posted")
        with self.assertRaises(UserError):
            self.create_statement({}).action_post()

    def test_a_statement_is_posted_by_those_who_may_write_it(self):
        draft = self.create_statement({self.tea: 10}, is_from_portal=False)
        for user in (self.alpha_user, self.beta_user, self.employee, self.salesperson):
            for method in ("action_post", "action_cancel"):
                with self.subTest(user=user.name, method=method), self.assertRaises(AccessError):
                    getattr(draft.with_user(user).with_context(force=True, state="review"), method)()
        other = self.create_statement({self.tea: 10}, distributor=self.beta)
        with self.assertRaises(AccessError):
            other.with_user(self.area_manager).action_post()

    def test_queries_do_not_depend_on_lines(self):
        products = self.env["product.product"].create([{"name": f"Q{number}", "is_storable": True} for number in range(40)])
        for product in products:
            self.append(product, 100, 9)
        few, many = (self.create_statement(dict.fromkeys(part, 1)) for part in (products[:2], products[2:]))
        counts = []
        for statement in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            statement._post()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_a_full_count_clears_lots_and_what_has_none(self):
        lot = self.create_lot("FULL")
        self.append(self.milk, 5, 10, lot=lot)
        self.append(self.milk, 2, 10)
        self.company.count_tolerance_qty = 10
        statement = self.report({self.tea: 100}, "count", is_full_count=True)
        self.assertEqual((statement.state, self.on_hand(self.milk)), ("posted", 0))
        self.assertEqual(sorted(self.rows(self.milk)[2:]), [("count", -5, 0, "FULL"), ("count", -2, 0, "")])
