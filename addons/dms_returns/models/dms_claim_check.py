from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class DmsClaim(models.Model):
    """What stops a claim before it is submitted: with the reason, not at review."""

    _inherit = "dms.claim"

    @api.constrains("distributor_id", "company_id", "claim_type_id", "invoice_id", "picking_id", "scheme_id", "accrual_ids")
    def _check_documents(self):
        """A claim names documents of its own distributor and company that stand as booked; all others look the same."""
        for claim in self.sudo():  # whose they are; nothing is shown
            if claim.invoice_id - claim._filter_own_invoices(claim.invoice_id):
                raise ValidationError(self.env._("Choose a posted invoice of %(name)s.", name=claim.distributor_id.name))
            if claim.picking_id - claim._filter_own_deliveries(claim.picking_id):
                raise ValidationError(self.env._("Choose a delivery made to %(name)s.", name=claim.distributor_id.name))
            if claim.accrual_ids.filtered(lambda row, claim=claim: not claim._is_own_accrual(row)):
                raise ValidationError(self.env._("Choose benefits that were accrued for %(name)s.", name=claim.distributor_id.name))
            if claim.accrual_ids and claim.kind != "scheme":
                raise ValidationError(self.env._("Only a claim for a scheme is about accruals."))
            if (claim.claim_type_id.company_id or claim.company_id) != claim.company_id:
                raise ValidationError(self.env._("Choose a type of claim of %(company)s.", company=claim.company_id.name))

    def _filter_own_invoices(self, moves):
        """Posted invoices of the claim's distributor and company among ``moves``; one that takes a credit note back is none."""
        return moves.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.reversed_entry_id.move_type != "out_refund"
                and move.state == "posted"
                and move.commercial_partner_id == self.distributor_id
                and move.company_id == self.company_id
            )
        )

    def _filter_own_deliveries(self, pickings):
        """Deliveries that left for the claim's distributor from its company, among ``pickings``."""
        return pickings.filtered(
            lambda picking: (
                picking.state == "done" and picking.dms_receiver_id == self.distributor_id and picking.company_id == self.company_id
            )
        )

    def _is_own_accrual(self, accrual):
        return accrual.distributor_id == self.distributor_id and accrual.company_id == self.company_id

    # ------------------------------------------------------------ before submission

    def _check_submission(self):
        """:raise UserError: with everything that is wrong with the first claim that has something"""
        for claim in self:
            if findings := claim._get_findings():
                raise UserError(self.env._("%(name)s cannot be sent yet:", name=claim.name) + "\n" + "\n".join(findings))

    def _get_findings(self):
        """Sentences that say why the claim cannot be submitted as it is; extended by who has more to ask."""
        self.ensure_one()
        claim = self.sudo()  # the claim's own documents and files; sentences leave
        return [
            *claim._find_wrong_amounts(),
            *claim._find_wrong_sources(),
            *claim._find_late(),
            *claim._find_duplicates(),
            *claim._find_missing_evidence(),
        ]

    def _find_wrong_amounts(self):
        lines = self.line_ids
        if not lines and self.currency_id.compare_amounts(self.amount_claimed, 0.0) <= 0:
            return [self.env._("Say how much is claimed: it is more than nothing.")]
        nothing = lines.filtered(lambda line: self.currency_id.compare_amounts(line.amount_claimed, 0.0) <= 0 and not line._is_carried())
        return [self.env._("%(line)s: say how much is claimed.", line=line._get_label()) for line in nothing]

    def _find_wrong_sources(self):
        """What has changed since the draft was made: an invoice taken back, an accrual settled meanwhile."""
        sources = self.line_ids._map_sources()
        found = [line._get_source_finding(source) for line, source in sources.items()]
        if self.invoice_id - self._filter_own_invoices(self.invoice_id):
            found.append(self.env._("%(invoice)s is no posted invoice any more.", invoice=self.invoice_id.display_name))
        if len(self.line_ids.invoice_line_id.move_id.currency_id) > 1:
            found.append(self.env._("Claim invoices of different currencies apart from each other."))
        if not self.claim_type_id.active:
            found.append(self.env._("%(type)s is no longer in use.", type=self.claim_type_id.name))
        return [sentence for sentence in found if sentence]

    def _find_late(self):
        """Days after the invoice or delivery, the last one included."""
        window, day = self.claim_type_id.window_days, self._get_window_start()
        last = day + timedelta(days=window) if window and day else None
        if not last or self.company_id._dms_today() <= last:
            return []
        return [self.env._("It could be claimed until %(day)s.", day=format_date(self.env, last))]

    def _get_window_start(self):
        """Day from which the window counts: the earliest invoice or delivery that is claimed, None without any."""
        deliveries = self.line_ids._get_sources("stock.move.line").picking_id or self.picking_id
        invoices = self.line_ids._get_sources("account.move.line").move_id or self.invoice_id
        days = [picking._dms_day() for picking in deliveries] or invoices.mapped("invoice_date")
        return min(days, default=None)

    def _find_duplicates(self):
        reference = (self.reference or "").strip()
        if not reference:
            return []
        domain = [
            ("distributor_id", "=", self.distributor_id.id),
            ("company_id", "=", self.company_id.id),
            ("reference", "=ilike", reference.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")),
            ("state", "not in", ("draft", "rejected", "cancelled")),
            ("id", "!=", self.id),
        ]
        first = self.search(domain, order="id", limit=1)
        return [self.env._("%(reference)s was claimed before, with %(claim)s.", reference=reference, claim=first.name)] if first else []

    def _find_missing_evidence(self):
        missing = self._get_missing_evidence()
        return [self.env._("Please attach: %(missing)s.", missing=", ".join(missing))] if missing else []


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _get_label(self):
        return self.name or self.product_id.display_name or self.claim_type_id.name

    def _is_carried(self):
        """Whether the line takes off what an accrual was paid too much."""
        return self.source_model == "dms.scheme.accrual" and self.amount_calculated < 0 and self.amount_claimed == self.amount_calculated

    def _get_source_finding(self, source):
        """Why the source cannot be claimed any more, or None."""
        if not self.source_model:
            return None
        if not source or not self._is_own_source(source):
            return self.env._("%(line)s can no longer be claimed.", line=self._get_label())
        if source._name == "dms.scheme.accrual":
            return self._get_accrual_finding(source)
        if source._name == "stock.move.line" and source.picking_id.dms_receipt_state == "in_transit":
            return self.env._("%(delivery)s: confirm what has arrived first.", delivery=source.picking_id.name)
        if source._name == "dms.price.protection.item" and not source.is_live:
            return self.env._("%(line)s: the price protection was cancelled.", line=self._get_label())
        return None

    def _get_accrual_finding(self, accrual):
        if accrual.state != "open":
            return self.env._("%(accrual)s is being settled, or was.", accrual=accrual.display_name)
        if self.currency_id.compare_amounts(self.amount_claimed, accrual.open_amount) < 0:
            owed = self.currency_id.format(accrual.open_amount)
            return self.env._("%(accrual)s is paid as a whole: claim %(amount)s.", accrual=accrual.display_name, amount=owed)
        return None
