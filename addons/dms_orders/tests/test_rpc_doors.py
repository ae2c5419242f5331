"""The ORM's own doors, tried by callers with hostile values and contexts: nothing held is confirmed."""

import contextlib

from odoo.fields import Command
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
        with contextlib.suppress(*REFUSALS), self.env.cr.savepoint():
            attempt()
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

    def test_a_new_line_has_the_price_that_follows_whatever_was_given(self):
        order = self.create_order(lines={self.coffee: 10}, user=self.clerk)
        given = {"price_subtotal": 0.0, "price_tax": 0.0, "price_total": 0.0, "qty_invoiced": 99.0}
        values = {"order_id": order.id, "product_id": self.syrup.id, "product_uom_qty": 2}
        hostile = {f"default_{name}": value for name, value in given.items()}
        Line = self.env["sale.order.line"].with_user(self.clerk)
        lines = Line.create({**values, **given}) + Line.with_context(**hostile).create(values)
        self.assertEqual([(line.price_subtotal, line.qty_invoiced) for line in lines], [(80.0, 0.0)] * 2)

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
