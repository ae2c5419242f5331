from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .dms_claim import MANAGER, OFFICER

ACCOUNTANT = "account.group_account_invoice"
MAKERS = ("dms_orders.group_dms_user", "dms_orders.group_dms_area_manager")
#: each step: states it starts from, and states in which it is done already and does nothing
STEPS = {
    "submit": (("draft",), ("submitted", "under_review", "approved", "settled")),
    "review": (("submitted",), ("under_review", "approved", "settled")),
    "approve": (("submitted", "under_review"), ("approved", "settled")),
    "reject": (("submitted", "under_review", "approved"), ("rejected",)),
    "settle": (("approved",), ("settled",)),
    "cancel": (("draft", "submitted", "under_review", "approved"), ("cancelled",)),
    "reverse": (("settled",), ("cancelled",)),
}


class DmsClaim(models.Model):
    """The buttons of a claim: each checks who asks and when, and does nothing the second time."""

    _inherit = "dms.claim"

    def action_submit(self):
        """Send claims: checked, calculated, and where all agrees approved without a person.

        For the order desk, area managers, and users of the claim's distributor.

        :raise UserError: with all that is missing or wrong
        """
        self._check_may_submit()
        claims = self._start("submit")
        claims._check_submission()
        claims._ask_for_accruals()
        claims._complete_sum()
        claims._calculate()
        claims._check_invoice_limits()
        claims._enter("submitted", submitted_by_id=self.env.uid, submitted_on=fields.Datetime.now())
        claims._approve_automatic()
        return True

    def action_review(self):
        """Take claims to look into them; the officer becomes responsible."""
        self._check_group(OFFICER)
        self._start("review")._enter("under_review", user_id=self.env.uid)
        return True

    def action_approve(self):
        """Approve what officers left or wrote as approved; where that is nothing, the claim is refused.

        :raise UserError: for one's own claim, and above one's tier
        """
        self._check_group(OFFICER)
        claims = self._start("approve")
        claims._check_not_maker()
        claims._decide(self.env.user)
        return True

    def action_reject(self, reason):
        """Refuse claims; the distributor reads why."""
        self._check_group(OFFICER)
        reason = self._read_reason(reason)
        claims = self._start("reject")
        claims._check_not_maker()
        claims._reject(reason, self.env.user)
        return True

    def action_settle(self):
        """Pay approved claims, each by one credit note; for claims officers and accountants."""
        self._check_group(OFFICER, ACCOUNTANT)
        claims = self._start("settle")
        invoices = claims._check_credit_limits()
        for claim in claims:
            claim.with_company(claim.company_id)._settle(self.env.user)
        invoices._dms_follow_expected()
        return True

    def action_cancel(self):
        """Withdraw claims that are not settled: officers any, makers and the distributor as long as nobody has decided."""
        self._check_may_submit()
        claims = self._start("cancel")
        officer = self.env.su or self.env.user.has_group(OFFICER)
        if not officer and any(claim.state == "approved" for claim in claims):
            raise AccessError(self.env._("What is approved is taken back by claims officers."))
        claims._enter("cancelled")
        claims._give_back_sources()
        return True

    def action_reverse(self, reason):
        """Take settlements back because the proof fell away: the credit note is reversed, the claim cancelled; for claims managers.

        :raise UserError: for who made, submitted or settled the claim
        """
        self._check_group(MANAGER)
        reason = self._read_reason(reason)
        claims = self._start("reverse")
        claims._check_not_settler()
        invoices = claims.line_ids.invoice_id
        invoices._dms_lock_credited()
        for claim in claims:
            claim.with_company(claim.company_id)._reverse(reason, self.env.user)
        invoices._dms_follow_expected()
        return True

    # ------------------------------------------------------------ who, when

    def _check_may_submit(self):
        """Officers, the order desk and area managers, or users of the distributor whose claims these are."""
        self.check_access("read")
        own = self.env["dms.portal"]._get_distributor()
        if own and self.sudo().distributor_id <= own and self.env["dms.portal"]._is_open(own):  # whose they are
            return
        self._check_group(OFFICER, *MAKERS)

    def _start(self, step):
        """The claims for which ``step`` has work to do, locked, with full rights; the caller has checked the user.

        :raise UserError: for a claim that the step does not fit
        """
        first, done = STEPS[step]
        self._lock_documents()
        for claim in self:
            if claim.state not in first + done:
                raise UserError(
                    self.env._(
                        "%(name)s is in status %(status)s: this cannot be done with it.",
                        name=claim.name,
                        status=dict(claim._fields["state"]._description_selection(self.env))[claim.state],
                    )
                )
        return self.filtered(lambda claim: claim.state in first)._with_full_rights()

    def _complete_sum(self):
        """A claim of one sum gets a line for it, so that everything after speaks of lines."""
        values = [
            {"claim_id": claim.id, "name": claim.reference or claim.claim_type_id.name, "amount_claimed": claim.amount_claimed}
            for claim in self
            if not claim.line_ids
        ]
        self.env["dms.claim.line"].create(values)

    def _give_back_sources(self):
        """Claims have ended without being paid: what they held is free again; extended by what holds on to claims."""
        self._reopen_accruals(self.line_ids)
