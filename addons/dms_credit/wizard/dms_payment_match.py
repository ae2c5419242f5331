from odoo import api, fields, models
from odoo.exceptions import UserError


class DmsPaymentMatch(models.TransientModel):
    """Proposes the payments a notice may announce; what is decided here is checked by the notice."""

    _name = "dms.payment.match"
    _description = "Match a Payment Advice"

    advice_id = fields.Many2one("dms.payment.advice", required=True, readonly=True, ondelete="cascade")
    distributor_id = fields.Many2one(related="advice_id.distributor_id", related_sudo=False)
    company_id = fields.Many2one(related="advice_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="advice_id.currency_id", related_sudo=False)
    advice_amount = fields.Monetary(related="advice_id.amount", related_sudo=False, string="Announced")
    advice_date = fields.Date(related="advice_id.date", related_sudo=False)
    reference = fields.Char(related="advice_id.reference", related_sudo=False)
    invoice_ids = fields.Many2many(related="advice_id.invoice_ids", related_sudo=False)
    payment_id = fields.Many2one("account.payment", help="The most likely one is chosen; choose another if it is wrong.")
    line_ids = fields.One2many("dms.payment.match.line", "match_id", "Likely Payments", readonly=True)
    journal_id = fields.Many2one("account.journal")
    amount = fields.Monetary("Amount Received")
    date = fields.Date("Received On")

    def action_match(self):
        """Match the chosen payment."""
        self.ensure_one()
        if not self.payment_id:
            raise UserError(self.env._("Choose the payment, or register it."))
        self.advice_id.action_match(self.payment_id.id)
        return {"type": "ir.actions.act_window_close"}

    def action_register(self):
        """Register, post and match the payment that is not in the books yet."""
        self.ensure_one()
        if not self.journal_id or not self.date:
            raise UserError(self.env._("Choose the journal and the day on which the payment arrived."))
        self.advice_id._register_payment(self.journal_id, self.amount, self.date)
        return {"type": "ir.actions.act_window_close"}


class DmsPaymentMatchLine(models.TransientModel):
    _name = "dms.payment.match.line"
    _description = "Likely Payment"

    match_id = fields.Many2one("dms.payment.match", required=True, readonly=True, ondelete="cascade")
    payment_id = fields.Many2one("account.payment", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="payment_id.currency_id", related_sudo=False)
    date = fields.Date(related="payment_id.date", related_sudo=False)
    memo = fields.Char(related="payment_id.memo", related_sudo=False)
    amount = fields.Monetary(related="payment_id.amount", related_sudo=False)
    difference = fields.Monetary(compute="_compute_difference", help="What arrived less what was announced.")

    @api.depends("payment_id.amount", "match_id.advice_id.amount")
    def _compute_difference(self):
        for line in self:
            line.difference = line.payment_id.amount - line.match_id.advice_id.amount

    def action_match(self):
        """Match this payment instead of the one proposed first."""
        self.ensure_one()
        self.match_id.advice_id.action_match(self.payment_id.id)
        return {"type": "ir.actions.act_window_close"}
