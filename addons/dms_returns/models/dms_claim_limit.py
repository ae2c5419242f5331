from odoo import models
from odoo.exceptions import UserError


class DmsClaim(models.Model):
    """No invoice is claimed for more than it is about, nor a line of it: over all living claims, also of people at once."""

    _inherit = "dms.claim"

    def _check_invoice_limits(self):
        """Take what these claims take of invoices, before they are submitted; to be called before anything of them is written.

        :raise UserError: naming what is left
        """
        lines = self.line_ids.filtered("invoice_id")
        if not lines:
            return
        limits = lines._get_limits()
        locks = self.env["dms.limit.lock"]
        locks._lock({limit.key for limit in limits.values() if limit.of == "account.move"})
        raced = locks._get_raced([limit.key for limit in limits.values()])
        others = lines._get_counting_of_others()
        for record, limit in limits.items():
            left = limit.room - others.get(record, 0.0) - raced.get(limit.key, 0.0)
            if self.currency_id.compare_amounts(limit.asked, left) > 0:
                raise UserError(self._get_limit_refusal(record, max(left, 0.0)))
        locks._commit({limit.key: limit.asked for limit in limits.values()})

    def _get_limit_refusal(self, record, left):
        return self.env._("%(what)s: %(left)s are left to be claimed.", what=record.display_name, left=self.currency_id.format(left))


class Limit:
    """How much of an invoice or a line of it may be claimed, and how much is asked for."""

    def __init__(self, record, key, room):
        self.of, self.key, self.room, self.asked = record._name, key, room, 0.0


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _get_limits(self):
        """``{invoice or invoice line: Limit}``; company currency, untaxed, less what was credited by others."""
        credited, limits = self.invoice_id._dms_get_credited(), {}
        for line in self:
            for record, name, room in line._get_rooms(credited):
                limit = limits.setdefault(record, Limit(record, (name, line.company_id.id, record.id), room))
                limit.asked += line.amount_claimed
        return limits

    def _get_rooms(self, credited):
        invoice, row = self.invoice_id, self.invoice_line_id
        rooms = [(invoice, "dms.claim", invoice.amount_untaxed_signed - credited.get(invoice, 0.0))]
        return [*rooms, (row, "dms.claim.line", -row.balance)] if row else rooms

    def _get_counting_of_others(self):
        """``{invoice or invoice line: amount}`` of living claims besides these."""
        found, claims = {}, self.claim_id
        for name in ("invoice_id", "invoice_line_id"):
            domain = [(name, "in", self[name].ids), ("claim_id", "not in", claims.ids)]
            found |= dict(self._read_group(domain, [name], ["counting_amount:sum"]))
        return found


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dms_get_credited(self):
        """``{invoice: amount}`` (company currency, untaxed) given back by posted credit notes that belong to no claim."""
        domain = [
            ("reversed_entry_id", "in", self.ids),
            ("state", "=", "posted"),
            ("move_type", "=", "out_refund"),
            ("dms_claim_id", "=", False),
        ]
        groups = self._read_group(domain, ["reversed_entry_id"], ["amount_untaxed_signed:sum"])
        return {invoice: -amount for invoice, amount in groups}
