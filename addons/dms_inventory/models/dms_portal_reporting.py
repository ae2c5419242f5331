from odoo import api, models
from odoo.tools import format_date

#: days before a statement is due in which the home page speaks of it
AHEAD_DAYS = 3


class DmsPortal(models.AbstractModel):
    """The card that reminds of a stock statement."""

    _inherit = "dms.portal"

    @api.model
    def _get_cards(self, distributor):
        card = self._get_reporting_card(distributor)
        return [*super()._get_cards(distributor), *([card] if card else [])]

    def _get_reporting_card(self, distributor):
        """That a statement is due, in the days before and as long as it is missing."""
        company = self.env.company
        domain = [("distributor_id", "=", distributor.id), ("company_id", "=", company.id), ("date_due", "!=", False)]
        row = self.env["dms.stock.reporting"].sudo().search(domain, limit=1)  # when the distributor itself is to report
        if not row or (row.date_due - company._dms_today()).days > AHEAD_DAYS:
            return None
        _, due, late = self.env._, format_date(self.env, row.date_due), row.state == "late"
        last = _("Last one: %(day)s", day=format_date(self.env, row.last_date)) if row.last_date else _("We have none of you yet.")
        title = _("Your stock statement is overdue") if late else _("Your stock statement is due")
        label = _("Was due on %(day)s", day=due) if late else _("Due on %(day)s", day=due)
        return self._prepare_card(
            "stock_statement",
            title,
            icon="fa-pencil-square-o",
            sequence=5,
            rows=[{"label": label, "detail": last, "value": "", "url": "", "tone": "warning" if late else ""}],
            tone="warning" if late else "",
        )
