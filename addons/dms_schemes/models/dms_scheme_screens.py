from odoo import api, fields, models
from odoo.fields import Domain

RUN_STATES = [("draft", "Draft"), ("coming", "Coming"), ("running", "Running"), ("ended", "Ended"), ("closed", "Closed")]


class DmsScheme(models.Model):
    """What the screens of a scheme need besides its terms: where it stands in its time, counts, what the slab editor shows."""

    _inherit = "dms.scheme"

    state = fields.Selection(group_expand=True)
    run_state = fields.Selection(RUN_STATES, "Today", compute="_compute_run_state", search="_search_run_state")
    date_percent = fields.Float("Time Elapsed (%)", compute="_compute_run_state", digits=(16, 0), aggregator=None)
    days_left = fields.Integer(compute="_compute_run_state", aggregator=None, help="To the last day, inclusive.")
    version_count = fields.Integer("Versions", compute="_compute_counts", aggregator=None)
    order_count = fields.Integer("Orders", compute="_compute_counts", aggregator=None, help="Orders that get something from this version.")
    benefit_total = fields.Monetary(
        "Benefits of This Version", compute="_compute_counts", aggregator=None, help="Less what was taken back."
    )
    terms = fields.Char("Gives", compute="_compute_terms", help="The slabs in words.")
    has_free_slabs = fields.Boolean(compute="_compute_slab_kinds")
    has_money_slabs = fields.Boolean(compute="_compute_slab_kinds")
    has_repeated_slabs = fields.Boolean(compute="_compute_slab_kinds")

    # ------------------------------------------------------------ time

    @api.depends("state", "date_from", "date_to")
    def _compute_run_state(self):
        for scheme in self:
            today = scheme.company_id._dms_today()
            scheme.run_state = scheme._get_run_state(today)
            scheme.days_left = (scheme.date_to - today).days + 1 if scheme.date_to and scheme.date_to >= today else 0
            scheme.date_percent = scheme._get_date_percent(today)

    def _get_run_state(self, today):
        if self.state != "approved":
            return self.state
        if self.date_from and self.date_from > today:
            return "coming"
        return "ended" if self.date_to and self.date_to < today else "running"

    def _get_date_percent(self, today):
        """Part of the days that have begun; 0 where the scheme has no beginning or no end."""
        if not self.date_from or not self.date_to or self.date_to < self.date_from:
            return 0.0
        days = (self.date_to - self.date_from).days + 1
        return min(max(100.0 * ((today - self.date_from).days + 1) / days, 0.0), 100.0)

    @api.model
    def _search_run_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._get_run_state_domain(state) for state in value)

    @api.model
    def _get_run_state_domain(self, state):
        today = self.env.company._dms_today()
        approved = Domain("state", "=", "approved")
        begun = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        ended = Domain("date_to", "<", today)
        domains = {
            "coming": approved & Domain("date_from", ">", today),
            "running": approved & begun & ~ended,
            "ended": approved & begun & ended,
        }
        return domains.get(state, Domain("state", "=", state))

    # ------------------------------------------------------------ counts

    def _compute_counts(self):
        versions = {
            (company.id, code): count
            for company, code, count in self._read_group(Domain("code", "in", self.mapped("code")), ["company_id", "code"], ["__count"])
        }
        live = Domain("scheme_id", "in", self.ids) & Domain("state", "!=", "reversed")
        aggregates = ["order_id:count_distinct", "benefit_company_amount:sum", "returned_company_amount:sum"]
        benefits = {
            scheme.id: (orders, given - returned)
            for scheme, orders, given, returned in self.env["dms.scheme.application"]._read_group(live, ["scheme_id"], aggregates)
        }
        for scheme in self:
            scheme.version_count = versions.get((scheme.company_id.id, scheme.code), 0)
            scheme.order_count, scheme.benefit_total = benefits.get(scheme.id, (0, 0.0))

    # ------------------------------------------------------------ slabs

    @api.depends("slab_ids.summary")
    @api.depends_context("lang")
    def _compute_terms(self):
        for scheme in self:
            slabs = scheme.slab_ids.sorted("threshold")
            scheme.terms = "; ".join(slabs.mapped("summary"))

    @api.depends("slab_ids.benefit", "slab_ids.repeat_every")
    def _compute_slab_kinds(self):
        for scheme in self:
            benefits = set(scheme.slab_ids.mapped("benefit"))
            scheme.has_free_slabs = "free_product" in benefits
            scheme.has_money_slabs = not benefits or bool(benefits - {"free_product"})
            scheme.has_repeated_slabs = bool(benefits & {"free_product", "lump_amount"})

    # ------------------------------------------------------------ ways from the form

    def action_open_versions(self):
        """All versions of these schemes."""
        action = self._get_action("dms_schemes.action_scheme")
        return {**action, "domain": list(self._get_versions_domain()), "context": {"create": False}}

    def action_open_benefits(self):
        """The ledger of this version."""
        return {
            **self._get_action("dms_schemes.action_scheme_application"),
            "domain": [("scheme_id", "in", self.ids)],
            "context": {"search_default_live": 1},
        }

    def action_open_orders(self):
        """Orders that get something from this version."""
        action = self._get_action("dms_orders.action_distributor_order")
        domain = [("scheme_application_ids", "any", [("scheme_id", "in", self.ids), ("state", "!=", "reversed")])]
        return {**action, "domain": domain, "context": {"create": False}}

    def action_open_performance(self):
        """What this scheme costs and moves, over all versions."""
        action = self._get_action("dms_schemes.action_scheme_report")
        return {**action, "domain": [("scheme_code", "in", self.mapped("code"))], "context": {}}

    def _get_action(self, xmlid):
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(xmlid)
