import logging
import tempfile
import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..workbook import Cover, Words, write_book
from .workbook_scope import Scope

_logger = logging.getLogger(__name__)

#: times a run is begun before it counts as one that brings its process down
ATTEMPTS = 3
#: seconds between two commits of progress
PAUSE = 2.0


class DmsWorkbookRun(models.Model):
    """How files are made."""

    _inherit = "dms.workbook.run"

    @api.model
    def _cron_dms_make(self):
        """Make what waits, and again what was begun by a process that is gone; each file committed."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        waiting = self.search([("state", "in", ("queued", "running"))], order="id")
        time_left = commit_progress(remaining=len(waiting))
        for run in waiting:
            if not time_left:
                return
            run.with_prefetch()._make_alone(commit_progress)
            time_left = commit_progress(1)

    def _make_alone(self, commit_progress):
        """Make a file unless another worker does.

        The lock is that of a transaction of its own, which lasts as long as the work does and ends with its process.
        """
        with self.env.registry.cursor() as guard:
            if self._is_taken(guard):
                return
            commit_progress(0)  # from here on what others did to the run before the lock was had is in sight
            self.invalidate_recordset()
            if self.state in ("queued", "running"):
                self._make(commit_progress)

    def _make(self, commit_progress):
        if not self.user_id.active:
            return self.write({"state": "cancelled", "error": self.env._("Whoever it was for works here no longer.")})
        if self.attempts >= ATTEMPTS:
            message = self.env._(
                "It was begun %(count)s times and never finished. Choose a shorter period or fewer territories.", count=ATTEMPTS
            )
            return self._fail(message)
        self.write({"state": "running", "attempts": self.attempts + 1, "started_on": fields.Datetime.now(), "progress": 0, "rows": 0})
        commit_progress(0)
        try:
            with tempfile.TemporaryFile() as file:
                rows = self._write_file(file, self._show_progress(commit_progress))
                with self.env.cr.savepoint():
                    self._finish(file, rows)
        except UserError as error:
            self._fail(str(error))
        except psycopg2.OperationalError:
            _logger.warning("Workbook %s is made again: the database broke off", self.id, exc_info=True)
            self.state = "queued"
            self.env["sale.order"]._dms_trigger_job("dms_reports.cron_make_workbooks")
        except Exception:
            _logger.exception("Workbook %s of user %s could not be made", self.id, self.user_id.id)
            self._fail(self.env._("Something went wrong while it was made. Try again; if it happens again, the server's log tells why."))
        commit_progress(0)

    def _show_progress(self, commit_progress):
        """A function of the number of rows so far, and of all if known (else 0), that commits them now and then."""
        shown = time.monotonic()

        def show(rows, expected):
            nonlocal shown
            if time.monotonic() - shown >= PAUSE:
                shown = time.monotonic()
                self.write({"rows": rows, "progress": 100.0 * rows / expected if expected else 0.0})
                commit_progress(0)

        return show

    # ------------------------------------------------------------ the file

    def _write_file(self, file, progress=None):
        """Write the file with the rights and in the language of its user, and return the number of its rows.

        Figures are read in one transaction of their own, so they belong together; on the replica where there is one, unless that
        has broken off before.
        """
        replica = bool(config["db_replica_host"]) and self.attempts <= 1
        values = self.read(["kind", "date_from", "date_to", "chosen", "domain"])[0]
        with self.env.registry.cursor(readonly=replica) as cr:
            scope = self._get_scope(cr, values)
            scope.check()
            sheets, message = self._get_sheets(scope, values["kind"])
            cover = self._prepare_cover(scope, values, message)
            show = progress and (lambda rows: progress(rows, scope.expected))
            return write_book(file, cover, sheets, scope.decimals, show)

    def _get_scope(self, cr, values):
        """The scope of the run on a cursor: an environment of its user, with nothing of the context of whoever makes it."""
        user = self.user_id
        companies = (self.company_id & user.company_ids) | user.company_id | user.company_ids
        context = {"lang": user.lang or "en_US", "tz": user.tz, "allowed_company_ids": companies.ids}
        env = api.Environment(cr, user.id, context)
        return Scope(env, values["date_from"], values["date_to"], values["chosen"], values["domain"] or None)

    @api.model
    def _get_sheets(self, scope, code):
        """The sheets of a kind, and a sentence for the cover where there are none.

        :raise UserError: when the kind is unknown, because its module has gone
        """
        builder = scope.env["dms.workbook"]
        kind = builder._get_kind(code)
        if not scope.companies or not scope.env[kind.model].has_access("read"):
            return [], scope.env._("Your access rights show you nothing of this workbook.")
        return getattr(builder, kind.build)(scope), ""

    def _prepare_cover(self, scope, values, message):
        _ = scope.env._
        company = (self.company_id & scope.companies.with_env(self.env)) or self.user_id.company_id
        made = company._dms_local(fields.Datetime.now())
        lines = [
            (_("Workbook"), scope.env["dms.workbook"]._get_kind(values["kind"]).label),
            (_("Company"), ", ".join(scope.companies.mapped("name"))),
            (_("Currency"), ", ".join(scope.companies.currency_id.mapped("name"))),
            (_("Period"), self._get_period() or _("As it is now")),
            *scope.get_choices(),
            *([(_("Further filters"), _("As the list was filtered"))] if values["domain"] else []),
            (_("Made for"), scope.env.user.name),
            (_("Made on"), f"{made:%Y-%m-%d %H:%M} ({company._dms_tz_name()})"),
        ]
        return Cover(self.name, lines, message, company.name, self._get_words(scope.env))

    @api.model
    def _get_words(self, env):
        _ = env._
        return Words(_("Cover"), _("Contents"), _("Sheet"), _("Rows"), _("What it shows"), _("Total"))
