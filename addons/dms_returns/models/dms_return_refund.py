from odoo import models

from ..engine.refund import TINY, absorbed, rounded, split, spread
from .account_move_credited import Reader
from .account_move_refund import Amounts
from .refund_note import Note

#: states in which what was accepted is no longer among what was delivered
JUDGED = ("inspected", "settled")


class DmsReturn(models.Model):
    """What is credited for the accepted goods of a return: parts of invoice lines, less what schemes and fees take off again."""

    _inherit = "dms.return"

    def _credit(self):
        """Post the credit notes of one return, one for each invoice; none where nothing of it was invoiced.

        Called with full rights once the state is written.

        :return: the credit notes
        """
        lines = self.line_ids.filtered(lambda line: line.accepted_qty > 0)
        orders = lines.sale_line_id.order_id
        lines._lower_drafts()
        read = Reader(exact=True)
        notes = self._prepare_notes(lines._share_over_invoices(read), read)
        refunds = self.env["account.move"].create([note.prepare() for note in notes])
        for refund, note in zip(refunds, notes, strict=True):
            refund._post(soft=False)
            self._reconcile_with(note.invoice, refund)
        lines._keep_credited(notes)
        # of goods that were not invoiced the ledger of benefits is not told by any document
        orders.filtered("scheme_fingerprint")._dms_follow_invoicing()
        return refunds

    def _prepare_notes(self, shares, read):
        """:return: list of :class:`Note`, those with nothing to credit left out

        :param shares: of :meth:`dms.return.line._share_over_invoices`
        :param Reader read: as they were read
        """
        notes = {invoice: Note(self, invoice) for invoice in sorted({share[1].document for share in shares}, key=lambda move: move.id)}
        credited = {}
        for line, source, quantity, amounts in self.line_ids._take_rests(shares, read):
            notes[source.document].add_goods(line, source, quantity, amounts)
            so_far = credited.get(line.sale_line_id, (0.0, Amounts()))
            credited[line.sale_line_id] = (so_far[0] + quantity, so_far[1] + amounts)
        self._add_needs(notes.values(), credited)
        for note in notes.values():
            self._add_fees(note)
        return [note for note in notes.values() if not note.is_nothing]

    def _add_needs(self, notes, credited):
        """What each order owes, on its first credit notes with room for it."""
        for order in self.line_ids.sale_line_id.order_id:
            own = [note for note in notes if order in note.totals and note.invoice.currency_id == order.currency_id]
            needs = order._dms_get_refund_needs(credited) if own else []
            for note in own:
                for need in needs:
                    note.add_need(need)

    def _add_fees(self, note):
        """A line for each reason with a fee, and set of taxes: a share of what its goods are credited with."""
        bases = {}
        for _order, amounts, values in list(note.lines):
            line = self.env["dms.return.line"].browse(values.get("dms_return_line_id"))
            if line.reason_id.restocking_fee_percent:
                taxes = line.sale_line_id._dms_get_rate_taxes()
                key = (line.reason_id, taxes, self.env["account.account"].browse(values["account_id"]))
                bases[key] = bases.get(key, 0) + amounts.untaxed
        for (reason, taxes, account), base in bases.items():
            percent = reason.restocking_fee_percent
            name = self.env._("Restocking fee %(percent)s %%: %(reason)s", percent=f"{percent:g}", reason=reason.name)
            note.add_fee(name, account, taxes, rounded(base, percent, 100.0))


