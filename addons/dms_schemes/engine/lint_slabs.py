"""Findings about the slabs of a scheme: what they give on bases tried out one by one."""

from collections.abc import Iterator
from math import ceil

from .benefit import Terms
from .catalogue import Catalogue, Finding
from .facts import Facts, Line
from .money import half_up
from .scheme import FREE_GOODS, Scheme
from .state import Basket

#: a price where none is known and none matters
NOMINAL = 100.0


class Trial:
    """A scheme tried on single lines of one price. Bases are units of the product or, on ``amount``, of the rounding."""

    def __init__(self, scheme: Scheme, price: float, rounding: float):
        self.scheme = scheme
        self.price = price
        self.by_amount = scheme.basis == "amount"
        self.terms = Terms(scheme, Facts((), None, 0, rounding=rounding, company_rounding=rounding))
        self.rounding = rounding
        self.bounds = list(self.terms.bounds)

    def amount(self, base: float) -> int:
        return int(base) if self.by_amount else half_up(base * self.price / self.rounding)

    def quantity(self, base: float) -> float:
        return base * self.rounding / self.price if self.by_amount else base

    def worth(self, slab, base: float) -> float:
        """What a slab gives on a base whether it is reached or not: an amount, or a quantity of free goods."""
        times = self.terms.times(slab, base)
        if slab.benefit == "free_product":
            return times * slab.free_qty
        if not times or base <= 0:
            return 0
        quantity, amount = self.quantity(base), self.amount(base)
        basket = Basket([Line(0, 0, 0, frozenset(), quantity, amount)], (0,), [amount], quantity, amount)
        return sum(self.terms.amounts(basket, slab, base, times))

    def bill(self, base: float) -> int:
        """What is to be paid for a base, in units of the rounding."""
        place = self.terms.reached(base)
        return self.amount(base) - (self.worth(self.terms.slabs[place], base) if place >= 0 else 0)

    def band(self, place: int) -> tuple[float, float]:
        """First and last base of a slab; the last slab's goes on for some repetitions."""
        start = max(self.bounds[place], 1)
        if place + 1 < len(self.bounds):
            return start, self.bounds[place + 1] - 1
        slab = self.terms.slabs[place]
        return start, start * 2 + 3 * self._every(slab)

    def points(self, place: int) -> list[float]:
        """Bases of a band at which something may change: its ends, its middle, repetitions of this and lower slabs."""
        start, end = self.band(place)
        points = [start, (start + end) // 2, end]
        for slab in self.terms.slabs[: place + 1]:
            if every := self._every(slab):
                points += [every * ceil(start / every) + every * number for number in range(4)]
        return [point for point in points if start <= point <= end]

    def _every(self, slab):
        return half_up(slab.repeat_every / self.rounding) if self.by_amount else slab.repeat_every

    def told(self, base: float) -> float:
        """A base as it is told: own units, or company currency."""
        return round(base * self.rounding, 9) if self.by_amount else base


def trials(scheme: Scheme, catalogue: Catalogue) -> list[Trial]:
    """A trial for the lowest, the middle and the highest known price of the products covered.

    Without known prices one at a nominal price, where the price does not matter.
    """
    known = sorted({catalogue.prices[product] for product in catalogue.covered(scheme) if catalogue.prices.get(product, 0) > 0})
    if not known and all(slab.benefit in ("percent", "free_product") for slab in scheme.slabs):
        known = [NOMINAL]
    prices = {known[0], known[len(known) // 2], known[-1]} if known else set()
    return [Trial(scheme, price, catalogue.rounding) for price in sorted(prices)]


def dead_slabs(scheme: Scheme, catalogue: Catalogue) -> Iterator[Finding]:
    """``dead_slab``: nothing can reach it, or it never gives more than a lower one would (``shadowed_by``, its id).

    Slabs that give different free products are not compared. In ``marginal`` mode rates stand side by side: none is dead.
    """
    if scheme.mode == "marginal":
        return
    attempts = trials(scheme, catalogue)
    for place, slab in enumerate(scheme.slabs):
        if _is_unreachable(scheme, place, catalogue):
            yield Finding(scheme.id, "dead_slab", "warn", (slab.id,), {"reason": "unreachable"})
        elif attempts and all(trial.worth(slab, point) <= 0 for trial in attempts for point in trial.points(place)):
            yield Finding(scheme.id, "dead_slab", "warn", (slab.id,), {"reason": "worthless"})
        elif attempts and (better := _shadow(scheme, place, attempts)):
            yield Finding(scheme.id, "dead_slab", "warn", (slab.id,), {"reason": "shadowed", "shadowed_by": better.id})


def _is_unreachable(scheme, place, catalogue):
    """No base lies between its threshold and the next."""
    if place + 1 == len(scheme.slabs):
        return False
    width = scheme.slabs[place + 1].threshold - scheme.slabs[place].threshold
    return width <= (catalogue.rounding / 2 if scheme.basis == "amount" else 1e-9)


def _shadow(scheme, place, attempts):
    """A lower slab that gives at least as much all over the band of one."""
    slab = scheme.slabs[place]
    for other in scheme.slabs[:place]:
        if other.free_product == slab.free_product and all(
            trial.worth(slab, point) <= trial.worth(other, point) for trial in attempts for point in trial.points(place)
        ):
            return other
    return None


def gaps(scheme: Scheme) -> Iterator[Finding]:
    """``gap``: bases from ``start`` up to ``end`` (None is open) that reach a slab and earn nothing.

    A slab whose first repetition lies above its threshold (there is no fall-back to a lower slab), or a band of no value.
    """
    ends = [*(slab.threshold for slab in scheme.slabs[1:]), None]
    for place, (slab, end) in enumerate(zip(scheme.slabs, ends, strict=True)):
        if scheme.mode == "marginal" and slab.benefit in ("percent", "unit_amount") and not slab.value:
            yield _gap(scheme, slab, end)
        elif slab.repeat_every > slab.threshold and (place or slab.threshold):
            yield _gap(scheme, slab, slab.repeat_every if end is None else min(slab.repeat_every, end))


def _gap(scheme, slab, end):
    return Finding(scheme.id, "gap", "warn", (slab.id,), {"start": slab.threshold, "end": end})


def cliffs(scheme: Scheme, catalogue: Catalogue) -> Iterator[Finding]:
    """``cliff``: one unit more (of the product or the currency) lowers the whole bill.

    Figures at the price where it falls deepest: ``base_below``, ``bill_below``, ``base``, ``bill``, and ``costs_more_from``: from
    there to ``base_below`` less costs more. On ``growth`` bills are not compared.
    """
    if scheme.mode == "marginal" or scheme.basis == "growth" or scheme.phase == FREE_GOODS:
        return
    attempts = trials(scheme, catalogue)
    for place, slab in enumerate(scheme.slabs):
        falls = [fall for trial in attempts for point in trial.points(place) if (fall := _fall(trial, place, point))]
        if falls:
            deepest = max(falls, key=lambda fall: fall["bill_below"] - fall["bill"])
            yield Finding(scheme.id, "cliff", "warn", (slab.id,), deepest)


def _fall(trial, place, point):
    """Figures of a bill that falls at a base, None where it does not."""
    below, bill = point - 1, trial.bill(point)
    if below <= 0 or trial.bill(below) <= bill:
        return None
    fewer, too_few = 0, int(below) + 1  # units below, of which the bill is still higher, and of which it is not
    while too_few - fewer > 1:
        middle = (fewer + too_few) // 2
        fewer, too_few = (middle, too_few) if trial.bill(below - middle) > bill else (fewer, middle)
    return {
        "base_below": trial.told(below),
        "bill_below": round(trial.bill(below) * trial.rounding, 9),
        "base": trial.told(point),
        "bill": round(bill * trial.rounding, 9),
        "costs_more_from": trial.told(below - fewer),
        "price": trial.price,
    }
