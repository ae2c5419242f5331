from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestHome(PortalCommon):
    def test_home_shows_orders_holds_deliveries_and_invoices(self):
        self.login(self.alpha_user)
        page = self.get("/my/dms").text
        for text in (self.alpha.name, self.mine["draft"].name, "below your minimum", self.mine["invoice"].name):
            self.assertIn(text, page)

    def test_new_distributor_finds_helpful_emptiness(self):
        gamma = self.create_distributor("Gamma Foods")
        self.login(self.create_portal_user(gamma, "t_gamma"))
        self.assertIn("No orders yet", self.get("/my/dms").text)
        for page in ("orders", "deliveries", "invoices"):
            self.assertIn("o_dms_empty", self.get(f"/my/dms/{page}").text)

    def test_modules_add_cards_and_tabs(self):
        portal = type(self.env["dms.portal"])
        card = self.env["dms.portal"]._prepare_card("credit", "Your credit", figures=[{"value": "12", "label": "days"}])
        self.patch(portal, "_get_cards", lambda model, distributor: [card])
        self.patch(portal, "_get_menu", lambda model, distributor: [{"key": "credit", "label": "Credit", "url": "/c", "icon": ""}])
        self.login(self.alpha_user)
        page = self.get("/my/dms").text
        self.assertIn("Your credit", page)
        self.assertIn('href="/c"', page)

    def test_card_on_core_s_home_is_for_distributors(self):
        self.login(self.alpha_user)
        self.assertTrue(self.call("/my/counters", counters=["dms_order_count"])["dms_order_count"])
        self.login(self.create_portal_user(self.customer, "t_customer"))
        self.assertFalse(self.call("/my/counters", counters=["dms_order_count"])["dms_order_count"])

    def test_account_page_names_people_and_nothing_of_the_terms(self):
        self.login(self.alpha_user)
        page = self.get("/my/dms/account").text
        self.assertIn(self.alpha_user2.name, page)
        self.assertIn("ALPHAMARK Depot", page)
        for secret in (self.distributor_class.name, self.pricelist.name, self.area_a.name, self.alpha_user2.email):
            self.assertNotIn(secret, page)
