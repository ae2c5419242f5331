"""Every way to a confirmed order that core offers, tried with an order that a gate holds."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import DmsCommon


@tagged("post_install", "-at_install")
class TestOrderDoors(DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea.order_min_qty = 50
        cls.makers = cls.salesperson | cls.desk | cls.manager

    def assertClosed(self, order, message=None):
        self.assertNotEqual(order.state, "sale", message)
        self.assertFalse(order.picking_ids, message)

    def test_write_of_the_state(self):
        for user in self.makers:
            order = self.create_order(user=user)
            for values in ({"state": "sale"}, {"state": "sale", "dms_state": "confirmed"}):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    order.with_user(user).with_context(dms_confirming=order.ids, force=True).write(values)
            self.assertClosed(order)

    def test_create_with_the_state(self):
        for user in self.makers:
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.create_order(user=user, state="sale")

    def test_load_with_the_state(self):
        result = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .load(
                ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/product_uom_qty"],
                [[str(self.alpha.id), "sale", str(self.tea.id), "1"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_web_save_with_the_state(self):
        order = self.create_order(user=self.salesperson)
        with self.assertRaises(UserError):
            order.with_user(self.salesperson).web_save({"state": "sale"}, {"state": {}})

    def test_button_mass_action_and_validate(self):
        for method in ("action_confirm", "_validate_order"):
            order = self.create_order(user=self.salesperson)
            getattr(order.with_user(self.salesperson).with_context(validate_analytic=True), method)()
            self.assertClosed(order)
            self.assertEqual(order.dms_state, "on_hold")
            order.action_cancel()

    def test_desk_draft_is_not_the_distributors_to_accept(self):
        order = self.create_order(user=self.desk, require_signature=True, require_payment=True)
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())
        with self.assertRaises(AccessError):
            order.with_user(self.alpha_user).read(["name"])
        order.action_quotation_sent()
        self.assertTrue(order._has_to_be_signed())
        self.assertTrue(order.with_user(self.alpha_user).name)
        order.action_cancel()
        self.assertTrue(order.with_user(self.alpha_user).name)

    def test_own_order_waits_for_the_desk(self):
        """An order the distributor handed in is not confirmed by signing or paying it, unless its class does so."""
        order = self.create_order(lines={self.coffee: 1}, order_channel="portal", require_signature=True, require_payment=True)
        order.action_dms_submit()
        self.assertFalse(order._has_to_be_signed() or order._has_to_be_paid())
        self.distributor_class.auto_confirm = True
        self.assertTrue(order._has_to_be_signed() and order._has_to_be_paid())

    def test_cancelled_desk_draft_stays_hidden(self):
        order = self.create_order(user=self.desk)
        order.action_cancel()
        with self.assertRaises(AccessError):
            order.with_user(self.alpha_user).read(["name"])

    def test_portal_user_has_no_way_by_rpc(self):
        order = self.create_order(user=self.desk)
        order.action_quotation_sent()
        mine = order.with_user(self.alpha_user)
        for attempt in (
            lambda: mine.write({"state": "sale"}),
            lambda: mine.action_confirm(),
            lambda: mine.order_line.write({"price_unit": 0}),
            lambda: mine.unlink(),
            lambda: mine.create({"partner_id": self.alpha.id}),
            lambda: mine.dms_hold_ids.create({"order_id": order.id}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.assertClosed(order)

    # ------------------------------------------------------------ a confirmed order

    def confirmed_order(self, **kwargs):
        order = self.create_order(lines={self.coffee: 10}, user=self.salesperson, **kwargs)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def test_confirmed_order_does_not_go_back_to_draft(self):
        order = self.confirmed_order()
        for state in ("draft", "sent"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(self.salesperson).write({"state": state})

    def test_growing_a_confirmed_order_runs_the_gates(self):
        order = self.confirmed_order()
        line = order.order_line
        other = self.create_order(lines={self.tea: 5}, user=self.salesperson)
        new_line = {"product_id": self.tea.id, "product_uom_qty": 5}
        attempts = {
            "new line": lambda o: o.env["sale.order.line"].create({**new_line, "order_id": order.id}),
            "by command": lambda o: o.write({"order_line": [Command.create(new_line)]}),
            "by web_save": lambda o: o.web_save({"order_line": [[0, "virtual_1", new_line]]}, {"name": {}}),
            "moved in": lambda o: other.order_line.with_user(self.salesperson).write({"order_id": order.id}),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt(order.with_user(self.salesperson))
        self.alpha.distributor_state = "suspended"
        growth = {
            "more": lambda line: line.write({"product_uom_qty": 11}),
            "dearer": lambda line: line.write({"price_unit": 26}),
            "bigger unit": lambda line: line.write({"product_uom_id": self.case.id}),
            "less discount": lambda line: line.write({"discount": -5}),
            "other product": lambda line: line.write({"product_id": self.syrup.id}),
        }
        for name, grow in growth.items():
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                grow(line.with_user(self.salesperson))
        line.with_user(self.salesperson).product_uom_qty = 9
        self.assertEqual(line.product_uom_qty, 9, "a decrease is never checked")

    def test_other_partner_or_terms_run_the_gates(self):
        order = self.confirmed_order()
        suspended = self.create_distributor("Suspended Ltd", distributor_state="suspended")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.with_user(self.salesperson).write({"partner_id": suspended.id})
        self.alpha.distributor_state = "suspended"
        position = self.env["account.fiscal.position"].create({"name": "T"})
        for values in ({"partner_invoice_id": self.beta.id}, {"fiscal_position_id": position.id}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(self.salesperson).write(values)

    def test_plain_order_turned_into_a_distributors_runs_the_gates(self):
        order = self.create_order(self.customer, {self.tea: 1}, user=self.salesperson)
        order.action_confirm()
        with self.assertRaises(UserError):
            order.with_user(self.salesperson).write({"partner_id": self.alpha.id})

    def test_life_cycle_fields_are_not_written_by_hand(self):
        order = self.create_order(user=self.salesperson, order_channel="edi")
        for values in (
            {"order_channel": "backend"},
            {"dms_submitted_on": "2020-01-01"},
            {"dms_terms_frozen": True},
            {"territory_id": self.south.id},
            {"distributor_id": False},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                order.with_user(self.salesperson).write(values)

    def test_held_order_is_not_released_by_writing_its_hold(self):
        order = self.create_order(user=self.salesperson)
        order.action_dms_submit()
        for user in (self.salesperson, self.desk2, self.manager, self.alpha_user):
            for attempt in (lambda h: h.write({"state": "released"}), lambda h: h.unlink(), lambda h: h.create({"order_id": order.id})):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    attempt(order.dms_hold_ids.with_user(user))

    def test_plain_customer_is_untouched(self):
        order = self.create_order(self.customer, {self.tea: 1}, user=self.salesperson)
        plain = order.with_user(self.salesperson)
        plain.write({"state": "sale"})
        plain.write({"order_line": [Command.create({"product_id": self.tea.id})]})
        plain.write({"state": "draft"})
        self.assertEqual(order.state, "draft")

    def test_wrong_use_raises(self):
        order = self.create_order()
        order.action_cancel()
        with self.assertRaises(UserError):
            order.action_confirm()


@tagged("post_install", "-at_install")
class TestPortalDoors(DmsCommon, HttpCase):
    """Core's own portal pages."""

    def accept(self, order, login, **params):
        self.authenticate(login, login)
        signature = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        values = {"name": "Someone", "signature": signature, **params}
        return self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", values)

    def test_accept_without_token_confirms_what_passes(self):
        order = self.create_order(user=self.desk, require_signature=True, require_payment=False)
        order.action_quotation_sent()
        self.assertIn("force_refresh", self.accept(order, "t_alpha2"))
        self.assertEqual(order.dms_state, "confirmed")

    def test_accept_of_a_held_order_shows_the_hold(self):
        self.tea.order_min_qty = 50
        order = self.create_order(user=self.desk, require_signature=True, require_payment=False)
        order.action_quotation_sent()
        self.accept(order, "t_alpha")
        self.assertEqual((order.state, order.dms_state), ("sent", "on_hold"))
        page = self.url_open(f"/my/orders/{order.id}?message=sign_ok").text
        self.assertIn("on hold", page)
        self.assertIn("order at least 50", page)

    def test_accept_of_a_staff_draft_or_by_others_is_refused(self):
        draft = self.create_order(user=self.desk, require_signature=True, require_payment=False)
        self.assertIn("error", self.accept(draft, "t_alpha"))
        sent = self.create_order(user=self.desk, require_signature=True, require_payment=False)
        sent.action_quotation_sent()
        self.assertIn("error", self.accept(sent, "t_beta"))
        self.assertEqual((draft | sent).mapped("state"), ["draft", "sent"])

    def test_gates_run_before_money_is_taken(self):
        self.tea.order_min_qty = 50
        order = self.create_order(user=self.desk, require_payment=True)
        order.action_quotation_sent()
        self.authenticate("t_alpha", "t_alpha")
        with self.assertRaisesRegex(JsonRpcException, "ValidationError"), mute_logger("odoo.http"):
            self.make_jsonrpc_request(f"/my/orders/{order.id}/transaction", {"access_token": order._portal_ensure_token()})
        self.assertFalse(order.transaction_ids)

    def test_only_posted_invoices_and_own_pages(self):
        order = self.create_order()
        order.action_confirm()
        self.deliver(order)
        invoice = self.invoice(order)
        for login, seen in (("t_alpha", True), ("t_alpha2", True), ("t_beta", False)):
            self.authenticate(login, login)
            for url in (f"/my/orders/{order.id}", f"/my/invoices/{invoice.id}"):
                self.assertEqual(order.name in self.url_open(url).text or invoice.name in self.url_open(url).text, seen, (login, url))