class DmsReturnLine(models.Model):
    _inherit = "dms.return.line"

    def _share_over_invoices(self, read):
        """``[(return line, Source, credited before, quantity)]``: what of these lines is credited on which lines of invoices.

        Goods that were not invoiced yet take nothing; the rest falls on the oldest invoices first, as far as they were not
        credited before, nor paid for by claims. Quantities are in the order line's unit.
        """
        shares, sources_of = [], self.sale_line_id._dms_get_sources(read)
        for order_line, lines in self.grouped("sale_line_id").items():
            sources = sources_of[order_line]
            for line, (_counting, quantity) in lines._get_invoiced_quantities().items():
                rooms = spread(quantity, [source.room for source in sources])
                for source, more in zip(sources, rooms, strict=True):
                    if more > TINY:
                        shares.append((line, source, source.credited, more))
                        source.credited += more
        return shares

    def _get_invoiced_quantities(self):
        """``{line: (what counts of it, what of that was invoiced)}`` for lines of one order line at one stage, in its unit."""
        order_line = self.sale_line_id
        counting = [order_line._dms_from_unit(line._get_counting_quantity(), line.product_uom_id) for line in self]
        invoiced, _amount = order_line._dms_get_net_invoiced()
        delivered = order_line._dms_snap(order_line.qty_delivered)
        if any(line.state not in JUDGED for line in self):
            delivered -= sum(counting)  # still among what was delivered
        left = sum(counting) - absorbed(sum(counting), delivered, invoiced)
        return dict(zip(self, zip(counting, spread(left, counting), strict=True), strict=True))

    def _lower_drafts(self):
        """What was accepted and is on draft invoices will not be invoiced: it comes off them, the newest first."""
        for order_line, lines in self.grouped("sale_line_id").items():
            drafts = order_line._dms_get_draft_items()
            accepted = sum(counting - invoiced for counting, invoiced in lines._get_invoiced_quantities().values()) if drafts else 0.0
            more = min(accepted, order_line._dms_get_drafted_too_much(drafts))
            quantities = [order_line._dms_from_unit(item.quantity, item.product_uom_id) for item in drafts]
            for item, quantity, less in zip(drafts, quantities, spread(more, quantities), strict=True):
                if less > TINY:
                    item.quantity = round(order_line._dms_to_unit(quantity - less, item.product_uom_id), 6)

    def _take_rests(self, shares, read):
        """``[(return line, Source, quantity, Amounts)]``: what each of these shares is credited with.

        :param shares: of :meth:`_share_over_invoices`
        :param Reader read: as they were read
        """
        rests, taken = {}, []
        rooms = self.env["account.move"].union(*(share[1].document for share in shares))._dms_get_rooms(read)
        for line, source, before, quantity in shares:
            rest = rests.get(source.key) or source.key._dms_get_rest(source, read)
            rests[source.key] = rest
            taken.append((line, source, quantity, rest.take(before, quantity, rooms.get(source.document))))
        return taken

    def _keep_credited(self, notes):
        """What each line was credited with: its goods, and its part of what was taken off for schemes; not of a fee."""
        credited = dict.fromkeys(self, 0)
        rounding = self.company_id.currency_id.rounding
        for note in notes:
            for order in note.totals.keys() - {None}:
                own, off = note.get_company_parts(order)
                for line, part in zip(own, split(off, list(own.values())), strict=True):
                    credited[line] += own[line] + part
        for line in self:
            line.credit_amount = self.company_id.currency_id.round(credited[line] * rounding)

    def _compute_expected_credit(self):
        """What these lines would be credited with as things stand, and what of them will first be invoiced: an estimate until they
        are settled, without schemes looked at anew.
        """
        lines, read = self.filtered(lambda line: line.return_id.resolution == "credit"), Reader()
        expected = dict.fromkeys(lines, 0.0)
        for line, source, _quantity, amounts in lines._take_rests(lines._share_over_invoices(read), read):
            expected[line] += source.document._dms_from_units(amounts.company_untaxed, True)
        for of_order_line in lines.filtered(lambda line: line.state not in JUDGED).grouped("sale_line_id").values():
            for line, (counting, invoiced) in of_order_line._get_invoiced_quantities().items():
                expected[line] += line._get_order_value(counting - invoiced)
        for line, amount in expected.items():
            amount = line.currency_id.round(amount)
            if line.credit_amount != amount:
                line.credit_amount = amount

    def _get_order_value(self, quantity):
        """Untaxed value, in company currency, of so much of the order line, in its unit, as the order has it."""
        sold = self.sale_line_id
        value = sold.price_subtotal * quantity / sold.product_uom_qty if sold.product_uom_qty else 0.0
        return value / (sold.order_id.currency_rate or 1.0)
