from odoo import fields, models


class DmsHoldPartialRelease(models.TransientModel):
    """Asks for the note of a release in part; the hold checks who decides, and splits the order."""

    _name = "dms.hold.partial.release"
    _description = "Release a Held Order in Part"

    hold_id = fields.Many2one(
        "dms.order.hold", required=True, readonly=True, ondelete="cascade", default=lambda self: self._default_hold_id()
    )
    order_id = fields.Many2one(related="hold_id.order_id", related_sudo=False)
    distributor_id = fields.Many2one(related="hold_id.distributor_id", related_sudo=False)
    currency_id = fields.Many2one(related="hold_id.currency_id", related_sudo=False)
    amount_total = fields.Monetary(related="hold_id.amount_total", related_sudo=False)
    credit_currency_id = fields.Many2one(related="hold_id.credit_currency_id", related_sudo=False)
    available_amount = fields.Monetary(related="hold_id.credit_available_amount", related_sudo=False, currency_field="credit_currency_id")
    note = fields.Text(required=True, help="Kept with the hold; seen by staff only.")

    def _default_hold_id(self):
        is_hold = self.env.context.get("active_model") == "dms.order.hold"
        return self.env["dms.order.hold"].browse(is_hold and self.env.context.get("active_id"))

    def action_release(self):
        """Let go what fits into the credit; the rest waits in an order of its own."""
        self.ensure_one()
        self.hold_id.action_release_part(self.note or "")
        return {"type": "ir.actions.act_window_close"}
