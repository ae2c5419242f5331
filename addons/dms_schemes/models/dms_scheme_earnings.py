from collections import defaultdict
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..report.earnings_workbook import EarningsWorkbook

#: what a distributor earned, by when it gets it
KINDS = ("on_invoice", "accrued", "settled")
#: documents named in one row
DOCUMENTS = 4
#: rows of a workbook
MAX_ROWS = 5000


class DmsScheme(models.Model):
    """What a distributor earned by schemes: taken off its orders, credited later, and settled; with the documents behind it."""

    _inherit = "dms.scheme"

    # ------------------------------------------------------------ period

    @api.model
    def _get_earnings_presets(self, company):
        """Usual periods: list of ``{"label", "date_from", "date_to"}``; the first is shown when none is asked for."""
        _ = self.env._
        today = company._dms_today()
        month, year = today.replace(day=1), today.replace(month=1, day=1)
        day, one_month = relativedelta(days=1), relativedelta(months=1)
        rows = [
            (_("This year"), year, today),
            (_("This month"), month, today),
            (_("Last month"), month - one_month, month - day),
            (_("Last three months"), month - 2 * one_month, today),
            (_("Last year"), year - relativedelta(years=1), year - day),
        ]
        return [{"label": label, "date_from": first, "date_to": last} for label, first, last in rows]

    @api.model
    def _read_earnings_period(self, company, date_from, date_to):
        """(first, last) day of texts as they came with the request; both empty for the usual period.

        :raise UserError: for anything that is no period
        """
        if not date_from and not date_to:
            usual = self._get_earnings_presets(company)[0]
            return usual["date_from"], usual["date_to"]
        try:
            first, last = date.fromisoformat(date_from), date.fromisoformat(date_to)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Give the first and the last day as year-month-day.")) from error
        if not date(2000, 1, 1) <= first <= last <= date(2100, 1, 1):
            raise UserError(self.env._("The first day lies before the last one, both in this century."))
        return first, last

    def _get_moments(self, company, first, last):
        """The first moment of a day and the first after another, as orders store them."""
        return [company._dms_utc(datetime.combine(day, time.min)) for day in (first, last + relativedelta(days=1))]

    # ------------------------------------------------------------ on invoice

    def _get_earned_domain(self, distributor, company, first, last):
        """Benefits of this distributor's confirmed orders of a period, that reduce the orders themselves."""
        start, end = self._get_moments(company, first, last)
        domain = Domain("distributor_id", "=", distributor.id) & Domain("company_id", "=", company.id)
        domain &= Domain("state", "=", "committed") & Domain("scheme_id.timing", "=", "on_invoice")
        return domain & Domain("order_id.date_order", ">=", start) & Domain("order_id.date_order", "<", end)

    @api.model
    def _get_earned_on_invoice(self, distributor, company, first, last):
        """What schemes took off the orders of a period, less what came back by credit notes.

        :return: ``{"texts": [amount of each currency], "count": int}``
        """
        domain = self._get_earned_domain(distributor, company, first, last)
        aggregates = ["benefit_amount:sum", "returned_amount:sum", "__count"]
        groups = self.env["dms.scheme.application"]._read_group(domain, ["currency_id"], aggregates)
        texts = [currency.format(benefit - returned) for currency, benefit, returned, _count in groups]
        return {"texts": texts or [company.currency_id.format(0)], "count": sum(group[-1] for group in groups)}

    @api.model
    def _get_earned_rows(self, distributor, company, first, last, limit=None, offset=0):
        """Rows of :meth:`_prepare_earnings` of what was taken off orders, the latest first."""
        domain = self._get_earned_domain(distributor, company, first, last)
        found = self.env["dms.scheme.application"].search(domain, order="order_id, id", limit=limit, offset=offset)
        invoices = self._get_order_invoices(found.order_id)
        return [application._prepare_earned_row(invoices) for application in found]

    def _get_order_invoices(self, orders):
        """``{order id: [(invoice id, name)]}`` of posted invoices and credit notes."""
        invoices = defaultdict(list)
        if orders:
            self.env["account.move"].flush_model(["state", "name", "move_type"])
            query = SQL(
                """
                SELECT DISTINCT line.order_id, move.id, move.name
                  FROM sale_order_line line
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
                  JOIN account_move_line item ON item.id = rel.invoice_line_id
                  JOIN account_move move ON move.id = item.move_id
                 WHERE line.order_id = ANY(%s) AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
                 ORDER BY line.order_id, move.id
                """,
                list(orders.ids),
            )
            for order_id, move_id, name in self.env.execute_query(query):
                invoices[order_id].append((move_id, name))
        return invoices

    # ------------------------------------------------------------ later

    @api.model
    def _prepare_portal_earnings(self, distributor, company, first, last):
        """What this distributor earned in a period and is credited later, and what was credited in it.

        :return: ``{"accrued": rows, "settled": rows}``; a row is ``{"date": date, "scheme": str, "text": str, "amount": float,
            "currency": res.currency, "documents": [(label, url)], "state": str}``, the latest first
        """
        accruals = self.env["dms.scheme.accrual"]
        own = Domain("distributor_id", "=", distributor.id) & Domain("company_id", "=", company.id)
        start, end = self._get_moments(company, first, last)
        owed = own & Domain("open_amount", "!=", 0) & Domain("date_from", "<=", last) & Domain("date_to", ">=", first)
        paid = own & Domain("settled_amount", "!=", 0) & Domain("settled_on", ">=", start) & Domain("settled_on", "<", end)
        return {
            "accrued": [row._prepare_accrued_row() for row in accruals.search(owed, order="date_from desc, id desc")],
            "settled": [row._prepare_settled_row() for row in accruals.search(paid, order="settled_on desc, id desc")],
        }

    # ------------------------------------------------------------ page and workbook

    @api.model
    def _prepare_earnings(self, distributor, company, kind, first, last, limit=None, offset=0):
        """What the page of the benefits shows of one kind.

        :return: ``{"totals": {kind: {"texts", "count"}}, "rows": [...], "count": int}``
        """
        later = self._prepare_portal_earnings(distributor, company, first, last)
        totals = {name: self._sum_rows(rows, company) for name, rows in later.items()}
        totals["on_invoice"] = self._get_earned_on_invoice(distributor, company, first, last)
        if kind == "on_invoice":
            rows = self._get_earned_rows(distributor, company, first, last, limit, offset)
        else:
            rows = later[kind][offset : offset + limit if limit else None]
        return {"totals": totals, "rows": [self._prepare_earnings_row(row) for row in rows], "count": totals[kind]["count"]}

    def _sum_rows(self, rows, company):
        sums = defaultdict(float)
        for row in rows:
            sums[row["currency"]] += row["amount"]
        texts = [currency.format(amount) for currency, amount in sums.items()]
        return {"texts": texts or [company.currency_id.format(0)], "count": len(rows)}

    def _prepare_earnings_row(self, row):
        """A row as text."""
        return {
            **row,
            "date": format_date(self.env, row["date"]),
            "amount": row["currency"].format(row["amount"]),
            "currency": row["currency"].name,
        }

    @api.model
    def _render_earnings_xlsx(self, distributor, company, first, last):
        """All that was earned in a period as a spreadsheet.

        :rtype: bytes
        """
        rows = self._prepare_portal_earnings(distributor, company, first, last)
        rows["on_invoice"] = self._get_earned_rows(distributor, company, first, last, MAX_ROWS)
        return EarningsWorkbook(self.env, distributor, company, (first, last), {kind: rows[kind] for kind in KINDS}).render()


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    def _prepare_accrued_row(self):
        """What is owed of one accrual, for :meth:`dms.scheme._prepare_portal_earnings`."""
        _ = self.env._
        states = {"open": _("to be credited"), "claimed": _("being credited"), "settled": _("credited")}
        sources = self.line_ids.move_id.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        return {
            **self._prepare_earnings_values(self.date_from, self.open_amount, states[self.state]),
            "documents": [(move.name, f"/my/dms/invoices/{move.id}/pdf") for move in sources[:DOCUMENTS]],
        }

    def _prepare_settled_row(self):
        """What was credited of one accrual, and by which credit note."""
        day = self.company_id._dms_local(self.settled_on).date()
        note = self.settlement_move_id
        shown = note.state == "posted" and note.move_type == "out_refund"
        return {
            **self._prepare_earnings_values(day, self.settled_amount, self.env._("credited")),
            "documents": [(note.name, f"/my/dms/invoices/{note.id}/pdf")] if shown else [],
        }

    def _prepare_earnings_values(self, day, amount, state):
        _ = self.env._
        first, last, money = format_date(self.env, self.date_from), format_date(self.env, self.date_to), self.currency_id.format
        text = _("%(first)s to %(last)s", first=first, last=last)
        if self.base_amount:
            text = _("%(base)s bought, %(period)s", base=money(self.base_amount), period=text)
        return {"date": day, "scheme": self.scheme_id.name, "text": text, "amount": amount, "currency": self.currency_id, "state": state}


class DmsSchemeApplication(models.Model):
    _inherit = "dms.scheme.application"

    def _prepare_earned_row(self, invoices):
        """One benefit for :meth:`dms.scheme._prepare_earnings`.

        :param dict invoices: of :meth:`dms.scheme._get_order_invoices`
        """
        order = self.order_id
        documents = [(name, f"/my/dms/invoices/{move_id}/pdf") for move_id, name in invoices.get(order.id, ())]
        return {
            "date": self.company_id._dms_local(order.date_order).date(),
            "scheme": self.scheme_id.name,
            "text": self._get_gift_in_words(),
            "amount": self.benefit_amount - self.returned_amount,
            "currency": self.currency_id,
            "documents": [(order.name, f"/my/dms/orders/{order.id}"), *documents],
            "state": self._get_earned_state(),
        }

    def _get_earned_state(self):
        _ = self.env._
        if self.returned_amount:
            return _("partly taken back") if self.returned_amount < self.benefit_amount else _("taken back")
        if not self.consumed_company_amount:
            return _("on order")
        whole = self.company_currency_id.compare_amounts(self.consumed_company_amount, self.benefit_company_amount) >= 0
        return _("invoiced") if whole else _("partly invoiced")
