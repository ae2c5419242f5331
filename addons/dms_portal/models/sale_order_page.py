from odoo import models
from odoo.tools import format_date, format_datetime


class SaleOrder(models.Model):
    """What the distributor's page of an order shows, as plain values."""

    _name = "sale.order"
    _inherit = ["sale.order", "dms.portal.talk"]

    # ------------------------------------------------------------ page

    def _prepare_dms_portal_values(self):
        """Everything the page of this order shows; called with full rights on a checked order.

        Extended by modules that add facts of their own.
        """
        self.ensure_one()
        messages = self._dms_portal_messages()
        self._dms_fetch_partners(messages)
        self.env["dms.portal"]._fetch_children(self, "order_line", "dms_revision_ids", "picking_ids")
        self.env["dms.portal"]._fetch_children(self.dms_revision_ids, "line_ids")
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

    # ------------------------------------------------------------ files

    def _prepare_portal_files(self):
        return [
            {"name": file.name, "size": file.file_size, "url": f"/my/dms/orders/{self.id}/files/{file.id}"}
            for file in self._dms_portal_files()
        ]
