import io

import openpyxl

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open, file_path

from .common import DmsCommon

OPTIONS = {"has_headers": True, "keep_matches": False, "quoting": '"', "separator": "", "encoding": "", "date_format": "", "float_thousand_separator": ",", "float_decimal_separator": "."}  # fmt: skip


@tagged("post_install", "-at_install")
class TestMastersImport(DmsCommon):
    """Masters come in through Odoo's own import, with the templates that this module ships."""

    def run_import(self, model, content, expect_errors=False):
        """Import a file as the client does: preview, match every column by its title, execute.

        :return: messages of the import
        """
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create(
                {
                    "res_model": model,
                    "file": content,
                    "file_name": f"{model}.xlsx",
                    "file_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                }
            )
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertFalse(preview.get("error"))
        matches = {int(index): path for index, path in preview["matches"].items()}
        self.assertEqual(sorted(matches), list(range(len(preview["headers"]))), preview["headers"])
        fields = ["/".join(matches[index]) for index in range(len(preview["headers"]))]
        result = wizard.execute_import(fields, preview["headers"], preview["options"])
        if not expect_errors:
            self.assertFalse(result["messages"])
        return result

    def read_template(self, model):
        """Content of the template that the model offers."""
        templates = [t["template"] for t in self.env[model].get_import_templates()]
        path = next(template for template in templates if template.startswith("/dms_orders/"))
        with file_open(path.lstrip("/"), "rb") as template:
            return template.read()

    def import_all_templates(self):
        for model in ("dms.territory", "dms.distributor.class", "res.partner", "dms.assortment"):
            self.run_import(model, self.read_template(model))

    def make_workbook(self, headers, rows):
        book = openpyxl.Workbook()
        book.active.append(headers)
        for row in rows:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def make_rows(self, count):
        return [
            [f"Imported Distributor {number}", "True", "True", f"IMP-{number:04d}", "Active", "T-NH" if number % 2 else "T-S", "T-GOLD", self.warehouse.name]
            for number in range(count)
        ]  # fmt: skip

    HEADERS = ["Name", "Is a Company", "Distributor", "Distributor Code", "Distributor Status", "Territory", "Class", "Serving Warehouse"]

    def setUp(self):
        super().setUp()
        self.warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)

    def test_shipped_templates_import_as_they_are(self):
        self.import_all_templates()
        territory = self.env["dms.territory"].search([("code", "=", "T-EAST")])
        self.assertEqual(territory.complete_name, "Northern Region / Lakes / Great Lakes East")
        distributor = self.env["res.partner"].search([("distributor_code", "=", "NS-001")])
        self.assertEqual(distributor.territory_id, territory)
        self.assertEqual(distributor.distributor_class_id.code, "KEY")
        self.assertEqual(distributor.distributor_class_id.cutoff_hour, 15)
        self.assertEqual(distributor.distributor_state, "active")
        unnumbered = self.env["res.partner"].search([("name", "=", "Harbour Foods"), ("territory_id.code", "=", "R-SOUTH")])
        self.assertTrue(unnumbered.distributor_code)
        specials = self.env["dms.assortment"].search([("name", "=", "Northern specials")])
        self.assertEqual(sorted(specials.territory_ids.mapped("code")), ["R-NORTH", "R-SOUTH"])
        self.assertTrue(specials.categ_ids)

    def test_core_template_of_contacts_is_still_offered(self):
        templates = self.env["res.partner"].get_import_templates()
        self.assertIn("/base/static/xls/contacts_import_template.xlsx", [t["template"] for t in templates])
        for template in templates:
            self.assertTrue(file_path(template["template"].lstrip("/")))

    def test_a_thousand_distributors_are_imported_in_one_go(self):
        content = self.make_workbook(self.HEADERS, self.make_rows(1000))
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.run_import("res.partner", content)
        imported = self.env["res.partner"].search([("distributor_code", "like", "IMP-")])
        self.assertEqual(len(imported), 1000)
        self.assertEqual(len(imported.filtered(lambda p: p.territory_id == self.area_a)), 500)
        self.assertEqual(imported.distributor_class_id, self.distributor_class)
        self.assertEqual(imported.serving_warehouse_id, self.warehouse)
        self.assertLess(self.cr.sql_log_count - before, 6000, "more than six queries a row")

    def test_errors_name_their_rows_and_nothing_is_imported(self):
        rows = self.make_rows(6)
        rows[2][5] = "NOWHERE"
        rows[4][6] = "NO-CLASS"
        result = self.run_import("res.partner", self.make_workbook(self.HEADERS, rows), expect_errors=True)
        self.assertEqual({message["rows"]["from"] for message in result["messages"]}, {2, 4})
        self.assertTrue(all("NOWHERE" in m["message"] or "NO-CLASS" in m["message"] for m in result["messages"]))
        self.assertFalse(self.env["res.partner"].search_count([("distributor_code", "like", "IMP-")]))

    def test_the_same_code_twice_is_refused(self):
        rows = self.make_rows(2)
        rows[1][3] = rows[0][3]
        with mute_logger("odoo.sql_db"):
            result = self.run_import("res.partner", self.make_workbook(self.HEADERS, rows), expect_errors=True)
        self.assertTrue(result["messages"])
        self.assertFalse(self.env["res.partner"].search_count([("distributor_code", "like", "IMP-")]))
