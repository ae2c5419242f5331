import base64
import io
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: most statements in one download: pages take two seconds each
MOST = {"pdf": 25, "xlsx": 500}


class DmsCreditAccount(models.Model):
    _inherit = "dms.credit.account"

    def _action_statement(self):
        """Action that opens the form for statements of these accounts."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Account"),
            "res_model": "dms.credit.statement.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_ids": self.ids},
        }

    def action_statement(self):
        """Open the form for statements of these accounts."""
        self.check_access("read")
        return self._action_statement()


class DmsCreditStatementWizard(models.TransientModel):
    """Statements of one or several accounts, to download or to mail."""

    _name = "dms.credit.statement.wizard"
    _description = "Statement of Account"

    account_ids = fields.Many2many("dms.credit.account", string="Accounts", required=True, default=lambda self: self._default_account_ids())
    date_from = fields.Date("From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._default_period()[1])
    file_format = fields.Selection([("pdf", "PDF"), ("xlsx", "Spreadsheet (XLSX)")], "Format", required=True, default="pdf")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.model
    def _default_account_ids(self):
        """The accounts behind the selected records; the user's own access decides which of them there are."""
        domain = self._get_active_domain(self.env.context.get("active_model"), self.env.context.get("active_ids"))
        return self.env["dms.credit.account"].search(domain)

    @api.model
    def _get_active_domain(self, model, ids):
        ids = [record_id for record_id in ids or [] if isinstance(record_id, int)]
        if model == "dms.credit.account":
            return Domain("id", "in", ids)
        if model == "res.partner":
            return Domain("partner_id.child_ids", "in", ids) | Domain("partner_id", "in", ids)
        return Domain.FALSE

    @api.model
    def _default_period(self):
        return self.env["dms.credit.account"]._get_last_month()

    def action_download(self):
        """Download the statement, or an archive of several."""
        self.ensure_one()
        accounts = self._get_accounts()
        if len(accounts) > MOST[self.file_format]:
            message = self.env._("%(most)s statements can be downloaded at once: choose fewer, or mail them.", most=MOST[self.file_format])
            raise UserError(message)
        files = [self._render(account) for account in accounts]
        name, content = files[0] if len(files) == 1 else self._pack(files)
        self.write({"file": base64.b64encode(content), "file_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
            "target": "download",
            "close": True,
        }

    def action_mail(self):
        """Mail each statement to the invoice contact of its distributor, one after the other in the background."""
        self.ensure_one()
        mailings = self.env["dms.credit.mailing"]._create_for(self._get_accounts(), self.date_from, self.date_to)
        mailings.action_send()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_credit.action_credit_mailing")
        if len(mailings) > 1:
            return {**action, "domain": [("id", "in", mailings.ids)]}
        return {**action, "views": [(False, "form")], "res_id": mailings.id}

    def _get_accounts(self):
        """The accounts chosen, each of which the user may read."""
        if not self.account_ids:
            raise UserError(self.env._("Choose the accounts whose statement you want."))
        self.account_ids.check_access("read")
        self.account_ids._check_statement_period(self.date_from, self.date_to)
        return self.account_ids

    def _render(self, account):
        """(name, content) of one file; one record at a time, which every printer of pages can do."""
        render = {"pdf": account._render_statement_pdf, "xlsx": account._render_statement_xlsx}[self.file_format]
        return account._get_statement_filename(self.date_to, self.file_format), render(self.date_from, self.date_to)

    def _pack(self, files):
        """(name, content) of an archive; statements of one distributor in several companies get numbers."""
        buffer, taken = io.BytesIO(), set()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(self._free_name(name, taken), content)
        return f"Statements-{self.date_to}.zip", buffer.getvalue()

    def _free_name(self, name, taken):
        stem, extension = name.rsplit(".", 1)
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}.{extension}"
        taken.add(name)
        return name
