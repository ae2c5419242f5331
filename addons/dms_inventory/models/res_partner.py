from odoo import api, fields, models
from odoo.exceptions import UserError

SELLOUT_MODES = [
    ("reported", "Reported"),
    ("count", "Calculated from counts"),
]


class ResPartner(models.Model):
    _inherit = "res.partner"

    receipt_lead_days = fields.Integer(
        "Receipt Lead Time (days)",
        groups="base.group_user",
        help="Days after which a delivery that is not confirmed counts as received; 0 for those of the company.",
    )
    sellout_mode = fields.Selection(
        SELLOUT_MODES,
        "Sell-out",
        default="reported",
        groups="base.group_user",
        help="A distributor that reports counts only: what is missing since the last one is its sell-out, marked as derived.",
    )
    stock_opening_date = fields.Date(
        "Stock Opened On", groups="base.group_user", help="Statements of an earlier day are refused; empty for no such day."
    )
    stock_position_ids = fields.One2many("dms.stock.position", "distributor_id", "Stock Positions", groups="base.group_user")

    stock_out_count = fields.Integer(
        "Products out of Stock", compute="_compute_stock_out_count", groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager"
    )

    _receipt_lead_days_range = models.Constraint("CHECK(receipt_lead_days BETWEEN 0 AND 365)", "A lead time lies between 0 and 365 days.")

    def _compute_stock_out_count(self):
        domain = [("distributor_id", "in", self.ids), ("status", "=", "out")]
        counts = dict(self.env["dms.stock.position"]._read_group(domain, ["distributor_id"], ["__count"]))
        for partner in self:
            partner.stock_out_count = counts.get(partner, 0)

    def action_open_stock(self):
        """The stock of these distributors."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_position")
        return action | {"domain": [("distributor_id", "in", self.ids)], "context": {}}

    def _dms_receipt_days(self, company):
        """Days after which an unconfirmed delivery to this distributor counts as received."""
        return self.receipt_lead_days or company.receipt_lead_days

    def _dms_has_stock_ledger(self):
        return bool(self) and bool(
            self.env["dms.stock.ledger"].sudo().search_count([("distributor_id", "in", self.ids)], limit=1)  # whether there is any
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_stock_ledger(self):
        if self._dms_has_stock_ledger():
            raise UserError(self.env._("A distributor with a stock ledger cannot be deleted. Close it instead."))
