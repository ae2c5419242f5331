"""Shares of free goods and of amounts when only a part is delivered, or comes back."""

from .money import half_up, whole


def free_share(total_free: float, ordered: float, delivered: float, step: float) -> float:
    """How much of free goods may have shipped once so much of what earned them has; how much is owed back on returns.

    In proportion, in whole steps, rounded down; everything once the earning lines are complete. All quantities are
    cumulative; ``ordered`` and ``delivered`` in one unit, the result in that of ``total_free`` and ``step``.

    >>> [free_share(3.0, 10.0, delivered, 1.0) for delivered in (0.0, 3.0, 4.0, 9.0, 10.0)]
    [0.0, 0.0, 1.0, 2.0, 3.0]
    """
    if delivered >= ordered:
        return total_free
    if delivered <= 0:
        return 0.0
    return min(round(whole(total_free * delivered / ordered / step) * step, 9), total_free)


def returned_part(amount: int, ordered: float, returned: float) -> int:
    """The part of an amount that goes back with so much of what it was for, half up; all of it with everything.

    Cumulative: take the difference of two calls, and parts sum to the amount whatever the steps.

    :param amount: units of a currency's rounding
    :param ordered: the quantity the amount is for
    :param returned: all that has come back so far, in the same unit

    >>> [returned_part(100, 3.0, returned) for returned in (1.0, 2.0, 3.0)]
    [33, 67, 100]
    """
    if returned >= ordered:
        return amount
    return half_up(amount * returned / ordered) if returned > 0 else 0


def part_between(amount: int, ordered: float, before: float, after: float) -> int:
    """The part of an amount that goes back when what has come back grows from ``before`` to ``after``."""
    return returned_part(amount, ordered, after) - returned_part(amount, ordered, before)
