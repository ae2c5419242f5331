from odoo import api, models


class DmsDemo(models.AbstractModel):
    _inherit = "dms.demo"

    @api.model
    def _load_schemes(self):
        """Schemes of every kind and orders that get something from them. Called once, by the demo data of this module."""
        from ..demo.loader import load

        load(self.env)
