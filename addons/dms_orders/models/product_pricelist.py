from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_partner_pricelist_multi(self, partner_ids):
        """A distributor without a price list of its own is served by that of its class."""
        result = super()._get_partner_pricelist_multi(partner_ids)
        company = self.env.company
        partners = self.env["res.partner"].sudo().browse(partner_ids)  # the class of the partners asked for, nothing is shown
        for partner in partners.filtered("commercial_partner_id.is_distributor"):
            distributor = partner.commercial_partner_id
            own = partner.specific_property_product_pricelist or distributor.specific_property_product_pricelist
            pricelist = own or distributor.distributor_class_id.pricelist_id
            if pricelist.active and pricelist.company_id in (company, company.browse()):
                result[partner.id] = pricelist.sudo(False)
        return result
