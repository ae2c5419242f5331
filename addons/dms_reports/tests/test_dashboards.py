import base64
import json

from odoo.tests import HttpCase, tagged

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, menus_xml_ids_in_spreadsheet

from .common import ReportsCommon

BOARDS = ("management", "area_manager", "credit", "stock")
#: waits for every figure of a dashboard; fails on a cell that shows an error and on a chart that has nothing to draw with
LOOK = """
    const loader = () => odoo.__WOWL_DEBUG__?.root.env.services.spreadsheet_dashboard_loader;
    const wait = async (what, until) => {
        for (let tries = 0; tries < 300; tries++) {
            if (until()) { return; }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`waited in vain for ${what}`);
    };
    const cellsOf = (getters) =>
        getters.getSheetIds().flatMap((sheet) => Object.values(getters.getEvaluatedCells(sheet)));
    (async () => {
        await wait("the dashboard", () => loader()?.getActiveDashboard()?.status === "Loaded");
        const getters = loader().getActiveDashboard().model.getters;
        await wait("the figures", () => cellsOf(getters).every((cell) => cell.value !== "Loading..."));
        await wait("the charts", () => document.querySelector(".o-figure canvas") && document.querySelector(".o-scorecard"));
        const broken = cellsOf(getters).filter((cell) => cell.type === "error");
        if (broken.length) { throw new Error(`${broken.length} cells are in error: ${broken[0].value} ${broken[0].message}`); }
        console.log("test successful");
    })();
"""

#: goes from the pivot to the graph and the list
SWITCH = """
    const show = async (view, found) => {
        document.querySelector(`.o_switch_view.o_${view}`).click();
        for (let tries = 0; tries < 100; tries++) {
            if (document.querySelector(found)) { return; }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`waited in vain for the ${view}`);
    };
    (async () => {
        await show("graph", ".o_graph_renderer canvas, .o_view_nocontent");
        await show("list", ".o_list_renderer");
        console.log("test successful");
    })();
"""


class Dashboards(ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for distributor, quantity in ((cls.alpha, 10), (cls.beta, 30)):
            order = cls.receive({cls.tea: quantity}, distributor, cls.day(2)).sale_id
            cls.invoice(order)
        cls.report([{"product_id": cls.tea.id, "quantity": 4, "price_unit": 7.5}], date=cls.day(1))

    def board(self, name):
        return self.env.ref(f"dms_reports.dashboard_{name}")

    def data(self, name):
        return json.loads(base64.b64decode(self.board(name).spreadsheet_binary_data))


@tagged("post_install", "-at_install")
class TestDashboards(Dashboards):
    def test_every_field_and_menu_of_a_dashboard_is_there(self):
        for name in BOARDS:
            data = self.data(name)
            for model, fields in fields_in_spreadsheet(data).items():
                for field in fields - {"__count"}:
                    self.assertIn(field.split(".")[0].split(":")[0], self.env[model]._fields, (name, model))
            for menu in menus_xml_ids_in_spreadsheet(data):
                self.assertTrue(self.env.ref(menu), name)

    def test_dashboards_are_for_their_roles(self):
        seen = {
            "manager": {"management", "area_manager", "credit", "stock"},
            "desk": {"area_manager", "stock"},
            "area_manager": {"area_manager", "credit", "stock"},
            "employee": set(),
        }
        for role, names in seen.items():
            found = self.env["spreadsheet.dashboard"].with_user(getattr(self, role)).search([])
            self.assertEqual({name for name in BOARDS if self.board(name) in found}, names, role)

    def test_sources_of_a_dashboard_answer_for_its_roles(self):
        readers = {"management": [self.manager], "credit": [self.manager, self.area_manager]}
        for name in BOARDS:
            for user in readers.get(name, [self.desk, self.area_manager]):
                for pivot in self.data(name)["pivots"].values():
                    aggregates = [
                        measure["id"].removesuffix(":sum") if "__count" in measure["id"] else measure["id"] for measure in pivot["measures"]
                    ]
                    groupby = [row["fieldName"] for row in pivot["rows"]]
                    self.env[pivot["model"]].with_user(user).formatted_read_grouping_sets(pivot["domain"], [[], groupby], aggregates)

    def test_area_manager_s_sources_hold_his_territories_alone(self):
        for name in ("area_manager", "credit", "stock"):
            for pivot in self.data(name)["pivots"].values():
                field = "partner_id" if pivot["model"].startswith("dms.credit") else "distributor_id"
                groups = self.env[pivot["model"]].with_user(self.area_manager)._read_group(pivot["domain"], [field], ["__count"])
                self.assertNotIn(self.beta, {group for group, _count in groups}, (name, pivot["name"]))


@tagged("post_install", "-at_install")
class TestDashboardsInBrowser(Dashboards, HttpCase):
    def look(self, name, user):
        """Open a dashboard and wait for all of it; an error on the console fails the test."""
        url = f"/odoo/dashboards?debug=1&dashboard_id={self.board(name).id}"
        self.browser_js(
            url, LOOK, "!!document.querySelector('.o_spreadsheet_dashboard_action, .o-spreadsheet')", login=user.login, timeout=120
        )

    def test_management_opens(self):
        self.look("management", self.manager)

    def test_area_manager_s_opens(self):
        self.look("area_manager", self.area_manager)

    def test_credit_opens(self):
        self.look("credit", self.area_manager)

    def test_stock_opens(self):
        self.look("stock", self.desk)

    def test_analysis_opens_as_pivot_graph_and_list(self):
        ready = "!!document.querySelector('.o_pivot table, .o_view_nocontent')"
        for path in ("distributor-sales", "distributor-growth", "distributor-service"):
            self.browser_js(f"/odoo/{path}?debug=1", SWITCH, ready, login=self.desk.login, timeout=120)
