from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.date_utils import start_of

from ..engine.split import split
from .dms_sales_aim import OWNER

MONTHS = tuple(f"month_{number}" for number in range(1, 13))


def _month(number, label):
    """A month of the grid. Each writes for itself: one that was not entered is no zero."""
    return fields.Monetary(label, compute="_compute_months", inverse=lambda self: self._inverse_month(number))


class DmsSalesPlan(models.Model):
    """The twelve targets of a year side by side.

    The targets are the truth: a plan keeps whose year it is, its months are read from the targets and written to them, and its amount
    is their sum. Entering the amount spreads it over the months that are not past, as last year went.
    """

    _name = "dms.sales.plan"
    _description = "Yearly Sales Plan"
    _inherit = ["dms.sales.aim"]
    _order = "year desc, territory_id, distributor_id, categ_id, id"

    _aim_time = "year"

    year = fields.Integer(required=True, index=True, default=lambda self: self.env.company._dms_today().year, aggregator=None)
    target_ids = fields.One2many("dms.sales.target", "plan_id", "Targets")
    month_1 = _month(1, "January")
    month_2 = _month(2, "February")
    month_3 = _month(3, "March")
    month_4 = _month(4, "April")
    month_5 = _month(5, "May")
    month_6 = _month(6, "June")
    month_7 = _month(7, "July")
    month_8 = _month(8, "August")
    month_9 = _month(9, "September")
    month_10 = _month(10, "October")
    month_11 = _month(11, "November")
    month_12 = _month(12, "December")
    amount = fields.Monetary(
        "Amount of the Year",
        compute="_compute_amount",
        inverse="_inverse_amount",
        help="Sum of the months. Entered, it is spread over the months that are not past by last year's net sales.",
    )
    last_year_amount = fields.Monetary(
        "Last Year", compute="_compute_last_year_amount", compute_sudo=True, help="Net sales of the same, the year before."
    )

    _key_uniq = models.UniqueIndex(
        "(company_id, year, COALESCE(territory_id, 0), COALESCE(distributor_id, 0), COALESCE(categ_id, 0))",
        "There is a plan of this territory or distributor, category and year already.",
    )
    _year_possible = models.Constraint("CHECK (year BETWEEN 2000 AND 2100)", "Enter a year between 2000 and 2100.")

    # ------------------------------------------------------------ fields

    @api.depends("target_ids.amount", "target_ids.month")
    def _compute_months(self):
        for plan in self:
            amounts = {target.month.month: target.amount for target in plan.target_ids if target.month}
            for number, name in enumerate(MONTHS, 1):
                plan[name] = amounts.get(number, 0.0)

    def _inverse_month(self, number):
        self._write_months({plan: {number: plan[f"month_{number}"]} for plan in self})

    @api.depends(*MONTHS)
    def _compute_amount(self):
        for plan in self:
            plan.amount = sum(plan[name] for name in MONTHS)

    def _inverse_amount(self):
        changed = self.filtered(lambda plan: plan.currency_id.compare_amounts(plan.amount, sum(plan.target_ids.mapped("amount"))))
        changed._spread({plan: plan.amount for plan in changed})

    @api.depends("year", *OWNER)
    def _compute_last_year_amount(self):
        seasons = self._get_seasons()
        for plan in self:
            plan.last_year_amount = sum(seasons.get(plan.id, ()))

    @api.depends("year", *OWNER)
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = " · ".join(filter(None, (plan._get_owner_name(), str(plan.year or ""))))

    # ------------------------------------------------------------ writing

    @api.model_create_multi
    def create(self, vals_list):
        given = [any(vals.get(name) for name in MONTHS) for vals in vals_list]
        plans = super().create(
            [self._without_sum(vals) if months else self._without_months(vals) for vals, months in zip(vals_list, given, strict=True)]
        )
        for plan, vals, months in zip(plans, vals_list, given, strict=True):
            plan._check_sum(vals if months else {})
        return plans

    def write(self, vals):
        months = not vals.keys().isdisjoint(MONTHS)
        result = super().write(self._without_sum(vals) if months else vals)
        self._check_sum(vals if months else {})
        if not vals.keys().isdisjoint({*OWNER, "year"}):
            self._move_targets()
        return result

    @api.model
    def _without_sum(self, vals):
        """An amount that comes with months is not spread, it must be their sum."""
        return {name: value for name, value in vals.items() if name != "amount"}

    @api.model
    def _without_months(self, vals):
        """A row of the grid comes with all its months, be they empty; what is spread over them is not to be cleared by that."""
        return {name: value for name, value in vals.items() if name not in MONTHS}

    def _check_sum(self, vals):
        if not vals.get("amount"):
            return
        for plan in self:
            if plan.currency_id.compare_amounts(plan.amount, vals["amount"]):
                raise UserError(
                    self.env._(
                        "%(plan)s: the months add up to %(sum)s, not to %(amount)s. Leave out the year or the months.",
                        plan=plan.display_name,
                        sum=plan.currency_id.format(plan.amount),
                        amount=plan.currency_id.format(vals["amount"]),
                    )
                )

    @api.model
    def _get_key(self, vals):
        return super()._get_key({"year": self.env.company._dms_today().year, **vals})

    def _move_targets(self):
        """Targets follow their plan to another owner or year."""
        for plan in self:
            owner = {name: plan[name].id for name in OWNER}
            for target in plan.target_ids:
                target.write({**owner, "month": target.month.replace(year=plan.year)})

    @api.model
    def _ensure(self, keys):
        """``{key: plan}`` of keys as of :meth:`_get_key`; plans that are not there are made."""
        rows = [dict(zip((*OWNER, "year"), key, strict=True)) for key in keys]
        known = self._get_known(rows) if rows else {}
        missing = [row for row in rows if self._get_key(row) not in known]
        return known | {plan._get_own_key(): plan for plan in self.create(missing)}

    def _write_months(self, amounts):
        """Make targets what the grid says; a month of nothing has no target, unless it has a quantity.

        :param amounts: ``{plan: {number of a month: amount}}``; months that are not there keep what they have
        """
        new, gone = [], self.env["dms.sales.target"]
        for plan, months in amounts.items():
            targets = {target.month.month: target for target in plan.target_ids}
            for number, amount in months.items():
                target = targets.get(number)
                if not target and not plan.currency_id.is_zero(amount):
                    new.append(plan._prepare_target_values(number, amount))
                elif target and plan.currency_id.is_zero(amount) and not target.quantity:
                    gone += target
                elif target and plan.currency_id.compare_amounts(target.amount, amount):
                    target.amount = amount
        gone.unlink()
        self.env["dms.sales.target"].create(new)

    def _prepare_target_values(self, number, amount):
        return {**{name: self[name].id for name in OWNER}, "plan_id": self.id, "month": date(self.year, number, 1), "amount": amount}

    # ------------------------------------------------------------ spreading a year

    def _spread(self, amounts, with_past=False):
        """Make the months of each plan add up to its amount, in proportion to last year's net sales of the same territory or
        distributor and category; in equal parts where there were none.

        :param amounts: ``{plan: amount of the year}``
        :param with_past: whether months before this one are written too; else they keep what they have, be it nothing
        :raise UserError: when no month is open, or more is in the past months than there is to spread
        """
        seasons = self._get_seasons()
        months = {plan: plan._get_split(amounts[plan], seasons[plan.id], with_past) for plan in self}
        self._write_months({plan: dict(enumerate(amounts, 1)) for plan, amounts in months.items()})

    def _get_split(self, amount, season, with_past):
        this_month = start_of(self.company_id._dms_today(), "month")
        kept = {target.month.month: target.amount for target in self.target_ids}
        is_open = [with_past or date(self.year, number, 1) >= this_month for number in range(1, 13)]
        months = [0.0 if is_open[index] else kept.get(index + 1, 0.0) for index in range(12)]
        rest = self.currency_id.round(amount - sum(months))
        self._check_split(any(is_open), rest, sum(months))
        if any(is_open):
            weights = [weight for weight, is_free in zip(season, is_open, strict=True) if is_free]
            shares = iter(split(str(rest), weights, str(self.currency_id.rounding)))
            months = [float(next(shares)) if is_free else month for month, is_free in zip(months, is_open, strict=True)]
        return months

    def _check_split(self, has_open, rest, past):
        values = {"plan": self.display_name, "past": self.currency_id.format(past)}
        if rest and not has_open:
            raise UserError(self.env._("%(plan)s: all months are past. Split it with the past months, or enter the months.", **values))
        if rest < 0:
            raise UserError(self.env._("%(plan)s: the past months have %(past)s already, more than the year is to have.", **values))

    def _get_seasons(self):
        """``{plan id: [net sales of January, ...]}`` of the year before, of all plans at once. Nothing of plans not saved."""
        if not self.ids:
            return {}
        self.flush_recordset()
        aims = SQL(
            """
            SELECT p.id, p.company_id, p.territory_id, p.distributor_id, p.categ_id, make_date(p.year - 1, m.number, 1) AS month
              FROM dms_sales_plan p CROSS JOIN generate_series(1, 12) AS m (number) WHERE p.id = ANY(%s)
            """,
            self.ids,
        )
        sales = self.env["dms.sales.achievement"]._get_net_amounts(aims)
        return {
            plan.id: [sales.get((plan.id, date(plan.year - 1, number, 1)), 0.0) for number in range(1, 13)] for plan in self if plan.year
        }

    # ------------------------------------------------------------ screens

    def action_split(self):
        """Ask how to split the selected years."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_reports.action_sales_plan_split")
        return {**action, "context": {"default_plan_ids": self.ids}}

    def action_view_targets(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_reports.action_sales_target")
        return {**action, "domain": [("plan_id", "=", self.id)], "context": {}}

    @api.model
    def get_import_templates(self):
        return [{"label": self.env._("Import Template for Yearly Plans"), "template": "/dms_reports/static/import_templates/plans.xlsx"}]
