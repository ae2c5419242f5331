"""What a slab is worth on a base, before caps."""

from dataclasses import dataclass
from math import fsum

from .facts import Facts, Line
from .money import half_up, reaches, split, whole
from .result import Near
from .scheme import Scheme, Slab


@dataclass(frozen=True, slots=True)
class Base:
    """What qualifies together: the open lines of one product, or of a basket, with their running net values."""

    product: int | None
    lines: tuple[Line, ...]
    nets: tuple[int, ...]
    quantity: float
    amount: int

    @classmethod
    def of(cls, product, lines, net):
        """:param dict net: ``{key: running net}``"""
        nets = tuple(net[line.key] for line in lines)
        return cls(product, tuple(lines), nets, fsum(line.quantity for line in lines), sum(nets))

    def measure(self, basis: str) -> float:
        """The base on a scheme's basis, in own units of the product or units of the order's rounding."""
        return self.amount if basis == "amount" else self.quantity


@dataclass(frozen=True, slots=True)
class Offer:
    """What a base would get: amounts off its lines, or free goods."""

    base: Base
    slab: Slab
    amounts: tuple[int, ...] = ()
    free_product: int | None = None
    free_qty: float = 0.0
    free_value: int = 0
    times: int = 1
    cap: str = ""

    @property
    def benefit(self) -> int:
        return self.free_value if self.free_product else sum(self.amounts)


def bound(scheme: Scheme, facts: Facts, number: float) -> float:
    """A threshold or repetition on the scheme's basis, in the units of :meth:`Base.measure`."""
    return half_up(facts.in_order_units(number)) if scheme.basis == "amount" else number


def reached_slab(scheme: Scheme, facts: Facts, base: Base) -> Slab | None:
    """The highest slab whose threshold the base reaches; a base of nothing reaches none."""
    measure = base.measure(scheme.basis)
    if measure <= 0:
        return None
    reached = [slab for slab in scheme.slabs if reaches(measure, bound(scheme, facts, slab.threshold))]
    return reached[-1] if reached else None


def times_of(scheme: Scheme, facts: Facts, slab: Slab, measure: float) -> int:
    """How often the slab's benefit is given."""
    if not slab.repeat_every:
        return 1
    times = whole(measure / bound(scheme, facts, slab.repeat_every))
    return min(times, slab.max_times) if slab.max_times else times


def offer(scheme: Scheme, facts: Facts, base: Base, slab: Slab) -> Offer:
    """What the reached slab gives the base. An offer of nothing has benefit 0."""
    times = times_of(scheme, facts, slab, base.measure(scheme.basis))
    if slab.benefit == "free_product":
        return _free_offer(facts, base, slab, times)
    return Offer(base, slab, tuple(_amounts(scheme, facts, base, slab, times)), times=times)


def _free_offer(facts, base, slab, times):
    product = slab.free_product or base.product
    goods = facts.free(product)
    steps = whole(times * slab.free_qty / goods.step) if goods else 0
    if not steps:
        return Offer(base, slab, times=times)
    quantity = steps * goods.step
    return Offer(base, slab, (), product, quantity, goods.value(quantity), times)


def _amounts(scheme, facts, base, slab, times):
    """What is taken off each line of the base."""
    if scheme.mode == "marginal":
        return split(min(half_up(_marginal(scheme, facts, base)), base.amount), base.nets)
    if slab.benefit == "percent":
        return _percent(scheme, base, slab.value)
    if slab.benefit == "lump_amount":
        return split(min(half_up(times * facts.in_order_units(slab.value)), base.amount), base.nets)
    return [min(half_up(raw), net) for raw, net in zip(_by_unit(facts, base, slab), base.nets, strict=True)]


def _percent(scheme, base, percent):
    if scheme.scope == "product":
        return [half_up(net * percent / 100) for net in base.nets]
    return split(half_up(base.amount * percent / 100), base.nets)


def _by_unit(facts, base, slab):
    """Raw amounts off each line of a benefit per unit: an amount, or the way down to a price, which never goes up."""
    value = facts.in_order_units(slab.value)
    if slab.benefit == "unit_amount":
        return [line.quantity * value for line in base.lines]
    return [max(net - half_up(line.quantity * value), 0) for line, net in zip(base.lines, base.nets, strict=True)]


def _marginal(scheme, facts, base):
    """Raw total of a marginal scheme: each band at its own rate on its own share of the base."""
    measure = base.measure(scheme.basis)
    lower = [bound(scheme, facts, slab.threshold) for slab in scheme.slabs]
    upper = [*lower[1:], measure]
    total = 0.0
    for slab, start, end in zip(scheme.slabs, lower, upper, strict=True):
        width = min(end, measure) - start
        if width > 0:
            total += width / measure * _band(facts, base, slab)
    return total


def _band(facts, base, slab):
    """What a slab would give if the whole base lay in its band."""
    if slab.benefit == "percent":
        return base.amount * slab.value / 100
    return fsum(_by_unit(facts, base, slab))


def near_to(scheme: Scheme, facts: Facts, base: Base, slab: Slab | None) -> Near | None:
    """How far it is to the next slab, or from the last one to its next repetition.

    :param slab: the slab reached, None below the first
    """
    measure = base.measure(scheme.basis)
    if measure <= 0:
        return None
    following = [other for other in scheme.slabs if not slab or other.threshold > slab.threshold]
    if slab and slab.repeat_every and (not following or not times_of(scheme, facts, slab, measure)):
        target = _next_repetition(scheme, facts, slab, measure)
        following = [slab] if target else []
    elif following:
        target = bound(scheme, facts, following[0].threshold)
    return Near(base.product, measure, target, target - measure, following[0]) if following else None


def _next_repetition(scheme, facts, slab, measure):
    every = bound(scheme, facts, slab.repeat_every)
    times = whole(measure / every)
    return 0 if slab.max_times and times >= slab.max_times else (times + 1) * every
