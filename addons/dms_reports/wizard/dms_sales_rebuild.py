from odoo import fields, models
from odoo.exceptions import AccessError


class DmsSalesRebuild(models.TransientModel):
    """Ask for facts to be made anew from their documents."""

    _name = "dms.sales.rebuild"
    _description = "Rebuild of Sales Facts"

    date_from = fields.Date("From", help="Empty: from the first document.")
    date_to = fields.Date("To", help="Empty: to the last document.")

    def action_request(self):
        """
        :raise AccessError: to those who do not manage distribution
        """
        self.ensure_one()
        if not self.env.user.has_group("dms_orders.group_dms_manager"):
            raise AccessError(self.env._("Only a manager of distribution makes facts anew."))
        self.env["dms.sales.upkeep"].sudo()._request_rebuild(self.date_from, self.date_to)  # written by jobs alone
        message = self.env._("The facts are made anew in the background, month by month. They stay right while this goes on.")
        next_action = {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": message, "next": next_action},
        }
