from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import ReportsCommon

FIGURES = ("line_count:sum", "due_line_count:sum", "on_time_line_count:sum", "fill_rate:avg", "otif_rate:avg")


@tagged("post_install", "-at_install")
class TestService(ReportsCommon):
    """Lines ordered on 4 March 2024 and promised for the 8th, seen from the 20th by a company in India (UTC+5:30)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Kolkata"
        cls.service = cls.env["dms.delivery.service"]

    def order(self, lines, promised="2024-03-08 10:00:00", distributor=None, **values):
        order = self.create_order(distributor or self.alpha, lines, **values)
        order.action_confirm()
        order.write({"date_order": "2024-03-04 10:00:00", "commitment_date": promised})
        return order

    def deliver_on(self, order, moment, quantities=None):
        done = order.picking_ids.filtered(lambda picking: picking.state == "done")
        self.deliver(order, quantities)
        moved = order.picking_ids.filtered(lambda picking: picking.state == "done") - done
        moved.move_ids.date = moment

    @freeze_time("2024-03-20 12:00:00")
    def ask(self, domain=(), groupby=(), aggregates=FIGURES, user=None):
        mine = [("distributor_id", "in", (self.alpha | self.beta).ids), *domain]
        return self.service.with_user(user or self.desk)._read_group(mine, groupby, aggregates)

    def ratios(self, *args, **kwargs):
        [(lines, due, on_time, fill, otif)] = self.ask(*args, **kwargs)
        return lines, due, on_time, fill and round(fill, 4), otif and round(otif, 4)

    def test_line_delivered_by_the_end_of_the_promised_day_is_on_time(self):
        self.deliver_on(self.order({self.tea: 10}), datetime(2024, 3, 8, 18, 0))  # 23:30 of that day in India
        self.assertEqual(self.ratios(), (1, 1, 1, 1.0, 1.0))

    def test_line_delivered_after_the_promised_day_is_late_and_filled(self):
        self.deliver_on(self.order({self.tea: 10}), datetime(2024, 3, 8, 19, 0))  # 00:30 of the next day in India
        self.assertEqual(self.ratios(), (1, 1, 0, 1.0, 0.0))

    def test_part_in_time_and_the_rest_late_is_not_in_full(self):
        order = self.order({self.tea: 10})
        self.deliver_on(order, datetime(2024, 3, 6, 9), {self.tea: 6})
        self.assertEqual(self.ratios(), (1, 1, 0, 0.6, 0.0))
        self.deliver_on(order, datetime(2024, 3, 12, 9))
        self.assertEqual(self.ratios(), (1, 1, 0, 1.0, 0.0))

    def test_parts_that_are_all_in_time_are_in_full(self):
        order = self.order({self.tea: 10})
        self.deliver_on(order, datetime(2024, 3, 6, 9), {self.tea: 6})
        self.deliver_on(order, datetime(2024, 3, 7, 9))
        self.assertEqual(self.ratios(), (1, 1, 1, 1.0, 1.0))

    def test_more_than_ordered_fills_no_more_than_ordered(self):
        order = self.order({self.tea: 10})
        self.deliver_on(order, datetime(2024, 3, 6, 9), {self.tea: 15})
        [(filled, delivered)] = self.ask(aggregates=("filled_qty:sum", "delivered_qty:sum"))
        self.assertEqual((filled, delivered), (10, 15))

    def test_line_whose_day_is_not_over_is_no_part_of_otif(self):
        self.order({self.tea: 10}, promised="2024-03-20 10:00:00")
        self.order({self.coffee: 10}, promised="2024-03-25 10:00:00")
        self.assertEqual(self.ratios(), (2, 0, 0, 0.0, False))
        self.deliver_on(self.order({self.tea: 7}), datetime(2024, 3, 6, 9))
        self.assertEqual(self.ratios()[1:3], (1, 1))

    def test_without_a_date_the_lead_time_promises(self):
        order = self.order({self.tea: 10}, promised=False)
        order.order_line.customer_lead = 3
        self.deliver_on(order, datetime(2024, 3, 7, 9))
        [(promised,)] = self.ask(groupby=["promised_date:day"], aggregates=())
        self.assertEqual((str(promised), self.ratios()[2]), ("2024-03-07", 1))
        order.order_line.customer_lead = 2
        self.assertEqual(self.ratios()[2], 0)

    def test_percentages_of_a_total_are_of_the_sums(self):
        self.deliver_on(self.order({self.tea: 10}), datetime(2024, 3, 6, 9))
        self.deliver_on(self.order({self.tea: 90}, distributor=self.beta), datetime(2024, 3, 6, 9), {self.tea: 45})
        self.order({self.coffee: 100}, distributor=self.beta)
        self.assertEqual(self.ratios(), (3, 3, 1, 0.275, 0.3333))
        sets = self.service._read_grouping_sets(
            [("distributor_id", "in", (self.alpha | self.beta).ids)], [["distributor_id"], []], ("fill_rate:avg", "otif_rate:avg")
        )
        self.assertEqual({row[0]: round(row[1], 4) for row in sets[0]}, {self.alpha: 1.0, self.beta: round(45 / 190, 4)})
        self.assertEqual([round(value, 4) for value in sets[1][0]], [0.275, 0.3333])

    def test_return_of_goods_leaves_them_delivered(self):
        order = self.order({self.tea: 10})
        self.deliver_on(order, datetime(2024, 3, 6, 9))
        self.give_back(order.picking_ids, {self.tea: 10})
        self.assertEqual(self.ratios(), (1, 1, 1, 1.0, 1.0))

    def test_units_of_lines_are_made_the_product_s_own(self):
        order = self.order({self.tea: 2})
        order.order_line.product_uom_id = self.case
        [(ordered,)] = self.ask(aggregates=("ordered_qty:sum",))
        self.assertEqual(ordered, 24)

    def test_services_free_goods_and_open_orders_are_left_out(self):
        self.create_scheme([self.free_slab(5, 1, 5, self.syrup)], product_ids=self.coffee)
        freight = self.create_product("Freight", "T-FRT", 5.0, type="service", is_storable=False)
        self.order({self.coffee: 10, freight: 1})
        self.create_order(self.alpha, {self.tea: 1})
        [(products,)] = self.ask(aggregates=("product_id:array_agg",))
        self.assertEqual(products, [self.coffee.id])

    def test_sums_are_those_of_the_facts(self):
        self.deliver_on(self.order({self.tea: 10, self.coffee: 4}), datetime(2024, 3, 6, 9))
        [sums] = self.ask(aggregates=("ordered_qty:sum", "ordered_amount:sum", "delivered_qty:sum"))
        figures = self.figures()
        self.assertEqual(sums, (figures["ordered_qty"], figures["ordered_amount"], figures["delivered_qty"]))

    def test_area_manager_sees_the_service_of_his_territories(self):
        self.order({self.tea: 10})
        self.order({self.tea: 10}, distributor=self.beta)
        self.assertEqual(self.ratios(user=self.area_manager)[0], 1)
        self.assertEqual(self.ratios()[0], 2)

    def test_row_opens_its_order(self):
        order = self.order({self.tea: 10, self.coffee: 1})
        rows = self.service.search([("distributor_id", "=", self.alpha.id)])
        self.assertEqual(rows.with_user(self.desk).action_open_orders()["res_id"], order.id)
        other = self.order({self.tea: 1}, distributor=self.beta)
        rows = self.service.search([("order_id", "in", (order | other).ids)])
        self.assertEqual(rows.action_open_orders()["domain"], [("id", "in", rows.order_id.ids)])

    def test_other_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "T other maker"})
        self.order({self.tea: 10})
        found = self.service.with_user(self.manager).search([("company_id", "=", company.id)])
        self.assertFalse(found)
        self.manager.company_ids = [Command.link(company.id)]
        rows = self.service.with_user(self.manager).with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([("distributor_id", "=", self.alpha.id)]))
