from odoo import api, fields, models
from odoo.exceptions import UserError

STATEMENT_KINDS = [
    ("sellout", "Sell-out"),
    ("count", "Count"),
    ("correction", "Correction"),
]
SOURCES = [("form", "Form"), ("paste", "Pasted Lines"), ("file", "File"), ("api", "API")]
#: what posting and cancelling write, and nobody else
OWN_FIELDS = {"state", "posted_on", "posted_by_id", "is_late", "review_reason", "name", "is_from_portal"}


class DmsStockStatement(models.Model):
    """What a distributor reports of its stock: what it sold on a day or up to it, what it counted, what was wrong.

    Posting writes the ledger (`dms_stock_statement_post.py`); a statement that does not fit what is known waits for review.
    """

    _name = "dms.stock.statement"
    _description = "Stock Statement"
    _inherit = ["mail.thread", "mail.activity.mixin", "dms.item.match"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company)
    distributor_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_distributor", "=", True)], tracking=True
    )
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index=True, groups="base.group_user")
    date = fields.Date(
        required=True, index=True, default=lambda self: self.env.company._dms_today(), tracking=True, help="The day it is about."
    )
    kind = fields.Selection(STATEMENT_KINDS, required=True, default="sellout")
    reference = fields.Char(copy=False, help="The distributor's own number of it; no two statements of a distributor have the same.")
    source = fields.Selection(SOURCES, required=True, readonly=True, default="form", copy=False)
    is_full_count = fields.Boolean("Everything Was Counted", help="What is not listed was not there: its balance becomes 0.")
    is_from_portal = fields.Boolean("From the Portal", readonly=True, copy=False)
    line_ids = fields.One2many("dms.stock.statement.line", "statement_id", "Lines", copy=True)
    line_count = fields.Integer("Number of Lines", compute="_compute_line_count")
    state = fields.Selection(
        [("draft", "Draft"), ("review", "To Review"), ("posted", "Posted"), ("cancelled", "Cancelled")],
        "Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    review_reason = fields.Text("What Does Not Fit", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Late",
        readonly=True,
        copy=False,
        help="Posted after a statement of a later day: balances since then have moved, later counts stand.",
    )
    posted_on = fields.Datetime(readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    note = fields.Text()
    ledger_ids = fields.One2many("dms.stock.ledger", "statement_id", readonly=True)

    _reference_uniq = models.UniqueIndex(
        "(company_id, distributor_id, reference) WHERE reference IS NOT NULL AND state != 'cancelled'",
        "A statement of this distributor has this reference already.",
    )

    @api.depends("line_ids")
    def _compute_line_count(self):
        groups = self.env["dms.stock.statement.line"]._read_group([("statement_id", "in", self.ids)], ["statement_id"], ["__count"])
        counts = {statement.id: count for statement, count in groups}
        for statement in self:
            statement.line_count = counts.get(statement.id, len(statement.line_ids) if not statement.id else 0)

    @api.constrains("distributor_id", "kind", "date")
    def _check_terms(self):
        for statement in self:
            distributor = statement.distributor_id.sudo()  # whether it is one, and since when its stock is followed
            if not distributor.is_distributor:
                raise UserError(self.env._("%(name)s is not a distributor.", name=distributor.display_name))
            statement._check_date(distributor)

    def _check_date(self, distributor):
        today, opening = self.company_id._dms_today(), distributor.stock_opening_date
        if self.date > today:
            raise UserError(self.env._("A statement cannot be of a day to come: today is %(today)s.", today=today))
        if opening and self.date < opening:
            raise UserError(
                self.env._("The stock of %(name)s is followed since %(day)s; this is earlier.", name=distributor.name, day=opening)
            )

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_foreign_values(vals)
            self._clean_reference(vals)
            if vals.get("name", "New") == "New":
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code("dms.stock.statement") or "New"  # the number only
            company_id = vals.get("company_id", self.env.company.id)
            self._refuse_known_reference(company_id, vals.get("distributor_id"), vals.get("reference"))
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_foreign_values(vals)
        self._clean_reference(vals)
        if {"distributor_id", "date", "kind", "company_id", "is_full_count", "reference", "line_ids"} & vals.keys():
            self._check_open()
        if {"distributor_id", "reference"} & vals.keys():
            for statement in self:
                distributor_id = vals.get("distributor_id", statement.distributor_id.id)
                reference = vals.get("reference", statement.reference)
                statement._refuse_known_reference(statement.company_id.id, distributor_id, reference)
        return super().write(vals)

    def _refuse_foreign_values(self, vals):
        """States are reached by posting and cancelling alone, whatever the rights of who writes; corrections are the desk's."""
        defaults = {"name": ("New",), "state": ("draft",)}
        touched = [name for name in OWN_FIELDS & vals.keys() if vals[name] and vals[name] not in defaults.get(name, ())]
        if touched and not self.env.su:
            raise UserError(self.env._("The status of a statement follows from posting and cancelling it."))
        if vals.get("kind") == "correction" and not (self.env.su or self.env.user.has_group("dms_orders.group_dms_user")):
            raise UserError(self.env._("Corrections are made by the order desk."))

    def _clean_reference(self, vals):
        if "reference" in vals:
            vals["reference"] = (vals["reference"] or "").strip() or False

    def _refuse_known_reference(self, company_id, distributor_id, reference):
        """Name the statement that has a reference already; what two say at once the index refuses."""
        if not reference:
            return
        first = self.sudo().search(  # of the same distributor; its number and day only
            [
                ("company_id", "=", company_id),
                ("distributor_id", "=", distributor_id),
                ("reference", "=", reference),
                ("state", "!=", "cancelled"),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if first:
            raise UserError(
                self.env._(
                    "Reference %(reference)s was reported already, with %(first)s of %(day)s.",
                    reference=reference,
                    first=first.name,
                    day=first.date,
                )
            )

    def _check_open(self):
        if any(statement.state in ("posted", "cancelled") for statement in self):
            raise UserError(self.env._("A posted or cancelled statement stays as it is. Cancel it and make a new one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(statement.state == "posted" or statement.sudo().ledger_ids for statement in self):  # whether there are any
            raise UserError(self.env._("A statement that was posted is kept. Cancel it instead."))

    def action_open_ledger(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_ledger")
        return action | {"domain": [("statement_id", "=", self.id)], "context": {}}
