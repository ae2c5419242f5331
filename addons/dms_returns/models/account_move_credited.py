"""What is left of an invoice and of each of its lines: credited once, whoever credits it, a return, a claim or an accountant by hand."""

from odoo import models
from odoo.exceptions import ConcurrencyError

from ..engine.refund import Source, paid_for
from .account_move_refund import Amounts

#: kinds of claims that pay for goods as a whole; all others lower the price of what is paid for
GOODS = ("shortage", "transit_damage")


class Reader:
    """:class:`Amounts` of lines of posted documents; untaxed alone, or exactly, each document computed once."""

    def __init__(self, exact=False):
        self.exact, self.documents = exact, {}
        #: ``{invoice line: units}`` of the company's currency that price protection paid
        self.protected = {}

    def __call__(self, item):
        if not self.exact:
            return item._dms_untaxed_amounts()
        move = item.move_id
        if move not in self.documents:
            self.documents[move] = move._dms_get_line_amounts()
        return self.documents[move].get(item) or item._dms_untaxed_amounts()


class Rest:
    """What is left of one invoice line, less what posted credit notes gave back of it."""

    def __init__(self, source, whole, claimed, protected):
        """
        :param Source source: what came back of it, and the money ``given`` for that
        :param Amounts whole: what the line came to
        :param Amounts claimed: what claims about it were paid
        :param Amounts protected: what was paid for its goods as price protection
        """
        self.source, self.whole, self.protected = source, whole, protected
        self.paid = claimed + protected

    @property
    def given(self):
        return self.source.given or Amounts()

    @property
    def left(self):
        return self.whole - self.given - self.paid

    @property
    def claimable(self):
        """What of the line was not given back otherwise, units of the company's currency: the claims about it share that."""
        return (self.whole - self.given - self.protected).company_untaxed

    def take(self, before, quantity, room=None):
        """:class:`Amounts` of goods that come back, after ``before`` came back already; they are given from now on.

        A part of what the line came to, by quantities since its beginning, so that parts of parts are equal whatever their order;
        where anything else was given back than these parts, a part of what is left. The last goods take all of it either way.

        :param Room room: what is left of the invoice as a whole, where the lines do not tell
        """
        whole, size = self.whole, self.source.quantity
        if self.paid.is_nothing and self.given.is_same(whole.part(size, 0.0, before)):
            taken = whole.part(size, before, quantity)
        else:
            taken = self._get_part_of_rest(size - self.source.claimed - before, quantity)
        taken = room.take(taken) if room else taken
        self.source.given = self.given + taken
        return taken

    def _get_part_of_rest(self, room, quantity):
        left = self.left
        return left.part(room, 0.0, quantity) if left.untaxed >= 0 and left.total > 0 else Amounts()


class Room:
    """What is left of an invoice as a whole, where money was given back that is on none of its lines."""

    def __init__(self, left):
        """:param Amounts left: of all its lines, less that money"""
        self.left = left

    def take(self, amounts):
        """As much of ``amounts`` as there is; taxes are still to be credited where what was given back had none."""
        taken = amounts.cut(self.left)
        self.left -= taken
        return taken


