from odoo import api, fields, models
from odoo.tools import SQL


class DmsSchemeAlertRequest(models.Model):
    """A budget that an order has taken from; rows are only added, and removed by the job that looked at the budget."""

    _name = "dms.scheme.alert.request"
    _description = "Budget to Look At"
    _log_access = False
    _order = "id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    scheme_code = fields.Char(required=True)


class DmsSchemeApplication(models.Model):
    """Where the use of a budget rises, the job that tells of it is started."""

    _inherit = "dms.scheme.application"

    @api.model
    def _take(self, orders):
        rows = super()._take(orders)
        self._ask_for_alerts({(row["company_id"], row["scheme_code"]) for row in rows})
        return rows

    @api.model
    def _insert(self, values_list):
        super()._insert(values_list)
        self._ask_for_alerts({(row["company_id"], row["scheme_code"]) for row in values_list if row["state"] == "committed"})

    def _follow(self, posted):
        returned = self.returned_company_amount
        super()._follow(posted)
        if self.returned_company_amount < returned:  # a credit note was taken back
            self._ask_for_alerts({(self.company_id.id, self.scheme_code)})

    @api.model
    def _ask_for_alerts(self, keys):
        """Have these budgets looked at once this transaction is through.

        :param set keys: ``{(company id, scheme code)}``; those without a budget today are left out
        """
        budgets = {company: self._get_budget_codes(company) for company, _code in keys}
        rows = [SQL("%s", key) for key in sorted(keys) if key[1] in budgets[key[0]]]
        if rows:
            self.env.cr.execute(SQL("INSERT INTO dms_scheme_alert_request (company_id, scheme_code) VALUES %s", SQL(", ").join(rows)))
            self.env["sale.order"]._dms_trigger_job("dms_schemes.cron_alert_budgets")

    @api.model
    def _get_budget_codes(self, company_id):
        """Codes of schemes with a budget, as compiled: no query."""
        edition = self.env["dms.scheme.edition"]._get_current_id(company_id)
        book = self.env["dms.scheme.edition"]._get_book(edition) if edition else None
        return {scheme.code for scheme in book.capped if scheme.budget} if book else set()
