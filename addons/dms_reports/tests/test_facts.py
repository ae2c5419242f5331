from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestOrdered(ReportsCommon):
    def test_order_counts_when_confirmed_and_not_before(self):
        order = self.create_order(self.alpha, {self.tea: 12})
        self.assertEqual(self.figures(), {})
        order.action_confirm()
        self.assertEqual(self.figures(), {"ordered_qty": 12, "ordered_amount": order.amount_untaxed})
        self.assertFolded()

    def test_changed_order_rewrites_its_own_day(self):
        order = self.confirmed({self.tea: 12}, date_order=self.noon(5))
        self.fold()
        order.order_line.product_uom_qty = 7
        self.assertEqual(self.figures(date=self.day(5)), {"ordered_qty": 7, "ordered_amount": 70})
        self.assertEqual(self.figures(date=self.today), {})
        self.assertFolded()

    def test_moved_date_leaves_nothing_behind(self):
        order = self.confirmed({self.tea: 12}, date_order=self.noon(5))
        self.fold()
        order.date_order = self.noon(40)
        self.assertEqual(self.figures(date=self.day(5)), {})
        self.assertEqual(self.figures(date=self.day(40))["ordered_qty"], 12)
        self.assertFolded()

    def test_cancelled_order_counts_no_longer(self):
        order = self.confirmed({self.tea: 12})
        self.fold()
        order._action_cancel()
        self.assertEqual(self.figures(), {})
        self.assertFolded()
        self.assertFalse(self.facts.search([("distributor_id", "=", self.alpha.id)]))

    def test_line_added_to_confirmed_order_counts(self):
        order = self.confirmed({self.tea: 12})
        self.fold()
        order.order_line = [Command.create({"product_id": self.coffee.id, "product_uom_qty": 2})]
        self.assertEqual(self.figures(product_id=self.coffee.id), {"ordered_qty": 2, "ordered_amount": 50})
        self.assertFolded()

    def test_sections_and_down_payments_do_not_count(self):
        order = self.confirmed({self.tea: 1})
        order.order_line = [Command.create({"display_type": "line_section", "name": "Drinks"})]
        advance = {"name": "Advance", "product_id": self.coffee.id, "is_downpayment": True, "product_uom_qty": 1, "price_unit": 99}
        self.env["sale.order.line"].create({"order_id": order.id, **advance})
        self.assertEqual(self.figures(), {"ordered_qty": 1, "ordered_amount": 10})

    def test_quantities_are_in_the_products_own_unit(self):
        order = self.create_order(self.alpha, {self.tea: 1})
        order.order_line.write({"product_uom_qty": 2, "product_uom_id": self.case.id})
        order.action_confirm()
        self.assertEqual(self.figures(), {"ordered_qty": 24, "ordered_amount": order.amount_untaxed})
        self.assertFolded()

    def test_amounts_are_in_the_companys_currency_at_the_orders_rate(self):
        foreign = self.env["res.currency"].create({"name": "TST", "symbol": "T", "rounding": 0.01, "active": True})
        self.env["res.currency.rate"].create({"currency_id": foreign.id, "rate": 3.0, "name": "2020-01-01"})
        self.distributor_class.pricelist_id = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": foreign.id})
        order = self.confirmed({self.tea: 1})
        order.order_line.price_unit = 10.0
        self.assertEqual((order.currency_id, order.currency_rate, order.amount_untaxed), (foreign, 3.0, 10.0))
        self.assertEqual(self.figures()["ordered_amount"], 3.33)
        order.order_line.product_uom_qty = 2
        self.assertEqual(self.figures()["ordered_amount"], 6.67, "rounded once a row")
        self.assertFolded()

    def test_customer_who_is_no_distributor_has_no_facts(self):
        order = self.create_order(self.customer, {self.tea: 3})
        order.action_confirm()
        self.invoice(order, deliver=True)
        self.assertFalse(self.facts.search([("distributor_id", "=", self.customer.id)]))
        self.assertFalse(self.upkeep._has_stale())

    def test_moment_belongs_to_the_day_of_the_companys_clock(self):
        self.company.partner_id.tz = "Asia/Kolkata"
        self.confirmed({self.tea: 1}, date_order=datetime(2026, 3, 31, 20))
        self.assertEqual(self.figures(date="2026-04-01")["ordered_qty"], 1)
        self.fold()
        self.company.partner_id.tz = "UTC"
        self.assertEqual(self.figures(date="2026-03-31")["ordered_qty"], 1)
        self.assertFolded()

    def test_salesperson_changed_later_counts_everywhere(self):
        order = self.sell({self.tea: 5}).sale_id
        self.invoice(order)
        self.fold()
        order.user_id = self.salesperson
        self.assertEqual(
            self.figures(user_id=self.salesperson.id).keys(),
            {"ordered_qty", "ordered_amount", "delivered_qty", "delivered_amount", "invoiced_qty", "invoiced_amount", "net_amount"},
        )
        self.assertFolded()

    def test_distributor_who_moves_keeps_his_past(self):
        order = self.sell({self.tea: 5}).sale_id
        self.invoice(order)
        before = self.figures(territory_id=self.area_a.id)
        self.alpha.territory_id = self.south
        self.assertEqual(self.figures(territory_id=self.area_a.id), before)
        self.assertEqual(self.figures(territory_id=self.south.id), {})
        self.assertFolded()


