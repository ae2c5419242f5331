"""What a period scheme owes a distributor for what was invoiced to it over the scheme's dates.

Money is counted in whole units of the company's rounding, as elsewhere in the engine.
"""

from dataclasses import dataclass
from math import fsum

from .money import half_up, reaches, whole
from .scheme import Scheme, Slab


@dataclass(frozen=True, slots=True)
class Purchases:
    """Invoiced less credited: ``items`` of ``(product, quantity in its own unit, untaxed value in units)``.

    ``baseline`` is the value, in units, that growth is measured against; None where nothing was frozen.
    """

    items: tuple[tuple[int, float, int], ...] = ()
    baseline: int | None = None
    rounding: float = 0.01

    @property
    def quantity(self) -> float:
        return fsum(quantity for _product, quantity, _value in self.items)

    @property
    def value(self) -> int:
        return sum(value for _product, _quantity, value in self.items)

    def measure(self, basis: str) -> float | None:
        """The base on a scheme's basis: quantity, value in units, or growth in percent; None where there is no such figure."""
        if basis == "quantity":
            return self.quantity
        if basis == "amount":
            return self.value
        return 100.0 * (self.value - self.baseline) / self.baseline if (self.baseline or 0) > 0 else None


@dataclass(frozen=True, slots=True)
class Rebate:
    """What is owed (``benefit``, units), the slab reached, and how much of the basis is ``missing`` to the ``next`` slab."""

    benefit: int = 0
    measure: float | None = None
    slab: Slab | None = None
    next: Slab | None = None
    missing: float = 0.0


def rebate(scheme: Scheme, purchases: Purchases) -> Rebate:
    """The rebate on purchases so far, before caps. Less credited than invoiced, or no growth figure: nothing."""
    measure = purchases.measure(scheme.basis)
    if measure is None:
        return Rebate()
    bounds = [_bound(scheme, purchases, slab.threshold) for slab in scheme.slabs]
    reached = [slab for slab, bound in zip(scheme.slabs, bounds, strict=True) if measure > 0 and reaches(measure, bound)]
    ahead = [(slab, bound) for slab, bound in zip(scheme.slabs, bounds, strict=True) if slab not in reached]
    following, bound = ahead[0] if ahead else (None, 0.0)
    missing = bound - measure if following else 0.0
    slab = reached[-1] if reached else None
    benefit = half_up(max(_worth(scheme, purchases, measure, bounds, slab), 0.0)) if slab and purchases.value > 0 else 0
    return Rebate(min(benefit, max(purchases.value, 0)), measure, slab, following, missing)


def _bound(scheme, purchases, number):
    return half_up(number / purchases.rounding) if scheme.basis == "amount" else number


def _worth(scheme, purchases, measure, bounds, slab):
    """Raw benefit in units."""
    if scheme.mode == "marginal":
        return _marginal(scheme, purchases, measure, bounds)
    if slab.benefit == "lump_amount":
        every = _bound(scheme, purchases, slab.repeat_every)
        times = whole(measure / every) if every else 1
        return (min(times, slab.max_times) if slab.max_times else times) * slab.value / purchases.rounding
    return _band(purchases, slab)


def _band(purchases, slab):
    """What a slab would give if everything lay in its band."""
    if slab.benefit == "percent":
        return purchases.value * slab.value / 100
    price = slab.value / purchases.rounding
    if slab.benefit == "unit_amount":
        return purchases.quantity * price
    return fsum(max(value - quantity * price, 0.0) for _product, quantity, value in purchases.items)


def _marginal(scheme, purchases, measure, bounds):
    total = 0.0
    for slab, start, end in zip(scheme.slabs, bounds, [*bounds[1:], measure], strict=True):
        width = min(end, measure) - start
        if width > 0:
            total += width / measure * _band(purchases, slab)
    return total
