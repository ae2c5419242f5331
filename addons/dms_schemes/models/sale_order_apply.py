from dataclasses import replace

from odoo import api, models
from odoo.fields import Command

from ..engine import Result, Used, evaluate
from .sale_order_facts import amounts_in
from .scheme_goods import SchemeGoods


class SaleOrder(models.Model):
    """From the facts of an order to what its schemes give, and onto its lines."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ evaluate

    def _dms_evaluate_schemes(self, taken=None):
        """What the schemes of this order give; nothing is written.

        :param dict taken: ``{code: engine.Used}`` that is taken of caps beyond what the ledger shows
        :return: (lines, engine.Result); the engine's keys are places of ``lines``
        """
        self.ensure_one()
        lines, result, _used = self._dms_evaluate_book(self._dms_scheme_book() if self.distributor_id else None, taken)
        return lines, result

    def _dms_evaluate_book(self, book, taken=None, free_of_caps=False):
        """What the schemes of a book give; nothing is written.

        :param engine.Book book: None for no schemes
        :param taken: see :meth:`_dms_evaluate_schemes`
        :param bool free_of_caps: nobody else takes anything of budgets and limits
        :return: (lines, engine.Result, ``{code: engine.Used}`` that was looked up)
        """
        lines = self._dms_scheme_lines()
        if not book or not book.schemes:
            return lines, Result((), {}), {}
        goods = SchemeGoods(self, self.order_line.filtered("is_scheme_free"))
        facts = self._dms_scheme_facts(lines, goods, book)
        used = {}
        while True:
            result = evaluate(book, replace(facts, used=used))
            codes = {outcome.scheme.code for outcome in result.outcomes if outcome.grants and outcome.scheme.is_capped} - used.keys()
            if codes and not free_of_caps:
                used |= self._dms_scheme_used(codes, taken or {})
            elif not goods.fetch():
                return lines, result, used

    def _dms_scheme_used(self, codes, taken):
        """``{code: engine.Used}``: what other orders take of the caps of these schemes."""
        distributor = self.distributor_id
        ledger = self.env["dms.scheme.application"]._get_used(self.company_id, codes, distributor, self._origin)
        used = {}
        for code in codes:
            total, of_distributors = ledger.get(code, (0.0, {}))
            more = taken.get(code, Used())
            used[code] = Used(total + more.total, of_distributors.get(distributor.id, 0.0) + more.distributor)
        return used

    # ------------------------------------------------------------ apply

    def _dms_apply_schemes(self, seen=False, taken=None):
        """Bring what schemes give onto these orders, stored or virtual; nothing is written where nothing differs.

        :param bool seen: the order was changed by a person, who sees what it gives now
        :param dict taken: see :meth:`_dms_evaluate_schemes`; what others took of the caps locked here, when not given
        """
        is_decided = taken is not None
        taken = taken if is_decided else self._dms_get_raced_caps()
        cache = self.env.cr.cache
        changed = cache.get("dms_schemes_changed")
        outside = set(changed or ())
        with self._dms_following_schemes():
            for order in self:
                if order.state != "cancel":
                    book = order._dms_scheme_book() if order.distributor_id else None
                    lines, result, used = order._dms_evaluate_book(book, taken)
                    order._dms_take_result(lines, result, seen, used, is_decided)
            # what the schemes themselves changed is no change to follow
            cache["dms_schemes_changed"].clear()
            cache["dms_schemes_changed"].update(outside - set(self.ids))

    def _dms_take_result(self, lines, result, seen, used, is_decided):
        """
        :param dict used: ``{code: engine.Used}`` that was looked up
        :param bool is_decided: the order is being confirmed with this
        """
        self._dms_take_free_goods(lines, result)
        self._dms_take_reductions(lines, result)
        values = {
            "scheme_fingerprint": self._dms_take_ledger(lines, result),
            "scheme_hints": self._prepare_scheme_hints(result),
        }
        if is_decided or (values["scheme_fingerprint"] or False) != (self.scheme_fingerprint or False):
            values["scheme_used"] = {code: [taken.total, taken.distributor] for code, taken in sorted(used.items())}
        if seen:
            values["scheme_seen"] = self._prepare_scheme_seen(result)
        changes = {name: value for name, value in values.items() if (self[name] or False) != (value or False)}
        if changes and self._origin == self:
            self.write(changes)
        elif changes:
            self.update(changes)

    @api.model
    def _prepare_scheme_seen(self, result):
        """``{code: benefit in units of the order's rounding}``."""
        return {outcome.scheme.code: outcome.benefit for outcome in result.outcomes if outcome.grants}

    @api.model
    def _prepare_scheme_hints(self, result):
        """What is missing to more: of near schemes, and of applied ones to their next step."""
        hints = [(outcome.scheme, outcome.near, False) for outcome in result.nears]
        hints += [(grant.scheme, grant.near, True) for grant in result.grants if grant.near]
        return [
            {
                "scheme_id": scheme.id,
                "slab_id": near.slab.id,
                "product_id": near.product,
                "basis": scheme.basis,
                "base": near.base,
                "missing": near.missing,
                "applied": applied,
            }
            for scheme, near, applied in hints
            if scheme.timing == "on_invoice"
        ]

    # ------------------------------------------------------------ reductions

    def _dms_take_reductions(self, lines, result):
        """What is taken off each line: the amount, and the percentage that makes taxes and totals come out at it."""
        money = amounts_in(self.currency_id)
        changed = []
        for place, line in enumerate(lines):
            amount = money(result.reductions.get(place, 0))
            percent = line._dms_get_scheme_percent(amount)
            if line.scheme_percent != percent or self.currency_id.compare_amounts(line.scheme_discount, amount):
                changed.append((line, percent, amount))
        for line in self.order_line - lines:
            if line.scheme_percent or line.scheme_discount:
                changed.append((line, 0.0, 0.0))
        self.order_line.browse()._dms_set_reductions(changed)

    # ------------------------------------------------------------ free goods

    def _dms_take_free_goods(self, lines, result):
        """Free lines of the order as they are granted: kept in step, added in one batch, taken away."""
        existing = {line._dms_gift_key(): line for line in self.order_line if line.is_scheme_free}
        granted = [grant for grant in result.grants if grant.free_product and grant.scheme.timing == "on_invoice"]
        wanted = {(grant.scheme.id, grant.product, grant.free_product): grant for grant in granted}
        for key in wanted.keys() & existing.keys():
            existing[key]._dms_set_free_quantity(wanted[key].free_qty)
        self._dms_drop_free_lines([line for key, line in existing.items() if key not in wanted])
        new = [self._prepare_free_line(grant, lines) for key, grant in wanted.items() if key not in existing]
        if new:
            self._dms_add_free_lines(new)

    def _prepare_free_line(self, grant, lines):
        earner = lines[grant.earners[0]]
        product = self.env["product.product"].browse(grant.free_product)
        return {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": grant.free_qty,
            "discount": 100.0,
            "sequence": earner.sequence,
            "is_scheme_free": True,
            "scheme_id": grant.scheme.id,
            "scheme_product_id": grant.product,
            "scheme_line_id": earner._origin.id,
        }

    def _dms_add_free_lines(self, values):
        if self._origin == self:
            self.env["sale.order.line"].create([{"order_id": self.id, **vals} for vals in values])
        else:
            self.order_line = [Command.create({**vals, "name": "/"}) for vals in values]

    def _dms_drop_free_lines(self, lines):
        """A draft loses the line; on a confirmed order, as core has it, nothing is ordered on it any more."""
        for line in lines:
            if self.state == "sale":
                line._dms_set_free_quantity(0.0)
            elif self._origin == self:
                line.unlink()
            else:
                self.order_line -= line


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_gift_key(self):
        """(scheme id, product that earned it or None, product given): a free line of an order is one of each."""
        return (self.scheme_id.id, self.scheme_product_id.id or None, self.product_id.id)

    def _dms_set_free_quantity(self, quantity):
        if self.product_uom_id.compare(self.product_uom_qty, quantity):
            self.product_uom_qty = quantity

    def _dms_set_reductions(self, changes):
        """Set ``[(line, percentage, amount)]`` at once: the computation of prices follows in one go."""
        percent, amount = self._fields["scheme_percent"], self._fields["scheme_discount"]
        for line, new_percent, new_amount in changes:
            percent._update_cache(line, new_percent, dirty=True)
            amount._update_cache(line, new_amount, dirty=True)
        lines = self.union(*(line for line, _percent, _amount in changes))
        lines.modified(["scheme_percent", "scheme_discount"])

    def _dms_get_scheme_percent(self, amount):
        """The percentage after the line's own discount that takes exactly ``amount`` off its untaxed value."""
        if not amount:
            return 0.0
        if self._dms_has_included_tax():
            return self._dms_search_scheme_percent(amount)
        raw = self.product_uom_qty * self.price_unit * (1 - self.discount / 100.0)
        return 100.0 * (1.0 - (self._dms_own_value() - amount) / raw) if raw else 0.0

    def _dms_search_scheme_percent(self, amount):
        """As :meth:`_dms_get_scheme_percent` where taxes are included in the price and round on their own."""
        details = self._dms_tax_details()
        raw, target = details["raw_total_excluded_currency"], details["total_excluded_currency"] - amount
        percent = 100.0 * (1.0 - target / raw) if raw else 0.0
        for attempt in range(12):
            off = self._dms_untaxed_value(scheme_percent=percent) - target
            if not self.currency_id.compare_amounts(off, 0.0):
                break
            percent += 100.0 * off / raw / (1 + attempt // 4)
        return percent
