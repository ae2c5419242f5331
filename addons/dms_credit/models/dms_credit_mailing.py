from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

#: what a controller fills in while the mailing is a draft
EDITABLE_FIELDS = {"company_id", "date_from", "date_to", "territory_ids", "class_ids", "only_with_balance", "only_overdue"}
#: what follows from the buttons
PROTECTED_FIELDS = {"name", "state", "user_id", "line_ids"}
LINE_STATES = [("queued", "Queued"), ("sent", "Sent"), ("skipped", "Skipped"), ("failed", "Failed")]


class DmsCreditMailing(models.Model):
    """Statements of one period mailed to many distributors, one mail after the other in the background."""

    _name = "dms.credit.mailing"
    _description = "Mailing of Statements"
    _inherit = ["mail.thread", "dms.own.company"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, copy=False)
    date_from = fields.Date("From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._default_period()[1])
    state = fields.Selection(
        [("draft", "Draft"), ("sending", "Sending"), ("done", "Done"), ("cancelled", "Cancelled")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    territory_ids = fields.Many2many("dms.territory", string="Territories", help="With all below them; empty for all.")
    class_ids = fields.Many2many("dms.distributor.class", string="Classes", help="Empty for all.")
    only_with_balance = fields.Boolean(default=True, help="Leave out who owes nothing and is owed nothing on the last day.")
    only_overdue = fields.Boolean(help="Only to those with items past due on the last day.")
    line_ids = fields.One2many("dms.credit.mailing.line", "mailing_id", "Distributors", readonly=True, copy=False)
    line_count = fields.Integer("Distributors Count", compute="_compute_counts")
    queued_count = fields.Integer("Queued", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    skipped_count = fields.Integer("Skipped", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", aggregator=None)

    _period = models.Constraint("CHECK(date_from <= date_to)", "The statement would end before it begins: swap the first and the last day.")

    @api.model
    def _default_period(self):
        return self.env["dms.credit.account"]._get_last_month()

    @api.depends("line_ids.state")
    def _compute_counts(self):
        rows = self.env["dms.credit.mailing.line"]._read_group([("mailing_id", "in", self.ids)], ["mailing_id", "state"], ["__count"])
        counts = {(mailing.id, state): count for mailing, state, count in rows}
        for mailing in self:
            by_state = {state: counts.get((mailing._origin.id, state), 0) for state, _label in LINE_STATES}
            total = sum(by_state.values())
            mailing.line_count = total
            for state, count in by_state.items():
                mailing[f"{state}_count"] = count
            mailing.progress = 100.0 * (total - by_state["queued"]) / total if total else 0.0

    # ------------------------------------------------------------ who keeps it

    @api.model_create_multi
    def create(self, vals_list):
        self._check_controller()
        self._check_editable({name for vals in vals_list for name in vals})
        fixed = {"state": "draft", "user_id": self.env.uid, "line_ids": []}
        return super().create([{**fixed, **vals, "name": self._next_number(vals)} for vals in vals_list])

    def write(self, vals):
        self._check_editable(vals.keys())
        if EDITABLE_FIELDS & vals.keys() and any(mailing.state != "draft" for mailing in self):
            raise UserError(self.env._("The mailing has left the draft: make a new one."))
        return super().write(vals)

    @api.model
    def _next_number(self, vals):
        sequence = self.env["ir.sequence"].sudo()  # the number only
        if vals.get("company_id"):
            sequence = sequence.with_company(vals["company_id"])
        return sequence.next_by_code("dms.credit.mailing")

    @api.model
    def _check_controller(self):
        if not self.env.su and not self.env.user.has_group("dms_credit.group_credit_controller"):
            raise AccessError(self.env._("Statements are mailed by the credit controllers."))

    @api.model
    def _check_editable(self, names):
        """Refuse what nobody fills in by hand."""
        if not self.env.su and PROTECTED_FIELDS & set(names):
            raise AccessError(self.env._("Number, status and lines of a mailing follow from its buttons."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(mailing.state != "draft" for mailing in self):
            raise UserError(self.env._("A mailing that was started is kept. Cancel it to stop what is not sent yet."))

    # ------------------------------------------------------------ buttons

    def action_fill(self):
        """Find the distributors whom the mailing is meant for; takes the place of those found before."""
        self._check_controller()
        self.check_access("write")
        for mailing in self:
            if mailing.state != "draft":
                raise UserError(self.env._("The mailing has left the draft: make a new one."))
            accounts = mailing._find_accounts()
            if not accounts:
                raise UserError(self.env._("No distributor meets the conditions of this mailing."))
            lines = mailing._prepare_lines(accounts)
            mailing.sudo().line_ids = [Command.clear(), *lines]  # rows that only the mailing writes
        return True

    def action_send(self):
        """Send the statements in the background, from now on. A mailing that is being sent, or was, is left alone."""
        self._check_controller()
        self.check_access("write")
        for mailing in self.filtered(lambda mailing: mailing.state == "draft"):
            if not mailing.line_ids:
                mailing.action_fill()
            mailing._start()
        return True

    def action_cancel(self):
        """Leave out what is not sent yet."""
        self._check_controller()
        self.check_access("write")
        mailings = self.sudo().filtered(lambda mailing: mailing.state in ("draft", "sending"))  # rows that only the mailing writes
        waiting = mailings.line_ids.filtered(lambda line: line.state == "queued")
        waiting.write({"state": "skipped", "reason": self.env._("The mailing was cancelled.")})
        mailings.state = "cancelled"
        return True

    def action_retry(self):
        """Queue the statements that failed once more; mails of theirs that are still waiting are taken back first."""
        self._check_controller()
        self.check_access("write")
        for mailing in self.sudo():  # rows that only the mailing writes
            failed = mailing.line_ids.filtered(lambda line: line.state == "failed")
            if mailing.state not in ("sending", "done") or not failed:
                raise UserError(self.env._("No statement of this mailing has failed."))
            failed._take_back_mails()
            failed.write({"state": "queued", "reason": False, "message_id": False})
            mailing._start()
        return True

    def action_view_lines(self):
        """Open the lines, those of one state when the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_credit.action_credit_mailing_line")
        return {**action, "domain": [("mailing_id", "=", self.id)]}

    # ------------------------------------------------------------ whom it is meant for

    def _find_accounts(self):
        """Accounts that meet the conditions, as far as the user sees them."""
        accounts = self.env["dms.credit.account"].search(self._get_accounts_domain())
        if not (self.only_with_balance or self.only_overdue):
            return accounts
        sums = accounts._fetch_statement_sums(self.date_from, self.date_to)
        return accounts.filtered(lambda account: self._is_meant_for(sums[account.id]))

    def _is_meant_for(self, sums):
        if self.only_overdue and sums["overdue_amount"] <= 0:
            return False
        return not self.only_with_balance or not self.company_id.currency_id.is_zero(sums["closing_balance"])

    def _get_accounts_domain(self):
        """Conditions on stored fields of the account."""
        domain = Domain("company_id", "=", self.company_id.id)
        if self.territory_ids:
            domain &= Domain("territory_id", "child_of", self.territory_ids.ids)
        if self.class_ids:
            domain &= Domain("distributor_class_id", "in", self.class_ids.ids)
        return domain

    @api.model
    def _create_for(self, accounts, date_from, date_to):
        """Mailings, one for each company, of these very accounts, which the caller has checked."""
        self._check_controller()
        mailings = self.browse()
        for company, batch in accounts.grouped("company_id").items():
            mailing = self.create({"company_id": company.id, "date_from": date_from, "date_to": date_to})
            mailing.sudo().line_ids = mailing._prepare_lines(batch)  # rows that only the mailing writes
            mailings |= mailing
        return mailings

    def _prepare_lines(self, accounts):
        """Commands that make a line for each account, with the figures as they are now."""
        sums = accounts._fetch_statement_sums(self.date_from, self.date_to)
        names = ("closing_balance", "overdue_amount")
        return [Command.create({"account_id": account.id, **{name: sums[account.id][name] for name in names}}) for account in accounts]

    # ------------------------------------------------------------ sending

    def _start(self):
        self.sudo().state = "sending"  # follows from the button, whose group was checked
        cron = self.env.ref("dms_credit.cron_send_statements", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # the suite's own job

    @api.model
    def _cron_send(self):
        """Send what is queued, each statement in a transaction of its own; what is left when the time is over is sent by
        the next run. A line is marked in the transaction that makes its mail, so it is sent once whatever is repeated."""
        waiting = self.env["dms.credit.mailing.line"].search(
            [("state", "=", "queued"), ("mailing_id.state", "=", "sending")], order="mailing_id, id"
        )
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        time_left = commit_progress(remaining=len(waiting))
        for line in waiting:
            if not time_left:
                return
            line = line.with_prefetch()
            if line.try_lock_for_update():
                line._send()
            time_left = commit_progress(1)
            line._follow_mail()
        self.search([("state", "=", "sending")])._finish()

    def _finish(self):
        """Close the mailings that have nothing left to send."""
        self.filtered(lambda mailing: not mailing.queued_count).state = "done"
