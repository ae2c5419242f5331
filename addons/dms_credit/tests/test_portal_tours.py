from odoo.tests import tagged

from .portal_common import CreditPortalCommon


@tagged("post_install", "-at_install")
class TestCreditPhone(CreditPortalCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_payment_is_announced_on_a_phone(self):
        before = self.advices_of(self.alpha)
        self.start_tour("/my/dms/credit", "dms_credit_payment", login=self.alpha_user.login)
        advice = self.advices_of(self.alpha) - before
        self.assertEqual((advice.amount, advice.reference, advice.invoice_ids), (60.0, "TOUR 1", self.mine["overdue"]))
        self.assertEqual(advice._get_proofs().mapped("mimetype"), ["image/jpeg"])
