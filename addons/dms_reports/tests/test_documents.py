"""Every figure of a row of facts is the sum of the documents it opens."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import dms_sales_fact_documents
from ..models.fact_documents import BASES
from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestDocuments(ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Kolkata"
        cls.create_scheme([(0, "percent", 10)], product_ids=cls.tea)
        cls.create_scheme([cls.free_slab(5, 1, 5, cls.syrup)], product_ids=cls.coffee)
        cls.picking = cls.receive({cls.tea: 12, cls.coffee: 10})
        cls.order = cls.picking.sale_id
        cls.give_back(cls.picking, {cls.tea: 2})
        cls.bill = cls.invoice(cls.order)
        cls.other = cls.sell({cls.tea: 5}, cls.beta).sale_id
        cls.invoice(cls.other)
        cls.report([{"product_id": cls.tea.id, "quantity": 4, "price_unit": 7.5}])

    def rows(self, distributor=None, **conditions):
        domain = [("distributor_id", "=", (distributor or self.alpha).id), *((name, "=", value) for name, value in conditions.items())]
        return self.facts.search(domain)

    def opened(self, basis, rows=None, user=None):
        """The documents that a button opens for a user."""
        rows = self.rows() if rows is None else rows
        action = getattr(rows.with_user(user or self.desk), f"action_open_{basis}")()
        found = self.env[action["res_model"]].with_user(user or self.desk).search(action["domain"])
        return found.with_env(self.env)

    def assertOpens(self, basis, measure, amount, rows=None):
        """What the documents of a basis are worth is the figure."""
        rows = self.rows() if rows is None else rows
        expected = sum(rows.mapped(measure))
        self.assertTrue(expected, measure)
        self.assertAlmostEqual(sum(amount(document) for document in self.opened(basis, rows)), expected, 2, measure)

    def test_ordered_opens_the_lines_of_orders(self):
        self.assertOpens("orders", "ordered_amount", lambda line: line.price_subtotal)
        self.assertOpens("orders", "ordered_qty", lambda line: line.product_uom_qty)
        self.assertEqual(self.opened("orders"), self.order.order_line.filtered(lambda line: not line.is_scheme_free))

    def test_delivered_and_returned_open_moves(self):
        def worth(move, leaves):
            line = move.sale_line_id
            counts = (move.location_dest_id.usage == "customer") is leaves
            return counts * move.quantity * line.price_subtotal / line.product_uom_qty

        self.assertOpens("deliveries", "delivered_amount", lambda move: worth(move, leaves=True))
        self.assertOpens("deliveries", "returned_amount", lambda move: worth(move, leaves=False))

    def test_free_goods_open_their_moves_alone(self):
        self.assertOpens("free_goods", "free_qty", lambda move: move.quantity)
        self.assertTrue(all(self.opened("free_goods").sale_line_id.mapped("is_scheme_free")))

    def test_invoiced_and_credited_open_lines_of_invoices(self):
        self.bill._reverse_moves([{"invoice_date": self.bill.invoice_date}]).action_post()
        self.assertOpens("invoices", "invoiced_amount", lambda line: line.credit)
        self.assertOpens("invoices", "credited_amount", lambda line: line.debit)

    def test_scheme_cost_opens_benefits_free_goods_and_accruals(self):
        parts = sum(part.amount - part.returned_amount for part in self.opened("benefits"))
        free = sum(move.quantity * move.sale_line_id.price_unit for move in self.opened("free_goods"))
        accrued = sum(row.amount - row.released_amount for row in self.opened("accruals"))
        self.assertTrue(parts and free)
        self.assertAlmostEqual(parts + free + accrued, sum(self.rows().mapped("scheme_cost")), 2)

    def test_sellout_opens_rows_of_the_ledger(self):
        self.assertOpens("sellout", "sellout_qty", lambda row: -row.quantity)
        self.assertOpens("sellout", "sellout_amount", lambda row: -row.quantity * row.price_unit)

    def test_row_of_one_product_opens_that_product_alone(self):
        rows = self.rows(product_id=self.tea.id, order_channel="backend")
        self.assertEqual(self.opened("orders", rows).product_id, self.tea)
        self.assertEqual(self.opened("deliveries", rows).product_id, self.tea)
        self.assertOpens("orders", "ordered_amount", lambda line: line.price_subtotal, rows)

    def test_rows_of_several_distributors_open_all_their_documents(self):
        rows = self.rows() | self.rows(self.beta)
        self.assertEqual(self.opened("orders", rows).order_id, self.order | self.other)
        self.assertOpens("orders", "ordered_amount", lambda line: line.price_subtotal, rows)

    def test_day_is_that_of_the_company_clock(self):
        late, early = (self.create_order(self.alpha, {self.tea: quantity}) for quantity in (3, 7))
        (late | early).action_confirm()
        late.date_order, early.date_order = datetime(2024, 3, 1, 18, 0), datetime(2024, 3, 1, 19, 0)  # 23:30 and 00:30 in India
        for order, day in ((late, "2024-03-01"), (early, "2024-03-02")):
            rows = self.rows(date=day)
            self.assertEqual(self.opened("orders", rows).order_id, order)
            self.assertOpens("orders", "ordered_qty", lambda line: line.product_uom_qty, rows)

    def test_fact_whose_documents_are_of_a_territory_left_since_still_opens_them(self):
        self.alpha.territory_id = self.south
        self.assertOpens("orders", "ordered_amount", lambda line: line.price_subtotal)
        self.assertOpens("invoices", "invoiced_amount", lambda line: line.credit)

    def test_area_manager_opens_his_own_and_no_others(self):
        self.assertEqual(self.opened("orders", user=self.area_manager).order_id, self.order)
        with self.assertRaises(AccessError):
            self.rows(self.beta).with_user(self.area_manager).action_open_orders()

    def test_lists_of_documents_open_for_those_of_distribution(self):
        for user in (self.desk, self.area_manager):
            for basis in BASES:
                action = getattr(self.rows().with_user(user), f"action_open_{basis}")()
                documents = self.env[action["res_model"]].with_user(user)
                documents.get_views(action["views"])
                names = list(documents.get_view(action["views"][0][0], "list")["models"][documents._name])
                documents.search(action["domain"]).read(names)

    def test_user_without_a_role_opens_nothing(self):
        for user in (self.employee, self.alpha_user):
            with self.assertRaises(AccessError):
                self.rows().with_user(user).action_open_orders()

    def test_too_many_rows_are_refused(self):
        self.patch(dms_sales_fact_documents, "MOST_ROWS", 1)
        with self.assertRaisesRegex(UserError, "at most 1 rows"):
            self.rows().action_open_orders()

    def test_selected_rows_open_by_the_action_of_the_list(self):
        rows = self.rows()
        action = self.env.ref("dms_reports.action_sales_fact_orders").with_user(self.desk)
        result = action.with_context(active_model=rows._name, active_ids=rows.ids).run()
        self.assertEqual(set(result["domain"][0][2]), set(self.opened("orders", rows).ids))

    def test_order_in_foreign_currency_opens_what_the_fact_converts(self):
        currency = self.env["res.currency"].with_context(active_test=False).search([("id", "!=", self.company.currency_id.id)], limit=1)
        currency.active = True
        currency.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 2.0, "company_id": self.company.id})]
        pricelist = self.env["product.pricelist"].create({"name": "T foreign", "currency_id": currency.id})
        order = self.create_order(self.beta, {self.coffee: 3}, pricelist_id=pricelist.id, date_order=datetime(2024, 5, 1, 12))
        order.action_confirm()
        order.date_order = datetime(2024, 5, 1, 12)
        rows = self.rows(self.beta, date="2024-05-01")
        self.assertOpens("orders", "ordered_amount", lambda line: line.price_subtotal / line.order_id.currency_rate, rows)
