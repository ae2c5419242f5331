"""Random orders and schemes for the properties of the engine: few values, so that edges and ties are met often.

A line or scheme grows from one number that hypothesis draws, which is many times faster than drawing every value, and a failing
example still shrinks to few lines and schemes.
"""

from datetime import date
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from odoo.addons.dms_schemes.engine import Facts, FreeGoods, Line, Scheme, Slab, Used

from .engine_cases import DAY

# The same examples in every run, nothing written beside the code.
PROPERTY = settings(max_examples=100, deadline=None, derandomize=True, database=None)

PRODUCTS = (1, 2, 3, 4)
PATHS = {1: frozenset({10, 11}), 2: frozenset({10, 12}), 3: frozenset({10, 11}), 4: frozenset({20})}
CODES = ("A", "B", "C", "D", "E", "F")
QUANTITIES = (1.0, 1.0, 2.0, 3.0, 5.0, 10.0, 12.0, 24.0, 0.5, 2.5, 0.1, 0.3, 0.0, -1.0)
NUMBERS = (0.0, 1.0, 2.0, 3.0, 5.0, 0.3, 10.0, 12.5, 20.0, 50.0, 100.0)
VALUES = {
    "percent": (0.0, 2.5, 5.0, 10.0, 33.3, 50.0, 100.0),
    "unit_amount": (0.005, 0.01, 0.25, 1.0, 3.333),
    "lump_amount": (0.01, 0.5, 1.0, 3.33, 20.0, 250.0),
    "net_price": (0.0, 0.015, 0.5, 2.0, 9.99),
    "free_product": (0.0,),
}
LIMITS = (0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.5, 3.0, 7.77, 25.0, 300.0)
CURRENCIES = ((1.0, 0.01), (1.25, 0.01), (3.0, 0.01), (0.8, 0.01), (1.2345, 0.01), (150.0, 1.0), (1.0, 0.05))
MARGINAL = ("percent", "unit_amount", "net_price")


SEEDS = st.integers(0, 2**32)


def some(chance, values, most=2):
    return frozenset(chance.sample(values, chance.randint(0, most)))


def make_slabs(chance, mode, scope):
    """Slabs of one phase, valid for a mode and scope, with distinct thresholds."""
    benefit = chance.choice(MARGINAL if mode == "marginal" else tuple(VALUES))
    return tuple(make_slab(chance, benefit, threshold, scope) for threshold in chance.sample(NUMBERS, chance.randint(1, 3)))


def make_slab(chance, benefit, threshold, scope):
    values = {"threshold": threshold, "benefit": benefit, "value": chance.choice(VALUES[benefit])}
    if benefit not in MARGINAL:
        values |= {"repeat_every": chance.choice((0.0, 0.1, 1.0, 3.0, 10.0)), "max_times": chance.choice((0, 0, 1, 4))}
    if benefit == "free_product":
        values["free_product"] = chance.choice(PRODUCTS if scope == "basket" else (None, *PRODUCTS))
        values["free_qty"] = chance.choice((1.0, 2.0, 0.5, 0.25))
    return Slab(id=int(threshold * 10), **values)


def make_scheme(code, seed):
    """A valid scheme."""
    chance = Random(seed)
    mode, scope = chance.choice(("whole", "whole", "marginal")), chance.choice(("product", "basket"))
    return Scheme(
        id=ord(code),
        code=code,
        slabs=make_slabs(chance, mode, scope),
        sequence=chance.choice((1, 2)),
        basis=chance.choice(("quantity", "amount")),
        scope=scope,
        mode=mode,
        timing=chance.choice(("on_invoice", "on_invoice", "on_invoice", "off_invoice")),
        stacking=chance.choice(("stack", "stack", "best_of_group", "best_of_group", "exclusive")),
        group=chance.choice(("G", "H")),
        **make_eligibility(chance),
        **{name: chance.choice(LIMITS) for name in ("budget", "max_per_order", "max_per_distributor")},
    )


def make_eligibility(chance):
    conditions = {"products": some(chance, PRODUCTS), "categories": some(chance, (10, 11, 12, 20), 1)}
    if chance.random() < 0.2:
        conditions |= {"classes": some(chance, (1, 2)), "territories": some(chance, (5, 6)), "tags": some(chance, (7, 8))}
    if chance.random() < 0.2:
        conditions |= {"must_have": some(chance, PRODUCTS, 1), "min_distinct": chance.randint(0, 3)}
    if chance.random() < 0.2:
        conditions |= {"date_from": chance.choice((DAY, date(2025, 7, 1))), "date_to": chance.choice((None, DAY))}
    return conditions


def make_line(key, seed):
    chance = Random(seed)
    product, quantity = chance.choice(PRODUCTS), chance.choice(QUANTITIES)
    value = chance.choice((chance.randint(0, 40), chance.randint(0, 30000), chance.choice((0, 100, 1000, 10000, -500))))
    return Line(key, key, product, PATHS[product], quantity, value, chance.random() < 0.85)


def make_order(seeds):
    """An order; free goods of product 4 cannot be given."""
    chance = Random(seeds[0])
    rate, rounding = chance.choice(CURRENCIES)
    return Facts(
        lines=tuple(make_line(key, seed) for key, seed in enumerate(seeds, 1)),
        day=DAY,
        distributor=1,
        distributor_class=chance.choice((None, 1)),
        territory=chance.choice((frozenset(), frozenset({5}))),
        tags=some(chance, (7, 8)),
        rate=rate,
        rounding=rounding,
        used={code: Used(chance.choice((0.0, 2.0, 24.5)), chance.choice((0.0, 2.0))) for code in some(chance, CODES)},
        free=Shelf({product: chance.choice((0, 33, 100, 1250)) for product in (1, 2, 3)}),
    )


def orders():
    """Orders of up to seven lines."""
    return st.lists(SEEDS, min_size=1, max_size=7).map(make_order)


def books():
    """A few schemes of different codes."""
    return st.lists(SEEDS, min_size=1, max_size=len(CODES)).map(lambda seeds: tuple(map(make_scheme, CODES, seeds)))


class Shelf(dict):
    """What can be given by product: product 1 in tenths, others whole; the price half up."""

    def __call__(self, product):
        if product not in self:
            return None
        return FreeGoods(0.1 if product == 1 else 1.0, lambda quantity: int(quantity * self[product] + 0.5 + 1e-9))
