"""What a scheme gives a base, before caps."""

from bisect import bisect_right
from math import fsum

from .facts import Facts
from .money import ABOVE, TINY, half_up, split, whole
from .result import Grant, Near, make_grant, make_near
from .scheme import Scheme, Slab
from .state import Basket, Goods

#: what qualifies together: the lines of one product, or of a basket
Base = Goods | Basket


class Terms:
    """A scheme as an order meets it: its thresholds on the order's own base.

    On ``amount`` thresholds and repetitions are converted at the order's rate and rounded in its currency.
    """

    __slots__ = ("bounds", "by_amount", "facts", "scheme", "slabs")

    def __init__(self, scheme: Scheme, facts: Facts):
        self.scheme = scheme
        self.slabs = scheme.slabs
        self.facts = facts
        self.by_amount = scheme.basis == "amount"
        self.bounds = [self._bound(number) for number in scheme.thresholds] if self.by_amount else scheme.thresholds

    def _bound(self, number):
        return half_up(self.facts.in_order_units(number)) if self.by_amount else number

    def measure(self, base: Base) -> float:
        """The base on the scheme's basis: own units of the product, or units of the order's rounding."""
        return base.amount if self.by_amount else base.quantity

    def reached(self, measure: float) -> int:
        """Place of the highest slab whose threshold is reached, -1 below the first; a base of nothing reaches none."""
        return bisect_right(self.bounds, measure * ABOVE + TINY) - 1 if measure > 0 else -1

    def times(self, slab: Slab, measure: float) -> int:
        """How often the slab's benefit is given, 0 below its first repetition."""
        if not slab.repeat_every:
            return 1
        times = whole(measure / self._every(slab))
        return min(times, slab.max_times) if slab.max_times else times

    def _every(self, slab):
        return max(self._bound(slab.repeat_every), 1) if self.by_amount else slab.repeat_every

    def grants(self, bases: list[Base]) -> list[Grant]:
        """What the bases get; those that get nothing are left out."""
        if self.scheme.is_plain:
            return self._percentages(bases)
        return [grant for base in bases if (grant := self._grant(base))]

    def _grant(self, base):
        """What one base gets, None when that is nothing."""
        measure = self.measure(base)
        place = self.reached(measure)
        if place < 0:
            return None
        slab = self.slabs[place]
        times = self.times(slab, measure)
        if slab.benefit == "free_product":
            return self._goods(base, measure, place, times)
        amounts = self.amounts(base, slab, measure, times)
        benefit = sum(amounts)
        return self._made(base, measure, place, times, benefit, taken_off(base, amounts)) if benefit else None

    def _percentages(self, bases):
        """What :meth:`_grant` gives for a percentage off products, the commonest scheme by far, for all of them in one go."""
        grants = []
        scheme, by_amount, bounds, slabs = self.scheme, self.by_amount, self.bounds, self.slabs
        has_more = scheme.has_more
        for goods in bases:
            measure = goods.amount if by_amount else goods.quantity
            place = bisect_right(bounds, measure * ABOVE + TINY) - 1
            if place < 0 or measure <= 0:
                continue
            net, keys, slab = goods.net, goods.keys, slabs[place]
            percent = slab.value
            if len(keys) == 1:
                benefit = half_up(net[keys[0]] * percent / 100)
                lines = ((keys[0], benefit),)
            else:
                lines = taken_off(goods, [half_up(net[key] * percent / 100) for key in keys])
                benefit = sum([amount for _key, amount in lines])
            if benefit:
                near = self.near(goods.product, measure, place) if has_more else None
                # fmt: off
                grants.append(make_grant(
                    scheme, slab, goods.product, goods.quantity, goods.amount, benefit, lines, keys, None, 0.0, 1, "", near,
                ))
                # fmt: on
        return grants

    def _made(self, base, measure, place, times, benefit, lines=(), product=None, quantity=0.0):
        scheme = self.scheme
        near = self.near(base.product, measure, place) if scheme.has_more else None
        # fmt: off
        return make_grant(
            scheme, self.slabs[place], base.product, base.quantity, base.amount, benefit, lines, base.keys,
            product, quantity, times, "", near,
        )
        # fmt: on

    # ------------------------------------------------------------ goods

    def _goods(self, base, measure, place, times):
        slab = self.slabs[place]
        product = slab.free_product or base.product
        goods = self.facts.free(product) if product else None
        steps = whole(times * slab.free_qty / goods.step) if goods else 0
        if not steps:
            return None
        quantity = goods.quantity(steps)
        benefit = goods.value(quantity)
        return self._made(base, measure, place, times, benefit, (), product, quantity) if benefit > 0 else None

    def unsellable(self, bases: list[Base]) -> int | None:
        """The first free product that was earned and cannot be given."""
        for base in bases:
            measure = self.measure(base)
            place = self.reached(measure)
            if place >= 0 and self.slabs[place].benefit == "free_product" and self.times(self.slabs[place], measure):
                product = self.slabs[place].free_product or base.product
                if product and not self.facts.free(product):
                    return product
        return None

    # ------------------------------------------------------------ money

    def amounts(self, base: Base, slab: Slab, measure: float, times: int) -> list[int]:
        """What is taken off each line of the base, in units of the order's rounding."""
        if self.scheme.mode == "marginal":
            return split_off(half_up(self._marginal(base, measure)), base.nets)
        if slab.benefit == "percent":
            if self.scheme.scope == "product":
                return [half_up(net * slab.value / 100) for net in base.nets]
            return split_off(half_up(base.amount * slab.value / 100), base.nets)
        if slab.benefit == "lump_amount":
            return split_off(half_up(times * self.facts.in_order_units(slab.value)), base.nets)
        return [min(half_up(raw), net) for raw, net in zip(self._by_unit(base, slab), base.nets, strict=True)]

    def _by_unit(self, base, slab):
        """Raw amounts off each line of a benefit per unit: an amount, or the way down to a price, which never goes up."""
        value = self.facts.in_order_units(slab.value)
        if slab.benefit == "unit_amount":
            return [line.quantity * value for line in base.lines]
        return [max(net - line.quantity * value, 0.0) for line, net in zip(base.lines, base.nets, strict=True)]

    def _marginal(self, base, measure):
        """Raw total of a marginal scheme: each band at its own rate on its own share of the base; the last is open."""
        total = 0.0
        for slab, start, end in zip(self.slabs, self.bounds, [*self.bounds[1:], measure], strict=True):
            width = min(end, measure) - start
            if width > 0:
                total += width / measure * self._band(base, slab)
        return total

    def _band(self, base, slab):
        """What a slab would give, unrounded, if the whole base lay in its band."""
        if slab.benefit == "percent":
            return base.amount * slab.value / 100
        return fsum(self._by_unit(base, slab))

    # ------------------------------------------------------------ near

    def near(self, product: int | None, measure: float, place: int) -> Near | None:
        """How far it is to the next slab, or to the next repetition from the last slab and from one not yet given.

        :param place: place of the slab reached, -1 below the first
        """
        slabs = self.slabs
        is_last = place + 1 == len(slabs)
        slab = slabs[place] if place >= 0 else None
        if slab and slab.repeat_every and (is_last or not self.times(slab, measure)):
            target = self._next_repetition(slab, measure)
        elif is_last or measure <= 0:
            return None
        else:
            target, slab = self.bounds[place + 1], slabs[place + 1]
        return make_near(product, measure, target, target - measure, slab) if target else None

    def _next_repetition(self, slab, measure):
        """The base at which the slab is given once more, 0 when it has been given as often as it may."""
        every = self._every(slab)
        times = whole(measure / every)
        return 0 if slab.max_times and times >= slab.max_times else (times + 1) * every


def taken_off(base: Base, amounts: list[int]) -> tuple[tuple[int, int], ...]:
    """(key, amount) of the lines of a base from which something is taken."""
    return tuple([(key, amount) for key, amount in zip(base.keys, amounts, strict=True) if amount])


def split_off(total: int, nets: list[int]) -> list[int]:
    """Parts of a total on net values by largest remainder; what exceeds them lapses."""
    return split(max(min(total, sum(nets)), 0), nets)
