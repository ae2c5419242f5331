from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .live_fields import LiveFloat, LiveInteger, LiveMonetary

#: ageing buckets: field, first and last day overdue (None: open)
BUCKETS = (
    ("not_due_amount", None, 0),
    ("due_30_amount", 1, 30),
    ("due_60_amount", 31, 60),
    ("due_90_amount", 61, 90),
    ("due_over_amount", 91, None),
)
FIGURES = (
    "receivable_amount", "open_order_amount", "uninvoiced_amount", "draft_amount", "exposure_amount", "secured_valid_amount",
    "extension_amount", "limit_amount", "available_amount", "used_percent", "overdue_amount", "overdue_days",
    *(bucket for bucket, _first, _last in BUCKETS),
)  # fmt: skip


COMPARISONS = {
    ">": lambda amount, value: amount > value,
    "<": lambda amount, value: amount < value,
    ">=": lambda amount, value: amount >= value,
    "<=": lambda amount, value: amount <= value,
    "in": lambda amount, values: amount in values,
}


def _searchable(name):
    return lambda accounts, operator, value: accounts._search_figure(name, operator, value)


def _figure(label, name=None, **kwargs):
    """A computed amount of the account, searchable when its ``name`` is given."""
    return LiveMonetary(label, compute="_compute_position", search=name and _searchable(name), **kwargs)


