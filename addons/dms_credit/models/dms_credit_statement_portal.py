import re
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: first day a statement can begin, and the longest period
FIRST_DAY = date(2000, 1, 1)
MAX_YEARS = 5
#: most rows of a page; the files have all
MAX_ROWS = 500


class DmsCreditAccount(models.Model):
    """The statement of account on the distributor's own page; called with full rights for the account of its user."""

    _inherit = "dms.credit.account"

    def _get_portal_period(self):
        """(first, last) day of the statement that is shown at first: from the beginning of last month to today."""
        return self._get_last_month()[0], self.company_id._dms_today()

    def _get_portal_presets(self):
        """Usual periods to choose from: list of ``{"label": str, "date_from", "date_to": date}``."""
        _ = self.env._
        today = self.company_id._dms_today()
        month, year = today.replace(day=1), today.replace(month=1, day=1)
        rows = [
            (_("This month"), month, today),
            (_("Last month"), *self._get_last_month()),
            (_("Last three months"), month - relativedelta(months=2), today),
            (_("This year"), year, today),
            (_("Last year"), year - relativedelta(years=1), year - relativedelta(days=1)),
        ]
        return [{"label": label, "date_from": first, "date_to": last} for label, first, last in rows]

    def _read_portal_period(self, date_from, date_to):
        """The period of a form as dates.

        :param date_from, date_to: text as it came with the request; both empty for the usual period
        :return: (``date``, ``date``)
        :raise UserError: a sentence for anything that is not a period a statement can be made of
        """
        if not date_from and not date_to:
            return self._get_portal_period()
        first, last = self._read_portal_day(date_from), self._read_portal_day(date_to)
        self._check_statement_period(first, last)
        _ = self.env._
        if first < FIRST_DAY:
            raise UserError(_("Statements begin on %(day)s at the earliest.", day=format_date(self.env, FIRST_DAY)))
        if last > self.company_id._dms_today():
            raise UserError(_("A statement ends today at the latest."))
        if first < last - relativedelta(years=MAX_YEARS):
            raise UserError(_("A statement covers %(years)s years at most: choose a shorter period.", years=MAX_YEARS))
        return first, last

    def _read_portal_day(self, text):
        """An ISO day as ``date``.

        :raise UserError: for anything else
        """
        day = text.strip() if isinstance(text, str) else ""
        try:
            return date.fromisoformat(day if _DAY.fullmatch(day) else "")
        except ValueError as error:
            raise UserError(self.env._("Give the first and the last day as year-month-day.")) from error

    def _prepare_portal_statement(self, date_from, date_to):
        """The statement of a period as the page shows it.

        :return: ``{"first", "last", "opening", "debit", "credit", "closing", "currency": str, "rows": [{"date", "due", "name",
            "kind", "ref", "debit", "credit", "balance", "foreign", "url": str}], "left_out": int, "ageing": dict}``; amounts as text without currency sign
        """
        statement = self._get_statement(date_from, date_to)[self.id]
        lines = statement["lines"]
        return {
            "first": format_date(self.env, date_from),
            "last": format_date(self.env, date_to),
            "currency": self.currency_id.name,
            "opening": self._number(statement["opening_balance"]),
            "debit": self._number(statement["debit"]),
            "credit": self._number(statement["credit"]),
            "closing": self._money(statement["closing_balance"]),
            "rows": [self._prepare_portal_statement_row(line) for line in lines[:MAX_ROWS]],
            "left_out": max(len(lines) - MAX_ROWS, 0),
            "ageing": self._prepare_portal_ageing(statement["ageing"], statement["closing_balance"]),
        }

    def _prepare_portal_statement_row(self, line):
        on_file = line["kind"] in ("invoice", "credit_note")
        foreign = self.env["res.currency"].browse(line["currency_id"] or [])
        return {
            **{name: line[name] for name in ("name", "ref")},
            "kind": line["kind_label"],
            "date": format_date(self.env, line["date"]),
            "due": format_date(self.env, line["date_due"]) if line["kind"] == "invoice" else "",
            "debit": self._number(line["debit"]) if line["debit"] else "",
            "credit": self._number(line["credit"]) if line["credit"] else "",
            "balance": self._number(line["balance"]),
            "foreign": foreign.format(line["amount_currency"]) if foreign else "",
            "url": f"/my/dms/invoices/{line['move_id']}/pdf" if on_file else "",
        }

    def _number(self, amount):
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)
