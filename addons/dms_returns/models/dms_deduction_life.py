from math import isfinite

from odoo import fields, models
from odoo.exceptions import UserError

MAX_PARTS = 50


class DmsDeduction(models.Model):
    """Match, split, refuse; each does nothing the second time."""

    _inherit = "dms.deduction"

    def action_match(self, claim):
        """Say which claim the deduction is for: its credit note, once posted, pays for what was kept back.

        :param claim: ``dms.claim`` or its id: of the same distributor and company, submitted and not refused
        :raise UserError: for any other claim, and where the claim does not come to so much
        """
        self._check_group()
        claim_id = claim.id if isinstance(claim, models.BaseModel) else claim
        claim = self.env["dms.claim"].browse(self._get_known("dms.claim", [claim_id]).ids)
        if all(deduction.state == "matched" and deduction.claim_id == claim for deduction in self):
            return True
        deductions = self._start(("open",))
        claim._touch()  # who decides on it, or matches another one, meanwhile
        deductions._check_claim(claim)
        deductions.write({"state": "matched", "claim_id": claim.id, **self._get_decider()})
        deductions.flush_recordset()
        full = claim.sudo()  # a claim of the same distributor, checked above
        deductions._check_claim_covers(full)
        if full.state == "settled":
            deductions._close()
        return True

    def action_unmatch(self):
        """Take a wrong match back, as long as nothing was paid by it."""
        self._check_group()
        if any(deduction.is_closed for deduction in self):
            raise UserError(self.env._("The claim was paid: reverse its settlement first."))
        self._reopen()
        return True

    def action_split(self, amounts):
        """Deductions for the parts of this one, which is cancelled; split already, those that are there.

        :param list amounts: numbers > 0 that sum to the amount
        :return: the parts
        """
        self.ensure_one()
        self._check_group()
        if self.child_ids:
            return self.child_ids
        amounts = self._read_parts(amounts)
        deduction = self._start(("open",))
        deduction.write({"state": "cancelled"})
        parts = deduction.create([deduction._prepare_part_values(amount) for amount in amounts])
        return parts.with_env(self.env)

    def action_refuse(self, reason):
        """Refuse deductions: the distributor is told why, and what it kept back stays receivable."""
        self._check_group()
        reason = self.env["dms.claim"]._read_reason(reason)
        deductions = self._start(("open",), ("refused",))
        deductions.write({"state": "refused", "refusal_reason": reason, **self._get_decider()})
        for deduction in deductions:
            deduction._tell_refusal(reason)
        return True

    def action_cancel(self):
        """Cancel deductions that were recorded by mistake."""
        self._check_group()
        self._start(("open",), ("cancelled",)).write({"state": "cancelled"})
        return True

    # ------------------------------------------------------------ who, when

    def _start(self, first, done=()):
        """The deductions in one of the states ``first``, locked, with full rights; the caller has checked the user."""
        self._lock_documents()
        for deduction in self:
            if deduction.state not in (*first, *done):
                raise UserError(self.env._("%(name)s was dealt with already.", name=deduction.name))
        return self.filtered(lambda deduction: deduction.state in first)._with_full_rights()

    def _get_decider(self):
        return {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}

    # ------------------------------------------------------------ match

    def _check_claim(self, claim):
        """A foreign claim and one that does not exist look the same."""
        own = claim.sudo()  # whose it is
        for deduction in self:
            if not own or own.distributor_id != deduction.distributor_id or own.company_id != deduction.company_id:
                raise UserError(self.env._("Choose a claim of %(name)s.", name=deduction.distributor_id.name))
            if own.state in ("draft", "rejected", "cancelled"):
                raise UserError(self.env._("%(claim)s was not submitted, or was refused or cancelled.", claim=own.name))

    def _check_claim_covers(self, claim):
        matched = claim.deduction_ids.filtered(lambda row: row.state == "matched")
        most = claim._get_credit_total()
        if claim.currency_id.compare_amounts(sum(matched.mapped("amount")), most) > 0:
            most = claim.currency_id.format(most)
            raise UserError(self.env._("%(claim)s comes to %(most)s: split the deduction first.", claim=claim.name, most=most))

    def _reopen(self):
        """The claim was refused, withdrawn or reversed: what was kept back waits for an answer again."""
        matched = self.filtered(lambda deduction: deduction.state == "matched")._with_full_rights()
        matched.write({"state": "open", "claim_id": False, "decided_by_id": False, "decided_on": False})

    def _close(self):
        """Set the claim's credit note against the short-paid invoices; what it does not pay for stays open as a part of its own."""
        for claim, deductions in self.grouped("claim_id").items():
            left = claim.refund_id and -claim.refund_id.amount_total_signed or 0.0
            claim.refund_id._dms_allocate_to(deductions.invoice_id)
            for deduction in deductions.sorted("id"):
                left = deduction._keep_part(left)

    def _keep_part(self, most):
        """Shorten to what is paid for, with the rest as a part of its own; what is left of ``most``."""
        paid = min(self.amount, max(most, 0.0))
        rest = self.currency_id.round(self.amount - paid)
        if not self.currency_id.is_zero(rest):
            if self.currency_id.is_zero(paid):
                self._reopen()
            else:
                self.amount = paid
                self.create([self._prepare_part_values(rest)])
        return most - paid

    # ------------------------------------------------------------ parts

    def _read_parts(self, amounts):
        parts = amounts if isinstance(amounts, list | tuple) else []
        numbers = [part for part in parts if isinstance(part, int | float) and not isinstance(part, bool) and isfinite(part) and part > 0]
        if len(numbers) != len(parts) or not 2 <= len(parts) <= MAX_PARTS:
            raise UserError(self.env._("Give two to %(most)s amounts, each more than 0.", most=MAX_PARTS))
        numbers = [self.currency_id.round(part) for part in numbers]
        if self.currency_id.compare_amounts(sum(numbers), self.amount) or not all(numbers):
            raise UserError(self.env._("The parts come to %(amount)s together.", amount=self.currency_id.format(self.amount)))
        return numbers

    def _prepare_part_values(self, amount):
        return {
            "company_id": self.company_id.id,
            "distributor_id": self.distributor_id.id,
            "invoice_id": self.invoice_id.id,
            "payment_line_id": self.payment_line_id.id,
            "amount": amount,
            "reference": self.reference,
            "date": self.date,
            "user_id": self.user_id.id,
            "parent_id": self.id,
        }

    def _tell_refusal(self, reason):
        """A message to the distributor, in its language."""
        told = self.with_context(lang=self.distributor_id.lang or self.env.lang)
        body = told.env._(
            "You kept back %(amount)s of %(invoice)s. We cannot accept this: %(reason)s The amount remains due.",
            amount=told.currency_id.format(told.amount),
            invoice=told.invoice_id.name,
            reason=reason,
        )
        self.message_post(body=body, subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.distributor_id.ids)


class DmsClaim(models.Model):
    _inherit = "dms.claim"

    deduction_ids = fields.One2many("dms.deduction", "claim_id", "Deductions", readonly=True, groups="base.group_user")

    def _get_credit_total(self):
        """What the credit note comes to or would come to, taxes included, company currency."""
        if self.refund_id:
            return -self.refund_id.amount_total_signed
        return self.currency_id.round(sum(line._get_credit_total() for line in self.line_ids) or self.amount_claimed)

    def _allocate_refund(self):
        """Short-paid invoices come first: there the distributor has taken the money already."""
        self.deduction_ids.filtered(lambda row: row.state == "matched")._close()
        return super()._allocate_refund()

    def _give_back_sources(self):
        super()._give_back_sources()
        self.deduction_ids._reopen()


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _get_credit_total(self):
        amount = self.amount_approved if self.is_decided else self.amount_claimed
        row = self.invoice_line_id
        return amount * row.price_total / row.price_subtotal if row.price_subtotal else amount
