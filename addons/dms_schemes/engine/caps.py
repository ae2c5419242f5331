"""Caps of a scheme: per order, per distributor, budget. At the edge of the tightest a grant is partial."""

from dataclasses import replace

from .facts import UNUSED, Facts
from .money import half_up, split, whole
from .scheme import Scheme


def tightest(scheme: Scheme, facts: Facts) -> tuple[int, str] | None:
    """What is left of the tightest cap, in units of the company's rounding, and its name; None without caps."""
    used = facts.used.get(scheme.code, UNUSED)
    limits = (
        ("max_per_order", scheme.max_per_order, 0.0),
        ("max_per_distributor", scheme.max_per_distributor, used.distributor),
        ("budget", scheme.budget, used.total),
    )
    left = [(_units(limit - taken, facts), name) for name, limit, taken in limits if limit]
    return min(left, key=lambda rest: rest[0]) if left else None


def _units(amount, facts):
    return max(half_up(amount / facts.company_rounding), 0)


def cut(scheme: Scheme, facts: Facts, offers: list) -> tuple[list, str]:
    """Offers within the caps, and the name of the cap that cut them (empty when none did)."""
    limit = tightest(scheme, facts)
    if not limit or _taken(facts, offers) <= limit[0]:
        return offers, ""
    rest, name = limit
    if any(offer.free_product for offer in offers):
        offers = _cut_goods(facts, offers, rest, name)
    else:
        offers = _cut_money(scheme, facts, offers, rest, name)
    return [offer for offer in offers if offer.benefit], name


def _taken(facts, offers):
    return sum(facts.in_company_units(offer.benefit) for offer in offers)


def _cut_money(scheme, facts, offers, rest, name):
    """Split what is left: of a basket on net value, else on what the lines would have got."""
    total = min(facts.most_within(rest), sum(offer.benefit for offer in offers))
    while True:
        by_line = [net for offer in offers for net in (offer.base.nets if scheme.scope == "basket" else offer.amounts)]
        parts = iter(split(total, by_line))
        cut_offers = [replace(offer, amounts=tuple(next(parts) for _line in offer.amounts), cap=name) for offer in offers]
        if _taken(facts, cut_offers) <= rest:
            return cut_offers
        total -= 1


def _cut_goods(facts, offers, rest, name):
    """Whole steps in line order, as many of each as the rest pays for; what does not fit is passed over."""
    result = []
    for offer in offers:
        offer = _within(facts, offer, rest, name)
        rest -= facts.in_company_units(offer.benefit)
        result.append(offer)
    return result


def _within(facts, offer, rest, name):
    goods = facts.free(offer.free_product)
    quantity, value = offer.free_qty, offer.free_value
    while quantity and facts.in_company_units(value) > rest:
        steps = whole(quantity / goods.step)
        affordable = whole(steps * facts.most_within(rest) / value)
        quantity = min(affordable, steps - 1) * goods.step
        value = goods.value(quantity) if quantity else 0
    if quantity == offer.free_qty:
        return offer
    return replace(offer, free_qty=quantity, free_value=value, cap=name)
