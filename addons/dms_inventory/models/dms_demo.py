from odoo import api, models


class DmsDemo(models.AbstractModel):
    _inherit = "dms.demo"

    @api.model
    def _load_stock(self):
        """Months of receipts, statements and counts, a shortage and a recall. Called once, by the demo data of this module."""
        from ..demo.loader import load

        load(self.env)
