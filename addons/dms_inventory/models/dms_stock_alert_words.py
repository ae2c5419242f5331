from markupsafe import Markup

from odoo import models
from odoo.tools import format_date

#: most products named in one activity; the rest is counted
NAMED = 30


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _dms_say_alerts(self):
        """Let activities of stock alerts list what stands, and write only those whose words change."""
        alerts = self.env["dms.stock.alert"].search([("activity_id", "in", self.ids), ("date_to", "=", False)], order="product_id, id")
        for activity, standing in alerts.grouped("activity_id").items():
            env = self.with_context(lang=activity.user_id.lang or self.env.lang).env
            note, summary = standing.with_env(env)._describe(), standing.with_env(env)._summarize()
            if (activity.note, activity.summary) != (note, summary):
                activity.write({"note": note, "summary": summary})


class DmsStockAlert(models.Model):
    _inherit = "dms.stock.alert"

    def _summarize(self):
        """One line for alerts of one distributor and kind."""
        if self[:1].kind == "report":
            return self.env._("No stock statement since it was due on %(day)s", day=format_date(self.env, min(self.mapped("date_due"))))
        return {
            "out": self.env._("Products out of stock: %(count)s", count=len(self)),
            "over": self.env._("Products overstocked: %(count)s", count=len(self)),
        }[self[:1].kind]

    def _describe(self):
        """The products of alerts of one distributor and kind, as a list in HTML."""
        rows = [alert._describe_row() for alert in self[:NAMED] if alert.position_id]
        if len(self) > NAMED:
            rows.append(self.env._("and %(count)s more", count=len(self) - NAMED))
        items = Markup().join(Markup("<li>%s</li>") % row for row in rows)
        return Markup("<ul>%s</ul>") % items if items else Markup("")

    def _describe_row(self):
        quantity = self.env["dms.portal"]._format_quantity
        position = self.position_id
        values = {
            "product": position.product_id.display_name,
            "since": format_date(self.env, self.date_from),
            "on_hand": quantity(position.on_hand_qty),
            "in_transit": quantity(position.in_transit_qty),
            "unit": position.product_uom_id.name,
            "cover": f"{position.days_cover:.0f}",
        }
        if self.kind == "over":
            return self.env._("%(product)s: %(on_hand)s %(unit)s, %(cover)s days of cover (since %(since)s)", **values)
        return self.env._("%(product)s (since %(since)s; %(in_transit)s %(unit)s on the way)", **values)
