"""Products named one by one or by category, and who an assortment binds, as plain values.

Paths are those of Odoo's ``_parent_store``: ``"1/4/7/"`` lies within 1, 4 and 7.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


def within(path: str | None, nodes: frozenset[int]) -> bool:
    """Whether the node of ``path`` is one of ``nodes`` or lies below one.

    >>> within("1/4/7/", frozenset({4}))
    True
    """
    return bool(nodes) and bool(path) and any(int(node) in nodes for node in path.split("/") if node)


@dataclass(frozen=True, slots=True)
class Scope:
    """The union of a list of products and a list of categories with all below them."""

    products: frozenset[int]
    categories: frozenset[int]

    def covers(self, product: int, category_path: str | None) -> bool:
        return product in self.products or within(category_path, self.categories)


@dataclass(frozen=True, slots=True)
class Assortment:
    """What some distributors may order, and when. Empty lists of distributors, classes and territories mean everybody."""

    scope: Scope
    company: int | None
    date_from: date | None
    date_to: date | None
    distributors: frozenset[int]
    classes: frozenset[int]
    territories: frozenset[int]

    def in_force(self, company: int, day: date) -> bool:
        if self.company not in (None, company):
            return False
        return (not self.date_from or self.date_from <= day) and (not self.date_to or day <= self.date_to)

    def binds(self, distributor: int, distributor_class: int, territory_path: str | None) -> bool:
        if not (self.distributors or self.classes or self.territories):
            return True
        return distributor in self.distributors or distributor_class in self.classes or within(territory_path, self.territories)


def covered(scopes: Iterable[Scope], product: int, category_path: str | None) -> bool:
    """Whether any of the scopes covers the product."""
    return any(scope.covers(product, category_path) for scope in scopes)
