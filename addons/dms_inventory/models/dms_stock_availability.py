from odoo import api, models
from odoo.fields import Domain

#: states of moves whose goods are still to come
COMING_STATES = ("waiting", "confirmed", "assigned", "partially_available")


class DmsStockAvailability(models.AbstractModel):
    """What our warehouses can send to a distributor, and what they wait for.

    Figures for whoever decides on orders, as they are; what a distributor is shown of them is decided in `dms_portal_catalogue.py`.
    """

    _name = "dms.stock.availability"
    _description = "Availability of Products for a Distributor"

    @api.model
    def _get_availability(self, distributor, products):
        """What is free and what is coming, at the distributor's serving warehouse and its alternates in the company of the environment.

        The number of queries does not depend on the number of products.

        :param distributor: ``res.partner`` with full rights
        :param products: ``product.product``
        :return: ``{product id: {"free": quantity, "incoming": [(date, quantity), ...]}}`` in the products' own units; free as core's
            ``free_qty`` has it, incoming by day of the company, the next first
        """
        warehouses = self.env["dms.portal.catalogue"]._get_warehouses(distributor)
        free = self.env["dms.portal.catalogue"]._get_free_quantities(warehouses, products.ids)
        incoming = self._get_incoming(warehouses, products.ids)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {id_: {"free": round(free.get(id_, 0.0), digits), "incoming": incoming.get(id_, [])} for id_ in products.ids}

    @api.model
    def _get_incoming(self, warehouses, product_ids):
        """What is on its way into these warehouses from outside of them, as core's ``incoming_qty`` has it, by day.

        :return: ``{product id: [(date, quantity), ...]}`` in the products' own units, the next first
        """
        coming = self.env["product.product"].with_context(warehouse_id=warehouses.ids)._get_domain_locations()[1]
        coming &= Domain("state", "in", COMING_STATES) & Domain("product_id", "in", product_ids)
        moves = self.env["stock.move"].with_context(tz=str(self.env.company._dms_tz()))
        days = {}
        for product, day, quantity in moves._read_group(coming, ["product_id", "date:day"], ["product_qty:sum"], order="date:day"):
            days.setdefault(product.id, []).append((day.date(), quantity))
        return days
