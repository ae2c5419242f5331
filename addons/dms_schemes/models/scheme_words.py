"""Sentences about schemes: the one home of what a person reads of an evaluation, in screens, in the portal, in print."""

#: earners named in one sentence; more are counted
MOST_NAMED = 4


class SchemeWords:
    """Says what became of the schemes on one order, in the language of its environment.

    :param order: stored or virtual order, with full rights; nothing said tells of other distributors
    :param lines: of ``sale.order._dms_scheme_lines``; the engine's keys are their places
    :param facts: ``engine.Facts`` of the order
    :param result: ``engine.Result`` of the order
    """

    def __init__(self, order, lines, facts, result):
        self.env, self.order, self.lines, self.facts, self.result = order.env, order, lines, facts, result
        self.money = order.currency_id.format

    def describe(self, outcome):
        """One entry of ``sale.order._prepare_scheme_panel``: plain values."""
        near = outcome.near or next((grant.near for grant in outcome.grants if grant.near), None)
        amount = self._amount(outcome.benefit)
        return {
            "scheme_id": outcome.scheme.id,
            "code": outcome.scheme.code,
            "title": self._scheme(outcome.scheme).name,
            "reason": outcome.reason,
            "sentence": getattr(self, f"_say_{outcome.status}")(outcome),
            "amount": amount,
            "amount_text": self.money(amount) if amount else "",
            "progress": round(100.0 * near.base / near.target, 1) if near else 0.0,
            "documents": self._documents(outcome),
        }

    # ------------------------------------------------------------ applied, near

    def _say_applied(self, outcome):
        _ = self.env._
        said = [self._grant(grant) for grant in outcome.grants[:MOST_NAMED]]
        if len(outcome.grants) > MOST_NAMED:
            said.append(_("%(count)s products more", count=len(outcome.grants) - MOST_NAMED))
        sentences = ["; ".join(said) + "."]
        if outcome.scheme.timing == "off_invoice":
            sentences.append(_("It is credited later, once the goods are invoiced."))
        if outcome.reason:
            sentences.append(self._cut(outcome.scheme, outcome.reason))
        else:
            sentences += [self._next(grant.scheme, grant.near) for grant in outcome.grants[:MOST_NAMED] if grant.near]
        return " ".join(sentences)

    def _grant(self, grant):
        gift = self._free(grant) if grant.free_product else self._slab(grant.slab)._gift_in_words()
        bought = self._bought(grant)
        if grant.scheme.mode == "marginal":
            return self.env._("by bands, at the end %(gift)s, for %(bought)s", gift=gift, bought=bought)
        return self.env._("%(gift)s for %(bought)s", gift=gift, bought=bought)

    def _free(self, grant):
        product = self._product(grant.free_product)
        return self.env._(
            "%(quantity)s of %(product)s free", quantity=self._quantity(product, grant.free_qty), product=product.display_name
        )

    def _bought(self, grant):
        _ = self.env._
        product = self._product(grant.product)
        if grant.scheme.basis == "amount":
            value = self.money(self._amount(grant.base_amount))
            return _("%(amount)s of %(product)s", amount=value, product=product.display_name) if product else value
        if product:
            return _("%(quantity)s of %(product)s", quantity=self._quantity(product, grant.base_qty), product=product.display_name)
        return _("%(quantity)s of its products together", quantity=self._mixed(grant.base_qty, grant.earners))

    def _say_near(self, outcome):
        return self._next(outcome.scheme, outcome.near)

    def _next(self, scheme, near):
        """What to order for the next step."""
        _ = self.env._
        product = self._product(near.product)
        gift = self._slab(near.slab)._gift_in_words()
        if scheme.basis == "amount":
            missing = self.money(self._amount(near.missing))
        else:
            missing = self._quantity(product, near.missing) if product else self._mixed(near.missing, range(len(self.lines)))
        if product:
            return _("Order %(missing)s more of %(product)s to get %(gift)s.", missing=missing, product=product.display_name, gift=gift)
        return _("Order %(missing)s more of its products to get %(gift)s.", missing=missing, gift=gift)

    # ------------------------------------------------------------ not applied

    def _say_not(self, outcome):
        reason = outcome.reason
        if reason in ("max_per_order", "max_per_distributor", "budget"):
            return self._spent(outcome.scheme, reason)
        return getattr(self, f"_why_{reason}")(outcome)

    def _why_no_product(self, outcome):
        covered = [line for line in self.facts.lines if self._covers(outcome.scheme, line)]
        if any(line.quantity > 0 and not line.qualifies for line in covered):
            return self.env._("The price of its products was set by hand, so schemes leave them alone.")
        return self.env._("None of its products is on this order.")

    def _why_exclusive(self, outcome):
        names = self._names(other for other in self.result.outcomes if other.grants and other.scheme.stacking == "exclusive")
        return self.env._("%(schemes)s has its products and excludes others.", schemes=names or self.env._("Another scheme"))

    def _why_min_distinct(self, outcome):
        ordered = {line.product for line in self.facts.lines if line.qualifies and self._covers(outcome.scheme, line)}
        count = outcome.scheme.min_distinct
        return self.env._("It needs %(count)s different products; %(ordered)s count.", count=count, ordered=len(ordered))

    def _why_must_have(self, outcome):
        ordered = {line.product for line in self.facts.lines if line.qualifies and line.quantity > 0}
        missing = self._product(*sorted(outcome.scheme.must_have - ordered))
        if not missing:
            return self.env._("A product that it needs belongs to another scheme.")
        return self.env._("It needs %(products)s on the order too.", products=", ".join(missing.mapped("display_name")))

    def _why_threshold(self, outcome):
        return self.env._("Too little of its products is ordered.")

    def _why_no_value(self, outcome):
        if outcome.unsellable:
            return self.env._("%(product)s, which it gives, cannot be supplied.", product=self._product(outcome.unsellable).display_name)
        return self.env._("What it gives is worth nothing on this order.")

    def _why_group(self, outcome):
        rivals = (other for other in self.result.outcomes if other.grants and other.scheme.contest == outcome.scheme.contest)
        return self.env._("%(schemes)s gives more; only one of them is given.", schemes=self._names(rivals))

    def _spent(self, scheme, cap):
        _ = self.env._
        return {
            "max_per_order": lambda: _("The most it gives on an order buys nothing more here."),
            "max_per_distributor": lambda: _("You have had all that it gives to one distributor."),
            "budget": lambda: _("Its budget is used up."),
        }[cap]()

    def _cut(self, scheme, cap):
        _ = self.env._
        return {
            "max_per_order": lambda: _("That is the most it gives on one order."),
            "max_per_distributor": lambda: _("That is what is left of the most it gives to one distributor."),
            "budget": lambda: _("Its budget ends here: that is what is left of it."),
        }[cap]()

    # ------------------------------------------------------------ words for values

    def _scheme(self, scheme):
        return self.env["dms.scheme"].browse(scheme.id)

    def _slab(self, slab):
        return self.env["dms.scheme.slab"].with_context(display_default_code=False).browse(slab.id)

    def _product(self, *ids):
        return self.env["product.product"].with_context(display_default_code=False).browse([id_ for id_ in ids if id_])

    def _names(self, outcomes):
        return ", ".join(self._scheme(outcome.scheme).name for outcome in outcomes)

    def _amount(self, units):
        """Units of the order's rounding as an amount."""
        return self.order.currency_id.round(units * self.facts.rounding)

    def _quantity(self, product, quantity):
        """In the unit in which the order has the product when that comes out even, else in the product's own."""
        for unit in self.lines.filtered(lambda line: line.product_id == product).product_uom_id:
            size = unit._compute_quantity(1.0, product.uom_id, round=False)
            if size > 1 and abs(quantity / size - round(quantity / size)) < 1e-9:
                return f"{quantity / size:g} × {unit.name}"
        return f"{quantity:g} {product.uom_id.name}"

    def _mixed(self, quantity, keys):
        """A quantity of several products: with its unit where they share one."""
        units = self.env["uom.uom"].union(*(self.lines[key].product_id.uom_id for key in keys))
        return f"{quantity:g} {units.name}" if len(units) == 1 else f"{quantity:g}"

    def _covers(self, scheme, line):
        everything = not scheme.products and not scheme.categories
        return everything or line.product in scheme.products or not scheme.categories.isdisjoint(line.path)

    def _documents(self, outcome):
        """The lines that earned it."""
        keys = sorted({key for grant in outcome.grants for key in grant.earners})
        return [
            {"model": "sale.order.line", "id": self.lines[key]._origin.id, "name": self.lines[key].product_id.display_name} for key in keys
        ]
