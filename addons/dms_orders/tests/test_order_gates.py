from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsCommon


@tagged("post_install", "-at_install")
class TestOrderGates(DmsCommon):
    def assertHeld(self, order, *gates):
        self.assertEqual(order.dms_state, "on_hold")
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.open_gates(order), set(gates))

    def test_least_distributor_orders_everything(self):
        """Active and nothing else: no territory, no class, no assortment restricts nothing."""
        partner = self.env["res.partner"].create(
            {"name": "Least", "is_company": True, "is_distributor": True, "distributor_state": "active"}
        )
        order = self.create_order(partner, {self.tea: 1, self.syrup: 3})
        self.assertIs(order.action_dms_submit(), True)
        self.assertEqual(order.dms_state, "submitted")
        order.action_confirm()
        self.assertEqual(order.dms_state, "confirmed")
        self.assertFalse(order.territory_id)

    def test_inactive_distributor_is_held(self):
        for state in ("prospect", "suspended", "closed"):
            with self.subTest(state=state):
                self.alpha.distributor_state = state
                order = self.create_order()
                order.action_dms_submit()
                self.assertHeld(order, "suspended")
                order.action_cancel()

    def test_product_outside_assortment_is_held(self):
        self.env["dms.assortment"].create({"name": "Drinks only", "categ_ids": [self.category.id], "distributor_ids": [self.alpha.id]})
        order = self.create_order(lines={self.tea: 1, self.syrup: 1})
        order.action_dms_submit()
        self.assertHeld(order, "assortment")
        self.assertIn("Syrup", order.dms_hold_ids.message)
        self.assertNotIn("Tea", order.dms_hold_ids.message)

    def test_assortment_binds_by_class_territory_and_day(self):
        today = self.company._dms_today()
        cases = {
            "by class": ({"class_ids": [self.distributor_class.id]}, True),
            "by territory above": ({"territory_ids": [self.region.id]}, True),
            "by another territory": ({"territory_ids": [self.south.id]}, False),
            "ended yesterday": ({"distributor_ids": [self.alpha.id], "date_to": today - timedelta(1)}, False),
            "ends today": ({"distributor_ids": [self.alpha.id], "date_to": today}, True),
            "begins tomorrow": ({"distributor_ids": [self.alpha.id], "date_from": today + timedelta(1)}, False),
            "for everybody": ({}, True),
        }
        for name, (values, binds) in cases.items():
            with self.subTest(name):
                assortment = self.env["dms.assortment"].create({"name": name, "product_ids": [self.coffee.id], **values})
                order = self.create_order(lines={self.tea: 1})
                order.action_dms_submit()
                self.assertEqual(self.open_gates(order), {"assortment"} if binds else set())
                order.action_cancel()
                assortment.unlink()

    def test_assortments_add_up(self):
        for product in (self.tea, self.coffee):
            self.env["dms.assortment"].create({"name": product.name, "product_ids": [product.id], "distributor_ids": [self.alpha.id]})
        order = self.create_order(lines={self.tea: 1, self.coffee: 1})
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "submitted")

    def test_quantity_minimum_and_multiple_in_reference_unit(self):
        self.tea.write({"order_min_qty": 24, "order_multiple": 12})
        cases = [(12, self.unit, True), (24, self.unit, False), (30, self.unit, True), (1, self.case, True), (3, self.case, False)]
        for quantity, unit, held in cases:
            with self.subTest(quantity=quantity, unit=unit.name):
                order = self.create_order(lines={})
                order.order_line = [Command.create({"product_id": self.tea.id, "product_uom_id": unit.id, "product_uom_qty": quantity})]
                order.action_dms_submit()
                self.assertEqual(self.open_gates(order), {"quantity"} if held else set())
                order.action_cancel()

    def test_lines_of_one_product_count_together(self):
        self.tea.write({"order_multiple": 12})
        order = self.create_order(lines={self.tea: 6})
        order.order_line = [Command.create({"product_id": self.tea.id, "product_uom_qty": 6})]
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "submitted")

    def test_order_below_class_minimum_is_held(self):
        self.distributor_class.min_order_amount = 100.01
        order = self.create_order(lines={self.tea: 10})
        order.action_dms_submit()
        self.assertHeld(order, "minimum")
        self.assertIn("0.01", order.dms_hold_ids.message)
        self.distributor_class.min_order_amount = 100
        order._dms_recheck_holds()
        self.assertEqual(order.dms_state, "submitted")

    def test_minimum_in_another_currency(self):
        currency = self.env["res.currency"].create(
            {"name": "TCU", "symbol": "T", "rate_ids": [Command.create({"rate": 2.0, "name": "2020-01-01"})]}
        )
        self.pricelist.currency_id = currency
        self.distributor_class.min_order_amount = 100
        for quantity, held in ((9.99, True), (10, False)):
            order = self.create_order(lines={self.tea: quantity})
            self.assertEqual(order.currency_id, currency)
            order.action_dms_submit()
            self.assertEqual(self.open_gates(order), {"minimum"} if held else set())

    def test_second_of_two_equal_orders_is_held(self):
        first, second = (self.create_order(lines={self.tea: 12}) for _i in range(2))
        first.action_dms_submit()
        second.action_dms_submit()
        self.assertEqual(first.dms_state, "submitted")
        self.assertHeld(second, "duplicate")
        self.assertIn(first.name, second.dms_hold_ids.message)
        first._dms_recheck_holds()
        self.assertEqual(first.dms_state, "submitted")

    def test_equal_orders_in_one_batch_hold_the_second(self):
        orders = self.create_order(lines={self.tea: 12}) | self.create_order(lines={self.tea: 12})
        orders.action_dms_submit()
        self.assertEqual(orders.mapped("dms_state"), ["submitted", "on_hold"])

    def test_duplicate_counts_reference_quantities(self):
        first = self.create_order(lines={self.tea: 12})
        second = self.create_order(lines={})
        second.order_line = [Command.create({"product_id": self.tea.id, "product_uom_id": self.case.id, "product_uom_qty": 1})]
        (first | second).action_dms_submit()
        self.assertHeld(second, "duplicate")

    def test_what_is_no_duplicate(self):
        first = self.create_order(lines={self.tea: 12})
        first.action_dms_submit()
        other = self.create_order(self.beta, {self.tea: 12})
        more = self.create_order(lines={self.tea: 13})
        late = self.create_order(lines={self.tea: 12})
        self.env.cr.execute("UPDATE sale_order SET create_date = create_date + interval '11 minutes' WHERE id = %s", [late.id])
        late.invalidate_recordset(["create_date"])
        for order in (other, more, late):
            order.action_dms_submit()
            self.assertEqual(order.dms_state, "submitted")
        first.action_cancel()
        again = self.create_order(lines={self.tea: 12})
        again.action_dms_submit()
        self.assertEqual(again.dms_state, "submitted")

    def test_same_reference_at_any_time_is_held(self):
        first = self.create_order(lines={self.tea: 12}, client_order_ref="PO-1")
        first.action_dms_submit()
        self.env.cr.execute("UPDATE sale_order SET create_date = '2020-01-01' WHERE id = %s", [first.id])
        first.invalidate_recordset(["create_date"])
        second = self.create_order(lines={self.coffee: 1}, client_order_ref="PO-1")
        second.action_dms_submit()
        self.assertHeld(second, "duplicate")
        second.client_order_ref = "PO-2"
        self.assertEqual(second.dms_state, "submitted", "a hold whose reason has gone clears by itself")

    def test_price_gate_for_incoming_orders_only(self):
        for channel, held in (("backend", False), ("portal", True), ("edi", True)):
            with self.subTest(channel=channel):
                order = self.create_order(order_channel=channel)
                order.order_line.price_unit = 9.0
                order.action_dms_submit()
                self.assertEqual(self.open_gates(order), {"price"} if held else set())
                order.action_cancel()

    def test_price_gate_follows_quantity_breaks_and_discount(self):
        self.pricelist.item_ids = [
            Command.create({"min_quantity": 24, "compute_price": "percentage", "percent_price": 10, "applied_on": "3_global"}),
            Command.create({"min_quantity": 0, "compute_price": "percentage", "percent_price": 5, "applied_on": "3_global"}),
        ]
        order = self.create_order(lines={self.tea: 24, self.coffee: 12}, order_channel="portal")
        self.assertAlmostEqual(order.amount_untaxed, 24 * 9 + 12 * 25 * 0.95)
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "submitted")
        self.company.dms_price_gate = False
        order = self.create_order(lines={self.tea: 5}, order_channel="portal")
        order.order_line.discount = 50
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "submitted")

    def test_archived_gate_lets_pass(self):
        self.env.ref("dms_orders.gate_suspended").active = False
        self.alpha.distributor_state = "suspended"
        order = self.create_order()
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "submitted")

    def test_messages_are_in_the_distributors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alpha.lang = "fr_FR"
        self.tea.with_context(lang="fr_FR").name = "Thé"
        self.tea.order_min_qty = 24
        order = self.create_order()
        order.action_dms_submit()
        self.assertIn("Thé", order.dms_hold_ids.message)

    def test_all_findings_of_a_gate_in_one_hold(self):
        (self.tea | self.coffee).order_min_qty = 50
        order = self.create_order(lines={self.tea: 1, self.coffee: 1})
        order.action_dms_submit()
        self.assertHeld(order, "quantity")
        self.assertEqual(len(order.dms_hold_ids), 1)
        self.assertEqual(len(order.dms_hold_ids.message.splitlines()), 2)

    def test_terms_of_a_class_count_as_soon_as_they_are_written(self):
        order = self.create_order(lines={self.tea: 1})
        self.assertFalse(order.dms_class_id._get_terms().min_order_amount)
        self.distributor_class.min_order_amount = 500
        order.action_dms_submit()
        self.assertHeld(order, "minimum")
        self.distributor_class.write({"min_order_amount": 5, "auto_confirm": True})
        order._dms_recheck_holds()
        self.assertEqual(order.dms_state, "confirmed")

    def test_class_and_territory_that_memory_does_not_know_are_read(self):
        """Another process made them after this one had read all there were."""
        self.distributor_class.min_order_amount = 7
        self.patch(type(self.distributor_class), "_get_compiled", lambda classes: {})
        self.patch(type(self.area_a), "_get_paths", lambda territories: {})
        self.assertEqual(self.distributor_class._get_terms().min_order_amount, 7)
        self.assertEqual(self.area_a._get_path(), self.area_a.parent_path)
        self.assertIsNone(self.area_a.browse()._get_path())

    def test_moved_territory_is_bound_by_what_binds_its_new_place(self):
        self.env["dms.assortment"].create({"name": "South", "product_ids": self.coffee.ids, "territory_ids": self.south.ids})
        self.assertTrue(self.create_order().action_dms_submit() is True)
        self.area_a.parent_id = self.south
        order = self.create_order(client_order_ref="again")
        order.action_dms_submit()
        self.assertIn("assortment", self.open_gates(order))

    def test_holds_are_sorted_by_the_date_of_their_order(self):
        self.tea.order_min_qty = 50
        order = self.create_order()
        order.action_dms_submit()
        self.assertEqual(order.dms_hold_ids.order_date, order.date_order)
        order.date_order = fields.Datetime.now() - timedelta(days=3)
        self.assertEqual(order.dms_hold_ids.order_date, order.date_order)

    def test_second_attempt_adds_no_second_hold(self):
        self.tea.order_min_qty = 50
        order = self.create_order()
        for _i in range(3):
            action = order.action_confirm()
            self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(order.dms_hold_ids), 1)

    def test_batch_confirms_what_passes(self):
        self.tea.order_min_qty = 50
        held, passing = self.create_order(lines={self.tea: 1}), self.create_order(lines={self.coffee: 1})
        plain = self.create_order(self.customer, {self.tea: 1})
        (held | passing | plain).action_confirm()
        self.assertEqual((held | passing | plain).mapped("state"), ["draft", "sale", "sale"])
        self.assertEqual(plain.dms_state, False)


