from odoo import fields, models
from odoo.exceptions import AccessError

#: terms of stock that the order desk keeps
STOCK_TERMS = {"has_own_statement_interval", "statement_interval_days", "dms_backorder_policy"}


class ResPartner(models.Model):
    """Who answers for a distributor's stock, and how often it reports it."""

    _inherit = "res.partner"

    has_own_statement_interval = fields.Boolean(
        "Own Reporting Interval", groups="base.group_user", help="This distributor reports at another interval than its class."
    )
    statement_interval_days = fields.Integer(
        "Statement Every (days)", groups="base.group_user", help="Days between two stock statements; 0 when none is expected."
    )

    _statement_interval_range = models.Constraint(
        "CHECK(statement_interval_days BETWEEN 0 AND 366)", "An interval of reporting lies between 0 and 366 days."
    )

    def _check_may_keep(self, names, becoming=False):
        super()._check_may_keep(names, becoming=becoming)
        if self.env.su or not STOCK_TERMS & set(names) or self.env.user.has_group("dms_orders.group_dms_user"):
            return
        if self.filtered("is_distributor"):
            raise AccessError(self.env._("Reporting and back orders of distributors are kept by the order desk."))

    def _dms_get_stock_responsible(self, company):
        """``{distributor: user}``: the manager of its territory or of the nearest above, else its salesperson, else the user of the
        settings; empty where there is none."""
        managers = self._dms_get_stock_managers()
        fallback = company.stock_alert_user_id
        return {
            distributor: next(
                (
                    user
                    for user in (*managers(distributor.territory_id), distributor.user_id, fallback)
                    if user and user.active and not user.share
                ),
                self.env["res.users"],
            )
            for distributor in self
        }

    def _dms_get_stock_managers(self):
        """A function that gives the managers over a territory, the nearest first; read in one query."""
        paths = {
            territory: [int(part) for part in reversed((territory._get_path() or "").split("/")) if part] for territory in self.territory_id
        }
        above = self.env["dms.territory"].browse({part for parts in paths.values() for part in parts})
        above.fetch(["manager_id"])
        return lambda territory: [above.browse(part).manager_id for part in paths.get(territory, ())]


class DmsDistributorClass(models.Model):
    _inherit = "dms.distributor.class"

    statement_interval_days = fields.Integer(
        "Statement Every (days)", help="Days between two stock statements of these distributors; 0 when none is expected."
    )
    min_shelf_days = fields.Integer(
        "Least Shelf Life (days)",
        help="Lots with less life left on the scheduled day are not reserved for these distributors; 0 for no such rule.",
    )

    _statement_interval_range = models.Constraint(
        "CHECK(statement_interval_days BETWEEN 0 AND 366)", "An interval of reporting lies between 0 and 366 days."
    )
    _min_shelf_days_range = models.Constraint("CHECK(min_shelf_days BETWEEN 0 AND 3650)", "A shelf life lies between 0 and 3,650 days.")


class ResCompany(models.Model):
    _inherit = "res.company"

    stock_alert_user_id = fields.Many2one(
        "res.users",
        "Stock Alerts Go To",
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Where neither territory nor distributor has anybody responsible.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    stock_alert_user_id = fields.Many2one(related="company_id.stock_alert_user_id", readonly=False)
