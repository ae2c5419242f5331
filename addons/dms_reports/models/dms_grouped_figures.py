from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: groups that a screen is given at most: more take a browser longer to lay out than anybody waits
MOST_GROUPS = 20_000


class DmsGroupedFigures(models.AbstractModel):
    """Figures that are read by groups: ratios that are right in every total, and no more groups than a screen can show."""

    _name = "dms.grouped.figures"
    _description = "Figures by Groups"

    @api.model
    def _get_group_figure(self, name, query):
        """SQL of a figure that only a group has, such as a ratio of sums; None for a field that is none. See :meth:`_get_sum`."""
        return None

    @api.model
    def _get_sum(self, name, query):
        return SQL("SUM(%s)", self._field_to_sql(self._table, name, query))

    @api.model
    def _get_share(self, name, query):
        """SQL of a group's part of everything that the question is about; what is left out by its domain is no part of it."""
        everything = SQL("(SELECT %s FROM %s WHERE %s)", self._get_sum(name, query), query.from_clause, query.where_clause or SQL("TRUE"))
        return SQL("%s / NULLIF(%s, 0)", self._get_sum(name, query), everything)

    def _read_group_select(self, aggregate_spec, query):
        """Ratios are taken of the sums of a group: an average of the rows' ratios would be wrong in every total."""
        figure = self._get_group_figure(aggregate_spec.partition(":")[0], query)
        return super()._read_group_select(aggregate_spec, query) if figure is None else SQL("(%s)::float8", figure)

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Refused before groups get their labels and go to the browser, which is what takes the time."""
        if len(groups) > MOST_GROUPS:
            raise UserError(
                self.env._(
                    "This asks for %(count)s groups, and a screen shows %(most)s at most. Narrow the period or the filters, or group by less.",
                    count=f"{len(groups):,}",
                    most=f"{MOST_GROUPS:,}",
                )
            )
        return super()._web_read_group_format(groupby, aggregates, groups)
