from odoo import api, models


class AccountMove(models.Model):
    """Posting and taking back entries moves what a distributor owes: holds follow, concurrent confirmations are told."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self._dms_lock_credit()
        posted = super()._post(soft)
        posted._dms_follow_credit()
        return posted

    def button_draft(self):
        self._dms_lock_credit(sign=-1)
        result = super().button_draft()
        self._dms_follow_credit(sign=-1)
        return result

    def _dms_get_receivables(self):
        """``{account: balance}`` (company currency) of these entries on receivable accounts, of distributors with credit accounts."""
        items = self.line_ids.filtered(lambda item: item.account_type == "asset_receivable" and item.partner_id)
        balances = {}
        for item in items:
            partner = item.partner_id.commercial_partner_id
            if partner.is_distributor:
                key = (partner, item.company_id)
                balances[key] = balances.get(key, 0.0) + item.balance
        return {partner._get_credit_accounts(company): balance for (partner, company), balance in balances.items()}

    def _dms_lock_credit(self, sign=1):
        """Entries that no order counts yet raise the exposure: decide after those who are deciding."""
        raising = self._dms_get_raising(sign)
        keys = {account._limit_key() for account, amount in raising.items() if amount > 0 and account._holds_on_limit()}
        self.env["dms.limit.lock"]._lock(keys)

    def _dms_get_raising(self, sign=1):
        """``{account: amount}`` by which these entries raise an exposure: invoices of orders are counted with the orders."""
        raising = {}
        for move in self:
            if not (sign > 0 and move.line_ids.sale_line_ids):
                for account, balance in move._dms_get_receivables().items():
                    raising[account] = raising.get(account, 0.0) + sign * balance
        return raising

    def _dms_follow_credit(self, sign=1):
        amounts = {a._limit_key(): amount for a, amount in self._dms_get_raising(sign).items() if a._holds_on_limit()}
        self.env["dms.limit.lock"]._commit(amounts)
        distributors = self.line_ids.partner_id.commercial_partner_id.filtered("is_distributor")
        self.env["sale.order"]._dms_trigger_recheck(distributors)


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Allocating a payment ends an overdue item: the holds of its distributor are re-checked."""
        partials = super().create(vals_list)
        items = partials.debit_move_id | partials.credit_move_id
        distributors = items.partner_id.commercial_partner_id.filtered("is_distributor")
        self.env["sale.order"]._dms_trigger_recheck(distributors)
        return partials
