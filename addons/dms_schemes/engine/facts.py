"""What the engine knows of an order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .money import half_up
from .values import maker


@dataclass(frozen=True, slots=True)
class Line:
    """A line of goods.

    ``key`` names it in the result; ``rank`` is its place in the order; ``path`` holds its product's category and all
    above; ``quantity`` is in the product's own unit; ``value`` is untaxed, before schemes, after the line's own discount.
    ``qualifies`` is False for what schemes leave alone: free lines, services, delivery, manual prices.
    """

    key: int
    rank: int
    product: int
    path: frozenset[int]
    quantity: float
    value: int
    qualifies: bool = True


@dataclass(frozen=True, slots=True)
class FreeGoods:
    """A product that can be given: the ``step`` it comes in (its own unit) and its full value for a quantity."""

    step: float
    value: Callable[[float], int]

    def quantity(self, steps: int) -> float:
        """So many steps, without what binary fractions add."""
        return round(steps * self.step, 9)


@dataclass(frozen=True, slots=True)
class Used:
    """What other orders take of a scheme's caps, over all versions of its code, in company currency."""

    total: float = 0.0
    distributor: float = 0.0


UNUSED = Used()
make_used = maker(Used)


def _no_goods(product: int) -> None:
    """Nothing can be given."""


@dataclass(frozen=True, slots=True)
class Facts:
    """An order, its distributor and the day that decides which schemes are in force.

    ``territory`` holds the distributor's territory and all above. ``rate`` is order currency per company currency;
    ``rounding`` and ``company_rounding`` are those of the two currencies. ``free`` gives the goods of a product, None
    for one that cannot be sold. ``used`` names only codes of which something is used.
    """

    lines: tuple[Line, ...]
    day: date
    distributor: int
    distributor_class: int | None = None
    territory: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    rate: float = 1.0
    rounding: float = 0.01
    company_rounding: float = 0.01
    used: Mapping[str, Used] = field(default_factory=dict)
    free: Callable[[int], FreeGoods | None] = _no_goods

    def beside(self, used: Mapping[str, Used]) -> "Facts":
        """The same order beside others, which have ``used`` of caps."""
        # fmt: off
        return make_facts(
            self.lines, self.day, self.distributor, self.distributor_class, self.territory, self.tags, self.rate,
            self.rounding, self.company_rounding, used, self.free,
        )
        # fmt: on

    def in_order_units(self, amount: float) -> float:
        """An amount of a scheme in units of the order's rounding, itself unrounded."""
        return amount * self.rate / self.rounding

    def in_company_units(self, units: int) -> int:
        """An amount of the order in units of the company's rounding."""
        if self.rate == 1.0 and self.rounding == self.company_rounding:
            return units
        return half_up(units * self.rounding / self.rate / self.company_rounding)

    def most_within(self, company_units: int) -> int:
        """A company amount converted and rounded in the order's currency, less where that would count as more."""
        if self.rate == 1.0 and self.rounding == self.company_rounding:
            return company_units
        units = half_up(company_units * self.company_rounding * self.rate / self.rounding)
        while units > 0 and self.in_company_units(units) > company_units:
            units -= 1
        return units


make_line, make_facts = maker(Line), maker(Facts)
