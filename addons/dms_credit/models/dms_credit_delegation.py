from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError


class DmsCreditDelegation(models.Model):
    """While somebody is away a substitute decides on credit holds with his authority, and never on an order of his own."""

    _name = "dms.credit.delegation"
    _description = "Substitute for Credit Releases"
    _inherit = ["dms.own.company"]
    _order = "date_from desc, id desc"
    _rec_name = "substitute_id"

    user_id = fields.Many2one(
        "res.users", "Absent", required=True, ondelete="cascade", default=lambda self: self.env.user, domain=[("share", "=", False)]
    )
    substitute_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade", domain=[("share", "=", False)])
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty for every company.")
    note = fields.Char()

    _dates_in_order = models.Constraint("CHECK(date_from <= date_to)", "The absence ends before it begins.")
    _not_oneself = models.Constraint("CHECK(user_id <> substitute_id)", "Nobody is his own substitute.")

    @api.constrains("substitute_id")
    def _check_substitute(self):
        for delegation in self:
            substitute = delegation.substitute_id
            if substitute.share or not self.env["dms.order.hold"].with_user(substitute).has_access("read"):
                raise UserError(self.env._("%(name)s does not work on held orders: choose a colleague who does.", name=substitute.name))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        delegations = super().create(vals_list)
        delegations._check_may_delegate()
        return delegations

    def write(self, vals):
        self._check_may_delegate()
        self.env.registry.clear_cache()
        result = super().write(vals)
        self._check_may_delegate()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_others(self):
        self._check_may_delegate()

    def _check_may_delegate(self):
        """Everybody delegates his own authority; credit managers that of others."""
        if self.env.su or self.env.user.has_group("dms_credit.group_credit_manager"):
            return
        if self.user_id - self.env.user:
            raise AccessError(self.env._("You can only name a substitute for yourself."))

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _get_absent(self, substitute, company):
        """Users for whom ``substitute`` stands in today."""
        return self.env["res.users"].browse(self._get_absent_ids(substitute.id, company.id, company._dms_today()))

    @api.model
    @tools.ormcache("substitute_id", "company_id", "day")
    def _get_absent_ids(self, substitute_id, company_id, day):
        delegations = self.sudo().search(  # who is absent, for a decision of the substitute
            [
                ("substitute_id", "=", substitute_id),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
                ("company_id", "in", [company_id, False]),
                ("user_id.active", "=", True),
            ]
        )
        return delegations.user_id.ids
