from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

#: key of the context in which quants are gathered for a move: their lots must not expire before
SHELF_KEY = "dms_shelf_until"


class StockMove(models.Model):
    """A delivery to a distributor reserves lots that live long enough, where lots have an expiry (`product_expiry`)."""

    _inherit = "stock.move"

    def _dms_shelf_until(self):
        """Moment before which no lot of this move may expire; None where nothing is asked: other customers, no such product, no rule."""
        if "use_expiration_date" not in self.product_id._fields or not self.product_id.use_expiration_date:
            return None
        days = self._dms_shelf_distributor().sudo().distributor_class_id.min_shelf_days  # a term of the distributor of this delivery
        return self.date + timedelta(days=days) if days else None

    def _dms_shelf_distributor(self):
        """The distributor these goods are for, in every step of a delivery: that of the order, else of the address it goes to."""
        if self.location_id.usage == "customer":
            return self.env["res.partner"]
        partner = self.sale_line_id.order_id.distributor_id
        if not partner and self.location_dest_id.usage == "customer":
            partner = (self.partner_id or self.picking_id.partner_id).commercial_partner_id
        return partner.filtered("is_distributor")

    def _update_reserved_quantity_vals(self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True):
        until = self._dms_shelf_until()
        move = self.with_context(**{SHELF_KEY: until}) if until else self
        return super(StockMove, move)._update_reserved_quantity_vals(need, location_id, lot_id, package_id, owner_id, strict)

    def _get_available_quantity(self, location_id, lot_id=None, package_id=None, owner_id=None, strict=False, allow_negative=False):
        until = self._dms_shelf_until()
        move = self.with_context(**{SHELF_KEY: until}) if until else self
        return super(StockMove, move)._get_available_quantity(location_id, lot_id, package_id, owner_id, strict, allow_negative)

    def _dms_get_short_lots(self):
        """Lots chosen for this move, by hand then, that live too short."""
        until = self._dms_shelf_until()
        lots = self.move_line_ids.lot_id if until else self.env["stock.lot"]
        return lots.filtered(lambda lot: lot.expiration_date and lot.expiration_date < until)

    def _dms_say_shelf_life(self):
        """Sentences on lots that live too short for the distributor: chosen by hand, or there and not reserved."""
        until = self._dms_shelf_until()
        if not until:
            return []
        values = {
            "distributor": self._dms_shelf_distributor().name,
            "day": format_date(self.env, until),
            "product": self.product_id.display_name,
        }
        lots = self._dms_get_short_lots()
        if lots:
            values["lots"] = ", ".join(lots.mapped("name"))
            return [self.env._("%(product)s, lot %(lots)s: expires before %(day)s, which %(distributor)s does not accept.", **values)]
        if self.state in ("confirmed", "partially_available"):
            return [self.env._("%(product)s: lots that expire before %(day)s are not reserved for %(distributor)s.", **values)]
        return []


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_gather_domain(self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False):
        domain = super()._get_gather_domain(product_id, location_id, lot_id, package_id, owner_id, strict)
        until = self.env.context.get(SHELF_KEY)
        return domain & self._dms_get_shelf_domain(until) if until and "expiration_date" in self._fields else domain

    @api.model
    def _dms_get_shelf_domain(self, until):
        """Quants whose goods do not expire before a moment; what has no expiry never does."""
        return Domain("expiration_date", "=", False) | Domain("expiration_date", ">=", until)


class StockPicking(models.Model):
    """A lot chosen by hand is the warehouse's decision: the transfer says what it means, and keeps a note of it."""

    _inherit = "stock.picking"

    dms_shelf_life_note = fields.Text("Shelf Life", compute="_compute_dms_shelf_life_note", groups="base.group_user")

    @api.depends("move_line_ids.lot_id", "move_ids.state", "scheduled_date")
    def _compute_dms_shelf_life_note(self):
        has_expiry = "expiration_date" in self.env["stock.lot"]._fields
        for picking in self:
            live = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel")) if has_expiry else picking.move_ids.browse()
            picking.dms_shelf_life_note = "\n".join(sentence for move in live for sentence in move._dms_say_shelf_life()) or False

    def _action_done(self):
        notes = {picking: picking.dms_shelf_life_note for picking in self}
        short = {picking for picking in self if any(move._dms_get_short_lots() for move in picking.move_ids if move.picked)}
        result = super()._action_done()
        for picking in short:
            if picking.state == "done":
                picking.message_post(body=self.env._("Sent with lots chosen by hand: %(note)s", note=notes[picking]))
        return result
