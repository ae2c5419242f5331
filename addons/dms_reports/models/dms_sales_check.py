from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .document_sums import BASES

#: rows shown of those that differ
SHOWN = 50


class DmsSalesCheck(models.Model):
    """The tie-out: what facts and documents of a company add up to, basis by basis, and the first rows that differ."""

    _name = "dms.sales.check"
    _description = "Tie-out of Sales Facts"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, id"
    _rec_name = "basis"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(
        [
            ("ordered", "Ordered"),
            ("delivered", "Delivered"),
            ("returned", "Returned"),
            ("invoiced", "Invoiced"),
            ("credited", "Credited"),
            ("net", "Net Sales"),
            ("free", "Free Goods"),
            ("sellout", "Sell-out"),
            ("scheme", "Scheme Cost"),
        ],
        required=True,
        readonly=True,
    )
    fact_amount = fields.Monetary("Facts", readonly=True, help="Sum of the facts, unfolded days included.")
    document_amount = fields.Monetary("Documents", readonly=True, help="The same, added up from the documents and ledgers themselves.")
    difference = fields.Monetary(readonly=True, help="Facts less documents. Facts are rounded once a row: less than that is no difference.")
    fact_qty = fields.Float("Quantity of Facts", readonly=True, digits="Product Unit")
    document_qty = fields.Float("Quantity of Documents", readonly=True, digits="Product Unit")
    checked_on = fields.Datetime(readonly=True)
    line_ids = fields.One2many("dms.sales.check.line", "check_id", "Days That Differ", readonly=True)
    line_count = fields.Integer("Differing Days", readonly=True, help=f"Days of a distributor; the first {SHOWN} are shown.")
    state = fields.Selection([("even", "Even"), ("differs", "Differs")], readonly=True)

    _basis_uniq = models.Constraint("UNIQUE(company_id, basis)", "A company has one tie-out of each kind.")

    def action_check(self):
        """Compare now.

        :raise AccessError: to those who do not manage distribution
        """
        if not self.env.user.has_group("dms_orders.group_dms_manager"):
            raise AccessError(self.env._("Only a manager of distribution compares facts and documents."))
        self.env["dms.sales.check"].sudo()._check(self.env.companies)  # compares all rows, whoever asks
        return self.env["ir.actions.act_window"]._for_xml_id("dms_reports.action_sales_check")

    @api.model
    def _cron_dms_check(self):
        """Nightly: compare, and let the managers know where something differs."""
        checks = self._check(self.env["res.company"].search([("id", "!=", False)]))
        for check in checks:
            check._tell()

    @api.model
    def _check(self, companies):
        """Compare facts and documents of companies; the checks, newly filled."""
        return self.union(*(self._get_or_create(company, basis)._compare() for company in companies for basis in BASES))

    def _get_or_create(self, company, basis):
        values = {"company_id": company.id, "basis": basis}
        return self.search([(name, "=", value) for name, value in values.items()]) or self.create(values)

    def _compare(self):
        query, qty, amount = BASES[self.basis]
        [found] = self.env.execute_query(self._get_comparison_query(query, qty, amount))
        fact_amount, document_amount, fact_qty, document_qty, count, rows = found
        self.line_ids.unlink()
        self.write(
            {
                "fact_amount": fact_amount,
                "document_amount": self.currency_id.round(float(document_amount)),
                "difference": self.currency_id.round(float(fact_amount - document_amount)) if count else 0.0,
                "fact_qty": fact_qty,
                "document_qty": document_qty,
                "checked_on": fields.Datetime.now(),
                "line_count": count,
                "state": "differs" if count else "even",
                "line_ids": [fields.Command.create(row) for row in rows or ()],
            }
        )
        return self

    def _get_comparison_query(self, query, qty, amount):
        """SQL of one row: both sums of amounts and of quantities, how many days differ, and the first of them."""
        return SQL(
            """
            WITH fact AS (
                SELECT distributor_id, date, SUM(%(amount)s) AS amount, SUM(%(qty)s) AS qty, COUNT(*) AS rounded
                  FROM (%(facts)s) f WHERE company_id = %(company)s GROUP BY 1, 2
            ), document AS (
                SELECT distributor_id, date, SUM(amount::numeric) AS amount, SUM(qty::numeric) AS qty FROM (%(documents)s) d GROUP BY 1, 2
            ), pair AS (
                SELECT COALESCE(f.distributor_id, d.distributor_id) AS distributor_id, COALESCE(f.date, d.date) AS date,
                       COALESCE(f.amount, 0) AS fact_amount, COALESCE(d.amount, 0) AS document_amount,
                       COALESCE(f.qty, 0) AS fact_qty, COALESCE(d.qty, 0) AS document_qty, COALESCE(f.rounded, 1) AS rounded
                  FROM fact f FULL JOIN document d ON d.distributor_id = f.distributor_id AND d.date = f.date
            ), differing AS (
                SELECT distributor_id, date, fact_amount, document_amount, fact_qty, document_qty FROM pair
                 WHERE ABS(fact_amount - document_amount) > %(half)s * rounded + 0.000001
                    OR ABS(fact_qty - document_qty) > 0.000001 * rounded + 0.000001
            )
            SELECT COALESCE(SUM(fact_amount), 0), COALESCE(SUM(document_amount), 0), COALESCE(SUM(fact_qty), 0), COALESCE(SUM(document_qty), 0),
                   (SELECT COUNT(*) FROM differing),
                   (SELECT json_agg(row_to_json(d)) FROM (SELECT * FROM differing ORDER BY date DESC, distributor_id LIMIT %(shown)s) d)
              FROM pair
            """,
            amount=SQL.identifier(amount),
            qty=SQL.identifier(qty) if qty else SQL("0"),
            facts=self.env["dms.sales.upkeep"]._get_current_days(),
            company=self.company_id.id,
            documents=SQL(query, company=self.company_id.id, tz=self.company_id._dms_tz_name()),  # pylint: disable=sql-injection
            half=self.currency_id.rounding / 2,
            shown=SHOWN,
        )

    def _tell(self):
        """One activity while something differs, done when nothing does any more."""
        kind = "dms_reports.activity_facts_differ"
        if self.state == "even":
            self.activity_unlink([kind])
        elif not self.activity_search([kind]):
            for user in self.env.ref("dms_orders.group_dms_manager").all_user_ids.filtered(
                lambda user: self.company_id in user.company_ids
            ):
                self.activity_schedule(
                    kind, user_id=user.id, note=self.env._("%(count)s days of facts differ from their documents.", count=self.line_count)
                )


class DmsSalesCheckLine(models.Model):
    """A day of a distributor on which facts and documents differ."""

    _name = "dms.sales.check.line"
    _description = "Day on Which Sales Facts Differ"
    _order = "date desc, id"
    _rec_name = "date"

    check_id = fields.Many2one("dms.sales.check", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="check_id.company_id")
    currency_id = fields.Many2one(related="check_id.currency_id")
    distributor_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    date = fields.Date(readonly=True)
    fact_amount = fields.Monetary("Facts", readonly=True)
    document_amount = fields.Monetary("Documents", readonly=True)
    fact_qty = fields.Float("Quantity of Facts", readonly=True, digits="Product Unit")
    document_qty = fields.Float("Quantity of Documents", readonly=True, digits="Product Unit")

    def action_rebuild(self):
        """Make the facts of this day anew from its documents.

        :raise AccessError: to those who do not manage distribution
        """
        if not self.env.user.has_group("dms_orders.group_dms_manager"):
            raise AccessError(self.env._("Only a manager of distribution makes facts anew."))
        for line in self:
            line.env["dms.sales.fact"].sudo()._rebuild(line.date, line.date, line.distributor_id)  # written by upkeep alone
        return self.check_id.action_check()
