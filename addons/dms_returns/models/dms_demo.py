from odoo import api, models


class DmsDemo(models.AbstractModel):
    _inherit = "dms.demo"

    @api.model
    def _load_returns(self):
        """Returns and claims in every state, with photos and decisions. Called once, by the demo data of this module."""
        from ..demo.loader import load

        load(self.env)
