from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dms_unit_value = fields.Float(
        "Value of a Unit beyond the Order", compute="_compute_dms_unit_value", store=True, precompute=True, copy=False, digits=0,
        groups="base.group_user",
        help="Untaxed, in the order's currency: what goods are worth that are delivered on a line of which nothing was ordered.",
    )  # fmt: skip

    def _auto_init(self):
        """Lines that are there before are filled in by ``hooks.py``, the few that it matters for."""
        if not column_exists(self.env.cr, self._table, "dms_unit_value"):
            create_column(self.env.cr, self._table, "dms_unit_value", "float8")
        return super()._auto_init()

    @api.depends("product_uom_qty", "price_unit", "discount", "tax_ids")
    def _compute_dms_unit_value(self):
        for line in self:
            line.dms_unit_value = 0.0 if line.product_uom_qty or line.display_type else line._dms_get_unit_value()

    def _dms_get_unit_value(self):
        """One unit through its taxes, not rounded."""
        base_line = self._prepare_base_line_for_taxes_computation(quantity=1.0)
        self.env["account.tax"]._add_tax_details_in_base_line(base_line, self.company_id or self.env.company)
        return base_line["tax_details"]["raw_total_excluded_currency"]
