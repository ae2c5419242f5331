from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.dms_credit_position import BUCKETS
from .statement_workbook import StatementWorkbook

REPORT = "dms_credit.action_report_statement"
#: more items than this would take the printer of pages minutes
MAX_PDF_LINES = 5000
#: rows of items that fit on the first sheet, below the letterhead, and on the others, with room to spare
FIRST_SHEET, NEXT_SHEET = 34, 52


class DmsCreditAccount(models.Model):
    """The statement of account as a document to send out."""

    _inherit = "dms.credit.account"

    def _render_statement_pdf(self, date_from, date_to):
        """The statement of one account as PDF, in the distributor's language; callers check the access to the account.

        :rtype: bytes
        :raise UserError: for a reversed period, or one with more items than a PDF can hold
        """
        self.ensure_one()
        self._check_statement_period(date_from, date_to)
        data = {"date_from": fields.Date.to_string(date_from), "date_to": fields.Date.to_string(date_to)}
        report = self.env["ir.actions.report"].sudo()  # the account was checked by the caller; the page reads its company and partner
        return report._render_qweb_pdf(REPORT, self.ids, data=data)[0]

    def _render_statement_xlsx(self, date_from, date_to):
        """The statement of one account as XLSX, in the distributor's language; callers check the access to the account.

        :rtype: bytes
        :raise UserError: for a reversed period
        """
        self.ensure_one()
        account = self._in_distributor_language()
        return StatementWorkbook(account.env, account, account._get_statement(date_from, date_to)[account.id]).render()

    def _in_distributor_language(self):
        """The account with full rights, in the language its distributor reads."""
        account = self.sudo()  # an account the caller has checked
        return account.with_context(lang=account.partner_id.lang or self.env.lang or self.env.user.lang or "en_US")

    def _get_statement_filename(self, date_to, extension):
        """``Statement-D0012-2024-01-31.pdf``; letters, digits and dashes only."""
        partner = self.sudo().partner_id  # the account's own distributor
        key = "".join(char for char in partner.distributor_code or "" if char.isalnum() or char in "-_") or str(partner.id)
        return f"Statement-{key}-{date_to}.{extension}"

    @api.model
    def _get_bucket_labels(self, env):
        """``{bucket field: label}`` as the distributor reads them."""
        return {
            "not_due_amount": env._("Not due"),
            "due_30_amount": env._("1-30 days"),
            "due_60_amount": env._("31-60 days"),
            "due_90_amount": env._("61-90 days"),
            "due_over_amount": env._("Over 90 days"),
        }


class StatementReport(models.AbstractModel):
    """Values of the printed statement. Its address can be called by every user with any argument: access is checked here."""

    _name = "report.dms_credit.report_statement"
    _description = "Statement of Account"

    @api.model
    def _get_report_values(self, docids, data=None):
        accounts = self.env["dms.credit.account"].browse(docids).exists()
        accounts.check_access("read")
        date_from, date_to = self._get_period(accounts, data or {})
        return {
            "doc_ids": accounts.ids,
            "doc_model": accounts._name,
            "pages": [self._prepare_page(account._in_distributor_language(), date_from, date_to) for account in accounts],
        }

    def _get_period(self, accounts, data):
        """Days of the request, else last month."""
        if not data.get("date_from") and not data.get("date_to"):
            return accounts._get_last_month()
        try:
            days = [fields.Date.to_date(data.get(name)) for name in ("date_from", "date_to")]
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise UserError(self.env._("The period is not made of two days.")) from error
        accounts._check_statement_period(*days)
        return days

    def _prepare_page(self, account, date_from, date_to):
        """What the template shows of one account."""
        statement = account._get_statement(date_from, date_to)[account.id]
        if len(statement["lines"]) > MAX_PDF_LINES:
            message = account.env._(
                "The statement has %(count)s items, a PDF holds %(most)s: choose a shorter period, or a spreadsheet.",
                count=len(statement["lines"]),
                most=MAX_PDF_LINES,
            )
            raise UserError(message)
        labels = self.env["dms.credit.account"]._get_bucket_labels(account.env)
        return {
            "account": account,
            "company": account.company_id,
            "partner": account.partner_id,
            "lang": account.env.lang,
            "statement": statement,
            "ageing": [(labels[name], statement["ageing"][name]) for name, _first, _last in BUCKETS],
            "sheets": self._get_sheets(statement),
            "printed_on": account.company_id._dms_today(),
        }

    def _get_sheets(self, statement):
        """The items as they are laid out: ``[{"balance": brought forward, "lines": [item]}]``, at least one."""
        lines, sheets = statement["lines"], [{"balance": statement["opening_balance"], "lines": statement["lines"][:FIRST_SHEET]}]
        for start in range(FIRST_SHEET, len(lines), NEXT_SHEET):
            sheets.append({"balance": lines[start - 1]["balance"], "lines": lines[start : start + NEXT_SHEET]})
        return sheets
