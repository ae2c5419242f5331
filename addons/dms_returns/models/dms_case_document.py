from odoo import fields, models
from odoo.exceptions import AccessError

from ..report.case_workbook import CaseWorkbook

#: documents in one spreadsheet
MAX_EXPORTED = 5000


class DmsCase(models.AbstractModel):
    """Returns and claims on paper and as spreadsheets."""

    _inherit = "dms.case"

    def action_export(self):
        """Download these documents as a spreadsheet, private to who asked for it."""
        if self.env.user.share:
            raise AccessError(self.env._("Spreadsheets of returns and claims are for the company's own staff."))
        self.check_access("read")
        title = self.env._("Returns") if self._name == "dms.return" else self.env._("Claims")
        content = CaseWorkbook(self.env, title, self[:MAX_EXPORTED]).render()
        attachment = self.env["ir.attachment"].create({"name": f"{title}.xlsx", "raw": content})  # of no document: no evidence
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "download"}

    def _day_of(self, moment):
        """The day of a moment (naive UTC) where the company is."""
        zone = self.company_id.sudo().partner_id.tz or "UTC"  # the company's own time zone
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()


class DmsReturn(models.Model):
    _inherit = "dms.return"

    def _get_destinations(self):
        """Where the goods of an approved return are sent: ``[{"name": str, "partner": res.partner}]``."""
        waiting = self.sudo().picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))  # addresses of our warehouses
        warehouses = waiting.picking_type_id.warehouse_id
        return [{"name": warehouse.name, "partner": warehouse.partner_id or warehouse.company_id.partner_id} for warehouse in warehouses]
