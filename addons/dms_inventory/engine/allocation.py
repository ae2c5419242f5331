"""Sharing what there is among those who ordered more: as even as whole steps allow.

Everyone's level is what he gets divided by his weight. The lowest level is made as high as can be, then the next, and so on: nobody
could gain without somebody ending up with less than he had.
"""

import heapq
from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """One who ordered.

    ``key``: stands for him in the answer; ``ordered``: most that he gets; ``step``: smallest quantity he takes (a case), the last one
    may be the rest of his order; ``weight``: his share, relative to others. Quantities are whole numbers of one smallest unit.
    """

    key: object
    ordered: int
    step: int = 1
    weight: float = 1.0


def allocate(supply, demands):
    """Share ``supply`` among ``demands``; of two at the same level the first one listed comes first.

    :return: ``{key: quantity}``, each at most what was ordered, in whole steps, together at most the supply
    """
    open_demands = [demand for demand in demands if demand.ordered > 0 and demand.weight > 0]
    given = _fill_safely(supply, open_demands)
    left = supply - sum(given.values())
    heap = [(given[demand.key] / demand.weight, place) for place, demand in enumerate(open_demands)]
    heapq.heapify(heap)
    while heap and left > 0:
        _level, place = heapq.heappop(heap)
        demand = open_demands[place]
        step = min(demand.step, demand.ordered - given[demand.key])
        if 0 < step <= left:  # who takes no step that is left takes none later either
            given[demand.key] += step
            left -= step
            heapq.heappush(heap, (given[demand.key] / demand.weight, place))
    return {demand.key: given.get(demand.key, 0) for demand in demands}


def _fill_safely(supply, demands):
    """What everybody gets up to a level at which there is still a step for each: steps one by one would come to the same."""
    level = _water_level(supply - sum(demand.step for demand in demands), demands)
    return {demand.key: int(min(demand.ordered, level * demand.weight) // demand.step) * demand.step for demand in demands}


def _water_level(supply, demands):
    """Level to which ``supply`` fills vessels as wide as the weights and as high as the orders; 0 for none."""
    left, width = max(supply, 0), sum(demand.weight for demand in demands)
    level = 0.0
    for demand in sorted(demands, key=lambda demand: demand.ordered / demand.weight):
        full = demand.ordered / demand.weight
        if (full - level) * width > left:
            return level + left / width
        left -= (full - level) * width
        width -= demand.weight
        level = full
    return level
