from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

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
        days = {}
        for product_id, day, quantity in self.env.execute_query(self._get_incoming_query(coming)):
            days.setdefault(product_id, []).append((day, quantity))
        return days

    def _get_incoming_query(self, domain):
        """SQL of ``(product id, day of the company, quantity)`` of these moves, the earliest first."""
        self.env["stock.move"].flush_model(["date", "product_id", "product_qty"])
        moves = self.env["stock.move"]._search(domain)
        day = SQL("(stock_move.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", str(self.env.company._dms_tz()))
        moves.groupby = SQL("1, 2")
        moves.order = SQL("2, 1")
        return moves.select(SQL("stock_move.product_id"), day, SQL("SUM(stock_move.product_qty)::float8"))
