from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DmsSchemesCommon

ACTIONS = ("action_scheme", "action_scheme_budget", "action_scheme_application", "action_scheme_report")
MENUS = ("menu_scheme_root", "menu_scheme", "menu_scheme_budget", "menu_scheme_application", "menu_scheme_report", "menu_scheme_workbook")
DECISIONS = {"action_request_approval", "action_close"}


class SchemeViewsCommon(DmsSchemesCommon):
    def get_arch(self, user, model, view_type="form", view_id=False):
        views = self.env[model].with_user(user).get_views([(view_id, view_type)])
        return etree.fromstring(views["views"][view_type]["arch"])

    def get_names(self, arch):
        return {node.get("name") for node in arch.iter("field", "button", "filter", "widget", "page")} - {None}


@tagged("post_install", "-at_install")
class TestScreens(SchemeViewsCommon):
    """The screens open for each role and offer what that role may do."""

    def test_every_screen_opens_for_its_roles(self):
        self.create_scheme([(0, "percent", 1)], budget_amount=50.0)
        self.create_order().action_confirm()
        for user in (self.desk, self.area_manager, self.manager, self.author, self.approver):
            for name in ACTIONS:
                with self.subTest(user=user.login, action=name):
                    self.check_action(user, name)

    def check_action(self, user, name):
        action = self.env.ref(f"dms_schemes.{name}").with_user(user)._get_action_dict()
        model = self.env[action["res_model"]].with_user(user)
        views = model.get_views([*action["views"], (action["search_view_id"] and action["search_view_id"][0], "search")])["views"]
        self.assertTrue(action["help"] and action["path"])
        self.assertLessEqual({"list", "form", "search"}, views.keys())
        for kind in {"list", "kanban", "form"} & views.keys():
            arch = etree.fromstring(views[kind]["arch"])
            model.web_search_read(
                [], {field.get("name"): {} for field in arch.iter("field") if not list(field.iterancestors("field"))}, limit=5
            )
        self.check_search(model, views["search"]["arch"])
        if "pivot" in views:
            arch = etree.fromstring(views["pivot"]["arch"])
            measures = [field.get("name") for field in arch.iter("field") if field.get("type") == "measure"]
            described = model.fields_get(measures, ["aggregator"])
            rows = [field.get("name") for field in arch.iter("field") if field.get("type") == "row"]
            model.formatted_read_group([], rows, [f"{name}:{described[name]['aggregator']}" for name in measures])

    def check_search(self, model, arch):
        for node in etree.fromstring(arch).iter("filter"):
            if node.get("domain") and "uid" not in node.get("domain"):
                model.search_count(literal_eval(node.get("domain")), limit=1)
            if "group_by" in (node.get("context") or ""):
                model.formatted_read_group([], [literal_eval(node.get("context"))["group_by"]], ["__count"])

    def test_menu_is_for_staff_of_distribution(self):
        ids = {self.env.ref(f"dms_schemes.{name}").id for name in MENUS}
        for user, visible in (
            (self.desk, True),
            (self.area_manager, True),
            (self.author, True),
            (self.salesperson, False),
            (self.employee, False),
        ):
            shown = ids & set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
            self.assertEqual(shown, ids if visible else set(), user.login)

    def test_decisions_are_offered_to_approvers_and_versions_to_managers(self):
        for user, decides, writes in ((self.desk, False, False), (self.author, False, True), (self.approver, True, True)):
            names = self.get_names(self.get_arch(user, "dms.scheme"))
            self.assertEqual(DECISIONS <= names, decides, user.login)
            self.assertEqual("action_new_version" in names, writes, user.login)
            self.assertEqual(self.env["dms.scheme"].with_user(user).has_access("write"), writes)

    def test_scheme_is_written_in_the_form_and_its_slabs_show_what_makes_sense(self):
        form = Form(self.env["dms.scheme"].with_user(self.author))
        form.name, form.code = "Ten and one", "T-FORM"
        with form.slab_ids.new() as slab:
            slab.threshold = 10
            slab.value = 5
        self.assertTrue(form.has_money_slabs)
        self.assertFalse(form.has_free_slabs or form.has_repeated_slabs)
        with form.slab_ids.edit(0) as slab:
            slab.benefit = "free_product"
            slab.free_qty = 1
            slab.repeat_every = 10
        self.assertTrue(form.has_free_slabs and form.has_repeated_slabs)
        self.assertFalse(form.has_money_slabs)
        scheme = form.save()
        self.assertEqual(scheme.terms, "from 10: 1 × the same product free per 10")

    def test_buttons_of_the_form_open_versions_benefits_orders_and_performance(self):
        scheme = self.create_scheme([(0, "percent", 1)], date_from="2020-01-01")
        order = self.create_order()
        order.action_confirm()
        version = scheme.browse(scheme.with_user(self.author).action_new_version()["res_id"])
        reader = scheme.with_user(self.desk)
        expected = {
            "action_open_versions": scheme | version,
            "action_open_orders": order,
            "action_open_benefits": order.scheme_application_ids,
        }
        for name, records in expected.items():
            action = getattr(reader, name)()
            self.assertEqual(self.env[action["res_model"]].with_user(self.desk).search(action["domain"]), records, name)
        self.assertEqual(reader.action_open_performance()["res_model"], "dms.scheme.report")
        with self.assertRaises(AccessError):
            scheme.with_user(self.salesperson).action_open_benefits()

    def test_settings_hold_the_tax_on_free_goods(self):
        arch = self.get_arch(self.env.ref("base.user_admin"), "res.config.settings")
        self.assertTrue(arch.xpath("//block[@name='dms_schemes']//field[@name='scheme_tax_free_goods']"))


