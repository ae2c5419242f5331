import itertools
from datetime import timedelta

from odoo.fields import Command

from odoo.addons.dms_orders.tests.common import DmsCommon


class InventoryCommon(DmsCommon):
    """Goods of three kinds at two distributors: counted in units, in kilos, and by lots."""

    numbers = itertools.count()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dms.assortment"].search([]).active = False
        cls.env["dms.stock.norm"].search([]).active = False
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.flour = cls.create_product("Flour", "T-FLO", 2.0, uom_id=cls.kilo.id, uom_ids=[Command.clear()])
        cls.milk = cls.create_product("Milk", "T-MLK", 1.5, tracking="lot")
        cls.today = cls.company._dms_today()

    @classmethod
    def day(cls, back):
        return cls.today - timedelta(days=back)

    @classmethod
    def create_lot(cls, name, product=None, **values):
        return cls.env["stock.lot"].create({"name": name, "product_id": (product or cls.milk).id, "company_id": cls.company.id, **values})

    @classmethod
    def sell(cls, quantities, distributor=None, lots=None):
        """A confirmed order of ``{product: quantity}``, delivered; its transfer. ``lots``: ``{product: [(lot, quantity)]}``."""
        order = cls.create_order(distributor or cls.alpha, quantities)
        order.action_confirm()
        picking = order.picking_ids
        for move in picking.move_ids:
            for lot, quantity in (lots or {}).get(move.product_id, ()):
                cls.env["stock.quant"]._update_available_quantity(move.product_id, move.location_id, quantity, lot_id=lot)
            if move.product_id in (lots or {}):
                move.move_line_ids.unlink()
                move.move_line_ids = [
                    Command.create(
                        {
                            "product_id": move.product_id.id,
                            "lot_id": lot.id,
                            "quantity": quantity,
                            "picking_id": picking.id,
                            "location_id": move.location_id.id,
                            "location_dest_id": move.location_dest_id.id,
                        }
                    )
                    for lot, quantity in lots[move.product_id]
                ]
            else:
                move.quantity = move.product_uom_qty
            move.picked = True
        picking._action_done()
        return picking

    @classmethod
    def receive(cls, quantities, distributor=None, date=None, lots=None):
        """The same, received as of ``date``."""
        picking = cls.sell(quantities, distributor, lots)
        picking._dms_receive(date=date)
        return picking

    @classmethod
    def give_back(cls, picking, quantities):
        """Return ``{product: quantity}`` of a delivery; the transfer that took it back."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.product_id, 0)
        back = wizard._create_return()
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        back._action_done()
        return back

    @classmethod
    def create_statement(cls, lines, kind="sellout", date=None, distributor=None, user=None, **values):
        """A draft of ``{product: quantity}`` or a list of values of lines."""
        if isinstance(lines, dict):
            lines = [{"product_id": product.id, "quantity": quantity} for product, quantity in lines.items()]
        return (
            cls.env["dms.stock.statement"]
            .with_user(user or cls.desk)
            .create(
                {
                    "distributor_id": (distributor or cls.alpha).id,
                    "kind": kind,
                    "date": date or cls.today,
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
            .with_env(cls.env)
        )

    @classmethod
    def report(cls, lines, kind="sellout", date=None, **values):
        """A statement, posted."""
        statement = cls.create_statement(lines, kind, date, **values)
        statement.with_user(cls.desk).action_post()
        return statement

    @classmethod
    def append(cls, product, quantity, back, kind="receipt", distributor=None, lot=None, flow=None):
        """A row of the ledger, so many days back, of no document."""
        cls.env["dms.stock.ledger"]._append(
            [
                {
                    "company_id": cls.company.id,
                    "distributor_id": (distributor or cls.alpha).id,
                    "product_id": product.id,
                    "lot_id": lot.id if lot else False,
                    "date": cls.day(back),
                    "quantity": quantity,
                    "kind": kind,
                    "flow": flow or kind,
                    "source_key": f"test:{next(cls.numbers)}",
                }
            ]
        )

    def position(self, product, distributor=None):
        return self.env["dms.stock.position"].search(
            [("distributor_id", "=", (distributor or self.alpha).id), ("product_id", "=", product.id), ("company_id", "=", self.company.id)]
        )

    def rows(self, product, distributor=None):
        """``[(kind, quantity, days back, lot name)]`` of the ledger, oldest entry first."""
        found = self.env["dms.stock.ledger"].search(
            [("distributor_id", "=", (distributor or self.alpha).id), ("product_id", "=", product.id)], order="id"
        )
        return [(row.kind, row.quantity, (self.today - row.date).days, row.lot_id.name or "") for row in found]

    def on_hand(self, product, distributor=None):
        return self.position(product, distributor).on_hand_qty
