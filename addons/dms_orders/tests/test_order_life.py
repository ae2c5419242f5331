from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsCommon


@tagged("post_install", "-at_install")
class TestOrderLife(DmsCommon):
    def held_order(self, **kwargs):
        self.tea.order_min_qty = 50
        order = self.create_order(**kwargs)
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "on_hold")
        return order

    # ------------------------------------------------------------ states

    def test_states_from_draft_to_invoiced(self):
        order = self.create_order(lines={self.tea: 10, self.coffee: 2})
        self.assertEqual(order.dms_state, "draft")
        order.action_dms_submit()
        self.assertEqual(order.dms_state, "submitted")
        order.with_user(self.desk).action_confirm()
        self.assertEqual(order.dms_state, "confirmed")
        self.deliver(order, {self.tea: 4})
        self.assertEqual(order.dms_state, "partially_delivered")
        self.invoice(order)
        self.assertEqual(order.dms_state, "partially_delivered")
        self.deliver(order)
        self.assertEqual(order.dms_state, "delivered")
        self.invoice(order)
        self.assertEqual(order.dms_state, "invoiced")

    def test_a_return_does_not_turn_the_state_back(self):
        order = self.create_order()
        order.action_confirm()
        self.deliver(order)
        picking = order.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 10
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": 10, "picked": True})
        back._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(order.dms_state, "invoiced", "nothing is left to invoice")

    def test_unshipped_rest_cancelled_is_delivered(self):
        order = self.create_order()
        order.action_confirm()
        self.deliver(order, {self.tea: 4})
        order.picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        self.assertEqual(order.dms_state, "delivered")

    def test_customer_who_is_no_distributor_has_no_state(self):
        order = self.create_order(self.customer)
        order.action_confirm()
        self.assertFalse(order.dms_state or order.distributor_id or order.dms_submitted_on)

    # ------------------------------------------------------------ submit

    def test_submit_is_idempotent_and_takes_many(self):
        orders = self.create_order(lines={self.tea: 1}) | self.create_order(lines={self.tea: 2})
        self.assertIs(orders.action_dms_submit(), True)
        stamps = orders.mapped("dms_submitted_on")
        self.assertIs(orders.action_dms_submit(), True)
        self.assertEqual(orders.mapped("dms_submitted_on"), stamps)

    def test_submit_confirms_where_the_class_says_so(self):
        self.distributor_class.auto_confirm = True
        order = self.create_order()
        self.assertIs(order.action_dms_submit(), True)
        self.assertEqual((order.state, order.dms_state), ("sale", "confirmed"))
        self.assertTrue(order.picking_ids)

    def test_submit_by_the_distributors_own_user(self):
        self.distributor_class.auto_confirm = True
        order = self.create_order(order_channel="portal", dms_is_shared=True)
        order.with_user(self.alpha_user).action_dms_submit()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.dms_submitted_by_id, self.alpha_user)

    def test_submit_of_another_distributors_order_is_refused(self):
        order = self.create_order(order_channel="portal", dms_is_shared=True)
        with self.assertRaises(AccessError):
            order.with_user(self.beta_user).action_dms_submit()
        with self.assertRaises(AccessError):
            order.with_user(self.employee).action_dms_submit()

    def test_submit_refuses_what_is_no_order(self):
        for order in (self.create_order(self.customer), self.create_order(lines={})):
            with self.assertRaises(UserError):
                order.action_dms_submit()

    def test_promised_date_follows_the_class(self):
        self.distributor_class.write({"lead_days": 2, **{f"deliver_{day}": False for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}, "deliver_sunday": True})  # fmt: skip
        order = self.create_order()
        order.action_dms_submit()
        promised = self.company._dms_local(order.commitment_date).date()
        self.assertEqual(promised.weekday(), 6)
        self.assertGreaterEqual(promised, self.company._dms_today() + timedelta(2))

    # ------------------------------------------------------------ terms of the day

    def test_terms_follow_until_submission_then_stay(self):
        draft, submitted, confirmed = (self.create_order(lines={self.tea: quantity}) for quantity in (1, 2, 3))
        submitted.action_dms_submit()
        confirmed.action_confirm()
        cheap = self.env["product.pricelist"].create(
            {"name": "Cheap", "item_ids": [Command.create({"compute_price": "percentage", "percent_price": 50})]}
        )
        silver = self.env["dms.distributor.class"].create({"name": "Silver", "code": "T-SIL", "pricelist_id": cheap.id})
        self.alpha.write({"territory_id": self.south.id, "distributor_class_id": silver.id})
        self.assertEqual((draft.territory_id, draft.dms_class_id, draft.pricelist_id), (self.south, silver, cheap))
        self.assertEqual(draft.amount_untaxed, 5)
        for order in (submitted, confirmed):
            self.assertEqual((order.territory_id, order.dms_class_id), (self.area_a, self.distributor_class))
            self.assertEqual(order.pricelist_id, self.pricelist)
        confirmed.action_cancel()
        confirmed.action_draft()
        self.assertEqual((confirmed.territory_id, confirmed.dms_state), (self.area_a, "draft"))

    def test_currency_follows_the_price_list_of_the_distributor(self):
        currency = self.env["res.currency"].create({"name": "TFC", "symbol": "T$", "rate_ids": [Command.create({"rate": 2.0, "name": "2020-01-01"})]})  # fmt: skip
        foreign = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": currency.id})
        chosen = self.create_order(pricelist_id=foreign.id)
        self.assertEqual((chosen.currency_id, chosen.amount_untaxed), (currency, 200))
        chosen.action_confirm()
        self.assertEqual((chosen.pricelist_id, chosen.currency_id), (self.pricelist, self.company.currency_id))
        self.assertEqual((chosen.currency_rate, chosen.amount_untaxed), (1, 100))
        self.distributor_class.pricelist_id = foreign
        order = self.create_order(lines={self.tea: 11})
        order.action_confirm()
        self.assertEqual((order.currency_id, order.currency_rate, order.amount_untaxed), (currency, 2, 220))

    def test_own_price_list_and_terms_go_before_the_class(self):
        own = self.env["product.pricelist"].create({"name": "Own"})
        term = self.env.ref("account.account_payment_term_15days")
        class_term = self.env.ref("account.account_payment_term_30days")
        self.distributor_class.payment_term_id = class_term
        self.assertEqual(self.create_order().payment_term_id, class_term)
        self.alpha.write({"specific_property_product_pricelist": own.id, "property_payment_term_id": term.id})
        order = self.create_order()
        self.assertEqual((order.pricelist_id, order.payment_term_id), (own, term))

    def test_serving_warehouse_delivers(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Second", "code": "T2"})
        self.alpha.serving_warehouse_id = warehouse
        self.assertEqual(self.create_order().warehouse_id, warehouse)

    def test_contact_orders_for_its_company(self):
        order = self.create_order(self.alpha_user.partner_id)
        self.assertEqual(order.distributor_id, self.alpha)

    def test_becoming_a_distributor_takes_the_drafts_along(self):
        order = self.create_order(self.customer)
        self.customer.write({"is_distributor": True, "distributor_state": "suspended"})
        self.assertEqual(order.distributor_id, self.customer)
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")

    # ------------------------------------------------------------ holds

    def test_release_by_a_second_person(self):
        order = self.held_order(user=self.desk)
        hold = order.dms_hold_ids
        for user in (self.desk, self.salesperson, self.employee, self.alpha_user, self.area_manager):
            with self.assertRaises(UserError):
                hold.with_user(user).action_release("me")
            with self.assertRaises(UserError):
                hold.with_user(user).sudo().action_release("me, with full rights")
        with self.assertRaises(UserError):
            hold.with_user(self.desk2).action_release(" ")
        hold.with_user(self.desk2).action_release("Agreed by phone")
        self.assertEqual((hold.state, hold.released_by_id, hold.released_amount), ("released", self.desk2, order.amount_total))
        self.assertEqual((order.dms_state, order.state), ("submitted", "draft"))
        order.with_user(self.desk).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_salesperson_and_submitter_may_not_release(self):
        order = self.held_order(user=self.manager)
        order.user_id = self.desk2
        with self.assertRaises(UserError):
            order.dms_hold_ids.with_user(self.desk2).action_release("mine")
        order.user_id = False
        order.dms_submitted_by_id = self.desk2
        with self.assertRaises(UserError):
            order.dms_hold_ids.with_user(self.desk2).action_release("handed in by me")

    def test_release_needs_the_groups_of_the_gate(self):
        self.env.ref("dms_orders.gate_quantity").release_group_ids = self.env.ref("dms_orders.group_dms_manager")
        order = self.held_order()
        with self.assertRaises(AccessError):
            order.dms_hold_ids.with_user(self.desk2).action_release("please")
        order.dms_hold_ids.with_user(self.manager).action_release("ok")
        self.assertEqual(order.dms_state, "submitted")

    def test_release_confirms_where_the_class_says_so(self):
        self.distributor_class.auto_confirm = True
        order = self.held_order()
        order.dms_hold_ids.with_user(self.desk2).action_release("ok")
        self.assertEqual(order.state, "sale")

    def test_release_covers_the_order_as_it_stood(self):
        order = self.held_order()
        order.dms_hold_ids.with_user(self.desk2).action_release("ok")
        order.order_line.product_uom_qty = 9
        order.action_dms_submit()
        order._dms_recheck_holds()
        self.assertEqual(order.dms_state, "submitted")
        order.order_line.product_uom_qty = 11
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")

    def test_release_ends_with_its_validity_and_with_a_reset(self):
        order = self.held_order()
        hold = order.dms_hold_ids
        hold.with_user(self.desk2).action_release("ok")
        hold.released_until = fields.Datetime.now() - timedelta(minutes=1)
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")
        order.dms_hold_ids.filtered(lambda h: h.state == "open").with_user(self.desk2).action_release("again")
        order.action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")

    def test_reject_cancels_with_the_reason(self):
        order = self.held_order()
        order.dms_hold_ids.with_user(self.desk2).action_reject("No stock this season")
        self.assertEqual((order.dms_hold_ids.state, order.dms_state), ("rejected", "cancelled"))
        self.assertTrue(any("No stock this season" in (m.body or "") for m in order.message_ids))

    def test_hold_clears_when_the_quantity_is_right(self):
        order = self.held_order()
        order.order_line.product_uom_qty = 50
        self.assertEqual((order.dms_hold_ids.state, order.dms_state), ("cleared", "submitted"))

    def test_a_change_for_one_distributor_rechecks_its_holds_only(self):
        orders = [self.create_order(partner, {self.tea: 3}) for partner in (self.alpha, self.beta)]
        self.tea.order_min_qty = 50
        for order in orders:
            order.action_dms_submit()
        self.tea.order_min_qty = 0
        self.env["dms.hold.recheck"].search([]).unlink()
        self.env["sale.order"]._dms_trigger_recheck(self.alpha | self.customer)
        self.assertEqual(self.env["dms.hold.recheck"].search([]).distributor_id, self.alpha, "only who has something waiting")
        self.env["sale.order"]._cron_dms_recheck_requested()
        self.assertEqual([order.dms_state for order in orders], ["submitted", "on_hold"])
        self.assertFalse(self.env["dms.hold.recheck"].search([]))
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual(orders[1].dms_state, "submitted")

    def test_recheck_in_order_of_priority_and_date(self):
        first, second, urgent = (self.held_order(lines={self.tea: quantity}) for quantity in (1, 2, 3))
        urgent.dms_priority = 1
        first.date_order = fields.Datetime.now() - timedelta(days=1)
        seen = []
        self.patch(type(first), "_dms_recheck_holds", lambda order: seen.append(order))
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual([order for order in seen if order in first | second | urgent], [urgent, first, second])

    def test_holds_hidden_outside_the_groups(self):
        order = self.held_order()
        for user in (self.salesperson, self.employee):
            with self.assertRaises(AccessError):
                order.dms_hold_ids.with_user(user).read(["message"])
        self.assertTrue(order.dms_hold_ids.with_user(self.alpha_user).message)
        with self.assertRaises(AccessError):
            order.dms_hold_ids.with_user(self.beta_user).read(["message"])
        with self.assertRaises(AccessError):
            order.dms_hold_ids.with_user(self.alpha_user).read(["release_note"])

    def test_check_now_shows_every_gate_and_writes_nothing(self):
        self.tea.order_min_qty = 50
        order = self.create_order()
        action = order.with_user(self.desk).action_dms_check()
        check = self.env["dms.gate.check"].browse(action["res_id"])
        verdicts = {line.gate_id.code: line.verdict for line in check.line_ids}
        self.assertEqual(verdicts.pop("quantity"), "hold")
        self.assertEqual(set(verdicts.values()), {"pass"})
        self.assertEqual((order.dms_state, len(order.dms_hold_ids)), ("draft", 0))

    # ------------------------------------------------------------ cancel, reset, delete

    def test_submitted_order_cannot_be_deleted(self):
        order = self.create_order()
        order.action_dms_submit()
        with self.assertRaises(UserError):
            order.unlink()
        order.action_cancel()
        order.unlink()

    def test_cancel_refused_once_goods_are_there(self):
        order = self.create_order()
        order.action_confirm()
        self.deliver(order, {self.tea: 1})
        for cancel in (order.action_cancel, lambda: order.action_dms_request_cancel("late"), lambda: order.write({"state": "cancel"})):
            with self.assertRaises(UserError):
                cancel()

    def test_reset_clears_holds_and_keeps_revisions(self):
        order = self.held_order()
        order.action_dms_amend([{"line_id": order.order_line.id, "product_id": self.tea.id, "quantity": 11}])
        order.action_cancel()
        order.action_draft()
        self.assertEqual((order.dms_hold_ids.state, order.dms_state), ("cleared", "draft"))
        self.assertEqual(len(order.dms_revision_ids), 1)

    def test_timeline_tells_the_story(self):
        order = self.held_order()
        order.dms_hold_ids.with_user(self.desk2).action_release("ok")
        order.action_confirm()
        self.deliver(order)
        self.invoice(order)
        codes = [event["code"] for event in order.with_user(self.alpha_user)._dms_timeline()]
        self.assertEqual(set(codes), {"created", "submitted", "hold", "released", "confirmed", "delivered", "out_invoice"})
        self.assertNotIn("ok", [event["detail"] for event in order._dms_timeline()])
