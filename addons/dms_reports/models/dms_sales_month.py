from odoo import api, models
from odoo.tools import SQL

from .dms_sales_measure import DERIVED, MEASURES
from .fact_sources import key_id
from .fact_tables import AREA_DIMENSIONS, MONTH_DIMENSIONS


class DmsSalesRollup(models.AbstractModel):
    """Facts added up to months: what wide questions are answered by.

    Not for screens of its own: ``dms.sales.fact`` asks it where it can, see ``_get_grain`` there.
    """

    _name = "dms.sales.rollup"
    _description = "Sales Facts by Month"
    _inherit = ["dms.sales.measure"]
    _order = "date desc, id"
    _rec_name = "date"

    @property
    def _table_query(self):
        return self._get_query()

    def _read_group_select(self, aggregate_spec, query):
        """Rows are counted as the days they are made of, whoever of them answers."""
        if aggregate_spec == "__count":
            return SQL("COALESCE(SUM(%s), 0)::int", SQL.identifier(self._table, "day_count"))
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_rollup_of(self, rows, dimensions, count):
        """SQL of rows of months, with the columns of the table.

        :param rows: SQL of what is added up, with all dimensions and measures
        :param count: SQL of the number of days a row is made of
        """
        names = ", ".join(f"f.{name}" for name in dimensions)
        key = key_id("row.date", *(f"row.{name}" for name in dimensions))
        measures = ", ".join(f"SUM(f.{name}) AS {name}" for name in MEASURES)
        text = f"""
            SELECT {key} AS id, row.*
              FROM (SELECT date_trunc('month', f.date)::date AS date, {count} AS day_count, {names}, {measures}
                      FROM (%s) f GROUP BY 1, {names}) row
        """
        return SQL(text, rows)  # pylint: disable=sql-injection


class DmsSalesMonth(models.Model):
    """The facts of a month, product by product added up to categories as they are now."""

    _name = "dms.sales.month"
    _description = "Sales Facts by Month and Distributor"
    _inherit = ["dms.sales.figure", "dms.sales.rollup"]
    _auto = False

    @api.model
    def _get_query(self):
        """SQL of the facts of all months; months with a day out of date are added up from their days."""
        return SQL(
            """
            SELECT f.*, %s, company.currency_id, partner.parent_distributor_id, partner.distributor_class_id, %s
              FROM (%s) f
         LEFT JOIN res_company company ON company.id = f.company_id
         LEFT JOIN res_partner partner ON partner.id = f.distributor_id
         LEFT JOIN dms_territory territory ON territory.id = f.territory_id
            """,
            SQL(DERIVED),
            self.env["dms.sales.fact"]._get_level_columns(),
            self.env["dms.sales.upkeep"]._get_current_months(),
        )

    @api.model
    def _get_rollup(self, days):
        """SQL of rows of months, with the columns of the table.

        :param days: SQL of rows of days
        """
        with_category = SQL(
            """
            SELECT f.*, t.categ_id FROM (%s) f
         LEFT JOIN product_product p ON p.id = f.product_id LEFT JOIN product_template t ON t.id = p.product_tmpl_id
            """,
            days,
        )
        return self._get_rollup_of(with_category, MONTH_DIMENSIONS, "COUNT(*)")


class DmsSalesArea(models.Model):
    """The facts of a month with all distributors of a territory added up."""

    _name = "dms.sales.area"
    _description = "Sales Facts by Month and Territory"
    _inherit = ["dms.sales.rollup"]
    _auto = False

    @api.model
    def _get_query(self):
        """SQL of the facts of all months; months with a day out of date are added up from those of distributors."""
        return SQL(
            """
            SELECT f.*, %s, company.currency_id, %s
              FROM (%s) f
         LEFT JOIN res_company company ON company.id = f.company_id
         LEFT JOIN dms_territory territory ON territory.id = f.territory_id
            """,
            SQL(DERIVED),
            self.env["dms.sales.fact"]._get_level_columns(),
            self.env["dms.sales.upkeep"]._get_current_areas(),
        )

    @api.model
    def _get_rollup(self, months):
        """SQL of rows of months and territories, with the columns of the table.

        :param months: SQL of rows of months and distributors
        """
        return self._get_rollup_of(months, AREA_DIMENSIONS, "SUM(f.day_count)")
