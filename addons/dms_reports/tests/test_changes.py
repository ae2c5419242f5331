"""Changes that leave the sums of a document's own table alone, and yet change what facts are made of."""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..hooks import _value_unordered
from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestChanges(ReportsCommon):
    def test_unit_of_measure_that_changes_changes_quantities(self):
        order = self.create_order(self.alpha, {self.tea: 1})
        order.order_line.write({"product_uom_qty": 2, "product_uom_id": self.case.id})
        order.action_confirm()
        self.fold()
        self.case.relative_factor = 10
        self.assertEqual(self.figures()["ordered_qty"], 20)
        self.assertFolded()

    def test_benefit_written_anew_changes_free_goods_of_the_day_they_left(self):
        self.create_scheme([self.free_slab(10, 1, every=10)])
        picking = self.sell({self.tea: 20})
        order = picking.sale_id
        picking.move_ids.date = self.noon(3)
        self.fold()
        benefit = order.scheme_application_ids.filtered(lambda row: row.state == "committed")
        self.assertEqual(self.figures(date=self.day(3))["free_amount"], 20)
        self.env.cr.execute("UPDATE dms_scheme_application SET state = 'reversed' WHERE id = %s", [benefit.id])
        benefit.invalidate_recordset()
        order.order_line.filtered("is_scheme_free").price_unit = 15
        self.assertEqual(self.figures(date=self.day(3))["free_amount"], 30)
        self.assertFolded()

    def test_delivery_of_what_nobody_ordered_counts_at_its_untaxed_price(self):
        order = self.confirmed({self.tea: 10})
        tax = self.env["account.tax"].create({"name": "T 25", "amount": 25, "price_include_override": "tax_included"})
        values = {"product_id": self.coffee.id, "product_uom_qty": 0, "price_unit": 25, "discount": 20, "tax_ids": [Command.set(tax.ids)]}
        order.order_line = [Command.create(values)]
        line = order.order_line.filtered(lambda line: line.product_id == self.coffee)
        move = {"product_id": self.coffee.id, "product_uom_qty": 2, "sale_line_id": line.id, "picking_id": order.picking_ids.id}
        places = {"location_id": order.picking_ids.location_id.id, "location_dest_id": order.picking_ids.location_dest_id.id}
        self.env["stock.move"].create({**move, **places})
        order.picking_ids.action_confirm()
        for move in order.picking_ids.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        order.picking_ids._action_done()
        self.assertEqual(self.figures(product_id=self.coffee.id), {"delivered_qty": 2, "delivered_amount": 32})
        self.fold()
        line.price_unit = 50
        self.assertEqual(self.figures(product_id=self.coffee.id)["delivered_amount"], 64)
        self.assertFolded()

    def test_lines_from_before_the_installation_get_what_a_unit_is_worth(self):
        order = self.confirmed({self.tea: 10})
        order.order_line = [Command.create({"product_id": self.coffee.id, "product_uom_qty": 0, "price_unit": 25, "discount": 20})]
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET dms_unit_value = NULL WHERE order_id = %s", [order.id])
        self.env.invalidate_all()
        _value_unordered(self.env)
        self.assertEqual(order.order_line.mapped("dms_unit_value"), [0, 20])

    def test_cancelled_order_deleted_takes_its_figures_along(self):
        picking = self.sell({self.tea: 10})
        self.give_back(picking, {self.tea: 10})
        order = picking.sale_id
        order._action_cancel()
        self.fold()
        self.assertEqual(self.figures()["delivered_qty"], 10)
        order.unlink()
        self.assertEqual(self.figures(), {})
        self.assertFolded()

    def test_line_of_a_cancelled_order_deleted_takes_its_figures_along(self):
        picking = self.sell({self.tea: 10, self.coffee: 1})
        self.give_back(picking, {self.tea: 10, self.coffee: 1})
        order = picking.sale_id
        order._action_cancel()
        self.fold()
        order.order_line.filtered(lambda line: line.product_id == self.tea).unlink()
        self.assertEqual(self.figures(product_id=self.tea.id), {})
        self.assertFolded()

    def test_order_taken_up_again_changes_what_was_delivered_before(self):
        picking = self.sell({self.tea: 10})
        self.give_back(picking, {self.tea: 10})
        order = picking.sale_id
        order._action_cancel()
        order.action_draft()
        self.fold()
        order.user_id = self.salesperson
        order.order_line.price_unit = 9
        self.assertEqual(self.figures(user_id=self.salesperson.id)["delivered_amount"], 90)
        self.assertFolded()

    def test_order_line_linked_to_a_posted_invoice_gives_it_its_territory(self):
        order = self.confirmed({self.tea: 3})
        self.alpha.territory_id = self.south
        invoice = self.direct_invoice(self.alpha, self.tea, 3)
        self.assertEqual(self.figures(territory_id=self.south.id)["invoiced_amount"], 30)
        self.fold()
        invoice.invoice_line_ids.sale_line_ids = order.order_line
        self.assertEqual(self.figures(territory_id=self.area_a.id)["invoiced_amount"], 30)
        self.assertFolded()

    def test_amounts_are_rounded_as_the_currency_rounds(self):
        self.env.cr.execute("UPDATE res_currency SET rounding = 0.05 WHERE id = %s", [self.company.currency_id.id])
        self.env.invalidate_all()
        foreign = self.env["res.currency"].create({"name": "TSF", "symbol": "f", "rounding": 0.01, "active": True})
        self.env["res.currency.rate"].create({"currency_id": foreign.id, "rate": 3.0, "name": "2020-01-01"})
        self.distributor_class.pricelist_id = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": foreign.id})
        order = self.confirmed({self.tea: 1})
        order.order_line.price_unit = 10.0
        self.assertEqual(self.figures()["ordered_amount"], 3.35)
        self.assertFolded()

    def test_currency_without_rates_counts_one_to_one(self):
        foreign = self.env["res.currency"].create({"name": "TSN", "symbol": "n", "rounding": 0.01, "active": True})
        self.distributor_class.pricelist_id = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": foreign.id})
        order = self.sell({self.tea: 3}).sale_id
        self.invoice(order)
        self.assertEqual((order.currency_id, order.currency_rate), (foreign, 1.0))
        figures = self.figures()
        self.assertEqual({figures[f"{name}_amount"] for name in ("ordered", "delivered", "invoiced", "net")}, {order.amount_untaxed})
        self.assertFolded()

    def test_net_quantity_is_invoiced_less_credited(self):
        invoice = self.invoice(self.sell({self.tea: 10}).sale_id)
        self.credit(invoice, 4)
        domain = [("distributor_id", "=", self.alpha.id)]
        for groupby in ([], ["date:month"], ["distributor_id"], ["date:day"], ["product_id"]):
            groups = self.facts._read_group(domain, groupby, ["net_qty:sum"])
            self.assertEqual([group[-1] for group in groups], [6], groupby)
        self.assertEqual(sum(self.facts.search(domain).mapped("net_qty")), 6)
        self.fold()
        self.assertEqual(self.facts._read_group([*domain, ("date", "<=", date(2099, 12, 31))], ["territory_id"], ["net_qty:sum"])[0][1], 6)

    def test_sell_out_in_another_unit_counts_in_the_products_own(self):
        self.receive({self.tea: 48}, date=self.day(3))
        self.report([{"product_id": self.tea.id, "quantity": 2, "product_uom_id": self.case.id, "price_unit": 120}], date=self.day(2))
        self.assertEqual(self.figures(date=self.day(2)), {"sellout_qty": 24, "sellout_amount": 240})

    def test_days_are_taken_as_text_too(self):
        self.direct_invoice(self.alpha, self.tea, 3, invoice_date="2026-06-01")
        self.facts._rebuild("2026-06-01", "2026-06-30", self.alpha)
        self.facts._rebuild("2026-06-01")
        self.assertEqual(self.figures(date="2026-06-01")["net_amount"], 30)
