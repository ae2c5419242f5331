from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.date_utils import start_of

#: how many months a row stands behind, and the prefix of the figures it gives
SHIFTS = ((0, ""), (1, "previous_"), (12, "last_year_"))
COMPARED = ("net_amount", "sellout_amount")
#: ratio, the figure, and what it is compared with
GROWTHS = {
    "net_growth": ("net_amount", "previous_net_amount"),
    "net_growth_last_year": ("net_amount", "last_year_net_amount"),
    "sellout_growth": ("sellout_amount", "previous_sellout_amount"),
    "sellout_growth_last_year": ("sellout_amount", "last_year_sellout_amount"),
}
SHARES = {"net_share": "net_amount", "sellout_share": "sellout_amount"}
GROWTH_HELP = "Of the whole group; empty where there was nothing to grow from."


class DmsSalesComparison(models.Model):
    """Sales of a month with those of the month before and of the same month last year beside them.

    Each row of facts of a month stands here three times: in its own month, in the next, and in the one a year later, each time
    with figures of its own. Nothing is joined or grouped in between, so that a question costs three of ``dms.sales.month``.
    Rows of coming months are left out: they would compare nothing with something.
    """

    _name = "dms.sales.comparison"
    _description = "Growth of Sales"
    _inherit = ["dms.sales.buyer"]
    _auto = False
    _order = "date desc, id"
    _rec_name = "date"

    net_amount = fields.Monetary("Net Sales", readonly=True, help="Invoiced less credited.")
    previous_net_amount = fields.Monetary("Net Sales, Previous Month", readonly=True)
    last_year_net_amount = fields.Monetary("Net Sales, Last Year", readonly=True, help="Of the same month last year.")
    net_growth = fields.Float("Net Growth on Previous Month", readonly=True, aggregator="avg", help=GROWTH_HELP)
    net_growth_last_year = fields.Float("Net Growth on Last Year", readonly=True, aggregator="avg", help=GROWTH_HELP)
    net_share = fields.Float("Share of Net Sales", readonly=True, aggregator="avg", help="The group's part of everything shown.")
    sellout_amount = fields.Monetary("Sell-out", readonly=True, help="Sell-out at the price reported with it.")
    previous_sellout_amount = fields.Monetary("Sell-out, Previous Month", readonly=True)
    last_year_sellout_amount = fields.Monetary("Sell-out, Last Year", readonly=True, help="Of the same month last year.")
    sellout_growth = fields.Float("Sell-out Growth on Previous Month", readonly=True, aggregator="avg", help=GROWTH_HELP)
    sellout_growth_last_year = fields.Float("Sell-out Growth on Last Year", readonly=True, aggregator="avg", help=GROWTH_HELP)
    sellout_share = fields.Float("Share of Sell-out", readonly=True, aggregator="avg", help="The group's part of everything shown.")
    months_back = fields.Integer(readonly=True, aggregator=None, help="How many months before this one the figures of the row are from.")

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        """SQL of all rows: the facts of months, once for each shift."""
        months = self.env["dms.sales.month"]._get_query()
        shifted = SQL(" UNION ALL ").join(self._get_shifted(number, back) for number, (back, _prefix) in enumerate(SHIFTS))
        return SQL("WITH month AS NOT MATERIALIZED (%s) %s", months, shifted)

    @api.model
    def _get_shifted(self, number, back):
        """SQL of the facts of months as they stand so many months later."""
        figures = [f"{f'm.{name}' if shift == back else '0'} AS {prefix}{name}" for shift, prefix in SHIFTS for name in COMPARED]
        ratios = [f"NULL::float8 AS {name}" for name in (*GROWTHS, *SHARES)]
        dimensions = [f"m.{name}" for name in self._get_dimensions()]
        text = f"""
            SELECT (m.id & 1125899906842623) * 4 + {number} AS id, (m.date + interval '{back} months')::date AS date,
                   {back} AS months_back, {", ".join([*dimensions, *figures, *ratios])}
              FROM month m WHERE (m.net_amount <> 0 OR m.sellout_amount <> 0)
        """
        if not back:
            return SQL(text)  # pylint: disable=sql-injection
        last = start_of(fields.Date.context_today(self), "month")
        return SQL(text + " AND m.date + interval %s <= %s", f"{back} months", last)  # pylint: disable=sql-injection

    @api.model
    def _get_dimensions(self):
        fields_ = self.env["dms.sales.buyer"]._fields
        return [name for name, field in fields_.items() if field.store and name not in ("id", "date")]

    @api.model
    def _get_group_figure(self, name, query):
        if name in SHARES:
            return self._get_share(SHARES[name], query)
        if name not in GROWTHS:
            return super()._get_group_figure(name, query)
        now, before = (self._get_sum(figure, query) for figure in GROWTHS[name])
        return SQL("CASE WHEN %(before)s > 0 THEN (%(now)s - %(before)s) / %(before)s END", now=now, before=before)

    def action_open_facts(self):
        """The facts of the month that a row's figures are from."""
        self.check_access("read")
        if len(self) != 1:
            raise UserError(self.env._("Open one row at a time."))
        first = fields.Date.subtract(self.date, months=self.months_back)
        last = fields.Date.subtract(fields.Date.add(first, months=1), days=1)
        names = ("company_id", "distributor_id", "territory_id", "categ_id", "user_id")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Figures of the Month"),
            "res_model": "dms.sales.fact",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                *[("date", ">=", first), ("date", "<=", last), ("order_channel", "=", self.order_channel)],
                *((name, "=", self[name].id) for name in names),
            ],
        }
