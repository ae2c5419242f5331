from odoo import api, models


class DmsDemo(models.AbstractModel):
    _inherit = "dms.demo"

    @api.model
    def _load_credit(self):
        """Limits, invoices, held orders and decisions, dated back from today. Called once, by the demo data of this module."""
        from ..demo.loader import load

        load(self.env)
