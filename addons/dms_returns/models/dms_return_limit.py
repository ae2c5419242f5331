from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    """What may still come back of a delivered line: shipped, less returned by core transfers, less what live returns take."""

    _inherit = "sale.order.line"

    def _dms_limit_keys(self, lot=None):
        """Keys of the shared limits of this line, see ``dms.limit.lock``: the line's own, and one of the lot."""
        key = ("dms.return", self.company_id.id, self.id)
        return [key, (*key, lot.id)] if lot else [key]

    def _dms_lock_returnable(self):
        """Decide alone on what may come back of these lines; lots are below their line."""
        self.env["dms.limit.lock"]._lock([key for line in self for key in line._dms_limit_keys()])

    def _dms_get_returnable(self, distributor):
        """What the distributor may still send back of these lines; lines of others, and of which nothing is left, are left out.

        :param distributor: ``res.partner``
        :return: as :meth:`_dms_read_returnable`
        """
        own = self.sudo().filtered(lambda line: line.order_id.distributor_id == distributor)  # deliveries of the distributor asked for
        found = own._dms_read_returnable()
        return {line: there for line, there in found.items() if line.product_id.uom_id.compare(there["left"], 0.0) > 0}

    def _dms_read_returnable(self):
        """What was shipped of these lines and what has been taken back of it, in one query.

        :return: ``{line: {"shipped", "returned", "taken", "left", "lots": {lot: {the same four}}}}``, quantities in the product's own
            unit: shipped to customers, returned by transfers of no return, taken by live returns, left of all that
        """
        zero = dict.fromkeys(("shipped", "returned", "taken"), 0.0)
        found = {line: {**zero, "lots": defaultdict(lambda: dict(zero))} for line in self}
        for line_id, lot_id, *quantities in self.env.execute_query(self._dms_get_returnable_query()) if self else ():
            there = found[self.browse(line_id)]
            for place in [there, *([there["lots"][self.env["stock.lot"].browse(lot_id)]] if lot_id else [])]:
                for kind, quantity in zip(zero, quantities, strict=True):
                    place[kind] += quantity
        for there in found.values():
            for place in (there, *there["lots"].values()):
                place["left"] = round(place["shipped"] - place["returned"] - place["taken"], 6)
        return found

    def _dms_get_returnable_query(self):
        """SQL of ``(line id, lot id, shipped, returned, taken)``."""
        self._dms_flush_returnable()
        return SQL(
            """
            WITH moved AS (
                SELECT COALESCE(m.sale_line_id, o.sale_line_id) AS line_id, m.product_id, ml.lot_id, ml.quantity_product_uom AS quantity,
                       source.usage = 'customer' AS is_back, m.dms_return_line_id IS NOT NULL OR p.dms_return_id IS NOT NULL AS is_own
                  FROM stock_move m
                  JOIN stock_move_line ml ON ml.move_id = m.id
                  JOIN stock_location source ON source.id = ml.location_id
                  JOIN stock_location dest ON dest.id = ml.location_dest_id
             LEFT JOIN stock_move o ON o.id = m.origin_returned_move_id
             LEFT JOIN stock_picking p ON p.id = m.picking_id
                 WHERE m.state = 'done' AND (source.usage = 'customer') <> (dest.usage = 'customer')
                   AND m.id IN (
                       SELECT id FROM stock_move WHERE sale_line_id = ANY(%(ids)s)
                        UNION
                       SELECT back.id FROM stock_move sent JOIN stock_move back ON back.origin_returned_move_id = sent.id
                        WHERE sent.sale_line_id = ANY(%(ids)s) AND back.sale_line_id IS NULL)
            ), entry AS (
                SELECT line_id, lot_id, CASE WHEN is_back THEN 0 ELSE quantity END AS shipped,
                       CASE WHEN is_back THEN quantity ELSE 0 END AS returned, 0 AS taken
                  FROM moved JOIN sale_order_line l ON l.id = moved.line_id AND l.product_id = moved.product_id
                 WHERE NOT (is_back AND is_own)
             UNION ALL
                SELECT sale_line_id, lot_id, 0, 0, live_qty FROM dms_return_line WHERE sale_line_id = ANY(%(ids)s) AND live_qty <> 0
            )
            SELECT line_id, lot_id, SUM(shipped)::float8, SUM(returned)::float8, SUM(taken)::float8 FROM entry GROUP BY line_id, lot_id
            """,
            ids=list(self.ids),
        )

    @api.model
    def _dms_flush_returnable(self):
        self.env["stock.move.line"].flush_model(["move_id", "lot_id", "quantity_product_uom", "location_id", "location_dest_id"])
        self.env["stock.move"].flush_model(
            ["state", "sale_line_id", "product_id", "origin_returned_move_id", "picking_id", "dms_return_line_id"]
        )
        self.env["stock.picking"].flush_model(["dms_return_id"])
        self.env["dms.return.line"].flush_model(["sale_line_id", "lot_id", "live_qty"])


