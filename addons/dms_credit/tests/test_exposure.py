"""Open and delivered orders as exposure: ``O`` and ``D``, by line, by order, and by what was invoiced ahead."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureOrders(CreditCommon):
    def test_nothing_is_nothing(self):
        self.assertPosition()
        self.create_order(lines={self.tea: 10})
        self.assertPosition(message="a draft is no exposure")

    def test_way_from_confirmation_to_payment(self):
        order = self.confirm({self.tea: 10})
        self.assertPosition(O=100)
        self.deliver(order, {self.tea: 4})
        self.assertPosition(O=60, D=40)
        invoice = self.invoice(order)
        self.assertPosition(O=60, R=40)
        self.pay(30, invoice)
        self.assertPosition(O=60, R=10)
        self.deliver(order)
        self.assertPosition(D=60, R=10)
        self.pay(100)
        self.assertPosition(D=60, R=-90, message="unallocated payments count")

    def test_drafts_of_invoices_do_not_count_as_invoiced(self):
        order = self.confirm({self.tea: 10})
        self.deliver(order)
        draft = order._create_invoices()
        self.assertPosition(D=100)
        draft.action_post()
        self.assertPosition(R=100)
        draft.button_draft()
        self.assertPosition(D=100)
        draft.button_cancel()
        self.assertPosition(D=100)

    def test_invoiced_ahead_counts_as_delivered(self):
        self.tea.invoice_policy = "order"
        order = self.confirm({self.tea: 10})
        self.invoice_part(order, {self.tea: 6})
        self.assertPosition(R=60, O=40)
        self.deliver(order, {self.tea: 5})
        self.assertPosition(R=60, O=40, message="6 of 10 invoiced, 5 delivered: 4 are still to be invoiced")
        self.deliver(order, {self.tea: 3})
        self.assertPosition(R=60, O=20, D=20)
        self.deliver(order)
        self.assertPosition(R=60, D=40)
        self.invoice(order)
        self.assertPosition(R=100)

    def test_invoicing_policy_makes_no_difference_to_the_sum(self):
        for policy in ("order", "delivery"):
            (self.tea | self.coffee).invoice_policy = policy
            order = self.confirm({self.tea: 3, self.coffee: 2})
            self.assertPosition(O=80, message=policy)
            order.action_cancel()
            self.assertPosition(message="cancelled orders count nothing")

    def test_short_closed_rest_is_no_exposure(self):
        order = self.confirm({self.tea: 10})
        self.deliver(order, {self.tea: 4})
        self.short_close(order)
        self.assertPosition(D=40)
        untouched = self.confirm({self.coffee: 4})
        self.short_close(untouched)
        self.assertPosition(D=40, message="all its moves are cancelled")

    def test_over_delivery_is_owed(self):
        order = self.confirm({self.tea: 10})
        order.picking_ids.move_ids.quantity = 12
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        self.assertPosition(D=120)
        self.invoice(order)
        self.assertPosition(R=120)

    def test_line_ordered_nothing_but_delivered(self):
        self.coffee.taxes_id = self.tax
        order = self.confirm({self.tea: 10})
        picking = order.picking_ids
        values = {"product_id": self.coffee.id, "product_uom_qty": 2, "picking_id": picking.id, "location_id": picking.location_id.id}
        self.env["stock.move"].create({**values, "location_dest_id": picking.location_dest_id.id})
        self.deliver(order)
        extra = order.order_line.filtered(lambda line: line.product_id == self.coffee)
        self.assertEqual((extra.product_uom_qty, extra.qty_delivered), (0, 2))
        extra.discount = 10
        self.assertPosition(D=100 + self.with_tax(2 * 25 * 0.9))
        self.invoice(order)
        self.assertPosition(R=100 + self.with_tax(2 * 25 * 0.9))

    def with_tax(self, amount):
        return self.company.currency_id.round(amount * (1 + self.tax.amount / 100))

    def test_returned_goods_with_and_without_refund(self):
        for to_refund, uninvoiced in ((True, 60), (False, 100)):
            order = self.confirm({self.tea: 10})
            self.deliver(order)
            self.give_back(order, {self.tea: 4}, to_refund)
            self.assertPosition(D=uninvoiced, message=f"to refund: {to_refund}")
            self.assertPosition(D=uninvoiced)
            invoice = self.invoice(order)
            self.assertPosition(R=uninvoiced)
            self.pay(uninvoiced, invoice)

    def test_goods_returned_after_the_invoice_and_credited(self):
        order = self.confirm({self.tea: 10})
        self.deliver(order)
        invoice = self.invoice(order)
        self.give_back(order, {self.tea: 4})
        self.assertPosition(R=100, message="invoiced beyond what was kept: no exposure of its own")
        self.reverse(invoice, {self.tea: 4})
        self.assertPosition(R=60)

    def test_credit_note_with_quantities_opens_the_goods_again(self):
        order = self.confirm({self.tea: 10})
        self.deliver(order)
        invoice = self.invoice(order)
        self.reverse(invoice, {self.tea: 3})
        self.assertPosition(R=70, D=30)
        self.reverse(invoice, {self.tea: 7}, post=False)
        self.assertPosition(R=70, D=30, message="drafts do not count")

    def test_credit_note_of_price_only_is_not_linked(self):
        order = self.confirm({self.tea: 10})
        self.deliver(order)
        self.invoice(order)
        self.create_credit_note(25, self.today)
        self.assertPosition(R=75)

    def test_units_of_the_line_the_move_and_the_invoice(self):
        order = self.create_order(lines={})
        order.order_line = [Command.create({"product_id": self.tea.id, "product_uom_qty": 2, "product_uom_id": self.case.id})]
        order.action_confirm()
        total = order.amount_total
        self.assertEqual(total, 240)
        self.assertPosition(O=240)
        moves = order.picking_ids.move_ids
        moves.write({"quantity": 12 if moves.product_uom == self.unit else 1, "picked": True})
        order.picking_ids.with_context(skip_backorder=True)._action_done()
        self.assertPosition(O=120, D=120)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.write({"product_uom_id": self.unit.id, "quantity": 12, "price_unit": 10})
        invoice.action_post()
        self.assertPosition(O=120, R=120)

    def test_services_and_lines_without_moves(self):
        order = self.confirm({self.service: 4})
        self.assertPosition(O=200)
        order.order_line.qty_delivered = 1
        self.assertPosition(O=150, D=50)
        order.order_line.qty_delivered = 6
        self.assertPosition(D=300)
        self.invoice(order)
        self.assertPosition(R=300)

    def test_combined_lines_sections_and_notes(self):
        lines = [
            {"display_type": "line_section", "name": "Drinks"},
            {"product_id": self.tea.id, "product_uom_qty": 1},
            {"product_id": self.tea.id, "product_uom_qty": 2, "discount": 50},
            {"display_type": "line_note", "name": "Thanks"},
            {"product_id": self.service.id, "product_uom_qty": 1, "price_unit": -5},
        ]
        order = self.confirm({}, order_line=[Command.create(values) for values in lines])
        self.assertEqual(order.amount_total, 15)
        self.assertPosition(O=15)

    def test_delivery_in_two_and_three_steps(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        for steps in ("pick_ship", "pick_pack_ship"):
            warehouse.delivery_steps = steps
            order = self.confirm({self.tea: 10})
            self.assertPosition(O=100, message=steps)
            self.deliver(order, {self.tea: 4})
            self.assertPosition(O=100, message=f"{steps}: picked is not delivered")
            for _step in range(6):
                self.deliver(order)
            self.assertEqual(order.order_line.qty_delivered, 10)
            self.assertPosition(D=100, message=steps)
            self.pay(100, self.invoice(order))

    def test_first_step_cancelled_is_short_closed(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        warehouse.delivery_steps = "pick_ship"
        order = self.confirm({self.tea: 10})
        self.deliver(order, {self.tea: 4})
        shipping = order.picking_ids.filtered(lambda p: p.location_dest_id.usage == "customer")
        for move in shipping.move_ids:
            move.write({"quantity": 3, "picked": True})
        shipping._action_done()
        self.assertPosition(O=70, D=30)
        self.short_close(order)
        self.assertPosition(D=30)

    def test_changes_of_a_confirmed_order_are_followed(self):
        order = self.confirm({self.tea: 10})
        order.order_line.product_uom_qty = 7
        self.assertPosition(O=70)
        order.order_line.price_unit = 20
        self.assertPosition(O=140)
        order.write({"order_line": [Command.create({"product_id": self.coffee.id, "product_uom_qty": 1})]})
        self.assertPosition(O=165)
        order.action_lock()
        self.assertPosition(O=165)
