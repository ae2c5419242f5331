"""Cover, status and suggested quantity of one product at one distributor."""

import math
from dataclasses import dataclass

OUT, LOW, OK, OVER, DEAD = "out", "low", "ok", "over", "dead"


@dataclass(frozen=True)
class Norm:
    """Days of cover a distributor should hold; an empty bound sets none."""

    min_days: float = 0.0
    max_days: float = 0.0


def days_cover(on_hand, in_transit, average):
    """Days that stock lasts at the average daily sell-out; None where nothing is sold."""
    return (on_hand + in_transit) / average if average > 0 else None


def status(on_hand, cover, sold_lately, norm):
    """The one word for a position.

    :param float on_hand: in the product's own unit
    :param cover: days, or None
    :param bool sold_lately: whether anything was sold in the days the average looks at, or today
    :param norm: :class:`Norm`, or None
    """
    if on_hand <= 0:
        return OUT
    if not sold_lately:
        return DEAD
    if norm is None or cover is None:
        return OK
    if cover < norm.min_days:
        return LOW
    return OVER if norm.max_days and cover > norm.max_days else OK


def target(average, max_days):
    """Quantity that a norm of at most so many days wants at the distributor, on the way and on order together."""
    return max_days * average


def suggested(wanted, there, multiple=0.0, minimum=0.0, step=1.0):
    """Quantity to order: what is missing to the quantity wanted, up to the multiple, never below the minimum; nothing missing stays nothing.

    :param float wanted: see :func:`target`, in the product's own unit
    :param float there: on hand, in transit and on order together
    :param float multiple: of an order; 0 for none
    :param float minimum: of an order; 0 for none
    :param float step: smallest quantity of the unit, where there is no multiple
    """
    needed = wanted - there
    if needed <= step * 1e-6:
        return 0.0
    multiple = multiple or step
    return _up(max(_up(needed, multiple), minimum), multiple)


def _up(quantity, multiple):
    """``quantity`` up to the next multiple; what floating point adds to a whole multiple is not another one."""
    return math.ceil(quantity / multiple - 1e-9) * multiple
