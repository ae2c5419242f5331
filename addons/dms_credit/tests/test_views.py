"""The screens open for each role, show what that role may read and do, and nothing of credit to anybody else."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CreditCommon

READER_ACTIONS = ("action_credit_hold", "action_credit_account", "action_credit_extension", "action_credit_change")
CONTROLLER_ACTIONS = ("action_credit_release_rule", "action_credit_delegation")
#: views that people without credit rights work with
SHARED_VIEWS = {
    "sale.order": ("form", "list", "search", "kanban", "pivot"),
    "res.partner": ("form", "list", "search", "kanban"),
    "dms.order.hold": ("form", "list", "search", "kanban", "pivot"),
    "dms.distributor.class": ("form", "list", "search"),
    "stock.picking": ("form", "list"),
}
CREDIT_MODELS = (
    "dms.credit.account", "dms.credit.change", "dms.credit.extension", "dms.credit.release.rule", "dms.credit.delegation", "dms.credit.terms",
    "dms.hold.partial.release", "dms.credit.extension.rejection",
)  # fmt: skip
MENUS = ("menu_credit", "menu_credit_hold", "menu_credit_account", "menu_credit_extension", "menu_credit_change")
#: fields of this module that tell nothing of credit
NEUTRAL_FIELDS = {"id", "display_name", "dms_split_from_id", "is_credit_hold", "credit_currency_id", "dms_hold_ids"}


class ViewsCommon(CreditCommon):
    def get_arch(self, user, model, view_type="form", view_id=False):
        views = self.env[model].with_user(user).get_views([(view_id, view_type)])
        return etree.fromstring(views["views"][view_type]["arch"])

    def get_names(self, arch):
        return {node.get("name") for node in arch.iter("field", "button", "filter", "widget", "page")} - {None}

    def get_own_fields(self, model):
        """Names of the fields that this module adds to a model and that tell something of credit."""
        own = {name for name, field in self.env[model]._fields.items() if set(field._modules) == {"dms_credit"}}
        return own - NEUTRAL_FIELDS


@tagged("post_install", "-at_install")
class TestScreens(ViewsCommon):
    def test_every_screen_opens_for_its_roles(self):
        for user, names in (
            (self.controller, READER_ACTIONS + CONTROLLER_ACTIONS),
            (self.credit_manager, READER_ACTIONS + CONTROLLER_ACTIONS),
            (self.area_manager, READER_ACTIONS),
            (self.manager, READER_ACTIONS),
        ):
            for name in names:
                with self.subTest(user=user.login, action=name):
                    self.check_action(user, name)

    def check_action(self, user, name):
        action = self.env.ref(f"dms_credit.{name}").with_user(user)._get_action_dict()
        model = self.env[action["res_model"]].with_user(user)
        views = model.get_views([*action["views"], (action["search_view_id"] and action["search_view_id"][0], "search")])["views"]
        self.assertTrue(action["help"] and action["path"])
        self.assertLessEqual({"list", "form", "search"}, views.keys())
        for kind in {"list", "kanban"} & views.keys():
            arch = etree.fromstring(views[kind]["arch"])
            wanted = {field.get("name"): {} for field in arch.iter("field") if not list(field.iterancestors("field"))}
            model.web_search_read([], wanted, limit=5)
        for node in etree.fromstring(views["search"]["arch"]).iter("filter"):
            if node.get("domain") and "uid" not in node.get("domain"):
                model.search_count(literal_eval(node.get("domain")), limit=1)
            if "group_by" in (node.get("context") or ""):
                model.formatted_read_group([], [literal_eval(node.get("context"))["group_by"]], ["__count"])

    def test_menu_is_for_who_may_see_credit(self):
        ids = {self.env.ref(f"dms_credit.{name}").id for name in MENUS}
        for user, visible in (
            (self.controller, True), (self.area_manager, True), (self.manager, True),
            (self.desk, False), (self.salesperson, False), (self.employee, False), (self.accountant, False),
        ):  # fmt: skip
            shown = ids & set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
            self.assertEqual(shown, ids if visible else set(), user.login)

    def test_release_matrix_is_written_by_managers_only(self):
        rules = self.env["dms.credit.release.rule"]
        self.assertFalse(rules.with_user(self.controller).has_access("write"))
        self.assertTrue(rules.with_user(self.credit_manager).has_access("write"))

    def test_terms_are_edited_by_controllers_only(self):
        accounts = self.env["dms.credit.account"]
        buttons = {str(self.env.ref(f"dms_credit.{name}").id) for name in ("action_credit_set_limit", "action_credit_stop")}
        for user, may in ((self.controller, True), (self.area_manager, False)):
            self.assertEqual(accounts.with_user(user).has_access("write"), may)
            self.assertEqual(buttons <= self.get_names(self.get_arch(user, "dms.credit.account")), may, user.login)

    def test_queue_of_the_order_desk_is_as_it_was(self):
        for kind in ("list", "form", "kanban"):
            view = self.env.ref(f"dms_orders.view_order_hold_{kind}")
            names = self.get_names(self.get_arch(self.controller, "dms.order.hold", kind, view.id))
            self.assertFalse({name for name in names if name.startswith("credit_")}, kind)


@tagged("post_install", "-at_install")
class TestNothingForOthers(ViewsCommon):
    """Order desk, salespeople, employees and accountants without a credit group."""

    def get_others(self):
        return self.desk | self.salesperson | self.employee

    def test_screens_of_others_hold_no_field_of_credit(self):
        for user in self.get_others():
            for model, kinds in SHARED_VIEWS.items():
                if not self.env[model].with_user(user).has_access("read"):
                    continue
                own = self.get_own_fields(model)
                self.assertTrue(own or model == "stock.picking", model)
                for kind in kinds:
                    with self.subTest(user=user.login, model=model, view=kind):
                        arch = self.get_arch(user, model, kind)
                        self.assertFalse(self.get_names(arch) & own)
                        self.assertNotIn("dms_credit", etree.tostring(arch, encoding="unicode"))

    def test_fields_of_credit_do_not_exist_for_others(self):
        for user in self.get_others():
            for model in SHARED_VIEWS:
                if self.env[model].with_user(user).has_access("read"):
                    with self.subTest(user=user.login, model=model):
                        self.assertFalse(self.env[model].with_user(user).fields_get().keys() & self.get_own_fields(model))

    def test_fields_of_credit_are_refused_when_asked_for(self):
        order = self.create_order()
        for user in (self.desk, self.salesperson):
            for name in ("credit_after_amount", "credit_overdue_amount", "dms_open_value"):
                with self.assertRaises(AccessError):
                    order.with_user(user).read([name])
            with self.assertRaises(AccessError):
                self.alpha.with_user(user).read(["credit_used_percent"])
            with self.assertRaises(AccessError):
                self.env["dms.order.hold"].with_user(user).search([("credit_over_amount", ">", 0)])

    def test_models_of_credit_are_closed(self):
        for user in self.get_others():
            for model in CREDIT_MODELS:
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation), (user.login, model, operation))

    def test_order_form_costs_others_nothing(self):
        """The gauge is not asked for, so an order form reads as many rows as without this module."""
        order = self.create_order()
        arch = self.get_arch(self.salesperson, "sale.order")
        names = {field.get("name") for field in arch.iter("field") if not list(field.iterancestors("field"))}
        self.assertFalse({name for name in names if name.startswith("credit_")})
        order.with_user(self.salesperson).web_read({name: {} for name in names})


@tagged("post_install", "-at_install")
class TestAreaManager(ViewsCommon):
    """Sees the positions of his own territories, and decides nothing."""

    def test_accounts_and_their_history_are_those_of_his_territories(self):
        self.set_limit(500)
        self.set_limit(900, self.beta)
        seen = self.env["dms.credit.account"].with_user(self.area_manager).search([])
        self.assertIn(self.account, seen)
        self.assertNotIn(self.other_account, seen)
        changes = self.env["dms.credit.change"].with_user(self.area_manager).search([])
        self.assertTrue(changes)
        self.assertNotIn(self.other_account, changes.account_id)

    def test_account_form_reads_and_its_numbers_open_what_he_may_see(self):
        self.create_invoice(120, self.day(-5))
        account = self.account.with_user(self.area_manager)
        action = account.action_open_receivable()
        self.assertEqual(action["res_model"], "dms.credit.ageing")
        rows = self.env["dms.credit.ageing"].with_user(self.area_manager).search(action["domain"])
        self.assertEqual(sum(rows.mapped("residual_amount")), account.receivable_amount)

    def test_account_of_another_territory_opens_nothing(self):
        account = self.other_account.with_user(self.area_manager)
        for method in (
            "action_open_receivable",
            "action_open_ordered",
            "action_open_holds",
            "action_open_extensions",
            "action_request_extension",
        ):
            with self.assertRaises(AccessError):
                getattr(account, method)()

    def test_gauge_of_an_order_whose_account_he_may_not_see_is_empty(self):
        self.set_limit(500)
        own = self.confirm(user_id=self.area_manager.id).with_user(self.area_manager)
        self.assertEqual(own.credit_account_id, self.account)
        self.alpha.territory_id = self.south
        own.invalidate_recordset()
        self.assertFalse(own.credit_account_id)
        self.assertFalse(own.credit_after_amount)


@tagged("post_install", "-at_install")
class TestGauge(ViewsCommon):
    def test_gauge_of_an_order_follows_its_lines(self):
        self.set_limit(1000)
        self.create_invoice(300, self.day(-20), due=self.day(-10))
        order = self.create_order(user=self.controller).with_user(self.controller)
        with Form(order) as form:
            self.assertEqual(form.credit_after_amount, 600)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 90
            self.assertEqual(form.credit_over_amount, 200)
        self.assertEqual((order.credit_after_amount, order.credit_used_percent), (-200, 120))
        self.assertEqual((order.credit_overdue_amount, order.credit_overdue_days), (300, 10))

    def test_gauge_of_a_confirmed_order_counts_it_once(self):
        self.set_limit(1000)
        order = self.confirm()
        self.assertEqual(order.credit_after_amount, 900)
        order._action_cancel()
        self.assertEqual(order.credit_after_amount, 1000)

    def test_plain_customer_has_no_gauge(self):
        order = self.create_order(self.customer)
        self.assertFalse(order.credit_account_id)
        self.assertFalse(order.credit_used_percent)
        self.assertFalse(self.customer.credit_account_id)

    def test_contact_form_leads_to_the_account(self):
        self.set_limit(1000)
        self.create_invoice(250, self.day(0))
        partner = self.alpha.with_user(self.controller)
        self.assertEqual(partner.credit_account_id, self.account)
        self.assertEqual((partner.credit_used_percent, partner.credit_has_limit), (25, True))
        self.assertEqual(partner.action_open_credit_account()["res_id"], self.account.id)
        self.assertIn("credit_account_ids", self.get_names(self.get_arch(self.controller, "res.partner")))


@tagged("post_install", "-at_install")
class TestDialogs(ViewsCommon):
    def open_terms(self, kind, accounts, user=None):
        context = {"active_model": "dms.credit.account", "active_ids": accounts.ids, "dms_terms": kind}
        return Form(self.env["dms.credit.terms"].with_user(user or self.controller).with_context(**context))

    def test_limit_is_set_and_taken_away_with_a_reason(self):
        with self.open_terms("limit", self.account) as form:
            form.has_limit = True
            form.limit = 750
            form.reason = "Yearly review"
        form.record.action_set_limit()
        self.assertEqual((self.account.has_limit, self.account.credit_limit), (True, 750))
        self.assertEqual(self.account.change_ids[:1].reason, "Yearly review")
        with self.open_terms("limit", self.account) as form:
            self.assertEqual(form.limit, 750)
            form.has_limit = False
            form.reason = "Pays in advance"
        form.record.action_set_limit()
        self.assertFalse(self.account.has_limit)

    def test_zero_is_a_limit(self):
        with self.open_terms("limit", self.account) as form:
            form.has_limit = True
            form.limit = 0
            form.reason = "No credit"
        form.record.action_set_limit()
        self.assertTrue(self.account.has_limit)

    def test_several_accounts_are_stopped_and_let_go(self):
        both = self.account | self.other_account
        with self.open_terms("stop", both) as form:
            form.reason = "Bounced"
        form.record.action_stop()
        self.assertEqual(both.mapped("is_stopped"), [True, True])
        with self.open_terms("lift", both) as form:
            form.reason = "Paid in cash"
        form.record.action_lift_stop()
        self.assertEqual(both.mapped("is_stopped"), [False, False])

    def test_dialog_without_accounts_says_so(self):
        dialog = self.env["dms.credit.terms"].with_user(self.controller).create({"account_ids": [], "reason": "x"})
        with self.assertRaises(UserError):
            dialog.action_stop()

    def test_dialogs_are_for_who_opened_them(self):
        with self.open_terms("stop", self.account) as form:
            form.reason = "Secret reason"
        with self.assertRaises(AccessError):
            form.record.with_user(self.controller2).read(["reason"])
        with self.assertRaises(AccessError):
            self.open_terms("stop", self.account, self.desk)

    def test_part_of_an_order_is_released(self):
        self.set_limit(75)
        order = self.create_order(lines={self.tea: 10})
        order.with_user(self.desk).action_dms_submit()
        hold = self.open_holds(order)
        context = {"active_model": "dms.order.hold", "active_id": hold.id, "active_ids": hold.ids}
        with Form(self.env["dms.hold.partial.release"].with_user(self.controller).with_context(**context)) as form:
            self.assertEqual(form.available_amount, 75)
            form.note = "The rest after the payment"
        form.record.action_release()
        self.assertEqual(order.amount_total, 70)
        self.assertEqual(hold.state, "released")

    def test_request_is_rejected_with_a_reason(self):
        request = self.env["dms.credit.extension"].create(
            {"account_id": self.account.id, "amount": 100, "date_from": self.day(0), "date_to": self.day(9), "reason": "season"}
        )
        self.assertTrue(request.with_user(self.controller).can_decide)
        self.assertFalse(request.with_user(self.area_manager).can_decide)
        self.assertIn(request, request.with_user(self.controller).search([("can_decide", "=", True)]))
        context = {"default_extension_ids": request.ids}
        with Form(self.env["dms.credit.extension.rejection"].with_user(self.controller).with_context(**context)) as form:
            form.reason = "Pay first"
        form.record.action_reject()
        self.assertEqual((request.state, request.decision_note), ("rejected", "Pay first"))

    def test_request_from_the_account_is_for_a_month(self):
        action = self.account.with_user(self.area_manager).action_request_extension()
        with Form(
            self.env["dms.credit.extension"].with_user(self.area_manager).with_context(**action["context"]), action["views"][0][0]
        ) as form:
            form.amount = 400
            form.reason = "Two new shops"
        self.assertEqual((form.record.account_id, form.record.state), (self.account, "draft"))
        self.assertEqual((form.record.date_to - form.record.date_from).days, 30)
