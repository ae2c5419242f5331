from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .dms_credit_position import BUCKETS

#: what a receivable item comes from; the labels are those of the selection field ``kind`` of the ageing
KINDS = [
    ("invoice", "Invoice"),
    ("credit_note", "Credit Note"),
    ("receipt", "Receipt"),
    ("payment", "Payment"),
    ("repayment", "Repayment"),
    ("exchange", "Exchange Difference"),
    ("entry", "Entry"),
]
KIND_SQL = SQL("""
    CASE WHEN move.move_type = 'out_invoice' THEN 'invoice'
         WHEN move.move_type = 'out_refund' THEN 'credit_note'
         WHEN move.move_type = 'out_receipt' THEN 'receipt'
         WHEN move.journal_id = company.currency_exchange_journal_id THEN 'exchange'
         WHEN COALESCE(move.origin_payment_id, reversed.origin_payment_id, move.statement_line_id) IS NULL THEN 'entry'
         WHEN line.balance < 0 THEN 'payment'
         ELSE 'repayment'
    END""")
#: the distributor's or payer's reference, else what the item says beyond its document's number
REFERENCE_SQL = SQL("COALESCE(NULLIF(move.ref, ''), NULLIF(line.name, move.name), '')")
#: what these fragments read besides ``line`` (journal items)
DOCUMENT_JOIN = SQL("""
    JOIN account_move move ON move.id = line.move_id
    LEFT JOIN account_move reversed ON reversed.id = move.reversed_entry_id
    JOIN res_company company ON company.id = line.company_id""")
DUE_SQL = SQL("COALESCE(line.date_maturity, line.date)")
#: fields that the statement and the ageing read
READ_FIELDS = {
    "account.move": [
        "name", "ref", "move_type", "journal_id", "origin_payment_id", "statement_line_id", "reversed_entry_id", "commercial_partner_id"
    ],
    "account.move.line": [
        "name", "move_id", "partner_id", "company_id", "account_id", "currency_id", "parent_state", "date", "date_maturity", "balance",
        "amount_currency", "amount_residual",
    ],
    "account.partial.reconcile": ["debit_move_id", "credit_move_id", "amount", "max_date"],
    "account.account": ["account_type"],
    "res.company": ["currency_id", "currency_exchange_journal_id"],
    "res.partner": ["commercial_partner_id"],
}  # fmt: skip


