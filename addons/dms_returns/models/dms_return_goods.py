from collections import defaultdict
from typing import NamedTuple

from odoo import models
from odoo.fields import Command

DESTROYED = "destroyed_at_distributor"


class Share(NamedTuple):
    """So much of a line, in the product's own unit, comes back of one delivered move."""

    line: models.BaseModel
    move: models.BaseModel
    lot: models.BaseModel
    quantity: float

    def get_group(self):
        """What makes one transfer: the return, the delivery and the warehouse it left from."""
        order = self.line.sale_line_id.order_id
        return self.line.return_id, self.move.picking_id, self.move.picking_id.picking_type_id.warehouse_id or order.warehouse_id


class DmsReturn(models.Model):
    """How approved goods come back, and where they go after the inspection."""

    _inherit = "dms.return"

    def _get_incoming_transfers(self):
        """Transfers that bring goods back; not those of replacements."""
        return self.picking_ids.filtered(lambda picking: picking.location_id.usage == "customer")

    def _get_live_transfers(self):
        return self._get_incoming_transfers().filtered(lambda picking: picking.state not in ("done", "cancel"))

    # ------------------------------------------------------------ on their way

    def _create_transfers(self):
        """One incoming transfer for each return, delivery and warehouse, ready to be validated, lots filled in."""
        groups = defaultdict(list)
        for share in self.line_ids._share_over_deliveries():
            groups[share.get_group()].append(share)
        pickings = self.env["stock.picking"].create([self._prepare_transfer_values(*key, shares) for key, shares in groups.items()])
        for picking in pickings:
            picking.move_line_ids = picking.move_ids.move_line_ids
        pickings.move_ids._action_confirm(merge=False)
        pickings.move_ids._action_assign()

    def _prepare_transfer_values(self, case, delivery, warehouse, shares):
        kind = warehouse._dms_get_return_type()
        order = shares[0].line.sale_line_id.order_id
        places = {
            "location_id": shares[0].move.location_dest_id.id,
            "location_dest_id": kind.default_location_dest_id.id,
            "picking_type_id": kind.id,
            "company_id": case.company_id.id,
            "origin": case.name,
        }
        return {
            **places,
            "partner_id": delivery.partner_id.id or order.partner_shipping_id.id,
            "return_id": delivery.id,
            "dms_return_id": case.id,
            "user_id": False,
            "move_ids": [Command.create({**places, **self._prepare_move_values(share, places)}) for share in shares],
        }

    def _prepare_move_values(self, share, places):
        """A move back; its order is not changed by it, but by what is accepted in the end. It does not follow the delivery as its next
        step: core takes the lots of those away whenever something else of the delivery comes back."""
        line, product = share.line, share.line.product_id
        entry = {"product_id": product.id, "product_uom_id": product.uom_id.id, "quantity": share.quantity, "lot_id": share.lot.id}
        ends = {name: places[name] for name in ("location_id", "location_dest_id")}
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": share.quantity,
            "sale_line_id": line.sale_line_id.id,
            "dms_return_line_id": line.id,
            "origin_returned_move_id": share.move.id,
            "to_refund": False,
            "procure_method": "make_to_stock",
            "move_line_ids": [Command.create({**entry, **ends})],
        }

    # ------------------------------------------------------------ back

    def _take_over_arrivals(self):
        """Goods of these returns have just arrived by a transfer.

        :raise UserError: where more has come back than was delivered, with what core's own transfers took back meanwhile
        """
        waiting = self.filtered(lambda case: case.state == "approved")
        lines = waiting.line_ids
        lines._set_received()
        lines._check_limits({line: line._in_own_unit(line.received_qty) for line in lines})
        waiting._follow_goods()

    def _follow_goods(self):
        """Approved returns of which nothing is on its way any more are received."""
        waiting = self.filtered(lambda case: case.state == "approved")
        arrived = waiting.filtered(lambda case: not case._get_live_transfers() and case._has_destruction_proof())
        if arrived:
            arrived._receive()

    def _receive(self):
        destroyed = self.line_ids._get_destroyed()
        for quantity, same in destroyed.grouped("approved_qty").items():
            same.received_qty = quantity
        self._enter("received")
        destroyed._write_off()

    def _has_destruction_proof(self):
        """Whether nothing is missing to believe what is said to be destroyed."""
        return not self.line_ids._get_destroyed() or not self._get_missing_evidence()

    def _attach_evidence(self, filename, content, evidence_type=None):
        attachment = super()._attach_evidence(filename, content, evidence_type)
        self._with_full_rights()._follow_goods()  # goods that are believed to be destroyed now
        return attachment

    # ------------------------------------------------------------ inspected

    def _move_inspected_goods(self):
        """Accepted goods go to stock or scrap, the rest to quarantine: done at once, by lots as they came in."""
        values = [value for case in self for value in case.line_ids._prepare_inspected_values()]
        self.env["stock.move"].create(values)._action_done()


