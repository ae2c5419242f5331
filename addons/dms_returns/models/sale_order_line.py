from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """What a distributor sent back and was accepted for credit was, in the end, not delivered."""

    _inherit = "sale.order.line"

    dms_return_line_ids = fields.One2many(
        "dms.return.line", "sale_line_id", "Return Lines", readonly=True, copy=False, groups="base.group_user"
    )

    @api.depends("dms_return_line_ids.state", "dms_return_line_ids.accepted_qty", "dms_return_line_ids.return_id.resolution")
    def _compute_qty_delivered(self):
        super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """Returns lower it by what was accepted, not by what came: goods in quarantine stay sold, destroyed ones have no move."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(lambda line: line.qty_delivered_method == "stock_move"):
            delivered[line] = delivered.get(line, 0.0) - line.sudo()._dms_get_credited_quantity()  # returns of the order's own line
        return delivered

    def _dms_get_credited_quantity(self):
        """Accepted by returns for credit, in this line's unit."""
        returned = self.dms_return_line_ids.filtered(
            lambda line: line.state in ("inspected", "settled") and line.return_id.resolution == "credit"
        )
        return sum(
            line.product_uom_id._compute_quantity(line.accepted_qty, self.product_uom_id, rounding_method="HALF-UP") for line in returned
        )
