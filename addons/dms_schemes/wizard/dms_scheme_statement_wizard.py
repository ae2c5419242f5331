import base64

from odoo import fields, models
from odoo.exceptions import UserError

TEMPLATE = "dms_schemes.mail_template_scheme_statement"


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    def action_statement_xlsx(self):
        """Download the statement as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        name = self._get_statement_filename("xlsx")
        content = base64.b64encode(self._render_statement_xlsx())
        file = self.env["dms.scheme.statement.file"].create({"file": content, "file_name": name})
        url = f"/web/content/{file._name}/{file.id}/file/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_send_statement(self):
        """Open a mail to the distributor, in its language, with the statement."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("dms_schemes.group_scheme_manager"):
            raise UserError(self.env._("Statements of schemes are mailed by scheme managers."))
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        context = {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_template_id": template.id if template else False,
            "default_composition_mode": "comment",
            "default_email_layout_xmlid": "mail.mail_notification_light",
            "force_email": True,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Statement"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }


class DmsSchemeStatementFile(models.TransientModel):
    """A spreadsheet on its way to who asked for it."""

    _name = "dms.scheme.statement.file"
    _description = "Statement of a Scheme as Spreadsheet"

    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)