class DmsCreditAccount(models.Model):
    """The statement of account: what the ledger holds on receivable accounts for a distributor and its contacts.

    Read with full rights by SQL: callers check the access to the account first.
    """

    _inherit = "dms.credit.account"

    def _get_statement(self, date_from, date_to):
        """Statements of these accounts over a period, both days included, in a number of queries that does not depend
        on how many accounts there are.

        All amounts are in the account's company currency; debits raise what the distributor owes. The balances are those
        of the ledger: every posted receivable item of the distributor and its contacts, archived ones included, by
        accounting date. ``ageing`` is what was open at the end of ``date_to`` by days past due on that day, later
        payments undone; its five amounts sum to ``closing_balance``.

        :param date date_from: first day
        :param date date_to: last day
        :return: ``{account id: {"account_id", "partner_id", "company_id", "currency_id": int, "date_from", "date_to": date,
            "opening_balance", "debit", "credit", "closing_balance", "overdue_amount": float, "ageing": {bucket: float},
            "lines": [{"line_id", "move_id": int, "date", "date_due": date, "name", "kind", "kind_label", "ref": str,
            "debit", "credit", "balance": float, "currency_id": int or None, "currency": str, "amount_currency": float}]}}``;
            the last three of a line only where the document is in another currency; labels in the environment's language
        :raise UserError: when the period is incomplete or reversed
        """
        self._check_statement_period(date_from, date_to)
        sums = self._fetch_statement_sums(date_from, date_to)
        items = self._fetch_statement_items(date_from, date_to)
        period = {"date_from": date_from, "date_to": date_to}
        return {account.id: {**period, **account._prepare_statement(sums[account.id], items.get(account.id, []))} for account in self}

    def _check_statement_period(self, date_from, date_to):
        if not date_from or not date_to:
            raise UserError(self.env._("Give the first and the last day of the statement."))
        if date_to < date_from:
            raise UserError(self.env._("The statement would end before it begins: swap the first and the last day."))

    def _get_last_month(self):
        """(first, last) day of the month before this one, in the company's time zone: the usual period of a statement."""
        company = self.company_id[:1] or self.env.company
        last = fields.Date.subtract(company._dms_today().replace(day=1), days=1)
        return last.replace(day=1), last

    # ------------------------------------------------------------ plain values

    def _prepare_statement(self, sums, items):
        """One statement from its sums and items; see :meth:`_get_statement`."""
        currency = self.sudo().currency_id  # rounding of the company's currency
        lines, balance = [], sums["opening_balance"]
        for item in items:
            balance = currency.round(balance + item["debit"] - item["credit"]) + 0.0  # no minus zero
            lines.append({**item, "balance": balance})
        return {
            "account_id": self.id,
            "partner_id": self.sudo().partner_id.id,  # the account's own distributor
            "company_id": self.sudo().company_id.id,  # the account's own company
            "currency_id": currency.id,
            "opening_balance": sums["opening_balance"],
            "debit": currency.round(sum(line["debit"] for line in lines)),
            "credit": currency.round(sum(line["credit"] for line in lines)),
            "closing_balance": sums["closing_balance"],
            "overdue_amount": sums["overdue_amount"],
            "ageing": {name: sums[name] for name, _first, _last in BUCKETS},
            "lines": lines,
        }

    def _prepare_statement_item(self, row, labels):
        foreign = row["currency_id"] != row["company_currency_id"]
        return {
            **{name: row[name] for name in ("line_id", "move_id", "date", "date_due", "name", "kind", "ref")},
            "kind_label": labels[row["kind"]],
            "debit": max(float(row["amount"]), 0.0),
            "credit": max(-float(row["amount"]), 0.0),
            "currency_id": row["currency_id"] if foreign else None,
            "currency": row["currency"] if foreign else "",
            "amount_currency": float(row["amount_currency"]) if foreign else 0.0,
        }

    # ------------------------------------------------------------ queries

    def _flush_statement_fields(self):
        for model, names in READ_FIELDS.items():
            self.env[model].flush_model(names)
        self.flush_model(["partner_id", "company_id"])

    def _statement_items_sql(self, columns, condition, joins=None):
        """Posted receivable items of these accounts: ``columns`` of ``line`` and ``owner`` (the account) where ``condition``."""
        return SQL(
            """
            SELECT %s
              FROM dms_credit_account owner
              JOIN res_partner contact ON contact.commercial_partner_id = owner.partner_id
              JOIN account_move_line line ON line.partner_id = contact.id AND line.company_id = owner.company_id
              JOIN account_account ledger ON ledger.id = line.account_id AND ledger.account_type = 'asset_receivable'
              %s
             WHERE owner.id = ANY(%s) AND line.parent_state = 'posted' AND %s
            """,
            columns,
            joins or SQL(),
            self.ids,
            condition,
        )

    def _fetch_statement_items(self, date_from, date_to):
        """``{account id: [item]}`` of the period, by date and document."""
        self._flush_statement_fields()
        columns = SQL(
            """owner.id AS owner_id, line.id AS line_id, line.move_id, line.date, %s AS date_due, COALESCE(move.name, '') AS name,
               %s AS kind, %s AS ref, line.balance AS amount, line.amount_currency, line.currency_id,
               company.currency_id AS company_currency_id, currency.name AS currency""",
            DUE_SQL,
            KIND_SQL,
            REFERENCE_SQL,
        )
        joins = SQL("%s JOIN res_currency currency ON currency.id = line.currency_id", DOCUMENT_JOIN)
        query = self._statement_items_sql(columns, SQL("line.date BETWEEN %s AND %s", date_from, date_to), joins)
        rows = self.env.execute_query_dict(SQL("%s ORDER BY line.date, line.move_id, line.id", query))
        labels = dict(self.env["dms.credit.ageing"]._fields["kind"]._description_selection(self.env))
        items = {}
        for row in rows:
            items.setdefault(row["owner_id"], []).append(self._prepare_statement_item(row, labels))
        return items

    def _fetch_statement_sums(self, date_from, date_to):
        """Balances before the period and at its end, and the ageing on its last day, in company currency.

        An item is open as of the last day by what was matched until then, with items of the same distributor: so the
        buckets sum to the balance of the ledger, also where a distributor's payment was matched with somebody else's invoice.

        :return: ``{account id: {"opening_balance", "closing_balance", "overdue_amount", bucket...: float}}``
        """
        self._flush_statement_fields()
        columns = SQL(
            "owner.id AS owner_id, line.date, %s - %s AS days, line.balance, line.balance - COALESCE((%s), 0) + COALESCE((%s), 0) AS amount",
            date_to,
            DUE_SQL,
            self._matched_sql(SQL("debit_move_id"), SQL("credit_move_id"), date_to),
            self._matched_sql(SQL("credit_move_id"), SQL("debit_move_id"), date_to),
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH item AS MATERIALIZED (%(item)s)
                SELECT owner_id,
                       SUM(balance) FILTER (WHERE date < %(date_from)s) AS opening_balance,
                       SUM(balance) AS closing_balance,
                       SUM(amount) FILTER (WHERE days > 0 AND amount > 0) AS overdue_amount,
                       %(buckets)s
                  FROM item
                 GROUP BY owner_id
                """,
                item=self._statement_items_sql(columns, SQL("line.date <= %s", date_to)),
                date_from=date_from,
                date_to=date_to,
                buckets=self._bucket_columns_sql(SQL("days"), SQL("amount"), aggregate=True),
            )
        )
        found = {row["owner_id"]: row for row in rows}
        names = ("opening_balance", "closing_balance", "overdue_amount", *(bucket for bucket, _first, _last in BUCKETS))
        return {account.id: {name: float(found.get(account.id, {}).get(name) or 0.0) for name in names} for account in self}

    def _matched_sql(self, own, others, date_to):
        """Amount matched with ``line`` until a day, on one side: looked up item by item, because the planner of the
        database knows nothing of how many items a distributor has."""
        return SQL(
            """
            SELECT SUM(part.amount)
              FROM account_partial_reconcile part
              JOIN account_move_line other ON other.id = part.%s AND other.company_id = owner.company_id
              JOIN res_partner whose ON whose.id = other.partner_id AND whose.commercial_partner_id = owner.partner_id
             WHERE part.%s = line.id AND part.max_date <= %s
            """,
            others,
            own,
            date_to,
        )

    def _bucket_columns_sql(self, days, amount, aggregate=False):
        """The five ageing columns from the days past due and the open amount of an item; summed when ``aggregate``."""
        columns = []
        for name, first, last in BUCKETS:
            within = SQL("%s <= %s", days, last) if first is None else SQL("%s >= %s", days, first)
            if first is not None and last is not None:
                within = SQL("%s BETWEEN %s AND %s", days, first, last)
            value = (
                SQL("SUM(%s) FILTER (WHERE %s)", amount, within) if aggregate else SQL("CASE WHEN %s THEN %s ELSE 0 END", within, amount)
            )
            columns.append(SQL("%s AS %s", value, SQL.identifier(name)))
        return SQL(", ").join(columns)
