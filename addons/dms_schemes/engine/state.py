"""An order while schemes take their turns: running net values, and products closed by an exclusive scheme."""

from dataclasses import dataclass
from math import fsum

from .facts import Facts, Line
from .result import Outcome


class Goods:
    """The qualifying lines of one product, in the order's order: what qualifies by itself in scope ``product``.

    ``net`` is the order's own: what can still be taken off each line by its key, never below zero. ``amount`` is the running
    net of all lines; one of negative value counts in it, and no benefit touches that line. Both are in units of the order's
    rounding, ``quantity`` in the product's own unit.
    """

    __slots__ = ("amount", "is_open", "keys", "lines", "net", "path", "product", "quantity")

    def __init__(self, line: Line, net: dict[int, int]):
        self.product = line.product
        self.path = line.path
        self.lines = [line]
        self.keys = (line.key,)
        self.quantity = line.quantity
        self.amount = line.value
        self.net = net
        self.is_open = True

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.keys += (line.key,)
        self.quantity = fsum([line.quantity for line in self.lines])
        self.amount += line.value

    @property
    def nets(self) -> list[int]:
        net = self.net
        return [net[key] for key in self.keys]


@dataclass(slots=True)
class Basket:
    """What qualifies together, with the properties of ``Goods``: the lines of several products as a scheme's turn comes."""

    lines: list[Line]
    keys: tuple[int, ...]
    nets: list[int]
    quantity: float
    amount: int
    product: None = None


class State:
    """``lines`` that qualify in the order's order, ``goods`` by product, ``net`` by line key."""

    def __init__(self, facts: Facts):
        self.facts = facts
        self.lines = sorted([line for line in facts.lines if line.qualifies and line.quantity > 0], key=_place)
        self.net = {line.key: max(line.value, 0) for line in self.lines}
        self.goods = {}
        self.by_key = {}
        self.has_closed = False
        for line in self.lines:
            goods = self.goods.get(line.product)
            if goods:
                goods.add(line)
            else:
                goods = self.goods[line.product] = Goods(line, self.net)
            self.by_key[line.key] = goods

    def basket_of(self, covered: list[Goods]) -> Basket:
        lines = self.lines
        if len(covered) < len(self.goods):
            products = {goods.product for goods in covered}
            lines = [line for line in lines if line.product in products]
        net = self.net
        keys = tuple([line.key for line in lines])
        quantity, amount = fsum([line.quantity for line in lines]), sum([goods.amount for goods in covered])
        return Basket(lines, keys, [net[key] for key in keys], quantity, amount)

    def is_open(self, product: int) -> bool:
        """Whether a product is in the order and no exclusive scheme has closed it."""
        goods = self.goods.get(product)
        return bool(goods) and goods.is_open

    def take(self, outcome: Outcome) -> None:
        """Let an outcome have its effect on what comes later."""
        by_key, net = self.by_key, self.net
        if outcome.scheme.timing == "on_invoice":
            for grant in outcome.grants:
                for key, amount in grant.lines:
                    net[key] -= amount
                    by_key[key].amount -= amount
        if outcome.scheme.stacking == "exclusive":
            self.has_closed = True
            for grant in outcome.grants:
                for key in grant.earners:
                    by_key[key].is_open = False

    def reductions(self) -> dict[int, int]:
        """What on-invoice schemes took off each line, by its key; lines left alone are not named."""
        net = self.net
        return {line.key: taken for line in self.lines if (taken := max(line.value, 0) - net[line.key])}


def _place(line):
    return line.rank, line.key
