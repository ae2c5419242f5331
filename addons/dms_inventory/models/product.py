from odoo import api, models
from odoo.exceptions import UserError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """The ledger counts in a product's own unit, so that unit stays."""
        changed = self.filtered(lambda template: template.uom_id.id != vals["uom_id"]) if "uom_id" in vals else self.browse()
        if changed and changed.with_context(active_test=False).product_variant_ids._dms_is_in_stock_ledger():
            raise UserError(self.env._("Distributors have stock of this product, counted in its present unit. Make a new product instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_stock_ledger(self):
        self.with_context(active_test=False).product_variant_ids._unlink_except_in_stock_ledger()


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _dms_is_in_stock_ledger(self):
        ledger = self.env["dms.stock.ledger"].sudo()  # whether there is any row, of whichever distributor
        return bool(self) and bool(ledger.search_count([("product_id", "in", self.ids)], limit=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_stock_ledger(self):
        if self._dms_is_in_stock_ledger():
            raise UserError(self.env._("Distributors have stock of this product. Archive it instead."))


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_stock_ledger(self):
        ledger = self.env["dms.stock.ledger"].sudo()  # whether there is any row, of whichever distributor
        if ledger.search_count([("lot_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("This lot was delivered to distributors and cannot be deleted."))
