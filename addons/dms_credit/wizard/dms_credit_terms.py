from odoo import api, fields, models
from odoo.exceptions import UserError


class DmsCreditTerms(models.TransientModel):
    """Asks for the reason of a change of terms; the account checks who may make it and keeps the history."""

    _name = "dms.credit.terms"
    _description = "Change Credit Terms"

    account_ids = fields.Many2many("dms.credit.account", string="Accounts", required=True, default=lambda self: self._default_account_ids())
    currency_id = fields.Many2one(related="account_ids.currency_id")
    has_limit = fields.Boolean("Has a Limit", default=lambda self: all(self._default_account_ids().mapped("has_limit")))
    limit = fields.Monetary("New Limit", default=lambda self: self._default_account_ids()[:1].credit_limit)
    reason = fields.Text(required=True, help="Kept in the history of the account; seen by staff only.")

    @api.model
    def _default_account_ids(self):
        """The accounts the dialog was opened on; the user's own access decides which of them there are."""
        if self.env.context.get("active_model") != "dms.credit.account":
            return self.env["dms.credit.account"]
        ids = [record_id for record_id in self.env.context.get("active_ids") or [] if isinstance(record_id, int)]
        return self.env["dms.credit.account"].search([("id", "in", ids)])

    def action_set_limit(self):
        """Set the limit, or take it away."""
        return self._apply("action_set_limit", self.limit if self.has_limit else None)

    def action_stop(self):
        """Stop the accounts."""
        return self._apply("action_stop")

    def action_lift_stop(self):
        """Lift the stop of the accounts."""
        return self._apply("action_lift_stop")

    def _apply(self, method, *args):
        self.ensure_one()
        if not self.account_ids:
            raise UserError(self.env._("Choose the accounts first."))
        getattr(self.account_ids, method)(*args, self.reason or "")
        return {"type": "ir.actions.act_window_close"}
