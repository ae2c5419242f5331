"""Schemes as values, and sets of them compiled for evaluation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from .facts import Facts

#: benefits of which each has a phase of its own, whatever the scope
_PHASES = {"net_price": 0, "free_product": 2}
LINE_DISCOUNT, ORDER_VALUE = 1, 3


@dataclass(frozen=True, slots=True)
class Slab:
    """A step of a scheme: what is given from ``threshold`` (inclusive) up to the next one.

    ``threshold`` and ``repeat_every`` are quantities or amounts, as the scheme's basis says; ``value`` is a percentage,
    an amount, or a price per own unit of the product. Amounts are company currency, untaxed. ``repeat_every`` 0 means
    once, ``max_times`` 0 no limit; ``free_product`` None means the product that earned it.
    """

    id: int
    threshold: float
    benefit: str
    value: float = 0.0
    free_product: int | None = None
    free_qty: float = 0.0
    repeat_every: float = 0.0
    max_times: int = 0


@dataclass(frozen=True, slots=True)
class Scheme:
    """One approved version of a scheme. Empty conditions restrict nothing; caps of 0 are none."""

    id: int
    code: str
    slabs: tuple[Slab, ...]
    version: int = 1
    sequence: int = 10
    basis: str = "quantity"
    scope: str = "product"
    mode: str = "whole"
    timing: str = "on_invoice"
    stacking: str = "stack"
    group: str = ""
    date_from: date | None = None
    date_to: date | None = None
    territories: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()
    distributors: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    must_have: frozenset[int] = frozenset()
    min_distinct: int = 0
    budget: float = 0.0
    max_per_order: float = 0.0
    max_per_distributor: float = 0.0
    phase: int = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "slabs", tuple(sorted(self.slabs, key=lambda slab: slab.threshold)))
        other = LINE_DISCOUNT if self.scope == "product" else ORDER_VALUE
        object.__setattr__(self, "phase", _PHASES.get(self.slabs[0].benefit, other))

    @property
    def turn(self) -> tuple:
        """When it is asked: by phase, sequence and code."""
        return (self.phase, self.sequence, self.code)

    @property
    def contest(self) -> str:
        """Name of the group of which only one member gives something, empty when there is none."""
        return self.group if self.stacking == "best_of_group" else ""

    @property
    def is_capped(self) -> bool:
        """Whether what other orders got has a say."""
        return bool(self.budget or self.max_per_distributor)

    def is_in_force(self, day: date) -> bool:
        return (not self.date_from or self.date_from <= day) and (not self.date_to or day <= self.date_to)

    def is_for(self, facts: Facts) -> bool:
        """Whether the distributor meets every condition: any of a list, all of the lists."""
        return (
            (not self.distributors or facts.distributor in self.distributors)
            and (not self.classes or facts.distributor_class in self.classes)
            and (not self.territories or not self.territories.isdisjoint(facts.territory))
            and (not self.tags or not self.tags.isdisjoint(facts.tags))
        )

    def concerns(self, facts: Facts) -> bool:
        return self.is_in_force(facts.day) and self.is_for(facts)


class Book:
    """A set of schemes with an index by product and category, so that an order meets only those that concern it."""

    def __init__(self, schemes: Iterable[Scheme]):
        by_order = (scheme for scheme in schemes if scheme.scope != "period")
        self.schemes = tuple(sorted(by_order, key=lambda scheme: (scheme.turn, scheme.version, scheme.id)))
        self.by_product, self.by_category = defaultdict(list), defaultdict(list)
        self.everywhere, self.groups = [], defaultdict(list)
        self.capped = tuple(scheme for scheme in self.schemes if scheme.is_capped)
        for place, scheme in enumerate(self.schemes):
            self._index(place, scheme)

    def _index(self, place, scheme):
        for product in scheme.products:
            self.by_product[product].append(place)
        for category in scheme.categories:
            self.by_category[category].append(place)
        if not scheme.products and not scheme.categories:
            self.everywhere.append(place)
        if scheme.contest:
            self.groups[scheme.contest].append(place)

    def turns(self, facts: Facts, products: dict[int, frozenset[int]]) -> list[list[tuple[Scheme, list[int]]]]:
        """What is asked, in order: each turn one scheme, or all members of a group, with the products it covers.

        :param products: ``{product: path of its category}``, in the order's order
        """
        covered = self._cover(products)
        concerned = {place for place in covered if self.schemes[place].concerns(facts)}
        turns = defaultdict(list)
        for place in sorted(concerned):
            turns[self._turn_of(place, facts)].append((self.schemes[place], covered[place]))
        return [turns[place] for place in sorted(turns)]

    def _cover(self, products):
        """``{place of a scheme: products of the order it covers}``."""
        covered = {place: list(products) for place in self.everywhere}
        for product, path in products.items():
            places = set(self.by_product.get(product, ()))
            places.update(*(self.by_category.get(category, ()) for category in path))
            for place in places:
                covered.setdefault(place, []).append(product)
        return covered

    def _turn_of(self, place, facts):
        """Place of the turn: a group's is that of its first member that concerns the order's distributor."""
        contest = self.schemes[place].contest
        if not contest:
            return place
        return next(other for other in self.groups[contest] if self.schemes[other].concerns(facts))

    def concerning(self, facts: Facts) -> list[Scheme]:
        """Every scheme in force for the distributor that day, whatever was ordered."""
        return [scheme for scheme in self.schemes if scheme.concerns(facts)]
