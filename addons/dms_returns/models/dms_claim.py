from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("under_review", "Under Review"),
    ("approved", "Approved"),
    ("settled", "Settled"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]
OFFICER, MANAGER = "dms_returns.group_claims_officer", "dms_returns.group_claims_manager"
#: what officers write of a claim and of its lines while they decide
DECISIONS = frozenset({"amount_approved", "is_decided"})


class DmsClaim(models.Model):
    """Money a distributor asks for without sending goods back: what it claims, what was calculated, what was approved.

    Its life is in `_life` and `_decide`, what stops its submission in `_check`, the limit of every invoice in `_limit`, calculated
    amounts in `dms_claim_calculate`, the credit note in `_settle` and `_accruals`, the doors of the portal in `_portal`.
    """

    _name = "dms.claim"
    _description = "Claim"
    _inherit = ["dms.case"]

    _open_fields = frozenset(
        {
            "distributor_id",
            "claim_type_id",
            "invoice_id",
            "picking_id",
            "scheme_id",
            "accrual_ids",
            "line_ids",
            "amount_claimed",
            "note",
            "reference",
        }
    )
    _context_fields = frozenset()  # values are checked before they meet the database, defaults are not
    _balls = {"draft": "distributor", "submitted": "officer", "under_review": "officer", "approved": "finance"}

    state = fields.Selection(STATES, "Status", required=True, readonly=True, copy=False, default="draft", index=True, tracking=True)
    claim_type_id = fields.Many2one("dms.claim.type", required=True, index=True, ondelete="restrict", tracking=True)
    kind = fields.Selection(related="claim_type_id.kind", store=True, precompute=True)
    reference = fields.Char("Distributor's Reference", help="Number of the distributor's own debit note.")
    invoice_id = fields.Many2one("account.move", index="btree_not_null", ondelete="restrict", check_company=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", index="btree_not_null", ondelete="restrict", check_company=True)
    scheme_id = fields.Many2one("dms.scheme", index="btree_not_null", ondelete="restrict", check_company=True)
    accrual_ids = fields.Many2many(
        "dms.scheme.accrual", "dms_claim_accrual_rel", "claim_id", "accrual_id", "Accruals", groups="base.group_user"
    )
    line_ids = fields.One2many("dms.claim.line", "claim_id", "Lines", copy=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_claimed = fields.Monetary(
        "Claimed", compute="_compute_amount_claimed", store=True, readonly=False, tracking=True, help="Company currency, untaxed."
    )
    amount_calculated = fields.Monetary("Calculated", compute="_compute_amount_calculated", store=True, copy=False)
    amount_approved = fields.Monetary(
        "Approved", copy=False, tracking=True, help="Left alone, all that is claimed; split over the lines where none of them is decided."
    )
    is_decided = fields.Boolean("Decided", copy=False, groups="base.group_user", help="Whether the approved amount was given, 0 included.")
    is_automatic = fields.Boolean("Approved without a Person", readonly=True, copy=False, groups="base.group_user")
    refund_id = fields.Many2one("account.move", "Credit Note", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")

    # ------------------------------------------------------------ computed

    @api.depends("line_ids.amount_claimed")
    def _compute_amount_claimed(self):
        for claim in self:
            if claim.line_ids:
                claim.amount_claimed = sum(claim.line_ids.mapped("amount_claimed"))

    @api.depends("line_ids.amount_calculated")
    def _compute_amount_calculated(self):
        for claim in self:
            claim.amount_calculated = sum(claim.line_ids.mapped("amount_calculated"))

    # ------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """What the sources come to is calculated at once."""
        self._check_ids(vals_list)
        claims = super().create(vals_list)
        full = claims._with_full_rights()
        full._complete_lines()
        full._calculate()
        return claims

    def write(self, vals):
        self._check_ids([vals])
        if "amount_approved" in vals:
            vals = {"is_decided": True, **vals}
        vals = vals if self.env.su else self._write_decisions(dict(vals))
        result = super().write(vals) if vals else True
        if self._open_fields & vals.keys():
            full = self._with_full_rights()
            full._complete_lines()
            full._calculate()
        return result

    def _write_decisions(self, vals):
        """Write what officers decide of submitted claims, and return the rest."""
        lines = vals.get("line_ids")
        if lines and all(self._is_decision(command) for command in lines):
            for _update, line_id, values in vals.pop("line_ids"):
                if line_id not in self.line_ids.ids:
                    raise UserError(self.env._("A line is not one of %(name)s.", name=", ".join(self.mapped("name"))))
                self.line_ids.browse(line_id).write(values)
        decision = {name: vals.pop(name) for name in DECISIONS & vals.keys()}
        if decision:
            self._check_may_decide()
            self.sudo().write(decision)  # claims the officer may decide on
        return vals

    @api.model
    def _is_decision(self, command):
        """Whether a command changes nothing of a line but what was approved."""
        is_update = isinstance(command, list | tuple) and len(command) == 3 and command[0] == Command.UPDATE
        return is_update and isinstance(command[2], dict) and bool(command[2]) and command[2].keys() <= DECISIONS

    def _check_may_decide(self):
        """Whether the user may say what is approved, now."""
        self._check_group(OFFICER)
        self._check_not_maker()
        if any(claim.state not in ("submitted", "under_review") for claim in self):
            raise UserError(self.env._("Amounts are approved between the submission and the decision."))

    @api.model
    def _check_ids(self, vals_list):
        """Refuse ids of documents that are none, before the database does."""
        commands = [command for vals in vals_list for command in vals.get("line_ids") or () if isinstance(command, list | tuple)]
        lines = [command[2] for command in commands if len(command) == 3 and isinstance(command[2], dict)]
        self.env["dms.claim.line"]._check_source_ids(lines)
        self._check_known(vals_list, ("distributor_id", "claim_type_id", "invoice_id", "picking_id", "scheme_id"))

    # ------------------------------------------------------------ who made it, what it needs

    def _get_makers(self):
        return super()._get_makers() | self._get_orders().user_id

    def _get_orders(self):
        """Sales orders these claims are about."""
        lines, moves = self.line_ids, self.picking_id.move_ids
        invoiced = (lines.invoice_line_id | self.invoice_id.invoice_line_ids).sale_line_ids
        return (invoiced | moves.sale_line_id | lines._get_sources("stock.move.line").move_id.sale_line_id).order_id

    def _get_evidence_types(self):
        return super()._get_evidence_types() | self.claim_type_id.evidence_type_ids

    def _needs_evidence(self):
        return super()._needs_evidence() or self.claim_type_id.evidence_required
