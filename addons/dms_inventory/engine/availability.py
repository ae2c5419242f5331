"""How much of what is wanted can be proposed with what a warehouse has."""

import math


def cap(wanted, free, multiple=0.0, minimum=0.0, step=1.0):
    """What is wanted, or the most of it that is free in whole multiples; less than a minimum is nothing.

    :param float wanted: in the product's own unit, as an order may have it
    :param float free: what the warehouse has left, may be negative; None where nothing is counted, which caps nothing
    :param float multiple: of an order; 0 for none
    :param float minimum: of an order; 0 for none
    :param float step: smallest quantity of the unit, where there is no multiple
    """
    multiple = multiple or step
    if free is None or wanted <= free + multiple * 1e-9:
        return wanted
    left = max(math.floor(free / multiple + 1e-9), 0) * multiple
    return left if left >= minimum else 0.0
