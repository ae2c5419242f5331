"""What of an order fits into an amount: whole steps, in the order of the lines."""

from dataclasses import dataclass
from math import floor


@dataclass(frozen=True)
class Line:
    """One line of an order.

    ``total``: value of the whole line, tax included; ``quantity``: in the line's unit; ``step``: smallest quantity that is
    sold, in the same unit; ``least``: smallest quantity that may be ordered at all.
    """

    key: int
    total: float
    quantity: float
    step: float = 1.0
    least: float = 0.0


def split_to_fit(lines, room):
    """Return ``{key: quantity}`` of what fits into ``room``, line after line, each as many whole steps as the rest pays for.

    A line that costs nothing is kept whole. The values add up to ``room`` at most, before the rounding of taxes.

    >>> split_to_fit([Line(1, 100.0, 10), Line(2, 60.0, 3)], 130.0)
    {1: 10, 2: 1.0}
    >>> split_to_fit([Line(1, 100.0, 10, step=4, least=8)], 75.0)
    {}
    """
    kept = {}
    for line in lines:
        quantity = _fitting(line, room)
        if quantity:
            kept[line.key] = quantity
            room -= line.total * quantity / line.quantity
    return kept


def _fitting(line, room):
    if line.quantity <= 0:
        return 0
    if line.total <= 0 or line.total <= room:
        return line.quantity
    price = line.total / line.quantity
    steps = floor(max(room, 0.0) / (price * line.step) + 1e-9)
    quantity = steps * line.step
    return quantity if quantity >= line.least else 0
