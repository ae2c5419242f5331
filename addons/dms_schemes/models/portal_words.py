from odoo import models
from odoo.tools import format_date

from .numbers import number_in_words

#: a list of names longer than this is cut
NAMES = 6


class DmsScheme(models.Model):
    """A scheme in the words of the distributors' portal; the reader's language, and nothing of anybody else's terms."""

    _inherit = "dms.scheme"

    def _get_offer_in_words(self):
        """The scheme in two or three words, as a badge on a product has it: ``10 + 1``, ``up to 12 %``, ``5 % from 24``."""
        _ = self.env._
        slabs = self.slab_ids.sorted("threshold")
        last, alike = slabs[-1:], len(set(slabs.mapped("benefit"))) == 1
        if len(slabs) > 1 and alike and last.benefit in ("percent", "unit_amount", "lump_amount"):
            return _("up to %(gift)s", gift=last._get_gift_short())
        first = slabs[:1]
        if first.repeat_every and first.benefit == "free_product" and not first.free_product_id:
            return f"{first._in_words(first.repeat_every)} + {number_in_words(self.env, first.free_qty)}"
        if first.threshold > (1 if self.basis == "quantity" else 0):
            return _("%(gift)s from %(bound)s", gift=first._get_gift_short(), bound=first._in_words(first.threshold))
        return first._get_gift_short()

    def _get_steps_in_words(self):
        """Name and all steps on one line, for the tooltip of the badge."""
        return f"{self.name}: " + "; ".join(self.slab_ids.sorted("threshold").mapped("summary"))

    def _get_dates_in_words(self, today):
        """When the scheme runs, as seen from ``today``."""
        _ = self.env._
        first, last = (day and format_date(self.env, day) for day in (self.date_from, self.date_to))
        if self.date_from and self.date_from > today:
            return _("%(first)s to %(last)s", first=first, last=last) if last else _("from %(first)s", first=first)
        return _("until %(last)s", last=last) if last else _("until further notice")

    def _get_conditions_in_words(self):
        """What else must be met, and how the scheme goes together with others: list of sentences."""
        _ = self.env._
        money = self.currency_id.format
        sentences = {
            "mode": self.mode == "marginal" and _("Each step counts for the part of your purchase that lies in it."),
            "basket": self.scope == "basket" and _("All these products of an order count together."),
            "product": self.scope == "product" and len(self.product_ids) != 1 and _("Each product of an order counts by itself."),
            "distinct": self.min_distinct_products > 1
            and _("Order at least %(count)s different ones of them.", count=self.min_distinct_products),
            "group": self.stacking == "best_of_group" and _("Of several offers of this kind you get the one that is worth most to you."),
            "exclusive": self.stacking == "exclusive" and _("Goods that earn this offer earn no other one after it."),
            "order": self.max_per_order and _("At most %(amount)s on one order.", amount=money(self.max_per_order)),
            "total": self.max_per_distributor and _("At most %(amount)s for you in all.", amount=money(self.max_per_distributor)),
        }
        return [sentence for sentence in sentences.values() if sentence]

    def _get_timing_in_words(self):
        _ = self.env._
        if self.scope == "period":
            return _("Counts what is invoiced to you in this time; credited afterwards")
        return _("Taken off your order at once") if self.timing == "on_invoice" else _("Credited to you later")


class DmsSchemeSlab(models.Model):
    _inherit = "dms.scheme.slab"

    def _get_gift_short(self):
        """What the slab gives, in as few words as will do."""
        _ = self.env._
        money = self.currency_id.format
        return {
            "percent": lambda: f"{number_in_words(self.env, self.value)} %",
            "unit_amount": lambda: _("−%(amount)s each", amount=money(self.value)),
            "lump_amount": lambda: f"−{money(self.value)}",
            "net_price": lambda: _("at %(amount)s", amount=money(self.value)),
            "free_product": lambda: _("%(quantity)s free", quantity=number_in_words(self.env, self.free_qty)),
        }[self.benefit]()

    def _get_step_in_words(self, quantity, applied=False):
        """What reaching this slab gives, or with ``applied`` its next repetition on top of what is given already.

        :param str quantity: of free goods
        """
        _ = self.env._
        money = self.currency_id.format
        more = applied and self.repeat_every
        if self.benefit == "free_product" and not self.free_product_id:
            return _("%(quantity)s more free", quantity=quantity) if more else _("%(quantity)s free", quantity=quantity)
        if self.benefit == "free_product":
            product = self.free_product_id.with_context(display_default_code=False).display_name
            if more:
                return _("%(quantity)s more × %(product)s free", quantity=quantity, product=product)
            return _("%(quantity)s × %(product)s free", quantity=quantity, product=product)
        if self.benefit == "lump_amount":
            return _("%(amount)s more off", amount=money(self.value)) if more else _("%(amount)s off", amount=money(self.value))
        return self.with_context(display_default_code=False)._gift_in_words()


