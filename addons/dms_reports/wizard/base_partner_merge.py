from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Core drops the rows of merged partners that would be there twice."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Targets of distributors that become one add up."""
        targets = self.env["dms.sales.target"].sudo()  # those of the merged partners, in every company
        for target in targets.search([("distributor_id", "in", src_partners.ids)], order="id"):
            target._merge_into(dst_partner)
        self.env["dms.sales.plan"].sudo().search([("distributor_id", "in", src_partners.ids)]).unlink()  # empty now
        return super()._update_foreign_keys(src_partners, dst_partner)
