from odoo import fields, models


class ResPartner(models.Model):
    """From where a distributor can be served, and what it is told of the stock there."""

    _inherit = "res.partner"

    alternate_warehouse_ids = fields.Many2many(
        "stock.warehouse",
        "dms_partner_alternate_warehouse_rel",
        "partner_id",
        "warehouse_id",
        "Alternate Warehouses",
        groups="base.group_user",
        help="Their stock counts as available to this distributor too, beside that of its serving warehouse.",
    )

    def _dms_stock_display(self):
        """How this distributor is shown the stock of our warehouses: that of its class, in bands without one."""
        return self.distributor_class_id.stock_display or "bands"
