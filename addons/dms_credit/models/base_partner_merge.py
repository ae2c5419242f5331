from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Two distributors become one: the one that stays keeps its terms, and takes over history, requests and exposure."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        for source in src_partners.sudo().credit_account_ids:  # accounts of the partners being merged
            target = dst_partner._get_credit_accounts(source.company_id)
            if target:
                self._dms_merge_accounts(source, target)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _dms_merge_accounts(self, source, target):
        lock = self.env["dms.limit.lock"]
        lock._lock({source._limit_key(), target._limit_key()})
        lock._commit({target._limit_key(): source.exposure_amount})
        row = target._prepare_change("partner_id", False, False, self.env._("Merged with %(name)s", name=source.partner_id.display_name))
        row.update(before=source.partner_id.display_name, after=target.partner_id.display_name)
        self.env["dms.credit.change"].sudo().create(row)  # rows that only the account writes
        self._update_foreign_keys_generic("dms.credit.account", source, target)
        self._update_reference_fields_generic("dms.credit.account", source, target)
        self.env.invalidate_all()
        source.unlink()

    def _update_values(self, src_partners, dst_partner):
        """Core fills a limit of zero with that of the others: a limit that was set stays."""
        limits = {account: account.credit_limit for account in dst_partner.sudo().credit_account_ids if account.has_limit}  # to keep
        super()._update_values(src_partners, dst_partner)
        for account, limit in limits.items():
            if account.credit_limit != limit:
                account._set_limit(limit, self.env._("Kept when distributors were merged"))
