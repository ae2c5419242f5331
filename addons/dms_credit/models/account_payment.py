from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

#: states in which the money counts as received
RECEIVED_STATES = ("in_process", "paid")


class AccountPayment(models.Model):
    """What follows when a distributor's payment is lost: its notice waits again, and a bounced one stops the account."""

    _inherit = "account.payment"

    dms_advice_ids = fields.One2many(
        "dms.payment.advice",
        "payment_id",
        "Payment Advice",
        readonly=True,
        copy=False,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    dms_can_bounce = fields.Boolean(compute="_compute_dms_can_bounce", groups="account.group_account_invoice")

    @api.depends("state", "payment_type", "partner_type", "partner_id")
    def _compute_dms_can_bounce(self):
        for payment in self:
            payment.dms_can_bounce = payment.state in RECEIVED_STATES and payment._is_dms_receipt()

    def _is_dms_receipt(self):
        """Whether this is money from a distributor."""
        inbound = self.payment_type == "inbound" and self.partner_type == "customer"
        return inbound and self.partner_id.sudo().commercial_partner_id.is_distributor  # a flag only

    def write(self, vals):
        lost = self.browse()
        if "state" in vals and vals["state"] not in RECEIVED_STATES:
            lost = self.filtered(lambda payment: payment.state in RECEIVED_STATES)
        result = super().write(vals)
        if lost:
            lost._dms_lose()
            if vals["state"] == "rejected":
                lost._dms_follow_bounce()
        return result

    def unlink(self):
        self._dms_lose()
        return super().unlink()

    def _dms_lose(self):
        """Notices matched to these payments wait again."""
        for advice in self.sudo().dms_advice_ids:  # they follow their payment, whoever changes it
            payment = advice.payment_id.display_name
            advice._reopen(self.env._("%(payment)s is no longer a received payment: match this notice again.", payment=payment))

    # ------------------------------------------------------------ bounced

    def action_dms_bounce(self):
        """The bank took the money back: the entry is reversed as of today, so that its invoices are open again.

        The payment becomes rejected, which stops the distributor's account if the company says so.

        :raise AccessError: for anybody but accountants
        :raise UserError: for a payment that is not a distributor's, or was not received
        """
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants say that a payment bounced."))
        self.check_access("write")
        bounced = self.filtered(lambda payment: payment.state != "rejected")
        for payment in bounced:
            if payment.state not in RECEIVED_STATES or not payment._is_dms_receipt():
                raise UserError(self.env._("%(payment)s is not a received payment of a distributor.", payment=payment.display_name))
            payment._dms_reverse_entry()
        bounced.action_reject()
        return True

    def _dms_reverse_entry(self):
        """Post the opposite entry of today: the invoices are open again, what the bank settled stays so.

        Posting reconciles the two entries where they are open.
        """
        payment = self.with_env(self.env(context=clean_context(self.env.context)))  # no defaults of the caller in new entries
        entry = payment.move_id.filtered(lambda move: move.state == "posted")
        if entry:
            _liquidity, receivable, _other = payment._seek_for_lines()
            receivable.remove_move_reconcile()
            values = {"date": payment.company_id._dms_today(), "ref": self.env._("Bounced: %(payment)s", payment=payment.display_name)}
            entry._reverse_moves([values]).action_post()

    def _dms_follow_bounce(self):
        """Stop the accounts of the distributors whose payment was rejected after it had been received."""
        for payment in self.filtered(lambda payment: payment._is_dms_receipt()):
            if payment.company_id.sudo().credit_stop_on_bounce:  # a setting
                distributor = payment.partner_id.commercial_partner_id
                # terms of the payer, kept by controllers: the stop follows from what accountants may decide
                account = self.env["dms.credit.account"].sudo()._get_account(distributor, payment.company_id)
                account._dms_stop_for_bounce(payment)


class DmsCreditAccount(models.Model):
    _inherit = "dms.credit.account"

    def _dms_stop_for_bounce(self, payment):
        """Stop the account, once, leave an internal note and plan an activity for who has to act."""
        self.ensure_one()
        reason = self.env._(
            "Payment %(payment)s over %(amount)s was rejected by the bank.",
            payment=payment.display_name,
            amount=payment.currency_id.format(payment.amount),
        )
        if not self.is_stopped:
            self._stop(reason)
        self.message_post(body=reason, subtype_xmlid="mail.mt_note")
        summary = self.env._("Bounced payment: agree with the distributor how to go on")
        self.activity_schedule("mail.mail_activity_data_todo", summary=summary, note=reason, user_id=self._get_responsible().id)
