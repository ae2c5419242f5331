from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    dms_return_id = fields.Many2one(
        "dms.return", "Return", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )


class StockMove(models.Model):
    _inherit = "stock.move"

    dms_return_line_id = fields.Many2one(
        "dms.return.line", "Return Line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
