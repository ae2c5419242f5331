from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """Months are told apart by category, and quantities are in the product's own unit."""
        moving = self.filtered(lambda template: "categ_id" in vals and template.categ_id.id != vals["categ_id"])
        counted = self.filtered(lambda template: "uom_id" in vals and template.uom_id.id != vals["uom_id"])
        result = super().write(vals)
        for templates, days in ((moving, False), (counted, True)):
            if templates:
                products = templates.with_context(active_test=False).product_variant_ids
                self.env["dms.sales.upkeep"].sudo()._touch_products(products, days)  # a note that facts are out of date
        return result
