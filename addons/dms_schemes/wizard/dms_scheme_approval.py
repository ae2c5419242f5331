from odoo import fields, models


class DmsSchemeApproval(models.TransientModel):
    """The approver's note on what the check of a draft found."""

    _name = "dms.scheme.approval"
    _description = "Approval of a Scheme"

    scheme_id = fields.Many2one("dms.scheme", required=True, ondelete="cascade")
    finding_ids = fields.One2many(related="scheme_id.finding_ids")
    note = fields.Char(required=True, help="Why what was found is accepted.")

    def action_approve(self):
        """Approve the scheme with the note.

        :raise AccessError: without the right to approve
        """
        self.ensure_one()
        self.scheme_id.action_approve(self.note)
        return {"type": "ir.actions.act_window_close"}
