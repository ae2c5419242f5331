from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import DmsCommon

ACTIONS = (
    "action_distributor_order", "action_order_hold", "action_order_revision", "action_distributor", "action_licence",
    "action_territory", "action_distributor_class", "action_assortment", "action_licence_type", "action_order_gate",
    "action_cancel_rule",
)  # fmt: skip
HOLD_FIELDS = {"dms_hold_ids", "dms_open_hold_ids"}


@tagged("post_install", "-at_install")
class TestViews(DmsCommon):
    """The screens open for each role and show what that role may read and do."""

    def get_arch(self, user, model, view_type="form", view_id=False):
        views = self.env[model].with_user(user).get_views([(view_id, view_type)])
        return etree.fromstring(views["views"][view_type]["arch"])

    def get_buttons(self, arch):
        return {button.get("name") for button in arch.iter("button")}

    def get_action_id(self, name):
        return str(self.env.ref(f"dms_orders.{name}").id)

    def test_every_screen_opens_for_staff_of_distribution(self):
        for user in (self.desk, self.area_manager, self.manager):
            for name in ACTIONS:
                action = self.env.ref(f"dms_orders.{name}").with_user(user)._get_action_dict()
                model = self.env[action["res_model"]].with_user(user)
                with self.subTest(user=user.login, action=name):
                    views = model.get_views([*action["views"], (action["search_view_id"] and action["search_view_id"][0], "search")])
                    self.assertIn("search", views["views"])
                    self.assertTrue(action["help"])
                    self.assertIsInstance(model.web_search_read([], self.get_specification(views)), dict)

    def get_specification(self, views):
        kind = "list" if "list" in views["views"] else "kanban"
        arch = etree.fromstring(views["views"][kind]["arch"])
        return {field.get("name"): {} for field in arch.iter("field") if not list(field.iterancestors("field"))}

    def test_menu_is_for_staff_of_distribution_only(self):
        root = self.env.ref("dms_orders.menu_root").id
        for user, visible in ((self.desk, True), (self.area_manager, True), (self.manager, True), (self.salesperson, False)):
            self.assertEqual(root in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(), visible, user.login)

    def test_salesperson_sees_no_holds_on_the_order_form(self):
        arch = self.get_arch(self.salesperson, "sale.order")
        self.assertFalse(HOLD_FIELDS & {field.get("name") for field in arch.iter("field")})
        self.assertNotIn("action_dms_check", self.get_buttons(arch))
        self.assertIn("action_dms_submit", self.get_buttons(arch))

    def test_desk_sees_holds_and_their_buttons_on_the_order_form(self):
        arch = self.get_arch(self.desk, "sale.order")
        self.assertLessEqual(HOLD_FIELDS, {field.get("name") for field in arch.iter("field")})
        self.assertLessEqual({"action_dms_check", self.get_action_id("action_hold_release")}, self.get_buttons(arch))

    def test_salesperson_enters_an_order_of_a_distributor(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.alpha
            self.assertEqual(form.territory_id, self.area_a)
            with form.order_line.new() as line:
                line.product_id = self.tea
                line.product_uom_qty = 12
        order = form.record
        self.assertEqual(order.distributor_id, self.alpha)
        self.assertEqual(order.dms_state, "draft")

    def test_order_of_a_plain_customer_shows_nothing_of_distribution(self):
        form = Form(self.env["sale.order"].with_user(self.desk))
        form.partner_id = self.customer
        for name in ("distributor_id", "territory_id", "dms_class_id", "order_channel", "dms_state", "dms_priority"):
            self.assertTrue(form._get_modifier(name, "invisible"), name)
        self.assertFalse(form._get_modifier("state", "invisible"))

    def test_changed_order_form_keeps_one_confirm_button_for_each_situation(self):
        arch = self.get_arch(self.desk, "sale.order")
        first, second = arch.xpath("//header/button[@name='action_confirm']")
        for state, dms_state, distributor in (
            ("draft", False, False), ("sent", False, False), ("draft", "draft", True), ("draft", "submitted", True),
            ("draft", "on_hold", True), ("sent", "draft", True), ("sent", "submitted", True),
        ):  # fmt: skip
            values = {"state": state, "dms_state": dms_state, "distributor_id": distributor}
            shown = [not safe_eval(button.get("invisible"), dict(values)) for button in (first, second)]
            self.assertEqual(sum(shown), 1, values)

    def test_queue_offers_release_and_reject_for_several_holds(self):
        view = self.env.ref("dms_orders.view_order_hold_list")
        arch = self.get_arch(self.desk, "dms.order.hold", "list", view.id)
        header = {button.get("name") for button in arch.xpath("//header/button")}
        self.assertEqual(header, {self.get_action_id("action_hold_release"), self.get_action_id("action_hold_reject")})

    def test_release_dialog_releases_the_selected_holds(self):
        orders = self.create_order(user=self.desk2, lines={self.syrup: 1}) | self.create_order(user=self.desk2, lines={self.tea: 3})
        self.distributor_class.min_order_amount = 10000
        orders.with_user(self.desk2).action_dms_submit()
        holds = self.env["dms.order.hold"].search([("order_id", "in", orders.ids), ("state", "=", "open")])
        action = self.env.ref("dms_orders.action_hold_release")
        self.assertIn("active_ids", action.context)
        context = {"default_hold_ids": holds.ids, "dms_decision": "release"}
        with Form(self.env["dms.hold.decision"].with_user(self.desk).with_context(**context)) as form:
            form.note = "Agreed by phone"
        form.record.action_release()
        self.assertEqual(set(holds.mapped("state")), {"released"})
        self.assertEqual(set(orders.mapped("dms_state")), {"submitted"})

    def test_life_cycle_of_distributors_is_for_managers(self):
        names = {"action_distributor_activate", "action_distributor_suspend", "action_distributor_close"}
        self.assertLessEqual(names, self.get_buttons(self.get_arch(self.manager, "res.partner")))
        self.assertFalse(names & self.get_buttons(self.get_arch(self.desk, "res.partner")))

    def test_new_distributor_from_the_menu_is_a_prospect_with_a_code(self):
        action = self.env.ref("dms_orders.action_distributor")._get_action_dict()
        context = {"default_is_distributor": True, "default_is_company": True}
        self.assertTrue(all(key in action["context"] for key in context))
        with Form(self.env["res.partner"].with_user(self.manager).with_context(**context), "dms_orders.view_distributor_form") as form:
            form.name = "New Distributor"
            form.territory_id = self.south
            form.distributor_class_id = self.distributor_class
        self.assertEqual(form.record.distributor_state, "prospect")
        self.assertTrue(form.record.distributor_code)

    def test_contact_form_of_an_employee_without_distribution_opens(self):
        arch = self.get_arch(self.employee, "res.partner")
        self.assertNotIn("licence_ids", {field.get("name") for field in arch.iter("field")})
        self.env["res.partner"].with_user(self.employee).browse(self.alpha.id).web_read({"distributor_code": {}, "territory_id": {}})

    def test_board_shows_the_states_in_order_even_when_empty(self):
        groups = (
            self.env["sale.order"]
            .with_context(read_group_expand=True)
            .formatted_read_group([("distributor_id", "=", self.alpha.id)], ["dms_state"], ["__count"])
        )
        states = [group["dms_state"] for group in groups]
        self.assertEqual(states[:5], ["draft", "submitted", "on_hold", "confirmed", "partially_delivered"])
        self.assertNotIn("cancelled", states)
