from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, split_every

from ..engine import cover

#: what a refresh writes, in the order of the statement that does it
COLUMNS = (
    "distributor_id", "product_id", "territory_id", "distributor_class_id", "categ_id", "on_hand_qty", "in_transit_qty", "sold_qty",
    "stock_days", "avg_daily_sellout", "days_cover", "status", "min_days", "max_days", "last_sellout_date", "last_count_date",
)  # fmt: skip
#: what a check compares
FIGURES = ("on_hand_qty", "in_transit_qty", "sold_qty", "stock_days", "avg_daily_sellout", "days_cover", "status")
#: PostgreSQL types of the columns, where they are no numbers of a record
TYPES = {"status": "varchar", "last_sellout_date": "date", "last_count_date": "date", "stock_days": "int"}
#: distributors refreshed together by the job, and positions up to which a change of norms is followed at once
BATCH, AT_ONCE = 20, 5000


class DmsStockPosition(models.Model):
    _inherit = "dms.stock.position"

    # ------------------------------------------------------------ from the documents

    @api.model
    def _refresh(self, keys):
        """Bring positions up to date with ledger and transfers, in a number of statements that does not depend on theirs.

        Every position is written even if nothing in it changes: of two transactions that touch it at once the later one is then
        turned away by the database and repeated by Odoo, so that no row of the ledger is ever overlooked.

        :param keys: set of ``(company id, distributor id, product id)``
        """
        by_company = defaultdict(list)
        for company_id, *key in sorted(keys):
            by_company[company_id].append(key)
        for company in self.env["res.company"].browse(by_company):
            scope = SQL(
                "SELECT * FROM unnest(%s::int[], %s::int[]) AS pair(distributor_id, product_id)",
                *(list(ids) for ids in zip(*by_company[company.id], strict=True)),
            )
            self._write_figures(company, self._compute_figures(company, scope))

    @api.model
    def _rebuild(self, company, distributors):
        """Compute every position of these distributors anew from ledger and transfers."""
        self._write_figures(company, self._compute_figures(company, self._get_full_scope(company, distributors)))

    @api.model
    def _find_difference(self, company, distributors):
        """The first position that is not what its documents say, as ``(distributor id, product id, {figure: (kept, right)})``, or None."""
        domain = [("company_id", "=", company.id), ("distributor_id", "in", distributors.ids)]
        positions = self.sudo().search_fetch(domain, ["distributor_id", "product_id", *FIGURES])  # figures of the positions being checked
        kept = {(position.distributor_id.id, position.product_id.id): position for position in positions}
        for row in self._compute_figures(company, self._get_full_scope(company, distributors)):
            key = (row["distributor_id"], row["product_id"])
            position = kept.get(key, self.browse())
            wrong = {name: (position[name], row[name]) for name in FIGURES if _is_other(position[name], row[name])}
            if wrong:
                return *key, wrong
        return None

    def _get_full_scope(self, company, distributors):
        return SQL(
            """
            SELECT distributor_id, product_id FROM dms_stock_ledger WHERE company_id = %(company)s AND distributor_id = ANY(%(ids)s)
             UNION SELECT distributor_id, product_id FROM dms_stock_position WHERE company_id = %(company)s AND distributor_id = ANY(%(ids)s)
             UNION SELECT p.dms_receiver_id, ml.product_id FROM stock_picking p JOIN stock_move_line ml ON ml.picking_id = p.id
                    WHERE p.dms_receipt_state = 'in_transit' AND p.company_id = %(company)s AND p.dms_receiver_id = ANY(%(ids)s)
            """,
            company=company.id,
            ids=distributors.ids,
        )

    # ------------------------------------------------------------ figures

    def _compute_figures(self, company, scope):
        """Rows as dicts of :data:`COLUMNS` for the pairs of distributor and product in ``scope``, sorted."""
        self._flush_sources()
        today = company._dms_today()
        first = fields.Date.subtract(today, days=company.sellout_average_days)
        last = fields.Date.subtract(today, days=1)
        book = self.env["dms.stock.norm"]._get_book(company)
        rows = self.env.execute_query_dict(self._get_figures_query(company, scope, first, last))
        return [self._prepare_figures(row, book, first) for row in rows]

    def _flush_sources(self):
        self.env["stock.move.line"].flush_model()
        self.env["stock.picking"].flush_model(["dms_receipt_state", "dms_receiver_id", "company_id"])
        self.env["res.partner"].flush_model(["territory_id", "distributor_class_id"])
        self.env["product.template"].flush_model(["categ_id"])
        self.flush_model()

    def _prepare_figures(self, row, book, first):
        """Add to what the database summed up: average, cover, norm and status."""
        norm = book.find(row["product_id"], row.pop("parent_path"), row["distributor_class_id"])
        average = row["sold_qty"] / row["stock_days"] if row["stock_days"] and row["sold_qty"] > 0 else 0.0
        days = cover.days_cover(row["on_hand_qty"], row["in_transit_qty"], average)
        lately = bool(row["last_sellout_date"] and row["last_sellout_date"] >= first)
        return {
            **row,
            "avg_daily_sellout": average,
            "days_cover": days,
            "status": cover.status(row["on_hand_qty"], days, lately, norm),
            "min_days": norm.min_days if norm else 0.0,
            "max_days": norm.max_days if norm else 0.0,
        }

    def _get_figures_query(self, company, scope, first, last):
        """Sums of each pair: closing balances follow from the days with movements, each of which holds until the next."""
        return SQL(
            """
            WITH scope AS (%(scope)s),
            day AS (
                SELECT l.distributor_id, l.product_id, l.date, SUM(l.quantity) AS moved,
                       -SUM(l.quantity) FILTER (WHERE l.flow = 'sellout') AS sold, bool_or(l.kind = 'count') AS counted
                  FROM scope JOIN dms_stock_ledger l USING (distributor_id, product_id)
                 WHERE l.company_id = %(company)s
              GROUP BY l.distributor_id, l.product_id, l.date
            ), closing AS (
                SELECT *, SUM(moved) OVER before AS balance, COALESCE(LEAD(date) OVER before - 1, %(last)s) AS until
                  FROM day WINDOW before AS (PARTITION BY distributor_id, product_id ORDER BY date)
            ), figures AS (
                SELECT distributor_id, product_id, SUM(moved) AS on_hand_qty,
                       SUM(sold) FILTER (WHERE date BETWEEN %(first)s AND %(last)s) AS sold_qty,
                       SUM(CASE WHEN balance > 0 THEN GREATEST(LEAST(until, %(last)s) - GREATEST(date, %(first)s) + 1, 0)
                                WHEN sold > 0 AND date BETWEEN %(first)s AND %(last)s THEN 1 ELSE 0 END) AS stock_days,
                       MAX(date) FILTER (WHERE sold > 0) AS last_sellout_date, MAX(date) FILTER (WHERE counted) AS last_count_date
                  FROM closing GROUP BY distributor_id, product_id
            ), transit AS (
                SELECT p.dms_receiver_id AS distributor_id, ml.product_id, SUM(ml.quantity_product_uom) AS quantity
                  FROM stock_picking p
                  JOIN stock_move_line ml ON ml.picking_id = p.id AND ml.state = 'done'
                  JOIN stock_location destination ON destination.id = ml.location_dest_id AND destination.usage = 'customer'
                  JOIN scope ON scope.distributor_id = p.dms_receiver_id AND scope.product_id = ml.product_id
                 WHERE p.dms_receipt_state = 'in_transit' AND p.company_id = %(company)s
              GROUP BY p.dms_receiver_id, ml.product_id
            )
            SELECT distributor_id, product_id, partner.territory_id, partner.distributor_class_id, template.categ_id, category.parent_path,
                   COALESCE(figures.on_hand_qty, 0)::float8 AS on_hand_qty, COALESCE(transit.quantity, 0)::float8 AS in_transit_qty,
                   COALESCE(figures.sold_qty, 0)::float8 AS sold_qty, COALESCE(figures.stock_days, 0)::int AS stock_days,
                   figures.last_sellout_date, figures.last_count_date
              FROM scope
              LEFT JOIN figures USING (distributor_id, product_id)
              LEFT JOIN transit USING (distributor_id, product_id)
              JOIN res_partner partner ON partner.id = distributor_id
              JOIN product_product product ON product.id = product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN product_category category ON category.id = template.categ_id
          ORDER BY distributor_id, product_id
            """,
            scope=scope,
            company=company.id,
            first=first,
            last=last,
        )

    def _write_figures(self, company, rows):
        """Add or replace positions by one statement; a status keeps the day it came about."""
        if not rows:
            return
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        arrays = SQL(", ").join(
            SQL(f"%s::{_array_type(name)}", [row[name] for row in rows])
            for name in COLUMNS  # pylint: disable=sql-injection
        )
        changes = SQL(", ").join(SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name)) for name in COLUMNS[2:])
        today = company._dms_today()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dms_stock_position AS kept (company_id, status_since, computed_on, create_date, write_date, %(columns)s)
                SELECT %(company)s, %(today)s, %(today)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', new.*
                  FROM unnest(%(arrays)s) AS new
                ON CONFLICT (distributor_id, product_id, company_id) DO UPDATE SET %(changes)s, computed_on = EXCLUDED.computed_on,
                    write_date = EXCLUDED.write_date,
                    status_since = CASE WHEN kept.status = EXCLUDED.status THEN kept.status_since ELSE EXCLUDED.status_since END
                """,
                columns=columns,
                company=company.id,
                today=today,
                arrays=arrays,
                changes=changes,
            )
        )
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------ from time to time

    @api.model
    def action_check(self):
        """Compute every position of the company anew, compare, and say which is the first that differs; nothing is written."""
        self._check_manager()
        company = self.env.company
        found = None
        for distributors in self._get_batches(self._get_distributors(company)):
            found = found or self._find_difference(company, distributors)
        return self._notify(*self._get_check_result(found))

    @api.model
    def action_rebuild(self):
        """Compute every position of the company anew from ledger and transfers."""
        self._check_manager()
        for distributors in self._get_batches(self._get_distributors(self.env.company)):
            self._rebuild(self.env.company, distributors)
        return self._notify("success", self.env._("Positions were computed anew from the ledger."))

    def _check_manager(self):
        if not self.env.user.has_group("dms_orders.group_dms_manager"):
            raise AccessError(self.env._("Positions are checked by managers of distribution."))

    def _get_check_result(self, found):
        """(tone, sentence) of a check."""
        if not found:
            return "success", self.env._("Every position is what ledger and transfers say.")
        distributor, product = self.env["res.partner"].browse(found[0]), self.env["product.product"].browse(found[1])
        figures = ", ".join(
            self.env._(
                "%(figure)s %(kept)s instead of %(right)s", figure=self._fields[name]._description_string(self.env), kept=kept, right=right
            )
            for name, (kept, right) in found[2].items()
        )
        sentence = self.env._(
            "%(distributor)s, %(product)s: %(figures)s.",
            distributor=distributor.display_name,
            product=product.display_name,
            figures=figures,
        )
        return "danger", sentence

    def _notify(self, tone, message):
        params = {"type": tone, "message": message, "sticky": tone == "danger", "next": {"type": "ir.actions.client", "tag": "soft_reload"}}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _get_batches(self, distributors):
        return split_every(BATCH, distributors.ids, distributors.browse)

    @api.model
    def _request_refresh(self, companies):
        """Follow a change of norms or settings: at once where positions are few, else by the job."""
        for company in companies:
            distributors = self._get_distributors(company)
            if self.sudo().search_count([("company_id", "=", company.id)], limit=AT_ONCE + 1) <= AT_ONCE:  # a number only
                self._rebuild(company, distributors)
            else:
                self.env.ref("dms_inventory.ir_cron_refresh_positions")._trigger()

    def _get_distributors(self, company, not_since=None):
        """Distributors with positions in a company; with ``not_since`` those whose figures are older than that day."""
        domain = [("company_id", "=", company.id)]
        domain += [("computed_on", "<", not_since)] if not_since else []
        groups = self.sudo()._read_group(domain, ["distributor_id"])  # whose figures are kept up
        return self.env["res.partner"].union(*(distributor for (distributor,) in groups))

    @api.model
    def _cron_dms_refresh_positions(self):
        """Look back from today in every position; batch by batch, each committed."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        for company in self.env["res.company"]._dms_get_all():
            waiting = self._get_distributors(company, not_since=company._dms_today())
            left = len(waiting)
            for distributors in self._get_batches(waiting):
                self._rebuild(company, distributors)
                left -= len(distributors)
                if not commit_progress(len(distributors), remaining=left):
                    return


def _array_type(column):
    """The type of an array that carries a column into the database."""
    if column.endswith("_id"):
        return "int[]"
    return f"{TYPES.get(column, 'float8')}[]"


def _is_other(kept, right):
    """Whether two figures differ by more than their representation does; an empty one is 0."""
    if isinstance(right, str):
        return kept != right
    return abs((kept or 0) - (right or 0)) > 1e-6
