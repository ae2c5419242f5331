from odoo import models


class DmsStockPosition(models.Model):
    _inherit = "dms.stock.position"

    def action_suggest_order(self):
        """Drafts for the distributors of these positions, see ``res.partner.action_suggest_order``."""
        self.check_access("read")
        return self.distributor_id.action_suggest_order()
