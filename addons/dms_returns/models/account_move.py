from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dms_return_id = fields.Many2one(
        "dms.return", "Return", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
    dms_claim_id = fields.Many2one(
        "dms.claim", "Claim", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
    dms_claiming_line_ids = fields.One2many(
        "dms.claim.line", "invoice_id", "Claimed By", readonly=True, copy=False, groups="base.group_user"
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dms_return_line_id = fields.Many2one(
        "dms.return.line", "Return Line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
    dms_claim_line_id = fields.Many2one(
        "dms.claim.line", "Claim Line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
