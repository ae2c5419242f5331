from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .backtest_orders import PastOrders

#: what a person decides about a back-test; everything else is found by running it
GIVEN_FIELDS = {"scheme_id", "date_from", "date_to", "mode"}
#: lines up to which a back-test is run at once; a larger one goes on in the background
DIRECT_LINES = 20000
#: days of orders that a draft is first tried on
USUAL_DAYS = 90
RUN = [("alone", "As if it alone had run"), ("running", "Beside the schemes of that time"), ("replay", "As it did run")]
STATES = [("draft", "Not run"), ("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")]


class DmsSchemeBacktest(models.Model):
    """What a scheme would have cost, or did cost, on the orders of a past period. It leaves nothing but its own rows."""

    _name = "dms.scheme.backtest"
    _description = "Back-Test of a Scheme"
    _order = "id desc"
    _rec_name = "scheme_id"

    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    scheme_state = fields.Selection(related="scheme_id.state", string="Status of the Scheme")
    date_from = fields.Date("From", required=True, help="First day of the orders it is run on.")
    date_to = fields.Date("To", required=True, help="Last day, inclusive.")
    mode = fields.Selection(
        RUN, "Run", required=True, default="running",
        help="As it did run: each order with the schemes and budgets it was confirmed with, which must give what was booked.",
    )  # fmt: skip
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", index=True, copy=False)
    progress = fields.Float("Progress (%)", readonly=True, copy=False, aggregator=None)
    message = fields.Char(readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)

    order_count = fields.Integer("Orders Looked At", readonly=True, copy=False)
    line_count = fields.Integer("Lines Looked At", readonly=True, copy=False)
    touched_count = fields.Integer("Orders with Benefit", readonly=True, copy=False)
    near_count = fields.Integer("Orders Nearly There", readonly=True, copy=False, help="Below the first threshold, with goods that count.")
    cut_count = fields.Integer("Orders Cut by a Limit", readonly=True, copy=False)
    distributor_count = fields.Integer("Distributors with Benefit", readonly=True, copy=False)
    benefit_amount = fields.Monetary("Cost", readonly=True, copy=False, help="Untaxed, free goods at full price.")
    free_amount = fields.Monetary("Of Which Free Goods", readonly=True, copy=False)
    turnover_amount = fields.Monetary(
        "Turnover of These Orders", readonly=True, copy=False, help="Untaxed totals, as they were, of the orders with benefit."
    )
    cost_percent = fields.Float("Cost in % of Turnover", compute="_compute_cost_percent", aggregator=None)
    booked_amount = fields.Monetary("Booked", readonly=True, copy=False, help="What the ledger has of the scheme in these orders.")
    different_count = fields.Integer("Orders That Differ", readonly=True, copy=False, help="Orders of which the ledger has something else.")
    other_amount = fields.Monetary("Other Schemes Then", readonly=True, copy=False, help="What all other schemes give beside it.")
    other_booked_amount = fields.Monetary("Other Schemes Booked", readonly=True, copy=False)
    slab_line_ids = fields.One2many("dms.scheme.backtest.slab", "backtest_id", "Slabs", readonly=True)
    distributor_line_ids = fields.One2many("dms.scheme.backtest.distributor", "backtest_id", "Distributors", readonly=True)
    order_line_ids = fields.One2many("dms.scheme.backtest.order", "backtest_id", "Orders", readonly=True)

    _dates = models.Constraint("CHECK(date_from <= date_to)", "The last day of a back-test is before its first one.")

    @api.depends("benefit_amount", "turnover_amount")
    def _compute_cost_percent(self):
        for test in self:
            test.cost_percent = 100.0 * test.benefit_amount / test.turnover_amount if test.turnover_amount else 0.0

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given({name for vals in vals_list for name in vals})
        found = {name for name in self._fields if name not in GIVEN_FIELDS}
        context = {key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in found}
        return super(DmsSchemeBacktest, self.with_env(self.env(context=context))).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._check_given(vals.keys())
        if "scheme_id" in vals and not self.env.su:
            raise UserError(self.env._("A back-test belongs to its scheme: start another one from the other scheme."))
        return super().write(vals)

    def _check_given(self, names):
        if set(names) - GIVEN_FIELDS and not self.env.su:
            raise AccessError(self.env._("The figures of a back-test come from running it, they are not entered."))

    # ------------------------------------------------------------ run

    def action_run(self):
        """Run these back-tests: small ones now, large ones in the background.

        :raise AccessError: for who is no scheme manager
        :raise UserError: where the way to run it does not fit the scheme
        """
        self._check_runner()
        for test in self:
            test._check_runnable()
            if test._count_lines() <= DIRECT_LINES:
                test.sudo()._run()  # its own rows, of a scheme the runner may read
            else:
                test.sudo().write({"state": "waiting", "progress": 0.0, "message": False})  # its own rows
                self.env.ref("dms_schemes.cron_backtest").sudo()._trigger()  # whoever runs it
        return True

    def _check_runner(self):
        self.check_access("read")
        self.scheme_id._check_manager()

    def _check_runnable(self):
        """Refuse what cannot be run; extended by kinds of schemes that are not run on orders."""
        scheme = self.scheme_id
        if not scheme.slab_ids:
            raise UserError(self.env._("%(scheme)s has no slab: add one before you try it.", scheme=scheme.display_name))
        if scheme.scope == "period":
            raise UserError(
                self.env._("%(scheme)s is settled on what is invoiced over a period, not on orders.", scheme=scheme.display_name)
            )
        if self.mode == "replay" and scheme.state == "draft":
            raise UserError(self.env._("%(scheme)s has never run: run it beside the schemes of that time.", scheme=scheme.display_name))

    def _count_lines(self):
        return self._past_orders().count()[1]

    @api.model
    def _cron_run(self):
        """Run what waits; one that was interrupted starts again."""
        waiting = self.search([("state", "in", ("waiting", "running"))], order="id")
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        commit_progress(remaining=len(waiting))
        for test in waiting:
            test._run_in_background(commit_progress)
            if not commit_progress(1):
                break

    def _run_in_background(self, commit_progress):
        self.write({"state": "running", "progress": 0.0})
        commit_progress(0)
        try:
            self._check_runnable()
            self._run(self._show_progress(commit_progress))
        except UserError as error:
            self.write({"state": "failed", "message": str(error)})

    def _show_progress(self, commit_progress):
        def show(done):
            self.progress = done
            commit_progress(0)

        return show

    def _past_orders(self, goods=None):
        return PastOrders(self.company_id, self.date_from, self.date_to, goods)

    # ------------------------------------------------------------ result rows

    def action_open_orders(self):
        """The orders that got something, for a closer look."""
        self.ensure_one()
        self._check_runner()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of the Back-Test"),
            "res_model": "dms.scheme.backtest.order",
            "view_mode": "list,pivot,graph",
            "domain": [("backtest_id", "=", self.id)],
        }


