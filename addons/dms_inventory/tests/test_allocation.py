from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import InventoryCommon


@tagged("post_install", "-at_install")
class TestAllocation(InventoryCommon):
    """Tea is short: 60 are there, 100 and 40 were ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock(cls.tea, 60)
        cls.first, cls.second = cls.create_order(cls.alpha, {cls.tea: 100}), cls.create_order(cls.beta, {cls.tea: 40})
        (cls.first | cls.second).action_confirm()

    @classmethod
    def stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse.lot_stock_id, quantity)

    def propose(self, **values):
        values = {"product_id": self.tea.id, "warehouse_id": self.warehouse.id, "weight_by": "equal", **values}
        return self.env["dms.stock.allocation"].with_user(self.desk).create(values).with_env(self.env)

    def shares(self, allocation):
        return {line.distributor_id: line.quantity for line in allocation.line_ids}

    def reserved(self):
        return [sum(order.picking_ids.move_ids.mapped("quantity")) for order in (self.first, self.second)]

    def test_proposal_and_reservations(self):
        self.assertEqual(self.reserved(), [60, 0], "who confirms first takes it all")
        allocation = self.propose()
        self.assertEqual((allocation.supply_qty, allocation.ordered_qty, allocation.left_qty), (60, 140, 0))
        self.assertEqual(self.shares(allocation), {self.alpha: 30, self.beta: 30})
        allocation.with_user(self.desk).action_apply()
        allocation.with_user(self.desk).action_apply()
        self.assertEqual((allocation.state, allocation.applied_by_id, self.reserved()), ("applied", self.desk, [30, 30]))

    def test_weights(self):
        self.beta.distributor_class_id = self.distributor_class.copy({"code": "T-SMALL", "allocation_weight": 0.5})
        self.append(self.tea, 100, 40)
        self.append(self.tea, -90, 10, "sellout")
        self.append(self.tea, 100, 40, distributor=self.beta)
        self.append(self.tea, -30, 10, "sellout", distributor=self.beta)
        for weight_by, shares in {"equal": [30, 30], "ordered": [43, 17], "class": [40, 20], "norm": [45, 15]}.items():
            allocation = self.propose(weight_by=weight_by)
            with self.subTest(weight_by):
                self.assertEqual(allocation.line_ids.mapped("quantity"), shares)
            allocation.action_cancel()
            self.env.flush_all()

    def test_whole_cases(self):
        self.tea.order_multiple = 12
        self.assertEqual(self.propose().line_ids.mapped("quantity"), [36, 24])

    def test_the_planner_changes_shares_within_what_is_there(self):
        allocation = self.propose()
        lines = allocation.line_ids.with_user(self.desk)
        for quantities, message in (((31, 30), "More is given"), ((-1, 30), "ordered"), ((10, 41), "ordered")):
            lines[0].quantity, lines[1].quantity = quantities
            with self.subTest(quantities), self.assertRaisesRegex(UserError, message):
                allocation.with_user(self.desk).action_apply()
        lines[0].quantity, lines[1].quantity = 20, 40
        allocation.with_user(self.desk).action_apply()
        self.assertEqual(self.reserved(), [20, 40])
        with self.assertRaises(UserError):
            lines[0].quantity = 5

    def test_what_has_changed_since_is_proposed_anew(self):
        allocation = self.propose()
        self.stock(self.tea, 5)
        with self.assertRaisesRegex(UserError, "changed"):
            allocation.action_apply()
        allocation.with_user(self.desk).action_propose()
        self.create_order(self.beta, {self.tea: 5}).action_confirm()
        with self.assertRaisesRegex(UserError, "changed"):
            allocation.action_apply()

    def test_shortages_are_found_once(self):
        self.stock(self.coffee, 1000)
        self.create_order(self.alpha, {self.coffee: 10}).action_confirm()
        for _time in range(2):
            self.env["dms.stock.allocation"].with_user(self.desk).action_find_shortages()
        found = self.env["dms.stock.allocation"].search([("product_id", "in", (self.tea | self.coffee).ids)])
        self.assertEqual(found.product_id, self.tea)
        self.assertEqual(len(found), 1)

    def test_other_customers_keep_what_they_have(self):
        self.stock(self.coffee, 10)
        plain = self.create_order(self.customer, {self.coffee: 6})
        mine = self.create_order(self.alpha, {self.coffee: 20})
        (plain | mine).action_confirm()
        allocation = self.propose(product_id=self.coffee.id)
        self.assertEqual((allocation.supply_qty, self.shares(allocation)), (4, {self.alpha: 4}))

    def test_nobody_else_shares_out(self):
        allocation = self.propose()
        for user in (self.area_manager, self.salesperson, self.alpha_user, self.employee):
            records = allocation.with_user(user).with_context(state="draft", default_state="draft")
            for method in ("action_apply", "action_propose", "action_cancel", "action_find_shortages"):
                with self.subTest(user=user.name, method=method), self.assertRaises(AccessError):
                    getattr(records, method)()
        for values in ({"state": "applied"}, {"supply_qty": 1e6}):
            with self.subTest(values), self.assertRaises(UserError):
                allocation.with_user(self.manager).write(values)
        with self.assertRaises(UserError):
            allocation.line_ids[0].with_user(self.manager).write({"ordered_qty": 500})
        with self.assertRaises(UserError):
            allocation.line_ids[0].with_user(self.manager).write({"quantity": float("nan")})