class DmsCreditAccount(models.Model):
    """The figures of an account, ``E = R + O + D + F``: named terms, each a SQL sub-query, joined into one query.

    Read from journal items and orders at every look, with full rights: nothing is stored here that could be out of date.
    """

    _inherit = "dms.credit.account"

    receivable_amount = _figure("Receivable", "receivable_amount", help="R: unpaid invoices less credit notes and unallocated payments.")
    open_order_amount = _figure("To Deliver", "open_order_amount", help="O: confirmed, neither delivered nor invoiced, tax included.")
    uninvoiced_amount = _figure("To Invoice", "uninvoiced_amount", help="D: delivered, not on a posted invoice, tax included.")
    draft_amount = _figure("Draft Invoices", "draft_amount", help="F: draft invoices of no order, where the company counts them.")
    exposure_amount = _figure("Exposure", "exposure_amount", help="E = R + O + D + F")
    secured_valid_amount = _figure("Valid Security", help="The security, while it is valid.")
    extension_amount = _figure("Valid Temporary Limits", help="Approved temporary limits, valid today.")
    limit_amount = _figure("Limit Today", "limit_amount", help="L: limit, valid temporary limits and valid security.")
    available_amount = _figure("Available", "available_amount", help="L - E; below zero when the limit is exceeded.")
    used_percent = LiveFloat("Used (%)", compute="_compute_position", search=_searchable("used_percent"), aggregator=None, digits=(16, 1))
    overdue_amount = _figure("Overdue", "overdue_amount", help="Open items past their due date; unallocated credits do not lower it.")
    overdue_days = LiveInteger(
        "Days Overdue", compute="_compute_position", search=_searchable("overdue_days"), aggregator="max", help="Of the oldest open item."
    )
    not_due_amount = _figure("Not Due")
    due_30_amount = _figure("1-30")
    due_60_amount = _figure("31-60")
    due_90_amount = _figure("61-90")
    due_over_amount = _figure("Over 90")

    # ------------------------------------------------------------ figures

    @api.depends_context("uid")
    def _compute_position(self):
        positions = self._origin._get_positions()  # in a form the figures are those of the stored account
        for name in FIGURES:
            self._fields[name]._insert_cache(self, [positions[account._origin][name] if account._origin else 0.0 for account in self])

    def _get_positions(self, orders=None):
        """The figures of these accounts as plain values: one query a company.

        :param orders: ``sale.order`` under examination, counted whatever the horizon
        :return: ``{account: {figure: amount in company currency}}`` with every name of ``FIGURES``, and as ``prepaid`` what was
            paid online of these orders and has no entry yet, ``{order id: amount in the order's currency}``
        """
        positions = {}
        accounts = self.sudo()  # exposure is never filtered by the reader's own documents
        for company, batch in accounts.grouped("company_id").items():
            rows = batch._fetch_position_rows(company, orders)
            terms, today = list(batch._get_exposure_terms(company)), company._dms_today()
            for account in batch:
                row = rows[account.partner_id.id]
                positions[self.browse(account.id)] = account._prepare_position(row, terms, today, company.currency_id.decimal_places)
        return positions

    def _prepare_position(self, row, terms, today, digits):
        prepaid = row.pop("prepaid", None) or {}
        values = {name: float(value or 0.0) for name, value in row.items()}
        exposure = round(sum(values[name] for name in terms), digits)
        secured = self.secured_amount if self._is_security_valid(today) else 0.0
        limit = round(values["base_amount"] + values["extension_amount"] + secured, digits)
        return {
            **values,
            "exposure_amount": exposure,
            "secured_valid_amount": secured,
            "limit_amount": limit,
            "available_amount": round(limit - exposure, digits),
            "used_percent": 100.0 * exposure / limit if limit > 0 else 0.0,
            "overdue_days": row["overdue_days"] or 0,
            "prepaid": {int(order): float(amount or 0.0) for order, amount in prepaid.items()},
        }

    def _is_security_valid(self, today):
        return not (self.secured_from and today < self.secured_from) and not (self.secured_until and self.secured_until < today)

    # ------------------------------------------------------------ the query

    def _fetch_position_rows(self, company, orders):
        """``{partner id: {column: value}}`` of these accounts, which are of one company."""
        self._flush_position_fields()
        terms = self._get_exposure_terms(company)
        figures = {**terms, "ageing": self._ageing_sql(company), "extensions": self._extension_sql(company)}
        columns = [SQL("%s.amount AS %s", SQL.identifier(name), SQL.identifier(name)) for name in terms]
        columns += [SQL.identifier("ageing", name) for name in ("overdue_amount", "overdue_days", *(bucket[0] for bucket in BUCKETS))]
        columns.append(SQL("extensions.amount AS extension_amount"))
        columns.append(self._base_limit_sql(company))
        if orders and orders._origin:
            columns.append(self._prepaid_sql(company, orders._origin))
        joins = [
            SQL("LEFT JOIN (%s) %s ON %s = wanted.partner_id", query, SQL.identifier(name), SQL.identifier(name, "partner_id"))
            for name, query in figures.items()
        ]
        query = SQL(
            "WITH %s SELECT wanted.partner_id, %s FROM wanted JOIN res_partner partner ON partner.id = wanted.partner_id %s",
            SQL(", ").join(self._position_ctes(company, orders)),
            SQL(", ").join(columns),
            SQL(" ").join(joins),
        )
        self.env.cr.execute(query)
        return {row["partner_id"]: row for row in self.env.cr.dictfetchall()}

    def _flush_position_fields(self):
        """Pending writes that the terms read; extended together with them."""
        env = self.env
        env["account.move.line"].flush_model(["partner_id", "company_id", "account_id", "parent_state", "amount_residual", "date_maturity"])
        env["sale.order.line"].flush_model(
            ["order_id", "state", "is_downpayment", "dms_open_value", "dms_uninvoiced_value", "customer_lead"]
        )
        env["sale.order"].flush_model(
            [
                "state",
                "partner_invoice_id",
                "company_id",
                "currency_rate",
                "date_order",
                "commitment_date",
                "amount_total",
                "dms_open_value",
                "dms_uninvoiced_value",
            ]
        )
        env["account.move"].flush_model(["state", "move_type", "commercial_partner_id", "amount_total_signed"])
        env["payment.transaction"].flush_model(["state", "amount", "sale_order_ids", "payment_id"])
        env["res.partner"].flush_model(["commercial_partner_id", "credit_limit"])
        env["dms.credit.extension"].flush_model(["account_id", "amount", "state", "date_from", "date_to"])

    def _position_ctes(self, company, orders):
        """What several terms read: the partners asked for and their contacts, their open items, their confirmed orders."""
        return [
            SQL("wanted AS (SELECT unnest(%s::int[]) AS partner_id)", self.partner_id.ids),
            SQL(
                "contact AS MATERIALIZED (SELECT id, commercial_partner_id AS partner_id FROM res_partner WHERE commercial_partner_id = ANY(%s))",
                self.partner_id.ids,
            ),
            SQL("item AS MATERIALIZED (%s)", self._item_sql(company)),
            SQL("ordered AS MATERIALIZED (%s)", self._ordered_sql(company, orders)),
        ]

    def _item_sql(self, company):
        """Open receivable items: partner, residual (company currency), days overdue today."""
        return SQL(
            """
            SELECT contact.partner_id, line.amount_residual AS amount, %s - COALESCE(line.date_maturity, line.date) AS days
              FROM contact
              JOIN account_move_line line ON line.partner_id = contact.id
              JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
             WHERE line.company_id = %s AND line.parent_state = 'posted' AND line.amount_residual <> 0
            """,
            company._dms_today(),
            company.id,
        )

    def _ordered_sql(self, company, orders):
        """Confirmed orders: partner, order, value to deliver and to invoice in company currency, each rounded once.

        Down payments and online payments without an entry lower the value to deliver, then the value to invoice.
        """
        return SQL(
            """
            SELECT partner_id, order_id,
                   ROUND(GREATEST(open - GREATEST(prepaid, 0), 0) / rate / %(unit)s) * %(unit)s AS open_amount,
                   ROUND((uninvoiced - GREATEST(prepaid - open, 0) - LEAST(prepaid, 0)) / rate / %(unit)s) * %(unit)s AS uninvoiced_amount
              FROM (
                SELECT contact.partner_id, sale.id AS order_id, NULLIF(sale.currency_rate, 0) AS rate, %(open)s::numeric AS open,
                       sale.dms_uninvoiced_value::numeric AS uninvoiced,
                       COALESCE(advance.amount, 0) + COALESCE(online.amount, 0) AS prepaid
                  FROM contact
                  JOIN sale_order sale ON sale.partner_invoice_id = contact.id
             LEFT JOIN (%(advance)s) advance ON advance.order_id = sale.id
             LEFT JOIN (%(online)s) online ON online.order_id = sale.id
                 WHERE sale.state = 'sale' AND sale.company_id = %(company)s
              ) AS valued
            """,
            unit=SQL("%s::numeric", str(company.currency_id.rounding)),
            company=company.id,
            open=self._within_horizon_sql(company, orders),
            advance=self._down_payment_sql(company),
            online=self._online_payment_sql(company),
        )

    def _within_horizon_sql(self, company, orders):
        """Value to deliver that is promised within the company's horizon; orders under examination count whole."""
        if not company.credit_horizon_is_set:
            return SQL("sale.dms_open_value")
        day = company._dms_today() + timedelta(days=company.credit_horizon_days + 1)
        end = company._dms_utc(datetime.combine(day, time.min))
        return SQL(
            """
            CASE WHEN sale.id = ANY(%s) THEN sale.dms_open_value ELSE COALESCE((
                SELECT SUM(line.dms_open_value) FROM sale_order_line line
                 WHERE line.order_id = sale.id
                   AND COALESCE(sale.commitment_date, sale.date_order + line.customer_lead * interval '1 day') < %s
            ), 0) END
            """,
            orders._origin.ids if orders else [],
            end,
        )

    def _down_payment_sql(self, company):
        """Posted down payments less what posted invoices deducted, per order, in the order's currency."""
        return SQL(
            """
            SELECT ordered.order_id, SUM(
                       CASE WHEN move.move_type = 'out_refund' THEN -item.price_total ELSE item.price_total END
                       * CASE WHEN move.currency_id = paid.currency_id THEN 1
                              ELSE paid.currency_rate / NULLIF(move.invoice_currency_rate, 0) END
                   ) AS amount
              FROM sale_order_line ordered
              JOIN sale_order paid ON paid.id = ordered.order_id AND paid.state = 'sale' AND paid.company_id = %s
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = ordered.id
              JOIN account_move_line item ON item.id = rel.invoice_line_id AND item.parent_state = 'posted'
              JOIN account_move move ON move.id = item.move_id
             WHERE ordered.is_downpayment AND paid.partner_invoice_id IN (SELECT id FROM contact)
             GROUP BY ordered.order_id
            """,
            company.id,
        )

    def _online_payment_sql(self, company):
        """Online payments that are done and have no posted entry yet, per order, in the payment's currency.

        A payment for several orders is shared by their totals.
        """
        return SQL(
            """
            SELECT rel.sale_order_id AS order_id,
                   SUM(tx.amount * paid.amount_total / NULLIF((
                       SELECT SUM(other.amount_total) FROM sale_order other
                         JOIN sale_order_transaction_rel others ON others.sale_order_id = other.id
                        WHERE others.transaction_id = tx.id), 0)) AS amount
              FROM sale_order_transaction_rel rel
              JOIN payment_transaction tx ON tx.id = rel.transaction_id AND tx.state = 'done'
              JOIN sale_order paid ON paid.id = rel.sale_order_id AND paid.company_id = %s
         LEFT JOIN account_payment payment ON payment.id = tx.payment_id
         LEFT JOIN account_move entry ON entry.id = payment.move_id
             WHERE entry.state IS DISTINCT FROM 'posted' AND paid.partner_invoice_id IN (SELECT id FROM contact)
             GROUP BY rel.sale_order_id
            """,
            company.id,
        )

    def _prepaid_sql(self, company, orders):
        """Column of what was paid online of the orders under examination, as JSON."""
        return SQL(
            "(SELECT jsonb_object_agg(order_id, amount) FROM (%s) online WHERE order_id = ANY(%s)) AS prepaid",
            self._online_payment_sql(company),
            orders.ids,
        )

    # ------------------------------------------------------------ terms

    def _get_exposure_terms(self, company):
        """The terms of the exposure, in order; extended by modules with ``super() | {name: SQL}``.

        The name is that of a Monetary field of the account; the query gives ``partner_id`` (commercial) and ``amount`` in
        company currency, and may read the common table expressions of :meth:`_position_ctes`.

        :rtype: dict[str, SQL]
        """
        return {
            "receivable_amount": self._receivable_sql(company),
            "open_order_amount": self._open_order_sql(company),
            "uninvoiced_amount": self._uninvoiced_sql(company),
            "draft_amount": self._draft_sql(company),
        }

    def _receivable_sql(self, company):
        return SQL("SELECT partner_id, SUM(amount) AS amount FROM item GROUP BY partner_id")

    def _open_order_sql(self, company):
        return SQL("SELECT partner_id, SUM(open_amount) AS amount FROM ordered GROUP BY partner_id")

    def _uninvoiced_sql(self, company):
        return SQL("SELECT partner_id, SUM(uninvoiced_amount) AS amount FROM ordered GROUP BY partner_id")

    def _draft_sql(self, company):
        """Draft invoices with no line of an order, where the company counts them."""
        if not company.credit_include_drafts:
            return SQL("SELECT NULL::int AS partner_id, 0::numeric AS amount WHERE FALSE")
        return SQL(
            """
            SELECT move.commercial_partner_id AS partner_id, SUM(move.amount_total_signed) AS amount
              FROM account_move move
             WHERE move.state = 'draft' AND move.move_type = 'out_invoice' AND move.company_id = %s
               AND move.commercial_partner_id IN (SELECT partner_id FROM wanted)
               AND NOT EXISTS (
                   SELECT FROM account_move_line item JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                    WHERE item.move_id = move.id)
             GROUP BY move.commercial_partner_id
            """,
            company.id,
        )

    def _ageing_sql(self, company):
        """Buckets by days overdue, and what is overdue: open items above zero past their due date."""
        buckets = [SQL("SUM(amount) FILTER (WHERE %s) AS %s", self._bucket_sql(*days), SQL.identifier(name)) for name, *days in BUCKETS]
        return SQL(
            """
            SELECT partner_id, %s, SUM(amount) FILTER (WHERE amount > 0 AND days > 0) AS overdue_amount,
                   MAX(days) FILTER (WHERE amount > 0 AND days > 0) AS overdue_days
              FROM item GROUP BY partner_id
            """,
            SQL(", ").join(buckets),
        )

    @api.model
    def _bucket_sql(self, first, last):
        """Condition on the column ``days``."""
        conditions = [SQL("days >= %s", first)] if first is not None else []
        if last is not None:
            conditions.append(SQL("days <= %s", last))
        return SQL(" AND ").join(conditions)

    def _base_limit_sql(self, company):
        """Core's own limit of the partner in this company, the company's default where it has none of its own."""
        fallback = (
            self.env["res.partner"]
            .with_company(company)
            ._fields["credit_limit"]
            .get_company_dependent_fallback(self.env["res.partner"].with_company(company))
        )
        return SQL("COALESCE((partner.credit_limit->>%s)::numeric, %s) AS base_amount", str(company.id), fallback or 0.0)

    def _extension_sql(self, company):
        """Approved temporary limits that are valid today; several add up."""
        today = company._dms_today()
        return SQL(
            """
            SELECT account.partner_id, SUM(extension.amount) AS amount
              FROM dms_credit_extension extension JOIN dms_credit_account account ON account.id = extension.account_id
             WHERE account.company_id = %s AND account.partner_id IN (SELECT partner_id FROM wanted)
               AND extension.state = 'approved' AND %s BETWEEN extension.date_from AND extension.date_to
             GROUP BY account.partner_id
            """,
            company.id,
            today,
        )

    # ------------------------------------------------------------ search

    @api.model
    def _search_figure(self, figure, operator, value):
        """Search by a figure of now: the accounts the user sees are computed once, in one query a company."""
        compare = COMPARISONS.get(operator)
        if compare is None:
            return NotImplemented
        positions = self.search([("company_id", "in", self.env.companies.ids)])._get_positions()
        return Domain("id", "in", [account.id for account, position in positions.items() if compare(position[figure], value)])
