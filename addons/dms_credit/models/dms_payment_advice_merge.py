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
