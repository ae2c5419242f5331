from odoo import api, fields, models
from odoo.tools import SQL


class DmsStockReporting(models.Model):
    """Which distributors owe a stock statement, and since when: one row for each company and active distributor with stock.

    A statement is due so many days after the last one (sell-out or count, posted or in review), or after the first goods
    were received; the days are those of the distributor, else of its class.
    """

    _name = "dms.stock.reporting"
    _description = "Reporting of Distributors"
    _auto = False
    _order = "days_late desc, date_due, id"
    _rec_name = "distributor_id"
    _depends = {
        "dms.stock.position": ["company_id", "distributor_id"],
        "dms.stock.statement": ["company_id", "distributor_id", "date", "kind", "state"],
        "stock.picking": ["company_id", "dms_receiver_id", "dms_received_on"],
        "res.partner": [
            "active", "is_distributor", "distributor_state", "territory_id", "distributor_class_id", "user_id",
            "has_own_statement_interval", "statement_interval_days", "stock_opening_date",
        ],
        "dms.distributor.class": ["statement_interval_days"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    distributor_id = fields.Many2one("res.partner", readonly=True)
    territory_id = fields.Many2one("dms.territory", readonly=True)
    distributor_class_id = fields.Many2one("dms.distributor.class", "Class", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    interval_days = fields.Integer("Every (days)", readonly=True, aggregator=None)
    last_sellout_date = fields.Date("Last Sell-out", readonly=True)
    last_count_date = fields.Date("Last Count", readonly=True)
    last_date = fields.Date("Last Statement", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="avg")
    missed_count = fields.Integer("Missed Periods", readonly=True)
    state = fields.Selection([("late", "Late"), ("ok", "On Time"), ("none", "Not Expected")], "Status", readonly=True)

    @property
    def _table_query(self):
        companies = self.env["res.company"]._dms_get_all()
        days = SQL(", ").join(
            SQL("(%s::int, %s::int, %s::date)", company.id, place, company._dms_today()) for place, company in enumerate(companies)
        )
        return SQL(
            """
            WITH company (id, place, today) AS (VALUES %(days)s),
            pair AS (
                SELECT DISTINCT company_id, distributor_id FROM dms_stock_position
                 UNION SELECT company_id, distributor_id FROM dms_stock_statement WHERE state IN ('review', 'posted')
            ), said AS (
                SELECT company_id, distributor_id, MAX(date) AS last_date, MAX(date) FILTER (WHERE kind = 'sellout') AS last_sellout_date,
                       MAX(date) FILTER (WHERE kind = 'count') AS last_count_date
                  FROM dms_stock_statement WHERE state IN ('review', 'posted') AND kind IN ('sellout', 'count')
              GROUP BY company_id, distributor_id
            ), received AS (
                SELECT company_id, dms_receiver_id AS distributor_id, MIN(dms_received_on) AS first_date
                  FROM stock_picking WHERE dms_receiver_id IS NOT NULL GROUP BY company_id, dms_receiver_id
            ), terms AS (
                SELECT p.id::bigint * %(width)s + c.place AS id, c.id AS company_id, c.today, p.id AS distributor_id, p.territory_id,
                       p.distributor_class_id, p.user_id, said.last_date, said.last_sellout_date, said.last_count_date,
                       CASE WHEN p.has_own_statement_interval THEN p.statement_interval_days ELSE k.statement_interval_days END AS interval_days,
                       COALESCE(said.last_date, GREATEST(received.first_date, p.stock_opening_date)) AS since
                  FROM pair JOIN company c ON c.id = pair.company_id
                  JOIN res_partner p ON p.id = pair.distributor_id AND p.active AND p.is_distributor AND p.distributor_state = 'active'
                  LEFT JOIN dms_distributor_class k ON k.id = p.distributor_class_id
                  LEFT JOIN said ON said.company_id = pair.company_id AND said.distributor_id = pair.distributor_id
                  LEFT JOIN received ON received.company_id = pair.company_id AND received.distributor_id = pair.distributor_id
            ), due AS (
                SELECT *, CASE WHEN interval_days > 0 THEN since + interval_days END AS date_due FROM terms
            )
            SELECT id, company_id, distributor_id, territory_id, distributor_class_id, user_id, COALESCE(interval_days, 0) AS interval_days,
                   last_sellout_date, last_count_date, last_date, date_due, GREATEST(today - date_due, 0) AS days_late,
                   CASE WHEN today > date_due THEN (today - date_due - 1) / interval_days + 1 ELSE 0 END AS missed_count,
                   CASE WHEN date_due IS NULL THEN 'none' WHEN today > date_due THEN 'late' ELSE 'ok' END AS state
              FROM due
            """,
            days=days,
            width=max(len(companies), 1),
        )

    def action_open_statements(self):
        """The statements of this distributor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_statement")
        domain = [("distributor_id", "=", self.distributor_id.id), ("company_id", "=", self.company_id.id)]
        return action | {"domain": domain, "context": {"default_distributor_id": self.distributor_id.id}}


class DmsStockAlert(models.Model):
    """A statement that did not come is told once for each period missed."""

    _inherit = "dms.stock.alert"

    @api.model
    def _get_late(self, company, distributors=None):
        """``{distributor: (reporting, day on which the statement of the last period missed was due)}``."""
        domain = [("company_id", "=", company.id), ("state", "=", "late")]
        domain += [("distributor_id", "in", distributors.ids)] if distributors is not None else []
        Reporting = self.env["dms.stock.reporting"]
        Reporting.invalidate_model(flush=False)  # a view: what was read of it may be of before
        rows = Reporting.search(domain)
        return {row.distributor_id: (row, fields.Date.add(row.date_due, days=row.interval_days * (row.missed_count - 1))) for row in rows}

    @api.model
    def _get_open_reports(self, company, distributors=None):
        """``{distributor: alert}`` of those who were told of as late."""
        domain = [("company_id", "=", company.id), ("kind", "=", "report"), ("date_to", "=", False)]
        domain += [("distributor_id", "in", distributors.ids)] if distributors is not None else []
        return {alert.distributor_id: alert for alert in self.search(domain)}

    @api.model
    def _get_unreported(self, company):
        """Distributors who are late for a period that nobody was told of, or were and have reported since."""
        late, told = self._get_late(company), self._get_open_reports(company)
        waiting = [
            distributor for distributor, (_row, day) in late.items() if distributor not in told or told[distributor].date_period != day
        ]
        waiting += [distributor for distributor in told if distributor not in late]
        return self.env["res.partner"].union(*waiting)

    @api.model
    def _follow_reports(self, company, distributors):
        """Open and close alerts of these distributors' reporting, and have somebody ask for what is missing."""
        late, told = self._get_late(company, distributors), self._get_open_reports(company, distributors)
        gone = self.union(*(alert for distributor, alert in told.items() if distributor not in late))
        gone.write({"date_to": company._dms_today()})
        new = self.create(
            [
                {"kind": "report", "company_id": company.id, "distributor_id": distributor.id, **self._prepare_report_values(row, day)}
                for distributor, (row, day) in late.items()
                if distributor not in told
            ]
        )
        again = self.browse()
        for distributor in told.keys() & late.keys():
            told[distributor].write(self._prepare_report_values(*late[distributor]))
            again |= told[distributor]
        gone._withdraw()
        (new | again.filtered(lambda alert: not alert.activity_id.active))._tell()

    def _prepare_report_values(self, row, day):
        return {"date_due": row.date_due, "date_period": day, "date_from": fields.Date.add(row.date_due, days=1)}
