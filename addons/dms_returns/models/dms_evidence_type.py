from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

#: what a file is and whose it is
FILE = frozenset({"res_model", "res_id", "type", "url", "raw", "datas", "db_datas", "store_fname", "public"})


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
    """What a return or claim was decided by stays with it."""

    _inherit = "ir.attachment"

    dms_evidence_type_id = fields.Many2one(
        "dms.evidence.type", "Kind of Evidence", index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )

    def write(self, vals):
        if FILE & vals.keys():
            self._dms_check_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._dms_check_kept()

    def _dms_check_kept(self):
        """Only claims managers change or remove files of what was submitted, whatever the rights of the environment: a chatter removes
        files with full rights.

        :raise UserError: naming the return or claim
        """
        if self.env.uid == SUPERUSER_ID or self.env.user.has_group("dms_returns.group_claims_manager"):
            return
        for model in ("dms.return", "dms.claim"):
            files = self.sudo().filtered(lambda file, model=model: file.res_model == model)  # which documents they are of
            domain = [("id", "in", files.mapped("res_id")), ("state", "!=", "draft")]
            if case := files and self.env[model].sudo().search(domain, limit=1):  # its number, known to whoever reaches its files
                raise UserError(self.env._("%(name)s was submitted: its files stay. Ask a claims manager.", name=case.name))
