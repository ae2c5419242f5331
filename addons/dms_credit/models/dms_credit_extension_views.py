from odoo import api, fields, models


class DmsCreditExtension(models.Model):
    """What the screens of temporary limits need."""

    _inherit = "dms.credit.extension"

    can_decide = fields.Boolean("For Me to Decide", compute="_compute_can_decide", search="_search_can_decide", groups="base.group_user")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        is_controller = self.env.user.has_group("dms_credit.group_credit_controller")
        for extension in self:
            maker = extension.sudo().create_uid  # who asked, a yes or no leaves
            extension.can_decide = is_controller and extension.state == "draft" and maker != self.env.user

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        if not self.env.user.has_group("dms_credit.group_credit_controller"):
            return [(0, "=", 1)]
        return [("state", "=", "draft"), ("create_uid", "!=", self.env.uid)]
