from odoo import models


class DmsScheme(models.Model):
    _inherit = "dms.scheme"

    def _get_budget_totals(self):
        """What period schemes have accrued is consumed; what orders earned off invoice is in their own ledger."""
        totals = super()._get_budget_totals()
        codes = [scheme.code for scheme in self if scheme.code]
        groups = (
            self.env["dms.scheme.accrual"]
            .sudo()
            ._read_group(  # totals that name nobody
                [("scheme_code", "in", codes), ("company_id", "in", self.company_id.ids), ("scheme_id.scope", "=", "period")],
                ["company_id", "scheme_code"],
                ["amount:sum"],
            )
        )
        for company, code, amount in groups:
            reserved, consumed = totals.get((company.id, code), (0.0, 0.0))
            totals[company.id, code] = (reserved, consumed + amount)
        return totals