@tagged("post_install", "-at_install")
class TestPaymentDoor(DmsCommon, AccountPaymentCommon):
    def pay(self, order):
        transaction = self._create_transaction(
            "direct",
            amount=order.amount_total,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            state="done",
        )
        transaction._post_process()
        return transaction

    def test_payment_confirms_nothing_that_is_held(self):
        self.tea.order_min_qty = 50
        order = self.create_order()
        transaction = self.pay(order)
        self.assertEqual((order.state, order.dms_state), ("draft", "on_hold"))
        self.assertFalse(order.picking_ids)
        self.assertIn(transaction.payment_id.state, ("in_process", "paid"), "the money itself is booked")

    def test_payment_confirms_what_passes(self):
        order = self.create_order()
        self.pay(order)
        self.assertEqual(order.dms_state, "confirmed")

    def test_paid_order_is_invoiced_when_its_hold_has_gone(self):
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", "True")
        self.distributor_class.auto_confirm = True
        self.tea.write({"order_min_qty": 50, "invoice_policy": "order"})
        order = self.create_order()
        transaction = self.pay(order)
        self.assertFalse(order.invoice_ids)
        order.sudo().dms_hold_ids.with_user(self.desk2).action_release("paid already")
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.invoice_ids, transaction.invoice_ids)
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_residual, 0)
