from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dms_order_hold import ADVICE
from .live_fields import LiveInteger, LiveMonetary

READER = "dms_credit.group_credit_reader"
#: figures of the snapshot that a decision keeps: the terms of the exposure, and what it is held against
SNAPSHOT_TERMS = ("receivable_amount", "open_order_amount", "uninvoiced_amount", "draft_amount")
SNAPSHOT_FIELDS = (*SNAPSHOT_TERMS, "exposure_amount", "limit_amount", "overdue_amount", "overdue_days")


class DmsOrderHold(models.Model):
    """What the workbench of the credit controllers needs of a hold: search by figures, the account, a readable snapshot."""

    _inherit = "dms.order.hold"

    credit_account_id = fields.Many2one("dms.credit.account", compute="_compute_credit_account_id", groups=READER)
    credit_has_limit = fields.Boolean(compute="_compute_credit_account_id", groups=READER)
    credit_over_amount = LiveMonetary(search="_search_credit_over_amount")
    credit_overdue_days = LiveInteger(search="_search_credit_overdue_days")
    credit_advised_amount = LiveMonetary(search="_search_credit_advised_amount")
    credit_advice = fields.Selection(ADVICE, search="_search_credit_advice")
    credit_snapshot_text = fields.Html(
        "Credit at the Decision", compute="_compute_credit_snapshot_text", groups=READER, sanitize=False
    )  # made here, of numbers

    @api.depends("order_id.partner_invoice_id")
    @api.depends_context("uid")
    def _compute_credit_account_id(self):
        for hold in self:
            account = hold.sudo()._get_credit_account() if hold.is_credit_hold else self.env["dms.credit.account"]  # which it is
            hold.credit_account_id = account.with_env(self.env)._filtered_access("read")
            hold.credit_has_limit = account.has_limit

    # ------------------------------------------------------------ search by figures of now

    def _search_credit_over_amount(self, operator, value):
        return self._search_credit_figure("credit_over_amount", operator, value)

    def _search_credit_overdue_days(self, operator, value):
        return self._search_credit_figure("credit_overdue_days", operator, value)

    def _search_credit_advised_amount(self, operator, value):
        return self._search_credit_figure("credit_advised_amount", operator, value)

    def _search_credit_advice(self, operator, value):
        return self._search_credit_figure("credit_advice", operator, value)

    @api.model
    def _search_credit_figure(self, name, operator, value):
        """Open credit holds that the user sees, by a figure that is computed when it is asked for.

        :raise AccessError: for who may not read the figure: what is found would tell it
        """
        self._check_field_access(self._fields[name], "read")
        if operator not in ("in", ">", ">=", "<", "<="):
            return NotImplemented
        waiting = self.env["dms.order.hold"].search(Domain("state", "=", "open") & Domain("is_credit_hold", "=", True))
        return Domain("id", "in", waiting.filtered_domain([(name, operator, value)]).ids)

    # ------------------------------------------------------------ snapshot

    @api.depends("credit_snapshot")
    def _compute_credit_snapshot_text(self):
        for hold in self:
            hold.credit_snapshot_text = hold._format_snapshot() if hold.credit_snapshot else False

    def _format_snapshot(self):
        """The figures on which the hold was decided: how the exposure came about, and what it met."""
        snapshot = self.credit_snapshot
        currency = self.env["res.currency"].search([("name", "=", snapshot.get("currency"))], limit=1) or self.credit_currency_id
        figures = {name: (self._get_figure_label(name), self._format_figure(name, snapshot, currency)) for name in SNAPSHOT_FIELDS}
        figures["added"] = (self.env._("This order"), currency.format(snapshot.get("added") or 0.0))
        rows = [
            self._format_terms([figures[name] for name in SNAPSHOT_TERMS], "+")
            + Markup("<i>=</i>")
            + self._format_terms([figures["exposure_amount"]], ""),
            self._format_terms([figures[name] for name in ("added", "limit_amount", "overdue_amount", "overdue_days")], ""),
        ]
        return Markup('<div class="o_dms_credit_formula">%s</div>') % Markup("").join(
            Markup('<div class="o_dms_credit_row">%s</div>') % row for row in rows
        )

    def _format_terms(self, figures, sign):
        """Labels and amounts side by side with a sign between them."""
        term = Markup('<div class="o_dms_credit_term"><span>%s</span><b>%s</b></div>')
        return (Markup("<i>%s</i>") % sign if sign else Markup("")).join(term % figure for figure in figures)

    def _get_figure_label(self, name):
        return self.env["dms.credit.account"]._fields[name]._description_string(self.env)

    def _format_figure(self, name, snapshot, currency):
        value = snapshot.get(name) or 0
        if name == "overdue_days":
            return str(value)
        if name == "limit_amount" and not snapshot.get("has_limit"):
            return self.env._("No limit")
        return currency.format(value)

    # ------------------------------------------------------------ buttons

    def action_open_credit_account(self):
        """Open the account whose limit is at stake."""
        self.ensure_one()
        self.check_access("read")
        if not self.credit_account_id:
            raise UserError(self.env._("There is no credit account that you may see behind this hold."))
        return self.credit_account_id._action_open_form()