class DmsReturnLine(models.Model):
    _inherit = "dms.return.line"

    def _get_destroyed(self):
        return self.filtered(lambda line: line.disposition == DESTROYED and line.approved_qty > 0)

    def _share_over_deliveries(self):
        """From which deliveries what was approved comes back: the newest first, of each what has not come back yet."""
        lines = self.filtered(lambda line: line.approved_qty > 0 and line.disposition != DESTROYED)
        deliveries = lines._get_deliveries()
        room = lines._get_room(deliveries)
        return [share for line in lines for share in line._share(deliveries[line.sale_line_id], room)]

    def _get_room(self, deliveries):
        """``{(delivered move, lot): quantity}`` that transfers have not taken back, nor are about to."""
        room = defaultdict(float)
        for delivered in deliveries.values():
            for line in delivered:
                room[line.move_id, line.lot_id] += line.quantity_product_uom
            for move in delivered.move_id:
                for back in move.returned_move_ids.filtered(lambda back: back.state != "cancel").move_line_ids:
                    room[move, back.lot_id] -= back.quantity_product_uom
        return room

    def _share(self, delivered, room):
        """Shares of this line, taken out of ``room``; what no room is left for comes back of the newest delivery."""
        unit, need = self.product_id.uom_id, self._in_own_unit(self.approved_qty)
        sources = dict.fromkeys((line.move_id, line.lot_id) for line in delivered if not self.lot_id or line.lot_id == self.lot_id)
        taken = {}
        for source in sources:
            taken[source] = min(max(room[source], 0.0), need)
            room[source] -= taken[source]
            need -= taken[source]
        taken[next(iter(sources))] += need
        return [Share(self, *source, unit.round(quantity)) for source, quantity in taken.items() if unit.compare(quantity, 0.0) > 0]

    # ------------------------------------------------------------ back

    def _read_arrivals(self):
        """Read what follows about all of these lines at once."""
        self.move_ids.move_line_ids.mapped("quantity_product_uom")

    def _get_arrived_lines(self):
        """``stock.move.line`` records that brought goods of these lines into the inspection."""
        moves = self.move_ids.filtered(lambda move: move.state == "done" and move._dms_is_coming_back())
        return moves.move_line_ids.filtered(lambda line: line.location_dest_id != line.company_id.dms_quarantine_location_id)

    def _get_arrived_quantity(self):
        """What has arrived of this line, in the product's own unit; what went to quarantine at once left out."""
        return sum(self._get_arrived_lines().mapped("quantity_product_uom"))

    def _set_received(self):
        self._read_arrivals()
        for line in self.filtered(lambda line: line.disposition != DESTROYED):
            arrived = line._get_arrived_quantity()
            if line.product_id.uom_id.compare(line._in_own_unit(line.received_qty), arrived):
                line.write(line._prepare_received_values(arrived))

    def _prepare_received_values(self, arrived):
        """What arrived, in the line's unit; parts of a case turn the line to the product's own unit, so that nothing is rounded."""
        own, unit = self.product_id.uom_id, self.product_uom_id
        received = own._compute_quantity(arrived, unit)
        if not own.compare(unit._compute_quantity(received, own, round=False), arrived):
            return {"received_qty": received}
        return {
            "product_uom_id": own.id,
            "quantity": self._in_own_unit(self.quantity),
            "approved_qty": self._in_own_unit(self.approved_qty),
            "received_qty": arrived,
        }

    def _write_off(self):
        """Rows of the distributor's ledger for what it destroyed; what was still in transit to it is received first."""
        deliveries = self._get_deliveries()
        rows = []
        for line in self:
            today = line.company_id._dms_today()
            deliveries[line.sale_line_id].picking_id._dms_receive(date=today)
            rows.append(line._prepare_destroyed_values(today))
        self.env["dms.stock.ledger"]._append(rows)

    def _prepare_destroyed_values(self, day):
        return {
            "company_id": self.company_id.id,
            "distributor_id": self.distributor_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "date": day,
            "kind": "return",
            "quantity": -self._in_own_unit(self.received_qty),
            "price_unit": self._get_unit_value(),
            "source_key": f"destroyed:{self.id}",
        }

    # ------------------------------------------------------------ inspected

    def _prepare_inspected_values(self):
        """Moves of what lies in the inspection; lines that were split share what came in for the line they come from."""
        self._read_arrivals()
        stock, values = {}, []
        for line in self.filtered(lambda line: line.disposition != DESTROYED and line.received_qty > 0):
            origin = line.split_from_id or line
            arrived = stock.setdefault(origin, [[entry, entry.quantity_product_uom] for entry in origin._get_arrived_lines()])
            accepted, received = line._in_own_unit(line.accepted_qty), line._in_own_unit(line.received_qty)
            values += line._take_from(arrived, accepted, line.disposition) + line._take_from(arrived, received - accepted, "quarantine")
        return values

    def _take_from(self, arrived, quantity, target):
        """Values of moves that bring ``quantity`` (in the product's own unit) from where it lies to its target.

        :param list arrived: ``[stock.move.line, quantity left of it]``, from which it is taken
        """
        unit, values = self.product_id.uom_id, []
        for entry in arrived:
            taken = min(entry[1], quantity)
            if unit.compare(taken, 0.0) > 0:
                entry[1] -= taken
                quantity -= taken
                values.append(self._prepare_inspected_move(entry[0], unit.round(taken), target))
        return values

    def _prepare_inspected_move(self, entry, quantity, target):
        product, company = self.product_id, self.company_id
        place = entry.move_id._dms_get_target(target)
        ends = {"location_id": entry.location_dest_id.id, "location_dest_id": place.id}
        goods = {"lot_id": entry.lot_id.id, "package_id": entry.result_package_id.id, "owner_id": entry.owner_id.id}
        line = {"product_id": product.id, "product_uom_id": product.uom_id.id, "quantity": quantity, "picked": True, **goods, **ends}
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "company_id": company.id,
            "origin": self.return_id.name,
            "dms_return_line_id": self.id,
            "to_refund": False,
            "picked": True,
            "move_line_ids": [Command.create(line)],
            **ends,
        }
