from odoo import models


class DmsCreditAccount(models.Model):
    """The limit as the gates ask for it, and what follows when it changes."""

    _inherit = "dms.credit.account"

    # ------------------------------------------------------------ questions of the gates

    def _is_checking(self):
        """Whether this account can have anything against an order."""
        return self.is_stopped or self.policy == "hold"

    def _holds_on_limit(self):
        return self.policy == "hold" and self.has_limit

    def _position_with(self, position, added):
        """``position`` with ``added`` (company currency) more of exposure."""
        digits = self.currency_id.decimal_places
        return {
            **position,
            "exposure_amount": round(position["exposure_amount"] + added, digits),
            "available_amount": round(position["available_amount"] - added, digits),
        }

    def _get_over_amount(self, position, added=0.0):
        """By how much the limit would be exceeded; 0.0 within it, or without one."""
        over = self.currency_id.round(added - position["available_amount"])
        return over if self.has_limit and over > 0 else 0.0

    def _is_overdue(self, position):
        """Whether overdue items hold orders: older than the days of grace, and above the company's tolerance."""
        tolerance = self.company_id.credit_overdue_tolerance
        return (
            position["overdue_days"] > self.overdue_grace_days
            and self.currency_id.compare_amounts(position["overdue_amount"], tolerance) > 0
        )

    # ------------------------------------------------------------ consequences

    def _get_limits(self):
        """``{account: limit today}``, before or after a change."""
        return {account: position["limit_amount"] for account, position in self._get_positions().items()} if self else {}

    def _limit_key(self):
        """Key of the limit as ``dms.limit.lock`` takes it."""
        return ("dms.credit", self.company_id.id, self.partner_id.id)

    def _follow_limits(self, before):
        """Limits have changed: tell concurrent confirmations what was taken away, re-check the holds of the others."""
        lock = self.env["dms.limit.lock"]
        after = self._get_limits()
        lowered = self.filtered(lambda account: after[account] < before[account])
        lock._lock({account._limit_key() for account in lowered})
        lock._commit({account._limit_key(): before[account] - after[account] for account in lowered})
        self.env["sale.order"]._dms_trigger_recheck(self.sudo().partner_id)  # whose orders may wait
