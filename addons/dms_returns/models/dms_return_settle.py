from odoo import fields, models
from odoo.exceptions import UserError

SETTLERS = ("dms_returns.group_claims_officer", "account.group_account_invoice")
MANAGER = "dms_returns.group_claims_manager"
#: states whose expected credit follows the quantities
EXPECTING = ("submitted", "approved", "received", "inspected")


class DmsReturn(models.Model):
    """The end of a return: the credit, or the replacement, once; and what takes it back."""

    _inherit = "dms.return"

    # ------------------------------------------------------------ settle

    def action_settle(self):
        """Credit or replace what was accepted of inspected returns; those settled already are left alone.

        :raise AccessError: for anybody but claims officers and those who make invoices
        :raise UserError: for returns that are not inspected, or are being decided on by somebody else at this moment
        """
        self._check_group(*SETTLERS)
        self._with_full_rights()._settle()
        return True

    def _settle(self):
        cases = self.filtered(lambda case: case.state != "settled")
        cases._lock_documents()
        if waiting := cases.filtered(lambda case: case.state != "inspected"):
            raise UserError(self.env._("%(names)s: a return is settled once it was inspected.", names=", ".join(waiting.mapped("name"))))
        if not cases:
            return
        cases._enter("settled", settled_by_id=self.env.uid, settled_on=fields.Datetime.now())
        cases._lock_credit()
        for case in cases.filtered(lambda case: case.resolution == "credit"):
            case._tell_settled(case._credit())
        cases._settle_goods()

    def _lock_credit(self):
        """Decide alone on the money of the invoices and orders of these returns."""
        lines = self.line_ids.sale_line_id
        lines._dms_link_claims()
        lines.invoice_lines.move_id._dms_lock_credited()
        lines.order_id._dms_lock_refunds()

    def _settle_goods(self):
        """These returns were settled; goods that go out in the place of those that came back are sent."""
        if replaced := self.filtered(lambda case: case.resolution == "replacement"):
            replaced.line_ids.credit_amount = 0.0
            replaced._create_replacement()

    def _tell_settled(self, refunds):
        env = self._tongue()
        if refunds:
            self._tell(env._("Credited: %(refunds)s.", refunds=", ".join(refunds.mapped("name"))))
        else:
            self._tell(env._("Settled: nothing had been paid for the goods, and nothing will be invoiced."))

    def _enter(self, state, **values):
        super()._enter(state, **values)
        if state in EXPECTING:
            self.line_ids._compute_expected_credit()

    # ------------------------------------------------------------ take back

    def action_reverse(self, reason):
        """Take back the credit of settled returns whose goods or proof fall away; those taken back already are left alone.

        :param str reason: the distributor reads it
        :raise AccessError: for anybody but claims managers
        :raise UserError: for who made, submitted or settled the return, for one that is not settled, and without a reason
        """
        self._check_group(MANAGER)
        reason = self._read_reason(reason)
        self._with_full_rights()._reverse(reason)
        return True

    def _reverse(self, reason):
        cases = self.filtered(lambda case: case.state != "cancelled")
        cases._lock_documents()
        cases._check_reversible()
        cases._lock_credit()
        cases._enter("cancelled", rejection_reason=reason)
        for case in cases:
            reversals = case._reverse_refunds(case.refund_ids, reason)
            case._tell_reversed(reversals, reason)
        cases._revert_goods()
        cases.line_ids.sale_line_id.order_id.filtered("scheme_fingerprint")._dms_follow_invoicing()

    def _check_reversible(self):
        self._check_not_settler()
        for case in self:
            if case.state != "settled":
                raise UserError(self.env._("%(name)s is not settled: there is nothing to take back.", name=case.name))
            if case.resolution == "replacement":
                raise UserError(self.env._("%(name)s was replaced: invoice what was sent instead.", name=case.name))

    def _revert_goods(self):
        """The settlement of these returns was taken back; extended by what has to follow for the goods."""

    def _tell_reversed(self, reversals, reason):
        env = self._tongue()
        names = ", ".join(reversals.mapped("name")) or env._("no document")
        self._tell(env._("The credit was taken back (%(documents)s): %(reason)s", documents=names, reason=reason))


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dms_follow_expected(self):
        """Claims about these invoices were paid, or taken back: returns that wait for their credit expect another one.

        One on which somebody decides at this moment is left to them: a figure is not worth that either begins anew.
        """
        lines = self.sudo().invoice_line_ids.sale_line_ids.dms_return_line_ids  # figures of returns of the same goods
        waiting = lines.filtered(lambda line: line.state in EXPECTING)
        free = waiting.return_id.try_lock_for_update(allow_referencing=True)
        waiting.filtered(lambda line: line.return_id in free)._compute_expected_credit()
