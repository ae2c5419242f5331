from odoo import fields, models


class DmsReturnReason(models.Model):
    """Why goods come back, and the policy that goes with it: whether, how long, how much, and what is paid for them."""

    _name = "dms.return.reason"
    _description = "Return Reason"
    _inherit = ["dms.finite.numbers", "dms.own.company"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty for all companies.")
    categ_ids = fields.Many2many(
        "product.category", string="Categories", help="Products of these and all below may come back for it; empty for all."
    )
    scheme_policy = fields.Selection(
        [
            ("net", "What was paid for them"),
            ("requalify", "What was paid, less what the kept goods would have cost"),
            ("with_free", "What was paid; free goods come back or are charged"),
        ],
        required=True,
        default="net",
        help="What is credited where schemes took something off the goods, or gave others with them.",
    )
    window_days = fields.Integer("Window (days)", help="Days after the delivery, the last one included; 0 for no limit.")
    expiry_days_before = fields.Integer("Days before Expiry", help="Earliest day for goods with an expiry date, counted back from it.")
    expiry_days_after = fields.Integer("Days after Expiry", help="Last day for goods with an expiry date, counted from it.")
    has_expiry_window = fields.Boolean(
        "Expiry Window", compute="_compute_has_expiry_window", help="Whether the days around the expiry count."
    )
    max_share_percent = fields.Float(
        "Share of Purchases (%)",
        help="Most that may be sent back for this reason in a calendar quarter, of what was invoiced less credited in the quarter before; 0 for no limit.",
    )
    goods_required = fields.Boolean(
        "Goods Come Back", default=True, help="Otherwise they may be destroyed at the distributor, with evidence."
    )
    restocking_fee_percent = fields.Float("Restocking Fee (%)", help="Taken off the credit as a line of its own.")
    evidence_required = fields.Boolean("Evidence Needed", help="Nothing is submitted without a file.")
    evidence_type_ids = fields.Many2many(
        "dms.evidence.type", string="Evidence", help="One file of each is needed; empty: any file will do."
    )
    disposition = fields.Selection(
        [("restock", "Restock"), ("scrap", "Scrap"), ("destroyed_at_distributor", "Destroyed at Distributor")],
        required=True,
        default="restock",
        help="What becomes of the goods unless the inspection says otherwise.",
    )

    _code_uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "There is a reason with this code already.")
    _window_positive = models.Constraint(
        "CHECK(window_days >= 0 AND expiry_days_before >= 0 AND expiry_days_after >= 0)", "Days are no negative numbers."
    )
    _share_range = models.Constraint("CHECK(max_share_percent BETWEEN 0 AND 100)", "A share lies between 0 and 100 percent.")
    _fee_range = models.Constraint("CHECK(restocking_fee_percent BETWEEN 0 AND 100)", "A fee lies between 0 and 100 percent.")

    def _compute_has_expiry_window(self):
        for reason in self:
            reason.has_expiry_window = bool(reason.expiry_days_before or reason.expiry_days_after)
