from odoo import models
from odoo.exceptions import UserError


class DmsClaim(models.Model):
    """Claims for schemes are paid by the accruals' own settlement: who submits the claim asks, who approves it approves.

    From the submission on the accruals stand as claimed, so that they keep the amount that is decided on. The second person whose
    approval a settlement of accruals needs is the claims officer who approves the claim, never its submitter, or who settles what was
    approved without a person; an approver of schemes is not asked again, for terms were approved with the scheme.
    """

    _inherit = "dms.claim"

    def _get_accruals(self):
        return self.line_ids._get_sources("dms.scheme.accrual")._with_full_rights()

    def _ask_for_accruals(self):
        """True the accruals up, ask for their settlement, and take along what the same schemes paid too much before."""
        for claim in self.filtered(lambda claim: claim.kind == "scheme"):
            rows = claim._get_accruals()
            rows._lock_schemes()
            rows.scheme_id._accrue_versions()
            carried = rows._get_carried("open") - rows
            claim._add_accrual_lines(carried)
            claim._check_owed(rows)
            rows._claim(self.env.user)
            claim.accrual_ids = rows | carried

    def _check_owed(self, rows):
        """After the true-up, what is claimed still has to cover what an accrual owes, for it is paid as a whole."""
        by_id = {row.id: row for row in rows}
        for line in self.line_ids:
            finding = by_id.get(line.source_id) and line._get_accrual_finding(by_id[line.source_id])
            if finding:
                raise UserError(finding)

    def _reopen_accruals(self, lines):
        """Accruals of these lines are not paid by the claim: they are open again, unless they were settled meanwhile."""
        rows = lines._get_sources("dms.scheme.accrual").filtered(lambda row: row.state == "claimed")
        if rows:
            rows._with_full_rights()._reopen()

    def _settle_accruals(self, user):
        """Pay by the accruals' own settlement; its credit note. What was settled there meanwhile is not paid again."""
        rows = self.line_ids.filtered("amount_approved")._get_sources("dms.scheme.accrual")._with_full_rights()
        waiting = rows.filtered(lambda row: row.state != "settled")
        if waiting:
            approver = self.decided_by_id or user
            waiting._check_claimed_by_another(approver)
            waiting._lock_schemes()
            waiting.with_company(self.company_id)._settle(self.distributor_id, approver)
            waiting.settlement_move_id.sudo().dms_claim_id = self  # the credit note just made
        return rows.settlement_move_id[:1].with_env(self.env)
