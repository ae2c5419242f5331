from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _dms_quantity_step(self):
        """Least quantity of the product that can be handed over, in its own unit: whole units of what is counted in units, else
        the digits of quantities."""
        return self._dms_get_quantity_step(self.uom_id.parent_path)

    @api.model
    def _dms_get_quantity_step(self, unit_path):
        """The same for a unit with this ``parent_path``."""
        unit_id = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")  # from the cache: asked for every product
        if unit_id and (unit_path or "").split("/")[0] == str(unit_id):
            return 1.0
        return 10.0 ** -self.env["decimal.precision"].precision_get("Product Unit")
