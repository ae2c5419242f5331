from odoo.tests import tagged

from .portal_common import SchemePortalCommon


class SchemeTourCase(SchemePortalCommon):
    """A distributor sees an offer, takes it, orders, and finds what it earned."""

    def setUp(self):
        super().setUp()
        self.tax.amount = 0
        self.create_scheme([self.free_slab(24, 1, every=24)], name="Two and one", product_ids=self.coffee)

    def run_tour(self):
        before = self.orders_of(self.alpha)
        self.start_tour("/my/dms/schemes", "dms_schemes_portal", login=self.alpha_user.login)
        order = self.orders_of(self.alpha) - before
        quantities = [(line.product_id, line.product_uom_qty, line.is_scheme_free) for line in order.order_line]
        self.assertEqual(sorted(quantities, key=lambda row: row[2]), [(self.coffee, 24.0, False), (self.coffee, 1.0, True)])
        self.assertEqual((order.dms_state, order.amount_untaxed), ("submitted", 600.0))


@tagged("post_install", "-at_install")
class TestSchemeDesk(SchemeTourCase):
    browser_size = "1366x768"

    def test_offer_is_taken_at_the_desk(self):
        self.run_tour()


@tagged("post_install", "-at_install")
class TestSchemePhone(SchemeTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_offer_is_taken_on_a_phone(self):
        self.run_tour()
