from odoo.fields import Command
from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPadData(PortalCommon):
    def setUp(self):
        super().setUp()
        self.pad = self.env(user=self.alpha_user)["dms.portal.pad"].sudo()
        self.catalogue = self.pad.env["dms.portal.catalogue"]
        self.distributor = self.alpha.with_env(self.pad.env)
        self.warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.alpha.serving_warehouse_id = self.warehouse

    def rows(self):
        data = self.pad._get_data(self.distributor, self.pad.env["sale.order"])
        return {row["id"]: row for row in data["rows"]}

    def price(self, product, unit=None):
        units = {unit_id: price for unit_id, _name, _factor, price in self.rows()[product.id]["units"]}
        return units[(unit or product.uom_id).id]

    def rule(self, **values):
        return self.env["product.pricelist.item"].create({"pricelist_id": self.pricelist.id, "compute_price": "fixed", **values})

    def assertSameAsCore(self):
        rows = self.rows()
        products = self.env["product.product"].browse(rows)
        core = self.alpha.property_product_pricelist._get_products_price(products, 1.0)
        for product in products:
            self.assertEqual(rows[product.id]["units"][0][3], core[product.id], product.name)

    # ------------------------------------------------------------ prices

    def test_prices_are_core_s_in_every_unit(self):
        self.rule(applied_on="1_product", product_tmpl_id=self.tea.product_tmpl_id.id, fixed_price=8.0)
        self.rule(applied_on="1_product", product_tmpl_id=self.tea.product_tmpl_id.id, fixed_price=6.5, min_quantity=12)
        self.assertSameAsCore()
        self.assertEqual(self.price(self.tea), 8.0)
        self.assertEqual(self.price(self.tea, self.case), 12 * 6.5, "a case reaches the break of 12")

    def test_prices_follow_every_change(self):
        self.assertEqual(self.price(self.tea), 10.0)
        self.tea.list_price = 11.0
        self.assertEqual(self.price(self.tea), 11.0)
        rule = self.rule(applied_on="3_global", fixed_price=3.0)
        self.assertEqual(self.price(self.tea), 3.0)
        rule.fixed_price = 4.0
        self.assertEqual(self.price(self.tea), 4.0)
        rule.fixed_price = 5.0
        self.assertEqual(self.price(self.tea), 5.0)
        rule.unlink()
        self.assertEqual(self.price(self.tea), 11.0)
        self.case.relative_factor = 24
        self.assertEqual(self.price(self.tea, self.case), 24 * 11.0)
        self.assertSameAsCore()

    def test_prices_follow_the_clock(self):
        self.rule(applied_on="3_global", fixed_price=3.0, date_start="2030-01-01 00:00:00", date_end="2030-01-31 00:00:00")
        for moment, expected in (("2029-12-31 23:59:59", 10.0), ("2030-01-01 00:00:01", 3.0), ("2030-01-31 00:00:01", 10.0)):
            with self.subTest(moment), self.freeze(moment):
                self.assertEqual(self.price(self.tea), expected)

    def freeze(self, moment):
        from freezegun import freeze_time

        return freeze_time(moment)

    def test_prices_follow_the_price_list_of_the_distributor(self):
        other = self.env["product.pricelist"].create(
            {
                "name": "Own",
                "item_ids": self.commands({"applied_on": "3_global", "compute_price": "percentage", "percent_price": 50}),
            }
        )
        self.assertEqual(self.price(self.tea), 10.0)
        self.alpha.specific_property_product_pricelist = other
        self.assertEqual(self.price(self.tea), 5.0)

    def test_prices_in_another_currency_follow_its_rate(self):
        currency = self.env["res.currency"].create({"name": "TST", "symbol": "T", "rounding": 0.01})
        rate = self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 2.0, "company_id": self.company.id}
        )
        self.pricelist.currency_id = currency
        self.assertEqual(self.price(self.tea), 20.0)
        rate.rate = 3.0
        self.assertEqual(self.price(self.tea), 30.0)

    def test_tax_included_prices_follow_the_fiscal_position_like_a_line(self):
        included = self.env["account.tax"].create(
            {
                "name": "T incl",
                "amount": 20,
                "price_include_override": "tax_included",
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        position = self.env["account.fiscal.position"].create({"name": "T Export"})
        free = self.env["account.tax"].create(
            {
                "name": "T free",
                "amount": 0,
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(included.id)],
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        self.assertTrue(free)
        self.tea.taxes_id = included
        self.tea.list_price = 12.0
        self.alpha.property_account_position_id = position
        order = self.create_portal_order(self.alpha, {self.tea: 1})
        self.assertEqual(self.price(self.tea), order.order_line.price_unit)

    # ------------------------------------------------------------ stock

    def stock(self, product):
        return self.rows()[product.id]["stock"]

    def put(self, product, quantity):
        self.env["stock.quant"]._update_available_quantity(product, self.warehouse.lot_stock_id, quantity)

    def test_stock_is_core_s_free_quantity_and_large_numbers_stay_inside(self):
        free = self.catalogue._get_free_quantities(self.warehouse)
        for product in (self.tea, self.coffee, self.syrup):
            core = product.with_context(warehouse_id=self.warehouse.id).free_qty
            self.assertAlmostEqual(free.get(product.id, 0.0), core)
        self.assertEqual(self.stock(self.syrup), ["no", None])
        self.put(self.syrup, 40)
        self.assertIn(self.stock(self.syrup), (["low", 40.0], ["low", None]), "a module above may keep the number to itself")
        self.put(self.syrup, 60)
        self.assertEqual(self.stock(self.syrup), ["yes", None], "from the threshold on no number leaves")

    def test_stock_of_other_warehouses_does_not_count(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH", "company_id": self.company.id})
        self.env["stock.quant"]._update_available_quantity(self.syrup, other.lot_stock_id, 500)
        self.assertEqual(self.stock(self.syrup), ["no", None])
        self.alpha.serving_warehouse_id = other
        self.assertEqual(self.stock(self.syrup), ["yes", None])

    # ------------------------------------------------------------ assortment

    def test_only_what_may_be_ordered_is_there(self):
        rows = self.rows()
        self.assertIn(self.tea.id, rows)
        self.assertNotIn(self.closed_product.id, rows)
        self.env["dms.assortment"].create(
            {"name": "T drinks", "categ_ids": [Command.link(self.category.id)], "distributor_ids": [Command.link(self.alpha.id)]}
        )
        self.assertEqual(set(self.rows()), {self.tea.id, self.coffee.id})

    def test_a_draft_shows_what_it_has_even_when_it_may_not_be_ordered(self):
        order = self.mine["draft"].with_env(self.pad.env)
        self.tea.sale_ok = False
        data = self.pad._get_data(self.distributor, order)
        row = next(row for row in data["rows"] if row["id"] == self.tea.id)
        self.assertTrue(row["closed"])
        self.assertEqual(data["lines"], [{"product_id": self.tea.id, "uom_id": self.unit.id, "quantity": 3.0}])

    def test_rows_hold_nothing_internal(self):
        row = self.rows()[self.tea.id]
        row.pop("extra", None)  # what modules above tell of it
        self.assertEqual(set(row), {"id", "code", "name", "barcode", "categ_id", "categ", "units", "min", "multiple", "counted", "stock"})

    def test_minimum_and_multiple_are_there(self):
        self.tea.write({"order_min_qty": 24, "order_multiple": 12})
        row = self.rows()[self.tea.id]
        self.assertEqual((row["min"], row["multiple"]), (24, 12))

    # ------------------------------------------------------------ hooks

    def test_modules_add_columns_and_values(self):
        column = {"key": "hint", "label": "Hint", "type": "text", "sequence": 10}
        portal = type(self.env["dms.portal"])
        self.patch(portal, "_get_pad_columns", lambda model, distributor: [column])
        self.patch(portal, "_get_pad_values", lambda model, distributor, ids: {self.tea.id: {"hint": "10 + 1"}})
        data = self.pad._get_data(self.distributor, self.pad.env["sale.order"])
        self.assertEqual(data["columns"], [{"key": "hint", "label": "Hint", "type": "text"}])
        row = next(row for row in data["rows"] if row["id"] == self.tea.id)
        self.assertEqual(row["extra"], {"hint": "10 + 1"})

    # ------------------------------------------------------------ price of the lines

    def test_lines_cost_what_the_order_will_cost(self):
        self.rule(applied_on="3_global", fixed_price=9.0, min_quantity=10)
        lines = [self.line(self.tea, 12), self.line(self.coffee, 2, self.case)]
        priced = self.pad._price(self.distributor, self.pad.env["sale.order"], lines)
        order = self.pad._save(self.distributor, self.pad.env["sale.order"], lines, {})
        self.assertEqual((priced["untaxed"], priced["tax"], priced["total"]), (order.amount_untaxed, order.amount_tax, order.amount_total))
        self.assertEqual(priced["lines"][self.tea.id]["price"], 9.0)

    def test_saved_draft_costs_what_is_typed_now(self):
        order = self.pad._save(self.distributor, self.pad.env["sale.order"], [self.line(self.tea, 12), self.line(self.coffee, 1)], {})
        lines = [self.line(self.tea, 1)]
        priced = self.pad._price(self.distributor, order, lines)
        self.assertEqual((priced["lines"][self.tea.id]["amount"], priced["untaxed"]), (10.0, 10.0))
        self.pad._save(self.distributor, order, lines, {})
        self.assertEqual((priced["untaxed"], priced["total"]), (order.amount_untaxed, order.amount_total))

    def test_notes_of_modules_reach_the_page(self):
        note = {"tone": "success", "message": "Thank you", "product_id": self.tea.id, "mark": "+ 1", "title": "", "set": None}
        self.patch(type(self.env["dms.portal"]), "_get_pad_notes", lambda model, order: [note] if order.order_line else [])
        empty = self.pad.env["sale.order"]
        self.assertEqual(self.pad._price(self.distributor, empty, [self.line(self.tea, 1)])["notes"], [note])
        self.assertEqual(self.pad._price(self.distributor, empty, [])["notes"], [])

    def test_verdicts_are_what_the_gates_would_say(self):
        self.distributor_class.min_order_amount = 100
        self.tea.order_multiple = 6
        priced = self.pad._price(self.distributor, self.pad.env["sale.order"], [self.line(self.tea, 5)])
        messages = " ".join(verdict["message"] for verdict in priced["verdicts"])
        self.assertIn("minimum", messages)
        self.assertIn("multiples of 6", messages)
        self.assertEqual({verdict["product_id"] for verdict in priced["verdicts"]}, {None, self.tea.id})
        self.assertFalse(self.pad._price(self.distributor, self.pad.env["sale.order"], [self.line(self.tea, 12)])["verdicts"])

    def test_queries_do_not_depend_on_the_number_of_products(self):
        few = self.count_queries(self.rows)
        self.env["product.product"].create([{"name": f"T {n}", "list_price": n, "is_storable": True} for n in range(60)])
        self.assertLessEqual(self.count_queries(self.rows), few)

    def count_queries(self, function):
        counts = []
        for _time in range(2):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            function()
            counts.append(self.cr.sql_log_count - before)
        return min(counts)
