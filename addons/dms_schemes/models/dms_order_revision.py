from odoo import models


class DmsOrderRevision(models.Model):
    _inherit = "dms.order.revision"

    def _get_amended_order(self):
        """A change is judged with the schemes the order would then have."""
        amended = super()._get_amended_order()
        if amended.distributor_id:
            amended._dms_apply_schemes()
        return amended
