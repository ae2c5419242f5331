from odoo import models
from odoo.exceptions import UserError


class DmsScheme(models.Model):
    """Approval with regard to what the check found."""

    _inherit = "dms.scheme"

    def action_request_approval(self):
        """The approver's button: check the draft once more, and ask for a note where something wants a look.

        :raise AccessError: without the right to approve
        :raise UserError: for one's own scheme, or one whose terms make no sense
        """
        self.ensure_one()
        self._check_decider()
        if self.state != "draft":
            return True
        self._check_maker()
        self._check_approvable()
        self._renew_findings()
        if any(finding.severity == "warning" for finding in self._get_open_findings()):
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Approve %(scheme)s", scheme=self.display_name),
                "res_model": "dms.scheme.approval",
                "view_mode": "form",
                "target": "new",
                "context": {"default_scheme_id": self.id},
            }
        return self.action_approve()

    def action_approve(self, note=None):
        """As before, with a note on what the check of a draft found.

        :param note: why the warnings are accepted; needed where a check has found any
        """
        self._check_decider()
        drafts = self.filtered(lambda scheme: scheme.state == "draft")
        note = note.strip() if isinstance(note, str) else ""
        found = drafts._get_open_findings().filtered(lambda finding: finding.severity == "warning")
        if found and not note:
            raise UserError(
                self.env._(
                    "The check found what wants a look:\n%(findings)s\nApprove with a note that says why it is accepted.",
                    findings="\n".join(
                        f"- {finding.message}" for finding in found if not finding.is_cost or self.env.user._dms_sees_cost()
                    ),
                )
            )
        result = super().action_approve()
        found._acknowledge(note)
        for scheme in drafts if note else ():
            scheme.message_post(body=self.env._("Approved: %(note)s", note=note), subtype_xmlid="mail.mt_note")
        return result

    def _get_open_findings(self):
        return self.sudo().finding_ids.filtered(lambda finding: not finding.acknowledged_by_id)  # of schemes the user may approve
