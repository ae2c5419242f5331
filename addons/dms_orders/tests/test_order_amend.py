from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsCommon


@tagged("post_install", "-at_install")
class TestOrderAmend(DmsCommon):
    def amend(self, order, quantities=None, new=None, user=None):
        """Change lines of the products to ``quantities``, add ``new``; by a user of the distributor unless told."""
        lines = [
            {
                "line_id": order.order_line.filtered(lambda line, p=product: line.product_id == p).id,
                "product_id": product.id,
                "quantity": quantity,
            }
            for product, quantity in (quantities or {}).items()
        ]
        lines += [{"line_id": None, "product_id": product.id, "quantity": quantity} for product, quantity in (new or {}).items()]
        return order.with_user(user or self.alpha_user).action_dms_amend(lines).sudo()

    def order(self, confirm=False, **kwargs):
        order = self.create_order(lines={self.tea: 10, self.coffee: 4}, dms_is_shared=True, **kwargs)
        order.action_dms_submit()
        if confirm:
            order.action_confirm()
        return order

    def quantities(self, order):
        return {line.product_id: line.product_uom_qty for line in order.order_line}

    def test_submitted_order_is_changed_at_once(self):
        order = self.order()
        before = order.amount_total
        revision = self.amend(order, {self.tea: 3, self.coffee: 0}, {self.syrup: 2})
        self.assertEqual((revision.state, revision.number), ("applied", 1))
        self.assertEqual(self.quantities(order), {self.tea: 3, self.syrup: 2})
        self.assertEqual(
            {line.product_id: (line.quantity_before, line.quantity_after) for line in revision.line_ids},
            {self.tea: (10, 3), self.coffee: (4, 0), self.syrup: (0, 2)},
        )
        self.assertEqual((revision.amount_before, revision.amount_after), (before, order.amount_total))
        self.assertEqual(order.dms_state, "submitted")

    def test_confirmed_order_is_changed_before_picking(self):
        order = self.order(confirm=True)
        revision = self.amend(order, {self.tea: 12, self.coffee: 0}, {self.syrup: 2})
        self.assertEqual(revision.state, "applied")
        self.assertEqual(self.quantities(order), {self.tea: 12, self.coffee: 0, self.syrup: 2})
        demand = {
            move.product_id: move.product_uom_qty for move in order.picking_ids.move_ids if move.state != "cancel" and move.product_uom_qty
        }
        self.assertEqual(demand, {self.tea: 12, self.syrup: 2})
        self.assertEqual(order.state, "sale")

    def test_submitted_order_that_outgrows_a_gate_is_held(self):
        order = self.order()
        self.tea.order_multiple = 5
        self.amend(order, {self.tea: 7})
        self.assertEqual((order.dms_state, self.open_gates(order)), ("on_hold", {"quantity"}))
        self.amend(order, {self.tea: 15})
        self.assertEqual(order.dms_state, "submitted")

    def test_increase_over_a_limit_leaves_the_order_and_holds_the_change(self):
        order = self.order(confirm=True)
        self.tea.order_multiple = 5
        total = order.amount_total
        revision = self.amend(order, {self.tea: 12})
        self.assertEqual((revision.state, revision.hold_ids.gate), ("on_hold", "quantity"))
        self.assertEqual((self.quantities(order)[self.tea], order.amount_total, order.dms_state), (10, total, "confirmed"))
        with self.assertRaises(UserError):
            self.amend(order, {self.tea: 15})  # one change at a time
        revision.hold_ids.with_user(self.desk2).action_release("whole case is broken")
        self.assertEqual(revision.state, "applied")
        self.assertEqual(self.quantities(order)[self.tea], 12)

    def test_held_change_is_applied_when_its_reason_has_gone(self):
        order = self.order(confirm=True)
        self.tea.order_multiple = 5
        revision = self.amend(order, {self.tea: 12})
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual((revision.state, self.quantities(order)[self.tea]), ("on_hold", 10))
        self.tea.order_multiple = 4
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual((revision.state, revision.hold_ids.state, self.quantities(order)[self.tea]), ("applied", "cleared", 12))

    def test_held_change_is_asked_of_the_desk_when_picking_has_begun_meanwhile(self):
        order = self.order(confirm=True)
        self.tea.order_multiple = 5
        revision = self.amend(order, {self.tea: 12})
        order.picking_ids.printed = True
        self.tea.order_multiple = 4
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual((revision.state, revision.hold_ids.state, self.quantities(order)[self.tea]), ("requested", "cleared", 10))
        revision.with_user(self.desk2).action_accept()
        self.assertEqual((revision.state, self.quantities(order)[self.tea]), ("applied", 12))

    def test_gates_judge_what_the_change_makes_of_the_order(self):
        """The virtual order that gates see has the value of the real one afterwards, also after they looked at prices."""
        tax = self.env["account.tax"].create({"name": "T 20", "amount": 20})
        (self.tea | self.coffee | self.syrup).taxes_id = tax
        self.pricelist.item_ids = [
            Command.create({"min_quantity": 24, "compute_price": "percentage", "percent_price": 10, "applied_on": "3_global"})
        ]
        for channel in ("backend", "portal"):
            order = self.order(confirm=True, order_channel=channel, client_order_ref=channel)
            order.picking_ids.printed = True  # so that the change waits
            revision = self.amend(order, {self.tea: 30, self.coffee: 0}, {self.syrup: 2, self.coffee: 7})
            amended = revision._get_amended_order()
            expected = 30 * 9 + 2 * 40 + 7 * 25
            self.assertAlmostEqual(amended.amount_untaxed, expected)
            self.assertFalse(amended._dms_gate_findings()[order.id])
            self.assertAlmostEqual(amended.amount_untaxed, expected)
            self.assertAlmostEqual(amended.amount_total, expected * 1.2)
            self.assertEqual(order.amount_untaxed, 10 * 10 + 4 * 25)
            self.assertEqual(len(order.order_line), 2)
            revision.with_user(self.desk).action_accept()
            self.assertEqual((order.amount_untaxed, revision.amount_after), (expected, order.amount_total))
            order.action_cancel()

    def test_rejected_change_leaves_the_order(self):
        order = self.order(confirm=True)
        self.tea.order_multiple = 5
        revision = self.amend(order, {self.tea: 12})
        revision.hold_ids.with_user(self.desk2).action_reject("only whole layers")
        self.assertEqual((revision.state, revision.answer), ("refused", "only whole layers"))
        self.assertEqual((self.quantities(order)[self.tea], order.state), (10, "sale"))

    def test_decrease_is_never_checked(self):
        order = self.order(confirm=True)
        self.alpha.distributor_state = "suspended"
        self.assertEqual(self.amend(order, {self.tea: 9}, user=self.desk).state, "applied")

    def test_after_picking_starts_a_change_is_a_request(self):
        order = self.order(confirm=True)
        self.deliver(order, {self.tea: 2})
        revision = self.amend(order, {self.tea: 11})
        self.assertEqual((revision.state, self.quantities(order)[self.tea]), ("requested", 10))
        with self.assertRaises(UserError):
            revision.with_user(self.salesperson).action_accept()
        with self.assertRaises(UserError):
            revision.with_user(self.alpha_user).action_accept()
        revision.with_user(self.desk).action_accept()
        self.assertEqual((revision.state, self.quantities(order)[self.tea]), ("applied", 11))
        revision.with_user(self.desk).action_accept()
        self.assertEqual(self.quantities(order)[self.tea], 11)

    def test_request_is_refused_with_an_answer(self):
        order = self.order(confirm=True)
        order.picking_ids.printed = True
        revision = self.amend(order, {self.tea: 11})
        with self.assertRaises(UserError):
            revision.with_user(self.desk).action_refuse("")
        revision.with_user(self.desk).action_refuse("The lorry has left")
        self.assertEqual((revision.state, revision.answer), ("refused", "The lorry has left"))

    def test_nobody_accepts_his_own_request(self):
        order = self.order(confirm=True)
        order.picking_ids.printed = True
        revision = self.amend(order, {self.tea: 11}, user=self.desk)
        with self.assertRaises(UserError):
            revision.with_user(self.desk).action_accept()
        revision.with_user(self.desk2).action_accept()
        self.assertEqual(revision.state, "applied")

    def test_policy_of_the_class(self):
        order = self.order(confirm=True)
        self.distributor_class.amend_policy = "none"
        with self.assertRaises(UserError):
            self.amend(order, {self.tea: 9})
        self.distributor_class.amend_policy = "request"
        self.assertEqual(self.amend(order, {self.tea: 9}).state, "requested")

    def test_locked_order_is_changed_and_stays_locked(self):
        order = self.order(confirm=True)
        order.action_lock()
        self.amend(order, {self.tea: 9})
        self.assertEqual((self.quantities(order)[self.tea], order.locked), (9, True))

    def test_unusable_input_is_refused(self):
        order = self.order()
        other = self.create_order(self.beta, {self.tea: 3})
        line, product = order.order_line[0], self.tea
        foreign = self.create_product("Foreign", "T-FOR", 1, company_id=self.env["res.company"].create({"name": "Other"}).id)
        archived = self.create_product("Archived", "T-ARC", 1, active=False)
        unsaleable = self.create_product("Raw", "T-RAW", 1, sale_ok=False)
        bad = [
            {"line_id": line.id, "product_id": product.id, "quantity": quantity}
            for quantity in (-1, float("nan"), float("inf"), 1e40, "3", None, True, [1])
        ]
        bad += [
            {"line_id": other.order_line.id, "product_id": product.id, "quantity": 1},
            {"line_id": 10**9, "product_id": product.id, "quantity": 1},
            {"line_id": line.id, "product_id": self.coffee.id, "quantity": 1},
            {"line_id": None, "product_id": 10**9, "quantity": 1},
            {"line_id": None, "product_id": "tea", "quantity": 1},
            {"line_id": None, "product_id": foreign.id, "quantity": 1},
            {"line_id": None, "product_id": archived.id, "quantity": 1},
            {"line_id": None, "product_id": unsaleable.id, "quantity": 1},
            {},
        ]
        for change in bad:
            with self.subTest(change), self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(self.alpha_user).action_dms_amend([change])
        good = {"line_id": line.id, "product_id": product.id, "quantity": 1}
        for lines in ([], [good, good], [{**good, "quantity": 10}]):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(self.alpha_user).action_dms_amend(lines)
        self.assertEqual(self.quantities(order), {self.tea: 10, self.coffee: 4})

    def test_new_line_without_product_asks_for_one(self):
        order = self.order()
        with self.assertRaises(UserError):
            order.action_dms_amend([{"line_id": None, "product_id": None, "quantity": 0}])

    def test_another_distributor_changes_nothing(self):
        order = self.order()
        for user in (self.beta_user, self.employee):
            with self.assertRaises(AccessError):
                self.amend(order, {self.tea: 1}, user=user)
            with self.assertRaises(AccessError):
                order.with_user(user).action_dms_request_cancel("mine")

    def test_price_follows_the_quantity(self):
        self.pricelist.item_ids = [
            Command.create({"min_quantity": 24, "compute_price": "percentage", "percent_price": 10, "applied_on": "3_global"})
        ]
        order = self.order(confirm=True)
        self.amend(order, {self.tea: 24})
        line = order.order_line.filtered(lambda line: line.product_id == self.tea)
        self.assertAlmostEqual(line.price_subtotal, 24 * 9)

    # ------------------------------------------------------------ cancel request

    def test_cancel_by_the_matrix(self):
        rules = self.env["dms.cancel.rule"]
        order = self.order(confirm=True)
        self.assertIs(order.with_user(self.alpha_user).action_dms_request_cancel("Wrong branch"), True)
        self.assertEqual(order.dms_state, "cancelled")
        self.assertTrue(any("Wrong branch" in (message.body or "") for message in order.message_ids))
        order = self.order(confirm=True)
        order.picking_ids.printed = True
        revision = order.with_user(self.alpha_user).action_dms_request_cancel("Too late?")
        self.assertEqual((revision.kind, revision.state, order.state), ("cancel", "requested", "sale"))
        self.assertEqual(order.with_user(self.alpha_user2).action_dms_request_cancel("me too"), revision)
        revision.with_user(self.desk).action_accept()
        self.assertEqual((order.dms_state, revision.sudo().state), ("cancelled", "applied"))
        rules.search([("fulfilment", "=", "open"), ("payment", "=", "none")]).decision = "refuse"
        order = self.order(confirm=True)
        with self.assertRaises(UserError):
            order.with_user(self.alpha_user).action_dms_request_cancel("please")
        with self.assertRaises(UserError):
            order.with_user(self.alpha_user).action_dms_request_cancel(" ")
