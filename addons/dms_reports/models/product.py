from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        moving = self.filtered(lambda template: "categ_id" in vals and template.categ_id.id != vals["categ_id"])
        result = super().write(vals)
        if moving:
            self.env["dms.sales.upkeep"]._touch_products(moving.with_context(active_test=False).product_variant_ids)
        return result
