from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.scope import Scope, covered


class DmsProductScope(models.AbstractModel):
    """Products named one by one or by category: the union of both lists, as in core's own price rules.

    Models that inherit it are configuration read at every check: they compile themselves into plain values, cached
    until one of their records changes.
    """

    _name = "dms.product.scope"
    _description = "Product Scope"

    product_ids = fields.Many2many("product.product", string="Products")
    categ_ids = fields.Many2many("product.category", string="Categories", help="With all categories below.")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._scope_changed()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._scope_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._scope_changed()
        return result

    def _scope_changed(self):
        self.env.registry.clear_cache()
        self.env["sale.order"]._dms_trigger_recheck()

    def _get_scope(self):
        self.ensure_one()
        return Scope(frozenset(self.product_ids.ids), frozenset(self.categ_ids.ids))

    @api.model
    def _filter_covered(self, products, scopes):
        """Those of ``products`` (product.product) that any of the scopes covers."""
        return products.filtered(lambda product: covered(scopes, product.id, product.categ_id.parent_path))

    @api.model
    def _get_scopes_domain(self, scopes):
        """Domain on ``product.product`` of what the scopes cover together."""
        domain = Domain("id", "in", sorted({product for scope in scopes for product in scope.products}))
        categories = sorted({category for scope in scopes for category in scope.categories})
        return domain | Domain("categ_id", "child_of", categories) if categories else domain
