from odoo import models
from odoo.tools import format_datetime


class DmsOrderRevision(models.Model):
    _inherit = "dms.order.revision"

    def _prepare_dms_portal_values(self):
        tones = {"requested": "info", "on_hold": "warning", "applied": "success", "refused": "danger"}
        return {
            "number": self.number,
            "kind": self.kind,
            "state": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "tone": tones[self.state],
            "date": format_datetime(self.env, self.create_date, dt_format="short"),
            "reason": self.reason or "",
            "answer": self.answer or "",
            "before": self.currency_id.format(self.amount_before),
            "after": self.currency_id.format(self.amount_after) if self.state == "applied" and self.kind == "change" else "",
            "lines": [line._prepare_dms_portal_values() for line in self.line_ids],
        }

    def _dms_portal_outcome(self):
        """(sentence, tone) for the user who has just asked for this change."""
        _ = self.env._
        return {
            "applied": (_("Your change was made."), "success"),
            "requested": (_("We have your change and will answer it here."), "info"),
            "on_hold": (_("Your change waits: see below what would clear it. The order stands as it was."), "warning"),
            "refused": (_("Your change was refused."), "danger"),
        }[self.state]


class DmsOrderRevisionLine(models.Model):
    _inherit = "dms.order.revision.line"

    def _dms_portal_product(self):
        if self.sale_line_id:
            return self.sale_line_id._dms_portal_product()[1]
        return self.product_id.with_context(display_default_code=False).display_name

    def _prepare_dms_portal_values(self):
        quantity = self.env["dms.portal"]._format_quantity
        return {
            "name": self._dms_portal_product(),
            "unit": self.product_uom_id.name,
            "before": quantity(self.quantity_before),
            "after": quantity(self.quantity_after),
            "difference": ("+" if self.difference > 0 else "") + quantity(self.difference),
            "tone": "success" if self.difference > 0 else "danger",
        }
