"""How much of an invoiced amount goes back with so much of the goods. Amounts are whole units of a currency's rounding."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

#: what a binary fraction may miss of the decimal quantity that was meant
TINY = 1e-9


@dataclass(slots=True)
class Source:
    """So much of one order line on one line of an invoice, and what of it was credited before.

    ``document`` is the invoice; quantities are in the order line's unit. ``credited`` came back, for the money ``given``; goods
    ``claimed`` were paid for without coming back. Money is anything that can be added and has a ``part``, None where there is none.
    """

    key: Hashable
    document: Hashable
    quantity: float
    credited: float = 0.0
    claimed: float = 0.0
    given: Any = None

    @property
    def room(self) -> float:
        return max(self.quantity - self.credited - self.claimed, 0.0)

    def credit(self, quantity: float, money: Any) -> None:
        self.credited += quantity
        self.given = money if self.given is None else self.given + money


def rounded(amount: int, quantity: float, whole: float) -> int:
    """The share of an amount that belongs to ``quantity`` of ``whole``, half away from zero; all of it with everything.

    >>> [rounded(100, quantity, 3.0) for quantity in (0.0, 1.0, 2.0, 3.0)]
    [0, 33, 67, 100]
    >>> rounded(-101, 1.0, 2.0)
    -51
    """
    if quantity >= whole - TINY:
        return amount
    if quantity <= 0:
        return 0
    size = floor(abs(amount) * quantity / whole + 0.5 + TINY)
    return size if amount >= 0 else -size


def part(amount: int, whole: float, before: float, more: float) -> int:
    """What goes back of an amount when ``more`` is added to the ``before`` that has come back already.

    Parts sum to the amount, whatever their number, size and order.

    >>> [part(100, 3.0, before, 1.0) for before in (0.0, 1.0, 2.0)]
    [33, 34, 33]
    """
    return rounded(amount, before + more, whole) - rounded(amount, before, whole)


def spread(quantity: float, rooms: Iterable[float]) -> list[float]:
    """What of a quantity falls on each of several places, the first ones filled first; what finds no place falls on none.

    >>> spread(5.0, [2.0, 0.0, 4.0])
    [2.0, 0.0, 3.0]
    """
    taken = []
    for room in rooms:
        taken.append(min(room, quantity) if quantity > TINY else 0.0)
        quantity -= taken[-1]
    return taken


def attribute(sources: Sequence[Source], credits: Iterable[tuple[Hashable | None, float, Any]]) -> None:
    """Count what was credited before on the invoice lines it belongs to.

    A credit that names its invoice counts there, as far as there is room; any other, and the rest, on the oldest. Its money goes
    with its quantity.

    :param sources: of one order line, oldest first; what they were credited is raised
    :param credits: (invoice or None, quantity, money), both negative for a credit note that was taken back
    """
    by_document: dict[Hashable | None, tuple[float, Any]] = {}
    for document, quantity, money in credits:
        _add(by_document, document, quantity, money)
    named = {document: credit for document, credit in by_document.items() if document is not None}
    for document, (quantity, money) in named.items():
        found = _fill([source for source in sources if source.document == document], quantity, money)
        if abs(quantity - found) > TINY:
            _add(by_document, None, quantity - found, money.part(quantity, found, quantity - found))
    if None in by_document:
        _fill(sources, *by_document[None])


def _add(by_document, document, quantity, money):
    before = by_document.get(document)
    by_document[document] = (before[0] + quantity, before[1] + money) if before else (quantity, money)


def _fill(sources, quantity, money):
    """Credit a quantity and its money, oldest first; what found room."""
    found = 0.0
    for source, more in zip(sources, spread(quantity, [source.room for source in sources]), strict=True):
        if more > TINY:
            source.credit(more, money.part(quantity, found, more))
            found += more
    return found


def paid_for(amount: int, worth: int, quantity: float, step: float) -> float:
    """How much of the goods an amount pays for as a whole: in whole steps, where an amount rounded down still pays for its goods.

    :param worth: what ``quantity`` came to

    >>> [paid_for(amount, 10001, 3.0, 1.0) for amount in (3333, 3334, 6000, 10001)]
    [1.0, 1.0, 1.0, 3.0]
    """
    if worth <= 0 or amount <= 0:
        return 0.0
    return min(round(floor((amount + 1) * quantity / worth / step + TINY) * step, 9), quantity)


def absorbed(accepted: float, delivered: float, invoiced: float) -> float:
    """What of accepted goods was not invoiced yet, so that nothing is credited for it.

    :param delivered: what is delivered without the goods accepted now
    :param invoiced: what is invoiced less what was credited

    >>> absorbed(3.0, 7.0, 10.0), absorbed(3.0, 7.0, 6.0), absorbed(3.0, 7.0, 9.0)
    (0.0, 3.0, 1.0)
    """
    return min(max(delivered + accepted - invoiced, 0.0), accepted)


def owed_free(free: float, sold: float, returned: float, step: float) -> float:
    """Free goods that have to come back, or are charged, for so much returned of what earned them.

    In proportion, in whole steps, rounded down; all of them once everything is returned. Quantities are cumulative.

    >>> [owed_free(3.0, 10.0, returned, 1.0) for returned in (0.0, 3.0, 4.0, 9.0, 10.0)]
    [0.0, 0.0, 1.0, 2.0, 3.0]
    """
    if returned >= sold - TINY:
        return free if sold > TINY else 0.0
    if returned <= 0:
        return 0.0
    return min(round(floor(free * returned / sold / step + TINY) * step, 9), free)


def fit(wanted: int, untaxed: int, total: int, tax_of: Callable[[int], int]) -> int:
    """How much can be taken off a document without its untaxed amount or its total going below zero; the rest is carried.

    :param wanted: untaxed; what is negative is given back and fits always
    :param untaxed: of the document so far
    :param total: of the document so far
    :param tax_of: the tax that goes with an untaxed amount

    >>> fit(90, 100, 120, lambda amount: amount // 5), fit(90, 50, 60, lambda amount: amount // 5)
    (90, 50)
    """
    if wanted <= 0:
        return wanted
    taken = max(min(wanted, untaxed), 0)
    while taken and (over := taken + tax_of(taken) - total) > 0:
        taken = max(taken - max(over // 2, 1), 0)
    return taken


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of ``total`` in proportion to ``weights`` that sum to it; what rounding leaves goes to the greatest weight.

    >>> split(-10, [1, 2]), split(10, [0, 0])
    ([-3, -7], [10, 0])
    """
    whole = sum(weights)
    parts = [
        rounded(total, weight, whole) if whole and weight < whole else (total if whole and weight == whole else 0) for weight in weights
    ]
    if weights:
        greatest = max(range(len(weights)), key=lambda place: weights[place])
        parts[greatest] += total - sum(parts)
    return parts
