from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime

#: messages that both sides read
PUBLIC_MESSAGES = ("comment", "email", "email_outgoing")


class SaleOrder(models.Model):
    """What the distributor's page of an order shows, as plain values."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ page

    def _prepare_dms_portal_values(self):
        """Everything the page of this order shows; called with full rights on a checked order.

        Extended by modules that add facts of their own.
        """
        self.ensure_one()
        messages = self._dms_portal_messages()
        self._dms_fetch_partners(messages)
        self.env["dms.portal"]._fetch_children(self, "order_line", "dms_revision_ids", "picking_ids")
        status = self._dms_portal_status()
        return {
            "id": self.id,
            "name": self.name,
            "reference": self.client_order_ref or "",
            "distributor": self.distributor_id.name,
            "date": format_date(self.env, self.date_order),
            "promised": format_date(self.env, self.commitment_date) if self.commitment_date else "",
            "address": self.partner_shipping_id.name or self.distributor_id.name,
            "address_lines": self.partner_shipping_id._dms_portal_address_lines(),
            "status": status,
            "steps": self._dms_portal_steps(status),
            "holds": self._prepare_portal_holds(),
            "totals": self._prepare_portal_totals(),
            "lines": [line._prepare_dms_portal_values() for line in self.order_line if not line.display_type],
            "timeline": self._prepare_portal_timeline(),
            "deliveries": [picking._prepare_dms_portal_values() for picking in self._dms_portal_pickings()],
            "invoices": [move._prepare_dms_portal_values() for move in self._dms_portal_invoices()],
            "revisions": [revision._prepare_dms_portal_values() for revision in self.dms_revision_ids],
            "messages": self._prepare_portal_messages(messages),
            "files": self._prepare_portal_files(),
            "may": self._dms_portal_actions(),
        }

    def _dms_fetch_partners(self, messages):
        """Read all partners of the page at once."""
        partners = self.distributor_id | self.partner_shipping_id | self.company_id.partner_id | messages.author_id
        names = ["name", "commercial_partner_id", "is_distributor", "tz", "lang", "type", "parent_id", "commercial_company_name"]
        partners.fetch([*names, *partners._address_fields()])

    def _prepare_portal_holds(self):
        holds = self.dms_hold_ids.filtered(lambda hold: hold.state == "open")
        return [{"gate": hold.gate_id.name, "lines": hold.message.splitlines(), "revision": hold.revision_id.number or 0} for hold in holds]

    def _prepare_portal_totals(self):
        money = self.currency_id.format
        return {"untaxed": money(self.amount_untaxed), "tax": money(self.amount_tax), "total": money(self.amount_total)}

    def _prepare_portal_timeline(self):
        """Newest first."""
        return [{**event, "date": format_datetime(self.env, event["date"], dt_format="short")} for event in reversed(self._dms_timeline())]

    def _dms_portal_pickings(self):
        return self.picking_ids.filtered(lambda picking: picking._is_dms_portal_visible()).sorted(lambda p: (p.scheduled_date, p.id))

    def _dms_portal_invoices(self):
        return self.invoice_ids.filtered(lambda move: move.state == "posted").sorted(lambda m: (m.invoice_date, m.id))

    # ------------------------------------------------------------ messages and files

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

    def _prepare_portal_files(self):
        return [
            {"name": file.name, "size": file.file_size, "url": f"/my/dms/orders/{self.id}/files/{file.id}"}
            for file in self._dms_portal_files()
        ]
