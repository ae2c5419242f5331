import csv
from collections import Counter

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.misc import file_open

from ..demo.story import DAYS, Product, plan_orders


def read_csv(name):
    with file_open(f"dms_orders/demo/{name}") as source:
        return list(csv.DictReader(source))


def check_digit(digits):
    """GS1 check digit of the digits before it."""
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits)))
    return str((10 - total % 10) % 10)


class TestDemoFiles(BaseCase):
    """The files themselves; needs no demo data in the database."""

    def make_products(self):
        return [
            Product(row["default_code"], float(row["list_price"]), int(row["uom_ids/id"].rpartition("_")[2] or 0),
                    float(row["order_min_qty"]), float(row["order_multiple"]))
            for row in read_csv("product.product.csv")
        ]  # fmt: skip

    def test_catalogue_has_120_products_in_8_categories(self):
        products = read_csv("product.product.csv")
        self.assertEqual(len(products), 120)
        self.assertEqual(set(Counter(row["categ_id/id"] for row in products).values()), {15})
        self.assertEqual(len({row["default_code"] for row in products}), 120)

    def test_barcodes_are_valid_and_unique(self):
        published = {"7560000012345"}  # given so in a published example order
        barcodes = [row["barcode"] for row in read_csv("product.product.csv") + read_csv("product.uom.csv")]
        self.assertEqual(len(set(barcodes)), len(barcodes))
        for barcode in set(barcodes) - published:
            self.assertEqual(barcode[-1], check_digit(barcode[:-1]), barcode)

    def test_masters_have_the_promised_size(self):
        self.assertEqual(len(read_csv("res.partner.csv")), 24)
        territories = read_csv("dms.territory.csv")
        parents = {row["parent_id/id"] for row in territories}
        self.assertEqual(len([row for row in territories if not row["parent_id/id"]]), 3)
        self.assertEqual(len([row for row in territories if row["id"] not in parents]), 12)

    def test_orders_are_the_same_every_time(self):
        first, second = plan_orders(self.make_products()), plan_orders(self.make_products())
        self.assertEqual(first, second)
        self.assertTrue(all(0 <= plan.days_ago <= DAYS for plan in first))
        self.assertGreater(max(plan.days_ago for plan in first), 150)

    def test_routine_orders_respect_minimum_and_multiple(self):
        products = {product.code: product for product in self.make_products()}
        for plan in plan_orders(list(products.values())):
            for line in plan.lines if plan.days_ago > 6 else ():
                product = products[line.code]
                pieces = line.quantity * (product.case if line.cases else 1)
                self.assertGreaterEqual(pieces, product.minimum)
                self.assertFalse(product.multiple and pieces % product.multiple)


@tagged("post_install", "-at_install")
class TestDemoDatabase(TransactionCase):
    """What the demo data leaves in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = "dms_orders"
        if not cls.env["ir.model.data"].search_count([("module", "=", module), ("name", "=", "distributor_north_star")], limit=1):
            cls.skipTest(cls, "the database has no demo data")
        records = cls.env["ir.model.data"].search(
            [("module", "=", module), ("model", "=", "res.partner"), ("name", "like", "distributor_")]
        )
        cls.distributors = cls.env["res.partner"].browse(records.mapped("res_id"))
        cls.orders = cls.env["sale.order"].search([("distributor_id", "in", cls.distributors.ids)])

    def ref(self, name):
        return self.env.ref(f"dms_orders.{name}")

    def test_orders_are_in_all_states(self):
        states = Counter(self.orders.mapped("dms_state"))
        for state in ("draft", "submitted", "on_hold", "confirmed", "partially_delivered", "delivered", "invoiced", "cancelled"):
            self.assertTrue(states[state], state)
        self.assertGreater(states["invoiced"], 40)

    def test_every_gate_of_this_module_holds_something(self):
        holds = self.orders.dms_hold_ids.filtered(lambda hold: hold.state == "open")
        self.assertLessEqual({"suspended", "licence", "assortment", "quantity", "minimum", "duplicate", "price"}, set(holds.mapped("gate")))

    def test_queue_of_the_desk_has_holds_it_may_decide_on_and_others(self):
        holds = self.orders.dms_open_hold_ids.with_user(self.ref("user_desk"))
        self.assertEqual(set(holds.mapped("can_decide")), {True, False})

    def test_changes_are_in_all_states(self):
        revisions = self.orders.dms_revision_ids
        self.assertLessEqual({"requested", "on_hold", "applied"}, set(revisions.mapped("state")))
        self.assertEqual(set(revisions.mapped("kind")), {"change", "cancel"})

    def test_dates_reach_back_six_months_and_agree(self):
        dates = self.orders.mapped("date_order")
        self.assertGreater((max(dates) - min(dates)).days, 150)
        for order in self.orders.filtered("effective_date"):
            self.assertGreaterEqual(order.effective_date.date(), order.date_order.date(), order.name)
        for invoice in self.orders.invoice_ids:
            self.assertGreaterEqual(invoice.invoice_date, min(invoice.line_ids.sale_line_ids.order_id.mapped("date_order")).date())

    def test_distributors_sign_in_and_see_only_their_own_orders(self):
        for login, distributor in (("north", "north_star"), ("north2", "north_star"), ("harbour", "harbour")):
            user = self.ref(f"user_{login}")
            self.assertTrue(user._is_portal())
            seen = self.env["sale.order"].with_user(user).search([])
            self.assertTrue(seen)
            self.assertEqual(seen.distributor_id, self.ref(f"distributor_{distributor}"))

    def test_area_manager_sees_his_region_only(self):
        seen = self.env["dms.order.hold"].with_user(self.ref("user_area")).search([])
        self.assertTrue(seen)
        region = self.ref("territory_north")
        self.assertTrue(all(territory.parent_path.startswith(region.parent_path) for territory in seen.territory_id))

    def test_published_example_orders_find_their_buyers_and_products(self):
        buyer = self.env["res.partner"].search([("edi_endpoint", "=", "0192:987654325")])
        self.assertEqual(buyer, self.ref("distributor_helseforetak"))
        codes = ("121212", "SItemNo011", "SN-33", "SN-34", "SN-35")
        self.assertEqual(self.env["product.product"].search_count([("default_code", "in", codes)]), len(codes))

    def test_warehouses_have_stock_and_some_products_are_out(self):
        for name in ("north", "coast", "south"):
            location = self.ref(f"warehouse_{name}").lot_stock_id
            quants = self.env["stock.quant"].search([("location_id", "=", location.id)])
            self.assertGreater(len(quants.filtered(lambda quant: quant.quantity > 100)), 100)
            self.assertTrue(quants.filtered(lambda quant: quant.quantity <= 30))
