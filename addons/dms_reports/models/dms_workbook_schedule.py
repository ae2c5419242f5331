from datetime import datetime, time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: when files are made, by the company's clock
MORNING = time(6)


class DmsWorkbook(models.Model):
    """Who gets a workbook by mail, and when."""

    _inherit = "dms.workbook"

    schedule = fields.Selection(
        [("none", "Not Sent"), ("daily", "Every Day"), ("weekly", "Every Week"), ("monthly", "Every Month")],
        default="none",
        required=True,
        tracking=True,
    )
    next_run = fields.Datetime(
        "Next Time",
        compute="_compute_next_run",
        store=True,
        readonly=False,
        copy=False,
        help="When the files are made and mailed next; the ones after that follow at the same time of the day.",
    )
    schedule_day = fields.Integer(
        "Day of the Month",
        compute="_compute_schedule_day",
        store=True,
        readonly=False,
        copy=False,
        help="On which it is sent every month; in a month that has no such day, on its last.",
    )
    recipient_ids = fields.Many2many(
        "res.users",
        string="Recipients",
        domain=[("share", "=", False)],
        help="Each gets a file of his own, made with his own rights: nothing outside his territories.",
    )
    mail_subject = fields.Char("Subject", help="{workbook}, {period} and {company} stand for what they say. Empty for the usual words.")
    mail_body = fields.Html("Text", help="{workbook}, {period} and {user} stand for what they say. Empty for the usual words.")

    @api.depends("schedule", "company_id")
    def _compute_next_run(self):
        for workbook in self:
            workbook.next_run = workbook.schedule != "none" and workbook._get_first_run()

    @api.depends("next_run")
    def _compute_schedule_day(self):
        for workbook in self:
            workbook.schedule_day = workbook._get_clock()._dms_local(workbook.next_run).day if workbook.next_run else 0

    def _get_first_run(self):
        """Tomorrow morning, Monday's, or that of the first of the month."""
        clock = self._get_clock()
        today = clock._dms_today()
        following = {
            "daily": relativedelta(days=1),
            "weekly": relativedelta(days=7 - today.weekday()),
            "monthly": relativedelta(months=1, day=1),
        }
        return clock._dms_utc(datetime.combine(today + following[self.schedule], MORNING))

    _schedule_day = models.Constraint("CHECK(schedule_day BETWEEN 0 AND 31)", "A day of the month is a number from 1 to 31.")

    @api.constrains("schedule", "recipient_ids", "period", "kind", "next_run")
    def _check_schedule(self):
        for workbook in self.filtered(lambda workbook: workbook.schedule != "none"):
            recipients = workbook.with_context(active_test=False).recipient_ids
            if not recipients:
                raise ValidationError(self.env._("Whom shall %(workbook)s be sent to? Choose recipients.", workbook=workbook.name))
            if any(recipients.sudo().mapped("share")):  # whether they are staff, nothing else
                raise ValidationError(self.env._("Workbooks are sent to the company's own staff."))
            if workbook.has_period and workbook.period == "custom":
                raise ValidationError(self.env._("What is sent again and again needs a period that moves, such as the last month."))
            if not workbook.next_run:
                raise ValidationError(self.env._("Say when %(workbook)s is sent next.", workbook=workbook.name))

    # ------------------------------------------------------------ when it is time

    @api.model
    def _cron_dms_queue(self):
        """Queue the files that are due, one workbook in a transaction, and have them made."""
        due = self.search(self._get_due_domain(), order="next_run, id")
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        time_left = commit_progress(remaining=len(due))
        for workbook in due:
            if not time_left:
                return
            workbook = workbook.with_prefetch()
            if workbook.try_lock_for_update():
                workbook._queue_due()
            time_left = commit_progress(1)

    @api.model
    def _get_due_domain(self):
        return Domain("schedule", "!=", "none") & Domain("next_run", "<=", fields.Datetime.now())

    def _queue_due(self):
        """Queue the file of each recipient who still works here, once for the time that has come, and look forward to the next."""
        self.invalidate_recordset(["next_run"])  # another job may have done it before the lock was had
        due_on = self.next_run
        if not due_on or due_on > fields.Datetime.now():
            return
        recipients = self.recipient_ids.filtered(lambda user: user.active and not user.share)
        for user in recipients:
            self._queue(user, due_on)
        if not recipients:
            self.message_post(body=self.env._("Nobody of the recipients works here any more: nothing was sent."))
        self.write({"next_run": self._get_following(due_on), "schedule_day": self.schedule_day})  # the day it was meant for stays

    def _get_following(self, moment):
        """The time after ``moment`` that lies ahead: what was missed meanwhile is not made up for."""
        clock, now, count = self._get_clock(), fields.Datetime.now(), 1
        while (following := clock._dms_utc(self._get_later(clock._dms_local(moment), count))) <= now:
            count += 1
        return following

    def _get_later(self, local, count):
        """So many days, weeks or months after a time by the company's clock, a month later on the day of the schedule."""
        if self.schedule == "monthly":
            return local + relativedelta(months=count, day=self.schedule_day or local.day)
        return local + relativedelta(**{{"daily": "days", "weekly": "weeks"}[self.schedule]: count})
