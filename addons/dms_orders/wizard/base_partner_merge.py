from odoo import models
from odoo.tools import SQL

#: fields whose value belongs to one partner at a time
UNIQUE_FIELDS = ("distributor_code", "edi_endpoint")


class MergePartnerAutomatic(models.TransientModel):
    """Core gives the values of all merged partners to the one that stays while the others still have them."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Code and electronic address move to the partner that stays, where it has none."""
        moving = {name: next(filter(None, src_partners.mapped(name)), False) for name in UNIQUE_FIELDS if not dst_partner[name]}
        src_partners.flush_recordset(UNIQUE_FIELDS)
        self.env.cr.execute(SQL("UPDATE res_partner SET distributor_code = NULL, edi_endpoint = NULL WHERE id = ANY(%s)", src_partners.ids))
        src_partners.invalidate_recordset(UNIQUE_FIELDS)
        dst_partner.write({name: value for name, value in moving.items() if value})
        return super()._update_values(src_partners, dst_partner)
