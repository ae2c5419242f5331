from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .dms_case_screens import OVER

#: states in which files may be added
TAKES_FILES = ("draft", "submitted", "under_review", "approved")


class DmsCase(models.AbstractModel):
    """A return or claim on the distributor's own pages: plain values of checked records with full rights."""

    _name = "dms.case"
    _inherit = ["dms.case", "dms.portal.talk"]

    @api.model
    def _get_portal_domain(self, distributor, company):
        return [("distributor_id", "=", distributor.id), ("company_id", "=", company.id)]

    @api.model
    def _get_portal_filters(self):
        """``{name in the address: (label, domain)}`` of the list."""
        _ = self.env._
        return {
            "yours": (_("Waits for you"), [("ball", "=", "distributor")]),
            "open": (_("Open"), [("state", "not in", OVER)]),
            "over": (_("Over"), [("state", "in", OVER)]),
        }

    @api.model
    def _get_portal_states(self):
        """``{state: (label, sentence, tone)}`` in plain words; a subclass brings its own."""
        return {}

    @api.model
    def _get_portal_balls(self):
        """Who has to act next, as the distributor says it."""
        _ = self.env._
        return {
            "distributor": _("You"),
            "officer": _("Our claims desk"),
            "warehouse": _("Our warehouse"),
            "finance": _("Our accounts"),
            "none": "",
        }

    # ------------------------------------------------------------ list

    def _get_portal_url(self):
        return f"/my/dms/{'returns' if self._name == 'dms.return' else 'claims'}/{self.id}"

    def _get_portal_subject(self):
        """What it is about, in a few words; a subclass brings its own."""
        return ""

    def _get_portal_amount(self):
        """Amount to show, or None; a subclass brings its own."""
        return None

    def _prepare_portal_row(self):
        """One document of a list."""
        label, _sentence, tone = self._get_portal_states()[self.state]
        amount = self._get_portal_amount()
        return {
            "id": self.id,
            "name": self.name,
            "url": self._get_portal_url(),
            "date": format_date(self.env, self.submitted_on or self.create_date),
            "subject": self._get_portal_subject(),
            "label": label,
            "tone": tone,
            "ball": self._get_portal_balls()[self.ball or "none"],
            "is_yours": self.ball == "distributor",
            "amount": "" if amount is None else self.currency_id.format(amount),
        }

    # ------------------------------------------------------------ page

    def _prepare_portal_page(self):
        """One document as its page shows it; extended by subclasses.

        :return: the values of its row, and ``{"sentence", "note", "reason": str, "steps": list, "may": {action: bool}, "missing",
            "findings": [str], "evidence": [{"id", "name", "description", "is_there"}], "files", "messages", "refunds": list of dicts}``
        """
        self.ensure_one()
        row = self._prepare_portal_row()
        return {
            **row,
            "sentence": self._get_portal_states()[self.state][1],
            "note": self.note or "",
            "reason": self.rejection_reason or "",
            "steps": self._prepare_portal_steps(),
            "may": self._get_portal_actions(),
            "findings": self._get_portal_findings() if self.state == "draft" else [],
            "evidence": self._prepare_portal_evidence(),
            "files": self._prepare_portal_files(),
            "messages": self._prepare_portal_messages(self._dms_portal_messages()),
            "refunds": [move._prepare_dms_portal_values() for move in self._get_portal_refunds()],
        }

    def _prepare_portal_steps(self):
        """Stages in their order; none where it ended on the way."""
        way = [state for state, _label in self._fields["state"]._description_selection(self.env) if state not in ("rejected", "cancelled")]
        if self.state not in way:
            return []
        here, labels = way.index(self.state), self._get_portal_states()
        return [
            {"label": labels[state][0], "done": number < here or self.state == "settled", "current": number == here}
            for number, state in enumerate(way)
        ]

    def _get_portal_actions(self):
        """What the distributor may do now."""
        draft = self.state == "draft"
        return {"submit": draft, "cancel": self._may_portal_cancel(), "add": self.state in TAKES_FILES, "print": not draft}

    def _may_portal_cancel(self):
        """Whether it may still be taken back; a subclass brings its own."""
        return self.state in ("draft", "submitted")

    def _get_portal_findings(self):
        """Sentences on what is in the way of submitting a draft; a subclass brings its own."""
        return []

    def _prepare_portal_evidence(self):
        """The list of what proves it, and what of it is there."""
        there = self.evidence_ids.dms_evidence_type_id
        asked = [self._prepare_portal_evidence_type(kind) | {"is_there": kind in there} for kind in self._get_evidence_types()]
        if not asked and self._needs_evidence():
            return [{"id": 0, "name": self.env._("A photo or a document"), "description": "", "is_there": bool(self.evidence_ids)}]
        return asked

    @api.model
    def _prepare_portal_evidence_type(self, kind):
        return {"id": kind.id, "name": kind.name, "description": kind.description or ""}

    def _prepare_portal_files(self):
        return [
            {"name": file.name, "kind": file.dms_evidence_type_id.name or "", "url": f"{self._get_portal_url()}/files/{file.id}"}
            for file in self._dms_portal_files()
        ]

    def _get_portal_refunds(self):
        """Posted credit notes; a subclass brings its own."""
        return self.env["account.move"]

    # ------------------------------------------------------------ doors

    def _portal_send(self):
        """Submit the user's own draft; what is submitted already stays as it is.

        :raise UserError: with every reason at once
        """
        self._submit_own()

    def _portal_cancel(self):
        """Take the user's own document back, as long as that is possible."""
        self._cancel_own()

    def _portal_add_files(self, files):
        """Keep files with the user's own document.

        :param list files: ``[(name, content, id of a kind of evidence or 0)]``
        """
        case = self.env["dms.portal"]._check_own(self)
        if case.state not in TAKES_FILES:
            raise UserError(self.env._("No more files can be added to %(name)s.", name=case.name))
        kinds = case._get_evidence_types()
        for filename, content, kind_id in files:
            kind = kinds.filtered(lambda kind, kind_id=kind_id: kind.id == kind_id) or (kinds if len(kinds) == 1 else kinds.browse())
            case._attach_evidence(filename, content, kind or None)
