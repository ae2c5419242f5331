"""Random lives of orders under schemes: whatever is done, the benefit ledger ties to the documents and budgets hold."""

import random

import pytest

from odoo.tests import tagged

from tests import test_random_orders
from tests.test_random_orders import Life

try:
    from odoo.addons.dms_schemes.tests.common import DmsSchemesCommon
except ImportError:  # the suite without schemes
    pytest.skip("dms_schemes is not installed", allow_module_level=True)

SEQUENCES = 50
STEPS = 9
BUDGET = 60.0
WEIGHTS = {**test_random_orders.WEIGHTS, "credit": 2, "apply": 2}
REPEATABLE = {*test_random_orders.REPEATABLE, "apply"}


class SchemeLife(Life):
    """An order that earns percentages, free goods, and a share of a small budget."""

    weights, repeatable = WEIGHTS, REPEATABLE

    def bought(self):
        return self.order.order_line.filtered(lambda line: not line.is_scheme_free)

    def apply(self):
        self.order.with_user(self.case.desk).action_apply_schemes()

    def credit(self):
        invoices = self.order.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        open_ones = invoices.filtered(lambda move: move.payment_state != "reversed")
        if open_ones:
            open_ones[:1]._reverse_moves(cancel=True)

    def picture(self):
        rows = self.order.scheme_application_ids
        ledger = sorted((row.id, row.state, row.benefit_amount, row.returned_amount, row.consumed_company_amount) for row in rows)
        lines = sorted((line.id, line.scheme_discount, line.scheme_percent, line.product_uom_qty) for line in self.order.order_line)
        return (*super().picture(), ledger, lines)

    def check(self):
        super().check()
        case, order = self.case, self.order
        rows = order.scheme_application_ids.filtered(lambda row: row.state != "reversed")
        if order.state == "cancel":
            case.assertFalse(rows, f"{self.done}: a cancelled order has no benefit")
            return
        case.assertTied(order)
        states = {"committed"} if order.state == "sale" else {"draft"}
        case.assertLessEqual(set(rows.mapped("state")), states, self.done)
        self.check_ledger(rows)
        self.check_free_goods(rows)
        self.check_budget()

    def check_ledger(self, rows):
        """Parts sum to the whole, and nothing is consumed or taken back beyond it."""
        for row in rows:
            self.case.assertGreater(row.benefit_amount, 0.0, self.done)
            if not row.free_product_id:
                self.case.assertAlmostEqual(sum(row.line_ids.mapped("amount")), row.benefit_amount, 6, self.done)
            self.case.assertLessEqual(row.returned_amount, row.benefit_amount + 1e-6, self.done)
            self.case.assertLessEqual(row.consumed_company_amount, row.benefit_company_amount + 1e-6, self.done)

    def check_free_goods(self, rows):
        given = {(row.scheme_id, row.product_id): row.free_qty for row in rows if row.free_product_id}
        lines = self.order.order_line.filtered(lambda line: line.is_scheme_free and line.product_uom_qty)
        self.case.assertEqual({(line.scheme_id, line.scheme_product_id): line.product_uom_qty for line in lines}, given, self.done)

    def check_budget(self):
        scheme = self.case.budgeted
        committed = self.case.env["dms.scheme.application"].search([("scheme_id", "=", scheme.id), ("state", "=", "committed")])
        used = sum(committed.mapped("benefit_company_amount")) - sum(committed.mapped("returned_company_amount"))
        self.case.assertLessEqual(used, BUDGET + 1e-6, self.done)


@tagged("post_install", "-at_install")
class TestRandomSchemes(DmsSchemesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = [cls.tea, cls.coffee, cls.syrup]
        cls.env.company.dms_duplicate_minutes = 0
        cls.env.ref("dms_schemes.gate_scheme").active = False  # what shrank is confirmed as it is
        cls.create_scheme([(5, "percent", 7.3), (20, "percent", 12.5)], product_ids=cls.tea + cls.coffee)
        cls.create_scheme([cls.free_slab(5, 1, every=5, product=cls.tea)], product_ids=cls.syrup)
        cls.create_scheme([(200, "lump_amount", 9.99)], basis="amount", scope="basket")
        cls.budgeted = cls.create_scheme([(3, "unit_amount", 0.77)], scope="basket", budget_amount=BUDGET)

    def test_any_sequence_keeps_the_ledger_tied(self):
        granted = set()
        for seed in range(SEQUENCES):
            dice = random.Random(1000 + seed)
            self.alpha.distributor_state = "active"
            self.distributor_class.auto_confirm = dice.random() < 0.3
            life = SchemeLife(self, dice)
            with self.subTest(seed=seed):
                for _step in range(STEPS):
                    life.step()
                granted |= set(life.order.scheme_application_ids.mapped("scheme_id"))
        self.assertEqual(len(granted), 4, "every scheme gave something")
