from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

from . import fact_tables, fact_triggers
from .fact_sources import COLUMNS
from .fact_tables import AREA_COLUMNS, MONTH_COLUMNS

#: days brought up to date in one transaction of the job
BATCH = 500
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9998, 12, 31)

STALE_DAYS = "SELECT DISTINCT company_id, distributor_id, date FROM dms_sales_dirty WHERE NOT is_month"
STALE_MONTHS = "SELECT DISTINCT company_id, distributor_id, date_trunc('month', date)::date AS date FROM dms_sales_dirty"


class DmsSalesUpkeep(models.Model):
    """How the facts follow the documents: the state of the job, and the lock it holds.

    Triggers of the database (``fact_triggers.py``) note the days that documents change, in the transaction that changes them.
    Readers leave those days out of the tables and read them from the documents; the job writes them anew and takes the note
    away. Who writes facts writes the one record of this model first: of two that do so at once one waits, and where it has not
    seen what the other wrote the database tells it to try again.
    """

    _name = "dms.sales.upkeep"
    _description = "Upkeep of Sales Facts"

    turn = fields.Integer(readonly=True, help="How often facts were written: what the one who writes them writes first.")
    folded_on = fields.Datetime("Last Upkeep", readonly=True)
    rebuilt_on = fields.Datetime("Last Rebuild", readonly=True)
    rebuild_next = fields.Date("Rebuild From", readonly=True, help="First day that a rebuild in the background has still to do.")
    rebuild_last = fields.Date("Rebuild To", readonly=True)

    def init(self):
        self.env.cr.execute(fact_tables.CREATE)
        self.env.cr.execute(fact_triggers.CREATE)

    # ------------------------------------------------------------ reading

    @api.model
    def _has_stale(self, months=False):
        """Whether documents changed since the facts were written; what is pending is written first."""
        self.env.flush_all()
        condition = SQL("TRUE") if months else SQL("NOT is_month")
        return self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM dms_sales_dirty WHERE %s)", condition))[0][0]

    @api.model
    def _get_current_days(self):
        """SQL of all rows of facts as they are now, with the columns of the table."""
        return self._get_days(SQL("dms_sales_fact f")) if self._has_stale() else SQL("TABLE dms_sales_fact")

    def _get_days(self, stored):
        """SQL of rows of days as they are now: stored ones but for days out of date, and these from the documents.

        :param stored: SQL of what to take the stored ones from, with the table as ``f``
        """
        return SQL(
            """
            WITH stale AS MATERIALIZED (%(stale)s)
            SELECT %(columns)s FROM %(stored)s
             WHERE (f.company_id, f.distributor_id, f.date) NOT IN (SELECT company_id, distributor_id, date FROM stale)
         UNION ALL
            SELECT %(columns)s FROM (%(documents)s) f
            """,
            stale=SQL(STALE_DAYS),
            columns=_columns_of("f", COLUMNS),
            stored=stored,
            documents=self.env["dms.sales.fact"]._get_documents_query(self._get_span(SQL(STALE_DAYS)), SQL(STALE_DAYS)),
        )

    @api.model
    def _get_current_months(self):
        """SQL of all rows of months and distributors as they are now, with the columns of the table."""
        if not self._has_stale(months=True):
            return SQL("TABLE dms_sales_month")
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(rollup)s)
            SELECT %(columns)s FROM dms_sales_month f WHERE (f.company_id, f.distributor_id, f.date) NOT IN (%(stale)s)
         UNION ALL SELECT %(columns)s FROM fresh f
            """,
            columns=_columns_of("f", MONTH_COLUMNS),
            stale=SQL(STALE_MONTHS),
            rollup=self.env["dms.sales.month"]._get_rollup(self._get_days(_days_of(SQL(STALE_MONTHS)))),
        )

    @api.model
    def _get_current_areas(self):
        """SQL of all rows of months and territories as they are now, with the columns of the table."""
        if not self._has_stale(months=True):
            return SQL("TABLE dms_sales_area")
        in_stale = SQL("(f.company_id, f.date) IN (SELECT company_id, date FROM (%s) k)", SQL(STALE_MONTHS))
        months = SQL("SELECT * FROM (%s) f WHERE %s", self._get_current_months(), in_stale)
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(rollup)s)
            SELECT %(columns)s FROM dms_sales_area f WHERE NOT (%(stale)s) UNION ALL SELECT %(columns)s FROM fresh f
            """,
            columns=_columns_of("f", AREA_COLUMNS),
            stale=in_stale,
            rollup=self.env["dms.sales.area"]._get_rollup(months),
        )

    @api.model
    def _get_span(self, days):
        """SQL of the span of single days, see :mod:`.fact_sources`.

        :param days: SQL of ``company_id`` and ``date``
        """
        return self._get_span_of(SQL("SELECT DISTINCT company_id, date AS date_from, date AS date_to FROM (%s) k", days))

    @api.model
    def _get_period_span(self, date_from, date_to):
        """SQL of the span of a period, of all companies."""
        stretches = SQL("SELECT id AS company_id, %s::date AS date_from, %s::date AS date_to FROM res_company", date_from, date_to)
        return self._get_span_of(stretches)

    def _get_span_of(self, stretches):
        """SQL of a span, by the clocks of its companies.

        :param stretches: SQL of ``company_id, date_from, date_to``, the last day included
        """
        return SQL(
            """
            SELECT d.company_id, d.date_from, d.date_to, tz.name AS tz, currency.rounding::numeric AS rounding,
                   d.date_from::timestamp AT TIME ZONE tz.name AT TIME ZONE 'UTC' AS start_at,
                   (d.date_to + 1)::timestamp AT TIME ZONE tz.name AT TIME ZONE 'UTC' AS end_at
              FROM (%s) d
              JOIN res_company company ON company.id = d.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              JOIN res_partner partner ON partner.id = company.partner_id
        CROSS JOIN LATERAL (SELECT COALESCE(partner.tz, 'UTC') AS name) tz
            """,
            stretches,
        )

    # ------------------------------------------------------------ writing

    @api.model
    def _cron_dms_fold(self):
        """Bring the days that are out of date up to date, a batch in a transaction."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        remaining = self._count_stale()
        commit_progress(remaining=remaining)
        while remaining:
            done = self._fold()
            remaining = self._count_stale()
            if not done or not commit_progress(done, remaining=remaining):
                return

    @api.model
    def _count_stale(self):
        query = "SELECT COUNT(*) FROM (SELECT DISTINCT company_id, distributor_id, date, is_month FROM dms_sales_dirty) k"
        return self.env.execute_query(SQL(query))[0][0]

    @api.model
    def _fold(self, limit=BATCH):
        """Write the oldest days that are out of date anew, unless somebody else writes facts right now.

        :return: number of days and months done
        """
        self.env.flush_all()
        if not self._lock(wait=False):
            return 0
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, distributor_id, date, is_month, array_agg(id) FROM dms_sales_dirty
              GROUP BY 1, 2, 3, 4 ORDER BY date, company_id, distributor_id LIMIT %s
                """,
                limit,
            )
        )
        if not rows:
            return 0
        days = [row[:3] for row in rows if not row[3]]
        if days:
            stale = _as_rows(days)
            self._replace_days(SQL("(company_id, distributor_id, date) IN (%s)", stale), self._get_span(stale), stale)
        months = _as_rows({(company, distributor, start_of(day, "month")) for company, distributor, day, *_more in rows})
        self._replace_months(
            SQL("SELECT f.* FROM %s", _days_of(months)),
            SQL("(f.company_id, f.distributor_id, f.date) IN (%s)", months),
            SQL("(f.company_id, f.date) IN (SELECT company_id, date FROM (%s) k)", months),
        )
        self._forget([number for row in rows for number in row[4]])
        self._get_record().folded_on = fields.Datetime.now()
        return len(rows)

    @api.model
    def _rebuild(self, date_from=None, date_to=None, distributors=None):
        """See ``dms.sales.fact._rebuild``."""
        date_from, date_to = fields.Date.to_date(date_from) or FIRST_DAY, fields.Date.to_date(date_to) or LAST_DAY
        self._check_period(date_from, date_to)
        self.env.flush_all()
        self._lock()
        ids = None if distributors is None else distributors.ids
        of_them = SQL("TRUE") if ids is None else SQL("distributor_id = ANY(%s)", ids)
        done = self.env.execute_query(
            SQL("SELECT id FROM dms_sales_dirty WHERE date BETWEEN %s AND %s AND NOT is_month AND %s", date_from, date_to, of_them)
        )
        inside = SQL("date BETWEEN %s AND %s AND %s", date_from, date_to, of_them)
        self._replace_days(inside, self._get_period_span(date_from, date_to), distributors=ids)
        whole = SQL("f.date BETWEEN %s AND %s", start_of(date_from, "month"), end_of(date_to, "month"))
        of_months = whole if ids is None else SQL("%s AND f.%s", whole, of_them)
        self._replace_months(SQL("SELECT f.* FROM dms_sales_fact f WHERE %s", of_months), of_months, whole)
        self._forget([number for (number,) in done])
        self._get_record().rebuilt_on = fields.Datetime.now()
        return True

    @api.model
    def _request_rebuild(self, date_from=None, date_to=None):
        """Have the facts of a period made anew in the background, month by month; a request that waits is widened.

        :raise UserError: when the period ends before it starts, or there is nothing in it
        """
        [(first, last)] = self.env.execute_query(SQL("SELECT MIN(date), MAX(date) FROM (%s) f", self._get_document_days()))
        self._check_period(date_from or FIRST_DAY, date_to or LAST_DAY)
        first, last = max(filter(None, (first, date_from)), default=None), min(filter(None, (last, date_to)), default=None)
        if not first or not last or last < first:
            raise UserError(self.env._("There are no documents in this period."))
        self._lock()
        record = self._get_record()
        record.write(
            {
                "rebuild_next": min(filter(None, (record.rebuild_next, first))),
                "rebuild_last": max(filter(None, (record.rebuild_last, last))),
            }
        )
        self.env.ref("dms_reports.cron_rebuild").sudo()._trigger()  # a job of the module

    def _get_document_days(self):
        """SQL of the first and the last day of what facts are made of, and of facts."""
        columns = (
            ("dms_sales_fact", "date"), ("sale_order", "date_order"), ("stock_move", "date"), ("account_move", "invoice_date"),
            ("dms_stock_ledger", "date"), ("dms_scheme_accrual", "date_from"),
        )  # fmt: skip
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s(%s)::date AS date FROM %s", bound, SQL.identifier(column), SQL.identifier(table))
            for table, column in columns
            for bound in (SQL("MIN"), SQL("MAX"))
        )

    @api.model
    def _cron_dms_rebuild(self):
        """Make the facts anew that were asked for, a month in a transaction."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        record = self._get_record()
        while record.rebuild_next:
            last = min(end_of(record.rebuild_next, "month"), record.rebuild_last)
            self._rebuild(record.rebuild_next, last)
            done = last == record.rebuild_last
            record.write({"rebuild_next": False, "rebuild_last": False} if done else {"rebuild_next": last + timedelta(days=1)})
            if not commit_progress(1, remaining=0 if done else 1):
                return

    def _check_period(self, date_from, date_to):
        if date_to < date_from:
            raise UserError(self.env._("The period ends (%(to)s) before it starts (%(from)s).", **{"from": date_from, "to": date_to}))

    def _replace_days(self, inside, span, keys=None, distributors=None):
        documents = self.env["dms.sales.fact"]._get_documents_query(span, keys, distributors)
        self._replace_rows("dms_sales_fact", COLUMNS, inside, documents)

    def _replace_months(self, days, of_distributors, of_territories):
        """Add months up anew from their days, and then the months of territories from those of distributors.

        :param days: SQL of the rows of these days
        :param of_distributors: SQL condition on ``f``, a row of a month: the months of distributors to replace
        :param of_territories: SQL condition on ``f``, a row of a month, that takes whole months
        """
        self._replace_rows("dms_sales_month", MONTH_COLUMNS, of_distributors, self.env["dms.sales.month"]._get_rollup(days))
        months = SQL("SELECT f.* FROM dms_sales_month f WHERE %s", of_territories)
        self._replace_rows("dms_sales_area", AREA_COLUMNS, of_territories, self.env["dms.sales.area"]._get_rollup(months))

    def _replace_rows(self, table, columns, inside, rows):
        name = SQL.identifier(table)
        self.env.cr.execute(SQL("DELETE FROM %s f WHERE %s", name, inside))
        names = _columns_of("f", columns)
        self.env.cr.execute(SQL("INSERT INTO %s (%s) SELECT %s FROM (%s) f", name, _columns_of(None, columns), names, rows))

    def _forget(self, numbers):
        """Take away notes that were acted upon; those that came meanwhile stay."""
        self.env.cr.execute(SQL("DELETE FROM dms_sales_dirty WHERE id = ANY(%s)", numbers))

    @api.model
    def _touch_products(self, products, days=False):
        """Facts of these products are out of date.

        :param days: not only how they add up to months, but the days themselves
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dms_sales_dirty (company_id, distributor_id, date, is_month)
                SELECT DISTINCT company_id, distributor_id, CASE WHEN %(days)s THEN date ELSE date_trunc('month', date)::date END, NOT %(days)s
                  FROM dms_sales_fact WHERE product_id = ANY(%(products)s)
                """,
                days=days,
                products=products.ids,
            )
        )

    @api.model
    def _touch_companies(self, companies):
        """All days of these companies, and the days beside them, are out of date."""
        if not companies:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
                SELECT DISTINCT company_id, distributor_id, date + beside FROM dms_sales_fact, generate_series(-1, 1) AS beside
                 WHERE company_id = ANY(%s)
                """,
                companies.ids,
            )
        )

    # ------------------------------------------------------------ lock

    @api.model
    def _get_record(self):
        return self.env.ref("dms_reports.sales_upkeep").sudo()  # the state of the job, written by nobody else

    def _lock(self, wait=True):
        """Be the only one who writes facts until the transaction ends.

        :return: whether it is so
        :raise psycopg2.errors.SerializationFailure: when another one wrote since this transaction began; it is tried again then
        """
        record, how = self._get_record(), SQL("") if wait else SQL("SKIP LOCKED")
        if not self.env.execute_query(SQL("SELECT id FROM dms_sales_upkeep WHERE id = %s FOR UPDATE %s", record.id, how)):
            return False
        self.env.cr.execute(SQL("UPDATE dms_sales_upkeep SET turn = COALESCE(turn, 0) + 1 WHERE id = %s", record.id))
        record.invalidate_recordset(["turn"], flush=False)
        return True


def _columns_of(alias, names):
    return SQL(", ").join(SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names)


def _as_rows(keys):
    """SQL of ``(company_id, distributor_id, date)`` from Python's rows of them."""
    companies, distributors, days = zip(*sorted(keys), strict=True)
    return SQL(
        "SELECT * FROM unnest(%s::int[], %s::int[], %s::date[]) AS k (company_id, distributor_id, date)",
        [*companies],
        [*distributors],
        [*days],
    )


def _days_of(months):
    """SQL to take rows of days from, as ``f``: those of months ``(company_id, distributor_id, date)``.

    Month by month (``OFFSET 0``) by the key of the table: a planner that guesses at the number of months reads all of it instead.
    """
    return SQL(
        """
        (%s) k CROSS JOIN LATERAL (
            SELECT * FROM dms_sales_fact d
             WHERE d.distributor_id = k.distributor_id AND d.company_id = k.company_id
               AND d.date >= k.date AND d.date < (k.date + INTERVAL '1 month')::date OFFSET 0
        ) f
        """,
        months,
    )
