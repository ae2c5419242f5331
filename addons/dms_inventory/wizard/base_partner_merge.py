from odoo import models
from odoo.exceptions import UserError


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Partners of whose stock there is a ledger stay: its rows name them and never change."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) > 1 and partners._dms_has_stock_ledger():
            raise UserError(self.env._("A distributor with a stock ledger is not merged. Close the one that is not needed any more."))
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
