"""How far goods and money have come, as transfers and credit notes say: states follow decisions alone."""

from odoo import api, fields, models

from .dms_case_screens import STAFF

GOODS = [("none", "None"), ("waiting", "Not Arrived"), ("partial", "Partly Arrived"), ("arrived", "Arrived")]
MONEY = [("none", "Not Credited"), ("credited", "Credited"), ("partial", "Partly Set Off"), ("used", "Set Off")]


class DmsCase(models.AbstractModel):
    _inherit = "dms.case"

    #: field that holds the credit notes
    _refunds = "refund_ids"

    money_progress = fields.Selection(
        MONEY, "Money", compute="_compute_money_progress", groups=STAFF,
        help="Whether the credit note is posted, and set off against what the distributor owes.",
    )  # fmt: skip

    @api.depends(lambda self: ("state", f"{self._refunds}.state", f"{self._refunds}.payment_state"))
    def _compute_money_progress(self):
        for case in self:
            notes = case.sudo()[self._refunds]  # how far they are, nothing else
            case.money_progress = notes._dms_live()._dms_get_progress()


class DmsReturn(models.Model):
    _inherit = "dms.return"

    goods_progress = fields.Selection(
        GOODS, "Goods", compute="_compute_goods_progress", groups=STAFF, help="Of the transfers that bring the goods back."
    )

    @api.depends("state", "line_ids.move_ids.state")
    def _compute_goods_progress(self):
        for case in self:
            moves = case.sudo().line_ids.move_ids  # how far they are, nothing else
            coming = moves.filtered(lambda move: move.state != "cancel" and move._dms_is_coming_back())
            case.goods_progress = coming._dms_get_progress()


class DmsClaim(models.Model):
    _inherit = "dms.claim"

    _refunds = "refund_id"


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_get_progress(self):
        """One of :data:`GOODS`, of all these moves together."""
        done = self.filtered(lambda move: move.state == "done")
        if not done:
            return "waiting" if self else "none"
        return "arrived" if done == self else "partial"


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dms_get_progress(self):
        """One of :data:`MONEY`, of all these credit notes together."""
        states = set(self.mapped("payment_state"))
        if states <= {"not_paid"}:
            return "credited" if states else "none"
        return "used" if states <= {"paid", "in_payment"} else "partial"