@tagged("post_install", "-at_install")
class TestOrderForm(SchemeViewsCommon):
    """The order form of the desk, and of whoever may not read schemes."""

    def test_panel_and_ledger_are_for_readers_of_schemes(self):
        for user, may in ((self.desk, True), (self.manager, True), (self.salesperson, False)):
            names = self.get_names(self.get_arch(user, "sale.order"))
            self.assertEqual({"dms_schemes", "dms_scheme_panel", "action_open_scheme_benefits"} <= names, may, user.login)
            self.assertEqual(bool({"dms_schemes", "scheme_benefit_count"} & names), may, user.login)

    def test_order_form_reads_for_a_salesperson_without_schemes(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order()
        arch = self.get_arch(self.salesperson, "sale.order")
        names = {field.get("name") for field in arch.iter("field") if not list(field.iterancestors("field"))}
        order.with_user(self.salesperson).web_read({name: {} for name in names})
        line = order.order_line.with_user(self.salesperson)
        self.assertIn("−", line.scheme_note)

    def test_order_is_changed_in_the_form_and_free_goods_follow(self):
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea)
        order = self.create_order(lines={self.tea: 10}).with_user(self.desk)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 20
        free = order.order_line.filtered("is_scheme_free")
        self.assertEqual(free.product_uom_qty, 2)
        with self.assertRaises(AssertionError), Form(order) as form, form.order_line.edit(1) as line:
            line.product_uom_qty = 5

    def test_what_schemes_take_off_is_seen_while_an_order_is_typed(self):
        self.create_scheme([(10, "percent", 10)], product_ids=self.tea)
        for user in (self.desk, self.salesperson):
            form = Form(self.env["sale.order"].with_user(user))
            form.partner_id = self.alpha
            with form.order_line.new() as line:
                line.product_id = self.tea
                line.product_uom_qty = 9
            self.assertEqual(form.tax_totals["base_amount_currency"], 90.0)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 20
            self.assertEqual((form.tax_totals["base_amount_currency"], form.order_line.edit(0).scheme_discount), (180.0, 20.0))
            order = form.save()
            self.assertEqual((order.amount_untaxed, order.order_line.scheme_discount), (180.0, 20.0))
            with Form(order) as form:
                with form.order_line.edit(0) as line:
                    line.product_uom_qty = 30
                self.assertEqual(form.tax_totals["base_amount_currency"], 270.0)
                with form.order_line.edit(0) as line:
                    line.product_uom_qty = 5
                self.assertEqual(form.tax_totals["base_amount_currency"], 50.0)
            self.assertEqual((order.amount_untaxed, order.order_line.scheme_discount), (50.0, 0.0))
            self.assertTied(order.with_env(self.env))

    def test_benefits_of_an_order_are_opened_by_its_readers(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order()
        action = order.with_user(self.desk).action_open_scheme_benefits()
        self.assertEqual(self.env["dms.scheme.application"].search(action["domain"]), order.scheme_application_ids)
        self.assertEqual(order.with_user(self.desk).scheme_benefit_count, 1)
        with self.assertRaises(AccessError):
            order.with_user(self.alpha_user).action_open_scheme_benefits()

    def test_schemes_are_applied_from_the_action_menu(self):
        order = self.create_order()
        self.create_scheme([(0, "percent", 10)])
        action = self.env.ref("dms_schemes.action_apply_schemes").with_user(self.desk)
        action.with_context(active_model="sale.order", active_ids=order.ids, active_id=order.id).run()
        self.assertEqual(order.amount_untaxed, 90.0)
        order._action_cancel()
        with self.assertRaises(UserError):
            action.with_context(active_model="sale.order", active_ids=order.ids, active_id=order.id).run()


@tagged("post_install", "-at_install")
class TestPrint(SchemeViewsCommon):
    """What is printed of schemes on orders and invoices."""

    def render(self, report, record):
        html = self.env["ir.actions.report"]._render_qweb_html(report, record.ids)[0].decode()
        return " ".join(etree.fromstring(html, etree.HTMLParser()).xpath("string(//body)").split())

    def test_order_and_invoice_print_notes_and_the_total_of_benefits(self):
        self.create_scheme([(0, "percent", 10)], name="Ten Off")
        self.create_scheme([self.free_slab(10, 1, every=10)], product_ids=self.tea, name="One Free")
        order = self.create_order(lines={self.tea: 10, self.coffee: 2})
        order.action_confirm()
        self.deliver(order)
        for report, record in (("sale.report_saleorder", order), ("account.report_invoice", self.invoice(order))):
            text = self.render(report, record)
            for wanted in ("Free goods: One Free", "Ten Off −", "Value before schemes", "Scheme benefit"):
                self.assertIn(wanted, text, report)
            self.assertIn("160.00", text)
            self.assertIn("-25.00", text.replace("\N{MINUS SIGN}", "-").replace("$ -", "-").replace("-$ ", "-").replace("\ufeff", ""))

    def test_order_without_schemes_prints_nothing_of_them(self):
        order = self.create_order(self.customer)
        text = self.render("sale.report_saleorder", order)
        self.assertNotIn("Scheme benefit", text)
        self.assertNotIn("Value before schemes", text)

    def test_invoice_of_a_part_names_its_part_of_the_benefit(self):
        self.create_scheme([(0, "percent", 10)], name="Ten Off")
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        self.deliver(order, {self.tea: 4})
        invoice = self.invoice(order)
        self.assertEqual(invoice.invoice_line_ids.scheme_note.replace("\xa0", " "), "Ten Off −$ 4.00")
