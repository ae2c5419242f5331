from odoo import models
from odoo.exceptions import UserError


class DmsCase(models.AbstractModel):
    """What returns and claims do alike with the credit notes that settle them."""

    _inherit = "dms.case"

    def _check_not_settler(self):
        """Who made, submitted or settled a case is not who takes its settlement back."""
        self._check_not_maker()
        for case in self:
            if case.settled_by_id == self.env.user:
                raise UserError(self.env._("%(name)s was settled by you: a second person has to take it back.", name=case.name))

    def _reconcile_with(self, invoice, refund):
        """Set a posted credit note against its invoice, as far as that is open; the rest stays open for other invoices.

        Core does so by itself for a credit note that names its invoice; nothing is left to do then.
        """
        items = (invoice | refund).line_ids.filtered(lambda item: item.account_type == "asset_receivable" and not item.reconciled)
        for matching in items.grouped("account_id").values():
            if len(matching.move_id) == 2:
                matching.reconcile()

    def _reverse_refunds(self, moves, reason):
        """Take credit notes back: each posted one is reversed by an invoice, once, and what it had settled is open again.

        Called with full rights, after the state of the case was written.

        :param moves: credit notes of these cases; what is no posted credit note, or was reversed before, is left alone
        :param str reason: said on the reversal
        :return: the reversals
        """
        moves.filtered(lambda move: move.move_type == "out_refund" and move.state == "draft").button_cancel()
        moves = moves.filtered(lambda move: move.move_type == "out_refund" and move.state == "posted" and not move._dms_is_taken_back())
        return moves._reverse_moves([self._prepare_reversal(move, reason) for move in moves], cancel=True)

    def _prepare_reversal(self, move, reason):
        today = move.company_id._dms_today()
        return {
            "ref": self.env._("%(refund)s taken back: %(reason)s", refund=move.name, reason=reason),
            "date": today,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "invoice_currency_rate": move.invoice_currency_rate,
            "invoice_origin": move.invoice_origin,
            "dms_return_id": move.dms_return_id.id,
            "dms_claim_id": move.dms_claim_id.id,
        }


class AccountMove(models.Model):
    """What settles a case, or takes that back, stays as it was posted: it is taken back by reversing the case."""

    _inherit = "account.move"

    def write(self, vals):
        if vals.get("state") in ("draft", "cancel"):
            self._dms_check_not_settlement()
        return super().write(vals)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._dms_check_not_settlement()
        return super()._reverse_moves(default_values_list, cancel)

    def _dms_check_not_settlement(self):
        """:raise UserError: naming the return or claim"""
        for move in self.sudo():  # which case it settles, if any
            case = move.dms_return_id or move.dms_claim_id
            if move.state == "posted" and case and (case.state == "settled" or move._dms_is_over()):
                raise UserError(
                    self.env._(
                        "%(move)s settles %(case)s, or takes that back, and stays as it is: reverse the return or claim instead.",
                        move=move.name,
                        case=case.name,
                    )
                )

    def _dms_is_over(self):
        """Whether this takes a credit note of a case back, or was taken back itself."""
        return self.move_type != "out_refund" or self._dms_is_taken_back()

    def _dms_live(self):
        """Those that are posted credit notes and were not taken back."""
        return self.filtered(lambda move: move.state == "posted" and move.move_type == "out_refund" and not move._dms_is_taken_back())

    def _dms_is_taken_back(self):
        """Whether a posted document reverses this one."""
        return any(move.state == "posted" for move in self.reversal_move_ids)
