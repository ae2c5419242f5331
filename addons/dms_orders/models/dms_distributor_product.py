from odoo import api, fields, models


class DmsDistributorProduct(models.Model):
    _name = "dms.distributor.product"
    _description = "Distributor's Own Product Code"
    _inherit = ["dms.own.company"]
    _order = "distributor_id, code"
    _rec_name = "code"
    _check_company_auto = True

    distributor_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade", domain=[("is_distributor", "=", True)])
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="cascade", check_company=True)
    code = fields.Char("Distributor's Code", required=True, help="What this distributor calls the product in its orders.")
    company_id = fields.Many2one("res.company", help="Leave empty when the code holds in every company.")

    _code_uniq = models.UniqueIndex(
        "(distributor_id, code, COALESCE(company_id, 0))", "This distributor already uses this code for a product."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_code(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_code(vals))

    @api.model
    def _clean_code(self, vals):
        return {**vals, "code": vals["code"].strip()} if vals.get("code") else vals
