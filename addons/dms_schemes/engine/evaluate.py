"""One pass over the schemes that concern an order."""

from .benefit import Terms
from .caps import cut
from .facts import Facts
from .result import Outcome, Result, make_outcome
from .scheme import FREE_GOODS, Book, Scheme
from .state import Goods, State


def evaluate(book: Book, facts: Facts) -> Result:
    """What the schemes of ``book`` give for the order of ``facts``."""
    state = State(facts)
    outcomes = []
    for turn in book.turns(facts, state.goods):
        for outcome in _contest(turn, state) if len(turn) > 1 else [_examine(*turn[0], state)]:
            if outcome.grants:
                state.take(outcome)
            outcomes.append(outcome)
    return Result(tuple(outcomes), state.reductions())


def explain(book: Book, facts: Facts, result: Result | None = None) -> list[Outcome]:
    """What became of every on-invoice scheme in force for the distributor that day, in turn.

    :param result: of :func:`evaluate` for the same book and facts, when it is at hand
    """
    known = {outcome.scheme.id: outcome for outcome in (result or evaluate(book, facts)).outcomes}
    in_force = [scheme for scheme in book.concerning(facts) if scheme.timing == "on_invoice"]
    return [known.get(scheme.id) or Outcome(scheme, "not", "no_product") for scheme in in_force]


def _contest(members, state):
    """Outcomes of a group, decided on one running net: only what is worth most to the distributor; of equal ones the first."""
    outcomes = [_examine(scheme, covered, state) for scheme, covered in members]
    winner = max((outcome for outcome in outcomes if outcome.grants), key=lambda outcome: outcome.benefit, default=None)
    return [outcome if outcome is winner or not outcome.grants else Outcome(outcome.scheme, "not", "group") for outcome in outcomes]


def _examine(scheme: Scheme, covered: list[Goods], state: State) -> Outcome:
    """What one scheme would give as its turn comes, or the first condition that fails."""
    if state.has_closed:
        covered = [goods for goods in covered if goods.is_open]
        if not covered:
            return Outcome(scheme, "not", "exclusive")
    if scheme.scope == "basket" and len(covered) < scheme.min_distinct:
        return Outcome(scheme, "not", "min_distinct")
    if scheme.must_have and not all(state.is_open(product) for product in scheme.must_have):
        return Outcome(scheme, "not", "must_have")
    return _award(scheme, covered, state)


def _award(scheme, covered, state):
    """What every product, or all of them together, gets within the caps."""
    terms = Terms(scheme, state.facts)
    bases = [state.basket_of(covered)] if scheme.scope == "basket" else covered
    grants = terms.grants(bases)
    if not grants:
        return _nothing(terms, bases)
    cap = ""
    if scheme.has_caps:
        grants, cap = cut(scheme, state, grants)
        if not grants:
            return Outcome(scheme, "not", cap)
    unsellable = terms.unsellable(bases) if scheme.phase == FREE_GOODS else None
    return make_outcome(scheme, "applied", cap, None, tuple(grants), unsellable)


def _nothing(terms, bases):
    """Why nothing is given although products qualify: too little of them, or a benefit that is worth nothing here."""
    short, is_worthless = [], False
    for base in bases:
        measure = terms.measure(base)
        place = terms.reached(measure)
        if place >= 0 and terms.times(terms.slabs[place], measure):
            is_worthless = True
        elif near := terms.near(base.product, measure, place):
            short.append(near)
    if short:
        return Outcome(terms.scheme, "near", "threshold", min(short, key=lambda near: near.missing / near.target))
    if is_worthless:
        return Outcome(terms.scheme, "not", "no_value", unsellable=terms.unsellable(bases))
    return Outcome(terms.scheme, "not", "threshold")
