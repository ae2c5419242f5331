from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.cover import Norm


class DmsStockNorm(models.Model):
    """How many days of sell-out a distributor should hold.

    Of several norms the most particular counts: one of the product, else of the nearest category, else of the class; of two
    alike, the one that names the class.
    """

    _name = "dms.stock.norm"
    _description = "Stock Norm"
    _inherit = ["dms.finite.numbers", "dms.own.company"]
    _order = "product_id, categ_id, class_id, id"
    _rec_name = "display_name"

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    class_id = fields.Many2one("dms.distributor.class", index="btree_not_null", ondelete="cascade", help="Empty for every class.")
    categ_id = fields.Many2one("product.category", "Category", index="btree_not_null", ondelete="cascade", help="With all below it.")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="cascade")
    min_days = fields.Float("Least Cover (days)", help="With less the position is low.")
    max_days = fields.Float("Most Cover (days)", help="With more there is too much; what an order fills up to. 0 for no bound.")
    active = fields.Boolean(default=True)

    _days_order = models.Constraint(
        "CHECK(min_days >= 0 AND (max_days = 0 OR max_days >= min_days) AND max_days <= 3650)",
        "Days of cover lie between 0 and 3,650, the least not above the most.",
    )
    _scope_uniq = models.UniqueIndex(
        "(company_id, COALESCE(product_id, 0), COALESCE(categ_id, 0), COALESCE(class_id, 0)) WHERE active IS TRUE",
        "There is a norm for this product, category and class already.",
    )

    @api.constrains("product_id", "categ_id")
    def _check_one_scope(self):
        if any(norm.product_id and norm.categ_id for norm in self):
            raise ValidationError(self.env._("A norm is for a product or for a category, not for both."))

    @api.depends("product_id", "categ_id", "class_id")
    def _compute_display_name(self):
        for norm in self:
            parts = [(norm.product_id or norm.categ_id).display_name or self.env._("All products"), norm.class_id.name]
            norm.display_name = ", ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        norms = super().create(vals_list)
        norms._follow_change()
        return norms

    def write(self, vals):
        result = super().write(vals)
        self._follow_change()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self.env["dms.stock.position"]._request_refresh(companies)
        return result

    def _follow_change(self):
        self.env["dms.stock.position"]._request_refresh(self.company_id)

    # ------------------------------------------------------------ which norm counts

    @api.model
    def _get_book(self, company):
        """The norms of a company as :class:`NormBook`, in one query."""
        norms = self.sudo().search_fetch(  # plain values for positions, which are kept with full rights
            [("company_id", "=", company.id)], ["class_id", "categ_id", "product_id", "min_days", "max_days"]
        )
        return NormBook(
            {
                (norm.product_id.id or None, norm.categ_id.id or None, norm.class_id.id or None): Norm(norm.min_days, norm.max_days)
                for norm in norms
            }
        )


class NormBook:
    """Norms by what they are for: ``{(product id, category id, class id): Norm}``, None for all."""

    def __init__(self, norms):
        self.norms = norms

    def find(self, product_id, category_path, class_id):
        """The norm that counts for a product at a distributor, or None.

        :param str category_path: ``parent_path`` of the product's category
        """
        nearest_first = [int(part) for part in reversed((category_path or "").split("/")) if part]
        for product, category in [(product_id, None), *((None, category) for category in nearest_first), (None, None)]:
            for of_class in (class_id, None):
                if norm := self.norms.get((product, category, of_class)):
                    return norm
        return None
