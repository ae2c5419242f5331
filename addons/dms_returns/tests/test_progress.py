from odoo.tests import tagged

from .claims_common import ClaimsCommon
from .common import ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnProgress(ReturnsCommon):
    """Goods and money move on by transfers and credit notes, states by decisions."""

    def ship(self, quantity=10, invoiced=True):
        order = self.create_order(self.alpha, {self.tea: quantity}, user_id=False)
        order.action_confirm()
        self.deliver(order)
        invoice = self.invoice(order) if invoiced else order.invoice_ids
        return order.order_line, invoice

    def assertProgress(self, case, *expected):
        case = case.with_user(self.officer)
        self.assertEqual((case.state, case.goods_progress, case.money_progress), expected)

    def test_each_step(self):
        line, invoice = self.ship()
        case = self.submit(self.create_return({line: 5}))
        self.assertProgress(case, "submitted", "none", "none")
        self.approve(case)
        self.assertProgress(case, "approved", "waiting", "none")
        self.bring(case, {self.tea: 2}, cancel_rest=False)
        self.assertProgress(case, "approved", "partial", "none")
        self.bring(case)
        self.assertProgress(case, "received", "arrived", "none")
        self.inspect(case)
        case.with_user(self.officer).action_settle()
        self.assertProgress(case, "settled", "arrived", "used")
        case.refund_ids.line_ids.remove_move_reconcile()
        self.assertProgress(case, "settled", "arrived", "credited")
        case.with_user(self.claims_manager).action_reverse("wrong goods")
        self.assertProgress(case, "cancelled", "arrived", "none")

    def test_rest_that_never_comes_is_not_waited_for(self):
        case = self.approve(self.submit(self.create_return({self.ship()[0]: 5})))
        self.bring(case, {self.tea: 2})
        self.assertProgress(case, "received", "arrived", "none")

    def test_goods_not_invoiced_are_not_credited(self):
        case = self.send_back({self.ship(invoiced=False)[0]: 5})
        self.inspect(case)
        case.with_user(self.officer).action_settle()
        self.assertProgress(case, "settled", "arrived", "none")

    def test_list_costs_the_same_whatever_its_length(self):
        cases = self.env["dms.return"].union(*(self.send_back({self.ship(quantity)[0]: 5}) for quantity in (6, 7, 8)))

        def count(cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cases.with_user(self.officer).read(["goods_progress", "money_progress"])
            return self.cr.sql_log_count - before

        count(cases)
        self.assertEqual(count(cases[:1]), count(cases))


@tagged("post_install", "-at_install")
class TestClaimProgress(ClaimsCommon):
    def test_each_step(self):
        claim = self.create_claim("spend", amount_claimed=5.0)
        self.assertEqual(claim.with_user(self.officer).money_progress, "none")
        note = self.settle(claim)
        self.assertEqual(claim.with_user(self.officer).money_progress, "credited")
        invoice = self.invoice_of(self.buy({self.tea: 10}))
        lines = (note | invoice).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.assertEqual(claim.with_user(self.officer).money_progress, "used")
