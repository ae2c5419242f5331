"""What the linter knows of products and distributors, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .scheme import Scheme


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a scheme: its id, a ``code``, a ``severity`` (``refuse``, ``warn``, ``note``), slabs and figures.

    Figures are product, scheme and unit ids, quantities in own units, and amounts in company currency, untaxed.
    """

    scheme: int
    code: str
    severity: str
    slabs: tuple[int, ...] = ()
    figures: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known by product id: ``prices`` and ``costs`` per own unit, untaxed, in company currency; ``units``; ``paths``,
    the category and all above. A product is known when it has a path, price or unit.

    ``territories`` holds each territory with all above it; ``distributors`` counts, by scheme id, those who meet its
    conditions; ``rounding`` is that of the company's currency.
    """

    prices: Mapping[int, float] = field(default_factory=dict)
    costs: Mapping[int, float] = field(default_factory=dict)
    units: Mapping[int, int] = field(default_factory=dict)
    paths: Mapping[int, frozenset[int]] = field(default_factory=dict)
    territories: Mapping[int, frozenset[int]] = field(default_factory=dict)
    distributors: Mapping[int, int] = field(default_factory=dict)
    rounding: float = 0.01

    @property
    def products(self) -> frozenset[int]:
        return frozenset(self.prices) | frozenset(self.paths) | frozenset(self.units)

    def covered(self, scheme: Scheme) -> frozenset[int]:
        """Known products a scheme covers: those it lists and those of its categories; without a list all."""
        if not scheme.products and not scheme.categories:
            return self.products
        by_category = {product for product, path in self.paths.items() if not path.isdisjoint(scheme.categories)}
        return (scheme.products | by_category) & self.products

    def path(self, territory: int) -> frozenset[int]:
        return self.territories.get(territory, frozenset()) | {territory}


def common_days(scheme: Scheme, other: Scheme, catalogue: Catalogue) -> dict | None:
    """``date_from`` and ``date_to`` (None is open) on which one distributor can meet two schemes of different codes.

    None when there is no such day or distributor. Distributors are compared list by list.
    """
    if scheme.code == other.code or not _may_share_distributors(scheme, other, catalogue):
        return None
    first = max((each.date_from for each in (scheme, other) if each.date_from), default=None)
    last = min((each.date_to for each in (scheme, other) if each.date_to), default=None)
    return None if first and last and last < first else {"date_from": first, "date_to": last}


def overlap_of(scheme: Scheme, other: Scheme, catalogue: Catalogue) -> dict | None:
    """Common days of two schemes and ``products``, the sorted known ones that both cover; None when they never meet."""
    days = common_days(scheme, other, catalogue)
    products = _shared_products(scheme, other, catalogue) if days else None
    return None if products is None else {"products": products, **days}


def _may_share_distributors(scheme, other, catalogue):
    plain = all(
        not mine or not theirs or not mine.isdisjoint(theirs)
        for mine, theirs in ((scheme.distributors, other.distributors), (scheme.classes, other.classes))
    )
    mine, theirs = scheme.territories, other.territories
    if not plain or not mine or not theirs:
        return plain
    return any(a in catalogue.path(b) or b in catalogue.path(a) for a in mine for b in theirs)


def _shared_products(scheme, other, catalogue):
    """Sorted known products of both, None when there are none; without a catalogue what the lists say."""
    if catalogue.products:
        return sorted(catalogue.covered(scheme) & catalogue.covered(other)) or None
    mine, theirs = ((each.products, each.categories) for each in (scheme, other))
    if not any(mine) or not any(theirs):
        return sorted(scheme.products or other.products)
    return sorted(scheme.products & other.products) or ([] if scheme.categories & other.categories else None)
