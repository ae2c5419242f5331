import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .workbook_scope import CHOICES

#: states in which a file is still to come
WAITING = ("queued", "running")
#: limits that the settings keep as system parameters ``dms_reports.…``, and what they are without
LIMITS = {"workbook_days": 30, "workbook_mail_mb": 10}


class DmsWorkbookRun(models.Model):
    """One file for one user: asked for, made in the background, kept for a while.

    What it is made of is fixed when it is queued. How it is made stands in ``dms_workbook_make.py``, how it reaches its user in
    ``dms_workbook_deliver.py``.
    """

    _name = "dms.workbook.run"
    _description = "Workbook File"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char("Workbook", required=True, readonly=True)
    workbook_id = fields.Many2one("dms.workbook", "Definition", readonly=True, index="btree_not_null", ondelete="set null")
    kind = fields.Char("Kind Code", readonly=True, required=True)
    kind_name = fields.Char("Kind", compute="_compute_kind_name")
    user_id = fields.Many2one("res.users", "For", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    chosen = fields.Json(readonly=True, help="What it is narrowed to.")
    domain = fields.Json(readonly=True, help="Conditions that came from a list.")
    due_on = fields.Datetime("Scheduled For", readonly=True)
    fingerprint = fields.Char(readonly=True, required=True)

    state = fields.Selection(
        [("queued", "Waiting"), ("running", "Being Made"), ("done", "Done"), ("failed", "Failed"), ("cancelled", "Cancelled")],
        "Status",
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    attempts = fields.Integer(readonly=True)
    progress = fields.Float(readonly=True, aggregator=None, help="Of the rows, where their number is known before they are written.")
    rows = fields.Integer(readonly=True, help="Written so far.")
    started_on = fields.Datetime("Started", readonly=True)
    done_on = fields.Datetime("Done", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, ondelete="set null")
    file_size = fields.Integer(related="attachment_id.file_size")
    error = fields.Char("What Went Wrong", readonly=True)

    _waiting = models.UniqueIndex(
        "(user_id, fingerprint) WHERE state IN ('queued', 'running')", "This workbook is being made already: you will hear when it is done."
    )
    _due = models.UniqueIndex("(workbook_id, user_id, due_on) WHERE due_on IS NOT NULL", "This workbook was queued already.")

    @api.depends("kind")
    def _compute_kind_name(self):
        kinds = self.env["dms.workbook"]._get_kinds()
        for run in self:
            run.kind_name = kinds[run.kind].label if run.kind in kinds else run.kind

    @api.depends("name", "date_from", "date_to")
    def _compute_display_name(self):
        for run in self:
            period = run._get_period()
            run.display_name = f"{run.name}, {period}" if period else run.name

    def _get_period(self):
        """The period in words, empty for none."""
        return f"{self.date_from} – {self.date_to}" if self.date_from and self.date_to else ""

    # ------------------------------------------------------------ queue

    @api.model
    def _queue(self, user, values, chosen=None, domain=None):
        """The run that makes a file for ``user``: the one that waits already, or a new one.

        :param values: of the run
        :param chosen: ``{field of CHOICES: ids}``
        :param domain: further conditions, a list that JSON can keep; already checked with the user's rights
        :raise UserError: for an unknown kind
        """
        self.env["dms.workbook"]._get_kind(values["kind"])
        chosen = {name: sorted(chosen[name]) for name in CHOICES if (chosen or {}).get(name)}
        fingerprint = self._get_fingerprint({**values, "chosen": chosen, "domain": domain})
        runs = self.sudo()  # files are queued here alone, for whom the caller has checked
        if values.get("due_on"):
            same = Domain([("workbook_id", "=", values["workbook_id"]), ("due_on", "=", values["due_on"])])
        else:
            same = Domain([("fingerprint", "=", fingerprint), ("state", "in", WAITING)])
        run = runs.search(same & Domain("user_id", "=", user.id), limit=1)
        if not run:
            run = runs.create({**values, "user_id": user.id, "chosen": chosen, "domain": domain or False, "fingerprint": fingerprint})
            self.env["sale.order"]._dms_trigger_job("dms_reports.cron_make_workbooks")
        return run.sudo(False)

    @api.model
    def _get_fingerprint(self, values):
        """What two runs have in common that would make the same file."""
        text = json.dumps(values, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _notify_queued(self):
        """The action that tells the user, who asked for these files, that they are being made."""
        message = self.env._("It is made in the background. You get it as soon as it is done.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "title": ", ".join(self.mapped("display_name")), "message": message},
        }

    # ------------------------------------------------------------ buttons

    def action_download(self):
        """Download the file of this run, which is the user's own."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("There is no file: it is not made yet, it failed, or it was removed after its time."))
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "download"}

    def _get_url(self):
        return f"/web/content/{self.attachment_id.id}?download=true"

    def action_cancel(self):
        """Do not make what still waits."""
        waiting = self._get_own().filtered(lambda run: run.state == "queued")
        if waiting.try_lock_for_update() != waiting:
            raise UserError(self.env._("It is being made right now: there is nothing to cancel any more."))
        waiting.state = "cancelled"
        return True

    def action_retry(self):
        """Make what failed or was cancelled once more."""
        again = self._get_own().filtered(lambda run: run.state in ("failed", "cancelled"))
        for run in again:
            if self.sudo().search_count(
                [("user_id", "=", run.user_id.id), ("fingerprint", "=", run.fingerprint), ("state", "in", WAITING)]
            ):
                raise UserError(self.env._("%(workbook)s is being made already.", workbook=run.display_name))
            run.write({"state": "queued", "attempts": 0, "error": False, "progress": 0, "rows": 0})
        self.env["sale.order"]._dms_trigger_job("dms_reports.cron_make_workbooks")
        return True

    def _get_own(self):
        """These runs with the rights to change their state; they are the user's own."""
        self.check_access("read")
        if any(run.user_id != self.env.user for run in self):
            raise AccessError(self.env._("Only whoever a file is for decides about it."))
        return self.sudo()  # the user's own runs, which nobody writes by hand

    # ------------------------------------------------------------ removal

    @api.autovacuum
    def _gc_files(self):
        """Remove runs and their files after some days (parameter ``dms_reports.workbook_days``; 0 keeps them)."""
        days = self._get_limit("workbook_days")
        if not days:
            return 0, False
        before = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        old = self.search([("create_date", "<", before), ("state", "not in", WAITING)], limit=500)
        old.attachment_id.unlink()
        old.unlink()
        return len(old), len(old) == 500

    @api.model
    def _get_limit(self, name):
        """One of :data:`LIMITS`: what the settings say, if that makes sense."""
        text = self.env["ir.config_parameter"].sudo().get_param(f"dms_reports.{name}")  # a limit, no secret
        return int(text) if text and str(text).isdecimal() else LIMITS[name]

    def _is_taken(self, cr):
        """Whether another worker makes this run; if not, nobody else does until the transaction of ``cr`` ends."""
        cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtext('dms.workbook.run'), %s)", self.id))
        return not cr.fetchone()[0]
