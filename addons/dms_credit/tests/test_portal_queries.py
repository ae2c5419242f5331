from odoo.tests import tagged

from odoo.addons.dms_portal.tests.common import BUDGET

from .portal_common import CreditPortalCommon

PAGES = (
    "/my/dms",
    "/my/dms/credit",
    "/my/dms/credit/statement",
    "/my/dms/credit/payments",
    "/my/dms/credit/payments/new",
    "/my/dms/credit/limits",
)


@tagged("post_install", "-at_install")
class TestPortalQueries(CreditPortalCommon):
    def test_pages_stay_within_their_budget(self):
        self.account.action_set_limit(110, "less")  # with all that can stand on the page
        order = self.create_portal_order(self.alpha, {self.tea: 50})
        order.action_dms_submit()
        self.login(self.alpha_user)
        counts = {path: self.warm(path) for path in (*PAGES, f"/my/dms/credit/payments/{self.mine['advice'].id}")}
        self.assertFalse({path: count for path, count in counts.items() if count > BUDGET}, counts)

    def test_cost_does_not_depend_on_the_rows(self):
        self.login(self.alpha_user)
        before = {path: self.warm(path) for path in PAGES}
        for number in range(12):
            move = self.create_receivable(10 + number, -number)
            self.submit(self.alpha_user, reference=f"More {number}", invoice_ids=move.ids)
            self.create_portal_order(self.alpha, {self.tea: 1 + number}).action_dms_submit()
        for path in PAGES:
            self.assertLessEqual(self.warm(path), before[path] + 1, path)

    def test_verdict_on_the_pad_costs_the_same_for_more_lines(self):
        self.account.overdue_grace_days = 90
        products = [self.create_product(f"T {n}", f"T-N{n}", 1.0) for n in range(30)]
        self.login(self.alpha_user)

        def price(products):
            lines = [self.line(product, 1) for product in products]

            def ask():
                answer = self.call("/my/dms/pad/price", lines=lines)
                self.assertEqual([verdict["tone"] for verdict in answer["verdicts"]], ["success"])

            ask()
            return min(self.count(ask) for _time in range(2))

        self.assertLessEqual(price(products), price(products[:2]))
