"""What should be known of a scheme before it is approved: findings with figures, in no language.

``lint`` looks at compiled schemes; ``refusals`` at values as they were entered, which may not compile.
"""

from collections.abc import Iterable, Iterator

from .catalogue import Catalogue, Finding, common_days, overlap_of
from .lint_cost import under_cost
from .lint_slabs import cliffs, dead_slabs, gaps
from .refusals import refusals as refusals
from .scheme import FREE_GOODS, Scheme


def lint(schemes: Iterable[Scheme], running: Iterable[Scheme] = (), catalogue: Catalogue | None = None) -> list[Finding]:
    """Findings about schemes to be approved, beside those that run or are approved for later.

    Severity ``refuse`` stands in the way of approval, ``warn`` wants a look, ``note`` is good to know.

    :param running: approved schemes; versions of a code under test are left out
    :param catalogue: what is known of products and distributors; what is unknown is not judged
    """
    catalogue = catalogue or Catalogue()
    schemes = list(schemes)
    others = [*schemes, *running]
    found = []
    for scheme in schemes:
        found += _of_scheme(scheme, [other for other in others if common_days(scheme, other, catalogue)], catalogue)
    return found


def _of_scheme(scheme, others, catalogue):
    beside = [(other, overlap) for other in others if (overlap := overlap_of(scheme, other, catalogue))]
    yield from no_match(scheme, catalogue)
    yield from dead_slabs(scheme, catalogue)
    yield from gaps(scheme)
    yield from cliffs(scheme, catalogue)
    yield from overlaps(scheme, beside)
    yield from circular_free(scheme, others, catalogue)
    yield from under_cost(scheme, beside, catalogue)
    yield from uncapped(scheme)
    yield from mixed_units(scheme, catalogue)


def no_match(scheme: Scheme, catalogue: Catalogue) -> Iterator[Finding]:
    """``no_match``: nothing, or nobody, meets the conditions; ``reason`` is the condition."""
    covered = catalogue.covered(scheme)
    if catalogue.products:
        if not covered:
            yield Finding(scheme.id, "no_match", "refuse", figures={"reason": "products"})
        elif scheme.must_have - catalogue.products:
            missing = sorted(scheme.must_have - catalogue.products)
            yield Finding(scheme.id, "no_match", "refuse", figures={"reason": "must_have", "products": missing})
        elif scheme.scope == "basket" and scheme.min_distinct > len(covered):
            yield Finding(scheme.id, "no_match", "refuse", figures={"reason": "min_distinct", "products": len(covered)})
    if catalogue.distributors.get(scheme.id) == 0:
        yield Finding(scheme.id, "no_match", "refuse", figures={"reason": "distributors"})


def overlaps(scheme: Scheme, beside: list) -> Iterator[Finding]:
    """``overlap``: another scheme for the same products, distributors and dates, and what becomes of the two.

    ``effect``: ``adds_up``, ``one_of_group`` (only the better one is given), ``blocks`` or ``blocked`` (an exclusive one
    comes first, this or the other). ``group_in_two_phases``: one group cannot be decided in two phases.
    """
    for other, overlap in beside:
        figures = {"scheme": other.id, "code": other.code, **overlap}
        if scheme.contest and scheme.contest == other.contest:
            if scheme.phase != other.phase:
                yield Finding(scheme.id, "group_in_two_phases", "refuse", figures=figures)
            else:
                yield Finding(scheme.id, "overlap", "note", figures={**figures, "effect": "one_of_group"})
        else:
            yield Finding(scheme.id, "overlap", "warn", figures={**figures, "effect": _effect(scheme, other)})


def _effect(scheme, other):
    first = min(scheme, other, key=lambda each: each.turn)
    if first.stacking != "exclusive" or "period" in (scheme.scope, other.scope):
        return "adds_up"
    return "blocks" if first is scheme else "blocked"


def circular_free(scheme: Scheme, others: list[Scheme], catalogue: Catalogue) -> Iterator[Finding]:
    """``circular_free``: a product given free leads, over schemes for the same distributors and days, back to what earned it.

    A product that earns itself (buy ten, get one) is no circle.
    """
    ways = {}
    for other in [scheme, *others]:
        for product, free, _slab in _gifts(other, catalogue):
            ways.setdefault(product, {}).setdefault(free, other)
    for product, free, slab in _gifts(scheme, catalogue):
        back = _way_back(ways, free, product)
        if back is not None:
            codes = [scheme.code, *(other.code for other in back)]
            yield Finding(scheme.id, "circular_free", "refuse", (slab.id,), {"product": product, "free_product": free, "codes": codes})
            return


def _gifts(scheme, catalogue):
    """(earning product, other product given, slab) of a scheme."""
    if scheme.phase != FREE_GOODS:
        return
    earning = sorted(catalogue.covered(scheme) or scheme.products)
    for slab in scheme.slabs:
        for product in earning:
            if slab.free_product and slab.free_product != product:
                yield product, slab.free_product, slab


def _way_back(ways, start, goal):
    """Schemes on the shortest way from a product to another, None without one."""
    paths, queue = {start: []}, [start]
    for product in queue:
        for free, scheme in ways.get(product, {}).items():
            if free == goal:
                return [*paths[product], scheme]
            if free not in paths:
                paths[free] = [*paths[product], scheme]
                queue.append(free)
    return None


def uncapped(scheme: Scheme) -> Iterator[Finding]:
    """``uncapped``: no budget and no cap limits what it may cost."""
    if not scheme.has_caps or (scheme.scope == "period" and not scheme.is_capped):
        yield Finding(scheme.id, "uncapped", "warn")


def mixed_units(scheme: Scheme, catalogue: Catalogue) -> Iterator[Finding]:
    """``mixed_units``: quantities of different units are added up."""
    units = {catalogue.units[product] for product in catalogue.covered(scheme) if product in catalogue.units}
    if scheme.basis == "quantity" and scheme.scope != "product" and len(units) > 1:
        yield Finding(scheme.id, "mixed_units", "warn", figures={"units": sorted(units)})
