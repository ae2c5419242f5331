from odoo import api, fields, models

#: percent of a budget, reserved and consumed, at which the responsible person is told
LEVELS = (80, 95, 100)


class DmsSchemeAlert(models.Model):
    """The responsible person was told that a level of a budget is reached; once per version and level.

    Rows are only added: a column on the scheme would make the confirmations of all distributors wait for one row.
    """

    _name = "dms.scheme.alert"
    _description = "Budget Alert"
    _order = "id desc"
    _rec_name = "scheme_id"

    scheme_id = fields.Many2one("dms.scheme", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    level = fields.Integer("Level (%)", required=True, readonly=True, aggregator=None)
    used_amount = fields.Monetary("Used", readonly=True)
    budget_amount = fields.Monetary("Budget", readonly=True)

    _once = models.Constraint("UNIQUE(scheme_id, level)", "This level was told already.")


class DmsScheme(models.Model):
    _inherit = "dms.scheme"

    alert_ids = fields.One2many("dms.scheme.alert", "scheme_id", "Budget Alerts", readonly=True)
    alert_level = fields.Integer("Alerted (%)", compute="_compute_alert_level", aggregator=None, help="Highest level that was told.")

    @api.depends("alert_ids.level")
    def _compute_alert_level(self):
        for scheme in self:
            scheme.alert_level = max(scheme.alert_ids.mapped("level"), default=0)

    @api.model
    def _cron_alert_budgets(self):
        """Tell of the budgets that orders have just taken from, see ``dms.scheme.alert.request``."""
        requests = self.env["dms.scheme.alert.request"].search([("scheme_code", "!=", False)], order="id")
        keys = {(request.company_id.id, request.scheme_code) for request in requests}
        schemes = self.search([("state", "=", "approved"), ("budget_amount", ">", 0), ("code", "in", [code for _company, code in keys])])
        schemes.filtered(lambda scheme: (scheme.company_id.id, scheme.code) in keys)._alert_budgets()
        requests.unlink()

    def _alert_budgets(self):
        """Tell the responsible person of each scheme whose use has reached a level it was not told of."""
        for scheme in self:
            level = max((level for level in LEVELS if scheme._reaches(level)), default=0)
            if level and level > scheme._get_told_level():
                scheme._alert_budget(level)

    def _get_told_level(self):
        """Highest level that was told of this budget: a new version with another one starts anew."""
        alerts = self.env["dms.scheme.alert"].search([("company_id", "=", self.company_id.id), ("scheme_id.code", "=", self.code)])
        same = alerts.filtered(lambda alert: not self.currency_id.compare_amounts(alert.budget_amount, self.budget_amount))
        return max(same.mapped("level"), default=0)

    def _reaches(self, level):
        """Whether ``level`` percent of the budget are used, to the cent."""
        return self.currency_id.compare_amounts(self.used_amount, self.budget_amount * level / 100.0) >= 0

    def _alert_budget(self, level):
        values = {"used_amount": self.used_amount, "budget_amount": self.budget_amount}
        self.env["dms.scheme.alert"].create({"scheme_id": self.id, "company_id": self.company_id.id, "level": level, **values})
        user = self.user_id or self.approved_by_id
        scheme = self.with_context(lang=user.lang or self.env.lang)
        summary, text = scheme._say_alert(level)
        scheme.message_post(body=text, subtype_xmlid="mail.mt_note")
        if user.active:
            scheme.activity_schedule("mail.mail_activity_data_todo", summary=summary, note=text, user_id=user.id)

    def _say_alert(self, level):
        """(summary, sentence) for the responsible person."""
        _ = self.env._
        money = self.currency_id.format
        words = {
            "level": level,
            "used": money(self.used_amount),
            "budget": money(self.budget_amount),
            "left": money(self.left_amount),
        }
        if level >= 100:
            return _("Budget used up"), _("The budget of %(budget)s is used up: from now on the scheme gives nothing.", **words)
        summary = _("%(level)s %% of the budget used", **words)
        return summary, _("%(used)s of the budget of %(budget)s are reserved or consumed; %(left)s are left.", **words)
