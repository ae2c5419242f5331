from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.dms_inventory.tests.common import InventoryCommon

PDF = b"%PDF-1.4 destroyed"


class ReturnsCommon(InventoryCommon):
    """Two claims officers, a hand of the warehouse, a plain reason without any limit, and short ways through a return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.create_reason("PLAIN")
        cls.to_scrap = cls.create_reason("SCRAP", disposition="scrap")
        cls.destroyed = cls.create_reason("GONE", disposition="destroyed_at_distributor", goods_required=False)
        cls.inspection = cls.company.dms_inspection_location_id
        cls.quarantine = cls.company.dms_quarantine_location_id
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.shelf = cls.warehouse.lot_stock_id

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        groups = {"t_officer": "dms_returns.group_claims_officer", "t_officer2": "dms_returns.group_claims_officer"}
        groups |= {"t_claims_manager": "dms_returns.group_claims_manager", "t_hand": "stock.group_stock_user"}
        cls.officer, cls.officer2, cls.claims_manager, cls.hand = (cls.create_staff(*member) for member in groups.items())

    @classmethod
    def create_reason(cls, code, **values):
        return cls.env["dms.return.reason"].create({"name": code.title(), "code": f"T-{code}", **values})

    @classmethod
    def prepare_line(cls, sale_line, quantity, reason=None, **values):
        return {
            "sale_line_id": sale_line.id,
            "product_id": sale_line.product_id.id,
            "quantity": quantity,
            "reason_id": (reason or cls.plain).id,
            **values,
        }

    @classmethod
    def create_return(cls, quantities, distributor=None, user=None, **values):
        """A draft of ``{order line: quantity}`` or of values of lines, made by the desk."""
        if isinstance(quantities, dict):
            quantities = [cls.prepare_line(line, quantity) for line, quantity in quantities.items()]
        return (
            cls.env["dms.return"]
            .with_user(user or cls.desk)
            .create(
                {
                    "distributor_id": (distributor or cls.alpha).id,
                    "line_ids": [Command.create(line) for line in quantities],
                    **values,
                }
            )
            .with_env(cls.env)
        )

    @classmethod
    def submit(cls, case, user=None):
        case.with_user(user or cls.desk).action_submit()
        return case

    @classmethod
    def approve(cls, case, *quantities, user=None):
        """Approve, line by line where quantities are given."""
        for line, quantity in zip(case.line_ids, quantities, strict=False):
            line.with_user(user or cls.officer).approved_qty = quantity
        case.with_user(user or cls.officer).action_approve()
        return case

    @classmethod
    def bring(cls, case, quantities=None, cancel_rest=True):
        """Validate what is on its way, all or ``{product: quantity}``; the rest is given up, or left for a back order."""
        pickings = case.picking_ids.filtered(lambda picking: picking.state == "assigned")
        for move in pickings.move_ids:
            if quantities is not None:
                move.quantity = quantities.get(move.product_id, 0)
            move.picked = bool(move.quantity)
        pickings.with_user(cls.hand).with_context(cancel_backorder=cancel_rest)._action_done()
        return case

    @classmethod
    def inspect(cls, case, *quantities, user=None):
        for line, quantity in zip(case.line_ids, quantities, strict=False):
            line.with_user(user or cls.hand).accepted_qty = quantity
        case.with_user(user or cls.hand).action_inspect()
        return case

    @classmethod
    def send_back(cls, quantities, **values):
        """The whole way to the inspection."""
        return cls.bring(cls.approve(cls.submit(cls.create_return(quantities, **values))))

    @classmethod
    def lying(cls, product, location, lot=None):
        """Quantity of a product in a location."""
        quants = cls.env["stock.quant"].search([("product_id", "=", product.id), ("location_id", "=", location.id)])
        return sum(quants.filtered(lambda quant: not lot or quant.lot_id == lot).mapped("quantity"))

    @classmethod
    def line_of(cls, picking, product=None):
        lines = picking.move_ids.sale_line_id
        return lines.filtered(lambda line: line.product_id == product) if product else lines

    @contextmanager
    def assertRefused(self, sentence):
        """What is done is refused with a sentence, and leaves nothing behind."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), sentence)
