from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.dms_credit.models.live_fields import LiveInteger

PACES = [("upcoming", "Upcoming"), ("reached", "Reached"), ("on_track", "On Track"), ("behind", "Behind")]
#: what a target's month has come to, in the names of ``dms.sales.target``
FIGURES = ("achieved_amount", "achieved_qty", "achievement", "open_amount", "run_rate", "required_rate", "projected_amount", "pace")
AIM = ("id", "company_id", "territory_id", "distributor_id", "categ_id", "month")
TARGET = (*AIM, "amount", "quantity", "plan_id")
#: what was sold in the month ``every``, of a category (0: of everything) with all below it, by an owner
SOLD = """
    SELECT {owner} AS owner_id, within.top_id AS categ_id, SUM(f.net_amount) AS amount, SUM(f.invoiced_qty - f.credited_qty) AS qty
      FROM (%(facts)s) f {joins}
      JOIN (SELECT id, unnest(string_to_array(rtrim(parent_path, '/'), '/')::int[]) AS top_id FROM product_category
             UNION ALL SELECT id, 0 FROM product_category UNION ALL VALUES (0, 0)) within ON within.id = COALESCE(f.categ_id, 0)
     WHERE f.date = every.month AND f.company_id = every.company_id AND (f.net_amount <> 0 OR f.invoiced_qty <> f.credited_qty)
       AND within.top_id IN (SELECT COALESCE(t.categ_id, 0) FROM (%(aims)s) t WHERE t.month = every.month)
  GROUP BY 1, 2
"""
#: every territory below another, or the other itself
BELOW = """
      JOIN (SELECT id, unnest(string_to_array(rtrim(parent_path, '/'), '/')::int[]) AS top_id FROM dms_territory) below
        ON below.id = f.territory_id
"""
#: by field of an owner, the same for all owners at once
SOLD_BY = {
    "distributor_id": SOLD.format(owner="f.distributor_id", joins=""),
    "territory_id": SOLD.format(owner="below.top_id", joins=BELOW),
}


