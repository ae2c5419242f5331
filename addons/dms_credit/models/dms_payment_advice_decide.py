from odoo import models
from odoo.exceptions import AccessError, UserError

MAX_REASON = 500


class DmsPaymentAdvice(models.Model):
    """The end of a notice that is not matched, who may decide on it, and what the distributor reads of that."""

    _inherit = "dms.payment.advice"

    def action_reject(self, reason=None):
        """Reject notices that wait; without a reason the button opens the form that asks for it.

        :param str reason: the distributor reads it
        :raise AccessError: for anybody but accountants
        :raise UserError: for one's own notice, and for one that is matched or cancelled
        """
        self._check_accountant()
        if reason is None:
            return self._open_rejection()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the notice is rejected: the distributor will read it."))
        reason = reason.replace("\0", "").strip()[:MAX_REASON]
        waiting = self.filtered(lambda advice: advice.state != "rejected")
        waiting._check_waiting()
        waiting._check_not_maker()
        waiting._end("rejected", rejection_reason=reason)
        for advice in waiting:
            advice._tell(advice._tongue()._("We could not accept your notice: %(reason)s", reason=reason))
        return True

    def action_cancel(self):
        """Cancel notices that wait, entered by mistake, say.

        :raise AccessError: for anybody but accountants
        """
        self._check_accountant()
        waiting = self.filtered(lambda advice: advice.state != "cancelled")
        waiting._check_waiting()
        waiting._end("cancelled")
        for advice in waiting:
            advice._tell(advice._tongue()._("We have cancelled this notice."))
        return True

    def _end(self, state, **values):
        self._lock()
        self.sudo().write({"state": state, **values})  # checked by the caller; the state is the notice's own
        self._mark_duplicates()

    def _open_rejection(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject Notices"),
            "res_model": "dms.payment.rejection",
            "view_mode": "form",
            "target": "new",
            "context": {"default_advice_ids": self.ids},
        }

    # ------------------------------------------------------------ guards

    def _check_accountant(self):
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants decide on payment advice."))

    def _check_not_maker(self):
        """Maker is not checker, whatever the rights of the environment."""
        for advice in self.sudo():  # who entered it, nothing is returned
            if advice.create_uid == self.env.user:
                raise UserError(
                    self.env._("You entered %(name)s yourself: a second person has to decide on it, or cancel it.", name=advice.name)
                )

    def _check_waiting(self):
        for advice in self.sudo():  # who was faster, for accountants
            if advice.state == "matched":
                raise UserError(
                    self.env._(
                        "%(name)s is matched to %(payment)s already, by %(user)s.",
                        name=advice.name,
                        payment=advice.payment_id.display_name,
                        user=advice.matched_by_id.name,
                    )
                )
            if advice.state != "submitted":
                state = dict(self._fields["state"]._description_selection(self.env))[advice.state]
                raise UserError(self.env._("%(name)s no longer waits: its status is “%(state)s”.", name=advice.name, state=state))

    def _lock(self):
        """Keep these notices to the end of the transaction; of two people at once the later reads a sentence."""
        self.flush_recordset()
        if self.try_lock_for_update(allow_referencing=True) != self:
            raise UserError(self.env._("Someone else is deciding on this notice right now. Reload it in a moment."))

    # ------------------------------------------------------------ words to the distributor

    def _tongue(self):
        """Environment in the distributor's language."""
        return self.with_context(lang=self.distributor_id.lang or self.env.lang).env

    def _tell(self, body):
        """A comment that the distributor may read, sent to who wrote the notice in the portal."""
        sender = self.sudo().create_uid  # who is told; the user's contact only
        partner = sender.partner_id if sender.share and sender.active else sender.partner_id.browse()
        self.sudo().message_post(
            body=body, subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=partner.ids
        )  # checked notice
