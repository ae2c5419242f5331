from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity

from .amounts import MAX_AMOUNT

MAX_REASON = 2000


class DmsCreditExtension(models.Model):
    """A distributor's own requests for a temporary limit: the form, and the list with our answers."""

    _inherit = "dms.credit.extension"

    # what staff has planned with a request stays with staff
    activity_exception_decoration = fields.Selection(groups="base.group_user")
    activity_exception_icon = fields.Char(groups="base.group_user")
    activity_type_icon = fields.Char(groups="base.group_user")

    @api.model
    def _get_portal_domain(self, distributor, company):
        """Requests of the distributor, searched with its user's rights: a record rule leaves out what staff asked for."""
        return [("partner_id", "=", distributor.id), ("company_id", "=", company.id)]

    @api.model
    def _request_from_form(self, account, values):
        """A request as a form sent it.

        :param account: ``dms.credit.account`` of the user's own distributor, with full rights
        :param dict values: ``amount``, ``date_from``, ``date_to`` (ISO), ``reason``: text of the form
        :return: the request
        :raise UserError: a sentence for what is no request, or would change nothing
        """
        if not account or not account._may_request_extension():
            raise UserError(self.env._("Your account has no limit that could be raised."))
        first, last = account._read_portal_day(values.get("date_from")), account._read_portal_day(values.get("date_to"))
        if first > account.company_id._dms_today() + relativedelta(years=1):
            raise UserError(self.env._("A temporary limit begins within a year."))
        reason = (values.get("reason") or "").replace("\0", "")[:MAX_REASON]
        return self._request(account, self._read_portal_amount(values.get("amount"), account.currency_id), first, last, reason)

    @api.model
    def _read_portal_amount(self, text, currency):
        """The amount of a form as a number, rounded in ``currency``; ``_request`` bounds it.

        :raise UserError: for what has no reading, or two
        """
        try:
            return currency.round(float(parse_quantity(text or "", MAX_AMOUNT)))
        except IntakeError as error:
            if error.code == "quantity_ambiguous":
                message = self.env._("The amount can be read in two ways: write it without separators, like 1500.00.")
            else:
                message = self.env._("Ask for an amount above zero.")
            raise UserError(message) from error

    # ------------------------------------------------------------ plain values

    def _portal_state(self):
        """(label, tone) of a request in plain words, as of today."""
        _ = self.env._
        if self.state == "approved":
            today = self.company_id._dms_today()
            if today < self.date_from:
                return _("Granted, begins later"), "primary"
            return (_("Granted, valid today"), "success") if today <= self.date_to else (_("Ended"), "neutral")
        return {
            "draft": (_("Waiting for our answer"), "info"),
            "rejected": (_("Not granted"), "danger"),
            "expired": (_("Ended"), "neutral"),
        }[self.state]

    def _get_portal_days(self):
        """``2024-01-01 – 2024-01-31`` in the user's own format."""
        return f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}"

    def _prepare_portal_row(self):
        """One request of the list, with the answer."""
        label, tone = self._portal_state()
        return {
            "amount": self.currency_id.format(self.amount),
            "days": self._get_portal_days(),
            "reason": self.reason,
            "label": label,
            "tone": tone,
            "asked": format_date(self.env, self.create_date),
            "answer": self.decision_note or "" if self.state == "rejected" else "",
            "answered": format_date(self.env, self.decided_on) if self.decided_on else "",
        }

    def _prepare_portal_part(self):
        """A granted temporary limit as a part of the limit."""
        begun = self.date_from <= self.company_id._dms_today()
        detail = self.env._("until %(day)s", day=format_date(self.env, self.date_to)) if begun else self._get_portal_days()
        return {"label": self.env._("Temporary limit"), "detail": detail, "amount": self.currency_id.format(self.amount)}