class DmsReturnLine(models.Model):
    """The limit of returns: decided under the lock of the order line, counting what others took meanwhile."""

    _inherit = "dms.return.line"

    def _get_returnable(self):
        """What is left of the order lines of these lines, see ``sale.order.line._dms_read_returnable``."""
        return self.sudo().sale_line_id._dms_read_returnable()  # deliveries of a return the caller has checked

    def _get_limit_findings(self, wanted):
        """Sentences on what is asked beyond what is left, all lines of a return and of its batch together.

        :param dict wanted: ``{line: quantity in the product's own unit}`` that these lines are to count for from now on
        """
        returnable = self._get_returnable()
        raced = self._get_raced()
        findings = []
        for sale_line, lines in self.grouped("sale_line_id").items():
            there = returnable[sale_line]
            of_line = lines._find_excess(wanted, there, raced.get(sale_line._dms_limit_keys()[0], 0.0))
            findings += of_line or lines._find_lot_excess(wanted, there["lots"], raced)
        return findings

    def _find_lot_excess(self, wanted, lots, raced):
        """The same lot by lot, for lines of one order line."""
        findings = []
        for lot, lines in self.filtered("lot_id").grouped("lot_id").items():
            taken = raced.get(lines.sale_line_id._dms_limit_keys(lot)[1], 0.0)
            findings += lines._find_excess(wanted, lots.get(lot), taken, lot)
        return findings

    def _get_raced(self):
        """What others took of these limits since the snapshot of this transaction, ``{key: quantity}``."""
        keys = {key for line in self for key in line.sale_line_id._dms_limit_keys(line.lot_id)}
        return self.env["dms.limit.lock"]._get_raced(keys)

    def _find_excess(self, wanted, there, raced, lot=None):
        """One sentence where these lines of one order line, or of one lot of it, ask for more than is left.

        :param there: figures of the line or lot, None where nothing was shipped
        """
        if not there or not there["shipped"]:
            return []  # said by who looks at what was delivered
        unit = self.product_id.uom_id
        left = max(there["left"] + sum(self.mapped("live_qty")) - raced, 0.0)
        asked = sum(wanted[line] for line in self)
        if unit.compare(asked, left) <= 0:
            return []
        format_quantity = self.env["dms.portal"]._format_quantity
        return [
            self.env._(
                "%(product)s of %(order)s: %(asked)s %(unit)s are to come back, but only %(left)s are left of what was delivered.",
                product=f"{self.product_id.display_name} ({lot.name})" if lot else self.product_id.display_name,
                order=self.sale_line_id.order_id.name,
                asked=format_quantity(asked),
                left=format_quantity(left),
                unit=unit.name,
            )
        ]

    def _take_limits(self, wanted):
        """Tell concurrent decisions what these lines take from now on beyond what they took."""
        taken = defaultdict(float)
        for line in self:
            for key in line.sale_line_id._dms_limit_keys(line.lot_id):
                taken[key] += wanted[line] - line.live_qty
        self.env["dms.limit.lock"]._commit(taken)
