"""One pass over the schemes that concern an order."""

from .benefit import Base, near_to, offer, reached_slab
from .caps import cut
from .facts import Facts
from .result import Grant, Outcome, Result
from .scheme import Book, Scheme


class _State:
    """The order while schemes take their turns: running net values, and lines closed by an exclusive scheme."""

    def __init__(self, facts):
        self.facts = facts
        lines = sorted((line for line in facts.lines if line.qualifies and line.quantity > 0), key=lambda line: line.rank)
        self.net = {line.key: line.value for line in lines}
        self.closed = set()
        self.by_product = {}
        for line in lines:
            self.by_product.setdefault(line.product, []).append(line)
        self.paths = {product: lines[0].path for product, lines in self.by_product.items()}

    def open_lines(self, product):
        return [line for line in self.by_product.get(product, ()) if line.key not in self.closed]

    def take(self, outcome):
        """Let an outcome have its effect on what comes later."""
        scheme = outcome.scheme
        for grant in outcome.grants:
            if scheme.timing == "on_invoice":
                for key, amount in grant.lines:
                    self.net[key] -= amount
            if scheme.stacking == "exclusive":
                self.closed.update(grant.earners)


def evaluate(book: Book, facts: Facts) -> Result:
    """What the schemes of ``book`` give for the order of ``facts``."""
    state = _State(facts)
    outcomes = []
    for turn in book.turns(facts, state.paths):
        candidates = [_examine(scheme, products, state) for scheme, products in turn]
        winner = _choose(candidates)
        if winner:
            state.take(winner)
        outcomes += [outcome if outcome is winner or not outcome.grants else _lost(outcome) for outcome in candidates]
    return Result(tuple(outcomes), _reductions(outcomes))


def explain(book: Book, facts: Facts, result: Result | None = None) -> list[Outcome]:
    """What became of every on-invoice scheme in force for the distributor that day, in turn.

    :param result: of :func:`evaluate` for the same book and facts, when it is at hand
    """
    known = {outcome.scheme.id: outcome for outcome in (result or evaluate(book, facts)).outcomes}
    in_force = [scheme for scheme in book.concerning(facts) if scheme.timing == "on_invoice"]
    return [known.get(scheme.id) or Outcome(scheme, "not", "no_product") for scheme in in_force]


def _choose(outcomes):
    """The outcome that is worth most to the distributor; of equal ones the first in turn. None when nothing is given."""
    return max((outcome for outcome in outcomes if outcome.grants), key=lambda outcome: outcome.benefit, default=None)


def _lost(outcome):
    return Outcome(outcome.scheme, "not", "group")


def _reductions(outcomes):
    reductions = {}
    for outcome in outcomes:
        if outcome.scheme.timing == "on_invoice":
            for grant in outcome.grants:
                for key, amount in grant.lines:
                    reductions[key] = reductions.get(key, 0) + amount
    return reductions


def _examine(scheme: Scheme, products: list[int], state: _State) -> Outcome:
    """What one scheme would give as its turn comes, or the first condition that fails."""
    open_lines = {product: lines for product in products if (lines := state.open_lines(product))}
    if not open_lines:
        return Outcome(scheme, "not", "exclusive")
    if scheme.scope == "basket" and len(open_lines) < scheme.min_distinct:
        return Outcome(scheme, "not", "min_distinct")
    if not all(state.open_lines(product) for product in scheme.must_have):
        return Outcome(scheme, "not", "must_have")
    return _award(scheme, _bases(scheme, open_lines, state), state.facts)


def _bases(scheme, open_lines, state):
    """What qualifies by itself: every product, or all of them together."""
    if scheme.scope == "product":
        return [Base.of(product, lines, state.net) for product, lines in open_lines.items()]
    lines = sorted((line for lines in open_lines.values() for line in lines), key=lambda line: line.rank)
    return [Base.of(None, lines, state.net)]


def _award(scheme, bases, facts):
    reached = [(base, slab) for base in bases if (slab := reached_slab(scheme, facts, base))]
    offers = [offer(scheme, facts, base, slab) for base, slab in reached]
    worth = [made for made in offers if made.benefit]
    if not worth:
        return _nothing(scheme, facts, bases, offers)
    granted, cap = cut(scheme, facts, worth)
    if not granted:
        return Outcome(scheme, "not", cap)
    return Outcome(scheme, "applied", cap, None, tuple(_grant(scheme, facts, made) for made in granted))


def _nothing(scheme, facts, bases, offers):
    """Why nothing is given although products qualify: too little of them, or a benefit that is worth nothing here."""
    short = {made.base.product for made in offers if made.times}
    nears = [near for base in bases if base.product not in short and (near := near_to(scheme, facts, base, _slab(base, offers)))]
    if nears:
        return Outcome(scheme, "near", "threshold", min(nears, key=lambda near: near.missing / near.target))
    if not short:
        return Outcome(scheme, "not", "threshold")
    return Outcome(scheme, "not", "no_value", unsellable=_unsellable(facts, offers))


def _slab(base, offers):
    return next((made.slab for made in offers if made.base is base), None)


def _unsellable(facts, offers):
    """The free product that cannot be given, if that is why."""
    wanted = [made.slab.free_product or made.base.product for made in offers if made.slab.benefit == "free_product"]
    return next((product for product in wanted if not facts.free(product)), None)


def _grant(scheme, facts, made):
    base = made.base
    keys = tuple(line.key for line in base.lines)
    return Grant(
        scheme=scheme,
        slab=made.slab,
        product=base.product,
        base_qty=base.quantity,
        base_amount=base.amount,
        benefit=made.benefit,
        lines=tuple((key, amount) for key, amount in zip(keys, made.amounts, strict=False) if amount),
        earners=keys,
        free_product=made.free_product,
        free_qty=made.free_qty,
        times=made.times,
        cap=made.cap,
        near=near_to(scheme, facts, base, made.slab),
    )
