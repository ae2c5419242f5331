from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .dms_stock_position import MAY_NEED
from .dms_stock_suggestion_line import LINE_STATES, MADE

#: what a planner fills in while the run is a draft
EDITABLE_FIELDS = {"company_id", "territory_ids", "class_ids", "categ_ids", "distributor_ids", "min_amount"}
#: what follows from the buttons
PROTECTED_FIELDS = {"name", "state", "user_id", "line_ids"}
#: most names of distributors a run is told by hand
MOST = 2000


class DmsStockSuggestion(models.Model):
    """Suggested orders for the distributors of a territory, made one batch after the other in the background."""

    _name = "dms.stock.suggestion"
    _description = "Run of Suggested Orders"
    _inherit = ["mail.thread", "mail.activity.mixin", "dms.own.company"]
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, copy=False, index=True)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    territory_ids = fields.Many2many("dms.territory", string="Territories", help="With all below them; empty for all.")
    class_ids = fields.Many2many("dms.distributor.class", string="Classes", help="Empty for all.")
    distributor_ids = fields.Many2many(
        "res.partner", string="Only These Distributors", domain=[("is_distributor", "=", True)], help="Empty for all."
    )
    categ_ids = fields.Many2many("product.category", string="Categories", help="With all below them; empty for all products.")
    min_amount = fields.Monetary("Worth at Least", help="Untaxed value below which no new draft is made; 0 for none.")
    line_ids = fields.One2many("dms.stock.suggestion.line", "suggestion_id", "Distributors", readonly=True, copy=False)
    line_count = fields.Integer("Distributors Count", compute="_compute_counts")
    queued_count = fields.Integer("Waiting", compute="_compute_counts")
    made_count = fields.Integer("Drafts", compute="_compute_counts")
    skipped_count = fields.Integer("Without Draft", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    amount_total = fields.Monetary("Value", compute="_compute_counts", help="Untaxed, of all drafts together.")
    progress = fields.Float(compute="_compute_counts", aggregator=None)

    _min_amount_positive = models.Constraint("CHECK(min_amount >= 0 AND min_amount < 1e15)", "The least value cannot be negative.")

    @api.depends("line_ids.state", "line_ids.amount")
    def _compute_counts(self):
        rows = self.env["dms.stock.suggestion.line"]._read_group(
            [("suggestion_id", "in", self.ids)], ["suggestion_id", "state"], ["__count", "amount:sum"]
        )
        figures = {(run.id, state): (count, amount) for run, state, count, amount in rows}
        for run in self:
            by_state = {state: figures.get((run._origin.id, state), (0, 0.0)) for state, _label in LINE_STATES}
            counts = {state: count for state, (count, _amount) in by_state.items()}
            run.line_count = sum(counts.values())
            run.queued_count = counts["queued"]
            run.failed_count = counts["failed"]
            run.made_count = sum(counts[state] for state in MADE)
            run.skipped_count = run.line_count - run.queued_count - run.failed_count - run.made_count
            run.amount_total = sum(by_state[state][1] for state in MADE)
            run.progress = 100.0 * (run.line_count - run.queued_count) / run.line_count if run.line_count else 0.0

    # ------------------------------------------------------------ who keeps it

    @api.model_create_multi
    def create(self, vals_list):
        self._check_planner()
        self._check_given({name for vals in vals_list for name in vals})
        context = {key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in PROTECTED_FIELDS}
        fixed = {"state": "draft", "user_id": self.env.uid}
        runs = super(DmsStockSuggestion, self.with_env(self.env(context=context)))
        return runs.create([{**vals, **fixed, "name": self._next_number()} for vals in vals_list]).with_env(self.env)

    def write(self, vals):
        self._check_given(vals.keys())
        if EDITABLE_FIELDS & vals.keys() and any(run.state != "draft" for run in self):
            raise UserError(self.env._("The run has started: make a new one."))
        return super().write(vals)

    @api.model
    def _next_number(self):
        return self.env["ir.sequence"].sudo().next_by_code("dms.stock.suggestion") or "New"  # the number only

    @api.model
    def _check_planner(self):
        groups = ("dms_orders.group_dms_user", "dms_orders.group_dms_area_manager")
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Orders are suggested by the order desk and the area managers."))

    @api.model
    def _check_given(self, names):
        """Refuse what nobody fills in by hand."""
        if not self.env.su and (PROTECTED_FIELDS - {"name"}) & set(names):
            raise AccessError(self.env._("Status and distributors of a run follow from its buttons."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A run that was started is kept. Cancel it to stop what is not made yet."))

    # ------------------------------------------------------------ buttons

    def action_start(self):
        """Find the distributors and make their drafts in the background. A run that has started is left alone.

        :raise UserError: when no distributor meets the conditions
        """
        self._check_planner()
        self.check_access("write")
        for run in self.filtered(lambda run: run.state == "draft"):
            distributors = run._find_distributors()
            if not distributors:
                raise UserError(self.env._("No active distributor with stock and a norm meets these conditions."))
            own = run.sudo()  # rows and status that only the run writes
            own.line_ids = [
                Command.create({"distributor_id": distributor.id, "sequence": place}) for place, distributor in enumerate(distributors)
            ]
            own.write({"state": "running", "user_id": self.env.uid})
        self._trigger()
        return True

    def action_cancel(self):
        """Leave out what is not made yet; drafts that were made stay."""
        self._check_planner()
        self.check_access("write")
        runs = self.sudo().filtered(lambda run: run.state in ("draft", "running"))  # rows and status that only the run writes
        waiting = runs.line_ids.filtered(lambda line: line.state == "queued")
        waiting.write({"state": "skipped", "reason": self.env._("The run was cancelled.")})
        runs.state = "cancelled"
        return True

    def action_retry(self):
        """Queue what failed once more."""
        self._check_planner()
        self.check_access("write")
        runs = self.sudo().filtered(lambda run: run.state in ("running", "done"))  # rows and status that only the run writes
        failed = runs.line_ids.filtered(lambda line: line.state == "failed")
        if not failed:
            raise UserError(self.env._("Nothing of this run has failed."))
        failed.write({"state": "queued", "reason": False})
        failed.suggestion_id.state = "running"
        self._trigger()
        return True

    def action_open_orders(self):
        """The drafts of these runs, as far as the user sees them."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations_with_onboarding")
        return action | {"name": self.env._("Suggested Orders"), "domain": [("id", "in", self.line_ids.order_id.ids)], "context": {}}

    def action_open_lines(self):
        """The distributors of this run, with what became of each."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_suggestion_line")
        return action | {"domain": [("suggestion_id", "=", self.id)]}

    # ------------------------------------------------------------ whom it is for

    @api.model
    def _start_for(self, distributors):
        """A run for these very distributors, started, and the action that shows it."""
        if len(distributors) > MOST:
            raise UserError(self.env._("Choose at most %(most)s distributors, or start a run for a territory.", most=MOST))
        run = self.create({"distributor_ids": [Command.set(distributors.ids)]})
        run.action_start()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_suggestion")
        return action | {"views": [(False, "form")], "res_id": run.id}

    def _find_distributors(self):
        """Active distributors with positions that may need something, as far as the user sees them; the emptiest first."""
        Position = self.env["dms.stock.position"]
        domain = self._get_position_domain()
        found = self.env["res.partner"].union(*(distributor for (distributor,) in Position._read_group(domain, ["distributor_id"])))
        out = dict(Position._read_group(domain & Domain("status", "=", "out"), ["distributor_id"], ["__count"]))
        return found.sorted(lambda distributor: (-out.get(distributor, 0), distributor.id))

    def _get_position_domain(self):
        domain = Domain("company_id", "=", self.company_id.id) & MAY_NEED
        domain &= Domain("distributor_id.distributor_state", "=", "active") & Domain("distributor_id.active", "=", True)
        if self.distributor_ids:
            domain &= Domain("distributor_id", "in", self.distributor_ids.ids)
        if self.territory_ids:
            domain &= Domain("territory_id", "child_of", self.territory_ids.ids)
        if self.class_ids:
            domain &= Domain("distributor_class_id", "in", self.class_ids.ids)
        if self.categ_ids:
            domain &= Domain("categ_id", "child_of", self.categ_ids.ids)
        return domain

    # ------------------------------------------------------------ making

    def _trigger(self):
        cron = self.env.ref("dms_inventory.ir_cron_suggest_orders", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # the suite's own job

    @api.model
    def _cron_dms_suggest(self):
        """Make what is queued, batch by batch, each committed; what is left when the time is over is made by the next run.
        A row is marked in the transaction that makes its draft, so there is one draft whatever is repeated."""
        Line = self.env["dms.stock.suggestion.line"]
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        time_left = commit_progress(remaining=Line._count_queued())
        while time_left and (lines := Line._get_next()):
            lines._make()
            lines.suggestion_id._finish()
            time_left = commit_progress(len(lines), remaining=Line._count_queued())

    def _finish(self):
        """Close the runs that have nothing left to make, and tell who started them."""
        for run in self.filtered(lambda run: run.state == "running" and not run.queued_count):
            run.state = "done"
            summary = run._summarize()
            run.message_post(body=summary)
            if run.made_count or run.failed_count:
                run.activity_schedule(
                    "mail.mail_activity_data_todo", summary=run.env._("Check the suggested orders"), note=summary, user_id=run.user_id.id
                )

    def _summarize(self):
        env = self.with_context(lang=self.user_id.lang or self.env.lang).env
        return env._(
            "%(made)s drafts worth %(amount)s; %(skipped)s distributors without a draft, %(failed)s failed.",
            made=self.made_count,
            amount=self.currency_id.with_env(env).format(self.amount_total),
            skipped=self.skipped_count,
            failed=self.failed_count,
        )
