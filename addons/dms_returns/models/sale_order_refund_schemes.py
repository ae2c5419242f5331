"""What an order owes once goods that earned its benefits came back: benefits on what is kept, and free goods."""

from odoo import models

from ..engine.refund import TINY, owed_free, rounded
from .account_move_refund import Amounts
from .refund_note import Need


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dms_get_refund_needs(self, credited):
        """What is to be taken off the credit notes of a return for this order.

        All of it is cumulative: what the order owes with all that has come back so far, and what was taken off before.

        :param dict credited: ``{order line: (quantity, Amounts)}`` that is being credited
        :return: list of :class:`Need`; those that give something back come first
        """
        posted = self._dms_get_posted_needs()
        kept = self._dms_keep_anew(credited) if self._dms_requalifies() else None
        if not posted and kept is None and not self._dms_charges_free():
            return []
        needs = self._dms_get_scheme_needs(kept, credited, posted) + self._dms_get_free_needs(kept, posted)
        return sorted((need for need in needs if need.open), key=lambda need: need.open > 0)

    def _dms_keep_anew(self, credited=None):
        """``(Kept, {line: kept quantity})`` with what is being credited taken off.

        :rtype: tuple
        """
        quantities = self._dms_get_kept_quantities({line: quantity for line, (quantity, _amounts) in (credited or {}).items()})
        return self._dms_evaluate_kept(quantities), quantities

    def _dms_charges_free(self):
        """Whether goods came back for a reason that asks for the free goods earned with them."""
        return any(line._dms_get_accepted(("with_free",)) for line in self.order_line) and any(self.order_line.mapped("is_scheme_free"))

    def _dms_get_posted_needs(self):
        """``{(kind, ids of taxes or free line id): Amounts}`` taken off by posted credit notes, less what was reversed."""
        items = self.env["account.move.line"].search(
            [("dms_refund_order_id", "in", self.ids), ("parent_state", "=", "posted"), ("dms_refund_kind", "in", ("scheme", "free"))]
        )
        posted = {}
        for item in items.filtered(lambda item: item.currency_id == self.currency_id):
            key = (item.dms_refund_kind, item.dms_free_line_id.id or frozenset(item.tax_ids.ids))
            amounts = item._dms_imposed_amounts()
            posted[key] = (
                posted.get(key, Amounts()) - amounts if item.move_id.move_type == "out_refund" else posted.get(key, Amounts()) + amounts
            )
        return posted

    # ------------------------------------------------------------ benefits on what is kept

    def _dms_get_scheme_needs(self, kept, credited, posted):
        """What the kept goods cost beyond what was paid for them and not credited, by taxes."""
        short, accounts = self._dms_get_shortfalls(*kept, credited) if kept else ({}, {})
        keys = short.keys() | {key for kind, key in posted if kind == "scheme"}
        name = self.env._("Benefits of schemes no longer earned, %(order)s", order=self.name)
        needs = []
        for key in sorted(keys, key=sorted):
            taxes = self.env["account.tax"].browse(sorted(key)).sorted()
            before = posted.get(("scheme", key), Amounts())
            account = accounts.get(key) or self._dms_get_income_account(self.order_line)
            needs.append(Need("scheme", self, taxes, account, name, short.get(key, 0), before))
        return needs

    def _dms_get_shortfalls(self, kept, quantities, credited):
        """(``{ids of taxes: cost of what is kept, less what was paid for it}`` in units, ``{ids of taxes: account}``)."""
        short, accounts, claimed = {}, {}, kept.lines._dms_get_claimed_lines()
        for place, line in enumerate(kept.lines):
            if not line.scheme_discount and not kept.result.reductions.get(place):
                continue  # no scheme has or had a part in its price
            key = frozenset(line._dms_get_rate_taxes().ids)
            paid = line._dms_get_paid_for_kept(quantities[line], line in claimed, *credited.get(line, (0.0, Amounts())))
            short[key] = short.get(key, 0) + kept.costs[line] - paid
            accounts.setdefault(key, self._dms_get_income_account(line))
        return short, accounts

    def _dms_get_income_account(self, lines):
        """Account the goods of these lines were invoiced on."""
        items = lines.invoice_lines.filtered(lambda item: item.parent_state == "posted" and item.display_type == "product")
        return items[:1].account_id

    # ------------------------------------------------------------ free goods

    def _dms_get_free_needs(self, kept, posted):
        """Free goods that did not come back with what earned them, at full price."""
        needs = []
        free_lines = self.order_line.filtered(lambda line: line.is_scheme_free and line.product_uom_qty > 0)
        for line in free_lines:
            charged = line._dms_get_charged_quantity(kept and kept[0])
            full = round(line._dms_full_value() / self.currency_id.rounding)
            target, before = rounded(full, charged, line.product_uom_qty), posted.get(("free", line.id), Amounts())
            name = self.env._("Free goods kept: %(product)s × %(quantity)s", product=line.product_id.display_name, quantity=f"{charged:g}")
            taxes = line._dms_get_rate_taxes()
            if line.company_id.scheme_tax_free_goods:
                taxes = taxes.browse()  # paid when they were given
            account = self._dms_get_income_account(line) or self._dms_get_income_account(self.order_line)
            needs.append(Need("free", self, taxes, account, name, target, before, line))
        return needs


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_get_rate_taxes(self):
        """Taxes of this line that follow its amount; one of so much a piece is no matter of benefits."""
        items = self.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        taxes = items[:1].tax_ids or self.tax_ids
        flat = taxes.flatten_taxes_hierarchy()
        return flat.filtered(lambda tax: tax.amount_type != "fixed") if "fixed" in flat.mapped("amount_type") else taxes

    def _dms_get_paid_for_kept(self, kept, is_claimed, quantity, amounts):
        """What was paid for what is kept of this line: invoiced less credited, and what will still be invoiced of it; units.

        :param bool is_claimed: whether claims were paid for it
        :param quantity: being credited, with its ``amounts``
        """
        invoiced, amount = self._dms_get_net_invoiced()
        to_invoice = max(kept - (invoiced - quantity), 0.0)
        to_invoice = to_invoice if to_invoice > TINY else 0.0
        value = round(self.price_subtotal / self.currency_id.rounding)
        paid = amount - amounts.untaxed
        if is_claimed:
            paid = self._dms_get_invoiced_for(kept - to_invoice)
        return paid + rounded(value, to_invoice, self.product_uom_qty)

    def _dms_get_invoiced_for(self, quantity):
        """What so much of this line was invoiced for, untaxed in units: claims on it were paid and lower what is credited, so that
        credit notes do not tell what was paid for the goods that are kept.
        """
        items = [item for item, sign, _way, _document in self._dms_get_posted_lines() if sign > 0 and item.currency_id == self.currency_id]
        amount = sum(item._dms_untaxed_amounts().untaxed for item in items)
        return rounded(amount, quantity, sum(self._dms_from_unit(item.quantity, item.product_uom_id) for item in items))

    def _dms_get_charged_quantity(self, kept=None):
        """Free goods owed for what came back, less those that came back themselves; in this free line's unit.

        :param kept: :class:`Kept` where benefits follow what is kept
        """
        returned = self._dms_get_accepted()
        given = self._dms_snap(self.qty_delivered) + returned
        owed = max(self._dms_get_share_owed(given), self._dms_get_unearned(kept, given) if kept else 0.0)
        return max(min(owed, given) - returned, 0.0)

    def _dms_get_share_owed(self, given):
        """In proportion to what came back of the goods that earned them, for reasons that ask for it."""
        sold = returned = 0.0
        for line in self._dms_earning_lines():
            own = line.product_id.uom_id
            sold += line._dms_to_unit(line._dms_snap(line.qty_delivered) + line._dms_get_accepted(), own)
            returned += line._dms_to_unit(line._dms_get_accepted(("with_free",)), own)
        return owed_free(given, sold, returned, self.product_id._dms_quantity_step()) if returned else 0.0

    def _dms_get_unearned(self, kept, given):
        """What the kept goods would not have earned."""
        key = self._dms_gift_key()
        earned = sum(
            grant.free_qty
            for grant in kept.result.grants
            if grant.free_product and (grant.scheme.id, grant.product, grant.free_product) == key
        )
        return max(given - earned, 0.0)
