from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..engine import availability
from .suggest_common import SuggestCommon


class TestCap(BaseCase):
    def test_wanted_is_capped_to_whole_multiples_of_what_is_free(self):
        for wanted, free, multiple, minimum, step, expected in (
            (48, 100, 12, 0, 1, 48),
            (48, 48, 12, 0, 1, 48),
            (48, 47, 12, 0, 1, 36),
            (48, 11, 12, 0, 1, 0),
            (48, 47, 12, 48, 1, 0),
            (48, 0, 12, 0, 1, 0),
            (48, -5, 12, 0, 1, 0),
            (48, None, 12, 0, 1, 48),
            (7.5, 7.3, 0, 0, 0.1, 7.3),
            (7, 6.9, 0, 0, 1, 6),
            (0.3, 0.1 + 0.2, 0.1, 0, 1, 0.3),
        ):
            found = availability.cap(wanted, free, multiple, minimum, step)
            self.assertAlmostEqual(found, expected, 9, (wanted, free, multiple, minimum, step))


@tagged("post_install", "-at_install")
class TestSuggestOrder(SuggestCommon):
    def suggest(self, distributor=None, user=None):
        """The order that one click opens, or the action where it opens none."""
        action = (distributor or self.alpha).with_user(user or self.desk).action_suggest_order()
        return self.env["sale.order"].browse(action["res_id"]) if action.get("res_id") else action

    def test_click_makes_a_draft_of_what_the_norm_wants(self):
        self.stock(self.tea, 1000)
        self.stock(self.coffee, 1000)
        position = self.sell(self.alpha, self.tea, 5, left=8)
        self.sell(self.alpha, self.coffee, 1, left=50)
        self.assertEqual(position.suggested_qty, 92)
        order = self.suggest()
        self.assertEqual(self.get_lines(order), {self.tea: 92})
        self.assertEqual((order.order_channel, order.dms_state, order.distributor_id), ("suggested", "draft", self.alpha))
        self.assertEqual(order.order_line.product_uom_id, self.unit)
        self.assertEqual(order.amount_untaxed, 920)
        self.assertFalse(order.dms_is_shared, "a draft of the desk is not the distributor's to read")

    def test_positions_lead_to_the_draft_of_their_distributor(self):
        self.stock(self.tea, 1000)
        position = self.sell(self.alpha, self.tea, 5)
        action = position.with_user(self.desk).action_suggest_order()
        self.assertEqual(self.env["sale.order"].browse(action["res_id"]).distributor_id, self.alpha)

    def test_another_company_has_its_own_stock_and_drafts(self):
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        order = self.suggest()
        other = self.env["res.company"].create({"name": "Other"})
        self.desk.company_ids += other
        there = self.alpha.with_user(self.desk).with_company(other)
        self.assertEqual(there.action_suggest_order()["tag"], "display_notification")
        self.assertEqual(self.suggest(), order)

    def test_second_click_opens_the_same_draft_and_follows_the_stock(self):
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        order = self.suggest()
        self.assertEqual(self.get_lines(order), {self.tea: 100})
        line = order.order_line
        self.move(self.alpha, self.tea, 30, 0)
        self.assertEqual(self.suggest(), order)
        self.assertEqual((order.order_line, line.product_uom_qty), (line, 70))
        self.move(self.alpha, self.tea, 500, 0)
        action = self.suggest()
        self.assertEqual(action["tag"], "display_notification", "nothing is needed any more")
        self.assertFalse(order.exists())

    def test_draft_that_was_edited_is_opened_as_it_is(self):
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        order = self.suggest()
        order.with_user(self.desk).order_line.product_uom_qty = 60
        self.assertEqual(self.suggest(), order)
        self.assertEqual(self.get_lines(order), {self.tea: 60})

    def test_order_that_was_handed_in_counts_and_is_not_followed(self):
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        first = self.suggest()
        first.with_user(self.desk).action_dms_submit()
        self.assertEqual(self.suggest()["tag"], "display_notification")
        self.move(self.alpha, self.tea, -20, 0, "correction")
        second = self.suggest()
        self.assertNotEqual(second, first)
        self.assertEqual(self.get_lines(second), {self.tea: 20})

    def test_two_open_suggestions_of_a_distributor_are_refused_by_the_database(self):
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        order = self.suggest()
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.create_order(dms_suggested_on=order.dms_suggested_on).flush_recordset()
        self.assertIn("dms_suggestion_uniq", str(caught.exception))

    def test_availability_cuts_to_whole_multiples_and_says_so(self):
        self.tea.order_multiple = 12
        self.coffee.order_min_qty = 50
        self.stock(self.tea, 47)
        self.stock(self.coffee, 20)
        self.sell(self.alpha, self.tea, 5)
        self.sell(self.alpha, self.coffee, 5)
        order = self.suggest()
        self.assertEqual(self.get_lines(order), {self.tea: 36})
        self.assertRegex(order.dms_suggestion_note, r"Tea: 36 instead of 108 Units, the warehouse has 47 free")
        self.assertRegex(order.dms_suggestion_note, r"Coffee: 100 Units needed, the warehouse has 20 free")

    def test_nothing_free_is_told_and_makes_no_draft(self):
        self.sell(self.alpha, self.tea, 5)
        action = self.suggest()
        self.assertEqual((action["tag"], action["params"]["type"]), ("display_notification", "warning"))
        self.assertIn("100 Units needed", action["params"]["message"])
        self.assertFalse(self.env["sale.order"].search([("distributor_id", "=", self.alpha.id)]))

    def test_availability_is_that_of_the_serving_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "South", "code": "T-S"})
        self.alpha.serving_warehouse_id = other
        self.stock(self.tea, 1000)
        self.stock(self.tea, 40, other)
        self.sell(self.alpha, self.tea, 5)
        order = self.suggest()
        self.assertEqual((self.get_lines(order), order.warehouse_id), ({self.tea: 40}, other))

    def test_products_that_are_not_his_to_order_are_left_out_and_named(self):
        for product in (self.tea, self.coffee):
            self.stock(product, 1000)
            self.sell(self.alpha, product, 5)
        self.env["dms.assortment"].create(
            {"name": "A", "product_ids": [Command.set(self.coffee.ids)], "distributor_ids": [Command.set(self.alpha.ids)]}
        )
        order = self.suggest()
        self.assertEqual(self.get_lines(order), {self.coffee: 100})
        self.assertIn("Tea", order.dms_suggestion_note)
        self.coffee.sale_ok = False
        self.assertIn("Coffee", self.suggest()["params"]["message"])

    def test_verdict_of_the_gates_stands_on_the_draft(self):
        self.distributor_class.min_order_amount = 5000
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        order = self.suggest().with_user(self.desk)
        self.assertIn("below your minimum", order.dms_suggestion_verdict)
        order.action_dms_submit()
        self.assertFalse(order.dms_suggestion_verdict)

    def test_only_desk_and_area_managers_of_the_territory_may(self):
        self.stock(self.tea, 1000)
        for distributor in (self.alpha, self.beta):
            self.sell(distributor, self.tea, 5)
        self.assertEqual(self.suggest(user=self.area_manager).distributor_id, self.alpha)
        hostile = {"dms_suggested_on": False, "default_state": "sale", "default_partner_id": self.beta.id, "allowed_company_ids": []}
        for user, distributor in (
            (self.area_manager, self.beta),
            (self.salesperson, self.alpha),
            (self.employee, self.alpha),
            (self.alpha_user, self.alpha),
            (self.alpha_user, self.beta),
        ):
            with self.subTest(user=user.login, distributor=distributor.name), self.assertRaises(AccessError):
                distributor.with_user(user).with_context(**hostile).action_suggest_order()
        order = self.suggest(user=self.area_manager)
        self.assertEqual(order.state, "draft")
        with self.assertRaises(AccessError):
            self.get_position(self.beta, self.tea).with_user(self.area_manager).action_suggest_order()

    def test_who_is_no_active_distributor_is_refused_with_a_sentence(self):
        with self.assertRaisesRegex(UserError, "not an active distributor"):
            self.customer.with_user(self.desk).action_suggest_order()
        self.alpha.distributor_state = "suspended"
        with self.assertRaisesRegex(UserError, "Alpha Trading is not an active"):
            self.suggest()

    def test_company_of_another_price_list_and_unit_is_priced_by_core(self):
        self.stock(self.tea, 1000)
        self.sell(self.alpha, self.tea, 5)
        self.pricelist.item_ids = [
            Command.create({"compute_price": "percentage", "percent_price": 10, "min_quantity": 50, "applied_on": "3_global"})
        ]
        self.assertEqual(self.suggest().amount_untaxed, 900)
