from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "dms.case.counts"]

    def _get_dms_returns(self):
        """Of what a delivery brought, or the one a transfer takes back."""
        own = self.filtered("dms_return_id")
        lines = {picking: picking.move_ids.sale_line_id for picking in self - own if picking.picking_type_code == "outgoing"}
        none = dict.fromkeys(self, self.env["dms.return"])
        return {**none, **self._get_dms_returns_of(lines), **{picking: picking.dms_return_id for picking in own}}

    def _get_dms_claims(self):
        return self._get_dms_claims_by("picking_id")
