from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.date_utils import end_of, start_of

PERIODS = [
    ("yesterday", "Yesterday"),
    ("last_week", "Last Week"),
    ("this_month", "This Month"),
    ("last_month", "Last Month"),
    ("this_quarter", "This Quarter"),
    ("last_quarter", "Last Quarter"),
    ("this_year", "This Year"),
    ("last_year", "Last Year"),
    ("custom", "From … To"),
]


class DmsWorkbook(models.Model):
    """A workbook as somebody wants it: what it shows, of when and whom, and who gets it how often.

    Files are made by :class:`dms.workbook.run`, each with the rights of the one user it is for.
    """

    _name = "dms.workbook"
    _description = "Sales Workbook"
    _inherit = ["mail.thread", "dms.own.company"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection("_get_kind_selection", required=True, default="sales_distributor", tracking=True)
    user_id = fields.Many2one("res.users", "Owner", required=True, default=lambda self: self.env.user, tracking=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Whose clock counts. Without one it is that of the owner's company."
    )
    has_period = fields.Boolean(compute="_compute_has_period")

    period = fields.Selection(PERIODS, required=True, default="this_month", tracking=True, help="Seen from the day the file is made.")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    territory_ids = fields.Many2many(
        "dms.territory", string="Territories", ondelete="restrict", help="With all below them; empty for all that the reader sees."
    )
    distributor_ids = fields.Many2many(
        "res.partner", string="Distributors", domain=[("is_distributor", "=", True)], ondelete="restrict", help="Empty for all."
    )
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories", ondelete="restrict", help="With all below them; empty for all."
    )
    company_ids = fields.Many2many(
        "res.company", "dms_workbook_company_rel", string="Companies", help="Empty for all companies of the reader."
    )

    run_ids = fields.One2many("dms.workbook.run", "workbook_id", "Files", readonly=True)

    _period = models.Constraint("CHECK(date_from <= date_to)", "The period would end before it starts: swap its first and last day.")

    @api.model
    def _get_kinds(self):
        """See ``dms_workbook_kinds.py``."""
        return {}

    @api.model
    def _get_kind_selection(self):
        return [(code, kind.label) for code, kind in self._get_kinds().items()]

    @api.model
    def _get_kind(self, code):
        """The :class:`~.workbook_scope.Kind` of a code.

        :raise UserError: when nobody knows it
        """
        kind = self._get_kinds().get(code)
        if not kind:
            raise UserError(self.env._("There is no kind of workbook called %(kind)s.", kind=code or "-"))
        return kind

    @api.depends("kind")
    def _compute_has_period(self):
        kinds = self._get_kinds()
        for workbook in self:
            workbook.has_period = workbook.kind in kinds and kinds[workbook.kind].has_period

    @api.constrains("period", "date_from", "date_to")
    def _check_period(self):
        for workbook in self:
            if workbook.period == "custom" and not (workbook.date_from and workbook.date_to):
                raise ValidationError(self.env._("Fill in the first and the last day of the period."))

    # ------------------------------------------------------------ who keeps it

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_given(vals)
        return super().write(vals)

    @api.model
    def _check_given(self, vals):
        """Refuse an unknown kind by a sentence, and a workbook in somebody else's name."""
        if "kind" in vals:
            self._get_kind(vals["kind"])
        others = vals.get("user_id") not in (None, self.env.uid)
        if others and not self.env.su and not self.env.user.has_group("dms_orders.group_dms_manager"):
            raise AccessError(self.env._("Only managers of distribution give a workbook another owner."))

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=workbook.name), "user_id": self.env.uid}
            for workbook, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ------------------------------------------------------------ buttons

    def action_run(self):
        """Make the files of these workbooks for the user himself, in the background. One that he waits for already is not made twice."""
        self.check_access("read")
        runs = self.env["dms.workbook.run"]
        for workbook in self:
            runs |= workbook._queue(self.env.user)
        return runs._notify_queued()

    def action_view_runs(self):
        """The files made of these workbooks that the user may see."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_reports.action_workbook_run")
        return {**action, "domain": [("workbook_id", "in", self.ids)]}

    # ------------------------------------------------------------ what a file is made of

    def _queue(self, user, due_on=None):
        """A run for a user; see :meth:`dms.workbook.run._queue`."""
        self.ensure_one()
        date_from, date_to = self._get_dates(due_on)
        return self.env["dms.workbook.run"]._queue(
            user,
            {
                "name": self.name,
                "workbook_id": self.id,
                "kind": self.kind,
                "company_id": self.company_id.id,
                "date_from": date_from,
                "date_to": date_to,
                "due_on": due_on,
            },
            self._get_chosen(),
        )

    def _get_chosen(self):
        """``{field: ids}`` of what the workbook is narrowed to, as far as its kind can be; archived ones too."""
        workbook = self.sudo().with_context(active_test=False)  # whoever queues it, it stays as narrow as it is
        return {name: workbook[name].ids for name in self._get_kind(self.kind).choices if workbook[name]}

    def _get_clock(self):
        """The company whose day it is."""
        return self.company_id or self.user_id.company_id

    def _get_dates(self, moment=None):
        """First and last day of the period, seen from a moment (now by default); ``(None, None)`` for a kind without one."""
        if not self.has_period:
            return None, None
        if self.period == "custom":
            return self.date_from, self.date_to
        today = self._get_clock()._dms_local(moment or fields.Datetime.now()).date()
        if self.period == "yesterday":
            return today - relativedelta(days=1), today - relativedelta(days=1)
        which, stretch = self.period.split("_")
        day = today - relativedelta(
            **{{"quarter": "months"}.get(stretch, f"{stretch}s"): (3 if stretch == "quarter" else 1) * (which == "last")}
        )
        return start_of(day, stretch), end_of(day, stretch)