@tagged("post_install", "-at_install")
class TestMoved(ReportsCommon):
    def test_delivery_is_delivered_and_comes_back(self):
        picking = self.sell({self.tea: 10})
        self.give_back(picking, {self.tea: 4})
        figures = self.figures()
        self.assertEqual((figures["delivered_qty"], figures["delivered_amount"]), (10, 100))
        self.assertEqual((figures["returned_qty"], figures["returned_amount"]), (4, 40))
        self.assertFolded()

    def test_delivery_counts_for_the_day_it_left(self):
        picking = self.sell({self.tea: 10})
        self.fold()
        picking.move_ids.date = self.noon(33)
        self.assertEqual(self.figures(date=self.day(33)), {"delivered_qty": 10, "delivered_amount": 100})
        self.assertFolded()

    def test_price_changed_later_changes_what_was_delivered(self):
        picking = self.sell({self.tea: 10})
        self.fold()
        picking.sale_id.order_line.price_unit = 9
        self.assertEqual(self.figures()["delivered_amount"], 90)
        self.assertFolded()

    def test_part_is_delivered_in_proportion(self):
        order = self.confirmed({self.tea: 3})
        order.order_line.write({"price_unit": 10 / 3, "discount": 0})
        move = order.picking_ids.move_ids
        move.write({"quantity": 1, "picked": True})
        order.picking_ids.with_context(cancel_backorder=True)._action_done()
        self.assertEqual(self.figures()["delivered_amount"], round(order.order_line.price_subtotal / 3, 2))
        self.assertFolded()

    def test_sellout_counts_for_the_day_it_was(self):
        self.receive({self.tea: 10}, date=self.day(3))
        statement = self.report([{"product_id": self.tea.id, "quantity": 4, "price_unit": 7.5}], date=self.day(2))
        self.assertEqual(self.figures(date=self.day(2)), {"sellout_qty": 4, "sellout_amount": 30})
        self.assertFolded()
        self.alpha.territory_id = self.south
        self.assertEqual(self.figures(territory_id=self.area_a.id, date=self.day(2)), {"sellout_qty": 4, "sellout_amount": 30})
        statement.action_cancel()
        self.assertEqual(self.figures(date=self.day(2)), {})
        self.assertFolded()