class DmsSalesAchievement(models.Model):
    """Targets beside what was achieved, for pivots, graphs and ranking: a row for each target, with its number.

    Targets of a territory and of those below it, or of a category and those below it, stand side by side: sums over several levels
    count the same sales more than once.
    """

    _name = "dms.sales.achievement"
    _description = "Sales Achievement"
    _auto = False
    _order = "month desc, achievement desc, id"
    _rec_name = "month"

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    plan_id = fields.Many2one("dms.sales.plan", "Yearly Plan", readonly=True)
    kind = fields.Selection([("territory", "Territory"), ("distributor", "Distributor")], "Target of", readonly=True)
    territory_id = fields.Many2one("dms.territory", readonly=True)
    level = fields.Integer(readonly=True, aggregator=None, help="Of a territory in the tree, from 1 at the top; none for distributors.")
    distributor_id = fields.Many2one("res.partner", readonly=True)
    parent_id = fields.Many2one("dms.territory", "Within", readonly=True, help="The territory above, or that of the distributor.")
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    amount = fields.Monetary("Target", readonly=True)
    quantity = fields.Float("Target Quantity", readonly=True, digits="Product Unit")
    achieved_amount = fields.Monetary("Achieved", readonly=True)
    achieved_qty = fields.Float("Achieved Quantity", readonly=True, digits="Product Unit")
    achievement = fields.Float(
        "Achievement (%)",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Of groups: all that was achieved of all that was aimed at.",
    )
    open_amount = fields.Monetary("Open", readonly=True, help="Still missing to the target.")
    run_rate = fields.Monetary("Sold per Day", readonly=True)
    required_rate = fields.Monetary("Needed per Day", readonly=True)
    projected_amount = fields.Monetary("Projection", readonly=True, help="At the month's end, if it goes on as so far.")
    pace = fields.Selection(PACES, readonly=True)
    rank = LiveInteger(
        compute="_compute_rank", compute_sudo=True, help="By achievement among targets of the same level, month and category."
    )
    peer_count = LiveInteger("Out of", compute="_compute_rank", compute_sudo=True)

    @property
    def _table_query(self):
        return self._get_query()

    def _compute_rank(self):
        ranks = self._get_ranks(self.env["dms.sales.target"].browse(self.ids))
        for row in self:
            row.rank, row.peer_count = ranks.get(row.id, (0, 0))

    def _read_group_select(self, aggregate_spec, query):
        """The achievement of a group is that of its sums, not the mean of its rows."""
        if aggregate_spec != "achievement:avg":
            return super()._read_group_select(aggregate_spec, query)
        columns = {name: SQL.identifier(self._table, name) for name in ("achieved_amount", "amount", "achieved_qty", "quantity")}
        return SQL(
            """
            COALESCE(100 * SUM(%(achieved_amount)s) FILTER (WHERE %(amount)s > 0) / NULLIF(SUM(%(amount)s), 0),
                     100 * SUM(%(achieved_qty)s) / NULLIF(SUM(%(quantity)s), 0), 0)
            """,
            **columns,
        )

    @api.readonly
    def action_open_target(self):
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "dms.sales.target", "res_id": self.id, "views": [(False, "form")]}

    @api.readonly
    def action_view_facts(self):
        """The facts behind what was achieved."""
        return self.env["dms.sales.target"].browse(self.ids).action_view_facts()

    # ------------------------------------------------------------ SQL

    @api.model
    def _get_query(self, where=None):
        """SQL of targets with what they have come to by today, in the time zone of their company.

        :param where: SQL condition on ``t``, the table of targets
        """
        targets = SQL("SELECT * FROM dms_sales_target t WHERE %s", where or SQL("TRUE"))
        return SQL(
            """
            SELECT s.*, company.currency_id, clock.level, clock.parent_id,
                   CASE WHEN s.territory_id IS NULL THEN 'distributor' ELSE 'territory' END AS kind,
                   GREATEST(s.amount - s.achieved_amount, 0) AS open_amount, share.achievement,
                   CASE WHEN clock.gone > 0 THEN s.achieved_amount / clock.gone ELSE 0 END AS run_rate,
                   CASE WHEN clock.is_over THEN 0 ELSE GREATEST(s.amount - s.achieved_amount, 0) / GREATEST(clock.days - clock.gone, 1)
                        END AS required_rate,
                   CASE WHEN clock.gone > 0 THEN s.achieved_amount * clock.days / clock.gone ELSE 0 END AS projected_amount,
                   CASE WHEN share.achievement >= 100 OR s.amount = 0 AND s.quantity = 0 THEN 'reached'
                        WHEN clock.gone = 0 THEN 'upcoming'
                        WHEN share.achievement * clock.days / clock.gone >= 100 THEN 'on_track' ELSE 'behind' END AS pace
              FROM (%(sums)s) s
              JOIN res_company company ON company.id = s.company_id
         LEFT JOIN res_partner tz ON tz.id = company.partner_id
         LEFT JOIN res_partner partner ON partner.id = s.distributor_id
         LEFT JOIN dms_territory territory ON territory.id = s.territory_id
        CROSS JOIN LATERAL (
                   SELECT (%(now)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(tz.tz, 'UTC'))::date - s.month + 1 AS day,
                          EXTRACT(day FROM s.month + INTERVAL '1 month - 1 day')::int AS days
                   ) today
        CROSS JOIN LATERAL (
                   SELECT today.days, LEAST(GREATEST(today.day, 0), today.days) AS gone, today.day > today.days AS is_over,
                          array_length(string_to_array(rtrim(territory.parent_path, '/'), '/'), 1) AS level,
                          CASE WHEN s.territory_id IS NULL THEN partner.territory_id ELSE territory.parent_id END AS parent_id
                   ) clock
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN s.amount > 0 THEN 100 * s.achieved_amount / s.amount
                               WHEN s.quantity > 0 THEN 100 * s.achieved_qty / s.quantity::numeric ELSE 0 END AS achievement
                   ) share
            """,
            sums=self._get_sums_query(targets, TARGET),
            now=fields.Datetime.now(),
        )

    @api.model
    def _get_sums_query(self, aims, columns):
        """SQL of aims with ``achieved_amount`` and ``achieved_qty`` of their month: the facts of their territory and category with all
        below, as the trees are now, archived or not.

        Month by month (``OFFSET 0``), of those that aims are asked for: what was sold in one is added up, and each aim finds its
        sum by its key.

        :param aims: SQL with the columns :data:`AIM`
        :param columns: names of columns of ``aims`` to return
        """
        upkeep = self.env["dms.sales.upkeep"]
        return SQL(
            """
            SELECT %(columns)s, t.achieved_amount, t.achieved_qty
              FROM (SELECT DISTINCT company_id, month FROM (%(aims)s) t) every
        CROSS JOIN LATERAL (%(distributors)s UNION ALL %(territories)s OFFSET 0) t
            """,
            columns=SQL(", ").join(SQL.identifier("every" if name in ("company_id", "month") else "t", name) for name in columns),
            aims=aims,
            distributors=self._get_sums_part("distributor_id", aims, columns, upkeep._get_current_months()),
            territories=self._get_sums_part("territory_id", aims, columns, upkeep._get_current_areas()),
        )

    @api.model
    def _get_sums_part(self, owner, aims, columns, facts):
        """The same of the month ``every``, of the aims of one kind of owner."""
        return SQL(
            """
            SELECT %(columns)s, COALESCE(s.amount, 0) AS achieved_amount, COALESCE(s.qty, 0) AS achieved_qty
              FROM (%(aims)s) t
         LEFT JOIN (%(sold)s) s ON s.owner_id = t.%(owner)s AND s.categ_id = COALESCE(t.categ_id, 0)
             WHERE t.%(owner)s IS NOT NULL AND t.month = every.month AND t.company_id = every.company_id
            """,
            columns=SQL(", ").join(SQL.identifier("t", name) for name in columns),
            aims=aims,
            owner=SQL.identifier(owner),
            sold=SQL(SOLD_BY[owner], facts=facts, aims=aims),  # pylint: disable=sql-injection
        )

    # ------------------------------------------------------------ figures

    @api.model
    def _get_figures(self, targets):
        """``{target id: {figure: value}}`` of saved targets, in one statement however many they are."""
        if not targets.ids:
            return {}
        rows = self.env.execute_query_dict(self._get_query(SQL("t.id = ANY(%s)", targets.ids)))
        return {row["id"]: {name: _as_value(row[name]) for name in FIGURES} for row in rows}

    @api.model
    def _get_ranks(self, targets):
        """``{target id: (rank, out of)}`` by achievement, of equals the same: one statement.

        Looks at targets that the reader may not see; nothing but the place among them leaves.
        """
        if not targets.ids:
            return {}
        peers = SQL(
            "(t.company_id, t.month, COALESCE(t.categ_id, 0)) IN (SELECT company_id, month, COALESCE(categ_id, 0) FROM dms_sales_target WHERE id = ANY(%s))",
            targets.ids,
        )
        query = SQL(
            """
            SELECT id, RANK() OVER (level ORDER BY achievement DESC), COUNT(*) OVER level FROM (%s) a
            WINDOW level AS (PARTITION BY company_id, month, categ_id, kind, parent_id)
            """,
            self._get_query(peers),
        )
        wanted = set(targets.ids)
        return {number: (rank, count) for number, rank, count in self.env.execute_query(query) if number in wanted}

    @api.model
    def _get_net_amounts(self, aims):
        """``{(id, month): net sales}`` of aims that need not be targets.

        :param aims: SQL with the columns :data:`AIM`
        """
        rows = self.env.execute_query(self._get_sums_query(aims, AIM))
        return {(row[0], row[5]): float(row[6]) for row in rows}


def _as_value(value):
    return value if isinstance(value, str) else float(value)
