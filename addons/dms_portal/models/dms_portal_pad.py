import math

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: largest quantity and most lines taken from a page
MAX_QUANTITY = 1e9
MAX_LINES = 5000


class DmsPortalPad(models.AbstractModel):
    """The order pad behind its page: what it shows, what a set of lines costs, and the draft made of it.

    ``distributor`` is always one with full rights that the frame has checked, ``order`` empty or an order of its own
    with full rights. Lines come from a browser: product, unit and quantity are taken from them and nothing else.
    """

    _name = "dms.portal.pad"
    _description = "Order Pad of a Distributor"

    # ------------------------------------------------------------ what the page shows

    @api.model
    def _get_data(self, distributor, order):
        """All of the pad as plain values: rows, columns, the lines of ``order``, addresses, currency, minimum."""
        Portal = self.env["dms.portal"]
        lines = self._get_order_lines(order)
        terms = self.env["dms.portal.catalogue"]._get_terms(distributor)
        rows = self.env["dms.portal.catalogue"]._get_rows(distributor, terms, [line["product_id"] for line in lines])
        columns = Portal._sorted(Portal._get_pad_columns(distributor))
        values = Portal._get_pad_values(distributor, [row["id"] for row in rows]) if columns else {}
        for row in rows:
            if row["id"] in values:
                row["extra"] = values[row["id"]]
        filled = {key for extra in values.values() for key in extra}
        return {
            "rows": rows,
            "columns": [{name: column[name] for name in ("key", "label", "type")} for column in columns if column["key"] in filled],
            "lines": lines,
            "order": self._prepare_order_values(order),
            "mode": self._get_mode(order),
            "addresses": self._get_addresses(distributor),
            "currency": self._prepare_currency(order.currency_id or terms["currency"]),
            "minimum": self._get_minimum(distributor, order.currency_id or terms["currency"]),
        }

    @api.model
    def _get_mode(self, order):
        """``new``, ``draft`` (the distributor's own), or ``change`` of an order that both sides already know."""
        if not order:
            return "new"
        return "draft" if order._dms_portal_is_draft() else "change"

    def _prepare_order_values(self, order):
        return {
            "id": order.id,
            "name": order.name or "",
            "reference": order.client_order_ref or "",
            "address_id": order.partner_shipping_id.id,
        }

    def _get_order_lines(self, order):
        """One entry per product: what several lines of a product order is added up in the unit of the first."""
        entries = {}
        for line in order._dms_gated_lines():
            unit = self._get_pad_unit(line.product_id, line.product_uom_id)
            entry = entries.setdefault(line.product_id.id, {"product_id": line.product_id.id, "uom_id": unit.id, "quantity": 0.0})
            unit = unit.browse(entry["uom_id"])
            entry["quantity"] += line.product_uom_id._compute_quantity(line.product_uom_qty, unit, round=False)
        return list(entries.values())

    @api.model
    def _get_pad_unit(self, product, unit):
        """``unit`` if the pad offers it for the product, else the product's own."""
        return unit if unit in product.uom_id | product.uom_ids else product.uom_id

    @api.model
    def _get_address_partners(self, distributor):
        """Where goods of this distributor may go: itself and its own delivery addresses."""
        return self.env["res.partner"].search(distributor._get_delivery_address_domain(), order="id")

    def _get_addresses(self, distributor):
        partners = self._get_address_partners(distributor)
        return [{"id": partner.id, "name": partner._dms_portal_address()} for partner in partners]

    def _prepare_currency(self, currency):
        return {"symbol": currency.symbol, "position": currency.position, "digits": currency.decimal_places}

    def _get_minimum(self, distributor, currency):
        """Untaxed value below which an order of this distributor is held, in the currency of the pad; 0 for none."""
        company = self.env.company
        minimum = distributor.distributor_class_id.min_order_amount
        return company.currency_id._convert(minimum, currency, company, company._dms_today()) if minimum else 0.0

    # ------------------------------------------------------------ lines from outside

    @api.model
    def _parse_lines(self, distributor, lines, order):
        """Lines from a browser as values for an order, one per product, in the order given; quantity 0 is left out.

        :param lines: list of ``{"product_id": int, "uom_id": int, "quantity": number}``; everything else is ignored
        :return: list of ``{"product_id", "product_uom_id", "product_uom_qty"}``
        :raise UserError: for anything that is not that, and for products the distributor may not order, where unknown,
            foreign and archived ones read the same
        """
        if not isinstance(lines, list) or len(lines) > MAX_LINES:
            raise UserError(self.env._("An order has at most %(max)s lines.", max=MAX_LINES))
        wanted = {}
        for line in lines:
            product_id, uom_id, quantity = self._parse_line(line)
            if quantity:
                wanted[product_id] = (uom_id, quantity)
        products = self._get_products(distributor, list(wanted), order)
        return [self._prepare_line(product, *wanted[product.id]) for product in products]

    def _parse_line(self, line):
        if not isinstance(line, dict):
            raise UserError(self.env._("A line of the order could not be read: reload the page."))
        ids = [line.get(name) for name in ("product_id", "uom_id")]
        if not all(isinstance(id_, int) and not isinstance(id_, bool) and 0 < id_ < 2**31 for id_ in ids):
            raise UserError(self.env._("A line of the order could not be read: reload the page."))
        return *ids, self._parse_quantity(line.get("quantity"))

    @api.model
    def _parse_quantity(self, quantity):
        if isinstance(quantity, bool) or not isinstance(quantity, int | float) or not math.isfinite(quantity):
            raise UserError(self.env._("A quantity must be a number."))
        if not 0 <= quantity <= MAX_QUANTITY:
            raise UserError(self.env._("A quantity lies between 0 and %(max)s.", max=f"{MAX_QUANTITY:,.0f}"))
        return float(quantity)

    def _get_products(self, distributor, ids, order):
        """The products, in the order given; those already on ``order`` may stay."""
        Product = self.env["product.product"]
        domain = self.env["dms.portal.catalogue"]._get_product_domain(distributor)
        allowed = set(Product.search([("id", "in", ids), *domain]).ids) | set(order.order_line.product_id.ids)
        if set(ids) - allowed:
            raise UserError(self.env._("One of the products cannot be ordered any more: reload the page."))
        return Product.browse(ids)

    def _prepare_line(self, product, uom_id, quantity):
        unit = (product.uom_id | product.uom_ids).filtered(lambda unit: unit.id == uom_id)
        if not unit:
            raise UserError(self.env._("%(product)s is not sold in this unit: reload the page.", product=product.display_name))
        rounded = unit.round(quantity)
        if not rounded:
            raise UserError(self.env._("%(product)s: the quantity is too small.", product=product.display_name))
        return {"product_id": product.id, "product_uom_id": unit.id, "product_uom_qty": rounded}

    # ------------------------------------------------------------ what it costs

    @api.model
    def _price(self, distributor, order, lines):
        """What these lines cost: priced by core on a virtual order; nothing is written.

        :return: ``{"lines": {product id: {"price", "discount", "amount"}}, "untaxed", "tax", "total", "verdicts", "notes"}``;
            numbers in the currency of the pad, amounts untaxed after all that is taken off
        """
        virtual = self._make_virtual_order(distributor, order, self._parse_lines(distributor, lines, order))
        priced = {}
        for line in virtual._dms_gated_lines():
            values = priced.setdefault(line.product_id.id, {"price": 0.0, "discount": 0.0, "amount": 0.0})
            values["price"] = line.price_unit
            values["discount"] = line.discount
            values["amount"] += line.price_subtotal
        totals = {"untaxed": virtual.amount_untaxed, "tax": virtual.amount_tax, "total": virtual.amount_total}
        Portal = self.env["dms.portal"]
        verdicts = Portal._get_pad_verdicts(virtual) if priced else []
        return {"lines": priced, **totals, "verdicts": verdicts, "notes": Portal._get_pad_notes(virtual) if priced else []}

    def _make_virtual_order(self, distributor, order, values):
        """``sale.order`` as the pad would make it, in memory. Extended by modules that add terms of the whole order."""
        Order = self.env["sale.order"]
        if self._get_mode(order) == "change":
            virtual = order.new(origin=order)
            self._change_virtual_lines(virtual, values)
            return virtual
        # freshly priced by core: the price gate, which compares with exactly that, has nothing to look at
        header = {"partner_id": distributor.id, "company_id": self.env.company.id, "order_channel": "backend"}
        header["client_order_ref"] = order.client_order_ref
        in_memory = {"name": "/", "analytic_distribution": False}  # looked up line by line by core, and not shown here
        typed_before = [Command.delete(line.id) for line in order._dms_gated_lines()]  # with an origin, commands come on top of its lines
        header["order_line"] = typed_before + [Command.create({**line, **in_memory}) for line in values]
        return Order.new(header, origin=order)

    def _change_virtual_lines(self, virtual, values):
        wanted = {line["product_id"]: line for line in values}
        commands = []
        for line in virtual._dms_gated_lines():
            quantity = wanted.pop(line.product_id.id, {}).get("product_uom_qty", 0.0)
            commands.append(Command.update(line._origin.id, {"product_uom_qty": quantity}))
        virtual.order_line = commands + [Command.create({**line, "name": "/"}) for line in wanted.values()]