class SaleOrder(models.Model):
    """What the schemes of an order give and nearly give, in sentences, stored or on the order pad."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ near

    def _prepare_scheme_hints_in_words(self):
        """What little more would give: from ``scheme_hints``, the nearest first.

        :return: list of ``{"product_id": int | None, "message": str, "mark": str, "set": [quantity, unit id] | None}``
        """
        hints = sorted(self.scheme_hints or [], key=lambda hint: hint["missing"] / (hint["missing"] + hint["base"]))
        slabs = self.env["dms.scheme.slab"].browse([hint["slab_id"] for hint in hints])
        lines = {}
        for line in self._dms_scheme_lines():
            lines.setdefault(line.product_id.id, line)
        return [self._prepare_scheme_hint(hint, slab, lines) for hint, slab in zip(hints, slabs, strict=True)]

    def _prepare_scheme_hint(self, hint, slab, lines):
        _ = self.env._
        line = lines.get(hint["product_id"])
        missing, target = self._get_missing_in_words(hint, line, lines.values())
        same = line and (not slab.free_product_id or slab.free_product_id == line.product_id)
        gift = slab._get_step_in_words(self._get_quantity_in_words(slab.free_qty, line if same else None), hint["applied"])
        values = {"missing": missing, "gift": gift, "scheme": slab.scheme_id.name}
        if line:
            name = line._get_scheme_product_name()
            message = _("%(product)s: add %(missing)s and get %(gift)s (%(scheme)s)", product=name, **values)
        else:
            message = _("Add %(missing)s and get %(gift)s (%(scheme)s)", **values)
        mark = _("add %(missing)s: %(gift)s", **values) if line else ""
        return {"product_id": line.product_id.id if line else None, "message": message, "mark": mark, "set": target}

    def _get_missing_in_words(self, hint, line, lines):
        """(what is missing, quantity and unit to type for it or None): whole cases where the line is typed in cases and they
        fit, else the product's own unit; money on amounts.
        """
        missing = hint["missing"]
        if hint["basis"] == "amount":
            return self.currency_id.format(missing * self.currency_id.rounding), None
        if not line:
            units = {other.product_id.uom_id for other in lines}
            return " ".join([number_in_words(self.env, missing), *(unit.name for unit in units if len(units) == 1)]), None
        typed, own, cases = line.product_uom_id, line.product_id.uom_id, line._get_whole_cases(missing)
        if typed == own or cases:
            return self._get_quantity_in_words(missing, line, own.name), [line.product_uom_qty + (cases or missing), typed.id]
        return self._get_quantity_in_words(missing, line, own.name), None

    def _get_quantity_in_words(self, quantity, line, unit=""):
        """A quantity in own units: as whole cases where ``line`` is typed in cases and they fit, else with ``unit``."""
        cases = line._get_whole_cases(quantity) if line else 0
        if cases:
            return f"{number_in_words(self.env, cases)} × {line.product_uom_id.name}"
        return f"{number_in_words(self.env, quantity)} {unit}".strip()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_scheme_product_name(self):
        """Name of the product as it was ordered; on the order pad, where nothing was yet, as it is."""
        name = self._dms_portal_product()[1] if self._origin == self else ""
        return name or self.product_id.with_context(display_default_code=False).display_name

    def _get_whole_cases(self, quantity):
        """How many of the line's unit a quantity in own units is; 0 where it is typed in the own unit, or they do not fit."""
        if self.product_uom_id == self.product_id.uom_id:
            return 0
        cases = quantity / self.product_uom_id._compute_quantity(1.0, self.product_id.uom_id, round=False)
        return round(cases) if abs(cases - round(cases)) < 1e-6 else 0
