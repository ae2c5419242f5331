import json

from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestAddress(PortalCommon):
    """Core's address pages: a distributor's user edits its own contact and nothing else."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)
        self.depot = self.alpha.child_ids.filtered(lambda partner: partner.type == "delivery")

    def submit(self, partner, **values):
        country = self.env.ref("base.be")
        data = {
            "partner_id": partner.id,
            "address_type": "billing",
            "name": "HACKED",
            "email": "hacked@example.com",
            "phone": "1",
            "street": "x",
            "city": "y",
            "zip": "1000",
            "country_id": country.id,
            **values,
        }
        return self.post("/my/address/submit", data)

    def test_company_addresses_and_colleagues_are_out_of_reach(self):
        for partner in (self.alpha, self.depot, self.alpha_user2.partner_id, self.beta, self.beta_user.partner_id):
            before = partner.name
            self.assertEqual(self.submit(partner).status_code, 403, before)
            self.assertEqual(self.get(f"/my/address?partner_id={partner.id}").status_code, 403, before)
            self.assertEqual(partner.name, before)

    def test_own_contact_can_be_edited_without_renaming_the_company(self):
        own, company = self.alpha_user.partner_id, self.alpha.name
        answer = self.submit(own, name="New Name", company_name="HACKED", vat="BE0477472701", email=own.email)
        self.assertIn("redirectUrl", json.loads(answer.text), answer.text)
        self.assertEqual((own.name, self.alpha.name), ("New Name", company))

    def test_company_that_is_its_own_user_cannot_rewrite_itself(self):
        gamma = self.create_distributor("Gamma Foods")
        user = self.env["res.users"].create({"name": "Gamma", "login": "t_gamma", "password": "t_gamma", "partner_id": gamma.id})
        user.group_ids = self.env.ref("base.group_portal")
        self.login(user)
        self.assertEqual(self.submit(gamma).status_code, 403)
        self.assertEqual(gamma.name, "Gamma")

    def test_other_customers_keep_core_s_pages(self):
        other = self.create_portal_user(self.customer, "t_customer")
        depot = self.env["res.partner"].create({"name": "Depot", "type": "delivery", "parent_id": self.customer.id})
        self.login(other)
        self.assertEqual(self.submit(depot, name="Renamed", address_type="delivery").status_code, 200)
        self.assertEqual(depot.name, "Renamed")
