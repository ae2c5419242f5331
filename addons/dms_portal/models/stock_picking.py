from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _get_dms_portal_domain(self, distributor_ids):
        """Deliveries and returns that these distributors may see: of their confirmed orders, drafts left out."""
        domain = Domain("sale_id.distributor_id", "in", distributor_ids) & Domain("sale_id.state", "in", ("sale", "cancel"))
        return domain & Domain("picking_type_code", "in", ("outgoing", "incoming")) & Domain("state", "!=", "draft")

    def _is_dms_portal_visible(self):
        with_customer = self.location_dest_id.usage == "customer" or self.location_id.usage == "customer"
        return with_customer and self.state != "draft"

    def _dms_portal_state(self):
        """(label, tone) of one transfer in plain words."""
        _ = self.env._
        if self.state == "done":
            return (_("Returned"), "neutral") if self.location_dest_id.usage != "customer" else (_("Delivered"), "success")
        if self.state == "cancel":
            return _("Cancelled"), "neutral"
        return (_("Ready to leave"), "primary") if self.state == "assigned" else (_("Being prepared"), "info")

    def _prepare_dms_portal_values(self):
        """One delivery as the pages show it; called with full rights on a checked transfer."""
        label, tone = self._dms_portal_state()
        day = self.date_done if self.state == "done" else self.scheduled_date
        return {
            "id": self.id,
            "name": self.name,
            "label": label,
            "tone": tone,
            "done": self.state == "done",
            "date": format_date(self.env, day) if day else "",
            "tracking": self._dms_portal_tracking(),
            "order": self.sale_id.name,
            "order_url": f"/my/dms/orders/{self.sale_id.id}",
            "url": f"/my/dms/deliveries/{self.id}/slip",
        }

    def _dms_portal_tracking(self):
        """Tracking reference of the carrier; filled in by modules that know carriers."""
        return self.carrier_tracking_ref or "" if "carrier_tracking_ref" in self._fields else ""
