"""What a scheme cannot have beside it."""

from collections.abc import Iterable

from .scheme import Scheme


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
