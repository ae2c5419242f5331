from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [("return", "Return"), ("claim", "Claim"), ("scheme", "Scheme")]


class DmsSettlement(models.Model):
    """What was paid to distributors by credit note: for returns, claims and schemes, and what was taken back of it.

    A row is a posted document; amounts are company currency at the document's own rate, what was taken back is negative.
    """

    _name = "dms.settlement"
    _description = "Settlement"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", "Document", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    distributor_id = fields.Many2one("res.partner", readonly=True)
    territory_id = fields.Many2one(related="distributor_id.territory_id", groups="base.group_user")
    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    return_id = fields.Many2one("dms.return", readonly=True)
    claim_id = fields.Many2one("dms.claim", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_untaxed = fields.Monetary("Untaxed", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    amount_open = fields.Monetary("Still Open", readonly=True, help="Not yet used to pay invoices, or paid out.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT move.id, move.id AS move_id, move.company_id, move.commercial_partner_id AS distributor_id, move.invoice_date AS date,
                   CASE WHEN move.dms_return_id IS NOT NULL THEN 'return' WHEN move.dms_claim_id IS NOT NULL THEN 'claim' ELSE 'scheme' END AS kind,
                   move.dms_return_id AS return_id, move.dms_claim_id AS claim_id,
                   -move.amount_untaxed_signed AS amount_untaxed, -move.amount_total_signed AS amount_total,
                   -move.amount_residual_signed AS amount_open
              FROM account_move move
             WHERE move.state = 'posted' AND (
                   move.dms_return_id IS NOT NULL OR move.dms_claim_id IS NOT NULL
                   OR move.move_type = 'out_refund' AND move.id IN (SELECT move_id FROM account_move_line WHERE scheme_accrual_id IS NOT NULL))
            """
        )

    # ------------------------------------------------------------ statement of a month

    @api.model
    def _read_month(self, text):
        """First day of a month given as ``2026-01``; a month that is none gives None."""
        try:
            return fields.Date.to_date(f"{text}-01") if isinstance(text, str) and len(text) == 7 else None
        except ValueError:
            return None

    @api.model
    def _get_month(self, distributor, company, month):
        """Settlements of a distributor in a month, oldest first, with full rights; callers check the distributor.

        :param month: its first day
        """
        settlements = self.sudo()  # documents of the distributor that the caller has checked
        last = month + relativedelta(day=31)
        domain = [("distributor_id", "=", distributor.id), ("company_id", "=", company.id), ("date", ">=", month), ("date", "<=", last)]
        return settlements.search(domain, order="date, id")

    def _prepare_statement_row(self):
        """One document as the distributor reads it; plain values."""
        case = self.return_id or self.claim_id
        return {
            "date": self.date,
            "number": self.move_id.name,
            "kind": dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            "case": case.name or self.move_id.invoice_origin or "",
            "untaxed": self.amount_untaxed,
            "tax": self.amount_total - self.amount_untaxed,
            "total": self.amount_total,
            "open": self.amount_open,
        }

    @api.model
    def _prepare_statement(self, distributor, company, month):
        """The statement of a month: ``{"rows": [see above], "totals": the same sums by name}``."""
        tongue = self.with_context(lang=distributor.lang or self.env.lang)
        rows = [row._prepare_statement_row() for row in tongue._get_month(distributor, company, month)]
        totals = {name: company.currency_id.round(sum(row[name] for row in rows)) for name in ("untaxed", "tax", "total", "open")}
        return {"rows": rows, "totals": totals}

    @api.model
    def _render_statement(self, distributor, company, month):
        """The statement of a month as PDF; callers check the distributor.

        :rtype: bytes
        """
        report = self.env["ir.actions.report"].sudo().with_company(company)  # of a distributor that the caller has checked
        data = {"month": f"{month:%Y-%m}", "company_id": company.id}
        return report._render_qweb_pdf("dms_returns.action_report_settlement", distributor.ids, data=data)[0]


class SettlementReport(models.AbstractModel):
    """Values of the printed statement. Its address can be called by every user with any argument: access is checked here."""

    _name = "report.dms_returns.report_settlement"
    _description = "Statement of Settlements"

    @api.model
    def _get_report_values(self, docids, data=None):
        distributors = self.env["res.partner"].browse(docids).exists()
        distributors.check_access("read")
        self.env["dms.settlement"].check_access("read")
        data = data or {}
        month = self.env["dms.settlement"]._read_month(data.get("month"))
        company = self.env.company if data.get("company_id") in (None, self.env.company.id) else self.env["res.company"]
        if not month or not company:
            raise UserError(self.env._("Choose a month, such as 2026-01."))
        pages = [self._prepare_page(distributor, company, month) for distributor in distributors]
        return {"doc_ids": distributors.ids, "doc_model": distributors._name, "pages": pages}

    def _prepare_page(self, distributor, company, month):
        distributor = distributor.sudo()  # a partner the user may read: name and address
        return {
            "partner": distributor,
            "company": company.sudo(),  # its own letterhead
            "lang": distributor.lang or self.env.lang,
            "month": month,
            "printed_on": company._dms_today(),
            **self.env["dms.settlement"]._prepare_statement(distributor, company, month),
        }
