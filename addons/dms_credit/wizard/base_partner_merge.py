from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Two distributors become one: the one that stays keeps its terms, and takes over history, requests and exposure."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["dms.payment.advice"]._separate_references(src_partners | dst_partner)
        accounts = (src_partners | dst_partner).sudo().credit_account_ids  # of the partners being merged
        self.env.cr.cache["dms_merged_terms"] = {
            account: (account._limit_or_none(), account._get_class_terms()[account]) for account in accounts
        }
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
        """Core fills what is empty with the values of the others: the terms of each account stay, no limit and zero too."""
        super()._update_values(src_partners, dst_partner)
        reason = self.env._("Kept when distributors were merged")
        for account, (limit, terms) in self.env.cr.cache.pop("dms_merged_terms", {}).items():
            if account.exists():
                account.invalidate_recordset(["credit_limit"])
                account.with_context(dms_credit_reason=reason).write(terms)
                if account._limit_or_none() != limit:
                    account._set_limit(limit, reason)
