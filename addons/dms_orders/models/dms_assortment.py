from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..engine.scope import Assortment


class DmsAssortment(models.Model):
    _name = "dms.assortment"
    _description = "Assortment"
    _inherit = ["dms.product.scope", "dms.own.company"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
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

    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "The last day lies before the first."
    )

    @api.constrains("product_ids", "categ_ids")
    def _check_content(self):
        for assortment in self:
            if not assortment.product_ids and not assortment.categ_ids:
                raise ValidationError(self.env._("Assortment %(name)s is empty: name a product or a category.", name=assortment.name))

    @api.model
    def _get_scopes(self, distributors, date, company):
        """What binds each distributor on that day: assortments given to it by name, by class or by territory, or to
        everybody (an assortment that names nobody).

        :return: ``{distributor: [engine.scope.Scope]}``; an empty list restricts nothing
        """
        in_force = [assortment for assortment in self._get_compiled() if assortment.in_force(company.id, date)]
        distributors = distributors.sudo()  # class and territory decide; nothing of them is shown
        return {
            distributor: [
                assortment.scope
                for assortment in in_force
                if assortment.binds(distributor.id, distributor.distributor_class_id.id, distributor.territory_id._get_path())
            ]
            for distributor in distributors
        }

    @api.model
    @tools.ormcache()
    def _get_compiled(self):
        """All assortments in use as plain values."""
        return tuple(
            record._compile() for record in self.sudo().search([("active", "=", True)])
        )  # terms are read in full for checks, never shown

    def _compile(self):
        self.ensure_one()
        return Assortment(
            scope=self._get_scope(),
            company=self.company_id.id or None,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            distributors=frozenset(self.distributor_ids.ids),
            classes=frozenset(self.class_ids.ids),
            territories=frozenset(self.territory_ids.ids),
        )
