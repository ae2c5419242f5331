from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("received", "Received"),
    ("inspected", "Inspected"),
    ("settled", "Settled"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]


class DmsReturn(models.Model):
    """Goods a distributor sends back, from any number of deliveries, until they are credited or replaced.

    What may come back and the decisions are in `_life` and `_policy`, the limit of every delivered line in `_limit`, transfers and
    the inspection in `_goods`, the credit in `_settle`.
    """

    _name = "dms.return"
    _description = "Return"
    _inherit = ["dms.case"]

    _open_fields = frozenset({"distributor_id", "line_ids", "note", "resolution"})
    _balls = {
        "draft": "distributor",
        "submitted": "officer",
        "approved": "distributor",
        "received": "warehouse",
        "inspected": "finance",
    }

    state = fields.Selection(STATES, "Status", required=True, readonly=True, copy=False, default="draft", index=True, tracking=True)
    resolution = fields.Selection(
        [("credit", "Credit"), ("replacement", "Replacement")], "In Exchange", required=True, default="credit", tracking=True
    )
    line_ids = fields.One2many("dms.return.line", "return_id", "Lines", copy=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    picking_ids = fields.One2many("stock.picking", "dms_return_id", "Transfers", readonly=True, groups="base.group_user")
    refund_ids = fields.One2many("account.move", "dms_return_id", "Credit Notes", readonly=True, groups="base.group_user")
    order_ids = fields.Many2many("sale.order", string="Orders", compute="_compute_order_ids")
    credit_amount = fields.Monetary(
        "Credit",
        compute="_compute_credit_amount",
        store=True,
        help="Company currency, untaxed, before a restocking fee; expected until settled.",
    )

    @api.depends("line_ids.sale_line_id")
    def _compute_order_ids(self):
        for case in self:
            case.order_ids = case.line_ids.sudo().sale_line_id.order_id  # which they are; read with the reader's rights

    @api.depends("line_ids.credit_amount")
    def _compute_credit_amount(self):
        for case in self:
            case.credit_amount = sum(case.line_ids.mapped("credit_amount"))

    def _get_makers(self):
        return super()._get_makers() | self.line_ids.sale_line_id.order_id.user_id

    def _get_evidence_types(self):
        return super()._get_evidence_types() | self.line_ids.reason_id.evidence_type_ids

    def _needs_evidence(self):
        return super()._needs_evidence() or any(line._needs_evidence() for line in self.line_ids)
