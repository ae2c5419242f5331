from odoo import api, fields, models
from odoo.exceptions import AccessError

STATES = [("open", "Open"), ("claimed", "Claimed"), ("settled", "Settled")]


class DmsSchemeAccrual(models.Model):
    """What a scheme came to owe one distributor in one month: the true-up between what is owed so far and what was accrued before.

    Rows are written by the monthly job and by settlement, and by nobody else. Amounts are company currency, untaxed; those
    of a row may be negative where more was credited than invoiced. Once claimed a row is not changed: what comes later goes
    to a row of its own.
    """

    _name = "dms.scheme.accrual"
    _description = "Scheme Accrual"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, readonly=True, ondelete="restrict")
    scheme_code = fields.Char("Code", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    distributor_id = fields.Many2one("res.partner", required=True, index=True, readonly=True, ondelete="restrict")
    territory_id = fields.Many2one("dms.territory", index="btree_not_null", readonly=True, ondelete="restrict", help="As it was then.")
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    slot = fields.Char(readonly=True, help="Month and distributor of an open row: there is one of each.")
    is_adjustment = fields.Boolean(
        "Prior-Period Adjustment", readonly=True, help="Takes in documents of days that had been claimed or settled before."
    )

    base_qty = fields.Float(
        "Base Quantity", readonly=True, digits="Product Unit", help="Came in with this row, in own units of the products."
    )
    base_amount = fields.Monetary("Base", readonly=True, help="Came in with this row: invoiced less credited, untaxed.")
    total_base_qty = fields.Float("Base Quantity to Date", readonly=True, digits="Product Unit", aggregator=None)
    total_base_amount = fields.Monetary("Base to Date", readonly=True, aggregator=None)
    entitlement_amount = fields.Monetary("Earned to Date", readonly=True, aggregator=None, help="What the scheme owes on the base to date.")
    slab_id = fields.Many2one("dms.scheme.slab", "Slab Reached", readonly=True, ondelete="restrict")
    cap = fields.Selection([("max_per_distributor", "Limit per distributor"), ("budget", "Budget")], "Cut By", readonly=True)
    amount = fields.Monetary("Accrued", readonly=True, help="Earned to date less what was accrued before.")
    settled_amount = fields.Monetary("Settled", readonly=True)
    released_amount = fields.Monetary("Released", readonly=True, help="Accrued, and not owed after all.")
    open_amount = fields.Monetary(
        "Owed", compute="_compute_open_amount", store=True, precompute=True, help="Accrued less settled and released."
    )

    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True, tracking=True)
    claimed_by_id = fields.Many2one("res.users", "Asked By", readonly=True, ondelete="restrict")
    claimed_on = fields.Datetime("Asked On", readonly=True)
    settled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    settled_on = fields.Datetime(readonly=True)
    release_reason = fields.Char(readonly=True)
    move_id = fields.Many2one(
        "account.move", "Accrual Entry", readonly=True, index="btree_not_null", ondelete="restrict", help="The latest one."
    )
    settlement_move_id = fields.Many2one("account.move", "Credit Note", readonly=True, index="btree_not_null", ondelete="restrict")
    item_ids = fields.One2many("account.move.line", "scheme_accrual_id", "Journal Items", readonly=True)
    line_ids = fields.One2many("dms.scheme.accrual.line", "accrual_id", "Documents", readonly=True)
    removed_line_ids = fields.One2many("dms.scheme.accrual.line", "removed_accrual_id", "Documents Taken Out", readonly=True)

    _one_open = models.UniqueIndex("(scheme_id, slot)", "A scheme has one open accrual for a distributor and month.")

    @api.depends("scheme_id.display_name", "distributor_id.name", "date_from")
    def _compute_display_name(self):
        for accrual in self:
            month = accrual.date_from and accrual.date_from.strftime("%Y-%m")
            accrual.display_name = f"{accrual.scheme_code}, {accrual.distributor_id.name}, {month}"

    @api.depends("amount", "settled_amount", "released_amount")
    def _compute_open_amount(self):
        for accrual in self:
            rest = accrual.amount - accrual.settled_amount - accrual.released_amount
            accrual.open_amount = accrual.company_id.currency_id.round(rest) + 0.0  # no minus zero

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("An accrual is settled or released, never deleted."))

    def _lock_schemes(self):
        """Nobody else accrues or settles these schemes until this transaction ends."""
        self.env["dms.limit.lock"]._lock({row.scheme_id._get_accrual_key() for row in self})


class DmsSchemeAccrualLine(models.Model):
    """A source behind an accrual: an invoice or credit note line, or an order's benefit, which counts once in its scheme.

    A source that changes later (reset to draft, cancelled, consumed further) is taken out by the accrual that notices it,
    and taken in as it is then; the row itself is never changed.
    """

    _name = "dms.scheme.accrual.line"
    _description = "Source of a Scheme Accrual"
    _order = "date, id"
    _rec_name = "accrual_id"

    accrual_id = fields.Many2one("dms.scheme.accrual", required=True, index=True, readonly=True, ondelete="restrict")
    removed_accrual_id = fields.Many2one("dms.scheme.accrual", "Taken Out By", index="btree_not_null", readonly=True, ondelete="restrict")
    scheme_id = fields.Many2one("dms.scheme", required=True, readonly=True, ondelete="restrict")
    scheme_code = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    distributor_id = fields.Many2one("res.partner", required=True, index=True, readonly=True, ondelete="restrict")
    territory_id = fields.Many2one(related="accrual_id.territory_id")
    source = fields.Integer(readonly=True, aggregator=None)
    move_line_id = fields.Many2one("account.move.line", readonly=True, index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", "Document", readonly=True, index="btree_not_null", ondelete="set null")
    application_id = fields.Many2one("dms.scheme.application", "Benefit", readonly=True, index="btree_not_null", ondelete="set null")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    date = fields.Date(readonly=True)
    quantity = fields.Float(readonly=True, digits=(16, 6), help="In the product's own unit.")
    amount = fields.Monetary("Base", readonly=True, help="Untaxed, company currency, negative on credit notes.")
    benefit = fields.Monetary("Earned", readonly=True, help="Earned by an order and invoiced, company currency.")
    currency_id = fields.Many2one(related="company_id.currency_id")

    _once = models.UniqueIndex(
        "(company_id, scheme_code, move_line_id) WHERE removed_accrual_id IS NULL", "A document counts once in a scheme."
    )
    _benefit_once = models.UniqueIndex("(scheme_id, application_id) WHERE removed_accrual_id IS NULL", "A benefit is accrued once.")
    _live_idx = models.Index("(scheme_id, distributor_id) WHERE removed_accrual_id IS NULL")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The documents behind an accrual stay with it."))
