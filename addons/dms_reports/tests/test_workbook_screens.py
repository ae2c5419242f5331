from lxml import etree

from odoo.tests import Form, HttpCase, tagged

from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookScreens(WorkbookCommon, HttpCase):
    def test_definition_is_filled_in_by_its_form(self):
        with Form(self.env["dms.workbook"].with_user(self.desk)) as form:
            form.name = "Every morning"
            form.kind = "sales_region"
            form.period = "yesterday"
            form.schedule = "daily"
            form.recipient_ids.add(self.area_manager)
            self.assertTrue(form.next_run)
        workbook = form.record
        self.assertEqual((workbook.user_id, workbook.recipient_ids), (self.desk, self.area_manager))
        copy = workbook.with_user(self.manager).copy()
        self.assertEqual((copy.name, copy.user_id, copy.next_run > workbook.create_date), ("Every morning (copy)", self.manager, True))

    def test_every_view_can_be_opened(self):
        for model in ("dms.workbook", "dms.workbook.run"):
            for kind in ("list", "form", "search"):
                arch = self.env[model].with_user(self.desk).get_view(view_type=kind)["arch"]
                self.assertTrue(len(etree.fromstring(arch)))

    def test_lists_and_pivots_have_a_button(self):
        self.setUpSales()
        self.start_tour("/odoo/distributor-sales", "dms_reports_workbook", login=self.desk.login)
        runs = self.Run.search([("user_id", "=", self.desk.id)], order="id")
        self.assertEqual(len(runs), 2)
        self.assertIn("id", str(runs[1].domain))
