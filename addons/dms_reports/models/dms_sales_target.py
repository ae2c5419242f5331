from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.date_utils import end_of, start_of

from odoo.addons.dms_credit.models.live_fields import LiveField, LiveFloat, LiveInteger, LiveMonetary

from .dms_sales_achievement import FIGURES, PACES
from .dms_sales_aim import OWNER


class LiveSelection(LiveField, fields.Selection):
    pass


def _search(name):
    return lambda self, operator, value: self._search_figure(name, operator, value)


class DmsSalesTarget(models.Model):
    """What a territory or a distributor is to sell in a month: an amount, untaxed in the company's currency, a quantity, or both.

    What was achieved is read from the facts whenever it is looked at, and is the same whoever looks. It is not stored, so it can be
    searched but not sorted or grouped by here; ``dms.sales.achievement`` is there for that.
    """

    _name = "dms.sales.target"
    _description = "Sales Target"
    _inherit = ["dms.sales.aim"]
    _order = "month desc, territory_id, distributor_id, categ_id, id"

    _aim_time = "month"

    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: start_of(self.env.company._dms_today(), "month"),
        help="Any day of it; kept as its first.",
    )
    plan_id = fields.Many2one("dms.sales.plan", "Yearly Plan", readonly=True, index=True, copy=False, ondelete="cascade")
    amount = fields.Monetary("Target", help="Net sales to reach: invoiced less credited, untaxed.")
    quantity = fields.Float("Target Quantity", digits="Product Unit", help="Invoiced less credited, in the products' own units.")
    achieved_amount = LiveMonetary(
        "Achieved", compute="_compute_figures", compute_sudo=True, search=_search("achieved_amount"), help="Net sales of the month so far."
    )
    achieved_qty = LiveFloat(
        "Achieved Quantity", compute="_compute_figures", compute_sudo=True, search=_search("achieved_qty"), digits="Product Unit"
    )
    achievement = LiveFloat(
        "Achievement (%)",
        compute="_compute_figures",
        compute_sudo=True,
        search=_search("achievement"),
        digits=(16, 2),
        help="Of the amount; of the quantity where no amount is aimed at.",
    )
    open_amount = LiveMonetary(
        "Open", compute="_compute_figures", compute_sudo=True, search=_search("open_amount"), help="Still missing to the target."
    )
    run_rate = LiveMonetary(
        "Sold per Day", compute="_compute_figures", compute_sudo=True, help="Achieved, over the days gone, today included."
    )
    required_rate = LiveMonetary(
        "Needed per Day", compute="_compute_figures", compute_sudo=True, help="Open, over the days left after today; of a past month none."
    )
    projected_amount = LiveMonetary(
        "Projection",
        compute="_compute_figures",
        compute_sudo=True,
        search=_search("projected_amount"),
        help="Achieved / days gone, today included x days of the month. Of a past month what was achieved, of a future one nothing.",
    )
    pace = LiveSelection(
        PACES,
        compute="_compute_figures",
        compute_sudo=True,
        search=_search("pace"),
        help="On track: at this pace the target will be reached. Behind: it won't, or it was missed.",
    )
    rank = LiveInteger(
        compute="_compute_rank",
        compute_sudo=True,
        help="By achievement among targets of the same level, month and category: territories of the same parent, distributors of the same territory.",
    )
    peer_count = LiveInteger("Out of", compute="_compute_rank", compute_sudo=True, help="Targets of the same level.")

    _key_uniq = models.UniqueIndex(
        "(company_id, month, COALESCE(territory_id, 0), COALESCE(distributor_id, 0), COALESCE(categ_id, 0))",
        "There is a target of this territory or distributor, category and month already.",
    )
    _month_first = models.Constraint("CHECK (EXTRACT(day FROM month) = 1)", "A month is kept as its first day.")
    _numbers_positive = models.Constraint("CHECK (amount >= 0 AND quantity >= 0)", "A target cannot be below zero.")

    # ------------------------------------------------------------ figures

    @api.depends("month", "amount", "quantity", *OWNER)
    def _compute_figures(self):
        figures = self.env["dms.sales.achievement"]._get_figures(self)
        nothing = dict.fromkeys(FIGURES, 0.0) | {"pace": False}
        for target in self:
            target.update(figures.get(target.id, nothing))

    @api.depends("month", "amount", "quantity", *OWNER)
    def _compute_rank(self):
        ranks = self.env["dms.sales.achievement"]._get_ranks(self)
        for target in self:
            target.rank, target.peer_count = ranks.get(target.id, (0, 0))

    @api.model
    def _search_figure(self, name, operator, value):
        """By what the database makes of the facts; who may read which targets is up to the rules of targets."""
        achievements = self.env["dms.sales.achievement"].sudo()  # figures of targets, which are read by their own rules
        return Domain("id", "in", achievements._search(Domain(name, operator, value)))

    @api.depends("month", *OWNER)
    def _compute_display_name(self):
        for target in self:
            month = format_date(self.env, target.month, date_format="MMMM yyyy") if target.month else ""
            target.display_name = " · ".join(filter(None, (target._get_owner_name(), month)))

    # ------------------------------------------------------------ writing

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create([self._with_first_day(vals) for vals in vals_list])
        targets._join_plans()
        return targets

    def write(self, vals):
        result = super().write(self._with_first_day(vals))
        if not vals.keys().isdisjoint({*OWNER, "month", "plan_id"}):
            self._join_plans()
        return result

    @api.model
    def _with_first_day(self, vals):
        month = fields.Date.to_date(vals.get("month") or False)
        return {**vals, "month": start_of(month, "month")} if month else vals

    @api.model
    def _get_key(self, vals):
        return super()._get_key(self._with_first_day({"month": self.default_get(["month"])["month"], **vals}))

    def _join_plans(self):
        """Every target belongs to the plan of its year, which is made where there is none: the grid shows all targets."""
        groups = self.grouped(lambda target: (*target._get_own_key()[:-1], target.month.year))
        plans = self.env["dms.sales.plan"]._ensure(groups)
        for key, targets in groups.items():
            targets.filtered(lambda target, plan=plans[key]: target.plan_id != plan).plan_id = plans[key]

    def _merge_into(self, distributor):
        """Become the target of another distributor: added to the one he has, else moved to him."""
        self.ensure_one()
        key = {name: self[name].id for name in OWNER} | {"distributor_id": distributor.id}
        same = self.search([("month", "=", self.month), *((name, "=", value) for name, value in key.items())], limit=1)
        if same:
            same.write({"amount": same.amount + self.amount, "quantity": same.quantity + self.quantity})
            self.unlink()
        else:
            self.distributor_id = distributor

    # ------------------------------------------------------------ screens

    def action_view_facts(self):
        """The facts behind what was achieved."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_reports.action_sales_fact")
        return {**action, "domain": list(self._get_fact_domain()), "context": {}}

    def _get_fact_domain(self):
        days = Domain("date", ">=", self.month) & Domain("date", "<=", end_of(self.month, "month"))
        domain = Domain("company_id", "=", self.company_id.id) & days
        if self.territory_id:
            domain &= Domain("territory_id", "child_of", self.territory_id.id)
        else:
            domain &= Domain("distributor_id", "=", self.distributor_id.id)
        return domain & Domain("categ_id", "child_of", self.categ_id.id) if self.categ_id else domain

    @api.model
    def get_import_templates(self):
        return [{"label": self.env._("Import Template for Sales Targets"), "template": "/dms_reports/static/import_templates/targets.xlsx"}]
