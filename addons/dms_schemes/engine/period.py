"""What a period scheme (a rebate) is worth on what a distributor bought over its dates.

Everything is company currency, untaxed, in whole units of its rounding; quantities are own units of the products.
"""

from dataclasses import dataclass, replace
from math import ceil

from .benefit import Terms
from .caps import tightest
from .facts import UNUSED, Facts, Line, Used
from .money import split, whole
from .scheme import Scheme, Slab
from .state import Basket


@dataclass(frozen=True, slots=True)
class PeriodBase:
    """Posted invoices less credit notes inside the period, and the amount it is compared with (``growth`` only)."""

    quantity: float
    amount: int
    baseline: int = 0

    def measure(self, basis: str) -> float:
        """The base on a scheme's basis: own units, units of the currency's rounding, or percent of growth.

        Growth is (amount - baseline) / baseline x 100. Who bought nothing in the baseline has nothing to grow from and
        shows no growth: without a positive baseline it is 0.
        """
        if basis == "growth":
            return (self.amount - self.baseline) / self.baseline * 100 if self.baseline > 0 else 0.0
        return self.amount if basis == "amount" else self.quantity

    def at(self, basis: str, target: float) -> "PeriodBase":
        """The base when its measure comes to ``target``, with the mix of products and prices it has now."""
        amount = ceil(self.baseline * (1 + target / 100) - 1e-9) if basis == "growth" else target
        factor = target / self.quantity if basis == "quantity" else amount / self.amount
        if basis == "quantity":
            return PeriodBase(target, whole(self.amount * factor), self.baseline)
        return PeriodBase(self.quantity * factor, int(amount), self.baseline)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is missing to the next slab or repetition, on the scheme's basis, and what the period would then be worth.

    ``missing_amount`` is the missing turnover, in units of the currency's rounding (None on ``quantity``).
    """

    slab: Slab
    target: float
    missing: float
    missing_amount: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Entitlement:
    """``amount`` to date in units of the company's rounding, by the slab reached; ``cap`` names the cap that cut it."""

    amount: int
    measure: float
    slab: Slab | None = None
    times: int = 0
    cap: str = ""
    next: NextStep | None = None


def entitlement(scheme: Scheme, base: PeriodBase, used: Used = UNUSED, rounding: float = 0.01) -> Entitlement:
    """What a distributor is entitled to so far, the whole period as one basket.

    Rules of slabs, bands, repetitions and rounding are those of orders. Nothing is given on a base or turnover of zero or
    less, and never more than the turnover. Free goods are no rebate: they are worth 0 here. The cap per order has no say.

    :param used: what the budget lost to others, and ``distributor`` to other periods or versions of the code for this one
    :param rounding: of the company's currency
    """
    facts = Facts((), scheme.date_to, 0, rounding=rounding, company_rounding=rounding, used={scheme.code: used})
    terms = Terms(scheme, facts)
    measure = base.measure(scheme.basis)
    place = terms.reached(measure)
    slab = terms.slabs[place] if place >= 0 else None
    times = terms.times(slab, measure) if slab else 0
    amount, cap = _capped(scheme, facts, _worth(terms, base, slab, measure, times))
    return Entitlement(amount, measure, slab, times, cap, _next_step(terms, base, measure, place, used))


def document_parts(amount: int, nets: list[int]) -> list[int]:
    """Parts of an entitlement on its documents' lines by largest remainder; credit notes (negative) take theirs back.

    The parts sum to the amount exactly; without turnover nothing can be split and all are 0.

    >>> document_parts(90, [1000, 500, -600])
    [100, 50, -60]
    """
    return split(amount, nets) if sum(nets) > 0 else [0] * len(nets)


def _worth(terms, base, slab, measure, times):
    """What the slab reached is worth before caps."""
    if not times or base.amount <= 0 or slab.benefit == "free_product":
        return 0
    line = Line(0, 0, 0, frozenset(), base.quantity, base.amount)
    basket = Basket([line], (0,), [base.amount], base.quantity, base.amount)
    return max(sum(terms.amounts(basket, slab, measure, times)), 0)


def _capped(scheme, facts, amount):
    """The amount within budget and the distributor's cap, and the cap that cut it."""
    rest = tightest(replace(scheme, max_per_order=0.0), facts)
    return (rest.company_units, rest.name) if rest and rest.company_units < amount else (amount, "")


def _next_step(terms, base, measure, place, used):
    """None at the end, and where there is nothing to measure the way by."""
    near = terms.near(None, measure, place) if base.amount > 0 and measure > 0 else None
    if not near:
        return None
    scheme, facts = terms.scheme, terms.facts
    then = base.at(scheme.basis, near.target)
    reached = terms.reached(near.target)
    slab = terms.slabs[reached]
    worth = _worth(terms, then, slab, near.target, terms.times(slab, near.target))
    missing = None if scheme.basis == "quantity" else then.amount - base.amount
    return NextStep(near.slab, near.target, near.missing, missing, _capped(scheme, facts, worth)[0])
