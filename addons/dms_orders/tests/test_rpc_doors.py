"""The ORM's own doors, tried by callers with hostile values and contexts: nothing held is confirmed, nothing foreign is read."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .test_rpc import OK, REFUSALS, RpcCommon

#: fields of an order that only its life cycle or core's own computation may set
PROTECTED = {
    "dms_state": "confirmed",
    "dms_submitted_on": "2020-01-01 00:00:00",
    "dms_submitted_by_id": 1,
    "dms_terms_frozen": True,
    "distributor_id": False,
    "territory_id": False,
    "dms_class_id": False,
    "amount_total": 1.0,
    "amount_untaxed": 1e9,
    "amount_tax": 1.0,
    "currency_rate": 1000.0,
    "currency_id": False,
}


@tagged("post_install", "-at_install")
class TestHostileValues(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea.order_min_qty = 50
        # may write contacts, as most employees of a company may
        cls.clerk = new_test_user(cls.env, "t_clerk", groups="sales_team.group_sale_salesman_all_leads,base.group_partner_manager")

    def try_all(self, user, attempts):
        """Run every attempt in a savepoint of its own; refusals in words are fine, anything else is a fault."""
        for name, attempt in attempts.items():
            savepoint = self.env.cr.savepoint()
            try:
                with self.subTest(name):
                    orders = self.run_attempt(user, attempt)
                    self.assertNothingConfirmed(orders, name)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def run_attempt(self, user, attempt):
        last = self.env["sale.order"].search([], order="id desc", limit=1).id
        try:
            with self.env.cr.savepoint():
                attempt()
        except REFUSALS:
            pass
        self.env.invalidate_all()
        orders = self.env["sale.order"].search(["|", ("id", ">", last), ("partner_id", "child_of", self.alpha.ids)])
        for order in orders:
            self.refused(user, order, "action_confirm")
        return orders

    def assertNothingConfirmed(self, orders, message):
        """No order over less than 50 of tea of a distributor went through, whatever it calls itself now."""
        for order in orders:
            if order.partner_id.commercial_partner_id in (self.alpha, self.beta) and self.tea in order.order_line.product_id:
                self.assertNotEqual(order.state, "sale", message)
                self.assertFalse(order.picking_ids, message)
                self.assertTrue(order.distributor_id or order.state == "cancel", message)

    def values(self, **values):
        return {"partner_id": self.alpha.id, "order_line": [Command.create({"product_id": self.tea.id, "product_uom_qty": 10})], **values}

    # ------------------------------------------------------------ creating

    def test_creating_an_order_beside_its_gates(self):
        def create(context=None, **values):
            return lambda: self.rpc(self.clerk, self.env["sale.order"], "create", self.values(**values), context=context)

        attempts = {f"create with {name}": create(**{name: value}) for name, value in PROTECTED.items()}
        attempts |= {f"default of {name}": create({f"default_{name}": value}) for name, value in PROTECTED.items()}
        attempts |= {
            "as a customer's": create(distributor_id=self.customer.id),
            "state": create(state="sale"),
            "default state": create({"default_state": "sale"}),
            "cancelled": create(state="cancel"),
            "by web_save": lambda: self.rpc(
                self.clerk, self.env["sale.order"], "web_save", self.values(distributor_id=False), {"name": {}}
            ),
            "by load": lambda: self.rpc(
                self.clerk,
                self.env["sale.order"],
                "load",
                ["partner_id/.id", "distributor_id/.id", "order_line/product_id/.id", "order_line/product_uom_qty"],
                [[str(self.alpha.id), str(self.customer.id), str(self.tea.id), "10"]],
            ),
            "by name_create": lambda: self.rpc(
                self.clerk,
                self.env["sale.order"],
                "name_create",
                "X",
                context={"default_partner_id": self.alpha.id, "default_state": "sale"},
            ),
            "everything at once": lambda: self.rpc(
                self.clerk, self.env["sale.order"], "create", self.values(), context=self.hostile_context(self.env["sale.order"])
            ),
        }
        self.try_all(self.clerk, attempts)

    def test_a_hostile_context_creates_an_ordinary_draft(self):
        plain = self.create_order(user=self.salesperson)
        context = self.hostile_context(plain)
        for name in ("state", "dms_is_shared", "amount_total", "amount_untaxed", "price_unit"):
            context.pop(f"default_{name}")  # core's own fields and what staff may choose
        self.env.invalidate_all()
        Order = self.env["sale.order"]
        before = Order.search([], order="id desc", limit=1).id
        self.assertFalse(self.refused(self.salesperson, Order, "create", [self.values()], context=context))
        order = Order.search([("id", ">", before)])
        for name in (
            "distributor_id",
            "territory_id",
            "dms_class_id",
            "dms_terms_frozen",
            "dms_state",
            "dms_submitted_on",
            "dms_submitted_by_id",
        ):
            self.assertEqual(order[name], plain[name], name)

    # ------------------------------------------------------------ writing

    def test_writing_an_order_beside_its_gates(self):
        draft = self.create_order(user=self.clerk)
        held = self.create_order(user=self.clerk, lines={self.tea: 12})
        held.action_dms_submit()
        plain = self.create_order(self.customer, {self.tea: 11}, user=self.clerk)

        def write(record, values, method="write", context=None):
            return lambda: self.rpc(self.clerk, record, method, values, context=context)

        attempts = {}
        for order in (draft, held):
            attempts |= {f"{name} of {order.dms_state}": write(order, {name: value}) for name, value in PROTECTED.items()}
            attempts |= {
                f"state {state} of {order.dms_state}": write(order, {"state": state}, context=self.hostile_context(order))
                for state in ("sale", "sent", "cancel", "draft")
            }
        attempts |= {
            "partner without distributor": write(plain, {"partner_id": self.alpha.id, "distributor_id": False}),
            "distributor, then state": write(plain, {"partner_id": self.alpha.id, "state": "sale"}),
            "through the partner": write(self.alpha, {"sale_order_ids": [Command.update(draft.id, {"state": "sale"})]}),
            "through the line": write(draft.order_line, {"order_id": plain.id}),
            "holds by command": write(held, {"dms_hold_ids": [Command.clear()]}),
            "holds by update": write(held, {"dms_hold_ids": [Command.update(held.dms_hold_ids.id, {"state": "released"})]}),
            "web_save": lambda: self.rpc(self.clerk, held, "web_save", {"dms_state": "submitted", "state": "sale"}, {"state": {}}),
            "hold's order": write(held.dms_hold_ids, {"state": "cleared"}),
            "no distributor any more": write(self.alpha, {"is_distributor": False}),
            "gate off": write(self.env.ref("dms_orders.gate_quantity"), {"active": False}),
            "minimum off": write(self.tea, {"order_min_qty": 0}),
        }
        self.try_all(self.clerk, attempts)

    def test_a_held_order_is_written_into_no_other_state(self):
        held = self.create_order(user=self.clerk)
        held.action_dms_submit()
        for user in (self.clerk, self.desk, self.manager, self.alpha_user):
            for values in ({"state": "sale"}, {"state": "cancel"}, {"dms_state": "submitted"}, {"dms_state": "confirmed"}):
                before = self.fingerprint()
                self.assertTrue(self.refused(user, held, "write", values, context=self.hostile_context(held)), values)
                self.assertEqual(self.fingerprint(), before)
        held.with_user(self.desk).action_cancel()
        self.assertEqual((held.dms_state, held.dms_hold_ids.state), ("cancelled", "cleared"))

    def test_going_back_to_draft_by_hand_ends_releases(self):
        order = self.create_order(user=self.clerk)
        order.action_dms_submit()
        order.dms_hold_ids.with_user(self.desk2).action_release("once")
        order.action_cancel()
        self.refused(self.clerk, order, "write", {"state": "draft"})
        self.refused(self.clerk, order, "write", {"state": "sent"})
        if order.state == "cancel":
            order.with_user(self.clerk).action_draft()
        order.with_user(self.clerk).action_confirm()
        self.assertEqual(order.dms_state, "on_hold", "the release ended with the reset")

    def test_minimum_is_not_argued_away(self):
        self.distributor_class.min_order_amount = 1000
        order = self.create_order(lines={self.coffee: 1}, user=self.clerk)
        for name in ("amount_untaxed", "amount_total", "currency_rate"):
            self.refused(self.clerk, order, "write", {name: 1e9})
        order.with_user(self.clerk).action_confirm()
        self.assertEqual(order.dms_state, "on_hold")

    def test_delivered_order_is_not_cancelled_by_talking_its_deliveries_away(self):
        order = self.create_order(lines={self.coffee: 10}, user=self.clerk)
        order.action_confirm()
        self.deliver(order)
        for values in ({"qty_delivered": 0}, {"qty_delivered": -10}):
            self.refused(self.clerk, order.order_line, "write", values)
        for method, arguments in (("action_cancel", ()), ("write", ({"state": "cancel"},)), ("action_dms_request_cancel", ("x",))):
            self.refused(self.clerk, order, method, *arguments)
            self.assertEqual(order.state, "sale", method)

    def test_confirmed_order_is_not_cancelled_by_writing(self):
        """Writing the state would leave the delivery behind."""
        order = self.create_order(lines={self.coffee: 10}, user=self.clerk)
        order.action_confirm()
        self.refused(self.clerk, order, "write", {"state": "cancel"})
        self.assertEqual((order.state, order.picking_ids.state != "cancel"), ("sale", True))

    def test_masters_are_the_managers(self):
        """Who may write contacts may not make, activate or re-class a distributor: gates would be for whom they please."""
        gamma = self.create_distributor("Gamma", self.area_a, distributor_state="suspended")
        forbidden = {
            "is_distributor": False,
            "distributor_state": "active",
            "distributor_class_id": False,
            "territory_id": self.south.id,
            "parent_distributor_id": self.alpha.id,
            "distributor_sees_branches": True,
            "distributor_code": "X1",
            "assortment_ids": [Command.clear()],
        }
        for name, value in forbidden.items():
            for user in (self.clerk, self.desk):
                before = self.fingerprint()
                self.assertTrue(self.refused(user, gamma, "write", {name: value}), name)
                self.assertEqual(self.fingerprint(), before, name)
            if name != "distributor_class_id":
                self.assertEqual(self.tried(self.manager, gamma, "write", {name: value}), OK, name)
        for values in ({"is_distributor": True}, {"is_distributor": True, "distributor_state": "active"}):
            created = {"name": "New", "is_company": True, **values}
            self.assertTrue(self.refused(self.clerk, self.env["res.partner"], "create", created), values)
            self.assertTrue(self.refused(self.clerk, self.customer, "write", values), values)
        self.assertTrue(
            self.refused(self.clerk, self.env["res.partner"], "create", {"name": "N"}, context={"default_is_distributor": True})
        )
        self.assertFalse(
            self.refused(
                self.clerk, self.env["res.partner"], "create", {"name": "N", "is_distributor": False, "distributor_state": "prospect"}
            )
        )
        self.assertFalse(self.refused(self.clerk, gamma, "write", {"phone": "1", "comment": "x"}))

    # ------------------------------------------------------------ contexts

    def test_context_revives_no_archived_licence(self):
        licence_type = self.env["dms.licence.type"].create({"name": "T", "code": "T-L", "all_products": True})
        licence = self.env["dms.licence"].create({"partner_id": self.alpha.id, "type_id": licence_type.id, "number": "1"})
        licence.active = False
        order = self.create_order(lines={self.coffee: 1}, user=self.clerk)
        self.refused(self.clerk, order, "action_confirm", context={"active_test": False})
        self.assertEqual((order.state, self.open_gates(order)), ("draft", {"licence"}))

    def test_context_does_not_poison_what_is_cached(self):
        """Gates, assortments and licence types in use are cached for everybody: whoever asks first decides nothing."""
        self.env.ref("dms_orders.gate_quantity").active = False
        assortment = self.env["dms.assortment"].create({"name": "Old", "product_ids": self.tea.ids, "distributor_ids": self.alpha.ids})
        licence_type = self.env["dms.licence.type"].create({"name": "Old", "code": "T-O", "all_products": True})
        assortment.active = licence_type.active = False
        self.env.registry.clear_cache()
        order = self.create_order(lines={self.tea: 1, self.coffee: 1}, user=self.clerk)
        self.refused(self.clerk, order, "action_confirm", context={"active_test": False})
        self.assertEqual(self.open_gates(order), set())
        self.env.registry.clear_cache()
        draft = self.create_order(lines={self.tea: 2, self.coffee: 1}, user=self.clerk)
        self.tried(self.clerk, draft, "onchange", {"note": "x"}, ["note"], {"note": {}}, context={"active_test": False})
        draft.with_user(self.clerk).action_confirm()
        self.assertEqual(draft.state, "sale")

    def test_whole_life_under_a_hostile_context(self):
        order = self.create_order(user=self.clerk)
        context = self.hostile_context(order)
        for method in ("action_dms_submit", "action_confirm"):
            self.refused(self.clerk, order, method, context=context)
            self.assertEqual(order.dms_state, "on_hold", method)
        change = [{"line_id": order.order_line.id, "product_id": self.tea.id, "quantity": 11}]
        self.refused(self.clerk, order, "action_dms_amend", change, context=context)
        self.assertEqual((order.dms_state, self.open_gates(order)), ("on_hold", {"quantity"}))
        self.assertEqual(set(order.dms_hold_ids.mapped("state")), {"open"})
        self.assertEqual((order.dms_submitted_by_id, order.territory_id), (self.clerk, self.area_a))

    # ------------------------------------------------------------ copies

    def test_copy_is_a_plain_draft(self):
        """Of an order in any state, also with values and defaults given by the caller."""
        held = self.create_order(user=self.clerk, order_channel="edi", dms_priority=1)
        held.action_dms_submit()
        confirmed = self.create_order(lines={self.coffee: 5}, user=self.clerk)
        confirmed.action_confirm()
        cancelled = self.create_order(lines={self.coffee: 6}, user=self.clerk)
        cancelled.action_cancel()
        fresh = self.create_order(user=self.clerk)
        for order in (held, confirmed, cancelled):
            for default, context in (({}, {}), ({}, {"default_dms_submitted_on": "2020-01-01 00:00:00", "default_dms_terms_frozen": True})):
                before = self.env["sale.order"].search([], order="id desc", limit=1).id
                self.assertFalse(self.refused(self.salesperson, order, "copy", default, context=context))
                copy = self.env["sale.order"].search([("id", ">", before)])
                for name in ("state", "dms_state", "order_channel", "dms_priority", "dms_submitted_on", "dms_submitted_by_id",
                             "dms_terms_frozen", "dms_is_shared", "dms_hold_ids", "dms_revision_ids", "territory_id", "dms_class_id",
                             "distributor_id", "picking_ids"):  # fmt: skip
                    self.assertEqual(copy[name], fresh[name], name)
        for name, value in {**PROTECTED, "state": "sale"}.items():
            before = self.env["sale.order"].search([], order="id desc", limit=1).id
            self.refused(self.clerk, held, "copy", {name: value})
            for copy in self.env["sale.order"].search([("id", ">", before)]):
                self.assertEqual(
                    (copy.dms_state, copy.distributor_id, copy.amount_untaxed), ("draft", self.alpha, fresh.amount_untaxed), name
                )

    def test_hold_and_change_are_not_copied(self):
        held = self.create_order(user=self.clerk)
        held.action_dms_submit()
        for user in (self.clerk, self.desk, self.manager, self.alpha_user):
            self.assertTrue(self.refused(user, held.dms_hold_ids, "copy", {"state": "released"}))


@tagged("post_install", "-at_install")
class TestHostileReads(RpcCommon):
    SECRET = "Zanzibar secret"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta.write({"name": f"Beta {cls.SECRET}", "distributor_state_reason": cls.SECRET, "ref": cls.SECRET})
        cls.tea.order_min_qty = 50
        cls.mine = cls.create_order(cls.alpha, {cls.tea: 1}, dms_is_shared=True, client_order_ref="mine")
        cls.theirs = cls.create_order(cls.beta, {cls.tea: 1}, dms_is_shared=True, client_order_ref=cls.SECRET)
        (cls.mine | cls.theirs).action_dms_submit()
        cls.theirs.dms_hold_ids.message = cls.SECRET
        cls.mine.dms_hold_ids.write({"release_note": "internal note", "values": {"note": "internal note"}})
        cls.alpha.distributor_state_reason = "internal note"
        cls.env.flush_all()
        cls.env.invalidate_all()

    def answer(self, user, record, method, *args, **kwargs):
        """The answer as text; a refusal is an empty one."""
        try:
            with self.env.cr.savepoint():
                self.env.invalidate_all()
                model = self.env(user=user, context={})[record._name]
                positional = args if getattr(getattr(type(model), method), "_api_model", False) else (record.ids, *args)
                return repr(call_kw(model, method, positional, kwargs))
        except REFUSALS:
            return ""

    def assertTellsNothing(self, text, secrets=()):
        for secret in (self.SECRET, *secrets):
            self.assertNotIn(secret, text)

    def readers(self):
        yield self.alpha_user, self.theirs
        yield self.area_manager, self.theirs
        yield self.users["public"], self.theirs

    def test_foreign_order_is_read_by_no_method(self):
        spec = {
            "name": {}, "client_order_ref": {}, "partner_id": {"fields": {"name": {}, "display_name": {}}},
            "order_line": {"fields": {"name": {}, "order_id": {"fields": {"client_order_ref": {}}}}},
            "dms_hold_ids": {"fields": {"message": {}}}, "distributor_id": {"fields": {"display_name": {}}},
        }  # fmt: skip
        for user, order in self.readers():
            for method, arguments in (
                ("read", (["name", "client_order_ref"],)),
                ("web_read", (spec,)),
                ("export_data", (["client_order_ref", "partner_id/name", "order_line/order_id/client_order_ref"],)),
                ("onchange", ({"note": "x"}, ["note"], {**spec, "note": {}})),
                ("copy", ()),
                ("read_progress_bar", ([("id", "=", order.id)], "client_order_ref", {"field": "state", "colors": {}})),
                ("get_formview_action", ()),
                ("message_get_suggested_recipients", ()),
            ):
                if hasattr(order, method):
                    self.assertTellsNothing(self.answer(user, order, method, *arguments))

    def test_searches_do_not_probe_what_is_foreign_or_internal(self):
        found = {
            "sale.order": [
                [("client_order_ref", "ilike", "zanzibar")],
                [("partner_id.ref", "ilike", "zanzibar")],
                [("distributor_id.name", "ilike", "zanzibar")],
                [("dms_hold_ids.message", "ilike", "zanzibar")],
                [("order_line.order_id.client_order_ref", "ilike", "zanzibar")],
                [("dms_hold_ids.release_note", "ilike", "internal")],
                [("dms_hold_ids.values", "ilike", "internal")],
                [("dms_hold_ids.order_id.client_order_ref", "ilike", "zanzibar")],
                [("dms_open_hold_ids", "!=", False)],
                [("territory_id.manager_id.login", "ilike", "t_")],
                [("dms_class_id.min_order_amount", "=", 0)],
                [("dms_submitted_by_id.login", "ilike", "t_")],
                [("dms_priority", ">", 0)],
                [("partner_id.distributor_state_reason", "ilike", "internal")],
                [("partner_id.licence_ids.number", "ilike", "1")],
            ],
            "res.partner": [
                [("distributor_state_reason", "ilike", "internal")],
                [("distributor_class_id.code", "ilike", "T-")],
                [("territory_id.code", "ilike", "T-")],
                [("assortment_ids.name", "ilike", "a")],
                [("edi_endpoint", "!=", "x")],
                [("parent_distributor_id.name", "ilike", "zanzibar")],
                [("sale_order_ids.client_order_ref", "ilike", "zanzibar")],
                [("ref", "ilike", "zanzibar")],
            ],
            "dms.order.hold": [
                [("message", "ilike", "zanzibar")],
                [("release_note", "ilike", "internal")],
                [("values", "ilike", "internal")],
                [("order_id.client_order_ref", "ilike", "zanzibar")],
                [("gate_id.release_group_ids.name", "ilike", "a")],
                [("released_by_id.login", "ilike", "t_")],
                [("user_id.login", "ilike", "t_")],
                [("territory_id.code", "ilike", "T-")],
            ],
        }
        for model, domains in found.items():
            for domain in domains:
                for method in ("search", "search_count"):
                    text = self.answer(self.alpha_user, self.env[model], method, domain)
                    self.assertIn(text, ("", "[]", "0", f"{model}()"), f"{model} {method} {domain}")

    def test_ordering_and_grouping_by_internal_fields(self):
        for user in (self.alpha_user, self.users["public"]):
            for name in ("territory_id", "dms_class_id", "dms_priority", "dms_submitted_by_id"):
                self.assertEqual(self.answer(user, self.env["sale.order"], "search", [], order=name), "", name)
                self.assertEqual(self.answer(user, self.env["sale.order"], "formatted_read_group", [], [name], ["__count"]), "", name)
            for name in ("release_note", "released_amount:sum", "territory_id"):
                groupby, aggregates = ([], [name]) if ":" in name else ([name], ["__count"])
                self.assertEqual(self.answer(user, self.env["dms.order.hold"], "formatted_read_group", [], groupby, aggregates), "", name)

    def test_groups_count_only_what_one_reads(self):
        for user in (self.alpha_user, self.area_manager):
            for model, groupby in (
                ("sale.order", ["client_order_ref"]),
                ("dms.order.hold", ["message"]),
                ("sale.order.line", ["order_id"]),
            ):
                text = self.answer(user, self.env[model], "formatted_read_group", [], groupby, ["__count"])
                self.assertTrue(text)
                self.assertTellsNothing(text)
                self.assertNotIn(self.theirs.name, text)

    def test_answers_about_ones_own_order_hold_nothing_internal(self):
        own = self.mine
        names = [name for name, field in own._fields.items() if own.with_user(self.alpha_user)._has_field_access(field, "read")]
        text = self.answer(self.alpha_user, own, "read", [name for name in names if not own._fields[name].type == "binary"])
        hold_names = [
            n for n, f in own.dms_hold_ids._fields.items() if own.dms_hold_ids.with_user(self.alpha_user)._has_field_access(f, "read")
        ]
        text += self.answer(self.alpha_user, own.dms_hold_ids, "read", hold_names)
        self.assertTrue(text)
        self.assertTellsNothing(text, ("internal note", self.area_a.name, self.distributor_class.name))

    def test_onchange_tells_no_foreign_terms(self):
        spec = {"partner_id": {}, "pricelist_id": {"fields": {"display_name": {}}}, "payment_term_id": {"fields": {"display_name": {}}},
                "distributor_id": {"fields": {"display_name": {}}}, "warehouse_id": {"fields": {"display_name": {}}}}  # fmt: skip
        secret = self.env["product.pricelist"].create({"name": f"List {self.SECRET}"})
        self.beta.specific_property_product_pricelist = secret
        for user in (self.alpha_user, self.area_manager, self.users["public"]):
            text = self.answer(user, self.env["sale.order"], "onchange", {"partner_id": self.beta.id}, ["partner_id"], spec)
            self.assertTellsNothing(text)

    def test_name_search_finds_no_foreign_distributor(self):
        for user in (self.alpha_user, self.area_manager):
            for model in ("res.partner", "sale.order", "dms.order.hold"):
                self.assertTellsNothing(self.answer(user, self.env[model], "name_search", "Zanz"))
                self.assertTellsNothing(self.answer(user, self.env[model], "name_search", self.theirs.name))

    def test_can_decide_is_searched_truthfully(self):
        hold = self.mine.dms_hold_ids
        Hold = self.env["dms.order.hold"].with_user(self.desk2)
        for domain, expected in (
            ([("can_decide", "=", True)], True),
            ([("can_decide", "=", False)], False),
            ([("can_decide", "!=", True)], False),
            ([("can_decide", "in", [True, False])], True),
        ):
            self.assertEqual(hold in Hold.search(domain), expected, domain)
        self.assertNotIn(hold, Hold.with_user(self.desk).search([("can_decide", "=", True)]))
        with self.assertRaises(AccessError):
            self.env["dms.order.hold"].with_user(self.alpha_user).search([("can_decide", "=", True)])

    def test_licence_state_is_searched_truthfully(self):
        licence_type = self.env["dms.licence.type"].create({"name": "T", "code": "T-S"})
        today = fields.Date.context_today(licence_type)
        licence = self.env["dms.licence"].create({"partner_id": self.alpha.id, "type_id": licence_type.id, "number": "1", "date_to": today})
        self.assertEqual(licence.state, "expiring")
        for domain, expected in (
            ([("state", "=", "expiring")], True),
            ([("state", "!=", "expiring")], False),
            ([("state", "in", ("valid", "expiring"))], True),
            ([("state", "not in", ("valid", "expired"))], True),
        ):
            self.assertEqual(licence in self.env["dms.licence"].search(domain), expected, domain)
