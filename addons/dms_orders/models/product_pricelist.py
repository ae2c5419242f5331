from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_partner_pricelist_multi(self, partner_ids):
        """A distributor without a price list of its own is served by that of its class."""
        company = self.env.company
        given = {}
        partners = self.env["res.partner"].sudo().browse(partner_ids)  # the class of the partners asked for, nothing is shown
        for partner in partners.filtered("commercial_partner_id.is_distributor"):
            distributor = partner.commercial_partner_id
            own = partner.specific_property_product_pricelist or distributor.specific_property_product_pricelist
            pricelist = own or self.sudo().browse(distributor.distributor_class_id._get_terms().pricelist)
            if pricelist.active and pricelist.company_id in (company, company.browse()):
                given[partner.id] = pricelist.with_env(self.env)
        result = super()._get_partner_pricelist_multi([partner for partner in partner_ids if partner not in given])
        result.update(given)
        return result
