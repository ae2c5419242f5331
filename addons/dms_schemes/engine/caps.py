"""Caps of a scheme: per order, per distributor, budget. At the edge of the tightest a grant is partial."""

from dataclasses import dataclass, replace

from .facts import UNUSED, Facts
from .money import half_up, split, whole
from .result import Grant
from .scheme import Scheme
from .state import State


@dataclass(slots=True)
class Rest:
    """What is left of the tightest cap, and its name.

    A cap is a company amount: it binds as what it is in the order's currency, and as what the ledger counts of it.
    """

    facts: Facts
    company_units: int
    name: str
    units: int = 0

    def __post_init__(self):
        self.units = self.facts.most_within(self.company_units)

    def covers(self, benefits: list[int]) -> bool:
        """Whether benefits, each an entry of the ledger, are within what is left."""
        if sum(benefits) > self.units:
            return False
        return sum([self.facts.in_company_units(benefit) for benefit in benefits]) <= self.company_units

    def less(self, benefit: int) -> "Rest":
        """What is left after a benefit."""
        rest = Rest(self.facts, self.company_units - self.facts.in_company_units(benefit), self.name)
        rest.units = min(rest.units, self.units - benefit)
        return rest


def tightest(scheme: Scheme, facts: Facts) -> Rest | None:
    """What is left of the tightest cap; of equal ones order before distributor before budget. None without caps."""
    used = facts.used.get(scheme.code, UNUSED)
    limits = (
        ("max_per_order", scheme.max_per_order, 0.0),
        ("max_per_distributor", scheme.max_per_distributor, used.distributor),
        ("budget", scheme.budget, used.total),
    )
    left = [(_units(limit - taken, facts), name) for name, limit, taken in limits if limit]
    return Rest(facts, *min(left, key=lambda rest: rest[0])) if left else None


def _units(amount, facts):
    return max(half_up(amount / facts.company_rounding), 0)


def cut(scheme: Scheme, state: State, grants: list[Grant]) -> tuple[list[Grant], str]:
    """Grants within the caps, and the name of the cap that cut them (empty when none did)."""
    rest = tightest(scheme, state.facts)
    if not rest or rest.covers([grant.benefit for grant in grants]):
        return grants, ""
    if any(grant.free_product for grant in grants):
        return _cut_goods(state.facts, grants, rest), rest.name
    return _cut_money(scheme, state, grants, rest), rest.name


def _cut_money(scheme, state, grants, rest):
    """Split what is left over the lines: of a basket on net value, else on what they would have got."""
    weights = [(key, state.net[key]) for key in grants[0].earners] if scheme.scope == "basket" else _uncut(state, grants)
    total = min(rest.units, sum([grant.benefit for grant in grants]))
    while True:
        parts = split(total, [weight for _key, weight in weights])
        taken = dict(zip([key for key, _weight in weights], parts, strict=True))
        benefits = [sum([taken[key] for key in grant.earners if key in taken]) for grant in grants]
        if rest.covers(benefits):
            break
        total -= 1
    return [_with_lines(grant, taken, benefit, rest) for grant, benefit in zip(grants, benefits, strict=True) if benefit]


def _uncut(state, grants):
    """(key, amount) of all lines in the order's order, which decides between equal remainders."""
    uncut = {key: amount for grant in grants for key, amount in grant.lines}
    return [(line.key, uncut[line.key]) for line in state.lines if line.key in uncut]


def _with_lines(grant, taken, benefit, rest):
    lines = tuple([(key, taken[key]) for key in grant.earners if taken.get(key)])
    return replace(grant, lines=lines, benefit=benefit, cap=rest.name)


def _cut_goods(facts, grants, rest):
    """Whole steps in line order, as many of each as the rest pays for; what does not fit is passed over."""
    result = []
    for grant in grants:
        grant = _within(facts, grant, rest)
        if grant:
            rest = rest.less(grant.benefit)
            result.append(grant)
    return result


def _within(facts, grant, rest):
    """The grant with as many steps as the rest pays for, None when that is not one."""
    if rest.covers([grant.benefit]):
        return grant
    goods = facts.free(grant.free_product)
    full = whole(grant.free_qty / goods.step)
    steps = _affordable(goods, full, grant.benefit, rest)
    while steps + 1 < full and (value := goods.value(goods.quantity(steps + 1))) and rest.covers([value]):
        steps += 1
    value = goods.value(goods.quantity(steps)) if steps else 0
    return replace(grant, free_qty=goods.quantity(steps), benefit=value, cap=rest.name) if value > 0 else None


def _affordable(goods, steps, value, rest):
    """A number of steps within the rest: in proportion to the value, again and again where fewer cost more each."""
    while steps and not rest.covers([value]):
        steps = min(whole(steps * rest.units / value), steps - 1)
        value = goods.value(goods.quantity(steps)) if steps else 0
    return steps
