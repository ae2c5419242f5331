from odoo import api, fields, models, tools
from odoo.tools import SQL


class ProductCategory(models.Model):
    _inherit = "product.category"

    stock_band_qty = fields.Float(
        "In Stock From",
        digits="Product Unit",
        groups="base.group_user",
        help="Free quantity, in a product's own unit, from which distributors read “in stock”; below it “few left”. "
        "0 for what the category above has, and in the end the company.",
    )

    _stock_band_qty_range = models.Constraint(
        "CHECK(stock_band_qty IS NULL OR stock_band_qty BETWEEN 0 AND 1000000000)", "Choose a quantity between 0 and 1,000,000,000."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if {"stock_band_qty", "parent_id"} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    @tools.ormcache()
    def _get_stock_bands(self):
        """``{category id: quantity}`` from which a product counts as in stock, of the nearest category that says so.

        Categories for which none says so are left out.
        """
        self.flush_model(["stock_band_qty", "parent_path"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (below.id) below.id, above.stock_band_qty::float8
                      FROM product_category above
                      JOIN product_category below ON below.parent_path LIKE above.parent_path || '%%'
                     WHERE above.stock_band_qty > 0
                  ORDER BY below.id, length(above.parent_path) DESC
                    """
                )
            )
        )
