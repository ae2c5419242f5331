from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..engine import cover

#: cover beyond which nobody counts days
LONG = 365
#: sort orders of the list by their name in the address
ORDERS = {
    "lasts": "dms_stock_position.on_hand_qty > 0, dms_stock_position.days_cover, dms_stock_position.id",
    "most": "dms_stock_position.days_cover DESC NULLS LAST, dms_stock_position.id",
    "stock": "dms_stock_position.on_hand_qty DESC, dms_stock_position.id",
}


class DmsStockPosition(models.Model):
    """A distributor's own positions as its pages show them, as plain values."""

    _inherit = "dms.stock.position"

    @api.model
    def _get_portal_domain(self, distributor, company):
        """Positions that a distributor's pages show: its own, never those of its branches."""
        return Domain("distributor_id", "=", distributor.id) & Domain("company_id", "=", company.id)

    @api.model
    def _get_portal_statuses(self):
        """``{status: (label, tone)}`` in plain words, the most urgent first."""
        _ = self.env._
        return {
            "out": (_("Out of stock"), "danger"),
            "low": (_("Running low"), "warning"),
            "ok": (_("Fine"), "success"),
            "over": (_("More than needed"), "info"),
            "dead": (_("Not selling"), "neutral"),
        }

    @api.model
    def _get_portal_search_domain(self, text):
        """Positions of products whose name, code or barcode contains ``text``."""
        products = Domain.OR([(name, "ilike", text)] for name in ("name", "default_code", "barcode"))
        Product = self.env["product.product"].sudo().with_context(active_test=False)  # only to pick among positions of one's own
        return Domain("product_id", "in", Product._search(products))

    @api.model
    def _get_portal_page(self, domain, sort, limit, offset):
        """One page of the positions that the user may read.

        :param str sort: of :data:`ORDERS`; by default what is not there at all comes first, then what lasts shortest
        """
        query = self._search(domain, limit=limit, offset=offset)
        query.order = SQL(ORDERS[sort])  # pylint: disable=sql-injection
        return self.browse(query.get_result_ids())

    def _prepare_portal_row(self):
        """One position; called with full rights on a checked record."""
        label, tone = self._get_portal_statuses()[self.status]
        quantity = self.env["dms.portal"]._format_quantity
        return {
            "id": self.product_id.id,
            "code": self.product_id.default_code or "",
            "name": self.product_id.name,
            "unit": self.product_uom_id.name,
            "status": self.status,
            "label": label,
            "tone": tone,
            "on_hand": quantity(self.on_hand_qty),
            "in_transit": quantity(self.in_transit_qty) if self.in_transit_qty else "",
            "cover": self._describe_cover(),
            "average": self._format_average(),
            "on_order": quantity(self.open_order_qty) if self.open_order_qty else "",
            "suggested": quantity(self.suggested_qty) if self.suggested_qty else "",
            "url": f"/my/dms/stock/{self.product_id.id}",
        }

    @api.model
    def _prepare_portal_facts(self, row):
        """The figures above the history of a product: ``[{"label", "value", "unit"}]``; those without a value are left out.

        :param dict row: of :meth:`_prepare_portal_row`
        """
        _ = self.env._
        facts = [
            (_("On hand"), row["on_hand"], row["unit"]),
            (_("On the way"), row["in_transit"], row["unit"]),
            (_("Lasts"), row["cover"], ""),
            (_("Sold a day"), row["average"], row["unit"]),
            (_("Ordered"), row["on_order"], row["unit"]),
            (_("Suggested order"), row["suggested"], row["unit"]),
        ]
        return [{"label": label, "value": value, "unit": unit} for label, value, unit in facts if value]

    def _prepare_portal_lots(self):
        """What is on hand lot by lot, what expires first in front: ``[{"name", "quantity", "expires"}]``."""
        ledger, quantity = self.env["dms.stock.ledger"], self.env["dms.portal"]._format_quantity
        balances = ledger._get_balances(self.company_id, self.distributor_id, self.product_id.ids).get(self.product_id.id, {})
        lots = self.env["stock.lot"].browse(filter(None, balances))
        expiry = {lot: lot._dms_expires_on() for lot in lots}
        lots = lots.sorted(lambda lot: (not expiry[lot], expiry[lot], lot.id))
        return [
            {
                "name": lot.name,
                "quantity": quantity(balances[lot.id]),
                "expires": format_date(self.env, expiry[lot]) if expiry[lot] else "",
            }
            for lot in lots
        ]

    # ------------------------------------------------------------ home page

    @api.model
    def _get_portal_card(self, distributor, company, limit):
        """What the card of the home page tells, in one query.

        :return: (``{status: number of positions}``, rows of products that sell and are about to be missing or are already: at most
            ``limit``, those that are out first)
        """
        self.flush_model()
        self.env["product.template"].flush_model(["name"])
        found = self.env.execute_query_dict(
            SQL(
                """
                SELECT counted.status, counted.number, urgent.*
                  FROM (SELECT status, COUNT(*) AS number FROM dms_stock_position
                         WHERE distributor_id = %(distributor)s AND company_id = %(company)s GROUP BY status) counted
                  LEFT JOIN LATERAL (
                        SELECT own.product_id, COALESCE(template.name->>%(lang)s, template.name->>'en_US') AS name,
                               own.on_hand_qty, own.days_cover, own.avg_daily_sellout
                          FROM dms_stock_position own
                          JOIN product_product product ON product.id = own.product_id
                          JOIN product_template template ON template.id = product.product_tmpl_id
                         WHERE own.distributor_id = %(distributor)s AND own.company_id = %(company)s AND own.status = counted.status
                           AND own.status IN ('out', 'low') AND own.avg_daily_sellout > 0
                      ORDER BY own.days_cover, own.id LIMIT %(limit)s) urgent ON TRUE
              ORDER BY counted.status DESC, urgent.days_cover, urgent.product_id
                """,
                distributor=distributor.id,
                company=company.id,
                lang=self.env.lang or "en_US",
                limit=limit,
            )
        )
        counts = {row["status"]: row["number"] for row in found}
        return counts, [self._prepare_portal_card_row(row) for row in found if row["product_id"]][:limit]

    @api.model
    def _prepare_portal_card_row(self, row):
        label, tone = self._get_portal_statuses()[row["status"]]
        cover = self._get_cover_words(row["on_hand_qty"], row["days_cover"] or 0.0, row["avg_daily_sellout"])
        return {
            "label": row["name"],
            "detail": "",
            "value": self.env["dms.portal"]._format_quantity(row["on_hand_qty"]),
            "url": f"/my/dms/stock/{row['product_id']}",
            "badge": self.env._("lasts %(cover)s", cover=cover) if cover else label,
            "tone": tone,
        }

    def _describe_cover(self):
        return self._get_cover_words(self.on_hand_qty, self.days_cover, self.avg_daily_sellout)

    @api.model
    def _get_cover_words(self, on_hand, days, average):
        """How long on hand and in transit last, in words; empty where nothing is there or nothing is sold."""
        _ = self.env._
        if not average or on_hand <= 0:
            return ""
        if days > LONG:
            return _("over a year")
        if days < 1:
            return _("less than a day")
        return _("1 day") if int(days) == 1 else _("%(days)s days", days=int(days))

    def _format_average(self):
        average = self.avg_daily_sellout
        return self.env["dms.portal"]._format_quantity(average if average >= 10 else round(average, 1)) if average else ""

    # ------------------------------------------------------------ order pad

    @api.model
    def _get_portal_pad_values(self, distributor, company, product_ids):
        """Values of the columns of the order pad, see ``dms.portal._get_pad_values``, in one query for all products."""
        self._flush_sources()
        self.env["product.template"].flush_model(["order_multiple", "order_min_qty", "uom_id"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT own.*, COALESCE(template.order_multiple, 0) AS multiple,
                       COALESCE(template.order_min_qty, 0) AS minimum, unit.parent_path AS unit_path,
                       COALESCE(open.quantity, 0) AS on_order
                  FROM dms_stock_position own
                  JOIN product_product product ON product.id = own.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = template.uom_id
                  LEFT JOIN (%s) open ON open.product_id = own.product_id AND open.company_id = own.company_id
                 WHERE own.distributor_id = %s AND own.company_id = %s AND own.product_id = ANY(%s)
                """,
                self._get_open_order_query(distributor.ids, product_ids),
                distributor.id,
                company.id,
                product_ids,
            )
        )
        statuses, Product = self._get_portal_statuses(), self.env["product.product"]
        steps = {row["unit_path"]: Product._dms_get_quantity_step(row["unit_path"]) for row in rows}
        return {row["product_id"]: self._prepare_portal_pad_values(row, steps[row["unit_path"]], *statuses[row["status"]]) for row in rows}

    @api.model
    def _prepare_portal_pad_values(self, row, step, label, tone):
        there = row["on_hand_qty"] + row["in_transit_qty"] + row["on_order"]
        suggested = cover.suggested(cover.target(row["avg_daily_sellout"], row["max_days"]), there, row["multiple"], row["minimum"], step)
        quantity = self.env["dms.portal"]._format_quantity(row["on_hand_qty"])
        lasts = self._get_cover_words(row["on_hand_qty"], row["days_cover"] or 0.0, row["avg_daily_sellout"])
        both = self.env._("%(quantity)s, lasts %(cover)s", quantity=quantity, cover=lasts)
        values = {"own_stock": {"text": both if lasts else quantity, "tone": tone, "title": label}}
        return values | ({"suggested": suggested} if suggested else {})
