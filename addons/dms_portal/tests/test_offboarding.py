from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestOffboarding(PortalCommon):
    def close(self, user=None, actor=None):
        return (user or self.alpha_user).partner_id.with_user(actor or self.manager).action_dms_close_portal_access()

    def test_session_keys_links_and_subscriptions_end(self):
        order = self.mine["done"]
        order.message_subscribe(self.alpha_user.partner_id.ids)
        order.access_token = "leaked-token"
        foreign = self.theirs["done"]
        foreign.access_token = "their-token"
        keys = self.env["res.users.apikeys"].with_user(self.alpha_user)
        keys._generate("rpc", "t", datetime.now() + timedelta(hours=1))
        self.login(self.alpha_user)
        self.assertEqual(self.get("/my/dms").status_code, 200)
        self.close()
        self.assertFalse(self.alpha_user.active)
        self.assertIn("/web/login", self.get("/my/dms").headers["Location"])
        self.assertFalse(self.env["res.users.apikeys"].search([("user_id", "=", self.alpha_user.id)]))
        self.assertNotIn(self.alpha_user.partner_id, order.message_partner_ids)
        self.assertNotEqual(order.access_token, "leaked-token")
        self.assertEqual(foreign.access_token, "their-token")

    def test_old_session_stays_dead_when_the_user_returns(self):
        self.login(self.alpha_user)
        self.close()
        self.alpha_user.active = True
        self.assertIn("/web/login", self.get("/my/dms").headers["Location"])

    def test_colleagues_keep_their_access(self):
        self.close()
        self.assertTrue(self.alpha_user2.active)
        self.login(self.alpha_user2)
        self.assertEqual(self.get("/my/dms").status_code, 200)

    def test_only_managers_may(self):
        for actor in (self.desk, self.salesperson, self.alpha_user2, self.beta_user):
            with self.assertRaises(AccessError):
                self.close(actor=actor)
        self.assertTrue(self.alpha_user.active)

    def test_staff_and_other_customers_are_not_touched(self):
        other = self.create_portal_user(self.customer, "t_customer")
        for user in (other, self.desk):
            with self.assertRaises(UserError):
                self.close(user)
            self.assertTrue(user.active)

    def test_contact_that_moves_follows_nothing_of_the_old_distributor(self):
        order, contact = self.mine["done"], self.alpha_user.partner_id
        order.message_subscribe(contact.ids)
        contact.parent_id = self.beta
        self.assertNotIn(contact, order.message_partner_ids)
        self.login(self.alpha_user)
        self.assertEqual(self.get(f"/my/dms/orders/{order.id}").status_code, 404)
        self.assertEqual(self.get(f"/my/dms/orders/{self.theirs['done'].id}").status_code, 200)

    def test_button_is_shown_for_users_only(self):
        partners = (self.alpha_user.partner_id | self.alpha | self.customer).with_user(self.manager)
        self.assertEqual(partners.mapped("dms_has_portal_access"), [True, False, False])
