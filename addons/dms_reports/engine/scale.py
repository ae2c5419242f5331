"""The scale of a chart: round numbers that hold all values, and where a value lies on it."""

import math
from dataclasses import dataclass

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """From ``bottom`` to ``top`` in steps of ``step``; 0 lies on it."""

    bottom: float
    top: float
    step: float

    @property
    def ticks(self):
        """Round numbers from the bottom to the top.

        >>> get_scale([12, 840]).ticks
        [0, 250, 500, 750, 1000]
        """
        count = round((self.top - self.bottom) / self.step)
        return [self.bottom + self.step * number for number in range(count + 1)]

    def place(self, value):
        """Where a value lies, in percent from the bottom.

        >>> get_scale([10, -10]).place(0)
        50.0
        """
        return round(100 * (value - self.bottom) / (self.top - self.bottom), 2)


def get_scale(values, steps=4):
    """The scale of values with about so many steps; of nothing from 0 to 1.

    >>> get_scale([3, 97])
    Scale(bottom=0, top=100, step=25)
    >>> get_scale([-30, 90])
    Scale(bottom=-50, top=100, step=50)
    >>> get_scale([])
    Scale(bottom=0, top=1, step=1)
    """
    lowest, highest = min([0, *values]), max([0, *values])
    if lowest == highest:
        return Scale(0, 1, 1)
    step = _round_up((highest - lowest) / steps)
    return Scale(step * math.floor(lowest / step), step * math.ceil(highest / step), step)


def _round_up(number):
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(number))
    return next(_plain(power * factor) for factor in STEPS if number <= power * factor * 1.000001)


def _plain(number):
    return int(number) if number == int(number) else number
