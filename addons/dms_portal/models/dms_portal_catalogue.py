from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

#: tables that decide what a product is called, what it costs and in which units it is sold
VERSION_TABLES = (
    "product_product",
    "product_template",
    "product_category",
    "product_pricelist",
    "product_pricelist_item",
    "product_uom",
    "product_template_uom_uom_rel",
    "product_template_attribute_value",
    "product_attribute_value",
    "product_taxes_rel",
    "uom_uom",
    "res_currency",
    "res_currency_rate",
    "account_tax",
    "account_fiscal_position",
)


class DmsPortalCatalogue(models.AbstractModel):
    """What a distributor may order, with prices and availability, as plain rows for the order pad.

    Names and prices are kept in the process, as core's own methods returned them, together with a version of the
    tables they come from; any row added, changed or removed there gives another version, in every process at once.
    So are the moments at which a price rule begins or ends. Stock is read anew each time.
    """

    _name = "dms.portal.catalogue"
    _description = "Catalogue of a Distributor"

    # ------------------------------------------------------------ rows

    @api.model
    def _get_rows(self, distributor, terms, extra_ids=()):
        """Rows of the products that ``distributor`` (with full rights) may order today, sorted by category and name.

        The number of queries does not depend on the number of products.

        :param dict terms: of :meth:`_get_terms`
        :param extra_ids: ids of products to show although they may not be ordered; such rows have ``closed`` set
        :return: list of ``{"id", "code", "name", "barcode", "categ_id", "categ", "units": [[id, name, factor, price]],
            "min", "multiple", "stock"}``; factor: how many of the product's own unit, price: currency of the distributor,
            per unit, as an order line of one unit has it after discount; minimum and multiple in the product's own unit;
            stock as in :meth:`_get_stock_levels`
        """
        version = self._get_version()
        ids = self._get_orderable_ids(distributor)
        closed = set(extra_ids) - set(ids)
        ids += list(closed)
        facts = self._cached("facts", (self.env.company.id, self.env.lang), version, ids, self._compute_facts)
        prices = self._get_prices(terms, version, ids)
        stock = self._get_stock_levels(terms, facts, ids)
        rows = [
            {**facts[id_], "units": [[*unit, prices[id_][unit[0]]] for unit in facts[id_]["units"]], "stock": stock[id_]}
            for id_ in ids
            if id_ in facts
        ]
        for row in rows:
            if row["id"] in closed:
                row["closed"] = True
        rows.sort(key=lambda row: (row["categ"], row["name"], row["id"]))
        return rows

    @api.model
    def _get_terms(self, distributor):
        """What decides price and availability; extended by modules with terms of their own.

        :return: dict with the records ``pricelist``, ``fiscal_position``, ``currency``, ``warehouses``
        """
        company = self.env.company
        pricelist = distributor.with_company(company).property_product_pricelist
        return {
            "pricelist": pricelist,
            "fiscal_position": self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(distributor),
            "currency": pricelist.currency_id or company.currency_id,
            "warehouses": self._get_warehouses(distributor),
        }

    @api.model
    def _get_warehouses(self, distributor):
        """Where goods for this distributor lie, in the company of the environment: the warehouse that serves it.

        Extended by modules that know of others.
        """
        warehouse, company = distributor.serving_warehouse_id, self.env.company
        if warehouse.company_id != company:
            names = ["company_id", "view_location_id"]
            warehouse = self.env["stock.warehouse"].search_fetch([("company_id", "=", company.id)], names, limit=1)
        return warehouse

    @api.model
    def _get_product_domain(self, distributor):
        """Domain of the products this distributor may order today in the company of the environment."""
        return self._get_saleable_domain() & distributor._get_assortment_domain(company=self.env.company)

    @api.model
    def _get_saleable_domain(self):
        """Domain of the products that are sold to distributors at all in the company of the environment."""
        return Domain("sale_ok", "=", True) & Domain("type", "!=", "combo") & Domain("company_id", "in", (False, self.env.company.id))

    @api.model
    def _get_orderable_ids(self, distributor):
        query = self.env["product.product"]._search(self._get_product_domain(distributor))
        return list(query.get_result_ids())

    # ------------------------------------------------------------ version

    @api.model
    def _get_version_tables(self):
        """Tables whose rows decide names and prices; extended by modules whose price rules live elsewhere."""
        return VERSION_TABLES

    @api.model
    def _get_version(self):
        """A value that differs whenever a name or a price may differ.

        A new state of a row carries a higher number of transaction or, in the same transaction, of command; a row
        removed lowers the count. Nothing has to be written, and nobody has to remember to clear a cache.
        """
        self.env.flush_all()
        states = [
            SQL("SELECT count(*), sum(xmin::text::bigint), sum(cmin::text::bigint) FROM %s", SQL.identifier(table))
            for table in self._get_version_tables()
        ]
        now = fields.Datetime.now()
        states.append(
            SQL(
                "SELECT count(*) FILTER (WHERE date_start <= %(now)s), count(*) FILTER (WHERE date_end < %(now)s), 0 FROM product_pricelist_item",
                now=now,
            )
        )
        rows = self.env.execute_query(SQL(" UNION ALL ").join(states))
        return (fields.Date.context_today(self), tuple(rows))

    @api.model
    @tools.ormcache("kind", "key")
    def _get_store(self, kind, key):
        return {"kept": (None, {})}

    @api.model
    def _cached(self, kind, key, version, ids, compute):
        """``{id: value}`` of the wanted ids from the store; what is missing is computed, for all of it at once."""
        store = self._get_store(kind, key)
        kept_version, values = store["kept"]
        if kept_version != version:
            values = {}
        missing = [id_ for id_ in ids if id_ not in values]
        if missing:
            values = {**values, **compute(self.env["product.product"].browse(missing))}
            store["kept"] = (version, values)  # both at once: other threads may hold another version
        return values

    # ------------------------------------------------------------ names and units

    @api.model
    def _compute_facts(self, products):
        return {product.id: self._prepare_facts(product) for product in products.with_context(display_default_code=False)}

    def _prepare_facts(self, product):
        unit = product.uom_id
        return {
            "id": product.id,
            "code": product.default_code or "",
            "name": product.display_name,
            "barcode": product.barcode or "",
            "categ_id": product.categ_id.id,
            "categ": product.categ_id.display_name or "",
            "units": [[u.id, u.name, u._compute_quantity(1.0, unit, round=False)] for u in unit | product.uom_ids],
            "min": product.order_min_qty,
            "multiple": product.order_multiple,
            "counted": product.is_storable,
        }

    # ------------------------------------------------------------ prices

    def _get_prices(self, terms, version, ids):
        pricelist, position, currency = terms["pricelist"], terms["fiscal_position"], terms["currency"]
        key = (self.env.company.id, pricelist.id, position.id, currency.id)
        return self._cached("prices", key, version, ids, lambda products: self._compute_prices(products, pricelist, position, currency))

    def _compute_prices(self, products, pricelist, position, currency):
        """``{product id: {unit id: price}}`` of one unit each, by core's own method, once for each unit."""
        prices = {product.id: {} for product in products}
        for unit in products.uom_id | products.uom_ids:
            sold_in = products.filtered(lambda product, unit=unit: unit in product.uom_id | product.uom_ids)
            for id_, price in pricelist._get_products_price(sold_in, 1.0, uom=unit, currency=currency).items():
                prices[id_][unit.id] = price
        if position:
            for product in products:
                taxes = product.taxes_id._filter_taxes_by_company(self.env.company)
                for unit_id, price in prices[product.id].items():
                    prices[product.id][unit_id] = product._get_tax_included_unit_price_from_price(price, taxes, position)
        return prices

    # ------------------------------------------------------------ stock

    @api.model
    def _get_free_quantities(self, warehouses, product_ids=None):
        """``{product id: free quantity}`` at the warehouses together, as core's ``free_qty`` has it.

        :param product_ids: ids of products; None for all that lie there
        :return: in the products' own units, not rounded; products of which nothing lies there are left out
        """
        in_warehouses = self.env["product.product"].with_context(warehouse_id=warehouses.ids)._get_domain_locations()[0]
        if product_ids is not None:
            in_warehouses &= Domain("product_id", "in", product_ids)
        groups = self.env["stock.quant"]._read_group(in_warehouses, ["product_id"], ["quantity:sum", "reserved_quantity:sum"])
        return {product.id: quantity - reserved for product, quantity, reserved in groups}

    @api.model
    def _get_stock_levels(self, terms, facts, ids):
        """What the pad says of the stock of each product, in a number of queries that does not depend on theirs.

        Extended by modules that know more of it, or that keep it to themselves.

        :param dict terms: of :meth:`_get_terms`
        :param dict facts: ``{product id: facts}`` of :meth:`_prepare_facts`
        :return: ``{product id: [level, number | None]}`` with the levels of :meth:`_get_stock_level`; a third item is a few words
            told beside it; None where nothing is told
        """
        free = self._get_free_quantities(terms["warehouses"])
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {id_: self._get_stock_level(terms, facts[id_], round(free.get(id_, 0.0), digits)) for id_ in ids}

    def _get_stock_level(self, terms, fact, left):
        """``[level, number]`` of one product: plenty (``yes``, no number), what is left (``low``) or none (``no``).

        :param float left: free quantity in the product's own unit
        """
        if not fact["counted"] or left > 0 and left >= self.env.company.dms_portal_stock_shown:
            return ["yes", None]
        return ["low", left] if left > 0 else ["no", None]