@tagged("post_install", "-at_install")
class TestLicenceGate(DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drug = cls.env["dms.licence.type"].create({"name": "Drug licence", "code": "T-DRUG", "categ_ids": [cls.medicine.id]})

    def licence(self, **values):
        return self.env["dms.licence"].create({"partner_id": self.alpha.id, "type_id": self.drug.id, "number": "L1", **values})

    def test_only_products_that_need_it_are_stopped(self):
        without = self.create_order(lines={self.tea: 1})
        needing = self.create_order(lines={self.tea: 2, self.syrup: 1})
        (without | needing).action_dms_submit()
        self.assertEqual(without.dms_state, "submitted")
        self.assertEqual(self.open_gates(needing), {"licence"})

    def test_edges_of_validity_are_inclusive(self):
        today = self.company._dms_today()
        cases = [
            ({"date_to": today}, False),
            ({"date_to": today - timedelta(1)}, True),
            ({"date_from": today}, False),
            ({"date_from": today + timedelta(1)}, True),
            ({}, False),
            ({"active": False}, True),
        ]
        for values, held in cases:
            with self.subTest(values):
                licence = self.licence(**values)
                order = self.create_order(lines={self.syrup: 1})
                order.action_dms_submit()
                self.assertEqual(self.open_gates(order), {"licence"} if held else set())
                order.action_cancel()
                licence.unlink()

    def test_renewal_clears_the_hold_by_itself(self):
        order = self.create_order(lines={self.syrup: 1})
        order.action_dms_submit()
        self.licence()
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual(order.dms_state, "submitted")

    def test_agreement_for_every_order(self):
        self.env["dms.licence.type"].create({"name": "Agreement", "code": "T-AGR", "all_products": True})
        order = self.create_order(lines={self.tea: 1})
        order.action_dms_submit()
        self.assertEqual(self.open_gates(order), {"licence"})

    def test_reminder_is_planned_once(self):
        soon = self.licence(date_to=fields.Date.today() + timedelta(10))
        later = self.licence(date_to=fields.Date.today() + timedelta(100), number="L2")
        self.env["dms.licence"]._cron_remind_expiring()
        self.env["dms.licence"]._cron_remind_expiring()
        self.assertEqual((len(soon.activity_ids), len(later.activity_ids)), (1, 0))
        self.assertEqual((soon.state, later.state), ("expiring", "valid"))

    def test_search_by_state_agrees_with_the_state(self):
        today = self.company._dms_today()
        for number, (begin, end) in enumerate([(None, None), (1, None), (-9, -1), (-9, 0), (0, 29), (0, 30), (None, 400), (5, 9)]):
            self.licence(
                number=str(number),
                date_from=begin is not None and today + timedelta(begin),
                date_to=end is not None and today + timedelta(end),
            )
        licences = self.alpha.licence_ids
        for state in ("future", "valid", "expiring", "expired"):
            found = licences.search([("state", "=", state), ("partner_id", "=", self.alpha.id)])
            self.assertEqual(found, licences.filtered(lambda licence, state=state: licence.state == state), state)
