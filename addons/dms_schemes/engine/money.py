"""Rounding and splitting of money in whole units of a currency's rounding."""

from math import floor

#: what a binary fraction may miss of the decimal one that was meant
TINY = 1e-9
HALF = 0.5 + TINY
ABOVE = 1 + 2.0**-48


def slack(number: float) -> float:
    """How far a computed number may lie from the decimal one that was meant."""
    return TINY + abs(number) * (ABOVE - 1)


def half_up(number: float) -> int:
    """The nearest whole number, a half upwards.

    >>> half_up(2.5), half_up(0.285 * 100), half_up(2.4999)
    (3, 29, 2)
    """
    return floor(number * ABOVE + HALF) if number > 0 else floor(number + 0.5 + slack(number))


def whole(number: float) -> int:
    """The whole part of a number that is not negative.

    >>> whole(2.9999999999999996), whole(2.99)
    (3, 2)
    """
    return floor(number * ABOVE + TINY)


def reaches(number: float, bound: float) -> bool:
    """Whether ``number`` is at least ``bound``, but for what binary fractions miss."""
    return number + slack(bound) >= bound


def split(total: int, weights: list[int]) -> list[int]:
    """Parts of ``total`` in proportion to ``weights`` by largest remainder; of equal remainders the first is served first.

    The parts sum to the total exactly, and none exceeds its weight while the total does not exceed theirs.

    >>> split(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole_weight = sum(weights)
    if not whole_weight:
        return [0] * len(weights)
    parts = [total * weight // whole_weight for weight in weights]
    missing = total - sum(parts)
    if missing:
        by_remainder = sorted(range(len(weights)), key=lambda place: -(total * weights[place] % whole_weight))
        for place in by_remainder[:missing]:
            parts[place] += 1
    return parts
