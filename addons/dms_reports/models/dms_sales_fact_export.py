import json

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class DmsSalesFact(models.Model):
    _inherit = "dms.sales.fact"

    @api.model
    def action_export_workbook(self, domain=None):
        """Make a workbook of the facts that meet a condition, in the background, for the user himself.

        :param domain: as a list has it; whatever it holds, the file shows what the user may read and no more
        :raise UserError: for what is no condition on facts
        """
        self.browse().check_access("read")
        date_from, date_to = self._check_conditions(domain or [])
        run = self.env["dms.workbook.run"]._queue(
            self.env.user,
            {
                "name": self.env._("Sales Analysis"),
                "kind": "sales_detail",
                "company_id": self.env.company.id,
                "date_from": date_from,
                "date_to": date_to,
            },
            {"company_ids": self.env.companies.ids},
            domain,
        )
        return run._notify_queued()

    def action_export_selected(self):
        """The same of these very facts."""
        self.check_access("read")
        return self.action_export_workbook([("id", "in", self.ids)])

    @api.model
    def _check_conditions(self, domain):
        """First and last day of what meets a domain, read by the ORM with the user's rights.

        :raise UserError: when the ORM, the database or the file's own record does not take it
        """
        message = self.env._("These filters cannot be used for a workbook.")
        if not isinstance(domain, list):
            raise UserError(message)
        try:
            json.dumps(domain, allow_nan=False)
            with self.env.cr.savepoint():
                return self._get_span(self._search(Domain(domain)))
        except (ValueError, TypeError, KeyError, AssertionError, IndexError, RecursionError, psycopg2.DataError) as error:
            raise UserError(message) from error

    @api.model
    def _get_span(self, query):
        """First and last day of the facts of a query; today's where there are none."""
        date = SQL.identifier(self._table, "date")
        [(first, last)] = self.env.execute_query(query.select(SQL("MIN(%s)", date), SQL("MAX(%s)", date)))
        today = self.env.company._dms_today()
        return first or today, last or today
