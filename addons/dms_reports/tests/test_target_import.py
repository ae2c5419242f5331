import io
from datetime import date

import openpyxl

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from .target_common import JUNE, TargetCommon

OPTIONS = {"has_headers": True, "keep_matches": False, "quoting": '"', "separator": "", "encoding": "", "date_format": "", "float_thousand_separator": ",", "float_decimal_separator": "."}  # fmt: skip
TARGET, PLAN = "dms.sales.target", "dms.sales.plan"
HEADERS = ["Month", "Territory", "Distributor", "Product Category", "Target", "Target Quantity"]


@tagged("post_install", "-at_install")
class TestTargetImport(TargetCommon):
    """Files come in through Odoo's own import; nothing of a file with a mistake in it stays."""

    def load_file(self, model, content):
        """Import a file as the client does; its result."""
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create(
                {
                    "res_model": model,
                    "file": content,
                    "file_name": "targets.xlsx",
                    "file_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                }
            )
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertFalse(preview.get("error"))
        fields = ["/".join(preview["matches"][index]) for index in range(len(preview["headers"]))]
        with mute_logger("odoo.sql_db"):
            return wizard.execute_import(fields, preview["headers"], preview["options"])

    def load_rows(self, *rows, model=TARGET, headers=HEADERS):
        book = openpyxl.Workbook()
        for row in (headers, *rows):
            book.active.append(list(row))
        content = io.BytesIO()
        book.save(content)
        return self.load_file(model, content.getvalue())

    def assertRefused(self, result, message, row=None):
        self.assertFalse(result.get("ids"))
        texts = [text["message"] for text in result["messages"]]
        self.assertTrue(any(message in text for text in texts), texts)
        if row is not None:
            self.assertIn(row, [text["rows"]["from"] for text in result["messages"] if text.get("rows")])

    def count(self):
        return self.targets.search_count([("month", ">=", "2026-01-01")])

    def test_rows_become_targets_and_the_same_file_changes_nothing(self):
        rows = [
            (JUNE, "T-NH", None, None, 100, None),
            (date(2026, 6, 20), "T-NH", None, "T Drinks", 40.5, 3),
            (JUNE, None, self.alpha.distributor_code, None, 70, None),
            (JUNE, "North / Hills", None, None, 5, None),
        ]
        first = self.load_rows(*rows)
        self.assertFalse(first["messages"])
        targets = self.targets.browse(first["ids"])
        self.assertEqual(targets.mapped("amount"), [100, 40.5, 70, 5])
        self.assertEqual(targets.territory_id, self.area_a | self.area_b)
        self.assertEqual((targets[2].distributor_id, targets[1].categ_id, targets[1].month), (self.alpha, self.category, JUNE))
        count = self.count()
        self.assertEqual(self.load_rows(*rows)["ids"], first["ids"])
        self.assertEqual((self.count(), targets.mapped("amount")), (count, [100, 40.5, 70, 5]))
        self.assertFalse(self.load_rows((JUNE, "T-NH", None, None, 120, None), (JUNE, "T-S", None, None, 1, None))["messages"])
        self.assertEqual((targets[0].amount, self.count()), (120, count + 1))

    def test_empty_cell_leaves_what_is_there(self):
        target = self.aim(self.area_a, 100, quantity=7)
        self.load_rows((JUNE, "T-NH", None, None, 90, None))
        self.assertEqual((target.amount, target.quantity), (90, 7))

    def test_mistakes_are_told_by_row_and_value_and_nothing_stays(self):
        good = (JUNE, "T-S", None, None, 100, None)
        self.env["dms.territory"].create({"name": "Harbour", "code": "T-SH", "parent_id": self.south.id})
        before = self.count()
        for bad, message in (
            ((JUNE, "T-NOWHERE", None, None, 1, None), "T-NOWHERE"),
            ((JUNE, None, "D-UNKNOWN", None, 1, None), "D-UNKNOWN"),
            ((JUNE, "T-NH", None, "No Such Category", 1, None), "No Such Category"),
            ((JUNE, "Harbour", None, None, 1, None), "Harbour"),
            ((JUNE, "T-NH", None, None, -1, None), "cannot be below zero"),
            ((JUNE, "T-NH", self.alpha.distributor_code, None, 1, None), "only one of them"),
            ((JUNE, None, None, None, 1, None), "only one of them"),
            ((JUNE, None, "Plain Customer", None, 1, None), "is no distributor"),
        ):
            with self.subTest(message=message):
                self.assertRefused(self.load_rows(good, bad), message, row=1)
                self.assertEqual(self.count(), before)

    def test_text_in_a_number_is_told_by_row_and_value(self):
        good = (JUNE, "T-S", None, None, 100, None)
        result = self.load_rows(good, (JUNE, "T-NH", None, None, "a lot", None))
        self.assertRefused(result, "Row 3")
        self.assertRefused(result, "a lot")

    def test_text_in_a_month_is_told_by_value(self):
        result = self.load_rows((JUNE, "T-S", None, None, 100, None), ("Smarch", "T-NH", None, None, 1, None))
        self.assertRefused(result, "Smarch")

    def test_file_that_says_two_things_of_the_same_is_refused(self):
        before = self.count()
        rows = [(JUNE, "T-S", None, None, 100, None), (JUNE, "T-NH", None, None, 1, None), (date(2026, 6, 30), "T-S", None, None, 2, None)]
        result = self.load_rows(*rows)
        self.assertRefused(result, "Another row is about the same", row=0)
        self.assertRefused(result, "Another row is about the same", row=2)
        self.assertEqual(self.count(), before)

    def test_plans_come_by_year_or_by_months(self):
        headers = ["Year", "Territory", "Distributor", "Amount of the Year", "January", "June", "July"]
        rows = [(2026, "T-NH", None, 700, None, None, None), (2026, None, self.beta.distributor_code, None, 10, 20, 30)]
        first = self.load_rows(*rows, model=PLAN, headers=headers)
        self.assertFalse(first["messages"])
        plans = self.plans.browse(first["ids"])
        self.assertEqual(self.months(plans[0]), [0] * 5 + [100] * 7)
        self.assertEqual((plans[1].amount, plans[1].month_1), (60, 10))
        second = self.load_rows(*rows, model=PLAN, headers=headers)
        self.assertEqual((second["ids"], plans.mapped("amount")), (first["ids"], [700, 60]))
        refused = self.load_rows((2026, "T-S", None, 99, 1, 2, 3), model=PLAN, headers=headers)
        self.assertRefused(refused, "add up to", row=0)

    def test_shipped_templates_import_as_they_are(self):
        self.env["dms.territory"].create({"name": "Template", "code": "R-NORTH"})
        self.create_distributor("Template", self.south, distributor_code="NS-001")
        for model in (TARGET, PLAN):
            [template] = self.env[model].get_import_templates()
            with file_open(template["template"].lstrip("/"), "rb") as content:
                result = self.load_file(model, content.read())
            self.assertFalse(result["messages"], model)
            self.assertTrue(result["ids"])

    def test_a_thousand_rows_take_few_statements(self):
        distributors = self.env["res.partner"].create(
            [{"name": f"D{number}", "is_company": True, "is_distributor": True, "distributor_code": f"TI-{number}", "distributor_state": "active", "territory_id": self.south.id} for number in range(100)]
        )  # fmt: skip
        rows = [
            (date(2026, month, 1), None, distributor.distributor_code, None, 1, None)
            for distributor in distributors
            for month in range(1, 11)
        ]
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(self.load_rows(*rows)["ids"]), 1000)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 3000)
