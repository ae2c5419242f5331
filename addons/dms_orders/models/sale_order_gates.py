from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from .dms_order_gate import Finding

#: gates of this module, in order; each is a method ``_dms_find_<code>`` that yields (order, Finding)
GATES = ("suspended", "licence", "assortment", "quantity", "minimum", "duplicate", "price")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------ hooks

    def _dms_limit_keys(self):
        """Keys of every limit these orders share with others, as tuples of text and numbers.

        Locked together, sorted, before anything of the batch is decided. Extended by modules that guard a limit:
        ``super() | {("dms.credit", company_id, partner_id)}``.

        :rtype: set[tuple]
        """
        return set()

    def _dms_gate_findings(self):
        """What the gates of every installed module have against each order; the orders stand as they would be confirmed.

        ``self`` is a whole batch, whose orders may share limits: each counts on top of those before it that have no
        finding. It may also be one virtual order (a change under examination): identify it by ``order._origin.id``
        and read its values from the record. Runs with full rights, writes nothing.

        :return: ``{order id: [Finding(gate, message, values)]}`` with an entry for each order
        """
        findings = {order._origin.id: [] for order in self}
        active = self.env["dms.order.gate"]._get_active_ids()
        for code in GATES:
            if code in active:
                for order, finding in getattr(self, f"_dms_find_{code}")():
                    findings[order._origin.id].append(finding)
        return findings

    def _dms_get_verdicts(self):
        """What stands for or against these orders as they are, told before they are handed in: on the order pad, on a suggestion.

        It is what the gates find, and what modules with limits of their own add that is no gate ("fits your credit"). Nothing is
        locked or written; ``self`` as in :meth:`_dms_gate_findings`. Runs with full rights: who extends it adds what the user may read.

        :return: ``{order id: [{"tone": "success" | "info" | "warning" | "danger", "message": str, "product_id": int | None}]}``
            with an entry for each order
        """
        return {
            order_id: [
                {"tone": "warning", "message": finding.message, "product_id": (finding.values or {}).get("product_id")}
                for finding in findings
            ]
            for order_id, findings in self._dms_gate_findings().items()
        }

    def _dms_tongue(self):
        """Environment in the distributor's language, in which the sentences of this order are written."""
        return self.with_context(lang=self.partner_id.lang or self.env.lang).env

    # ------------------------------------------------------------ distributor

    def _dms_find_suspended(self):
        for order in self:
            distributor = order.distributor_id
            if distributor.distributor_state != "active" or not distributor.active:
                env = order._dms_tongue()
                selection = dict(distributor.with_env(env)._fields["distributor_state"]._description_selection(env))
                yield (
                    order,
                    Finding(
                        "suspended",
                        env._(
                            "The account of %(distributor)s is not active (%(state)s). Contact us to have it activated.",
                            distributor=distributor.name,
                            state=selection.get(distributor.distributor_state, ""),
                        ),
                        {"state": distributor.distributor_state},
                    ),
                )

    def _dms_find_licence(self):
        LicenceType = self.env["dms.licence.type"]
        needed = {order: LicenceType._get_needed(order._dms_gated_lines().product_id) for order in self}
        if not any(needed.values()):
            return
        held = self.env["dms.licence"]._get_held(self.distributor_id)
        for order in self:
            day = order.company_id._dms_today()
            for licence_type, products in needed[order].items():
                own = held.get((order.distributor_id, licence_type), self.env["dms.licence"])
                own = own.filtered(lambda licence, o=order: licence.company_id in (o.company_id, o.env["res.company"]))
                if not any(licence._is_valid_on(day) for licence in own):
                    yield order, order._dms_licence_finding(licence_type, products, own)

    def _dms_licence_finding(self, licence_type, products, licences):
        env = self._dms_tongue()
        ended = max(filter(None, licences.mapped("date_to")), default=None)
        values = {
            "licence": licence_type.with_env(env).name,
            "products": _enumerate(products.with_env(env)),
            "ended": ended and format_date(env, ended),
        }
        if ended:
            message = env._("Your %(licence)s ended on %(ended)s: renew it or remove %(products)s.", **values)
        else:
            message = env._("%(products)s may only be sold with a valid %(licence)s: send it to us or remove them.", **values)
        return Finding("licence", message, {"licence_type": licence_type.code, "product_ids": products.ids})

    # ------------------------------------------------------------ products

    def _dms_find_assortment(self):
        for company, orders in self.grouped("company_id").items():
            scopes = self.env["dms.assortment"]._get_scopes(orders.distributor_id, company._dms_today(), company)
            for order in orders:
                outside = order._dms_get_products_outside(scopes[order.distributor_id])
                if outside:
                    env = order._dms_tongue()
                    yield (
                        order,
                        Finding(
                            "assortment",
                            env._(
                                "Not in your assortment today: %(products)s. Remove them or ask us to add them.",
                                products=_enumerate(outside.with_env(env)),
                            ),
                            {"product_ids": outside.ids},
                        ),
                    )

    def _dms_get_products_outside(self, scopes):
        products = self._dms_gated_lines().product_id
        return products - self.env["dms.assortment"]._filter_covered(products, scopes) if scopes else products.browse()

    def _dms_find_quantity(self):
        for order in self:
            for product, quantity in order._dms_reference_quantities().items():
                message = order._dms_quantity_message(product, quantity)
                if message:
                    yield order, Finding("quantity", message, {"product_id": product.id, "quantity": quantity})

    def _dms_quantity_message(self, product, quantity):
        """What is wrong with ordering ``quantity`` (in the product's own unit), or None."""
        unit, minimum, multiple = product.uom_id, product.order_min_qty, product.order_multiple
        if unit.compare(quantity, 0.0) <= 0:
            return None
        env = self._dms_tongue()
        names = {"product": product.with_env(env).display_name, "unit": unit.with_env(env).name, "quantity": f"{quantity:g}"}
        if unit.compare(quantity, minimum) < 0:
            return env._("%(product)s: order at least %(minimum)s %(unit)s (now %(quantity)s).", minimum=f"{minimum:g}", **names)
        if multiple and not unit.is_zero(quantity - multiple * round(quantity / multiple)):
            return env._("%(product)s: order multiples of %(multiple)s %(unit)s (now %(quantity)s).", multiple=f"{multiple:g}", **names)
        return None

    # ------------------------------------------------------------ the order as a whole

    def _dms_find_minimum(self):
        for order in self:
            minimum = order.currency_id.round(order.dms_class_id._get_terms().min_order_amount * order.currency_rate)
            if minimum and order.currency_id.compare_amounts(order.amount_untaxed, minimum) < 0:
                env = order._dms_tongue()
                currency = order.currency_id.with_env(env)
                missing = minimum - order.amount_untaxed
                yield (
                    order,
                    Finding(
                        "minimum",
                        env._(
                            "The order is below your minimum of %(minimum)s. Add %(missing)s before tax.",
                            minimum=currency.format(minimum),
                            missing=currency.format(missing),
                        ),
                        {"minimum": minimum, "amount_untaxed": order.amount_untaxed},
                    ),
                )

    def _dms_find_duplicate(self):
        candidates = self._dms_get_duplicate_candidates()
        contents = {**candidates._dms_read_contents(), **{order._origin: order._dms_contents() for order in self}}
        earlier = self.browse()
        for order in self:
            before = candidates.filtered(lambda other, o=order: other._dms_was_before(o)) | earlier
            twin = before.filtered(lambda other, o=order: o._dms_is_twin(other, contents))[:1]
            if twin:
                env = order._dms_tongue()
                yield (
                    order,
                    Finding(
                        "duplicate",
                        env._("Looks like a second %(order)s. Change or cancel it, or tell us that you mean it.", order=twin.name),
                        {"order_id": twin.id, "order": twin.name},
                    ),
                )
            earlier |= order._origin

    def _dms_contents(self):
        """Multiset of products and reference quantities that tells whether two orders are the same."""
        return sorted((product.id, round(quantity, 6)) for product, quantity in self._dms_reference_quantities().items())

    def _dms_read_contents(self):
        """:meth:`_dms_contents` of many stored orders at once, as ``{order: contents}``."""
        return {order: order._dms_contents() for order in self}

    def _dms_get_duplicate_candidates(self):
        """Other orders, submitted or confirmed, that one of these could repeat."""
        recent = min(order._dms_created_on() for order in self) - timedelta(minutes=max(self.company_id.mapped("dms_duplicate_minutes")))
        references = [ref for ref in self.mapped("client_order_ref") if ref]
        domain = Domain("distributor_id", "in", self.distributor_id.ids) & Domain("id", "not in", self._origin.ids)
        domain &= Domain("state", "!=", "cancel") & Domain("dms_submitted_on", "!=", False)
        domain &= Domain("create_date", ">=", recent) | Domain("client_order_ref", "in", references)
        return self.search_fetch(
            domain, ["name", "company_id", "distributor_id", "client_order_ref", "create_date", "dms_submitted_on"], order="id"
        )

    def _dms_created_on(self):
        return self._origin.create_date or self.env.cr.now()

    def _dms_was_before(self, order):
        """Whether this submitted order came before ``order``: the second of two is the duplicate."""
        mine, other = (self.dms_submitted_on, self.id), (order.dms_submitted_on, order._origin.id)
        return not order.dms_submitted_on or mine < other

    def _dms_is_twin(self, other, contents):
        if other.distributor_id != self.distributor_id or other.company_id != self.company_id:
            return False
        if self.client_order_ref and other.client_order_ref == self.client_order_ref:
            return True
        window = timedelta(minutes=self.company_id.dms_duplicate_minutes)
        apart = abs(other._dms_created_on() - self._dms_created_on())
        mine = contents[self._origin]
        return bool(window) and apart <= window and bool(mine) and contents[other] == mine

    def _dms_find_price(self):
        for order in self:
            if order.order_channel == "backend" or not order.company_id.dms_price_gate:
                continue
            wrong = order._dms_get_mispriced_lines()
            if wrong:
                env = order._dms_tongue()
                yield (
                    order,
                    Finding(
                        "price",
                        env._(
                            "Not at the prices of your price list: %(products)s. Order them at the list price or ask us to agree.",
                            products=_enumerate(wrong.product_id.with_env(env)),
                        ),
                        {"line_ids": wrong._origin.ids},
                    ),
                )

    def _dms_get_mispriced_lines(self):
        """Lines whose price or discount differs from what core gives a new line of the same product, quantity and unit."""
        lines = self._dms_gated_lines().filtered(lambda line: not line.combo_item_id and line.product_type != "combo")
        fresh = lines._dms_new_at_list_price()
        return lines.browse(
            line.id for line, at_list in zip(lines, fresh, strict=True) if not line._dms_has_price(at_list.price_unit, at_list.discount)
        )


def _enumerate(records, limit=5):
    """Names of a few records; the rest is counted."""
    names = records.mapped("display_name")
    rest = f" (+{len(names) - limit})" if len(names) > limit else ""
    return ", ".join(names[:limit]) + rest
