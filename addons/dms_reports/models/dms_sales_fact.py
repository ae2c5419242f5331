import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, parse_date, start_of

from .dms_sales_measure import LEVELS
from .fact_sources import facts_query

#: stretches of days that months can be put together to
WIDE = {"month", "quarter", "year", "month_number", "quarter_number", "year_number"}
#: what only days know
NARROW = {"id", "product_id", "product_count"}


class DmsSalesFact(models.Model):
    """Every figure of sales: one row for each day, company, distributor, territory, product, salesperson and channel.

    Rows are kept by :class:`dms.sales.upkeep`. Read through the model, they are right after every commit: what is in the table,
    but for the days whose documents changed since it was written; those are read from the documents. Questions that need neither
    days nor products are answered by months, see :meth:`_get_grain`, with the same result.
    """

    _name = "dms.sales.fact"
    _description = "Sales Facts"
    _inherit = ["dms.sales.measure"]
    _auto = False
    _order = "date desc, id"
    _rec_name = "date"

    product_id = fields.Many2one("product.product", readonly=True, aggregator="count_distinct", help="As a measure: products sold.")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    product_count = fields.Integer("Range Sold", compute="_compute_counts", aggregator="count_distinct", help="Products ordered.")

    _counts = {"distributor_count": "distributor_id", "product_count": "product_id"}

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        """SQL of all facts as they are now."""
        return SQL(
            """
            SELECT f.*, t.categ_id, company.currency_id, partner.parent_distributor_id, partner.distributor_class_id, %s
              FROM (%s) f
         LEFT JOIN res_company company ON company.id = f.company_id
         LEFT JOIN res_partner partner ON partner.id = f.distributor_id
         LEFT JOIN dms_territory territory ON territory.id = f.territory_id
         LEFT JOIN product_product p ON p.id = f.product_id
         LEFT JOIN product_template t ON t.id = p.product_tmpl_id
            """,
            self._get_level_columns(),
            self.env["dms.sales.upkeep"]._get_current_days(),
        )

    @api.model
    def _get_level_columns(self):
        """SQL of the columns of the tree of territories, from the top; joins nobody asks for cost nothing."""
        return SQL(", ").join(
            SQL("NULLIF(split_part(territory.parent_path, '/', %s), '')::int AS %s", level, SQL.identifier(f"territory_{level}_id"))
            for level in range(1, LEVELS + 1)
        )

    # ------------------------------------------------------------ days or months

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        grain = self._get_grain(domain, groupby, aggregates)
        if grain._name == self._name:
            return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)
        return grain._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        grain = self._get_grain(domain, [spec for groupby in grouping_sets for spec in groupby], aggregates)
        if grain._name == self._name:
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        return grain._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _get_grain(self, domain, groupby, aggregates):
        """The model with the fewest rows that can answer a question: months where neither days nor products matter."""
        names = [spec.partition(":")[0].partition(".")[0] for spec in (*groupby, *aggregates)]
        if NARROW.intersection(names) or not all(spec.partition(":")[2] in WIDE for spec in groupby if spec.startswith("date")):
            return self
        conditions = list(Domain(domain).optimize(self).iter_conditions())
        return self.env["dms.sales.month"] if all(map(self._is_of_whole_months, conditions)) else self

    @api.model
    def _is_of_whole_months(self, condition):
        """Whether a condition of a domain takes or leaves months as a whole."""
        name = condition.field_expr.partition(".")[0]
        if name != "date":
            return name not in NARROW and name in self.env["dms.sales.month"]._fields
        day = parse_date(condition.value, self.env) if isinstance(condition.value, str) else condition.value
        day = day.date() if isinstance(day, datetime.datetime) else day
        if not isinstance(day, datetime.date) or condition.field_expr != "date":
            return False
        return (condition.operator in (">=", "<") and day == start_of(day, "month")) or (
            condition.operator in ("<=", ">") and day == end_of(day, "month")
        )

    # ------------------------------------------------------------ upkeep

    @api.model
    def _rebuild(self, date_from=None, date_to=None, distributors=None):
        """Make the rows anew from the documents: the same rows that upkeep gives.

        Safe beside upkeep and beside another rebuild: one waits for the other, or is told to try again by the database.

        :param date_from: first day (date, or None for all)
        :param date_to: last day, included
        :param distributors: the distributors to make rows of; None for all
        :raise UserError: when the period ends before it starts
        """
        return self.env["dms.sales.upkeep"]._rebuild(date_from, date_to, distributors)

    @api.model
    def _get_documents_query(self, span, keys=None, distributors=None):
        """SQL of rows of facts as the documents have them; see :func:`~.fact_sources.facts_query`. Modules above add sources here."""
        return facts_query(span, keys, distributors)
