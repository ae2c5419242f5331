from odoo import fields, models

from .dms_case_screens import OVER, STAFF


class ResPartner(models.Model):
    _inherit = "res.partner"

    dms_open_return_count = fields.Integer("Open Returns", compute="_compute_dms_open_case_counts", groups=STAFF)
    dms_open_claim_count = fields.Integer("Open Claims", compute="_compute_dms_open_case_counts", groups=STAFF)

    def _compute_dms_open_case_counts(self):
        domain = [("distributor_id", "in", self.ids), ("state", "not in", OVER)]
        returns = dict(self.env["dms.return"]._read_group(domain, ["distributor_id"], ["__count"]))
        claims = dict(self.env["dms.claim"]._read_group(domain, ["distributor_id"], ["__count"]))
        for partner in self:
            partner.dms_open_return_count = returns.get(partner, 0)
            partner.dms_open_claim_count = claims.get(partner, 0)

    def action_open_dms_returns(self):
        return self._prepare_dms_case_action("dms_returns.action_return")

    def action_open_dms_claims(self):
        return self._prepare_dms_case_action("dms_returns.action_claim")

    def _prepare_dms_case_action(self, xmlid):
        """Returns or claims of these distributors, the open ones first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        context = {"search_default_open": 1, "default_distributor_id": self[:1].id}
        return action | {"domain": [("distributor_id", "in", self.ids)], "context": context}
