from odoo import api, models


class DmsDemo(models.AbstractModel):
    _inherit = "dms.demo"

    @api.model
    def _load_reports(self):
        """A year of invoices before those of the lower modules, and targets. Called once, by the demo data of this module."""
        from ..demo.loader import load

        load(self.env)
