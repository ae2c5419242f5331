from datetime import datetime

import pytz

from odoo import api, fields, models, tools


class ResCompany(models.Model):
    _inherit = "res.company"

    dms_duplicate_minutes = fields.Integer(
        "Duplicate Order Window (minutes)",
        default=10,
        groups="base.group_user",
        help="An order with the same products and quantities as another of the same distributor within this time is held.",
    )
    dms_price_gate = fields.Boolean(
        "Check Prices of Incoming Orders",
        default=True,
        groups="base.group_user",
        help="Hold orders not entered in the backend whose price or discount differs from the distributor's price list.",
    )
    dms_release_days = fields.Integer(
        "Release Validity (days)",
        default=7,
        groups="base.group_user",
        help="Days for which the release of a hold covers the order; 0 for no end.",
    )

    _dms_duplicate_minutes_positive = models.Constraint("CHECK(dms_duplicate_minutes >= 0)", "The duplicate window cannot be negative.")
    _dms_release_days_positive = models.Constraint("CHECK(dms_release_days >= 0)", "The release validity cannot be negative.")

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self.env.registry.clear_cache()  # the time zone of its partner is kept
        return result

    @api.model
    def _dms_get_all(self):
        """Every company, with full rights: for jobs and for views that need to know which day it is for each."""
        return self.sudo().search_fetch([], ["partner_id"])  # the day it is for each, nothing else

    def _dms_tz(self):
        """Time zone that decides which day it is for this company: that of its partner, else UTC."""
        self.ensure_one()
        return pytz.timezone(self._dms_tz_name())

    @tools.ormcache("self.id")
    def _dms_tz_name(self):
        return self.sudo().partner_id.tz or "UTC"  # the time zone only

    def _dms_local(self, moment: datetime) -> datetime:
        """``moment`` (naive UTC) as the company's clock shows it, naive."""
        return pytz.utc.localize(moment).astimezone(self._dms_tz()).replace(tzinfo=None)

    def _dms_utc(self, local: datetime) -> datetime:
        """Inverse of :meth:`_dms_local`."""
        return self._dms_tz().localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _dms_today(self):
        """Today in the company's time zone, whoever is logged in."""
        return self._dms_local(fields.Datetime.now()).date()
