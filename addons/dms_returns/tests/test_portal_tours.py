from odoo.tests import tagged

from .case_portal_common import CasePortalCommon


@tagged("post_install", "-at_install")
class TestReturnOnPhone(CasePortalCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_return_is_started_on_a_phone(self):
        self.start_tour("/my/dms", "dms_returns_return", login=self.alpha_user.login)
        self.env.invalidate_all()
        case = self.returns_of(self.alpha)[-1]
        self.assertEqual((case.state, case.line_ids.quantity, case.line_ids.product_id), ("submitted", 2.0, self.tea))
        self.assertEqual(case.line_ids.reason_id, self.proven)
        self.assertEqual(case.evidence_ids.dms_evidence_type_id, self.photo_type)
        self.assertTrue(case.message_ids.filtered(lambda message: "fetch it" in message.body))
