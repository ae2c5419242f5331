"""Sheets made of facts: one statement each, with the reader's rules in it and all names joined."""

from dataclasses import dataclass

from odoo.tools import SQL, LazyTranslate

from ..workbook import SUM, Column, Ratio
from .dms_sales_measure import MEASURES

_lt = LazyTranslate(__name__)

#: alias, model and the column that leads there
LINKS = (
    ("company", "res.company", "f.company_id"),
    ("currency", "res.currency", "f.currency_id"),
    ("distributor", "res.partner", "f.distributor_id"),
    ("class", "dms.distributor.class", "f.distributor_class_id"),
    ("territory", "dms.territory", "f.territory_id"),
    *((f"level_{level}", "dms.territory", f"f.territory_{level}_id") for level in range(1, 5)),
    ("product", "product.product", "f.product_id"),
    ("template", "product.template", "product.product_tmpl_id"),
    ("unit", "uom.uom", "template.uom_id"),
    ("category", "product.category", "f.categ_id"),
    ("person", "res.users", "f.user_id"),
    ("contact", "res.partner", "person.partner_id"),
)


@dataclass(frozen=True)
class Label:
    """A column of names: ``field`` of what ``link`` leads to, for facts told apart by ``by``.

    :param by: fields of facts it needs
    """

    by: tuple
    link: str
    field: str
    label: str
    width: float = 14


LABELS = {
    "company": Label(("company_id",), "company", "name", _lt("Company"), 24),
    "currency": Label(("currency_id",), "currency", "name", _lt("Currency"), 9),
    "distributor_code": Label(("distributor_id",), "distributor", "distributor_code", _lt("Distributor Code"), 14),
    "distributor": Label(("distributor_id",), "distributor", "name", _lt("Distributor"), 34),
    "class": Label(("distributor_class_id",), "class", "name", _lt("Class"), 14),
    "territory": Label(("territory_id",), "territory", "name", _lt("Territory"), 24),
    "territory_code": Label(("territory_id",), "territory", "code", _lt("Territory Code"), 14),
    **{
        f"level_{level}": Label((f"territory_{level}_id",), f"level_{level}", "name", label, 20)
        for level, label in enumerate((_lt("Level 1"), _lt("Level 2"), _lt("Level 3"), _lt("Level 4")), 1)
    },
    "product_code": Label(("product_id",), "product", "default_code", _lt("Product Code"), 14),
    "product": Label(("product_id",), "template", "name", _lt("Product"), 34),
    "unit": Label(("product_id",), "unit", "name", _lt("Unit"), 9),
    "category": Label(("categ_id",), "category", "complete_name", _lt("Category"), 26),
    "salesperson": Label(("user_id",), "contact", "name", _lt("Salesperson"), 22),
}
#: what stands where there is none
NAMELESS = {"territory": _lt("No territory"), "product": _lt("No product"), "category": _lt("No category")}
LINKED = {alias: (model, column) for alias, model, column in LINKS}


@dataclass(frozen=True)
class Ask:
    """A question to the facts.

    :param labels: columns of names, of :data:`LABELS`, or ``date``, ``month``, ``channel``
    :param measures: figures, of ``MEASURES``; with ``distributors``, how many; with ``share`` of the last measure in all of them;
        or ``(above, below)`` of two of them, with a label: ``("Cost %", "scheme_cost", "net_amount")``
    :param grouped: whether rows are added up by their labels
    :param order: measures to sort by, the largest first; by labels where there are none
    """

    labels: tuple
    measures: tuple
    grouped: bool = True
    order: tuple = ()


