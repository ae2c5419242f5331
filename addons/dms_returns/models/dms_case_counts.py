from odoo import fields, models

from .dms_case_screens import STAFF


class DmsCaseCounts(models.AbstractModel):
    """Buttons to the returns and claims about a document, on its form."""

    _name = "dms.case.counts"
    _description = "Document with Returns and Claims"

    dms_return_count = fields.Integer("Distributor Returns", compute="_compute_dms_return_count", groups=STAFF)
    dms_claim_count = fields.Integer("Distributor Claims", compute="_compute_dms_claim_count", groups=STAFF)

    def _compute_dms_return_count(self):
        for record, returns in self._get_dms_returns().items():
            record.dms_return_count = len(returns)

    def _compute_dms_claim_count(self):
        for record, claims in self._get_dms_claims().items():
            record.dms_claim_count = len(claims)

    def _get_dms_returns(self):
        """``{document: dms.return}`` of what it sold, brought, billed or pays, as far as the user reads them."""
        raise NotImplementedError

    def _get_dms_claims(self):
        """``{document: dms.claim}`` about it, as far as the user reads them."""
        raise NotImplementedError

    def _get_dms_returns_of(self, lines):
        """:param dict lines: ``{document: order lines}``"""
        returns = self.env["dms.return"]
        found = returns._get_by_sale_line(self.env["sale.order.line"].union(*lines.values()))
        return {record: returns.browse(sorted(set().union(*(found.get(line, ()) for line in own)))) for record, own in lines.items()}

    def _get_dms_claims_by(self, name):
        """:param str name: the claim's field of this document"""
        claims = self.env["dms.claim"]
        found = dict(claims._read_group([(name, "in", self.ids)], [name], ["id:recordset"]))
        return {record: found.get(record, claims) for record in self}

    def action_open_dms_returns(self):
        self.ensure_one()
        returns = self._get_dms_returns()[self]
        return returns._prepare_open_action(self.env._("Returns"), "dms.return", returns, **self._prepare_case_context())

    def action_open_dms_claims(self):
        self.ensure_one()
        claims = self._get_dms_claims()[self]
        return claims._prepare_open_action(self.env._("Claims"), "dms.claim", claims, **self._prepare_case_context())

    def _prepare_case_context(self):
        return {}
