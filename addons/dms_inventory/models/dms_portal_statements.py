from odoo import api, models


class DmsPortal(models.AbstractModel):
    """The tab of the statements."""

    _inherit = "dms.portal"

    @api.model
    def _get_menu(self, distributor):
        label = self.env._("Statements")
        return [
            *super()._get_menu(distributor),
            {"key": "statements", "label": label, "url": "/my/dms/statements", "icon": "fa-clipboard", "sequence": 36},
        ]
