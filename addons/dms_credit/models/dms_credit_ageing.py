from odoo import fields, models
from odoo.tools import SQL

from .dms_credit_statement import DOCUMENT_JOIN, DUE_SQL, KIND_SQL, KINDS, READ_FIELDS, REFERENCE_SQL

#: bucket and the last day past due it holds
AGES = [("not_due", 0), ("due_30", 30), ("due_60", 60), ("due_90", 90)]


class DmsCreditAgeing(models.Model):
    """Open receivable items of distributors: one row each, with the days past due on the company's own today.

    Amounts are in company currency; credits are negative and stand in the bucket of their own due date, so the five
    buckets of a distributor sum to its receivable.
    """

    _name = "dms.credit.ageing"
    _description = "Receivables Ageing"
    _auto = False
    _rec_name = "name"
    _order = "date_due, id"
    _depends = {
        **READ_FIELDS,
        "res.partner": ["commercial_partner_id", "is_distributor", "distributor_class_id", "territory_id", "user_id"],
        "dms.credit.account": ["partner_id", "company_id"],
    }

    partner_id = fields.Many2one("res.partner", "Distributor", readonly=True)
    account_id = fields.Many2one("dms.credit.account", "Credit Account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    territory_id = fields.Many2one("dms.territory", readonly=True)
    distributor_class_id = fields.Many2one("dms.distributor.class", "Class", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    name = fields.Char("Document", readonly=True)
    ref = fields.Char("Reference", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    bucket = fields.Selection(
        [("not_due", "Not Due"), ("due_30", "1-30 Days"), ("due_60", "31-60 Days"), ("due_90", "61-90 Days"), ("due_over", "Over 90 Days")],
        readonly=True,
    )
    residual_amount = fields.Monetary("Open Amount", readonly=True)
    not_due_amount = fields.Monetary("Not Due", readonly=True)
    due_30_amount = fields.Monetary("1-30", readonly=True)
    due_60_amount = fields.Monetary("31-60", readonly=True)
    due_90_amount = fields.Monetary("61-90", readonly=True)
    due_over_amount = fields.Monetary("Over 90", readonly=True)
    overdue_amount = fields.Monetary("Overdue", readonly=True, help="Past due, without credits.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, contact.commercial_partner_id AS partner_id, owner.id AS account_id, line.company_id, company.currency_id,
                   distributor.territory_id, distributor.distributor_class_id, distributor.user_id, line.move_id, line.id AS move_line_id,
                   %(kind)s AS kind, COALESCE(move.name, '') AS name, %(ref)s AS ref, line.date, %(due)s AS date_due,
                   GREATEST(today.day - %(due)s, 0) AS days_overdue, %(bucket)s AS bucket, line.amount_residual AS residual_amount,
                   CASE WHEN line.amount_residual > 0 AND %(due)s < today.day THEN line.amount_residual ELSE 0 END AS overdue_amount,
                   %(amounts)s
              FROM account_move_line line
              JOIN account_account ledger ON ledger.id = line.account_id AND ledger.account_type = 'asset_receivable'
              JOIN res_partner contact ON contact.id = line.partner_id
              JOIN res_partner distributor ON distributor.id = contact.commercial_partner_id AND distributor.is_distributor
              %(document)s
              JOIN %(today)s ON today.company_id = line.company_id
              LEFT JOIN dms_credit_account owner ON owner.partner_id = distributor.id AND owner.company_id = line.company_id
             WHERE line.parent_state = 'posted' AND line.amount_residual <> 0 AND line.reconciled IS NOT TRUE
            """,
            kind=KIND_SQL,
            ref=REFERENCE_SQL,
            due=DUE_SQL,
            bucket=self._bucket_sql(),
            amounts=self.env["dms.credit.account"]._bucket_columns_sql(SQL("(today.day - %s)", DUE_SQL), SQL("line.amount_residual")),
            document=DOCUMENT_JOIN,
            today=self._today_sql(),
        )

    def _bucket_sql(self):
        cases = [SQL("WHEN today.day - %s <= %s THEN %s", DUE_SQL, last, name) for name, last in AGES]
        return SQL("CASE %s ELSE 'due_over' END", SQL(" ").join(cases))

    def _today_sql(self):
        """The day it is for each company, as a table ``today`` of company and day."""
        companies = self.env["res.company"]._dms_get_all()
        rows = [SQL("(%s, %s::date)", company.id, company._dms_today()) for company in companies]
        return SQL("(VALUES %s) AS today (company_id, day)", SQL(", ").join(rows))

    def action_open_document(self):
        """Open the invoice, credit note, payment or entry behind this item; the reader needs access to it."""
        self.ensure_one()
        self.check_access("read")
        self.move_id.check_access("read")
        return self.move_id.action_open_business_doc()

    def action_statement(self):
        """Open the statement of account of the distributors of these items."""
        self.check_access("read")
        return self.account_id._action_statement()
