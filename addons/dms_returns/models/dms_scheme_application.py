from odoo import models

from ..engine.refund import split


class PostedShares(dict):
    """``{order line: (invoiced, credited)}``, and what the kept goods of each order earn, found once."""

    def __init__(self, shares):
        super().__init__(shares)
        self._kept = {}

    def get_kept(self, order):
        """:class:`Kept` where the benefits of an order follow what is kept, else None."""
        if order not in self._kept:
            self._kept[order] = order._dms_keep_anew()[0] if order._dms_requalifies_posted() else None
        return self._kept[order]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dms_requalifies_posted(self):
        """Whether a posted credit note credits goods of this order for a reason that looks at the kept goods anew.

        So does a return that needed none, as its goods had not been invoiced.
        """
        lines = self.order_line.dms_return_line_ids.filtered(
            lambda line: line.state == "settled" and line.reason_id.scheme_policy == "requalify" and line.return_id.resolution == "credit"
        )
        refunds = lines.return_id.refund_ids.filtered(lambda move: move.move_type == "out_refund")
        return bool(lines.return_id - (refunds - refunds.filtered(lambda move: move.state == "posted")).dms_return_id)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_posted_shares(self):
        """Goods that came back before they were invoiced take their part of a benefit with them: it counts as invoiced and credited."""
        shares = super()._dms_posted_shares()
        absorbed = self._dms_get_absorbed()
        for line, quantity in absorbed.items():
            if line in shares and quantity > 0:
                more = quantity / line.product_uom_qty
                shares[line] = tuple(min(share + more, 1.0) for share in shares[line])
        return PostedShares(shares)

    def _dms_get_absorbed(self):
        """``{line: quantity}`` that settled returns accepted and no credit note was made for, in the line's unit."""
        returned = self.dms_return_line_ids.filtered(lambda line: line.state == "settled" and line.return_id.resolution == "credit")
        if not returned:
            return {}
        items = self.env["account.move.line"].search(
            [("dms_return_line_id", "in", returned.ids), ("move_type", "=", "out_refund"), ("parent_state", "!=", "cancel")]
        )
        absorbed = {}
        for line in returned:
            sold = line.sale_line_id
            absorbed[sold] = absorbed.get(sold, 0.0) + sold._dms_from_unit(line.accepted_qty, line.product_uom_id)
        for item in items:
            sold = item.dms_return_line_id.sale_line_id
            absorbed[sold] -= sold._dms_from_unit(item.quantity, item.product_uom_id)
        return absorbed


class DmsSchemeApplication(models.Model):
    """What returns take back of benefits, by the policy of their reasons."""

    _inherit = "dms.scheme.application"

    def _get_followed(self, posted):
        """A share of what came back, or, where the reason looks at the kept goods anew, all that these do not earn; free goods that
        were charged are taken back as well as those that came. Never more than was given.
        """
        invoiced, returned = super()._get_followed(posted)
        kept = posted.get_kept(self.order_id)
        if self.free_product_id:
            returned += self._get_charged()
        if kept:
            unearned = self._get_unearned(kept)
            returned = max(returned, unearned) if self.free_product_id else unearned
        returned = self.currency_id.round(min(returned, self.benefit_amount))
        if kept and not self.free_product_id:
            self._split_returned(returned)
        return max(invoiced, returned), returned

    def _get_charged(self):
        """What posted credit notes charge for free goods that were kept, order currency."""
        line = self._get_free_line()
        posted = self.order_id._dms_get_posted_needs() if line else {}
        amounts = posted.get(("free", line.id))
        return amounts.untaxed * self.currency_id.rounding if amounts else 0.0

    def _get_unearned(self, kept):
        """Part of the benefit that the kept goods do not earn, order currency."""
        key = (self.scheme_id.id, self.product_id.id or None)
        earned = sum(grant.benefit for grant in kept.result.grants if (grant.scheme.id, grant.product) == key)
        return max(self.benefit_amount - earned * self.currency_id.rounding, 0.0)

    def _split_returned(self, returned):
        """Keep on the lines what was taken back of each, in proportion to what they were given."""
        rounding = self.currency_id.rounding
        parts = split(round(returned / rounding), [round(part.amount / rounding) for part in self.line_ids])
        for line, part in zip(self.line_ids, parts, strict=True):
            amount = self.currency_id.round(part * rounding)
            if line.returned_amount != amount:
                line.returned_amount = amount
