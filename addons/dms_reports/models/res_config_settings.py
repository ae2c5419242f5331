from odoo import fields, models
from odoo.exceptions import UserError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # not by ``config_parameter``: core forgets a number of zero, which means something here
    dms_workbook_days = fields.Integer("Days That Workbook Files Are Kept", compute="_compute_dms_limits", inverse="_inverse_dms_limits")
    dms_workbook_mail_mb = fields.Integer(
        "Largest Workbook That Is Attached (MB)", compute="_compute_dms_limits", inverse="_inverse_dms_limits"
    )

    def _compute_dms_limits(self):
        limit = self.env["dms.workbook.run"]._get_limit
        self.dms_workbook_days, self.dms_workbook_mail_mb = limit("workbook_days"), limit("workbook_mail_mb")

    def _inverse_dms_limits(self):
        parameters = self.env["ir.config_parameter"].sudo()  # limits, changed by who may write settings
        for name in ("workbook_days", "workbook_mail_mb"):
            value = self[f"dms_{name}"]
            if value < 0:
                raise UserError(self.env._("Days and sizes of workbooks cannot be below zero."))
            parameters.set_param(f"dms_reports.{name}", str(value))
