from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestToken(PortalCommon):
    def once(self, distributor=None, kind="draft", token="t" * 20):
        made = []

        def action():
            made.append(self.create_portal_order(self.alpha, {self.tea: 1}))
            return made[-1]

        tokens = self.env["dms.portal.token"].with_user(self.alpha_user)
        record, new = tokens._once(distributor or self.alpha, kind, token, action)
        return record, new, len(made)

    def test_second_use_gives_the_first_result(self):
        first, new, made = self.once()
        self.assertEqual((new, made), (True, 1))
        second, new, made = self.once()
        self.assertEqual((second, new, made), (first, False, 0))

    def test_tokens_are_apart_by_form_and_distributor(self):
        first = self.once()[0]
        self.assertNotEqual(self.once(kind="submit")[0], first)
        self.assertNotEqual(self.once(distributor=self.beta)[0], first, "the token of another distributor is worth nothing")

    def test_a_failed_action_leaves_the_token_free(self):
        def fail():
            raise UserError(self.env._("no"))

        tokens = self.env["dms.portal.token"].with_user(self.alpha_user)
        with self.assertRaises(UserError), self.cr.savepoint():
            tokens._once(self.alpha, "draft", "t" * 20, fail)
        self.assertTrue(self.once()[1])

    def test_result_that_is_gone_is_told(self):
        self.once()[0].unlink()
        with self.assertRaises(UserError):
            self.once()

    def test_old_tokens_are_dropped(self):
        self.once()
        self.cr.execute("UPDATE dms_portal_token SET create_date = create_date - interval '31 days'")
        self.env["dms.portal.token"]._gc_tokens()
        self.assertFalse(self.env["dms.portal.token"].search([("distributor_id", "=", self.alpha.id)]))
