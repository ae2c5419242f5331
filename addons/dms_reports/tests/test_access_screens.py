"""Who reads which figures: model x role, with rows of two distributors; ``alpha`` lies in the area manager's territory."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.dms_orders.tests.access_common import AccessTableMixin

from .common import ReportsCommon

ROLES = ("public", "employee", "sales", "stock", "desk", "manager", "area", "portal_a", "portal_b")
FIGURES = {"desk": ("r", "r"), "manager": ("r", "r"), "area": ("r", "")}
TABLE = dict.fromkeys(("dms.sales.fact", "dms.sales.month", "dms.sales.comparison", "dms.delivery.service"), FIGURES)
ACTIONS = ("action_sales_fact", "action_sales_comparison", "action_delivery_service")


@tagged("post_install", "-at_install")
class TestAccessScreens(AccessTableMixin, ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles()
        for distributor in (cls.alpha, cls.beta):
            cls.invoice(cls.sell({cls.tea: 3}, distributor).sale_id)
        cls.fold()
        cls.sides = {side: {model: cls.row_of(model, side) for model in TABLE} for side in ("alpha", "beta")}

    @classmethod
    def row_of(cls, model, side):
        return cls.env[model].search([("distributor_id", "=", getattr(cls, side).id)], limit=1)

    def do_read(self, record):
        record.invalidate_recordset()
        record.read(["distributor_id"])
        self.assertTrue(record.search([("id", "=", record.id)]))

    def do_write(self, record):
        record.write({"date": "2024-01-01"})

    def do_create(self, record):
        record.create({"date": "2024-01-01"})

    def do_unlink(self, record):
        record.unlink()

    def test_figures_are_read_by_those_of_distribution_within_their_territories(self):
        self.assertAccessTable(TABLE, ROLES)

    def test_sums_hold_nothing_of_other_territories(self):
        for model in TABLE:
            groups = self.env[model].with_user(self.area_manager)._read_group([], ["distributor_id"], ["__count"])
            found = {distributor for distributor, _count in groups}
            self.assertIn(self.alpha, found, model)
            self.assertNotIn(self.beta, found, model)

    def test_screens_open_for_those_who_need_them(self):
        for name in ACTIONS:
            action = self.env.ref(f"dms_reports.{name}")
            for role in ("desk", "manager", "area"):
                model = self.env[action.res_model].with_user(self.users[role])
                modes = action.view_mode.split(",")
                views = model.get_views([*((False, mode) for mode in modes), (False, "search")])["views"]
                self.assertEqual(set(views), {*modes, "search"}, (name, role))
                model.search_read([], ["display_name"], limit=2)

    def test_every_filter_and_group_of_a_search_answers(self):
        for name in ACTIONS:
            model = self.env[self.env.ref(f"dms_reports.{name}").res_model].with_user(self.desk)
            arch = etree.fromstring(model.get_view(view_type="search")["arch"])
            for node in arch.iter("filter"):
                if node.get("domain"):
                    model.search(self.eval(node.get("domain")), limit=1)
                if node.get("context"):
                    name = self.eval(node.get("context"))["group_by"]
                    intervals = ("day", "week", "month", "quarter", "year") if model._fields[name].type == "date" else ("",)
                    for interval in intervals:
                        model._read_group([], [f"{name}:{interval}".rstrip(":")], ["__count"], limit=3)

    def eval(self, text):
        return safe_eval(text, {"uid": self.desk.id})
