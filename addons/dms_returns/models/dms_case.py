from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

MAX_REASON, MAX_NOTE = 500, 2000
#: files a distributor may send with one case
MAX_EVIDENCE = 20
BALLS = [
    ("distributor", "Distributor"),
    ("officer", "Claims Officer"),
    ("warehouse", "Warehouse"),
    ("finance", "Finance"),
    ("none", "Nobody"),
]


def without_defaults(records, allowed):
    """``records`` in an environment whose context gives defaults to ``allowed`` fields alone: a caller chooses its context."""
    context = {
        key: value
        for key, value in records.env.context.items()
        if not key.startswith("default_") or key.removeprefix("default_") in allowed
    }
    return records.with_env(records.env(context=context))


class DmsCase(models.AbstractModel):
    """What a return and a claim have in common: whose it is, who decides, which proof it needs, and how long it has waited.

    Its state follows from decisions alone and is written by :meth:`_enter`, which starts the clock of the stage. A subclass
    brings ``state``, the fields open to its makers while it is a draft (``_open_fields``), who has the ball (``_balls``), and its
    own actions, each of which does nothing the second time.
    """

    _name = "dms.case"
    _description = "Return or Claim of a Distributor"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin", "dms.portal.proof", "dms.finite.numbers", "dms.guarded"]
    _order = "id desc"
    _check_company_auto = True

    #: fields people write while the case is a draft; all else is written by its actions
    _open_fields = frozenset()
    #: fields that a caller's context may give defaults to; None for those its makers write
    _context_fields = None
    #: ``{state: who has the ball}``
    _balls = {}

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company)
    distributor_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_distributor", "=", True)], tracking=True
    )
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index="btree_not_null", groups="base.group_user")
    user_id = fields.Many2one(
        "res.users", "Responsible", tracking=True, index="btree_not_null", copy=False, groups="base.group_user",
        help="Who looks after it; anybody of the group may decide.",
    )  # fmt: skip
    note = fields.Text("Remark", help="What the distributor says about it.")
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    submitted_on = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Approved or Refused By", readonly=True, copy=False, groups="base.group_user")
    decided_on = fields.Datetime("Approved or Refused On", readonly=True, copy=False)
    settled_by_id = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    settled_on = fields.Datetime(readonly=True, copy=False)
    rejection_reason = fields.Char(readonly=True, copy=False, help="The distributor reads this.")
    ball = fields.Selection(BALLS, "Waits For", compute="_compute_ball", store=True, index=True)
    stage_since = fields.Datetime("In This Stage Since", readonly=True, copy=False, default=fields.Datetime.now)
    stage_due = fields.Datetime(
        readonly=True, copy=False, index="btree_not_null", groups="base.group_user", help="By the service level of the stage."
    )
    is_escalated = fields.Boolean("Escalated", readonly=True, copy=False, groups="base.group_user")
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late", groups="base.group_user")
    age_days = fields.Integer("Age (days)", compute="_compute_age_days", groups="base.group_user", help="Days since submission.")
    turnaround_days = fields.Float(
        "Turn-round (days)", compute="_compute_turnaround_days", store=True, aggregator="avg", groups="base.group_user",
        help="From submission to settlement or refusal.",
    )  # fmt: skip
    evidence_ids = fields.One2many(
        "ir.attachment", "res_id", domain=lambda self: [("res_model", "=", self._name)], groups="base.group_user"
    )
    # of the mixins, and not for the portal
    message_main_attachment_id = fields.Many2one(groups="base.group_user")
    activity_exception_decoration = fields.Selection(groups="base.group_user")
    activity_exception_icon = fields.Char(groups="base.group_user")
    activity_type_icon = fields.Char(groups="base.group_user")

    # ------------------------------------------------------------ computed

    @api.depends("state")
    def _compute_ball(self):
        for case in self:
            case.ball = case._get_ball()

    def _get_ball(self):
        """Who has to act next, of ``BALLS``; extended where it takes more than the state to tell."""
        return self._balls.get(self.state, "none")

    @api.depends("stage_due")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_late = bool(case.stage_due) and case.stage_due < now

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("stage_due", "<", fields.Datetime.now())
        return Domain.OR([late if wanted else ~late for wanted in value])

    @api.depends("submitted_on")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for case in self:
            case.age_days = (now - case.submitted_on).days if case.submitted_on else 0

    @api.depends("submitted_on", "settled_on", "decided_on", "state")
    def _compute_turnaround_days(self):
        for case in self:
            end = case.settled_on or (case.state == "rejected" and case.decided_on)
            spent = (end - case.submitted_on).total_seconds() if end and case.submitted_on else 0.0
            case.turnaround_days = spent / 86400

    # ------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        allowed = self._open_fields | {"company_id"} if self._context_fields is None else self._context_fields
        clean = without_defaults(self, allowed)
        if not self.env.su:
            for vals in vals_list:
                self._refuse_own_fields(vals, self._open_fields | {"company_id", "user_id"})
            self._check_known(vals_list, ("distributor_id", "company_id", "user_id"))
        self._give_numbers(vals_list)
        cases = super(DmsCase, clean).create(vals_list).with_env(self.env)
        cases._check_distributor()
        return cases

    def write(self, vals):
        if not self.env.su:
            self._refuse_own_fields(vals, self._open_fields | {"user_id"})
            self._check_known([vals], ("distributor_id", "user_id"))
            if self._open_fields & vals.keys() and any(case.state != "draft" for case in self):
                raise UserError(self.env._("Only a draft is changed: cancel it and make a new one."))
        return super().write(vals)

    def _check_distributor(self):
        for case in self:
            if not case.distributor_id.is_distributor:
                raise UserError(self.env._("%(name)s is not a distributor.", name=case.distributor_id.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(case.state != "draft" for case in self):
            raise UserError(self.env._("Only a draft can be deleted; cancel what has been submitted."))

    # ------------------------------------------------------------ who may

    def _check_group(self, *groups):
        """Refuse who sees these cases but is of none of ``groups``."""
        self.check_access("read")
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("You may not decide on returns and claims."))

    def _check_not_maker(self):
        """Maker is not checker, whatever the rights of the environment."""
        for case in self.sudo():  # who made it, nothing is returned
            if self.env.user in case._get_makers():
                raise UserError(
                    self.env._(
                        "%(name)s was made or submitted by you, or for your own order: a second person has to decide.", name=case.name
                    )
                )

    def _get_makers(self):
        """Users who may not decide on this case; extended with the salespersons of what it is about."""
        return self.create_uid | self.submitted_by_id

    # ------------------------------------------------------------ stages

    def _enter(self, state, **values):
        """Put these cases into ``state`` and start its clock; written before all else that follows from it.

        Flushed at once: who does the same at once is turned away by PostgreSQL, repeated by Odoo, and finds it done.
        """
        now = fields.Datetime.now()
        levels = self.env["dms.service.level"]
        for company, cases in self.grouped("company_id").items():
            due = levels._get_due(self._name, state, company, now)
            cases.write({"state": state, "stage_since": now, "stage_due": due, "is_escalated": False, **values})
        self.flush_recordset(["state"])

    def _escalate(self):
        """Tell of these cases that their stage is late: an activity, and by it a mail, to who is to hear of it."""
        self.write({"is_escalated": True})  # first: a job beside this one is turned away
        for case in self:
            stage = dict(self._fields["state"]._description_selection(self.env))[case.state]
            case.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=case._get_escalation_user().id,
                summary=self.env._("Late: %(stage)s", stage=stage),
                note=self.env._("%(name)s of %(distributor)s is late.", name=case.name, distributor=case.distributor_id.display_name),
            )

    def _get_escalation_user(self):
        """Who hears of a late case: of the service level, else the territory's manager, else who looks after the case."""
        level = self.env["dms.service.level"]._get_level(self._name, self.state, self.company_id)
        return level.escalation_user_id or self.territory_id.manager_id or self.user_id or self.env.user

    # ------------------------------------------------------------ evidence

    def _get_evidence_types(self):
        """``dms.evidence.type`` records that the case needs; extended by cases."""
        return self.env["dms.evidence.type"]

    def _needs_evidence(self):
        """Whether a file is asked for at all; extended by cases."""
        return bool(self._get_evidence_types())

    def _get_missing_evidence(self):
        """What is still asked for, as labels; empty where all is there."""
        there = self.sudo().evidence_ids  # files of this case
        missing = self._get_evidence_types() - there.dms_evidence_type_id
        if missing:
            return missing.mapped("name")
        return [self.env._("a photo or a document")] if self._needs_evidence() and not there else []

    def _check_evidence(self):
        for case in self:
            if missing := case._get_missing_evidence():
                raise UserError(
                    self.env._("%(name)s: please attach %(missing)s before you send it.", name=case.name, missing=", ".join(missing))
                )

    def _attach_evidence(self, filename, content, evidence_type=None):
        """Keep a file with this case; the same file again is kept once. Pages check that the case is the user's own.

        :param bytes content: PDF, JPEG or PNG, at most 5 MB
        :param evidence_type: ``dms.evidence.type`` it stands for
        :return: ``ir.attachment`` with full rights
        :raise UserError: a sentence for every other file
        """
        case = self.sudo()  # files of a case that the caller has checked
        attachment = case._keep_proof(case.evidence_ids, filename, content, dms_evidence_type_id=evidence_type and evidence_type.id)
        if evidence_type and not attachment.dms_evidence_type_id:
            attachment.dms_evidence_type_id = evidence_type
        case.invalidate_recordset(["evidence_ids"])
        return attachment

    def _check_proof_room(self, known):
        super()._check_proof_room(known)
        if len(known) >= MAX_EVIDENCE or self.state in ("settled", "rejected", "cancelled"):
            raise UserError(self.env._("No more files can be added to %(name)s.", name=self.name))

    # ------------------------------------------------------------ words

    def _tongue(self):
        """Environment in the distributor's language."""
        return self.with_context(lang=self.distributor_id.lang or self.env.lang).env

    def _tell(self, body):
        """A comment that the distributor may read, sent to who submitted the case in the portal."""
        sender = self.submitted_by_id
        partner = sender.partner_id if sender.share and sender.active else sender.partner_id.browse()
        self.message_post(body=body, subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=partner.ids)

    @api.model
    def _read_reason(self, reason):
        """A reason as it is kept.

        :raise UserError: where there is none
        """
        text = reason.replace("\0", "").strip()[:MAX_REASON] if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("Say why: the distributor will read it."))
        return text
