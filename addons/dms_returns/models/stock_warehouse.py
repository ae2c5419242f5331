from odoo import fields, models


class StockWarehouse(models.Model):
    """A warehouse takes back what distributors send by transfers of their own kind, into the inspection."""

    _inherit = "stock.warehouse"

    dms_return_type_id = fields.Many2one("stock.picking.type", "Returns of Distributors", check_company=True, copy=False)

    def _get_sequence_values(self, name=False, code=False):
        values = super()._get_sequence_values(name=name, code=code)
        values["dms_return_type_id"] = {
            "name": self.env._("%(name)s Sequence returns of distributors", name=name or self.name),
            "prefix": f"{code or self.code}/{self.dms_return_type_id.sequence_code or 'RET'}/",
            "padding": 5,
            "company_id": self.company_id.id,
        }
        return values

    def _get_picking_type_create_values(self, max_sequence):
        values, next_sequence = super()._get_picking_type_create_values(max_sequence)
        values["dms_return_type_id"] = {
            "name": self.env._("Returns of Distributors"),
            "code": "incoming",
            "use_create_lots": False,
            "use_existing_lots": True,
            "sequence": next_sequence,
            "sequence_code": "RET",
            "company_id": self.company_id.id,
            "default_location_src_id": self._get_partner_locations()[0].id,
        }
        return values, next_sequence + 1

    def _get_picking_type_update_values(self):
        self.company_id._dms_create_return_locations()
        company = self.company_id.sudo()  # a location of the company
        values = super()._get_picking_type_update_values()
        return {**values, "dms_return_type_id": {"default_location_dest_id": company.dms_inspection_location_id.id}}

    def _dms_create_return_types(self):
        """Give these warehouses their kind of transfer for returns; who has it keeps it."""
        for warehouse in self.sudo().filtered(lambda warehouse: not warehouse.dms_return_type_id):  # set-up, as when a warehouse is made
            last = warehouse.env["stock.picking.type"].search([("sequence", "!=", False)], order="sequence desc", limit=1).sequence
            created, _next = warehouse._get_picking_type_create_values(last)
            updated = warehouse._get_picking_type_update_values()
            sequence = warehouse.env["ir.sequence"].create(warehouse._get_sequence_values()["dms_return_type_id"])
            values = {**updated["dms_return_type_id"], **created["dms_return_type_id"], "warehouse_id": warehouse.id}
            warehouse.dms_return_type_id = warehouse.env["stock.picking.type"].create({**values, "sequence_id": sequence.id})

    def _dms_get_return_type(self):
        """Kind of transfer for returns to this warehouse, with full rights."""
        warehouse = self.sudo()  # set-up of the warehouse
        warehouse._dms_create_return_types()
        return warehouse.dms_return_type_id
