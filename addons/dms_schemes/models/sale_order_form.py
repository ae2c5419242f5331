from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.onchange("order_line", "partner_id", "pricelist_id")
    def _onchange_dms_schemes(self):
        """Show what schemes take off while an order is being typed; free goods and the ledger follow when it is saved."""
        if self.distributor_id and self.state != "cancel":
            lines, result = self._dms_evaluate_schemes()
            self._dms_take_reductions(lines, result)
