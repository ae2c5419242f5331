"""Terms that cannot be approved, as far as a scheme shows it by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from .scheme import Scheme, Slab

#: largest number taken for a threshold, an amount or a quantity
MOST = 1e12
#: benefits of which each band can have its own, and those given again and again
BANDED, REPEATED = ("percent", "unit_amount", "net_price"), ("lump_amount", "free_product")
_SLAB_NUMBERS = ("threshold", "value", "free_qty", "repeat_every", "max_times")
_SCHEME_NUMBERS = ("min_distinct", "budget", "max_per_order", "max_per_distributor")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a ``code``, the ``field`` of the scheme or, where one is named, of its ``slab``."""

    code: str
    field: str
    slab: Slab | None = None


def is_number(value: float) -> bool:
    """Whether a value can be a quantity or an amount at all: a finite number, not beyond all measure.

    >>> is_number(3), is_number(float("nan")), is_number(1e40), is_number(True)
    (True, False, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, int | float) and isfinite(value) and abs(value) <= MOST


def faults(scheme: Scheme) -> list[Fault]:
    """Why the terms make no sense, in the order of the form; empty when they do. The scheme has a slab at least."""
    found = [*_numbers(scheme), *_dates(scheme), *_kind(scheme), *_slabs(scheme)]
    return [*found, *(fault for slab in scheme.slabs for fault in _slab(scheme, slab))]


def _numbers(scheme):
    for name in _SCHEME_NUMBERS:
        yield from _number(getattr(scheme, name), name)


def _number(value, name, slab=None):
    if not is_number(value):
        yield Fault("impossible", name, slab)
    elif value < 0:
        yield Fault("negative", name, slab)


def _dates(scheme):
    if scheme.date_from and scheme.date_to and scheme.date_to < scheme.date_from:
        yield Fault("reversed_dates", "date_to")


def _kind(scheme):
    """What does not go with the scope, the mode or the choice."""
    if scheme.scope == "period" and scheme.timing == "on_invoice":
        yield Fault("period_on_invoice", "timing")
    if scheme.basis == "growth" and scheme.scope != "period":
        yield Fault("growth_without_period", "basis")
    if scheme.stacking == "best_of_group" and not scheme.group.strip():
        yield Fault("no_group", "group")


def _slabs(scheme):
    """What slabs are wrong only beside each other."""
    if len({_phase(scheme, slab) for slab in scheme.slabs}) > 1:
        yield Fault("phases", "slabs")
    for before, slab in zip(scheme.slabs, scheme.slabs[1:], strict=False):
        if slab.threshold == before.threshold:
            yield Fault("equal", "threshold", slab)


def _phase(scheme, slab):
    return slab.benefit if slab.benefit in ("net_price", "free_product") else scheme.scope


def _slab(scheme, slab):
    for name in _SLAB_NUMBERS:
        yield from _number(getattr(slab, name), name, slab)
    if slab.benefit == "percent" and slab.value > 100:
        yield Fault("over_100", "value", slab)
    if scheme.mode == "marginal" and slab.benefit not in BANDED:
        yield Fault("marginal", "benefit", slab)
    if slab.repeat_every and slab.benefit not in REPEATED:
        yield Fault("repeat", "repeat_every", slab)
    if scheme.scope == "basket" and slab.benefit == "free_product" and not slab.free_product:
        yield Fault("unnamed", "free_product", slab)


def same_days(one: Scheme, other: Scheme) -> bool:
    """Whether there is a day on which both are in force."""
    starts = [scheme.date_from for scheme in (one, other) if scheme.date_from]
    ends = [scheme.date_to for scheme in (one, other) if scheme.date_to]
    return not starts or not ends or max(starts) <= min(ends)


def may_meet(one: Scheme, other: Scheme) -> bool:
    """Whether an order could have both, by their days and by who they are for."""
    lists = ((one.distributors, other.distributors), (one.classes, other.classes))
    return same_days(one, other) and not any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in lists)


def group_clashes(scheme: Scheme, others: Iterable[Scheme]) -> list[Scheme]:
    """Schemes of the same group in another phase: a group is decided inside its phase."""
    return [
        other
        for other in others
        if scheme.contest and other.contest == scheme.contest and other.phase != scheme.phase and same_days(scheme, other)
    ]


def circle(scheme: Scheme, others: Iterable[Scheme], covers) -> list[Scheme]:
    """The schemes through which what ``scheme`` gives comes round to it: each gives what earns the next one's free goods.

    A scheme that gives part of what it is bought for closes no circle.

    :param covers: function (scheme, product id) that tells whether the scheme names the product, or its category
    """
    others = [other for other in others if may_meet(scheme, other)]
    ways = [[scheme]]
    seen = set()
    for way in ways:
        for gift in _gifts(way[-1], covers):
            if len(way) > 1 and covers(scheme, gift):
                return way
            following = [other for other in others if other.id not in seen and covers(other, gift)]
            seen.update(other.id for other in following)
            ways += [[*way, other] for other in following]
    return []


def _gifts(scheme, covers):
    """What a scheme gives besides what it is bought for."""
    named = {slab.free_product for slab in scheme.slabs if slab.free_product}
    return sorted(product for product in named if not covers(scheme, product))
