"""An amount in parts that add up to it, and to nothing else."""

from decimal import Decimal
from fractions import Fraction


def split(amount, weights, unit):
    """Parts of an amount in proportion to weights; their sum is the amount, exactly.

    Each part is a whole number of units; what is left over goes, a unit each, to the parts cut by most (largest remainder), of
    equals to the first. Weights below zero count as zero; where none is above it, the parts are equal.

    >>> [str(part) for part in split("100", [1, 1, 1], "0.01")]
    ['33.34', '33.33', '33.33']
    >>> [str(part) for part in split("10", [3, 0, -2, 1], "1")]
    ['8', '0', '0', '2']

    :param amount: not below zero; what can be made a Decimal, cut to whole units by rounding half up
    :param weights: numbers, one for each part
    :param unit: smallest part, above zero
    :return: list of Decimals
    :raise ValueError: when there is no part to give anything to
    """
    if not weights:
        raise ValueError("no parts to split an amount into")
    unit = Decimal(unit)
    total = int((Decimal(amount) / unit).to_integral_value("ROUND_HALF_UP"))
    shares = [max(Fraction(weight), Fraction(0)) for weight in weights]
    whole = sum(shares)
    if not whole:
        shares, whole = [Fraction(1)] * len(shares), len(shares)
    exact = [share * total / whole for share in shares]
    parts = [int(part) for part in exact]
    for index in sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])[: total - sum(parts)]:
        parts[index] += 1
    return [part * unit for part in parts]
