"""What the engine answers."""

from dataclasses import dataclass

from .scheme import Scheme, Slab
from .values import maker

#: why a scheme gave nothing, in the order in which the conditions are looked at
REASONS = (
    "no_product", "exclusive", "min_distinct", "must_have", "threshold", "no_value",
    "max_per_order", "max_per_distributor", "budget", "group",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Near:
    """What is missing to the next slab or repetition, on the scheme's basis: own units of the product, or order currency units."""

    product: int | None
    base: float
    target: float
    missing: float
    slab: Slab


make_near = maker(Near)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one product, or a basket (``product`` None), earned by one slab.

    ``benefit`` is what is given, free goods at full price; ``lines`` says what is taken off each line (key, amount) and is
    empty for free goods; ``earners`` are the keys of the lines that earned it; ``cap`` names the cap that cut it, if any.
    """

    scheme: Scheme
    slab: Slab
    product: int | None
    base_qty: float
    base_amount: int
    benefit: int
    lines: tuple[tuple[int, int], ...]
    earners: tuple[int, ...]
    free_product: int | None = None
    free_qty: float = 0.0
    times: int = 1
    cap: str = ""
    near: Near | None = None


make_grant = maker(Grant)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scheme: ``applied`` with grants, ``near`` or ``not`` with the first reason that failed.

    An applied scheme that a cap cut has the cap's name as reason; ``unsellable`` is a free product earned that cannot be given.
    """

    scheme: Scheme
    status: str
    reason: str = ""
    near: Near | None = None
    grants: tuple[Grant, ...] = ()
    unsellable: int | None = None

    @property
    def benefit(self) -> int:
        return sum(grant.benefit for grant in self.grants)


make_outcome = maker(Outcome)


@dataclass(frozen=True, slots=True)
class Result:
    """``outcomes`` of the schemes that cover a product of the order, in turn; ``reductions`` per line key by on-invoice schemes."""

    outcomes: tuple[Outcome, ...]
    reductions: dict[int, int]

    @property
    def grants(self) -> tuple[Grant, ...]:
        return tuple(grant for outcome in self.outcomes for grant in outcome.grants)

    @property
    def nears(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == "near")
