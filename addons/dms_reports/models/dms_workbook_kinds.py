from odoo import api, models
from odoo.tools import LazyTranslate

from ..workbook import Chart, Sheet
from .dms_sales_measure import MEASURES
from .workbook_facts import Ask, Facts
from .workbook_scope import Kind

_lt = LazyTranslate(__name__)

#: rows of a summary, and so of its chart
TOP = 15
SALES = (
    *("ordered_amount", "delivered_amount", "returned_amount", "invoiced_amount", "credited_amount", "net_amount"),
    *("share", "free_amount", "scheme_cost", "sellout_amount"),
)
COST = (_lt("Cost of Net"), "scheme_cost", "net_amount")
SOLD = (_lt("Sell-through"), "sellout_amount", "net_amount")

BY_DISTRIBUTOR = Ask(("distributor_code", "distributor", "class"), SALES, order=("net_amount",))
BY_REGION = Ask(
    ("level_1", "level_2", "level_3", "level_4", "territory_code", "territory"), ("distributors", *SALES), order=("net_amount",)
)
BY_PRODUCT = Ask(
    ("product_code", "product", "category", "unit"),
    ("distributors", "ordered_qty", "delivered_qty", "returned_qty", "invoiced_qty", "credited_qty", "free_qty", "sellout_qty", *SALES),
    order=("net_amount",),
)
DETAIL = Ask(
    (
        *("date", "distributor_code", "distributor", "class", "level_1", "territory"),
        *("product_code", "product", "category", "unit", "salesperson", "channel"),
    ),
    MEASURES,
    grouped=False,
)
PRIMARY = Ask(
    ("distributor_code", "distributor", "product_code", "product", "category", "unit"),
    ("delivered_qty", "returned_qty", "sellout_qty", "delivered_amount", "net_amount", "sellout_amount", SOLD),
    order=("net_amount",),
)
SCHEMES = Ask(
    ("distributor_code", "distributor", "category"),
    ("ordered_amount", "net_amount", "free_amount", "scheme_cost", COST),
    order=("scheme_cost",),
)


class DmsWorkbook(models.Model):
    _inherit = "dms.workbook"

    @api.model
    def _get_kinds(self):
        """Kinds of workbooks by code, each a :class:`~.workbook_scope.Kind`; modules above add theirs with ``super() | {...}``.

        The method a kind names takes a :class:`~.workbook_scope.Scope` and returns sheets (:class:`~..workbook.Sheet`). It runs with the
        rights and in the language of whoever the file is for, in a transaction that only reads.
        """
        _ = self.env._
        return {
            "sales_distributor": Kind(_("Sales by Distributor"), "_build_sales_distributor"),
            "sales_region": Kind(_("Sales by Region"), "_build_sales_region"),
            "sales_product": Kind(_("Sales by Product"), "_build_sales_product"),
            "sales_detail": Kind(_("Sales in Detail"), "_build_sales_detail"),
            "primary_sellout": Kind(_("Primary Sales against Sell-out"), "_build_primary_sellout"),
            "scheme_cost": Kind(_("Scheme Cost"), "_build_scheme_cost"),
        }

    @api.model
    def _build_sales_distributor(self, scope):
        return [self._prepare_top(scope, ("distributor",), ("net_amount",), "bar"), self._prepare_facts(scope, BY_DISTRIBUTOR)]

    @api.model
    def _build_sales_region(self, scope):
        return [self._prepare_top(scope, ("territory",), ("net_amount",), "bar"), self._prepare_facts(scope, BY_REGION)]

    @api.model
    def _build_sales_product(self, scope):
        return [self._prepare_top(scope, ("category",), ("net_amount",), "bar"), self._prepare_facts(scope, BY_PRODUCT)]

    @api.model
    def _build_sales_detail(self, scope):
        detail = self._prepare_facts(
            scope, DETAIL, self.env._("A row for each day, distributor, territory, product, salesperson and channel")
        )
        return [self._prepare_months(scope, ("ordered_amount", "net_amount")), detail]

    @api.model
    def _build_primary_sellout(self, scope):
        return [self._prepare_months(scope, ("delivered_amount", "sellout_amount")), self._prepare_facts(scope, PRIMARY)]

    @api.model
    def _build_scheme_cost(self, scope):
        return [self._prepare_months(scope, ("scheme_cost", "free_amount")), self._prepare_facts(scope, SCHEMES)]

    # ------------------------------------------------------------ sheets of facts

    @api.model
    def _prepare_facts(self, scope, ask, note=""):
        """The sheet that answers a question."""
        facts = Facts(scope, ask)
        return Sheet(scope.env._("Figures"), facts.get_columns(), facts.get_rows(), facts.currency, note=note)

    @api.model
    def _prepare_top(self, scope, labels, measures, chart):
        """The largest few, with a chart."""
        note = scope.env._("The largest %(count)s", count=TOP)
        return self._prepare_summary(scope, Ask(labels, measures, order=measures), scope.env._("Largest"), note, chart, TOP)

    @api.model
    def _prepare_months(self, scope, measures):
        """Months of the period, with a chart."""
        return self._prepare_summary(scope, Ask(("month",), measures), scope.env._("By Month"), "", "column", None)

    @api.model
    def _prepare_summary(self, scope, ask, title, note, chart, limit):
        facts = Facts(scope, ask, limit)
        columns, labels = facts.get_columns(), len(facts.labels)
        chart = Chart(chart, title, labels - 1, range(labels, len(columns)))
        return Sheet(title, columns, facts.get_rows(), facts.currency, chart, note)
