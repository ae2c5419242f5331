"""Schemes as values, and sets of them compiled for evaluation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from .facts import Facts

#: phases, in their order; two benefits have one of their own, whatever the scope
NET_PRICE, LINE_DISCOUNT, FREE_GOODS, ORDER_VALUE = range(4)
_PHASES = {"net_price": NET_PRICE, "free_product": FREE_GOODS}


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
    thresholds: tuple[float, ...] = field(init=False, repr=False, compare=False)
    is_for_all: bool = field(init=False, repr=False, compare=False)
    is_plain: bool = field(init=False, repr=False, compare=False)
    has_more: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "slabs", tuple(sorted(self.slabs, key=lambda slab: slab.threshold)))
        for name, value in self._derived().items():
            object.__setattr__(self, name, value)

    def _derived(self):
        """What every evaluation asks: ``is_plain`` a percentage off products, ``has_more`` a next slab or repetition."""
        other = LINE_DISCOUNT if self.scope == "product" else ORDER_VALUE
        is_percent = all([slab.benefit == "percent" for slab in self.slabs])
        return {
            "phase": _PHASES.get(self.slabs[0].benefit, other),
            "thresholds": tuple([slab.threshold for slab in self.slabs]),
            "is_for_all": not (self.distributors or self.classes or self.territories or self.tags),
            "is_plain": is_percent and self.mode == "whole" and self.scope == "product",
            "has_more": len(self.slabs) > 1 or bool(self.slabs[0].repeat_every),
        }

    @property
    def turn(self) -> tuple:
        """When it is asked: by phase, sequence and code."""
        return (self.phase, self.sequence, self.code)

    @property
    def contest(self) -> str:
        """Name of the group of which only one member gives something, empty when there is none."""
        return self.group if self.stacking == "best_of_group" else ""

    @property
    def has_caps(self) -> bool:
        return bool(self.max_per_order or self.budget or self.max_per_distributor)

    @property
    def is_capped(self) -> bool:
        """Whether what other orders got has a say."""
        return bool(self.budget or self.max_per_distributor)

    def is_in_force(self, day: date) -> bool:
        return (not self.date_from or self.date_from <= day) and (not self.date_to or day <= self.date_to)

    def is_for(self, facts: Facts) -> bool:
        """Whether the distributor meets every condition: any of a list, all of the lists."""
        return self.is_for_all or (
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
        self.everywhere, self.groups, self.known = [], defaultdict(list), {}
        self.capped = tuple(scheme for scheme in self.schemes if scheme.is_capped)
        self.capped_codes = frozenset(scheme.code for scheme in self.capped)
        self.by_tags = any(scheme.tags for scheme in self.schemes)
        self.by_territories = any(scheme.territories for scheme in self.schemes)
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
            self.groups[scheme.phase, scheme.contest].append(place)

    def turns(self, facts: Facts, goods: dict) -> list[list[tuple[Scheme, list]]]:
        """What is asked, in order: each turn one scheme, or all members of a group, with the goods it covers.

        :param goods: ``Goods`` of the order by product, in its order
        """
        turns, heads = {}, {}
        for place, its_goods in sorted(self._cover(goods).items()):
            scheme = self.schemes[place]
            if scheme.concerns(facts):
                turn = self._head(scheme, facts, heads) if scheme.contest else place
                turns.setdefault(turn, []).append((scheme, its_goods))
        return [turns[turn] for turn in sorted(turns)] if heads else list(turns.values())

    def _cover(self, goods):
        """``{place of a scheme: goods of the order it covers}``."""
        covered = dict.fromkeys(self.everywhere, list(goods.values())) if goods else {}
        for product, of_product in goods.items():
            for place in self._places(product, of_product.path):
                covered.setdefault(place, []).append(of_product)
        return covered

    def _places(self, product, path):
        """Places of the schemes that name a product or one of its categories; looked up once for each."""
        if not self.by_category:
            return self.by_product.get(product, ())
        if (product, path) not in self.known:
            by_category = {place for category in path for place in self.by_category.get(category, ())}
            self.known[product, path] = tuple(by_category.union(self.by_product.get(product, ())))
        return self.known[product, path]

    def _head(self, scheme, facts, heads):
        """Place of a group's turn: that of its first member in force for the order's distributor."""
        group = (scheme.phase, scheme.contest)
        if group not in heads:
            heads[group] = next(place for place in self.groups[group] if self.schemes[place].concerns(facts))
        return heads[group]

    def concerning(self, facts: Facts) -> list[Scheme]:
        """Every scheme in force for the distributor that day, whatever was ordered."""
        return [scheme for scheme in self.schemes if scheme.concerns(facts)]
