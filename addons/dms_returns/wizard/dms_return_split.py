from odoo import fields, models


class DmsReturnSplit(models.TransientModel):
    _name = "dms.return.split"
    _description = "Part of a Return Line with Another Disposition"

    line_id = fields.Many2one("dms.return.line", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id", related_sudo=False)
    received_qty = fields.Float(related="line_id.received_qty", related_sudo=False)
    product_uom_id = fields.Many2one(related="line_id.product_uom_id", related_sudo=False)
    quantity = fields.Float("Quantity of the New Line", required=True, digits="Product Unit")

    def action_apply(self):
        """Split with the user's own rights: the line checks who may, and how much."""
        self.ensure_one()
        self.line_id.action_split(self.quantity)
        return {"type": "ir.actions.act_window_close"}
