from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every

MODELS = [("dms.return", "Returns"), ("dms.claim", "Claims")]
#: cases escalated in one transaction
BATCH = 50


class DmsServiceLevel(models.Model):
    """How long a stage may take, and who hears of it when it takes longer."""

    _name = "dms.service.level"
    _description = "Service Level of Returns and Claims"
    _inherit = ["dms.finite.numbers", "dms.own.company"]
    _order = "model, sequence, id"
    _rec_name = "stage"

    model = fields.Selection(MODELS, "Applies To", required=True, default="dms.claim")
    stage = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("under_review", "Under Review"),
            ("approved", "Approved"),
            ("received", "Received"),
            ("inspected", "Inspected"),
        ],
        required=True,
        default="submitted",
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Empty for all companies.")
    hours = fields.Float(
        "Working Hours", required=True, default=16.0, help="Counted in the calendar, where there is one; else by the clock."
    )
    calendar_id = fields.Many2one("resource.calendar", "Working Time", help="Empty: the company's own calendar.")
    escalation_user_id = fields.Many2one("res.users", "Escalate To", help="Gets an activity and a mail, once for each stage that is late.")
    active = fields.Boolean(default=True)

    _hours_positive = models.Constraint("CHECK(hours > 0 AND hours <= 8760)", "A service level is more than no time, and at most a year.")
    _one_per_stage = models.UniqueIndex("(model, stage, COALESCE(company_id, 0)) WHERE active", "This stage has a service level already.")

    @api.model
    def _get_level(self, model, stage, company):
        """The level of a stage: the company's own before that of all."""
        levels = self.sudo().search([("model", "=", model), ("stage", "=", stage), ("company_id", "in", [False, company.id])])  # terms
        return levels.sorted(lambda level: not level.company_id)[:1]

    @api.model
    def _get_due(self, model, stage, company, since):
        """When a stage entered at ``since`` (naive UTC) is due, naive UTC; False without a level."""
        level = self._get_level(model, stage, company)
        if not level:
            return False
        calendar = level.calendar_id or company.resource_calendar_id
        due = calendar.plan_hours(level.hours, fields.Datetime.context_timestamp(level.with_context(tz="UTC"), since)) if calendar else None
        return due.replace(tzinfo=None) if due else since + timedelta(hours=level.hours)

    # ------------------------------------------------------------ escalation

    @api.model
    def _cron_dms_escalate(self):
        """Tell of every return and claim whose stage is late, once for each stage; each batch is committed."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        for model, _label in MODELS:
            late = self.env[model].search([("stage_due", "<", fields.Datetime.now()), ("is_escalated", "=", False)], order="stage_due")
            for ids in split_every(BATCH, late.ids):
                self.env[model].browse(ids)._escalate()
                if not commit_progress(len(ids), remaining=len(late) - late.ids.index(ids[-1]) - 1):
                    return
