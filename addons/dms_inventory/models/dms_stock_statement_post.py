from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine.attribution import take


class DmsStockStatement(models.Model):
    """Posting: what a statement says becomes rows of the ledger, or waits for somebody who looks at what does not fit."""

    _inherit = "dms.stock.statement"

    def action_post(self):
        """Post drafts, or what waits for review; what is posted already is left alone.

        A count beyond its tolerance, or more sold than there was, is not posted but waits for review with its reasons; from there
        a manager of distribution posts it who has not made it.

        :raise UserError: nothing is posted: no lines, rows put aside, a cancelled statement
        :raise AccessError: the user may not change the statement, or may not decide on what waits for review
        """
        self.check_access("write")
        for statement in self.filtered(lambda statement: statement.state != "posted"):
            statement._check_postable()
            statement.sudo()._post(force=statement.state == "review")  # the ledger and the state, which nobody writes by hand
        return True

    def action_cancel(self):
        """Take a statement back: what it wrote is reversed on the day it counted for. Cancelled once, it stays so."""
        self.check_access("write")
        for statement in self.filtered(lambda statement: statement.state != "cancelled"):
            statement.sudo()._cancel()  # the ledger and the state, which nobody writes by hand
        return True

    def _check_postable(self):
        if self.state == "cancelled":
            raise UserError(self.env._("%(name)s was cancelled.", name=self.name))
        if not self.line_ids and not self.is_full_count:
            raise UserError(self.env._("%(name)s has no lines.", name=self.name))
        if self.state == "review":
            if not self.env.user.has_group("dms_orders.group_dms_manager"):
                raise AccessError(self.env._("What waits for review is posted by a manager of distribution."))
            if self.env.user == self.create_uid:
                raise AccessError(self.env._("Who made a statement does not review it."))

    def _cancel(self):
        ledger = self.env["dms.stock.ledger"]
        posted = self.state == "posted"
        self.write({"state": "cancelled"})
        self._claim()
        if posted:
            rows = ledger.search([("statement_id", "=", self.id), ("source_key", "=like", "statement:%")])
            ledger._append(rows._prepare_reversal_values())

    # ------------------------------------------------------------ posting

    def _post(self, force=False):
        """Write the ledger, or the reasons why it is not written.

        :param bool force: post whatever does not fit
        """
        self._check_date(self.distributor_id)
        rows, reasons = getattr(self, f"_prepare_{self.kind}")()
        if reasons and not force:
            self.write({"state": "review", "review_reason": "\n".join(reasons)})
            return
        self.write(
            {
                "state": "posted",
                "review_reason": "\n".join(reasons) or False,
                "posted_on": fields.Datetime.now(),
                "posted_by_id": self.env.uid,
                "is_late": self._is_late(),
            }
        )
        self._claim()
        self.env["dms.stock.ledger"]._append(rows)

    def _claim(self):
        """Write the state before the ledger: who posts or cancels the same at once is turned away, repeated, and finds it done."""
        self.flush_recordset(["state"])

    def _is_late(self):
        """Whether a statement of a later day was posted before this one."""
        later = [("distributor_id", "=", self.distributor_id.id), ("company_id", "=", self.company_id.id)]
        return bool(self.search_count([*later, ("state", "=", "posted"), ("date", ">", self.date)], limit=1))

    def _prepare_sellout(self):
        """Rows of what was sold, and why it cannot have been: more than there was that day, or would be left on a later one."""
        lines = self.line_ids
        floors = self.env["dms.stock.ledger"]._get_floors(self.company_id, self.distributor_id, lines.product_id.ids, self.date)
        reasons = self._find_negative(lines)
        for (product, lot), asked in self._sum_asked(lines).items():
            free = floors.get((product.id, lot.id or None, not lot), 0.0)
            if asked > 0 and product.uom_id.compare(asked, free) > 0:
                reasons.append(self._get_too_much_reason(product, lot, asked, free))
        lots = self._get_lot_shelves(lines.product_id, self._get_lot_floors(floors))
        rows = [row for line in lines for row in self._prepare_line_rows(line, -line.product_qty, "sellout", lots)]
        return rows, reasons

    def _prepare_count(self):
        """Rows of what differs from the balance; a difference beyond tolerance is a reason to look."""
        Ledger = self.env["dms.stock.ledger"]
        products = None if self.is_full_count else self.line_ids.product_id.ids
        balances = Ledger._get_balances(self.company_id, self.distributor_id, products, self.date)
        reasons, rows, figures = self._find_negative(self.line_ids), [], []
        by_lot = set(self.line_ids.filtered("lot_id").product_id.ids)
        held = {(product_id, lot_id): quantity for product_id, lots in balances.items() for lot_id, quantity in lots.items()}
        shelves = self._get_lot_shelves(self.line_ids.product_id, held)
        for (product, lot), lines in self._group_counted(balances).items():
            is_lot = bool(lot) or not lines or product.id in by_lot
            balance = self._get_balance(balances, product, lot, is_lot)
            difference = product.uom_id.round(sum(line.product_qty for line in lines) - balance)
            figures += self._split_difference(lines, balance, difference)
            is_derived = difference < 0 and self.distributor_id.sellout_mode == "count"
            if not is_derived and abs(difference) > self._get_tolerance(balance):
                reasons.append(self._get_difference_reason(product, lot, balance, difference))
            kind = "sellout" if is_derived else "count"
            rows += self._prepare_count_rows(product, lot, lines[:1], difference, kind, shelves, is_lot)
        self.line_ids._keep_figures(figures)
        return rows, reasons

    def _prepare_correction(self):
        """Rows as the desk wrote them."""
        products = self.line_ids.product_id
        floors = self.env["dms.stock.ledger"]._get_floors(self.company_id, self.distributor_id, products.ids, self.date)
        lots = self._get_lot_shelves(products, self._get_lot_floors(floors))
        return [row for line in self.line_ids for row in self._prepare_line_rows(line, line.product_qty, "correction", lots)], []

    # ------------------------------------------------------------ sell-out

    def _sum_asked(self, lines):
        """``{(product, lot): quantity}`` that these lines take, and without a lot of the product as a whole."""
        asked = defaultdict(float)
        for line in lines:
            asked[line.product_id, line.lot_id.browse()] += line.product_qty
            if line.lot_id:
                asked[line.product_id, line.lot_id] += line.product_qty
        return asked

    def _get_lot_floors(self, floors):
        """``{(product id, lot id or None): quantity}`` of what ``_get_floors`` says of lots."""
        return {(product_id, lot_id): quantity for (product_id, lot_id, whole), quantity in floors.items() if not whole}

    def _get_lot_shelves(self, products, free):
        """``{product id: [[lot id, free quantity], ...]}`` of tracked products, the first to be sold first.

        :param dict free: ``{(product id, lot id or None): quantity}``
        """
        tracked = products.filtered(lambda product: product.tracking != "none")._ids
        keys = [key for key, quantity in free.items() if key[0] in tracked and key[1] and quantity > 0]
        shelves = defaultdict(list)
        for product_id, lot_id in self._sort_lots(keys) if keys else ():
            shelves[product_id].append([lot_id, free[product_id, lot_id]])
        return shelves

    def _sort_lots(self, keys):
        """``(product id, lot id)`` by earliest expiry, then earliest receipt by the distributor."""
        lots = self.env["stock.lot"].browse([lot_id for _product_id, lot_id in keys])
        received = dict(
            self.env.execute_query(
                SQL(
                    "SELECT lot_id, MIN(date) FROM dms_stock_ledger WHERE distributor_id = %s AND lot_id = ANY(%s) GROUP BY lot_id",
                    self.distributor_id.id,
                    lots.ids,
                )
            )
        )
        never, today = fields.Datetime.to_datetime("9999-12-31"), fields.Date.today()
        expiry = {lot.id: lot._dms_expires_on() or never for lot in lots}
        return sorted(keys, key=lambda key: (expiry[key[1]], received.get(key[1]) or today, key[1]))

    def _prepare_line_rows(self, line, quantity, kind, shelves):
        """Rows of a line, one for each lot it takes from; ``shelves`` are emptied as it does."""
        if line.lot_id or quantity >= 0 or line.product_id.tracking == "none":
            self._take_from_shelf(shelves[line.product_id.id], line.lot_id.id, -quantity)
            return [self._prepare_row(line.product_id, line.lot_id.id, quantity, kind, line, f"statement:{line.id}")]
        parts = take(-quantity, shelves[line.product_id.id])
        for lot_id, part in parts:
            self._take_from_shelf(shelves[line.product_id.id], lot_id, part)
        return [
            self._prepare_row(line.product_id, lot_id, -part, kind, line, f"statement:{line.id}:{lot_id or 0}") for lot_id, part in parts
        ]

    def _take_from_shelf(self, shelf, lot_id, quantity):
        for place in shelf:
            if place[0] == lot_id:
                place[1] -= quantity

    def _prepare_row(self, product, lot_id, quantity, kind, line, key):
        return {
            "company_id": self.company_id.id,
            "distributor_id": self.distributor_id.id,
            "product_id": product.id,
            "lot_id": lot_id,
            "date": self.date,
            "quantity": quantity,
            "kind": kind,
            "is_derived": kind == "sellout" and self.kind == "count",
            "price_unit": line.product_uom_id._compute_price(line.price_unit, product.uom_id) if line else 0.0,
            "source_key": key,
            "statement_id": self.id,
            "statement_line_id": line.id,
            "retailer": line.retailer,
        }

    # ------------------------------------------------------------ counts

    def _group_counted(self, balances):
        """``{(product, lot): lines}``; of a full count also what has a balance and no line."""
        grouped = dict(self.line_ids.grouped(lambda line: (line.product_id, line.lot_id)))
        if self.is_full_count:
            whole = {product.id for product, lot in grouped if not lot}
            listed = {(product.id, lot.id or None) for product, lot in grouped}
            missing = [(p, lot) for p, lots in balances.items() if p not in whole for lot in lots if (p, lot) not in listed]
            nothing = self.env["dms.stock.statement.line"]
            for product_id, lot_id in missing:
                grouped[self.env["product.product"].browse(product_id), self.env["stock.lot"].browse(lot_id)] = nothing
        return grouped

    def _get_balance(self, balances, product, lot, is_lot):
        """Calculated balance a count is compared with: of the lot, or of the whole product where no lot of it is counted.

        :param bool is_lot: whether lots are told apart, or what has no lot is looked at by itself
        """
        lots = balances.get(product.id, {})
        if is_lot:
            return lots.get(lot.id or None, 0.0)
        return sum(lots.values())

    def _get_tolerance(self, balance):
        company = self.company_id
        return max(abs(balance) * company.count_tolerance_percent / 100, company.count_tolerance_qty)

    def _split_difference(self, lines, balance, difference):
        """``[(line id, calculated, difference)]`` of the lines of one product and lot: the first carries the difference of all."""
        others = lines[1:]
        first = [(line.id, balance - sum(others.mapped("product_qty")), difference) for line in lines[:1]]
        return first + [(line.id, line.product_qty, 0.0) for line in others]

    def _prepare_count_rows(self, product, lot, line, difference, kind, shelves, is_lot):
        key = f"statement:{line.id}" if line else f"statement:{self.id}:rest:{product.id}:{lot.id or 0}"
        if is_lot or difference >= 0 or product.tracking == "none":
            return [self._prepare_row(product, lot.id, difference, kind, line, key)]
        parts = take(-difference, shelves[product.id])
        return [self._prepare_row(product, lot_id, -part, kind, line, f"{key}:{lot_id or 0}") for lot_id, part in parts]

    # ------------------------------------------------------------ words

    def _find_negative(self, lines):
        return [
            self.env._("%(product)s: a quantity below zero.", product=line.product_id.display_name)
            for line in lines
            if line.quantity < 0 and line.product_uom_id.compare(line.quantity, 0.0) < 0
        ]

    def _get_too_much_reason(self, product, lot, asked, free):
        return self.env._(
            "%(product)s: %(asked)s %(unit)s sold, but only %(free)s could be.",
            product=self._get_name(product, lot),
            asked=self.env["dms.portal"]._format_quantity(asked),
            unit=product.uom_id.name,
            free=self.env["dms.portal"]._format_quantity(max(free, 0.0)),
        )

    def _get_difference_reason(self, product, lot, balance, difference):
        words = self.env["dms.portal"]._format_quantity
        return self.env._(
            "%(product)s: counted %(counted)s, calculated %(calculated)s %(unit)s.",
            product=self._get_name(product, lot),
            counted=words(balance + difference),
            calculated=words(balance),
            unit=product.uom_id.name,
        )

    def _get_name(self, product, lot):
        return f"{product.display_name} ({lot.name})" if lot else product.display_name

    # ------------------------------------------------------------ lots

    def _get_delivered_lots(self, lots):
        """Those of these lots that the distributor has received, or that are on their way to it."""
        self.ensure_one()
        known = self.env.execute_query(
            SQL(
                """
                SELECT lot_id FROM dms_stock_ledger WHERE distributor_id = %(distributor)s AND company_id = %(company)s AND lot_id = ANY(%(lots)s)
                 UNION SELECT ml.lot_id FROM stock_picking p JOIN stock_move_line ml ON ml.picking_id = p.id
                        WHERE p.dms_receiver_id = %(distributor)s AND p.company_id = %(company)s AND ml.lot_id = ANY(%(lots)s)
                """,
                distributor=self.distributor_id.id,
                company=self.company_id.id,
                lots=lots.ids,
            )
        )
        return lots.browse(lot_id for (lot_id,) in known)


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _dms_expires_on(self):
        """Moment at which the lot expires; False where nobody follows expiry."""
        return "expiration_date" in self._fields and self.expiration_date
