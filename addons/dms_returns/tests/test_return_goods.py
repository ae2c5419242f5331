from odoo.fields import Command
from odoo.tests import tagged

from .common import PDF, ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnGoods(ReturnsCommon):
    def assertLying(self, product, shelf=None, inspection=0, quarantine=0, lot=None):
        found = [self.lying(product, place, lot) for place in (self.inspection, self.quarantine)]
        self.assertEqual(found, [inspection, quarantine])
        if shelf is not None:
            self.assertEqual(self.lying(product, self.shelf, lot), shelf)

    def test_transfer_is_assigned_and_named_after_its_delivery(self):
        sent = self.sell({self.tea: 10, self.coffee: 5})
        case = self.approve(self.submit(self.create_return({line: 2 for line in self.line_of(sent)})))
        picking = case.picking_ids
        self.assertEqual((len(picking), picking.state, picking.return_id), (1, "assigned", sent))
        self.assertEqual(picking.picking_type_id, self.warehouse.dms_return_type_id)
        self.assertEqual((picking.location_dest_id, picking.partner_id, picking.origin), (self.inspection, sent.partner_id, case.name))
        for move in picking.move_ids:
            self.assertEqual((move.sale_line_id, move.dms_return_line_id.sale_line_id), (move.sale_line_id,) * 2)
            self.assertEqual((move.origin_returned_move_id.picking_id, move.to_refund, move.quantity), (sent, False, 2))

    def test_two_deliveries_and_two_orders_make_a_transfer_each(self):
        order = self.create_order(self.alpha, {self.tea: 10})
        order.action_confirm()
        self.deliver(order, {self.tea: 6})
        self.deliver(order)
        other = self.sell({self.tea: 3})
        case = self.approve(self.submit(self.create_return({order.order_line: 9, self.line_of(other): 3})))
        shares = {picking.return_id: sum(picking.move_ids.mapped("quantity")) for picking in case.picking_ids}
        first, second = order.picking_ids.filtered(lambda picking: picking.location_dest_id.usage == "customer").sorted("id")
        self.assertEqual(shares, {first: 5, second: 4, other: 3}, "the newest delivery first")
        self.bring(case)
        self.assertEqual((case.state, case.line_ids.mapped("received_qty")), ("received", [9, 3]))

    def test_partial_receipts_are_received_when_nothing_is_on_its_way(self):
        line = self.line_of(self.sell({self.tea: 10}))
        case = self.approve(self.submit(self.create_return({line: 6})))
        self.bring(case, {self.tea: 2}, cancel_rest=False)
        self.assertEqual((case.state, case.line_ids.received_qty, len(case.picking_ids)), ("approved", 2, 2))
        self.assertEqual(line._dms_read_returnable()[line]["left"], 4, "what is on its way counts")
        self.bring(case, {self.tea: 3}, cancel_rest=True)
        self.assertEqual((case.state, case.line_ids.received_qty, case.line_ids.live_qty), ("received", 5, 5))
        self.assertEqual(line._dms_read_returnable()[line]["left"], 5)

    def test_a_cancelled_rest_is_not_waited_for(self):
        line = self.line_of(self.sell({self.tea: 10}))
        case = self.approve(self.submit(self.create_return({line: 6})))
        self.bring(case, {self.tea: 2}, cancel_rest=False)
        case.picking_ids.filtered(lambda picking: picking.state == "assigned").action_cancel()
        self.assertEqual((case.state, case.line_ids.received_qty), ("received", 2))

    def test_over_receipt_goes_to_quarantine_and_never_counts(self):
        line = self.line_of(self.sell({self.tea: 10}))
        case = self.approve(self.submit(self.create_return({line: 6})), 4)
        self.bring(case, {self.tea: 7})
        self.assertEqual((case.state, case.line_ids.received_qty, case.line_ids.live_qty), ("received", 4, 4))
        self.assertLying(self.tea, inspection=4, quarantine=3)
        self.assertEqual(line._dms_read_returnable()[line]["left"], 6)
        self.assertEqual(self.rows(self.tea)[-2:], [("return", -4, 0, ""), ("return", -3, 0, "")], "the distributor has sent all of it")
        self.inspect(case)
        self.assertLying(self.tea, quarantine=3)

    def test_goods_nobody_asked_for_go_to_quarantine(self):
        case = self.approve(self.submit(self.create_return({self.line_of(self.sell({self.tea: 10})): 2})))
        picking = case.picking_ids
        ends = {"location_id": picking.location_id.id, "location_dest_id": picking.location_dest_id.id}
        values = {"product_id": self.coffee.id, "product_uom_qty": 3, "quantity": 3, "picking_id": picking.id, **ends}
        self.env["stock.move"].create(values)._action_confirm(merge=False)
        self.bring(case)
        self.assertLying(self.coffee, quarantine=3)
        self.assertEqual(case.state, "received")
        self.assertEqual(len(picking.sale_id.order_line), 1)

    def test_inspection_sends_goods_where_they_belong(self):
        sent = self.sell({self.tea: 10, self.coffee: 10})
        tea, coffee = self.line_of(sent, self.tea), self.line_of(sent, self.coffee)
        case = self.send_back([self.prepare_line(tea, 6), self.prepare_line(coffee, 5, self.to_scrap)])
        shelf = self.lying(self.tea, self.shelf), self.lying(self.coffee, self.shelf)
        self.inspect(case, 4, 3)
        self.assertLying(self.tea, shelf[0] + 4, quarantine=2)
        self.assertLying(self.coffee, shelf[1], quarantine=2)
        moves = case.line_ids.move_ids.filtered(lambda move: not move.picking_id)
        self.assertEqual((set(moves.mapped("state")), set(moves.mapped("reference"))), ({"done"}, {case.name}))
        scrapped = moves.filtered(lambda move: move.location_dest_id.usage == "inventory")
        self.assertEqual((scrapped.product_id, scrapped.quantity), (self.coffee, 3))

    def test_inspection_again_moves_nothing(self):
        case = self.inspect(self.send_back({self.line_of(self.sell({self.tea: 10})): 6}))
        moves = case.line_ids.move_ids
        self.inspect(case)
        self.assertEqual(case.line_ids.move_ids, moves)

    def test_lots_come_back_as_they_went(self):
        lots = [self.create_lot("A"), self.create_lot("B")]
        line = self.line_of(self.sell({self.milk: 10}, lots={self.milk: [(lots[0], 6), (lots[1], 4)]}))
        case = self.approve(self.submit(self.create_return([self.prepare_line(line, 3, lot_id=lots[1].id)])))
        self.assertEqual(case.picking_ids.move_line_ids.lot_id, lots[1])
        self.bring(case)
        self.inspect(case, 2)
        self.assertLying(self.milk, 2, quarantine=1, lot=lots[1])
        self.assertEqual(self.rows(self.milk)[-1], ("return", -3, 0, "B"))
        left = line._dms_read_returnable()[line]
        self.assertEqual((left["left"], left["lots"][lots[0]]["left"], left["lots"][lots[1]]["left"]), (8, 6, 2))

    def test_a_back_order_knows_its_lot(self):
        lots = [self.create_lot("A"), self.create_lot("B")]
        line = self.line_of(self.sell({self.milk: 10}, lots={self.milk: [(lots[0], 6), (lots[1], 4)]}))
        case = self.approve(self.submit(self.create_return([self.prepare_line(line, 3, lot_id=lots[1].id)])))
        self.bring(case, {self.milk: 1}, cancel_rest=False)
        rest = case.picking_ids.filtered(lambda picking: picking.state == "assigned")
        self.assertEqual((rest.move_line_ids.lot_id, rest.move_line_ids.quantity), (lots[1], 2))
        self.assertEqual(self.bring(case).line_ids.received_qty, 3)

    def test_what_is_called_off_is_received_though_core_took_the_rest(self):
        sent = self.sell({self.tea: 10})
        case = self.approve(self.submit(self.create_return({self.line_of(sent): 7})))
        self.bring(case, {self.tea: 5}, cancel_rest=False)
        self.give_back(sent, {self.tea: 6})
        case._get_live_transfers().action_cancel()
        self.assertEqual((case.state, case.line_ids.received_qty), ("received", 5))
        with self.assertRefused("only 4 are left"):
            self.inspect(case)
        self.assertEqual(self.inspect(case, 4).state, "inspected")

    def test_another_lot_than_approved_goes_to_quarantine(self):
        lots = [self.create_lot("A"), self.create_lot("B")]
        line = self.line_of(self.sell({self.milk: 10}, lots={self.milk: [(lots[0], 6), (lots[1], 4)]}))
        case = self.approve(self.submit(self.create_return([self.prepare_line(line, 3, lot_id=lots[1].id)])))
        case.picking_ids.move_line_ids.lot_id = lots[0]
        self.bring(case)
        self.assertEqual((case.state, case.line_ids.received_qty), ("received", 0))
        self.assertLying(self.milk, quarantine=3, lot=lots[0])

    def test_a_part_of_a_case_is_not_rounded(self):
        order = self.create_order(self.alpha, {self.tea: 2})
        order.order_line.product_uom_id = self.case
        order.action_confirm()
        self.deliver(order)
        case = self.approve(self.submit(self.create_return({order.order_line: 1})))
        self.bring(case, {self.tea: 5})
        self.assertEqual((case.line_ids.product_uom_id, case.line_ids.received_qty, case.line_ids.live_qty), (self.unit, 5, 5))
        self.inspect(case)
        self.assertEqual(order.order_line._dms_read_returnable()[order.order_line]["left"], 19)
        self.assertAlmostEqual(order.order_line.qty_delivered, 1.58)

    def test_delivered_falls_by_what_was_accepted_once(self):
        sent = self.sell({self.tea: 10})
        line = self.line_of(sent)
        self.assertEqual(line.order_id.dms_state, "delivered")
        case = self.send_back({line: 6})
        self.assertEqual(line.qty_delivered, 10, "what came is not yet accepted")
        self.inspect(case, 4)
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (6, 6))
        case.sudo()._enter("settled")
        self.assertEqual(line.qty_delivered, 6)
        self.assertEqual(line.order_id.dms_state, "delivered")

    def test_an_invoiced_order_stays_invoiced(self):
        line = self.line_of(self.sell({self.tea: 10}))
        self.invoice(line.order_id)
        self.assertEqual(line.order_id.dms_state, "invoiced")
        self.inspect(self.send_back({line: 6}))
        self.assertEqual((line.qty_delivered, line.order_id.dms_state), (4, "invoiced"))

    def test_destroyed_goods_need_no_transfer_and_leave_the_ledger(self):
        sent = self.sell({self.tea: 10})
        line = self.line_of(sent)
        case = self.create_return([self.prepare_line(line, 4, self.destroyed)])
        with self.assertRefused("photo or a document"):
            self.submit(case)
        case._attach_evidence("gone.pdf", PDF)
        self.approve(self.submit(case))
        self.assertEqual((case.state, case.picking_ids.ids, case.line_ids.received_qty), ("received", [], 4))
        self.assertEqual(self.rows(self.tea), [("receipt", 10, 0, ""), ("return", -4, 0, "")])
        self.assertEqual(sent.dms_receipt_state, "received")
        self.inspect(case, 3)
        self.assertEqual((line.qty_delivered, case.line_ids.move_ids.ids), (7, []))
        case._follow_goods()
        self.assertEqual(len(self.rows(self.tea)), 2)

    def test_destroyed_and_returned_goods_wait_for_each_other(self):
        line = self.line_of(self.sell({self.tea: 10}))
        case = self.create_return([self.prepare_line(line, 4, self.destroyed), self.prepare_line(line, 2)])
        case._attach_evidence("gone.pdf", PDF)
        self.approve(self.submit(case))
        self.assertEqual((case.state, len(self.rows(self.tea))), ("approved", 0))
        self.bring(case)
        self.assertEqual((case.state, case.line_ids.mapped("received_qty")), ("received", [4, 2]))
        self.assertEqual(sum(row[1] for row in self.rows(self.tea)), 4)

    def test_goods_in_inspection_and_quarantine_are_not_sold(self):
        line = self.line_of(self.sell({self.tea: 10}))
        free = self.env["dms.portal.catalogue"]._get_free_quantities
        before = free(self.warehouse, self.tea.ids).get(self.tea.id, 0), self.tea.free_qty
        case = self.send_back({line: 6})
        self.assertEqual((free(self.warehouse, self.tea.ids).get(self.tea.id, 0), self.tea.free_qty), before)
        self.inspect(case, 0)
        self.assertEqual((free(self.warehouse, self.tea.ids).get(self.tea.id, 0), self.tea.free_qty), before)

    def test_a_new_warehouse_and_a_new_company_can_take_goods_back(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Second", "code": "T2"})
        kind = warehouse.dms_return_type_id
        self.assertEqual((kind.code, kind.default_location_dest_id, kind.warehouse_id), ("incoming", self.inspection, warehouse))
        company = self.env["res.company"].create({"name": "Other"})
        places = company.dms_inspection_location_id | company.dms_quarantine_location_id
        self.assertEqual((places.mapped("usage"), places.company_id, places.warehouse_id.ids), (["internal"] * 2, company, []))
        old = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        old.dms_return_type_id = False
        old._dms_create_return_types()
        self.assertEqual(old.dms_return_type_id.default_location_dest_id, company.dms_inspection_location_id)

    def test_goods_come_back_to_the_warehouse_they_left(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Second", "code": "T2"})
        order = self.create_order(self.alpha, {self.tea: 5}, warehouse_id=warehouse.id)
        order.action_confirm()
        self.deliver(order)
        case = self.send_back({order.order_line: 5})
        self.assertEqual(case.picking_ids.picking_type_id, warehouse.dms_return_type_id)
        before = self.lying(self.tea, warehouse.lot_stock_id)
        self.inspect(case)
        self.assertEqual(self.lying(self.tea, warehouse.lot_stock_id), before + 5)

    def test_core_returns_and_ours_share_what_is_there(self):
        sent = self.sell({self.tea: 10})
        line = self.line_of(sent)
        self.give_back(sent, {self.tea: 3})
        with self.assertRefused("only 7"):
            self.submit(self.create_return({line: 8}))
        case = self.approve(self.submit(self.create_return({line: 7})))
        self.give_back(sent, {self.tea: 2})
        with self.assertRefused("only 5"):
            self.bring(case)
        self.bring(case, {self.tea: 5})
        self.assertEqual((self.inspect(case).line_ids.accepted_qty, line.qty_delivered), (5, 0))


@tagged("post_install", "-at_install")
class TestReturnValuation(ReturnsCommon):
    """What goods are worth follows them: back at the value at which they left, gone when they are scrapped."""

    def test_values_follow_the_goods(self):
        for method in ("average", "fifo", "standard"):
            with self.subTest(method=method):
                product = self.make_valued(method)
                line = self.line_of(self.sell({product: 10}))
                product.standard_price = 9 if method == "standard" else product.standard_price
                worth = product.total_value
                case = self.send_back([self.prepare_line(line, 4, self.to_scrap), self.prepare_line(line, 2)])
                back = case.picking_ids.move_ids
                self.assertEqual(sum(back.mapped("value")), 6 * 5, "at the value of the delivery")
                self.assertEqual(product.qty_available, self.lying(product, self.shelf))
                gained = product.total_value - worth
                self.inspect(case, 3, 2)
                scrapped = case.line_ids.move_ids.filtered(lambda move: move.location_dest_id.usage == "inventory")
                self.assertGreater(gained, 0)
                self.assertEqual((scrapped.is_out, scrapped.quantity), (True, 3))
                self.assertAlmostEqual(product.total_value, worth + gained - scrapped.value)
                if scrapped.account_move_id:
                    entry = scrapped.account_move_id.line_ids
                    self.assertEqual((sum(entry.mapped("debit")), entry.move_id.state), (scrapped.value, "posted"))
                self.assertTrue(scrapped.account_move_id, "scrap is booked where its location has an account")

    def make_valued(self, method):
        category = self.env["product.category"].create({"name": method, "property_cost_method": method, "property_valuation": "real_time"})
        product = self.create_product(f"Valued {method}", f"V-{method}", 10.0, categ_id=category.id, standard_price=5.0)
        expense = self.env["account.account"].search([("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)], limit=1)
        place = self.env["stock.scrap"].new({"company_id": self.company.id}).scrap_location_id
        place.valuation_account_id = expense
        supplier = self.env.ref("stock.stock_location_suppliers")
        ends = {"location_id": supplier.id, "location_dest_id": self.shelf.id}
        line = Command.create({"product_id": product.id, "quantity": 20, "picked": True, **ends})
        move = self.env["stock.move"].create(
            {"product_id": product.id, "product_uom_qty": 20, "price_unit": 5, "move_line_ids": [line], **ends}
        )
        move._action_done()
        return product
