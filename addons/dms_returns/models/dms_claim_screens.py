from odoo import api, fields, models


class DmsClaim(models.Model):
    """Buttons and figures of the screens of claims."""

    _inherit = "dms.claim"

    amount_difference = fields.Monetary(
        "Difference",
        compute="_compute_amount_difference",
        groups="base.group_user",
        help="Claimed less calculated: what has to be decided.",
    )
    transporter = fields.Char(
        compute="_compute_transporter", store=True, groups="base.group_user", help="Who carried the delivery, where transfers say so."
    )

    @api.depends("amount_claimed", "amount_calculated")
    def _compute_amount_difference(self):
        for claim in self:
            claim.amount_difference = claim.amount_claimed - claim.amount_calculated

    @api.depends("picking_id")
    def _compute_transporter(self):
        """The carrier of the delivery, if a module for carriers is there; kept as it was."""
        known = "carrier_id" in self.env["stock.picking"]._fields
        for claim in self:
            claim.transporter = claim.picking_id.sudo().carrier_id.name if known else False  # the name of who carried it

    def action_open_invoice(self):
        self.check_access("read")
        return self._prepare_open_action(self.env._("Invoice"), "account.move", self.invoice_id)

    def action_open_picking(self):
        self.check_access("read")
        return self._prepare_open_action(self.env._("Delivery"), "stock.picking", self.picking_id)

    def action_open_refund(self):
        self.check_access("read")
        return self._prepare_open_action(self.env._("Credit Note"), "account.move", self.refund_id)
