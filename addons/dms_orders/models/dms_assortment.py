from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class DmsAssortment(models.Model):
    _name = "dms.assortment"
    _description = "Assortment"
    _inherit = "dms.product.scope"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Company", index=True)
    distributor_ids = fields.Many2many(
        "res.partner",
        "dms_assortment_res_partner_rel",
        "assortment_id",
        "partner_id",
        "Distributors",
        domain=[("is_distributor", "=", True)],
    )
    class_ids = fields.Many2many("dms.distributor.class", string="Classes")
    territory_ids = fields.Many2many("dms.territory", string="Territories", help="With all territories below.")
    date_from = fields.Date("From", help="First day; empty for no beginning.")
    date_to = fields.Date("To", help="Last day, inclusive; empty for no end.")

    _dates_order = models.Constraint("CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "The last day lies before the first.")

    @api.constrains("product_ids", "categ_ids")
    def _check_content(self):
        for assortment in self:
            if not assortment.product_ids and not assortment.categ_ids:
                raise ValidationError(
                    self.env._("Assortment %(name)s is empty: name a product or a category.", name=assortment.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        assortments = super().create(vals_list)
        self.env["sale.order"]._dms_trigger_recheck()
        return assortments

    def write(self, vals):
        result = super().write(vals)
        self.env["sale.order"]._dms_trigger_recheck()
        return result

    @api.model
    def _get_for_distributors(self, distributors, date, company):
        """Assortments that bind each distributor on that day: assigned to it by name, by class or by territory,
        or to everybody (an assortment that names nobody).

        :return: ``{distributor: dms.assortment}``; an empty recordset restricts nothing
        """
        in_force = self.sudo().search(  # terms are read in full for the check, never shown
            Domain("company_id", "in", [False, company.id])
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", date))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
        )
        result = defaultdict(self.browse)
        for distributor in distributors:
            result[distributor] = in_force.filtered(lambda a, d=distributor: a._binds(d))
        return result

    def _binds(self, distributor):
        """Whether this assortment is meant for the distributor: any of its three lists names it, or all are empty."""
        self.ensure_one()
        if not (self.distributor_ids or self.class_ids or self.territory_ids):
            return True
        path = distributor.territory_id.parent_path or ""
        return (
            distributor in self.distributor_ids
            or (distributor.distributor_class_id in self.class_ids)
            or any(path.startswith(territory.parent_path) for territory in self.territory_ids)
        )
