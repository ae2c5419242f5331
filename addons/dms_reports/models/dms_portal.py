from odoo import api, models


class DmsPortal(models.AbstractModel):
    """Purchases and sell-out in the distributors' portal: a tab and a card."""

    _inherit = "dms.portal"

    @api.model
    def _get_menu(self, distributor):
        entry = {"key": "reports", "label": self.env._("Reports"), "url": "/my/dms/reports", "icon": "fa-bar-chart", "sequence": 50}
        return [*super()._get_menu(distributor), entry]

    @api.model
    def _get_cards(self, distributor):
        return [*super()._get_cards(distributor), self._get_reports_card()]

    def _get_reports_card(self):
        """Ways to the page; figures would cost the home page queries."""
        _, url = self.env._, "/my/dms/reports"
        rows = [
            {"label": _("The last 12 months"), "detail": _("by month, category and product, against target"), "url": url},
            {"label": _("The last 3 months"), "detail": "", "url": f"{url}?months=3"},
        ]
        action = {"label": _("Download as a spreadsheet"), "url": f"{url}/xlsx"}
        return self._prepare_card("reports", _("Purchases & sell-out"), icon="fa-bar-chart", sequence=60, rows=rows, action=action)