@tagged("post_install", "-at_install")
class TestInvoiced(ReportsCommon):
    def test_invoice_and_credit_note_of_an_order(self):
        order = self.sell({self.tea: 10}).sale_id
        invoice = self.invoice(order)
        self.credit(invoice, 4)
        figures = self.figures()
        self.assertEqual((figures["invoiced_qty"], figures["invoiced_amount"]), (10, 100))
        self.assertEqual((figures["credited_qty"], figures["credited_amount"]), (4, 40))
        self.assertEqual(figures["net_amount"], 60)
        self.assertFolded()

    def test_invoice_counts_for_its_date_in_the_orders_territory(self):
        order = self.sell({self.tea: 10}).sale_id
        self.alpha.territory_id = self.south
        self.invoice(order, invoice_date=self.day(40))
        self.assertEqual(self.figures(date=self.day(40), territory_id=self.area_a.id)["invoiced_amount"], 100)
        self.assertEqual(self.figures(territory_id=self.south.id), {})
        self.assertFolded()

    def test_invoice_reset_to_draft_counts_no_longer(self):
        invoice = self.invoice(self.sell({self.tea: 10}).sale_id)
        self.fold()
        invoice.button_draft()
        self.assertNotIn("invoiced_amount", self.figures())
        invoice.invoice_date = self.day(10)
        invoice.action_post()
        self.assertEqual(self.figures(date=self.day(10))["invoiced_amount"], 100)
        self.assertFolded()

    def test_invoice_of_no_order_counts_in_the_territory_of_its_day(self):
        invoice = self.direct_invoice(self.alpha, self.tea, 3)
        self.assertEqual(invoice.dms_territory_id, self.area_a)
        self.alpha.territory_id = self.south
        self.assertEqual(
            self.figures(territory_id=self.area_a.id), {"invoiced_qty": 3, "invoiced_amount": 30, "net_amount": 30}, "frozen on its day"
        )
        self.assertFolded()

    def test_lines_without_a_product_do_not_count(self):
        invoice = self.direct_invoice(self.alpha, self.env["product.product"], 3)
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(self.figures(), {})

    def test_partner_who_becomes_a_distributor_brings_no_past(self):
        self.direct_invoice(self.customer, self.tea, 3)
        self.customer.write({"is_distributor": True, "distributor_state": "active"})
        self.assertEqual(self.figures(self.customer), {})
        self.direct_invoice(self.customer, self.tea, 4)
        self.assertEqual(self.figures(self.customer)["invoiced_qty"], 4)
        self.assertFolded()

    def test_invoice_of_a_contact_counts_for_the_distributor(self):
        contact = self.env["res.partner"].create({"name": "Accounts", "parent_id": self.alpha.id, "type": "invoice"})
        self.direct_invoice(contact, self.tea, 2)
        self.assertEqual(self.figures()["invoiced_qty"], 2)

    def test_other_company_has_facts_of_its_own(self):
        other = self.env["res.company"].create({"name": "Second", "currency_id": self.env.ref("base.JPY").id})
        self.env.ref("base.JPY").active = True
        self.env["account.chart.template"].try_loading("generic_coa", other, install_demo=False)
        invoice = self.direct_invoice(self.alpha, self.tea, 3, company=other)
        rows = self.facts.with_context(allowed_company_ids=[other.id]).search([("company_id", "=", other.id)])
        self.assertEqual((rows.invoiced_amount, rows.currency_id), (invoice.amount_untaxed, other.currency_id))
        self.assertEqual(self.figures(company_id=self.company.id), {})
        self.assertFolded()


@tagged("post_install", "-at_install")
class TestSchemeCost(ReportsCommon):
    def test_reduction_costs_on_the_day_of_the_order(self):
        self.create_scheme([(10, "percent", 10)])
        self.confirmed({self.tea: 20}, date_order=self.noon(4))
        self.assertEqual(self.figures(date=self.day(4)), {"ordered_qty": 20, "ordered_amount": 180, "scheme_cost": 20})
        self.assertFolded()

    def test_reduction_goes_with_the_order(self):
        self.create_scheme([(10, "percent", 10)])
        order = self.confirmed({self.tea: 20})
        self.fold()
        order.order_line.product_uom_qty = 5
        self.assertEqual(self.figures(), {"ordered_qty": 5, "ordered_amount": 50})
        order.order_line.product_uom_qty = 10
        self.assertEqual(self.figures()["scheme_cost"], 10)
        order._action_cancel()
        self.assertEqual(self.figures(), {})
        self.assertFolded()

    def test_reduction_taken_back_costs_less(self):
        self.create_scheme([(10, "percent", 10)])
        order = self.sell({self.tea: 20}).sale_id
        invoice = self.invoice(order)
        self.fold()
        self.credit(invoice, 20)
        benefit = order.scheme_application_ids.filtered(lambda row: row.state == "committed")
        self.assertEqual(self.figures().get("scheme_cost", 0), benefit.benefit_amount - benefit.returned_amount)
        self.assertFolded()

    def test_free_goods_count_when_delivered_at_full_price(self):
        self.create_scheme([self.free_slab(10, 1, every=10)])
        order = self.create_order(self.alpha, {self.tea: 20})
        order.action_confirm()
        self.assertEqual(self.figures(), {"ordered_qty": 20, "ordered_amount": 200})
        picking = order.picking_ids
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        picking._action_done()
        figures = self.figures()
        self.assertEqual((figures["free_qty"], figures["free_amount"], figures["scheme_cost"]), (2, 20, 20))
        self.assertEqual((figures["delivered_qty"], figures["delivered_amount"]), (20, 200))
        self.invoice(order)
        self.assertEqual(self.figures()["invoiced_qty"], 20, "free lines are left out of the others")
        self.assertFolded()

    def test_accrued_rebate_costs_in_its_month(self):
        days = {"date_from": self.day(400), "date_to": self.today + timedelta(days=30)}
        scheme = self.create_scheme([(10, "percent", 5)], scope="period", timing="off_invoice", basis="amount", **days)
        self.invoice(self.sell({self.tea: 20}).sale_id)
        scheme._accrue()
        accrual = self.env["dms.scheme.accrual"].search([("scheme_id", "=", scheme.id), ("distributor_id", "=", self.alpha.id)])
        self.assertEqual(accrual.amount, 10)
        self.assertEqual(self.figures(product_id=False), {"scheme_cost": 10})
        self.assertFolded()
