"""Which lines of invoices a paid price protection makes cheaper: a return of these goods is credited for less."""

from odoo import fields, models

from ..engine.refund import split

ITEM = "dms.price.protection.item"
#: amounts become whole numbers to be shared in proportion
FINE = 10**6


class DmsPriceProtectionItem(models.Model):
    _inherit = "dms.price.protection.item"

    layers = fields.Json(
        readonly=True,
        groups="base.group_user",
        help="[[id of the delivery's move, what is protected of it]], as computed; what no receipt explains is in none.",
    )

    def _share_over_moves(self, units):
        """``{id of a move: units}`` of an amount in proportion to what is protected of each delivery."""
        layers = self.layers or []
        weights = [round(amount * FINE) for _move, amount in layers]
        unexplained = max(round(self.amount * FINE) - sum(weights), 0)
        parts = split(units, [*weights, unexplained])
        return {move: part for (move, _amount), part in zip(layers, parts, strict=False)}


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _share_protection(self, amounts):
        """``{invoice line: units}`` of the company's currency: what these lines pay for protected stock, where it was invoiced.

        :param dict amounts: ``{line: units}``
        """
        lines = self.filtered(lambda line: line.source_model == ITEM)
        items = {item.id: item for item in lines._get_sources(ITEM)}
        by_move, by_line = {}, {}
        for line in lines:
            for move, part in items[line.source_id]._share_over_moves(amounts[line]).items():
                by_move[move] = by_move.get(move, 0) + part
        for move in self.env["stock.move"].browse(by_move):
            by_line[move.sale_line_id] = by_line.get(move.sale_line_id, 0) + by_move[move.id]
        return {row: part for sold, units in by_line.items() for row, part in sold._dms_share_over_rows(units).items()}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_share_over_rows(self, units):
        """``{invoice line: units}`` of an amount in proportion to what was invoiced."""
        rows = [item for item, sign, _way, _document in self._dms_get_posted_lines() if sign > 0 and item.quantity > 0]
        weights = [round(abs(row.balance) / row.company_currency_id.rounding) for row in rows]
        return dict(zip(rows, split(units, weights), strict=True))

    def _dms_get_protected(self):
        """``{invoice line: units}`` of the company's currency that was paid for these goods as price protection, and not taken back."""
        domain = [("source_model", "=", ITEM), ("state", "=", "settled"), ("product_id", "in", self.product_id.ids)]
        domain.append(("distributor_id", "in", self.order_id.distributor_id.ids))
        lines = self.env["dms.claim.line"].sudo().search(domain)  # of the goods' own distributor; sums leave
        paid = {line: sum(item._dms_untaxed_amounts().company_untaxed for item in line.credit_item_ids._dms_live()) for line in lines}
        return lines._share_protection(paid)
