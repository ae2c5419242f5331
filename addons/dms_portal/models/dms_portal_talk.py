from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

#: messages that both sides read
PUBLIC_MESSAGES = ("comment", "email", "email_outgoing")


class DmsPortalTalk(models.AbstractModel):
    """For documents with a ``distributor_id`` on whose pages distributors write to us: messages and files that both sides read."""

    _name = "dms.portal.talk"
    _description = "Messages with Distributors"

    def _dms_portal_messages(self):
        """Messages both sides read, newest first."""
        domain = Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
        domain &= Domain("message_type", "in", PUBLIC_MESSAGES) & Domain("is_internal", "=", False)
        domain &= Domain("subtype_id", "!=", False) & Domain("subtype_id.internal", "=", False)
        fields = ["author_id", "email_from", "date", "body"]
        return self.env["mail.message"].search_fetch(domain, fields, order="id desc", limit=50)

    def _prepare_portal_messages(self, messages):
        own = self.distributor_id
        return [
            {
                "author": message.author_id.name or message.email_from or "",
                "own": message.author_id.commercial_partner_id == own,
                "date": format_datetime(self.env, message.date, dt_format="short"),
                "body": message.body,
            }
            for message in messages
            if message.body
        ]

    def _dms_portal_files(self):
        """Attachments the distributor may read: its own users', and those of messages both sides read."""
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id) & Domain("res_field", "=", False)
        domain &= Domain("type", "=", "binary") & (
            Domain("create_uid.partner_id.commercial_partner_id", "=", self.distributor_id.id)
            | Domain("id", "in", self._get_portal_attachments())
        )
        return self.env["ir.attachment"].search_fetch(domain, ["name", "file_size"])

    def _get_portal_attachments(self):
        """Query of the ids of attachments of messages that both sides read."""
        return SQL(
            """(
                SELECT rel.attachment_id
                FROM message_attachment_rel rel
                JOIN mail_message message ON message.id = rel.message_id
                JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
                WHERE message.model = %s AND message.res_id = %s AND message.message_type IN %s
                  AND subtype.internal IS NOT TRUE AND message.is_internal IS NOT TRUE
            )""",
            self._name,
            self.id,
            PUBLIC_MESSAGES,
        )

    def _dms_portal_post(self, body):
        """A message of the distributor that both sides read.

        :param Markup body: clean HTML
        :return: ``mail.message``
        """
        return self.message_post(body=body, author_id=self.env.user.partner_id.id, message_type="comment", subtype_xmlid="mail.mt_comment")
