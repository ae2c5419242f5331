from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

#: what may still be written on an approved scheme
OPEN_FIELDS = {
    "user_id", "description", "message_follower_ids", "message_ids", "activity_ids", "message_main_attachment_id",
}  # fmt: skip
#: written by the life cycle only
LIFE_FIELDS = {"state", "version", "previous_id", "author_ids", "approved_by_id", "approved_on", "closed_on"}


class DmsScheme(models.Model):
    """The life of a scheme: drafted by one person, approved by another, replaced by versions, closed."""

    _inherit = "dms.scheme"

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_life_fields({name for vals in vals_list for name in vals})
        given = {f"default_{name}" for name in LIFE_FIELDS}
        context = {key: value for key, value in self.env.context.items() if key not in given}
        schemes = super(DmsScheme, self.with_env(self.env(context=context))).create(vals_list).with_env(self.env)
        schemes._note_author()
        return schemes

    def write(self, vals):
        self._check_life_fields(vals.keys())
        if vals.keys() - LIFE_FIELDS - OPEN_FIELDS and not self._is_in_life_cycle():
            self._check_terms_open()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A translation is written past :meth:`write`, and is a change of the scheme all the same."""
        if field_name not in OPEN_FIELDS:
            self._check_terms_open()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _check_terms_open(self):
        """Terms, and what belongs to them, are written on drafts only, and who does so is an author.

        :raise UserError: for an approved scheme
        """
        for scheme in self:
            if scheme.state != "draft":
                raise UserError(self.env._("%(scheme)s is approved: make a new version to change it.", scheme=scheme.display_name))
        self._note_author()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        if any(scheme.state != "draft" for scheme in self):
            raise UserError(self.env._("An approved scheme is kept: close it instead of deleting it."))

    def _check_life_fields(self, names):
        if LIFE_FIELDS & set(names) and not self.env.su:
            raise AccessError(self.env._("The status of a scheme follows from its approval, it is not set by hand."))

    def _is_in_life_cycle(self):
        return self.env.cr.cache.get("dms_scheme_life")

    def _write_life(self, vals):
        """Write what only the life cycle may write, on schemes whose decider was checked."""
        cache = self.env.cr.cache
        cache["dms_scheme_life"] = True
        try:
            self.sudo().write(vals)  # by a decider checked before
        finally:
            cache.pop("dms_scheme_life")

    def _note_author(self):
        """Whoever writes the terms of a draft is one of its authors."""
        user = self.env.user
        for scheme in self.sudo():  # the list of authors is not written by hand
            if scheme.state == "draft" and user not in scheme.author_ids:
                scheme.author_ids = [Command.link(user.id)]

    # ------------------------------------------------------------ decisions

    def action_approve(self, note=None):
        """Put drafts in force; the version before ends on the day before.

        :param str note: why what a check found is accepted; see where checks are made
        :raise AccessError: without the right to approve
        :raise UserError: for one's own scheme, or one whose terms make no sense
        """
        self._check_decider()
        self._take_turn()
        for scheme in self.filtered(lambda scheme: scheme.state == "draft"):
            scheme._check_maker()
            scheme._check_approvable()
            scheme._end_version_before()
            scheme._write_life({"state": "approved", "approved_by_id": self.env.user.id, "approved_on": fields.Datetime.now()})
            scheme._freeze_at_approval()
        self._renew_editions()
        return True

    def action_close(self):
        """Stop approved schemes for new orders; orders handed in before keep what they were promised."""
        self._check_decider()
        self._take_turn()
        for scheme in self.filtered(lambda scheme: scheme.state == "approved"):
            scheme._write_life({"state": "closed", "closed_on": fields.Datetime.now()})
        self._renew_editions()
        return True

    def action_new_version(self):
        """A draft of the next version, with the same terms, to start today."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            raise UserError(self.env._("%(scheme)s is a draft: change it as it is.", scheme=self.display_name))
        version = self._copy_as_next_version()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    def _copy_as_next_version(self):
        latest = self.sudo().search(self._get_versions_domain(), order="version desc", limit=1)  # its number only
        if latest.state == "draft":
            raise UserError(self.env._("Version %(version)s is a draft already.", version=latest.version))
        self.browse().check_access("create")
        values = {
            "code": self.code,
            "name": self.name,
            "date_from": self._next_start(),
            "version": latest.version + 1,
            "previous_id": self.id,
        }
        return self.sudo().copy(values).with_env(self.env)  # a draft of what the user may read, number and all

    def _next_start(self):
        """Day on which a next version starts: today, or with this one when that is still to come."""
        today = self.company_id._dms_today()
        return max(self.date_from or today, today)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            vals.setdefault("code", self.env["ir.sequence"].sudo().next_by_code("dms.scheme") or "/")  # the number only
        return vals_list

    def _check_decider(self):
        self.check_access("read")
        if not self.env.user.has_group("dms_schemes.group_scheme_approver"):
            raise AccessError(self.env._("Schemes are approved and closed by those who approve schemes."))

    def _take_turn(self):
        """Decisions of a company on its schemes come one after the other: who comes second starts again and sees the first.

        An edition is made of everything approved, so that of two made at once each would leave out what the other approved.
        A row that is written, not only locked, makes the second transaction start again.
        """
        companies = sorted(self.company_id.ids)
        self.env.cr.execute("UPDATE res_company SET write_date = write_date WHERE id = ANY(%s)", [companies])

    def _check_maker(self):
        if self.env.user in self.create_uid | self.author_ids:
            raise UserError(self.env._("%(scheme)s is your own: a second person approves it.", scheme=self.display_name))

    def _check_approvable(self):
        """Refuse a draft that makes no sense; extended with the checks of terms."""

    def _freeze_at_approval(self):
        """What a scheme keeps as it was on the day of its approval; extended by kinds of schemes that have such figures."""

    def _end_version_before(self):
        """One version of a code is in force on any day: the one before ends on the day before this one starts."""
        others = self.sudo().search(self._get_versions_domain() & Domain("id", "!=", self.id) & Domain("state", "=", "approved"))
        start = self.date_from or self.company_id._dms_today()
        if others and not self.date_from:
            self._write_life({"date_from": start})
        for other in others:
            if not other.date_to or other.date_to >= start:
                other._write_life({"date_to": start - timedelta(days=1)})

    def _renew_editions(self):
        for company in self.company_id:
            self.env["dms.scheme.edition"]._renew(company)
