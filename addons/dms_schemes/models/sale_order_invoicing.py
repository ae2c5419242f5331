from odoo import models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """What of an order's benefits was consumed by invoices, and what credit notes took back."""

    _inherit = "sale.order"

    def _dms_follow_invoicing(self):
        """Bring the ledger of these orders in line with their posted invoices and credit notes, whatever was posted before."""
        rows = self.env["dms.scheme.application"].search([("order_id", "in", self.ids), ("state", "=", "committed")])
        posted = rows.order_id.order_line._dms_posted_shares()
        for row in rows:
            row._follow(posted)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_posted_shares(self):
        """``{line: (invoiced, credited)}`` as shares of the ordered quantity, by posted documents; at most 1 each."""
        quantities = self._dms_posted_quantities()
        shares = {}
        for line in self:
            if line.product_uom_qty:
                shares[line] = tuple(min(qty / line.product_uom_qty, 1.0) for qty in quantities.get(line.id, (0.0, 0.0)))
        return shares

    def _dms_posted_quantities(self):
        """``{line id: (invoiced, credited)}`` in the line's unit; credit notes without quantity return price only.

        An invoice that takes a credit note back counts against what was credited: nothing is invoiced anew with it.
        """
        self.env["account.move"].flush_model(["state", "move_type", "reversed_entry_id"])
        self.env["account.move.line"].flush_model(["quantity", "product_uom_id", "move_id"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT rel.order_line_id, item.product_uom_id, move.move_type = 'out_refund' OR taken_back.id IS NOT NULL,
                       SUM(CASE WHEN taken_back.id IS NULL THEN item.quantity ELSE -item.quantity END)
                  FROM sale_order_line_invoice_rel rel
                  JOIN account_move_line item ON item.id = rel.invoice_line_id
                  JOIN account_move move ON move.id = item.move_id
                  LEFT JOIN account_move taken_back
                    ON taken_back.id = move.reversed_entry_id AND taken_back.move_type = 'out_refund' AND move.move_type = 'out_invoice'
                 WHERE rel.order_line_id = ANY(%s) AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
                 GROUP BY 1, 2, 3
                """,
                list(self.ids),
            )
        )
        quantities = {}
        for line_id, unit_id, is_credit, quantity in found:
            line = self.browse(line_id)
            unit = self.env["uom.uom"].browse(unit_id) or line.product_uom_id
            quantity = unit._compute_quantity(float(quantity), line.product_uom_id, round=False)
            invoiced, credited = quantities.get(line_id, (0.0, 0.0))
            quantities[line_id] = (invoiced, credited + quantity) if is_credit else (invoiced + quantity, credited)
        return quantities


class DmsSchemeApplication(models.Model):
    _inherit = "dms.scheme.application"

    def _follow(self, posted):
        """Set what of this benefit was consumed and what was taken back.

        :param dict posted: of :meth:`sale.order.line._dms_posted_shares`
        """
        invoiced, returned = self._get_followed(posted)
        rate = self.benefit_company_amount / self.benefit_amount if self.benefit_amount else 0.0
        in_company = self.company_id.currency_id.round
        values = {
            "returned_amount": returned,
            "returned_company_amount": in_company(returned * rate),
            "consumed_company_amount": in_company((invoiced - returned) * rate),
        }
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)

    def _get_followed(self, posted):
        """(invoiced, taken back) of this benefit in order currency. The share of what comes back is taken off with it;
        extended by modules with other policies for returned goods.
        """
        if self.free_product_id:
            line = self._get_free_line()
            shares = posted.get(line, (0.0, 0.0))
            return tuple(self.currency_id.round(self.benefit_amount * share) for share in shares)
        invoiced = returned = 0.0
        for part in self.line_ids:
            shares = posted.get(part.sale_line_id, (0.0, 0.0))
            part_invoiced, part_returned = (self.currency_id.round(part.amount * share) for share in shares)
            if part.returned_amount != part_returned:
                part.returned_amount = part_returned
            invoiced, returned = invoiced + part_invoiced, returned + part_returned
        return invoiced, returned

    def _get_free_line(self):
        """The order line of the goods this benefit gave."""
        key = (self.scheme_id.id, self.product_id.id or None, self.free_product_id.id)
        return self.order_id.order_line.filtered(lambda line: line.is_scheme_free and line._dms_gift_key() == key)[:1]
