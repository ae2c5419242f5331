from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError


class DmsClaim(models.Model):
    """What is approved: line by line, by an officer up to his tier, or without a person where everything agrees."""

    _inherit = "dms.claim"

    # ------------------------------------------------------------ without a person

    def _approve_automatic(self):
        agreed = self.filtered(lambda claim: claim._is_agreed())
        for claim in agreed:
            claim._approve_lines({line: line.amount_claimed for line in claim.line_ids})
        if agreed:
            agreed._enter("approved", is_automatic=True, decided_on=fields.Datetime.now())
            agreed.with_user(SUPERUSER_ID)._tell_decision()  # said by nobody in person

    def _is_agreed(self):
        """Whether the claim is calculated and differs from that within both tolerances of its type.

        Evidence, window and duplicates were checked at the submission: what has a finding is not submitted.
        """
        calculated, terms = self.amount_calculated, self.claim_type_id
        difference = self.currency_id.round(abs(self.amount_claimed - calculated))
        share = self.currency_id.round(calculated * terms.tolerance_percent / 100)
        is_calculated = self.kind != "spend" and self.currency_id.compare_amounts(calculated, 0.0) > 0
        return is_calculated and difference <= terms.tolerance_amount and difference <= share

    # ------------------------------------------------------------ by an officer

    def _decide(self, user):
        """Approve what was left or written as approved, for ``user``, whose rights but not whose tier were checked."""
        for claim in self:
            claim._approve_lines(claim._get_decision())
        for claim in self:
            claim._check_authority(user)
        refused = self.filtered(lambda claim: claim.currency_id.is_zero(claim.amount_approved))
        refused._reject(self.env._("Nothing of it could be approved."), user)
        approved = self - refused
        if approved:
            approved._enter("approved", decided_by_id=user.id, decided_on=fields.Datetime.now())
            approved._reopen_accruals(approved.line_ids.filtered(lambda line: not line.amount_approved))
            approved._tell_decision()

    def _get_decision(self):
        """``{line: approved amount}``: lines left alone are approved as claimed; a sum given for the claim is split over them."""
        lines = self.line_ids
        if self.is_decided and not any(lines.mapped("is_decided")):
            return self._split_decision(self.amount_approved)
        return {line: line.amount_approved if line.is_decided else line._get_payable() for line in lines}

    def _split_decision(self, amount):
        """A sum over the lines in proportion to what they claim; what rounding leaves goes to the last."""
        lines, claimed, split = self.line_ids, self.amount_claimed, {}
        left, base = amount, claimed
        for line in lines:
            part = self.currency_id.round(left * line.amount_claimed / base) if base else 0.0
            split[line] = part
            left, base = left - part, base - line.amount_claimed
        return split

    def _approve_lines(self, amounts):
        """Write what is approved of each line; never more than was claimed, and nothing negative."""
        currency = self.currency_id
        for line, amount in amounts.items():
            line._check_approved(amount)
            line.write({"amount_approved": currency.round(amount), "is_decided": True})
        total = currency.round(sum(self.line_ids.mapped("amount_approved")))
        if currency.compare_amounts(total, self.amount_claimed) > 0:
            raise UserError(self.env._("%(name)s: no more is approved than was claimed.", name=self.name))
        self.write({"amount_approved": total, "is_decided": True})

    def _check_authority(self, user):
        """:raise UserError: where the approved amount is above the user's tier"""
        most = self.env["dms.claim.tier"]._get_authority(self.company_id, user)
        if most is not None and self.currency_id.compare_amounts(self.amount_approved, most) > 0:
            raise UserError(
                self.env._(
                    "%(name)s: you approve up to %(most)s; leave it to somebody of a higher tier or a claims manager.",
                    name=self.name,
                    most=self.currency_id.format(most),
                )
            )

    def _reject(self, reason, user):
        """Refuse claims: nothing of them is approved, and what they claimed may be claimed again."""
        if not self:
            return
        self.line_ids.write({"amount_approved": 0.0})
        self.write({"amount_approved": 0.0})
        self._enter("rejected", decided_by_id=user.id, decided_on=fields.Datetime.now(), rejection_reason=reason)
        self._give_back_sources()
        for claim in self:
            claim._tell(claim._tongue()._("Your claim was refused: %(reason)s", reason=reason))

    def _tell_decision(self):
        for claim in self:
            amount = claim.currency_id.format(claim.amount_approved)
            claim._tell(claim._tongue()._("Your claim was approved: %(amount)s, before taxes.", amount=amount))


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _get_payable(self):
        """What is approved where nobody said otherwise: all that is claimed, of an accrual no more than it owes."""
        if self.source_model == "dms.scheme.accrual":
            return min(self.amount_claimed, self.amount_calculated)
        return self.amount_claimed

    def _check_approved(self, amount):
        compare = self.currency_id.compare_amounts
        if self._is_carried() and not compare(amount, self.amount_calculated):
            return
        if compare(amount, 0.0) < 0 or compare(amount, self.amount_claimed) > 0:
            raise UserError(self.env._("%(line)s: approve nothing, or up to what is claimed.", line=self._get_label()))
        if self.source_model == "dms.scheme.accrual" and amount and compare(amount, self.amount_calculated):
            owed = self.currency_id.format(self.amount_calculated)
            raise UserError(self.env._("%(line)s is paid as a whole: approve %(owed)s or nothing.", line=self._get_label(), owed=owed))
