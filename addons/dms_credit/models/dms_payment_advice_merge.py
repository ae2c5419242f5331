from odoo import api, models

from .dms_payment_advice import LIVE_STATES


class DmsPaymentAdvice(models.Model):
    _inherit = "dms.payment.advice"

    @api.model
    def _separate_references(self, distributors):
        """Distributors become one: of live notices with the same reference all but the first get their number added."""
        live = self.sudo().search([("distributor_id", "in", distributors.ids), ("state", "in", LIVE_STATES)], order="id")
        for same in live.grouped(lambda advice: (advice.company_id, advice.reference_key)).values():
            for advice in same[1:]:
                advice.reference = f"{advice.reference[:80]} ({advice.name})"


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["dms.payment.advice"]._separate_references(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
