import base64
import io
import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..report.performance_workbook import PerformanceWorkbook
from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestSchemeReport(DmsSchemesCommon):
    """Cost, volume and uplift of schemes, the same as taken from the documents."""

    def setUp(self):
        super().setUp()
        self.today = self.company._dms_today()

    def sell(self, lines, days_ago, distributor=None):
        order = self.create_order(distributor or self.alpha, lines=lines)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = %s WHERE id = %s", [f"{self.today - timedelta(days=days_ago)} 12:00:00", order.id]
        )
        order.invalidate_recordset()
        return order

    def read_report(self, scheme, *measures, group=()):
        rows = self.env["dms.scheme.report"]._read_group([("scheme_id", "=", scheme.id)], list(group), list(measures))
        return [tuple(round(value, 2) if isinstance(value, float) else value for value in row) for row in rows]

    def create_running(self, days, slabs=((0, "percent", 10),), **values):
        """A scheme that began ``days`` ago, today included."""
        return self.create_scheme(list(slabs), date_from=self.today - timedelta(days=days - 1), **values)

    def test_cost_and_volume_are_those_of_the_ledger(self):
        scheme = self.create_running(10, product_ids=self.tea)
        self.sell({self.tea: 10, self.coffee: 4}, 0)
        self.sell({self.tea: 20}, 1, self.beta)
        self.create_order(lines={self.tea: 7})
        measures = ("cost:sum", "volume:sum", "quantity:sum", "orders:count_distinct", "distributors:count_distinct", "cost_percent:avg")
        self.assertEqual(self.read_report(scheme, *measures), [(30.0, 300.0, 30.0, 2, 2, 10.0)])
        by_distributor = dict(self.read_report(scheme, "cost:sum", group=["distributor_id"]))
        self.assertEqual(by_distributor, {self.alpha: 10.0, self.beta: 20.0})
        self.assertEqual(dict(self.read_report(scheme, "cost:sum", group=["territory_id"])), {self.area_a: 10.0, self.south: 20.0})

    def test_basket_is_split_by_product_and_sums_to_the_whole(self):
        scheme = self.create_running(5, [(100, "lump_amount", 10)], scope="basket", basis="amount")
        self.sell({self.tea: 10, self.coffee: 2}, 0)
        rows = {product: figures for product, *figures in self.read_report(scheme, "cost:sum", "volume:sum", group=["product_id"])}
        self.assertAlmostEqual(rows[self.tea][0] + rows[self.coffee][0], 10.0)
        self.assertAlmostEqual(rows[self.tea][1] + rows[self.coffee][1], 150.0, delta=0.02)
        self.assertGreater(rows[self.tea][0], rows[self.coffee][0])

    def test_what_a_credit_note_takes_back_costs_nothing(self):
        scheme = self.create_running(5, product_ids=self.tea)
        order = self.sell({self.tea: 10}, 0)
        self.deliver(order)
        self.invoice(order)._reverse_moves(cancel=True)
        self.env.flush_all()
        self.assertEqual(self.read_report(scheme, "cost:sum"), [(0.0,)])

    def test_uplift_compares_with_as_many_days_before(self):
        self.sell({self.tea: 4}, 12)  # the baseline: days 10 to 19 ago
        self.sell({self.tea: 100}, 25)  # before the baseline
        self.sell({self.coffee: 9}, 12)  # another product
        scheme = self.create_running(10, product_ids=self.tea)
        self.sell({self.tea: 10}, 3)
        figures = self.read_report(scheme, "baseline_amount:sum", "period_amount:sum", "uplift_amount:sum", "uplift_percent:avg")
        self.assertEqual(figures, [(40.0, 90.0, 50.0, 125.0)])

    def test_baseline_holds_only_distributors_and_categories_addressed(self):
        self.sell({self.tea: 4, self.syrup: 1}, 12)
        self.sell({self.tea: 6}, 12, self.beta)
        north = self.create_running(10, categ_ids=self.category, territory_ids=self.region)
        south = self.create_running(10, distributor_ids=self.beta)
        self.assertEqual(self.read_report(north, "baseline_amount:sum"), [(40.0,)])
        self.assertEqual(self.read_report(south, "baseline_amount:sum"), [(60.0,)])

    def test_area_manager_reads_his_own_territories(self):
        scheme = self.create_running(10, product_ids=self.tea)
        self.sell({self.tea: 10}, 0)
        self.sell({self.tea: 20}, 0, self.beta)
        report = self.env["dms.scheme.report"]
        domain = [("scheme_id", "=", scheme.id)]
        self.assertEqual(report.with_user(self.area_manager)._read_group(domain, [], ["cost:sum"]), [(10.0,)])
        self.assertEqual(report.with_user(self.author)._read_group(domain, [], ["cost:sum"]), [(30.0,)])
        for user in (self.salesperson, self.alpha_user):
            with self.assertRaises(AccessError):
                report.with_user(user).search([])

    # ------------------------------------------------------------ workbook

    def make_workbook(self, **values):
        wizard = self.env["dms.scheme.workbook"].with_user(self.author).create(values)
        wizard.action_download()
        return zipfile.ZipFile(io.BytesIO(base64.b64decode(wizard.file)))

    def test_workbook_has_cover_and_three_sheets_without_formulas(self):
        scheme = self.create_running(10, product_ids=self.tea, name="=HYPERLINK(1)")
        self.alpha.name = "+Alpha"
        self.sell({self.tea: 10}, 0)
        book = self.make_workbook(scheme_ids=scheme.ids)
        names = book.namelist()
        self.assertEqual(len([name for name in names if name.startswith("xl/worksheets/sheet")]), 4)
        sheets = "".join(book.read(name).decode() for name in names if name.startswith("xl/worksheets/sheet"))
        self.assertNotIn("<f>", sheets)
        strings = book.read("xl/sharedStrings.xml").decode()
        self.assertIn("+Alpha", strings)
        self.assertIn("=HYPERLINK(1)", strings)
        self.assertIn('quotePrefix="1"', book.read("xl/styles.xml").decode())
        self.assertIn("<v>10</v>", book.read("xl/worksheets/sheet2.xml").decode())

    def test_workbook_with_reversed_dates_is_refused(self):
        with self.assertRaises(UserError):
            self.make_workbook(date_from="2026-02-01", date_to="2026-01-01")

    def test_workbook_of_another_user_is_not_read(self):
        wizard = self.env["dms.scheme.workbook"].with_user(self.author).create({})
        for user in (self.desk, self.area_manager):
            with self.assertRaises(AccessError):
                wizard.with_user(user).read(["date_from"])
        with self.assertRaises(AccessError):
            wizard.with_user(self.alpha_user).action_download()

    def test_sheet_names_are_made_acceptable(self):
        book = PerformanceWorkbook(self.env, [("Label", "@text")], [("Cost", "amount")], 2)
        content = book.render([("A/B [very long name of a sheet, too long]", [("-row", [1.0])], [None])])
        self.assertTrue(zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml"))