class DmsScheme(models.Model):
    _inherit = "dms.scheme"

    backtest_ids = fields.One2many("dms.scheme.backtest", "scheme_id", "Back-Tests", groups="dms_schemes.group_scheme_manager")

    def action_backtest(self, date_from=None, date_to=None, mode=None):
        """Run this scheme on past orders and open what it would have cost; nothing but the result is written.

        :param date_from: first day, 90 days ago by default, for an approved scheme its own first day
        :param date_to: last day, today by default, for an approved scheme its own last day
        :param mode: ``alone``, ``running`` (a draft's default) or ``replay`` (an approved scheme's default)
        :raise AccessError: for who is no scheme manager
        :raise UserError: where it cannot be run
        """
        self.ensure_one()
        self._check_manager()
        given = {"date_from": date_from, "date_to": date_to, "mode": mode}
        values = self._prepare_backtest_values() | {name: value for name, value in given.items() if value}
        test = self.env["dms.scheme.backtest"].create(values)
        test.action_run()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back-Test"),
            "res_model": test._name,
            "res_id": test.id,
            "view_mode": "form",
        }

    def _prepare_backtest_values(self):
        """The scheme's own life, or the usual period before today for one that has not lived."""
        today = self.company_id._dms_today()
        start, end, mode = today - timedelta(days=USUAL_DAYS), today, "running"
        if self.state != "draft":
            mode = "replay"
            start = self.date_from or self.sudo()._get_first_day() or start  # a day only
            end = min(self.date_to or today, today)
        return {"scheme_id": self.id, "date_from": min(start, end), "date_to": end, "mode": mode}

    def _get_first_day(self):
        """Day of the first order the scheme gave something."""
        first = self.env["dms.scheme.application"].search([("scheme_id", "=", self.id)], order="id", limit=1)
        return first.order_id and first.order_id._dms_scheme_day()
