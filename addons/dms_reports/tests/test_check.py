from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.document_sums import BASES
from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestTieOut(ReportsCommon):
    def check(self):
        return self.env["dms.sales.check"]._check(self.company).grouped("basis")

    def work(self):
        """Documents of every basis."""
        self.create_scheme([(10, "percent", 10)], product_ids=self.tea)
        self.create_scheme([self.free_slab(5, 1, every=5)], product_ids=self.coffee)
        order = self.create_order(self.alpha, {self.tea: 20, self.coffee: 10})
        order.action_confirm()
        invoice = self.invoice(order, deliver=True)
        order.picking_ids._dms_receive(date=self.day(1))
        self.give_back(order.picking_ids, {self.tea: 2})
        self.credit(invoice, 1)
        self.report([{"product_id": self.tea.id, "quantity": 4, "price_unit": 7.5}], date=self.today)

    def test_facts_and_documents_are_even(self):
        self.work()
        for folded in (False, True):
            checks = self.check()
            self.assertEqual(checks.keys(), BASES.keys())
            for basis, check in checks.items():
                self.assertEqual((basis, check.difference, check.state, check.line_count), (basis, 0.0, "even", 0), check.line_ids.read())
                self.assertTrue(check.fact_amount, f"{basis} has something to compare")
            if not folded:
                self.fold()

    def test_row_that_was_tampered_with_is_shown_and_made_anew(self):
        self.work()
        self.fold()
        self.env.cr.execute(
            "UPDATE dms_sales_fact SET net_amount = net_amount + 5 WHERE id = (SELECT MIN(id) FROM dms_sales_fact WHERE distributor_id = %s AND net_amount > 0)",
            [self.alpha.id],
        )
        net = self.check()["net"]
        self.assertEqual((net.difference, net.state, net.line_count), (5.0, "differs", 1))
        self.assertEqual((net.line_ids.distributor_id, net.line_ids.date), (self.alpha, self.today))
        self.assertEqual(net.line_ids.fact_amount - net.line_ids.document_amount, 5.0)
        net.line_ids.with_user(self.manager).action_rebuild()
        self.assertEqual((net.state, net.difference, net.line_ids.ids), ("even", 0.0, []))

    def test_row_that_is_lost_is_shown(self):
        self.work()
        self.fold()
        self.env.cr.execute("DELETE FROM dms_sales_fact WHERE distributor_id = %s", [self.alpha.id])
        for basis, check in self.check().items():
            self.assertEqual((basis, check.state, check.line_ids.distributor_id), (basis, "differs", self.alpha))

    def test_nightly_check_tells_managers_once_until_it_is_even_again(self):
        self.work()
        self.fold()
        self.env.cr.execute("UPDATE dms_sales_fact SET sellout_qty = 1 WHERE distributor_id = %s AND sellout_qty > 0", [self.alpha.id])
        for _night in range(2):
            self.env["dms.sales.check"]._cron_dms_check()
        sellout = self.env["dms.sales.check"].search([("basis", "=", "sellout"), ("company_id", "=", self.company.id)])
        self.assertEqual(len(sellout.activity_ids.filtered(lambda activity: activity.user_id == self.manager)), 1)
        self.facts._rebuild()
        self.env["dms.sales.check"]._cron_dms_check()
        self.assertFalse(sellout.activity_ids)

    def test_others_may_not_compare(self):
        for user in (self.desk, self.area_manager, self.employee, self.alpha_user):
            with self.assertRaises(AccessError):
                self.env["dms.sales.check"].with_user(user).action_check()
        self.env["dms.sales.check"].with_user(self.manager).action_check()
