from odoo import api, models
from odoo.tools import SQL, format_date


class DmsStockLedger(models.Model):
    """A distributor's own ledger as its pages show it, as plain values."""

    _inherit = "dms.stock.ledger"

    @api.model
    def _get_portal_balances(self, position, limit, offset):
        """``{ledger id: balance after it}`` of one page of a position's history, newest first, in one query."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT id, SUM(quantity) OVER (ORDER BY date, id)::float8
                      FROM dms_stock_ledger
                     WHERE company_id = %s AND distributor_id = %s AND product_id = %s
                  ORDER BY date DESC, id DESC
                     LIMIT %s OFFSET %s
                    """,
                    position.company_id.id,
                    position.distributor_id.id,
                    position.product_id.id,
                    limit,
                    offset,
                )
            )
        )

    @api.model
    def _get_portal_kinds(self):
        """``{kind: label}`` in plain words."""
        _ = self.env._
        return {
            "receipt": _("Received"),
            "return": _("Sent back"),
            "sellout": _("Sold"),
            "count": _("Count difference"),
            "correction": _("Correction"),
        }

    def _prepare_portal_row(self, balance):
        """One row of the history; called with full rights on a checked record.

        :param float balance: what was there after it, in the product's own unit
        """
        quantity = self.env["dms.portal"]._format_quantity
        return {
            "date": format_date(self.env, self.date),
            "label": self._get_portal_kinds()[self.kind],
            "kind": self.kind,
            "detail": self._describe_portal_source(),
            "lot": self.lot_id.name or "",
            "quantity": f"+{quantity(self.quantity)}" if self.quantity > 0 else quantity(self.quantity),
            "is_in": self.quantity > 0,
            "balance": quantity(balance),
        }

    def _describe_portal_source(self):
        """The document behind the row, and what the distributor said with it."""
        statement = self.statement_id
        name = self.picking_id.name or statement.reference or statement.name or ""
        derived = self.env._("calculated from a count") if self.is_derived else ""
        return ", ".join(filter(None, (name, self.retailer or "", derived)))
