from odoo import fields, models
from odoo.fields import Domain


class DmsProductScope(models.AbstractModel):
    """Products named one by one or by category: the union of both lists, as in core's own price rules."""

    _name = "dms.product.scope"
    _description = "Product Scope"

    product_ids = fields.Many2many("product.product", string="Products")
    categ_ids = fields.Many2many("product.category", string="Categories", help="With all categories below.")

    def _filter_products(self, products):
        """Those of ``products`` (product.product) that any record of ``self`` names."""
        named = self.product_ids
        paths = tuple(self.categ_ids.mapped("parent_path"))
        return products.filtered(lambda p: p in named or (paths and p.categ_id.parent_path.startswith(paths)))

    def _get_product_domain(self):
        """Domain on ``product.product`` of what the records of ``self`` name together."""
        domain = Domain("id", "in", self.product_ids.ids)
        if self.categ_ids:
            domain |= Domain("categ_id", "child_of", self.categ_ids.ids)
        return domain
