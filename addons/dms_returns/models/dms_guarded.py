from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MAX_ID = 2**31 - 1


class DmsKnownIds(models.AbstractModel):
    """For records whose values come from outside: ids that are none do not reach the database."""

    _name = "dms.known.ids"
    _description = "Record of Ids That Exist"

    @api.model
    def _get_known(self, model, ids):
        """Existing records of ``model`` among ``ids``, whatever these are, with full rights."""
        ids = [key for key in ids if isinstance(key, int) and not isinstance(key, bool) and 0 < key <= MAX_ID]
        return self.env[model].sudo().browse(ids).exists()  # whether they exist; callers check whose they are

    @api.model
    def _check_known(self, vals_list, names):
        """Refuse values of the many2one fields ``names`` that are no record.

        :raise UserError: naming the field
        """
        for name in names:
            wanted = {str(vals[name]): vals[name] for vals in vals_list if vals.get(name)}
            if wanted and len(self._get_known(self._fields[name].comodel_name, wanted.values())) != len(wanted):
                raise UserError(self.env._("%(field)s: choose one that exists.", field=self._fields[name]._description_string(self.env)))


class DmsGuarded(models.AbstractModel):
    """For numbered documents whose states and amounts follow from their buttons, and on which one person decides at a time."""

    _name = "dms.guarded"
    _description = "Document Written by Its Buttons"
    _inherit = ["dms.known.ids"]

    @api.model
    def _give_numbers(self, vals_list):
        """Put the next number of the company's sequence into values that have none."""
        numbers = self.env["ir.sequence"].sudo()  # the number only
        for vals in vals_list:
            if vals.get("name", "New") == "New":
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = numbers.with_company(company).next_by_code(self._name) or "New"

    def _refuse_own_fields(self, vals, allowed):
        """Refuse what people may not write: all but ``allowed`` and what the mixins of mail bring.

        :raise AccessError: unless the environment has full rights
        """
        mixins = self.env["mail.thread.main.attachment"]._fields.keys() | self.env["mail.activity.mixin"]._fields.keys()
        if not self.env.su and (self._fields.keys() - mixins) & vals.keys() - allowed:
            raise AccessError(self.env._("States and amounts follow from the buttons; they cannot be written directly."))

    def _lock_documents(self):
        """Keep these documents to the end of the transaction; of two people at once the later reads a sentence."""
        self.flush_recordset()
        if self.try_lock_for_update(allow_referencing=True) != self:
            raise UserError(self.env._("Someone else is deciding on this just now. Reload it in a moment."))

    def _touch(self):
        """Write the rows of these documents without changing them, before something is hung on them that they do not hold themselves.

        Of two at once the later is turned away by the database, repeated by Odoo, and sees what the earlier did.
        """
        self.flush_recordset()
        self.env.cr.execute(SQL("UPDATE %s SET write_date = write_date WHERE id = ANY(%s)", SQL.identifier(self._table), self.ids))

    def _with_full_rights(self):
        """These documents as their actions write them: nothing of the caller's context gets into documents.

        To be called after the rights of the user were checked.
        """
        context = {key: value for key, value in self.env.context.items() if key in ("lang", "tz", "allowed_company_ids")}
        return self.with_env(self.env(context=context, su=True))  # documents the caller has checked
