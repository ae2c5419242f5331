import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_SHAPE = re.compile(r"[0-9a-zA-Z_-]{16,64}", re.ASCII)
#: how long a form may be sent again and still find the document it made
KEPT_DAYS = 30


class DmsPortalToken(models.Model):
    """One row per form that made a document: sent twice, the second finds the document of the first.

    The unique index decides between two requests at once: the later one waits for the earlier, is then retried by
    Odoo with a new snapshot, and finds the row.
    """

    _name = "dms.portal.token"
    _description = "Form Sent by a Distributor"
    _log_access = True

    token = fields.Char(required=True, readonly=True)
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    kind = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    res_model = fields.Char(readonly=True)

    _token_uniq = models.Constraint("UNIQUE(distributor_id, kind, token)", "This form was already sent.")

    @api.model
    def _once(self, distributor, kind, token, action):
        """Run ``action`` for the first request with this token; give every later one its result.

        :param str token: made when the form was rendered, unique for the distributor
        :param action: callable without arguments that returns a record
        :return: (record, whether it was made by this call)
        :raise UserError: for a token that no form of ours has
        """
        if not isinstance(token, str) or not _SHAPE.fullmatch(token):
            raise UserError(self.env._("This form is out of date: reload the page and try again."))
        tokens = self.sudo()  # rows that only this method reads and writes
        claimed = tokens._claim(distributor, kind, token)
        if not claimed:
            return tokens._get_result(distributor, kind, token), False
        record = action()
        claimed.write({"res_model": record._name, "res_id": record.id})
        return record, True

    def _claim(self, distributor, kind, token):
        """The new row, or an empty recordset when there is one: asked by the index, not by a look before."""
        self.env.cr.execute(
            """
            INSERT INTO dms_portal_token (token, distributor_id, kind, create_uid, create_date, write_uid, write_date)
            VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC')
            ON CONFLICT (distributor_id, kind, token) DO NOTHING
            RETURNING id
            """,
            [token, distributor.id, kind, self.env.uid, self.env.uid],
            log_exceptions=False,  # of two at once one is retried by Odoo: nothing to report
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _get_result(self, distributor, kind, token):
        row = self.search([("distributor_id", "=", distributor.id), ("kind", "=", kind), ("token", "=", token)])
        record = self.env[row.res_model].browse(row.res_id).exists() if row.res_model else None
        if not record:
            raise UserError(self.env._("What this form made is no longer there: reload the page."))
        return record

    @api.autovacuum
    def _gc_tokens(self):
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", old)], limit=10000).unlink()
