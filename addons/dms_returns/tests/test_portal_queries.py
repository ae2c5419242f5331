from odoo.tests import tagged

from odoo.addons.dms_portal.tests.common import BUDGET

from .case_portal_common import CasePortalCommon


@tagged("post_install", "-at_install")
class TestPortalQueries(CasePortalCommon):
    def paths(self):
        return (
            "/my/dms",
            "/my/dms/returns",
            "/my/dms/returns?status=open&search=RT",
            "/my/dms/claims",
            f"/my/dms/returns/{self.mine['return'].id}",
            f"/my/dms/claims/{self.mine['claim'].id}",
            "/my/dms/returns/new",
            f"/my/dms/returns/new?delivery={self.mine['picking'].id}",
            f"/my/dms/returns/new?invoice={self.mine['invoice'].id}",
            "/my/dms/claims/new",
            f"/my/dms/claims/new?type_id={self.difference.id}&invoice={self.mine['invoice'].id}",
            f"/my/dms/claims/new?type_id={self.transit.id}&delivery={self.mine['picking'].id}",
        )

    def test_pages_stay_within_their_budget_whatever_the_rows(self):
        self.login(self.alpha_user)
        before = {path: self.warm(path) for path in self.paths()}
        self.assertFalse({path: count for path, count in before.items() if count > BUDGET}, before)
        products = [self.create_product(f"T {n}", f"T-N{n}", n) for n in range(1, 9)]
        order = self.create_portal_order(self.alpha, dict.fromkeys(products, 9))
        order.action_confirm()
        self.deliver(order)
        for number in range(4):
            lines = dict.fromkeys(order.order_line, 1 + number % 2)
            case = self.create_return(self.alpha, lines, self.alpha_user)
            if number:
                case.with_user(self.alpha_user)._submit_own()
            self.create_claim(self.alpha, self.alpha_user, reference=f"T-{number}", amount_claimed=5.0)
        self.mine["return"].message_post(body="one more", message_type="comment", subtype_xmlid="mail.mt_comment")
        after = {path: self.warm(path) for path in self.paths()}
        self.assertFalse({path: (before[path], count) for path, count in after.items() if count > before[path] + 1}, after)
        self.assertFalse({path: count for path, count in after.items() if count > BUDGET}, after)
