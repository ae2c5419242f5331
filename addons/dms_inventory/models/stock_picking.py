from collections import defaultdict
from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

RECEIPT_STATES = [
    ("in_transit", "In Transit"),
    ("received", "Received"),
    ("short", "Received Short"),
]
#: transfers received together by the job
BATCH = 50


class StockPicking(models.Model):
    """A delivery is in transit until its distributor has confirmed it, or its lead time has passed; a return leaves the ledger at once."""

    _inherit = "stock.picking"

    dms_receiver_id = fields.Many2one(
        "res.partner",
        "Receiving Distributor",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Distributor whose stock the goods of this delivery became.",
    )
    dms_receipt_state = fields.Selection(RECEIPT_STATES, "Receipt", readonly=True, copy=False, index="btree_not_null")
    dms_receipt_due = fields.Date(
        "Receipt Due",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Day on which it counts as received if nobody says otherwise.",
    )
    dms_received_on = fields.Date("Received On", readonly=True, copy=False)

    # ------------------------------------------------------------ goods leave and come back

    def _action_done(self):
        result = super()._action_done()
        self.sudo()._dms_follow_goods()  # ledger and positions, which transfers keep whoever validates them
        return result

    def _dms_follow_goods(self):
        done = self.filtered(lambda picking: picking.state == "done")
        leaving = done.filtered(lambda picking: picking._dms_leaving_lines() and picking._dms_find_receiver())
        leaving._dms_depart()
        (done - leaving)._dms_come_back()

    def _dms_leaving_lines(self):
        """Move lines that brought goods to a customer."""
        return self.move_line_ids.filtered(
            lambda line: line.state == "done" and line.location_dest_id.usage == "customer" and line.location_id.usage != "customer"
        )

    def _dms_returning_lines(self):
        """Move lines that took goods back from a customer."""
        return self.move_line_ids.filtered(
            lambda line: line.state == "done" and line.location_id.usage == "customer" and line.location_dest_id.usage != "customer"
        )

    def _dms_find_receiver(self):
        """The distributor whose goods these are: that of their order, else of the address; empty for any other customer."""
        moves = self.move_ids
        orders = moves.sale_line_id.order_id or moves.origin_returned_move_id.sale_line_id.order_id
        partner = orders.distributor_id[:1] if orders else self.partner_id.commercial_partner_id
        return partner if partner.is_distributor else partner.browse()

    def _dms_depart(self):
        by_values = defaultdict(self.browse)
        for picking in self:
            receiver = picking._dms_find_receiver()
            left = picking.company_id._dms_local(picking.date_done).date()
            by_values[receiver, fields.Date.add(left, days=receiver._dms_receipt_days(picking.company_id))] |= picking
        for (receiver, due), pickings in by_values.items():
            pickings.write({"dms_receiver_id": receiver.id, "dms_receipt_state": "in_transit", "dms_receipt_due": due})
        self.env["dms.stock.position"]._refresh(self._dms_get_pairs())

    def _dms_get_pairs(self):
        """``{(company id, distributor id, product id)}`` of the goods delivered by these transfers."""
        return {
            (picking.company_id.id, picking.dms_receiver_id.id, line.product_id.id)
            for picking in self
            for line in picking._dms_leaving_lines()
        }

    def _dms_come_back(self):
        """Rows of the ledger for goods that distributors sent back; what was still in transit to them is received first."""
        rows = []
        for picking in self:
            lines = picking._dms_returning_lines()
            receiver = picking._dms_find_receiver() if lines else None
            if receiver:
                picking._dms_receive_before_return(receiver, lines)
                rows += [picking._prepare_dms_return_values(receiver, line) for line in lines]
        if rows:
            self.env["dms.stock.ledger"]._append(rows)

    def _dms_receive_before_return(self, receiver, lines):
        """Nobody sends back what he has not received: transfers in transit that brought these goods, or the same products."""
        origins = lines.move_id.origin_returned_move_id.picking_id
        if not origins:
            origins = self.search(
                Domain("dms_receiver_id", "=", receiver.id)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("dms_receipt_state", "=", "in_transit")
                & Domain("move_ids.product_id", "in", lines.product_id.ids)
            )
        origins._dms_receive(date=self._dms_day())

    def _dms_day(self):
        """Day of the transfer in its company."""
        return self.company_id._dms_local(self.date_done).date()

    def _prepare_dms_return_values(self, receiver, line):
        return {
            **self._prepare_dms_ledger_values(receiver, line),
            "date": self._dms_day(),
            "kind": "return",
            "quantity": -line.quantity_product_uom,
            "source_key": f"return:{line.id}",
        }

    def _prepare_dms_ledger_values(self, receiver, line):
        return {
            "company_id": self.company_id.id,
            "distributor_id": receiver.id,
            "product_id": line.product_id.id,
            "lot_id": line.lot_id.id,
            "price_unit": line.move_id._dms_get_price_unit(),
            "move_id": line.move_id.id,
            "picking_id": self.id,
        }

    # ------------------------------------------------------------ receipt

    def action_dms_confirm_receipt(self, missing=None):
        """Confirm that a delivery has arrived. Confirmed once, it stays so: a second call changes nothing.

        :param dict missing: ``{id of stock.move.line: quantity or {"quantity": quantity, "damaged": bool}}``, what did not arrive in
            good order, in the unit of that line; None or empty: all arrived
        :return: True
        :raise AccessError: for anybody but the order desk, area managers, the warehouse and the users of the receiving distributor
        :raise UserError: the transfer is no delivery to a distributor, a line is not its own, or more is missing than was sent
        """
        pickings = self._dms_check_may_receive()
        for picking in pickings:
            if not picking.dms_receipt_state:
                raise UserError(self.env._("%(name)s is not on its way to a distributor.", name=picking.name))
            picking._dms_receive(missing)
        return True

    def _dms_check_may_receive(self):
        """These transfers with full rights, if the user may say that they have arrived."""
        self.check_access("read")
        user = self.env.user
        groups = ("dms_orders.group_dms_user", "dms_orders.group_dms_area_manager", "stock.group_stock_user")
        pickings = self.sudo()  # read by the user; what is written is the receipt alone
        own = self.env["dms.portal"]._get_distributor()
        if not any(user.has_group(group) for group in groups) and (not own or pickings.dms_receiver_id != own):
            raise AccessError(self.env._("Only the receiving distributor and the order desk confirm a receipt."))
        return pickings

    def _dms_receive(self, missing=None, date=None):
        """Write what arrived into the ledger and hand on what did not; transfers that are not in transit are left alone.

        :param date: effective day; default today
        """
        waiting = self.filtered(lambda picking: picking.dms_receipt_state == "in_transit")
        rows, shortfalls = [], {}
        for picking in waiting:
            lines = picking._dms_leaving_lines()
            short = picking._dms_read_missing(lines, missing or {})
            day = min(date or picking.company_id._dms_today(), picking.company_id._dms_today())
            rows += [picking._prepare_dms_receipt_values(line, short.get(line.id), day) for line in lines]
            picking.write({"dms_receipt_state": "short" if short else "received", "dms_received_on": day})
            shortfalls[picking] = list(short.values())
        if waiting:
            waiting.flush_recordset(
                ["dms_receipt_state"]
            )  # before the ledger: who confirms the same at once is repeated, and finds it done
            self.env["dms.stock.ledger"]._append(rows, touched=waiting._dms_get_pairs())
        for picking, short in shortfalls.items():
            if short:
                picking._dms_short_receipt(short)

    def _dms_read_missing(self, lines, missing):
        """``{move line id: shortfall}`` of what the distributor says, checked; see :meth:`_dms_short_receipt`."""
        own, short = {line.id: line for line in lines}, {}
        if not isinstance(missing, dict):
            raise UserError(self.env._("Say for each line how much of it is missing."))
        for key, said in missing.items():
            line = own.get(int(key) if str(key).isascii() and str(key).isdigit() else 0)
            said = said if isinstance(said, dict) else {"quantity": said}
            quantity = said.get("quantity")
            if not line:
                raise UserError(self.env._("A line is not one of %(name)s.", name=self.name))
            if isinstance(quantity, bool) or not isinstance(quantity, int | float) or not isfinite(quantity) or quantity < 0:
                raise UserError(self.env._("%(product)s: a missing quantity is a number, 0 or more.", product=line.product_id.display_name))
            if line.product_uom_id.compare(quantity, line.quantity) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(missing)s are missing, but only %(sent)s were sent.",
                        product=line.product_id.display_name,
                        missing=quantity,
                        sent=line.quantity,
                    )
                )
            if not line.product_uom_id.is_zero(quantity):
                short[line.id] = line._prepare_dms_shortfall(quantity, bool(said.get("damaged")))
        return short

    def _prepare_dms_receipt_values(self, line, short, day):
        return {
            **self._prepare_dms_ledger_values(self.dms_receiver_id, line),
            "date": day,
            "kind": "receipt",
            "quantity": line.quantity_product_uom - (short["quantity"] if short else 0.0),
            "source_key": f"receipt:{line.id}",
        }

    def _dms_short_receipt(self, shortfalls):
        """What did not arrive in good order; extended by modules that make a claim of it.

        :param shortfalls: list of ``{"move_line_id", "product_id", "lot_id" (or False), "quantity" (in the product's own unit, > 0),
            "damaged": bool}``
        """
        user = self.sale_id.user_id or self.dms_receiver_id.territory_id.manager_id or self.user_id
        lines = self.env["stock.move.line"].browse([short["move_line_id"] for short in shortfalls])
        note = "\n".join(
            self.env._("%(product)s: %(quantity)s %(what)s", product=line.product_id.display_name, quantity=short["quantity"], what=what)
            for line, short in zip(lines, shortfalls, strict=True)
            for what in [self.env._("damaged") if short["damaged"] else self.env._("missing")]
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo", summary=self.env._("Received short"), note=note, user_id=(user or self.env.user).id
        )

    @api.model
    def _cron_dms_receive_in_transit(self):
        """Receive what is due, as of the day it was due; batch by batch, each committed."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        for company in self.env["res.company"]._dms_get_all():
            due = Domain("dms_receipt_state", "=", "in_transit") & Domain("company_id", "=", company.id)
            due &= Domain("dms_receipt_due", "<=", company._dms_today())
            while pickings := self.search(due, order="dms_receipt_due, id", limit=BATCH):
                for day, same_day in pickings.grouped("dms_receipt_due").items():
                    same_day._dms_receive(date=day)
                if not commit_progress(len(pickings), remaining=self.search_count(due)):
                    return


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_get_price_unit(self):
        """What one unit of the product cost the distributor: net of discounts and schemes, untaxed, in company currency."""
        line = self.sale_line_id or self.origin_returned_move_id.sale_line_id
        if not line.product_uom_qty:
            return 0.0
        per_unit = line.price_subtotal / line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
        return per_unit / (line.order_id.currency_rate or 1.0) if line.product_id == self.product_id else 0.0


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _prepare_dms_shortfall(self, quantity, damaged):
        """What is missing of this line, ``quantity`` of it in its own unit; shape: ``stock.picking._dms_short_receipt``."""
        if self.product_uom_id.compare(quantity, self.quantity) == 0:
            in_reference = self.quantity_product_uom
        else:
            in_reference = self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id, rounding_method="HALF-UP")
        return {
            "move_line_id": self.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": in_reference,
            "damaged": damaged,
        }
