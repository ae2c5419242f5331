from collections import defaultdict

from odoo import models

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
        notes = [*self._prepare_grant_notes(grants), *self._prepare_grant_marks(grants, lines)]
        return notes + [self._prepare_note("info", **hint) for hint in self._prepare_scheme_hints_in_words()]

    def _prepare_note(self, tone, message, **values):
        note = {"product_id": None, "mark": "", "title": "", "set": None}
        return {**note, "tone": tone, "message": message, **values}

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
        return self.env._("%(quantity)s × %(product)s free", quantity=self.env["dms.portal"]._format_quantity(quantity), product=name)

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
            quantity = self.env["dms.portal"]._format_quantity(grant.free_qty)
            own = [(grant.free_product, _("+ %(quantity)s free", quantity=quantity))]
            if grant.product in (grant.free_product, None):
                return own
            return [(grant.product, _("gives %(gift)s", gift=self._get_free_in_words(grant.free_product, grant.free_qty))), *own]
        amounts = defaultdict(int)
        for place, amount in grant.lines:
            amounts[lines[place].product_id.id] += amount
        return [(product_id, f"−{self._format_units(amount)}") for product_id, amount in amounts.items()]

    # ------------------------------------------------------------ page of an order

    def _prepare_dms_portal_values(self):
        """The total that schemes take off, beside the totals."""
        values = super()._prepare_dms_portal_values()
        total = self.scheme_discount_total
        values["totals"]["schemes"] = self.currency_id.format(total) if total else ""
        return values

    def _prepare_scheme_section(self):
        """What schemes gave this order and, while it is a draft, what little more would give; None where there is neither.

        :return: ``{"applied": [{"text", "amount", "later"}], "near": [str], "total": str, "is_draft": bool}``
        """
        rows = self.scheme_application_ids.filtered(lambda row: row.state != "reversed" and row.benefit_amount)
        near = self._prepare_scheme_hints_in_words() if self._dms_portal_actions()["submit"] else []
        if not rows and not near:
            return None
        money = self.currency_id.format
        now = rows.filtered(lambda row: row.timing == "on_invoice")
        return {
            "applied": [row.with_context(display_default_code=False)._prepare_portal_row() for row in rows],
            "near": [hint["message"] for hint in near],
            "total": money(sum(now.mapped("benefit_amount"))) if now else "",
            "is_draft": self.state != "sale",
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_dms_portal_values(self):
        """What schemes did to the line; free goods are marked, and have no price."""
        values = super()._prepare_dms_portal_values()
        free = self.is_scheme_free
        values |= {"free": free, "scheme_note": self._get_scheme_note() or ""}
        return {**values, "price": "", "discount": ""} if free else values


class DmsSchemeApplication(models.Model):
    _inherit = "dms.scheme.application"

    def _prepare_portal_row(self):
        """One benefit as its distributor sees it: plain values."""
        return {
            "scheme": self.scheme_id.name,
            "text": self._get_gift_in_words(),
            "amount": self.currency_id.format(self.benefit_amount),
            "later": self.timing == "off_invoice",
            "free": bool(self.free_product_id),
            "cut": self.order_id._get_cap_in_words(self.cap) if self.cap else "",
        }

    def _get_gift_in_words(self):
        """What was given and for what, without the name of the scheme."""
        _ = self.env._
        quantity = self.env["dms.portal"]._format_quantity
        names = self.product_id.with_context(display_default_code=False)
        bought = self.currency_id.format(self.base_amount)
        if self.scheme_id.basis == "quantity":
            bought = " ".join(filter(None, (quantity(self.base_qty), names.uom_id.name)))
        if names:
            bought = _("%(bought)s of %(product)s", bought=bought, product=names.display_name)
        gift = self.slab_id.with_context(display_default_code=False)._gift_in_words()
        if self.scheme_id.mode == "marginal":
            gift = _("step by step")
        if self.free_product_id:
            gift = self.order_id._get_free_in_words(self.free_product_id.id, self.free_qty)
        return _("%(gift)s for %(bought)s", gift=gift, bought=bought)
