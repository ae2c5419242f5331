from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

#: what is alerted; the first two are statuses of a position
ALERT_KINDS = [
    ("out", "Out of Stock"),
    ("over", "Overstock"),
    ("report", "Not Reported"),
]
#: distributors followed together by the job
BATCH = 50


class DmsStockAlert(models.Model):
    """One fact that somebody was told of: a position out of stock or overstocked, a statement that did not come.

    A fact is alerted once, from the day it came about to the day it is gone; when it comes back it is another one. The
    queue of the job is the difference between facts and open rows, so repeating it changes nothing and nothing is lost
    when it stops half-way.
    """

    _name = "dms.stock.alert"
    _description = "Stock Alert"
    _order = "date_from desc, id desc"
    _rec_name = "distributor_id"

    kind = fields.Selection(ALERT_KINDS, required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index=True)
    position_id = fields.Many2one("dms.stock.position", readonly=True, index="btree_not_null", ondelete="cascade")
    product_id = fields.Many2one(related="position_id.product_id", store=True)
    categ_id = fields.Many2one(related="position_id.categ_id", store=True)
    on_hand_qty = fields.Float(related="position_id.on_hand_qty")
    days_cover = fields.Float(related="position_id.days_cover", aggregator=None)
    date_due = fields.Date("Due", readonly=True, help="Day on which the missing statement was due.")
    date_period = fields.Date("Told For", readonly=True, help="Due day of the last period missed that somebody was told of.")
    date_from = fields.Date("Since", required=True, readonly=True)
    date_to = fields.Date("Until", readonly=True, help="Day on which it was found to be over.")
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    activity_id = fields.Many2one("mail.activity", readonly=True, index="btree_not_null", ondelete="set null")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, index="btree_not_null", help="Who was told.")

    _open_uniq = models.UniqueIndex(
        "(company_id, distributor_id, kind, COALESCE(position_id, 0)) WHERE date_to IS NULL", "This was alerted already."
    )

    @api.depends("date_to")
    def _compute_is_open(self):
        for alert in self:
            alert.is_open = not alert.date_to

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("date_to", "=", False) if True in value else Domain("date_to", "!=", False)

    # ------------------------------------------------------------ the difference between facts and rows

    @api.model
    def _get_fact_domain(self, company):
        """Positions that are worth an alert: overstocked, or out of something that sold lately; of active distributors."""
        active = Domain("distributor_id.distributor_state", "=", "active") & Domain("distributor_id.active", "=", True)
        status = Domain("status", "=", "over") | Domain("status", "=", "out") & Domain("sold_qty", ">", 0)
        return Domain("company_id", "=", company.id) & status & active

    @api.model
    def _get_new_domain(self, company):
        """Facts that nobody was told of yet."""
        told = {kind: Domain("alert_ids", "any", [("kind", "=", kind), ("date_to", "=", False)]) for kind in ("out", "over")}
        news = Domain("status", "=", "out") & ~told["out"] | Domain("status", "=", "over") & ~told["over"]
        return self._get_fact_domain(company) & news

    @api.model
    def _get_gone_domain(self, company):
        """Open alerts of positions whose fact is gone; out of stock is over when goods are there, not when they are forgotten."""
        gone = Domain("kind", "=", "out") & Domain("position_id.status", "!=", "out")
        gone |= Domain("kind", "=", "over") & Domain("position_id.status", "!=", "over")
        gone |= Domain("distributor_id.distributor_state", "!=", "active") | Domain("distributor_id.active", "=", False)
        return Domain("company_id", "=", company.id) & Domain("date_to", "=", False) & Domain("kind", "in", ("out", "over")) & gone

    @api.model
    def _get_waiting(self, company):
        """Distributors with facts to tell or to take back."""
        new = self.env["dms.stock.position"]._read_group(self._get_new_domain(company), ["distributor_id"])
        gone = self._read_group(self._get_gone_domain(company), ["distributor_id"])
        return self.env["res.partner"].union(*(distributor for (distributor,) in [*new, *gone]))

    # ------------------------------------------------------------ following the facts

    @api.model
    def _cron_dms_alert(self):
        """Tell what is new and take back what is gone, batch by batch, each committed."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        for company in self.env["res.company"]._dms_get_all():
            for waiting, follow in ((self._get_waiting(company), self._follow), (self._get_unreported(company), self._follow_reports)):
                left = len(waiting)
                for batch in split_every(BATCH, waiting.ids, waiting.browse):
                    follow(company, batch)
                    left -= len(batch)
                    if not commit_progress(len(batch), remaining=left):
                        return

    @api.model
    def _follow(self, company, distributors):
        """Open and close alerts of positions of these distributors, and let the activities say what stands."""
        today = company._dms_today()
        gone = self.search(self._get_gone_domain(company) & Domain("distributor_id", "in", distributors.ids))
        gone.write({"date_to": today})
        Position = self.env["dms.stock.position"]
        positions = Position.search(self._get_new_domain(company) & Domain("distributor_id", "in", distributors.ids))
        new = self.create(
            [
                {
                    "kind": position.status,
                    "company_id": company.id,
                    "distributor_id": position.distributor_id.id,
                    "position_id": position.id,
                    "date_from": position.status_since or today,
                }
                for position in positions
            ]
        )
        gone._withdraw()
        new._tell()

    # ------------------------------------------------------------ activities: one for each distributor and kind

    def _tell(self):
        """Put these new alerts into the open activity of their distributor and kind, or into a new one, of who is responsible."""
        responsible = self.distributor_id._dms_get_stock_responsible(self.company_id)
        for (distributor, kind), alerts in self.grouped(lambda alert: (alert.distributor_id, alert.kind)).items():
            user, activity = responsible[distributor], alerts._find_open_activity()
            if user and not activity:
                activity = alerts._schedule(distributor, kind, user)
            alerts.write({"user_id": user.id, "activity_id": activity.id})
        self.activity_id._dms_say_alerts()

    def _find_open_activity(self):
        """The activity that tells of other facts of the same distributor and kind and is not done yet."""
        domain = [("distributor_id", "=", self.distributor_id.id), ("kind", "=", self[:1].kind), ("company_id", "=", self.company_id.id)]
        others = self.search([*domain, ("date_to", "=", False), ("activity_id.active", "=", True)], limit=1)
        return others.activity_id

    def _schedule(self, distributor, kind, user):
        return distributor.with_company(self.company_id).activity_schedule(
            f"dms_inventory.mail_activity_stock_{kind}", date_deadline=self.company_id._dms_today(), user_id=user.id
        )

    def _withdraw(self):
        """These alerts are over: an activity of which nothing is left is done by itself, the others say what stands."""
        activities = self.activity_id.filtered("active")
        standing = self.search([("activity_id", "in", activities.ids), ("date_to", "=", False)]).activity_id
        (activities - standing).action_feedback(feedback=self.env._("No longer the case."))
        standing._dms_say_alerts()

    def action_open_distributor(self):
        """The distributor's form, with its stock."""
        self.ensure_one()
        self.distributor_id.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "res.partner", "res_id": self.distributor_id.id, "views": [(False, "form")]}


class DmsStockPosition(models.Model):
    _inherit = "dms.stock.position"

    alert_ids = fields.One2many("dms.stock.alert", "position_id", "Alerts", groups="base.group_user")
