from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .dms_scheme_application import LIVE
from .numbers import number_in_words
from .sale_order_ledger import APPLICATION_COLUMNS

#: what the words of schemes and slabs are made of
SCHEME_FIELDS = ("name", "basis", "mode", "timing", "company_id")
SLAB_FIELDS = ("scheme_id", "threshold", "benefit", "value", "free_product_id", "free_qty", "repeat_every")
#: near schemes told on the page of an order
HINTS = 5
#: sentence for each cap that cut a benefit
CAPS = ("max_per_order", "max_per_distributor", "budget")


class SaleOrder(models.Model):
    """What schemes give an order, as the distributor's pages show it: the order pad, and the page of an order."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ order pad

    def _prepare_scheme_pad_notes(self):
        """Notes for ``dms.portal._get_pad_notes``: what is given, scheme by scheme and product by product, then what is near."""
        lines, result = self._dms_evaluate_schemes()  # of an order that has them: nothing is priced again
        grants = [grant for grant in result.grants if grant.benefit]
        notes = [*self._prepare_total_note(grants), *self._prepare_grant_notes(grants), *self._prepare_grant_marks(grants, lines)]
        return notes + [self._prepare_note("info", **hint) for hint in self._prepare_scheme_hints_in_words()]

    def _prepare_note(self, tone, message, **values):
        note = {"product_id": None, "mark": "", "title": "", "set": None}
        return {**note, "tone": tone, "message": message, **values}

    def _prepare_total_note(self, grants):
        """What several schemes together take off, and what the goods they give are worth."""
        _ = self.env._
        now = [grant for grant in grants if grant.scheme.timing == "on_invoice"]
        if len({grant.scheme.id for grant in now}) < 2:
            return []
        off, goods = (sum(grant.benefit for grant in now if bool(grant.free_product) == free) for free in (False, True))
        words = [off and f"−{self._format_units(off)}", goods and _("goods worth %(amount)s", amount=self._format_units(goods))]
        return [self._prepare_note("success", _("All schemes together: %(benefits)s", benefits=", ".join(filter(None, words))))]

    def _prepare_grant_notes(self, grants):
        """One sentence for each scheme that gives something."""
        by_scheme = defaultdict(list)
        for grant in grants:
            by_scheme[grant.scheme.id].append(grant)
        schemes = self.env["dms.scheme"].browse(by_scheme)
        return [self._prepare_note("success", self._get_grants_in_words(scheme, by_scheme[scheme.id])) for scheme in schemes]

    def _get_grants_in_words(self, scheme, grants):
        """``Summer: −120.00`` or ``Ten and one: 2 × Tea free``, with what cut it."""
        _ = self.env._
        free = defaultdict(float)
        for grant in grants:
            if grant.free_product:
                free[grant.free_product] += grant.free_qty
        gift = ", ".join(self._get_free_in_words(product, quantity) for product, quantity in free.items())
        money = self._format_units(sum(grant.benefit for grant in grants))
        if scheme.timing == "off_invoice":
            sentence = _("%(scheme)s: %(amount)s, credited later", scheme=scheme.name, amount=money)
        else:
            sentence = f"{scheme.name}: {gift or f'−{money}'}"
        cut = next((grant.cap for grant in grants if grant.cap), "")
        return f"{sentence} ({self._get_cap_in_words(cut)})" if cut else sentence

    def _get_free_in_words(self, product_id, quantity):
        name = self.env["product.product"].browse(product_id).with_context(display_default_code=False).display_name
        return self.env._("%(quantity)s × %(product)s free", quantity=number_in_words(self.env, quantity), product=name)

    def _get_cap_in_words(self, cap):
        _ = self.env._
        words = (_("the most that one order gets"), _("the most that you get"), _("all that is left of it"))
        return dict(zip(CAPS, words, strict=True))[cap]

    def _format_units(self, units):
        """Units of the order currency's rounding as money."""
        return self.currency_id.format(self.currency_id.round(units * self.currency_id.rounding))

    def _prepare_grant_marks(self, grants, lines):
        """A few words on the row of each product that gets something, and of each that is given."""
        marks = defaultdict(list)
        for grant in grants:
            if grant.scheme.timing == "on_invoice":
                for product_id, mark in self._get_grant_marks(grant, lines):
                    marks[product_id].append((grant.scheme.id, mark))
        schemes = self.env["dms.scheme"]
        return [
            self._prepare_note("success", "", product_id=product, mark=mark, title=schemes.browse(scheme).name)
            for product, entries in marks.items()
            for scheme, mark in entries
        ]

    def _get_grant_marks(self, grant, lines):
        """[(product id, words)] of one grant."""
        _ = self.env._
        if grant.free_product:
            line = lines[grant.earners[0]] if grant.product == grant.free_product else None
            quantity = self._get_quantity_in_words(grant.free_qty, line)
            own = [(grant.free_product, _("+ %(quantity)s free", quantity=quantity))]
            if grant.product in (grant.free_product, None):
                return own
            return [(grant.product, _("gives %(gift)s", gift=self._get_free_in_words(grant.free_product, grant.free_qty))), *own]
        amounts = defaultdict(int)
        for place, amount in grant.lines:
            amounts[lines[place].product_id.id] += amount
        return [(product_id, f"−{self._format_units(amount)}") for product_id, amount in amounts.items()]

    # ------------------------------------------------------------ page of an order

    def _prepare_portal_totals(self):
        """The total that schemes take off, beside the totals."""
        self._dms_fetch_benefits()
        total = self.scheme_discount_total
        return {**super()._prepare_portal_totals(), "schemes": self.currency_id.format(total) if total else ""}

    def _dms_fetch_benefits(self):
        """Read what the page tells of schemes with one query for each table, and none for an order without them."""
        rows, hints = self.env["dms.scheme.application"], self.scheme_hints or []
        if self.scheme_fingerprint:
            rows = rows.search_fetch([("order_id", "=", self.id), ("state", "in", LIVE)], APPLICATION_COLUMNS)
        self._fields["scheme_application_ids"]._insert_cache(self, [rows._ids])
        names = ["application_id", "sale_line_id", "amount"]
        parts = self.env["dms.scheme.application.line"]
        if rows:
            parts = parts.search_fetch([("application_id", "in", rows.ids)], names)
        by_line, lines = parts.grouped("sale_line_id"), self.order_line
        lines._fields["scheme_application_line_ids"]._insert_cache(lines, [by_line.get(line, parts.browse())._ids for line in lines])
        (rows.scheme_id | rows.scheme_id.browse(hint["scheme_id"] for hint in hints)).fetch(SCHEME_FIELDS)
        (rows.slab_id | rows.slab_id.browse(hint["slab_id"] for hint in hints)).fetch(SLAB_FIELDS)
        if rows or hints:
            self._dms_fetch_units()

    def _dms_fetch_units(self):
        """The products' own units: names stand on the lines, so that nothing else is read of products."""
        self.env["product.template"].flush_model(["uom_id"])
        products = self.order_line.product_id
        query = SQL(
            """
            SELECT product.id, template.uom_id FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id = ANY(%s)
            """,
            list(products.ids),
        )
        units = dict(self.env.execute_query(query))
        products._fields["uom_id"]._insert_cache(products, [units[product.id] for product in products])

    def _prepare_scheme_section(self):
        """What schemes gave this order and, while it is a draft, what little more would give; None where there is neither.

        :return: ``{"applied": [{"text", "amount", "later"}], "near": [str], "total": str, "is_draft": bool}``
        """
        rows = self.scheme_application_ids.filtered(lambda row: row.state in LIVE and row.benefit_amount)
        near = self._prepare_scheme_hints_in_words() if self._dms_portal_actions()["submit"] else []
        if not rows and not near:
            return None
        now = rows.filtered(lambda row: row.timing == "on_invoice")
        names = {line.product_id.id: line._get_scheme_product_name() for line in self.order_line if line.product_id}
        return {
            "applied": [row._prepare_portal_row(names) for row in rows],
            "near": [hint["message"] for hint in near[:HINTS]],
            "total": self.currency_id.format(sum(now.mapped("benefit_amount"))) if now else "",
            "is_draft": self.state != "sale",
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_scheme_parts(self):
        """``[(scheme, amount)]`` of what schemes took off the line, as texts."""
        return [(row.application_id.scheme_id.name, self.currency_id.format(row.amount)) for row in self._get_scheme_reductions()]

    def _prepare_dms_portal_values(self):
        """What schemes did to the line; free goods are marked, and have no price."""
        values = super()._prepare_dms_portal_values()
        free = self.is_scheme_free
        parts = [] if free or not self.scheme_discount else self._get_scheme_parts()
        values |= {"free": free, "scheme": self.scheme_id.name or "", "scheme_parts": parts}
        return {**values, "price": "", "discount": ""} if free else values


class DmsSchemeApplication(models.Model):
    _inherit = "dms.scheme.application"

    def _prepare_portal_row(self, names):
        """One benefit as its distributor sees it: plain values.

        :param dict names: see :meth:`_get_gift_in_words`
        """
        return {
            "scheme": self.scheme_id.name,
            "text": self._get_gift_in_words(names),
            "amount": self.currency_id.format(self.benefit_amount),
            "later": self.timing == "off_invoice",
            "free": bool(self.free_product_id),
            "cut": self.order_id._get_cap_in_words(self.cap) if self.cap else "",
        }

    def _get_gift_in_words(self, names=None):
        """What was given and for what, without the name of the scheme.

        :param dict names: ``{product id: name}`` where they are known; others are looked up
        """
        _ = self.env._
        bought = self.currency_id.format(self.base_amount)
        if self.scheme_id.basis == "quantity":
            bought = " ".join(filter(None, (number_in_words(self.env, self.base_qty), self.product_id.uom_id.name)))
        if self.product_id:
            bought = _("%(bought)s of %(product)s", bought=bought, product=self._get_name(self.product_id, names))
        return _("%(gift)s for %(bought)s", gift=self._get_benefit_in_words(names), bought=bought)

    def _get_benefit_in_words(self, names):
        _ = self.env._
        if self.free_product_id:
            quantity = number_in_words(self.env, self.free_qty)
            return _("%(quantity)s × %(product)s free", quantity=quantity, product=self._get_name(self.free_product_id, names))
        return _("step by step") if self.scheme_id.mode == "marginal" else self.slab_id._gift_in_words()

    def _get_name(self, product, names):
        return (names or {}).get(product.id) or product.with_context(display_default_code=False).display_name
