"""Findings about prices that fall under cost: orders of one product, evaluated with and without schemes beside."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from .catalogue import Catalogue, Finding
from .evaluate import evaluate
from .facts import Facts, FreeGoods, Line
from .money import half_up
from .scheme import Book, Scheme, Slab

NOBODY = frozenset()
#: conditions and caps that are left out of account
OPEN = {
    **{name: NOBODY for name in ("territories", "classes", "distributors", "tags", "must_have", "products", "categories")},
    **{"date_from": None, "date_to": None, "min_distinct": 0, "budget": 0.0, "max_per_order": 0.0, "max_per_distributor": 0.0},
}


def under_cost(scheme: Scheme, beside: list, catalogue: Catalogue) -> Iterator[Finding]:
    """``under_cost``: a product bought to a slab's first benefit brings less than it and its free goods cost.

    ``under_cost_stacked``: only together with schemes beside. One finding per slab, with the worst product: ``product``,
    ``quantity``, ``net`` and ``cost`` of one unit, and ``products``, how many are under cost. Conditions and caps are left out
    of account; products without a price or a cost are not judged.

    :param beside: (scheme, what it shares), as ``overlap_of`` tells it
    """
    priced = {product for product, price in catalogue.prices.items() if price > 0}
    products = sorted(catalogue.covered(scheme) & priced & set(catalogue.costs))
    sharing = [(unconditional(other, other.slabs[-1]), frozenset(overlap["products"])) for other, overlap in beside]
    for slab in scheme.slabs:
        tried = unconditional(scheme, slab)
        tried_slab = tried.slabs[0] if scheme.basis == "growth" else slab
        alone = _losses(tried, tried_slab, products, [], catalogue)
        rest = [product for product in products if product not in alone]
        yield from _worst(scheme, slab, "under_cost", alone)
        yield from _worst(scheme, slab, "under_cost_stacked", _losses(tried, tried_slab, rest, sharing, catalogue) if sharing else {})


def unconditional(scheme: Scheme, slab: Slab) -> Scheme:
    """A scheme without conditions and caps; a rebate as an order would see it, one on growth as if ``slab`` was reached."""
    values = {**OPEN}
    if scheme.scope == "period":
        values |= {"scope": "basket", "timing": "off_invoice"}
    if scheme.basis == "growth":
        values |= {"slabs": (replace(slab, threshold=0.0),), "basis": "quantity"}
    return replace(scheme, **values)


def _losses(tried, slab, products, sharing, catalogue):
    """``{product: figures}`` of what is sold under cost."""
    books, losses = {}, {}
    for product in products:
        others = tuple(place for place, (_other, shared) in enumerate(sharing) if product in shared)
        if others not in books:
            books[others] = Book([tried, *(sharing[place][0] for place in others)])
        if figures := _loss(books[others], tried, slab, product, catalogue):
            losses[product] = figures
    return losses


def _loss(book, tried, slab, product, catalogue):
    """Figures of a unit of a product sold under cost at a slab's first benefit, None when it is not."""
    quantity = first_quantity(tried, slab, catalogue.prices[product])
    facts = _order(product, quantity, catalogue)
    outcomes = evaluate(book, facts).outcomes
    if not any(outcome.grants for outcome in outcomes if outcome.scheme is tried):
        return None
    grants = [grant for outcome in outcomes for grant in outcome.grants]
    off = sum([grant.benefit for grant in grants if not grant.free_product])
    free = sum([grant.free_qty * catalogue.costs.get(grant.free_product, 0.0) for grant in grants if grant.free_product])
    net = (facts.lines[0].value - off) * catalogue.rounding
    cost = quantity * catalogue.costs[product] + free
    if net >= cost - catalogue.rounding / 2:
        return None
    return {"quantity": quantity, "net": round(net / quantity, 9), "cost": round(cost / quantity, 9)}


def first_quantity(scheme: Scheme, slab: Slab, price: float) -> float:
    """The smallest whole quantity of a product at which a slab gives something."""
    base = slab.threshold
    if slab.repeat_every:
        base = max(ceil(base / slab.repeat_every), 1) * slab.repeat_every
    return float(max(ceil((base / price if scheme.basis == "amount" else base) - 1e-9), 1))


def _order(product, quantity, catalogue):
    """An order of one line at list price, on which everything has a price and comes in whole units when free."""

    def goods(free):
        price = max(catalogue.prices.get(free, 0.0), catalogue.rounding)
        return FreeGoods(1.0, lambda given: half_up(given * price / catalogue.rounding))

    value = half_up(quantity * catalogue.prices[product] / catalogue.rounding)
    line = Line(0, 0, product, catalogue.paths.get(product, NOBODY), quantity, value)
    rounding = catalogue.rounding
    return Facts((line,), day=None, distributor=0, rounding=rounding, company_rounding=rounding, free=goods)


def _worst(scheme, slab, code, losses):
    if losses:
        product = min(losses, key=lambda each: losses[each]["net"] - losses[each]["cost"])
        yield Finding(scheme.id, code, "warn", (slab.id,), {"product": product, "products": len(losses), **losses[product]})
