"""The screens of suggestions, alerts and reporting open for the roles that work with them, and for nobody else."""

from ast import literal_eval

from lxml import etree

from odoo.tests import Form, tagged

from .suggest_common import SuggestCommon

ACTIONS = (
    "action_stock_suggestion", "action_stock_suggestion_line", "action_stock_alert", "action_stock_out", "action_stock_over",
    "action_stock_reporting", "action_stock_expiry", "action_stock_ageing_line",
)  # fmt: skip
MENUS = ("suggestion", "out", "over", "alert", "reporting", "ageing")


@tagged("post_install", "-at_install")
class TestSuggestScreens(SuggestCommon):
    def test_every_screen_opens_with_its_filters_and_groups(self):
        for user in (self.desk, self.area_manager, self.manager):
            for name in ACTIONS:
                with self.subTest(user=user.login, action=name):
                    self.check_action(user, name)

    def check_action(self, user, name):
        action = self.env.ref(f"dms_inventory.{name}").with_user(user)._get_action_dict()
        model = self.env[action["res_model"]].with_user(user)
        views = model.get_views([*action["views"], (False, "search")])["views"]
        self.assertTrue(action["help"])
        for kind in {"list", "kanban"} & views.keys():
            arch = etree.fromstring(views[kind]["arch"])
            wanted = {field.get("name"): {} for field in arch.iter("field") if not list(field.iterancestors("field"))}
            model.web_search_read([], wanted, limit=5)
        for node in etree.fromstring(views["search"]["arch"]).iter("filter"):
            if node.get("domain") and "uid" not in node.get("domain"):
                model.search_count(literal_eval(node.get("domain")), limit=1)
            if "group_by" in (node.get("context") or ""):
                model.formatted_read_group([], [literal_eval(node.get("context"))["group_by"]], ["__count"])

    def test_menus_are_for_desk_and_area_managers(self):
        ids = {self.env.ref(f"dms_inventory.menu_stock_{name}").id for name in MENUS}
        for user, visible in ((self.desk, True), (self.area_manager, True), (self.salesperson, False), (self.employee, False)):
            shown = ids & set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
            self.assertEqual(shown, ids if visible else set(), user.login)

    def test_planner_fills_in_the_form_of_a_run(self):
        self.stock(self.tea, 100)
        self.sell(self.alpha, self.tea, 5)
        with Form(self.env["dms.stock.suggestion"].with_user(self.area_manager)) as form:
            form.territory_ids.add(self.area_a)
            form.min_amount = 10
        run = form.save()
        run.action_start()
        self.env["dms.stock.suggestion"]._cron_dms_suggest()
        self.assertEqual(run.line_ids.distributor_id, self.alpha)
        self.assertEqual(run.action_open_lines()["domain"], [("suggestion_id", "=", run.id)])
        self.assertEqual(run.action_open_orders()["domain"], [("id", "in", run.line_ids.order_id.ids)])

    def test_buttons_stand_on_the_distributor_for_who_may_press_them(self):
        for user, there in ((self.desk, True), (self.area_manager, True), (self.salesperson, False)):
            arch = self.env["res.partner"].with_user(user).get_views([(False, "form")])["views"]["form"]["arch"]
            self.assertEqual("action_suggest_order" in arch, there, user.login)
