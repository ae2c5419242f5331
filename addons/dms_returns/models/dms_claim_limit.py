from odoo import models
from odoo.exceptions import UserError

from .account_move_credited import Reader

#: states of claims that take their part of an invoice, and those whose part was paid
LIVING = ("submitted", "under_review", "approved", "settled")
PAID = ("settled",)


class DmsClaim(models.Model):
    """No invoice is claimed for more than it is about, nor a line of it: over all living claims, also of people at once.

    What was credited by returns and by hand leaves the less to claim, when a claim is submitted and again when it is paid.
    """

    _inherit = "dms.claim"

    def _check_invoice_limits(self):
        """Take what these claims take of invoices, before they are submitted; to be called before anything of them is written.

        :raise UserError: naming what is left
        """
        lines = self.line_ids.filtered("invoice_id")
        if not lines:
            return
        lines.invoice_id._dms_lock_credited(changes=False)
        limits = lines._get_limits("amount_claimed")
        locks = self.env["dms.limit.lock"]
        raced = locks._get_raced([limit.key for limit in limits.values()])
        self._check_limits(limits, lines._get_counting_of_others(LIVING), raced)
        locks._commit({limit.key: limit.asked for limit in limits.values()})

    def _check_credit_limits(self):
        """The same for what is paid, beside what has been credited: goods may have come back since the claims were submitted.

        :return: the invoices of which something is paid
        :raise UserError: naming what is left
        """
        lines = self.line_ids.filtered("amount_approved")
        lines._link_invoices()
        protected = lines._share_protection({line: line._get_approved_units() for line in lines})
        lines = lines.filtered("invoice_id")
        invoices = lines.invoice_id | self.env["account.move"].union(*(row.move_id for row in protected))
        invoices._dms_lock_credited()
        limits = lines._get_limits("amount_approved")
        self._check_limits(limits, lines._get_counting_of_others(PAID), {})
        self._check_protected(protected, {record: limit.asked for record, limit in limits.items()})
        return invoices

    def _check_protected(self, units, asked):
        """Goods that came back at their old price are not protected any more, nor is what their invoice does not come to.

        :param dict units: ``{invoice line: units}`` of the company's currency that are to be paid
        :param dict asked: ``{invoice or invoice line: amount}`` that is to be paid beside
        """
        rows, wanted, read = self.env["account.move.line"].union(*units), dict(units), Reader()
        left = {row: rest.left for row, rest in rows._dms_get_rests(read).items()}
        left |= rows.move_id._dms_get_left(rows.move_id._dms_get_unplaced(read), read)
        for row, more in units.items():
            wanted[row.move_id] = wanted.get(row.move_id, 0) + more
        for record, more in wanted.items():
            move = record if record._name == "account.move" else record.move_id
            there = max(left[record].company_untaxed - move._dms_in_units(asked.get(record, 0.0), True), 0)
            if more > there:
                raise UserError(self._get_limit_refusal(record, move._dms_from_units(there, True)))

    def _check_limits(self, limits, others, raced):
        for record, limit in limits.items():
            left = limit.room - others.get(record, 0.0) - raced.get(limit.key, 0.0)
            if self.currency_id.compare_amounts(limit.asked, left) > 0:
                raise UserError(self._get_limit_refusal(record, max(left, 0.0)))

    def _get_limit_refusal(self, record, left):
        return self.env._("%(what)s: %(left)s are left to be claimed.", what=record.display_name, left=self.currency_id.format(left))


class Limit:
    """How much of an invoice or a line of it may be claimed, and how much is asked for."""

    def __init__(self, record, key, room):
        self.of, self.key, self.room, self.asked = record._name, key, room, 0.0


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _get_limits(self, asked):
        """``{invoice or invoice line: Limit}``; company currency, untaxed, less what was credited by others than claims.

        :param str asked: field of the amount that is asked for
        """
        claimable, rests, limits = self.invoice_id._dms_get_claimable(), self.invoice_line_id._dms_get_rests(), {}
        for line in self:
            for record, name, units in line._get_claimable(claimable, rests):
                room = line.invoice_id._dms_from_units(units, True)
                limit = limits.setdefault(record, Limit(record, (name, line.company_id.id, record.id), room))
                limit.asked += line[asked]
        return limits

    def _get_approved_units(self):
        return round(self.amount_approved / self.currency_id.rounding)

    def _get_claimable(self, claimable, rests):
        invoice, row = self.invoice_id, self.invoice_line_id
        of_invoice = (invoice, "dms.claim", claimable[invoice])
        return [of_invoice, (row, "dms.claim.line", rests[row].claimable)] if row else [of_invoice]

    def _get_counting_of_others(self, states):
        """``{invoice or invoice line: amount}`` of claims besides these, in some states."""
        found, claims = {}, self.claim_id
        for name in ("invoice_id", "invoice_line_id"):
            domain = [(name, "in", self[name].ids), ("claim_id", "not in", claims.ids), ("state", "in", states)]
            found |= dict(self._read_group(domain, [name], ["counting_amount:sum"]))
        return found
