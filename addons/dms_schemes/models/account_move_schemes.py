from odoo import api, fields, models


class AccountMove(models.Model):
    """What is printed of schemes on an invoice."""

    _inherit = "account.move"

    scheme_benefit_amount = fields.Monetary(
        "Scheme Benefit", compute="_compute_scheme_benefit_amount", groups="base.group_user",
        help="Untaxed: what schemes take off the lines, and free goods at their full price.",
    )  # fmt: skip
    scheme_gross_amount = fields.Monetary("Value before Schemes", compute="_compute_scheme_benefit_amount", groups="base.group_user")

    @api.depends("amount_untaxed", "invoice_line_ids.scheme_discount", "invoice_line_ids.is_scheme_free")
    def _compute_scheme_benefit_amount(self):
        for move in self:
            lines = move.invoice_line_ids
            benefit = sum(lines.mapped("scheme_discount")) + sum(line._dms_full_value() for line in lines.filtered("is_scheme_free"))
            move.scheme_benefit_amount = benefit
            move.scheme_gross_amount = move.amount_untaxed + benefit


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    scheme_note = fields.Char("Schemes", compute="_compute_scheme_note", groups="base.group_user")

    @api.depends("scheme_discount", "is_scheme_free", "quantity", "sale_line_ids.scheme_note")
    @api.depends_context("lang")
    def _compute_scheme_note(self):
        for line in self:
            line.scheme_note = line._get_scheme_note()

    def _get_scheme_note(self):
        """What schemes did to the line, in words: printed under it.

        An invoice of a part of the order carries a part of each benefit, so amounts are given only for the line as a whole.
        """
        order_line = self.sale_line_ids.sudo()[:1]  # what the invoice's own order says of its schemes
        if self.is_scheme_free:
            return order_line.scheme_note or self.env._("Free goods")
        if not self.scheme_discount:
            return False
        rows = order_line.scheme_application_line_ids.filtered(lambda row: row.application_id.state != "reversed")
        names = ", ".join(rows.application_id.scheme_id.mapped("name")) or self.env._("Scheme benefit")
        return f"{names} −{self.currency_id.format(self.scheme_discount)}"

    def _dms_full_value(self):
        """Untaxed value of free goods at their full price, rounded."""
        if not any(tax.price_include for tax in self.tax_ids.flatten_taxes_hierarchy()):
            return self.currency_id.round(self.quantity * self.price_unit)
        tax = self.env["account.tax"]
        base_line = self.move_id._prepare_product_base_line_for_taxes_computation(self)
        base_line["discount"] = 0.0
        tax._add_tax_details_in_base_line(base_line, self.company_id)
        tax._round_base_lines_tax_details([base_line], self.company_id)
        return base_line["tax_details"]["total_excluded_currency"]
