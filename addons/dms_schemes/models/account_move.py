from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from .sale_order_facts import taxed_gift, with_scheme


class AccountMove(models.Model):
    _inherit = "account.move"

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        """What schemes take off enters the computation of taxes after the line's own discount, as on the order."""
        base_line = super()._prepare_product_base_line_for_taxes_computation(product_line)
        line = product_line.sudo()  # a part of the line's own price, and the company's choice
        if not self.is_invoice(include_receipts=True):
            return base_line
        if line.is_scheme_free and self.sudo().company_id.scheme_tax_free_goods:  # the company's choice
            return taxed_gift({**base_line, "discount": 0.0})
        if line.scheme_percent:
            base_line["discount"] = with_scheme(base_line["discount"], line.scheme_percent)
        return base_line

    def _post(self, soft=True):
        moves = super()._post(soft)
        moves._dms_follow_benefits()
        return moves

    def button_draft(self):
        result = super().button_draft()
        self._dms_follow_benefits()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._dms_follow_benefits()
        return result

    def _dms_follow_benefits(self):
        """Invoices and credit notes of orders were posted or taken back: what of their benefits is consumed, or comes back."""
        orders = self.sudo().line_ids.sale_line_ids.order_id  # the ledger of the orders invoiced here
        orders = orders.filtered("scheme_fingerprint")
        if orders:
            orders._dms_follow_invoicing()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # given when the line is made and never changed: no totals of core's depend on it
    scheme_percent = fields.Float("Scheme Percentage", readonly=True, groups="base.group_user", help="As on the order line.")
    scheme_discount = fields.Monetary(
        "Scheme Benefit",
        compute="_compute_scheme_discount",
        store=True,
        currency_field="currency_id",
        help="Untaxed amount that schemes take off the line.",
    )
    is_scheme_free = fields.Boolean("Free Goods", readonly=True)

    def _auto_init(self):
        """Lines there are have no benefit: the column is made empty instead of being computed for all of them."""
        if not column_exists(self.env.cr, self._table, "scheme_discount"):
            create_column(self.env.cr, self._table, "scheme_discount", "numeric")
        return super()._auto_init()

    @api.depends("price_subtotal")
    def _compute_scheme_discount(self):
        tax = self.env["account.tax"]
        reduced = self.filtered(lambda line: line.sudo().scheme_percent and line.display_type == "product")  # a part of its own price
        (self - reduced).scheme_discount = 0.0
        for line in reduced:
            base_line = line.move_id._prepare_product_base_line_for_taxes_computation(line)
            base_line["discount"] = line.discount
            # what is imposed on a line, as on credit notes, has the benefit in it
            base_line["manual_total_excluded_currency"] = base_line["manual_total_excluded"] = base_line["manual_tax_amounts"] = None
            tax._add_tax_details_in_base_line(base_line, line.company_id)
            tax._round_base_lines_tax_details([base_line], line.company_id)
            line.scheme_discount = base_line["tax_details"]["total_excluded_currency"] - line.price_subtotal