class AccountMove(models.Model):
    _inherit = "account.move"

    # ------------------------------------------------------------ invoices as a whole

    def _dms_get_rooms(self, read):
        """``{invoice: Room}``; invoices whose lines tell all that was given back are left out, their lines' own rests suffice.

        :param Reader read: how exactly money is read
        """
        unplaced = self._dms_get_unplaced(read)
        left = self.browse().union(*unplaced)._dms_get_left(unplaced, read)
        return {invoice: Room(amounts) for invoice, amounts in left.items()}

    def _dms_get_left(self, unplaced, read):
        """``{invoice: Amounts}`` that nothing gave back: of its lines, less what is ``unplaced``."""
        left = {invoice: -unplaced.get(invoice, Amounts()) for invoice in self}
        for row, rest in self._dms_get_rows()._dms_get_rests(read).items():
            left[row.move_id] += rest.left
        return left

    def _dms_get_unplaced(self, read):
        """``{invoice: Amounts}`` that was given back of it and of none of its lines: by hand, or by claims of one sum; nothing for
        an invoice with a discount on a line of its own, which lowers the others.
        """
        found = {row.move_id: Amounts() for row in self._dms_get_rows() if row.balance > 0}
        for invoice, amounts in [*self._dms_get_lumps(read), *self._dms_get_claimed_sums()]:
            found[invoice] = found.get(invoice, Amounts()) + amounts
        return found

    def _dms_get_rows(self):
        """Lines that say what was sold; a down payment that is taken off was sold before."""
        return self.line_ids.filtered(lambda item: item.display_type == "product" and not item.is_downpayment)

    def _dms_get_lumps(self, read):
        """``[(invoice, Amounts)]`` of credit notes by hand that name the invoice and no line of an order."""
        domain = [("move_id.reversed_entry_id", "in", self.ids), ("move_id.dms_claim_id", "=", False), ("move_id.state", "=", "posted")]
        domain += [("display_type", "=", "product"), ("sale_line_ids", "=", False), ("dms_refund_kind", "=", False)]
        items = self.env["account.move.line"].sudo().search(domain)._dms_live()  # of the invoices asked for; sums leave
        invoices = [item.move_id.reversed_entry_id for item in items]
        return [(invoice, invoice._dms_get_rows()[:1]._dms_read_as_own(item, read)) for invoice, item in zip(invoices, items, strict=True)]

    def _dms_get_claimed_sums(self):
        """``[(invoice, Amounts)]`` of paid claims that name the invoice and none of its lines."""
        lines = self.sudo().dms_claiming_line_ids  # about the invoices asked for; sums leave
        paid = lines.filtered(lambda line: line.state == "settled" and not line.invoice_line_id)
        return [
            (invoice, invoice._dms_get_rows()[:1]._dms_get_company_amounts(sum(line._get_approved_units() for line in of_invoice)))
            for invoice, of_invoice in paid.grouped("invoice_id").items()
        ]

    def _dms_get_claimable(self):
        """``{invoice: units}`` of the company's currency that were not given back otherwise: the claims about it share that."""
        rows, read = self.line_ids.filtered(lambda item: item.display_type == "product"), Reader()
        left = dict.fromkeys(self, 0)
        for row, rest in rows._dms_get_rests(read).items():
            left[row.move_id] += rest.claimable
        for invoice, amounts in self._dms_get_lumps(read):
            left[invoice] -= amounts.company_untaxed
        return left

    # ------------------------------------------------------------ one at a time

    def _dms_lock_credited(self, changes=True):
        """Decide alone on what is credited of these invoices, to the end of the transaction.

        Who has waited for another credit on one of them does not know what it took: the database shows what was there when the
        transaction began. Odoo repeats it then.

        :param bool changes: whether this transaction credits something, so that those who wait for it begin anew
        """
        locks, keys = self.env["dms.limit.lock"], [("dms.credited", move.company_id.id, move.id) for move in self]
        locks._lock(keys)
        if locks._get_raced(keys):
            raise ConcurrencyError("credited meanwhile")
        if changes:
            locks._commit(dict.fromkeys(keys, 1))


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _dms_get_rests(self, read=None):
        """``{invoice line: Rest}`` of posted credit notes by return, by claim, and by hand where they name it.

        :param Reader read: how exactly money is read; untaxed alone where nobody says
        """
        read = read or Reader()
        sources = {source.key: source for found in self.sale_line_ids._dms_get_sources(read).values() for source in found}
        alone = self.filtered(lambda item: item not in sources)  # of no order: only claims are known to credit them
        sources |= {item: Source(item, item.move_id, item.quantity) for item in alone}
        return {item: item._dms_get_rest(sources[item], read) for item in self}

    def _dms_get_rest(self, source, read):
        """:param Reader read: as the source was read"""
        claimed = sum((self._dms_read_as_own(item, read) for item in self._dms_get_claim_items()), Amounts())
        return Rest(source, read(self), claimed, self._dms_get_company_amounts(read.protected.get(self, 0)))

    def _dms_read_as_own(self, item, read):
        """:class:`Amounts` of a line of a credit note; of one in another currency at this line's rate."""
        if item.currency_id == self.currency_id:
            return read(item)
        return self._dms_get_company_amounts(item._dms_untaxed_amounts().company_untaxed)

    def _dms_get_company_amounts(self, units):
        """:class:`Amounts` at this line's rate of what was paid in the company's currency, as price protection: without taxes, so
        these are still to be credited.
        """
        if not units or not self.balance:
            return Amounts()
        in_currency = round(units * self.company_currency_id.rounding * self.amount_currency / self.balance / self.currency_id.rounding)
        return Amounts({(0, "untaxed", True): units, (0, "untaxed", False): in_currency})

    def _dms_get_claim_items(self):
        """Lines of posted credit notes of claims that pay for something of these invoice lines, and were not taken back."""
        lines = self.move_id.sudo().dms_claiming_line_ids  # of claims about the invoice asked for; sums leave
        return lines.filtered(lambda line: line.invoice_line_id in self).credit_item_ids._dms_live()

    def _dms_live(self):
        """Those of posted credit notes that were not taken back."""
        return self.filtered(lambda item: item.move_id._dms_live())

    def _dms_get_claimed_goods(self):
        """How much of the goods of this invoice line claims paid for as a whole, in the product's own unit."""
        items = self._dms_get_claim_items().filtered(lambda item: item.dms_claim_line_id.claim_id.kind in GOODS)
        return sum(self._dms_get_goods_paid_by(item) for item in items)

    def _dms_get_goods_paid_by(self, item):
        units, worth = (line._dms_untaxed_amounts().company_untaxed for line in (item, self))
        goods = paid_for(units, worth, self._dms_get_own_quantity(), self.product_id._dms_quantity_step())
        return min(goods, item.dms_claim_line_id.quantity or goods)

    def _dms_untaxed_amounts(self):
        """:class:`Amounts` of a posted line, untaxed alone; positive as its document means it."""
        move, way = self.move_id, 1 if self.move_id.move_type == "out_refund" else -1
        amounts = {False: way * self.amount_currency, True: way * self.balance}
        return Amounts({(0, "untaxed", in_company): move._dms_in_units(amount, in_company) for in_company, amount in amounts.items()})
