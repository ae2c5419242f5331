from odoo import models


class UomUom(models.Model):
    _inherit = "uom.uom"

    def write(self, vals):
        """Quantities are in the product's own unit, by what its unit and those of documents are in relation to each other now."""
        factors = {unit: unit.factor for unit in self}
        result = super().write(vals)
        changed = self.filtered(lambda unit: unit.factor != factors[unit])
        if changed:
            self.env["dms.sales.upkeep"].sudo()._touch_products(changed._get_dms_products(), days=True)  # a note that facts are out of date
        return result

    def _get_dms_products(self):
        """Products, archived or not, in whose documents these units may be used: those of a unit of the same kind."""
        roots = {int(unit.parent_path.split("/")[0]) for unit in self}
        products = self.env["product.product"].sudo().with_context(active_test=False)  # of every company, to be noted and no more
        return products.search([("uom_id", "child_of", list(roots))])
