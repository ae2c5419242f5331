from odoo.http import request, route

from .frame import DistributorPortal, page


class DistributorHome(DistributorPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "dms_order_count" in counters:
            distributor = request.env["dms.portal"]._get_distributor()
            domain = [("distributor_id", "=", distributor.id)]
            values["dms_order_count"] = request.env["sale.order"].search_count(domain, limit=1) or 1 if distributor else 0
        return values

    @route("/my/dms", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_home(self, **kwargs):
        distributor = self._dms_distributor()
        Portal = request.env["dms.portal"].sudo()  # documents of the distributor checked above; plain values leave
        cards = Portal._sorted(Portal._get_cards(distributor))
        return self._dms_render("dms_portal.home", "home", {"cards": cards})

    @route("/my/dms/account", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_account(self, **kwargs):
        distributor = self._dms_distributor()
        return self._dms_render("dms_portal.account", "account", {"account": distributor._prepare_dms_account_values()})