class Facts:
    """An :class:`Ask` for one :class:`~.workbook_scope.Scope`: the columns of its sheet, and the statement of its rows."""

    def __init__(self, scope, ask, limit=None):
        self.scope, self.env, self.limit = scope, scope.env, limit
        several = len(scope.companies) > 1
        self.labels = (("company", "currency") if several else ()) + ask.labels
        self.currency = 1 if several else None
        self.ask = ask
        self.names = [name for name in ask.measures if name in MEASURES]
        self.by = self._get_by()

    def _get_by(self):
        """Fields of facts that rows are told apart by, or needed from each."""
        fields = {"date": ("date",), "month": ("date",), "channel": ("order_channel",)}
        names = [field for label in self.labels for field in (fields.get(label) or LABELS[label].by)]
        return list(dict.fromkeys([*names, "currency_id"]))

    # ------------------------------------------------------------ columns

    def get_columns(self):
        return [self._get_label_column(name) for name in self.labels] + [self._get_measure_column(item) for item in self.ask.measures]

    def _get_label_column(self, name):
        if name == "date":
            return Column(self.env._("Date"), "date", 12)
        if name == "month":
            return Column(self.env._("Month"), "text", 12)
        if name == "channel":
            return Column(self.env._("Channel"), "text", 12)
        return Column(self._translate(LABELS[name].label), "text", LABELS[name].width)

    def _get_measure_column(self, item):
        if isinstance(item, tuple):
            label, above, below = item
            return Column(self._translate(label), "percent", 10, Ratio(self._get_place(above), self._get_place(below)))
        if item == "distributors":
            return Column(self.env._("Distributors"), "integer", 12)
        if item == "share":
            return Column(self.env._("Share"), "percent", 10)
        field = self.env["dms.sales.fact"]._fields[item]
        label = field._description_string(self.env)
        # quantities of products in units of their own are no sum
        return Column(label, "money", 15, SUM) if field.type == "monetary" else Column(label, "quantity", 13)

    def _translate(self, text):
        return text._translate(self.env.lang or "en_US")

    def _get_place(self, measure):
        return len(self.labels) + self.ask.measures.index(measure)

    # ------------------------------------------------------------ rows

    def get_rows(self):
        return self.scope.stream(self.get_sql())

    def get_sql(self):
        """SQL of the rows, in the order of the columns."""
        aliases = [alias for alias, *_more in LINKS if alias in self._get_needed_links()]
        joins = [SQL("LEFT JOIN %s %s ON %s.id = %s", *self._get_join(alias)) for alias in aliases]
        return SQL(
            "SELECT %s FROM (%s) f %s ORDER BY %s %s",
            SQL(", ").join(self._get_select()),
            self._get_figures(),
            SQL(" ").join(joins),
            self._get_order(),
            SQL("LIMIT %s", self.limit) if self.limit else SQL(),
        )

    def _get_join(self, alias):
        model, column = LINKED[alias]
        name = SQL.identifier(alias)
        return SQL.identifier(self.env[model]._table), name, name, SQL.identifier(*column.split("."))

    def _get_needed_links(self):
        """Aliases that the labels need, with those on the way to them."""
        needed = {LABELS[name].link for name in self.labels if name in LABELS}
        for alias, _model, column in reversed(LINKS):
            if alias in needed:
                needed.add(column.partition(".")[0])
        return needed

    def _get_figures(self):
        """SQL of the facts the reader may see, added up; months answer where days are not needed."""
        fact = self.env["dms.sales.fact"]
        domain = self.scope.domain & self.scope.get_domain(
            fact, "date", territory="territory_id", distributor="distributor_id", categ="categ_id"
        )
        groups = ["date:month" if name == "date" else name for name in self.by]
        extra = ["distributor_id"] if "distributors" in self.ask.measures else []
        counts = [f"{name}:count_distinct" for name in extra]
        grain = fact._get_grain(domain, groups, counts) if self.ask.grouped and "date" not in self.labels else fact
        query = grain._search(domain)
        fields = list(dict.fromkeys([*self.by, *extra, *self.names, *([] if self.ask.grouped else ["id"])]))
        rows = query.select(*(SQL("%s AS %s", grain._field_to_sql(grain._table, name, query), SQL.identifier(name)) for name in fields))
        return self._add_up(rows) if self.ask.grouped else rows

    def _add_up(self, rows):
        date = SQL("date_trunc('month', x.date)::date") if "month" in self.labels else SQL("x.date")
        by = [date if name == "date" else SQL.identifier("x", name) for name in self.by]
        named = [SQL("%s AS %s", sql, SQL.identifier(name)) for name, sql in zip(self.by, by, strict=True)]
        sums = [SQL("SUM(%s) AS %s", SQL.identifier("x", name), SQL.identifier(name)) for name in self.names]
        counts = [SQL("COUNT(DISTINCT x.distributor_id) AS distributors")] if "distributors" in self.ask.measures else []
        some = SQL(" OR ").join(SQL("SUM(%s) <> 0", SQL.identifier("x", name)) for name in self.names)
        return SQL("SELECT %s FROM (%s) x GROUP BY %s HAVING %s", SQL(", ").join(named + sums + counts), rows, SQL(", ").join(by), some)

    def _get_select(self):
        labels = [SQL("%s AS %s", self._get_label_sql(name), self._get_alias(name)) for name in self.labels]
        return labels + [self._get_measure_sql(item) for item in self.ask.measures]

    def _get_alias(self, label):
        return SQL.identifier(f"label_{label}")

    def _get_label_sql(self, name):
        if name == "date":
            return SQL("f.date")
        if name == "month":
            return SQL("to_char(f.date, 'YYYY-MM')")
        if name == "channel":
            return self._get_channel_sql()
        label = LABELS[name]
        model = self.env[LINKED[label.link][0]].sudo()  # names of what the facts that the reader sees are about
        sql = model._field_to_sql(label.link, label.field)
        return SQL("COALESCE(%s, %s)", sql, self._translate(NAMELESS[name])) if name in NAMELESS else sql

    def _get_channel_sql(self):
        labels = self.env["dms.sales.fact"]._fields["order_channel"]._description_selection(self.env)
        return SQL("CASE %s END", SQL(" ").join(SQL("WHEN f.order_channel = %s THEN %s", code, label) for code, label in labels))

    def _get_measure_sql(self, item):
        if isinstance(item, tuple):
            above, below = (SQL.identifier("f", name) for name in item[1:])
            return SQL("(%s / NULLIF(%s, 0))::float8", above, below)
        if item == "distributors":
            return SQL("f.distributors")
        if item == "share":
            main = SQL.identifier("f", self.ask.order[0])
            return SQL("(%s / NULLIF(SUM(%s) OVER (PARTITION BY f.currency_id), 0))::float8", main, main)
        return SQL("%s::float8", SQL.identifier("f", item))

    def _get_order(self):
        if not self.ask.grouped:
            return SQL("f.date, f.distributor_id, f.product_id, f.id")
        largest = [SQL("%s DESC", SQL.identifier("f", name)) for name in self.ask.order]
        labels = [SQL("%s NULLS LAST", self._get_alias(name)) for name in self.labels]
        return SQL(", ").join([*largest, *labels, *(SQL.identifier("f", name) for name in self.by)])
