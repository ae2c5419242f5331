from odoo import fields, models


class DmsEvidenceType(models.Model):
    """A paper or photo that a return or claim may need."""

    _name = "dms.evidence.type"
    _description = "Kind of Evidence"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True, help="What the distributor should send; shown beside the upload.")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    dms_evidence_type_id = fields.Many2one(
        "dms.evidence.type", "Kind of Evidence", index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
