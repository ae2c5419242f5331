"""What of an order was invoiced, credited, returned and is kept, and what the kept goods earn."""

from collections import namedtuple
from dataclasses import replace

from odoo import models

from odoo.addons.dms_schemes.engine import Result, Used, evaluate
from odoo.addons.dms_schemes.models.scheme_goods import SchemeGoods

from ..engine.refund import TINY, Source, attribute
from .account_move_credited import Reader

#: what kept goods earn: ``lines`` in the engine's order, what each ``costs``, and the engine's ``result``, all in units
Kept = namedtuple("Kept", "lines costs result")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # ------------------------------------------------------------ quantities

    def _dms_to_unit(self, quantity, unit):
        """A quantity of this line's unit in another one, not rounded."""
        return self.product_uom_id._compute_quantity(quantity, unit, round=False) if unit and unit != self.product_uom_id else quantity

    def _dms_from_unit(self, quantity, unit):
        """A quantity of another unit in this line's, not rounded."""
        return unit._compute_quantity(quantity, self.product_uom_id, round=False) if unit and unit != self.product_uom_id else quantity

    def _dms_snap(self, quantity):
        """A quantity of this line that was stored rounded, as it was meant: a number of steps of the product's own unit."""
        own = self.product_id.uom_id
        if self.product_uom_id == own:
            return quantity
        step = self.product_id._dms_quantity_step()
        return self._dms_from_unit(round(self._dms_to_unit(quantity, own) / step) * step, own)

    def _dms_get_accepted(self, policies=None):
        """What inspections accepted for credit of this line, in its unit, not rounded; only for reasons of some policies."""
        returned = self.sudo().dms_return_line_ids  # returns of the order's own line
        returned = returned.filtered(lambda line: line.state in ("inspected", "settled") and line.return_id.resolution == "credit")
        if policies:
            returned = returned.filtered(lambda line: line.reason_id.scheme_policy in policies)
        return sum(self._dms_from_unit(line.accepted_qty, line.product_uom_id) for line in returned)

    def _compute_qty_to_invoice(self):
        """Goods invoiced as they were ordered, and accepted back, are not to be invoiced again once they are credited; and what came
        back without any money, as free goods, is not to be credited.
        """
        super()._compute_qty_to_invoice()
        ordered = self.filtered(lambda line: line.state == "sale" and not line.display_type and line.product_id.invoice_policy == "order")
        for line in ordered:
            if returned := line._dms_get_accepted():
                line.qty_to_invoice -= returned
        for line, quantity in self.filtered(lambda line: line.qty_to_invoice < 0)._dms_get_absorbed().items():
            line.qty_to_invoice = min(line.qty_to_invoice + max(quantity, 0.0), 0.0)

    # ------------------------------------------------------------ posted documents

    def _dms_get_posted_lines(self):
        """``[(line of an invoice or credit note, sign, document)]`` posted for this order line, oldest first.

        ``sign`` is 1 for what was invoiced and -1 for what was credited; an invoice that takes a credit note back has -1 and a
        quantity below zero. ``document`` is the invoice that is meant, where that is known.
        """
        found = []
        for item in self.invoice_lines.sorted(lambda item: (item.move_id.invoice_date or item.date, item.move_id.id, item.id)):
            move = item.move_id
            if move.state != "posted" or item.display_type != "product":
                continue
            if move.move_type == "out_refund":
                found.append((item, -1, 1, move.reversed_entry_id))
            elif move.reversed_entry_id.move_type == "out_refund":
                found.append((item, -1, -1, move.reversed_entry_id.reversed_entry_id))
            elif move.move_type == "out_invoice":
                found.append((item, 1, 1, move))
        return found

    def _dms_get_sources(self, read=None):
        """``{line: [Source]}``: lines of posted invoices, oldest first, with what was credited on each by anybody.

        ``key`` is the invoice line, quantities are in the order line's unit, ``given`` is :class:`Amounts`.

        :param Reader read: how exactly money is read; untaxed alone where nobody says
        """
        sources, read = {}, read or Reader()
        for line in self:
            posted = line._dms_get_posted_lines()
            sources[line] = [
                Source(item, move, line._dms_from_unit(item.quantity, item.product_uom_id))
                for item, sign, _way, move in posted
                if sign > 0 and item.quantity > 0
            ]
            credits = [
                (move or None, way * line._dms_from_unit(item.quantity, item.product_uom_id), read(item) if way > 0 else -read(item))
                for item, sign, way, move in posted
                if sign < 0
            ]
            attribute(sources[line], credits)
            for source in sources[line]:
                source.claimed = line._dms_from_unit(source.key._dms_get_claimed_goods(), line.product_id.uom_id)
        read.protected |= self._dms_get_protected()
        return sources

    def _dms_get_claimed_lines(self):
        """Those of these lines for which claims were paid, or money was given back of their invoices as a whole."""
        read = Reader()
        sources = self._dms_get_sources(read)
        documents = [source.document for found in sources.values() for source in found]
        shared = self.env["account.move"].union(*documents)._dms_get_unplaced(read)

        def is_claimed(source):
            return source.document in shared or read.protected.get(source.key) or source.key._dms_get_claim_items()

        return self.filtered(lambda line: any(is_claimed(source) for source in sources[line]))

    def _dms_get_draft_items(self):
        """Lines of draft invoices for this order line, the newest first."""
        items = self.invoice_lines.filtered(lambda item: item.parent_state == "draft" and item.move_id.move_type == "out_invoice")
        return items.sorted("id", reverse=True)

    def _dms_get_drafted_too_much(self, drafts):
        """By how much posted and draft invoices exceed what there is to be invoiced of this line, in its unit."""
        drafted = sum(self._dms_from_unit(item.quantity, item.product_uom_id) for item in drafts)
        by_order = self.product_id.invoice_policy == "order"
        due = self.product_uom_qty - self._dms_get_accepted() if by_order else self._dms_snap(self.qty_delivered)
        return max(drafted + self._dms_get_net_invoiced()[0] - due, 0.0)

    def _dms_get_net_invoiced(self):
        """(quantity, amount) posted on invoices less credit notes: in this line's unit, untaxed in units of the documents' rounding.

        Amounts of documents in another currency than the order's are left out.
        """
        quantity = amount = 0
        for item, sign, way, _document in self._dms_get_posted_lines():
            quantity += sign * way * self._dms_from_unit(item.quantity, item.product_uom_id)
            if item.currency_id == self.currency_id:
                amount -= round(item.amount_currency / self.currency_id.rounding)
        return quantity, amount

    # ------------------------------------------------------------ kept

    def _dms_get_claimed(self):
        """What claims paid for as a whole, as it never came or was damaged, in this line's unit: nobody keeps it."""
        rows = self.invoice_lines.filtered(lambda item: item.parent_state == "posted" and item.move_id.move_type == "out_invoice")
        return sum(self._dms_from_unit(row._dms_get_claimed_goods(), self.product_id.uom_id) for row in rows)

    def _dms_get_kept(self, invoiced, is_open):
        """What the distributor keeps of this line or is still to get, in its unit.

        :param invoiced: invoiced less credited
        :param is_open: whether deliveries of the order are still to come
        """
        if self.qty_delivered_method != "stock_move":
            return self.product_uom_qty
        kept = max(self._dms_snap(self.qty_delivered), invoiced)
        if is_open:
            kept = max(kept, self.product_uom_qty - self._dms_get_accepted())
        kept = min(max(kept - self._dms_get_claimed(), 0.0), self.product_uom_qty)
        return 0.0 if kept < TINY else self.product_uom_qty if kept > self.product_uom_qty - TINY else kept

    def _dms_value_kept(self, kept):
        """Untaxed value before schemes of so much of this line, units of the order's rounding."""
        if kept == self.product_uom_qty:
            value = self._dms_value_before_schemes()
        elif self._dms_has_included_tax():
            value = self._dms_untaxed_value(quantity=kept)
        else:
            value = self.currency_id.round(kept * (self.price_unit * (1 - self.discount / 100.0)))
        return round(value / self.currency_id.rounding)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dms_lock_refunds(self):
        """Of two credits on the lines of one order at once the later one is repeated by Odoo and sees the other.

        The rows change with every credit note, as core keeps on them what was invoiced; in order of ids, so that nobody waits in
        a circle.
        """
        self.order_line.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM sale_order_line WHERE order_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(self.ids)], log_exceptions=False
        )

    def _dms_requalifies(self):
        """Whether goods of this order were credited for reasons that look at the kept goods anew."""
        lines = self.order_line.dms_return_line_ids.filtered(lambda line: line.state == "settled" and line.accepted_qty > 0)
        return "requalify" in lines.filtered(lambda line: line.return_id.resolution == "credit").reason_id.mapped("scheme_policy")

    def _dms_has_open_deliveries(self):
        moves = self.order_line.move_ids
        return any(move.state not in ("done", "cancel") and move.location_dest_id.usage == "customer" for move in moves)

    def _dms_get_kept_quantities(self, credited=None):
        """``{line: kept quantity}`` of the goods bought.

        :param dict credited: ``{line: quantity}`` that is being credited and not posted yet
        """
        is_open, credited = self._dms_has_open_deliveries(), credited or {}
        return {
            line: line._dms_get_kept(line._dms_get_net_invoiced()[0] - credited.get(line, 0.0), is_open)
            for line in self._dms_scheme_lines()
        }

    def _dms_evaluate_kept(self, kept):
        """What the kept goods cost and earn by the schemes the order was confirmed with, and the usage of caps as of then.

        :param dict kept: ``{line: quantity}`` of :meth:`_dms_get_kept_quantities`
        :rtype: Kept
        """
        lines, book = self._dms_scheme_lines(), self._dms_scheme_book()
        values = [line._dms_value_kept(kept[line]) for line in lines]
        result = self._dms_evaluate_quantities(book, lines, kept, values) if book and book.schemes else Result((), {})
        costs = {line: value - result.reductions.get(place, 0) for place, (line, value) in enumerate(zip(lines, values, strict=True))}
        return Kept(lines, costs, result)

    def _dms_evaluate_quantities(self, book, lines, kept, values):
        goods = SchemeGoods(self, self.order_line.filtered("is_scheme_free"))
        facts = self._dms_scheme_facts(lines, goods, book)
        used = {code: Used(*taken) for code, taken in (self.scheme_used or {}).items()}
        shares = [kept[line] / line.product_uom_qty if line.product_uom_qty else 0.0 for line in lines]
        # the engine's keys are places of ``lines``: lines of which nothing is kept are left out, the others keep their place
        left = tuple(
            replace(fact, quantity=fact.quantity * shares[fact.key], value=values[fact.key]) for fact in facts.lines if shares[fact.key] > 0
        )
        facts = replace(facts, lines=left)
        while True:
            result = evaluate(book, replace(facts, used=used))
            codes = {outcome.scheme.code for outcome in result.outcomes if outcome.grants and outcome.scheme.is_capped} - used.keys()
            if codes:  # not looked at then; as nearly as can be told
                used |= self._dms_scheme_used(codes, {})
            elif not goods.fetch():
                return result
