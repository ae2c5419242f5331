from datetime import datetime

from odoo.tests import tagged

from .common import DmsCommon


@tagged("post_install", "-at_install")
class TestCompanyDay(DmsCommon):
    """Which day it is for a company, whose time zone is kept."""

    def day(self):
        return self.company._dms_local(datetime(2025, 3, 1, 20)).day

    def test_the_day_follows_the_time_zone_of_the_company(self):
        self.company.partner_id.tz = "UTC"
        self.assertEqual(self.day(), 1)
        self.company.partner_id.tz = "Pacific/Auckland"
        self.assertEqual(self.day(), 2)

    def test_the_day_follows_another_partner_of_the_company(self):
        self.company.partner_id.tz = "UTC"
        self.assertEqual(self.day(), 1)
        self.company.partner_id = self.env["res.partner"].create({"name": "New Address", "is_company": True, "tz": "Pacific/Auckland"})
        self.assertEqual(self.day(), 2)

    def test_days_cost_no_query(self):
        self.day()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.day()
