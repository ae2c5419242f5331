from odoo import api, models
from odoo.tools import SQL

from .dms_sales_measure import MEASURES
from .fact_sources import key_id
from .fact_tables import MONTH_DIMENSIONS


class DmsSalesMonth(models.Model):
    """The facts of a month, product by product added up to categories: what wide questions are answered by.

    Not for screens of its own: ``dms.sales.fact`` asks it where it can, see ``_get_grain`` there.
    """

    _name = "dms.sales.month"
    _description = "Sales Facts by Month"
    _inherit = ["dms.sales.measure"]
    _auto = False
    _order = "date desc, id"
    _rec_name = "date"

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        """SQL of the facts of all months; months with a day out of date are added up from their days."""
        return SQL(
            """
            SELECT f.*, company.currency_id, partner.parent_distributor_id, partner.distributor_class_id, %s
              FROM (%s) f
         LEFT JOIN res_company company ON company.id = f.company_id
         LEFT JOIN res_partner partner ON partner.id = f.distributor_id
         LEFT JOIN dms_territory territory ON territory.id = f.territory_id
            """,
            self.env["dms.sales.fact"]._get_level_columns(),
            self.env["dms.sales.upkeep"]._get_current_months(),
        )

    @api.model
    def _get_rollup(self, days):
        """SQL of rows of months, with the columns of the table.

        :param days: SQL of rows of days with a category
        """
        dimensions = ", ".join(f"f.{name}" for name in MONTH_DIMENSIONS)
        key = key_id("row.date", *(f"row.{name}" for name in MONTH_DIMENSIONS))
        measures = ", ".join(f"SUM(f.{name}) AS {name}" for name in MEASURES)
        text = f"""
            SELECT {key} AS id, row.*
              FROM (SELECT date_trunc('month', f.date)::date AS date, COUNT(*) AS day_count, {dimensions}, {measures}
                      FROM (%s) f GROUP BY 1, {dimensions}) row
        """
        return SQL(text, days)  # pylint: disable=sql-injection

    def _read_group_select(self, aggregate_spec, query):
        """Rows are counted as the days they are made of, whichever of the two answers."""
        if aggregate_spec == "__count":
            return SQL("COALESCE(SUM(%s), 0)::int", SQL.identifier(self._table, "day_count"))
        return super()._read_group_select(aggregate_spec, query)
