import os

from markupsafe import Markup, escape

from odoo import fields, models

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DmsWorkbookRun(models.Model):
    """How files reach whom they are for."""

    _inherit = "dms.workbook.run"

    def _finish(self, file, rows):
        """Keep the file and tell its user, all in one transaction: what is done was delivered, once."""
        attachment = self._create_attachment(file)
        values = {"state": "done", "progress": 100.0, "rows": rows, "attachment_id": attachment.id, "error": False}
        self.write({**values, "done_on": fields.Datetime.now()})
        if self.due_on:
            self._mail()
        else:
            self._tell(self._get_words_done(), self._get_small_attachments())

    def _create_attachment(self, file):
        file.seek(0, os.SEEK_END)
        file.seek(0)
        owner = self.env["ir.attachment"].with_user(self.user_id).sudo()  # the user's own file, on a record that nobody writes by hand
        return owner.create(
            {"name": self._get_file_name(), "raw": file.read(), "mimetype": MIMETYPE, "res_model": self._name, "res_id": self.id}
        )

    def _get_file_name(self):
        """A name every system takes: words and figures of the workbook's name, and the period."""
        words = "".join(char if char.isalnum() or char in "-_" else " " for char in self.name)
        period = f" {self.date_from} {self.date_to}" if self.date_from and self.date_to else f" {fields.Date.today()}"
        return f"{' '.join(words.split())[:80] or 'Workbook'}{period}.xlsx"

    def _get_small_attachments(self):
        """The file where it is small enough for a mail (parameter ``dms_reports.workbook_mail_mb``)."""
        limit = self._get_limit("workbook_mail_mb") * 1024 * 1024
        return self.attachment_id.filtered(lambda attachment: attachment.file_size <= limit)

    def _get_env(self):
        """The environment for words to the user."""
        return self.with_context(lang=self.user_id.lang or self.env.lang).env

    def _get_link(self):
        return Markup('<a href="%s">%s</a>') % (f"{self.get_base_url()}{self._get_url()}", self.attachment_id.name)

    # ------------------------------------------------------------ asked for

    def _get_words_done(self):
        env = self._get_env()
        return env._("%(workbook)s is done: %(link)s", workbook=escape(self.display_name), link=self._get_link())

    def _tell(self, body, attachments=()):
        """A message to the user, in his inbox or by mail as he has it, and a note on his screen if he is there."""
        self.message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.display_name,
            body=Markup(body),
            attachment_ids=[attachment.id for attachment in attachments],
        )
        self.user_id._bus_send(
            "dms_workbook",
            {
                "title": self.display_name,
                "message": self.error or self._get_env()._("The workbook is done."),
                "type": "danger" if self.error else "success",
                "url": self._get_url() if self.attachment_id else False,
            },
        )

    def _fail(self, message):
        """Keep why there is no file, and tell its user; for a workbook sent on schedule also those who keep it."""
        self.write({"state": "failed", "error": message, "done_on": fields.Datetime.now()})
        words = self._get_env()._("%(workbook)s could not be made: %(reason)s", workbook=escape(self.display_name), reason=escape(message))
        self._tell(words)
        if self.due_on and self.workbook_id:
            self.workbook_id.message_post(
                body=self.env._("The file of %(user)s could not be made: %(reason)s", user=self.user_id.name, reason=message)
            )

    # ------------------------------------------------------------ on schedule

    def _mail(self):
        """A mail with the file, or a link to it where it is too large, from the owner of the workbook."""
        user, workbook = self.user_id, self.workbook_id
        if not user.email:
            self._tell(self._get_words_done(), self._get_small_attachments())
            return
        mails = self.env["mail.mail"].sudo()  # a mail that only the suite's own job makes
        mails.create(
            {
                "subject": self._fill_in(workbook.mail_subject) or self.display_name,
                "body_html": self._prepare_mail_body(),
                "email_from": workbook.user_id.email_formatted or self.env.company.email_formatted,
                "email_to": user.email_formatted,
                "attachment_ids": self._get_small_attachments().ids,
                "auto_delete": True,
            }
        )

    def _prepare_mail_body(self):
        env, workbook = self._get_env(), self.workbook_id
        body = workbook.mail_body and Markup(self._fill_in(workbook.mail_body, escape))
        if not body:
            hello = env._("Hello %(user)s,", user=self.user_id.name)
            words = env._("here is %(workbook)s. It shows what you may see, as of today.", workbook=self.display_name)
            body = Markup("<p>%s</p><p>%s</p>") % (hello, words)
        return body if self._get_small_attachments() else body + Markup("<p>%s</p>") % self._get_link()

    def _fill_in(self, text, quote=str):
        """A text with what its placeholders stand for; nothing in it is computed."""
        values = {"workbook": self.name, "period": self._get_period(), "company": self._get_company_name(), "user": self.user_id.name}
        for name, value in values.items():
            text = (text or "").replace(f"{{{name}}}", str(quote(value)))
        return text

    def _get_company_name(self):
        return (self.company_id or self.user_id.company_id).name
