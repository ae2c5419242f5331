import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, parse_date, start_of

from .dms_sales_measure import DERIVED, LEVELS, MEASURES
from .fact_sources import facts_query

#: stretches of days that months can be put together to
WIDE = {"month", "quarter", "year", "month_number", "quarter_number", "year_number"}
#: aggregates that give the same of days and of months
ADDITIVE = {"sum", "count_distinct"}
#: rows that days are added up to, the fewest first
GRAINS = ("dms.sales.area", "dms.sales.month")


class DmsSalesFact(models.Model):
    """Every figure of sales: one row for each day, company, distributor, territory, product, salesperson and channel.

    Rows are kept by :class:`dms.sales.upkeep`. Read through the model, they are right after every commit: what is in the table,
    but for the days whose documents changed since it was written; those are read from the documents. Questions that need neither
    days nor products are answered by months, and if they need no distributors either by those of territories, with the same
    result: see :meth:`_get_grain`.
    """

    _name = "dms.sales.fact"
    _description = "Sales Facts"
    _inherit = ["dms.sales.figure"]
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
            SELECT f.*, %s, t.categ_id, company.currency_id, partner.parent_distributor_id, partner.distributor_class_id, %s
              FROM (%s) f
         LEFT JOIN res_company company ON company.id = f.company_id
         LEFT JOIN res_partner partner ON partner.id = f.distributor_id
         LEFT JOIN dms_territory territory ON territory.id = f.territory_id
         LEFT JOIN product_product p ON p.id = f.product_id
         LEFT JOIN product_template t ON t.id = p.product_tmpl_id
            """,
            SQL(DERIVED),
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
        """The model with the fewest rows that can answer a question: months where days do not matter, of those it knows enough of."""
        conditions = list(Domain(domain).optimize(self).iter_conditions())
        if not (
            all(map(_is_wide, groupby))
            and all(map(_is_additive, aggregates))
            and all(_is_of_whole_months(condition, self.env) for condition in conditions)
        ):
            return self
        names = {_name_of(text) for text in (*groupby, *aggregates, *(condition.field_expr for condition in conditions))}
        return next((self.env[grain] for grain in GRAINS if names - {"__count"} <= self.env[grain]._fields.keys() - {"id"}), self)

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


def _name_of(text):
    """The field that a group, an aggregate or a condition begins with."""
    return text.partition(":")[0].partition(".")[0]


def _is_wide(groupby):
    """Whether groups are made of whole months."""
    return _name_of(groupby) != "date" or groupby.partition(":")[2] in WIDE


def _is_additive(aggregate):
    return aggregate == "__count" or aggregate.partition(":")[2] in ADDITIVE


def _is_of_whole_months(condition, env):
    """Whether a condition of a domain takes or leaves months as a whole; an amount that it names is that of a day."""
    if condition.field_expr != "date":
        return _name_of(condition.field_expr) not in {"date", "net_qty", *MEASURES}
    day = parse_date(condition.value, env) if isinstance(condition.value, str) else condition.value
    day = day.date() if isinstance(day, datetime.datetime) else day
    if not isinstance(day, datetime.date):
        return False
    return (condition.operator in (">=", "<") and day == start_of(day, "month")) or (
        condition.operator in ("<=", ">") and day == end_of(day, "month")
    )
