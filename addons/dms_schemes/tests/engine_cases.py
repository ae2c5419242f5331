"""Orders and schemes for the tests of the engine, in few words.

Quantities are own units, order amounts are cents, amounts on schemes are company currency.
"""

from datetime import date
from zlib import crc32

from odoo.addons.dms_schemes.engine import Book, Facts, FreeGoods, Line, Scheme, Slab, evaluate, explain

DAY = date(2025, 6, 15)


def slab(threshold, benefit="percent", value=0.0, **values):
    """A slab with a number of its own: its threshold."""
    return Slab(id=int(threshold), threshold=threshold, benefit=benefit, value=value, **values)


def scheme(code, *slabs, **values):
    values = {"id": crc32(code.encode()), **values}
    for name in ("products", "categories", "territories", "classes", "distributors", "tags", "must_have"):
        values[name] = frozenset(values.get(name, ()))
    return Scheme(code=code, slabs=slabs, **values)


def line(key, product, quantity, value, path=(), **values):
    return Line(key=key, rank=values.pop("rank", key), product=product, path=frozenset(path), quantity=quantity, value=value, **values)


def order(*goods, **values):
    """Facts of an order; a tuple (product, quantity, cents) is a line with its place, from 1, as key."""
    lines = [each if isinstance(each, Line) else line(key, *each) for key, each in enumerate(goods, 1)]
    return Facts(**{"lines": tuple(lines), "day": DAY, "distributor": 1, **values})


def goods(**by_product):
    """What can be given: ``p7=(step, cents a unit)``, the price half up; other products cannot."""
    shelf = {
        int(name[1:]): FreeGoods(step, lambda quantity, price=price: int(quantity * price + 0.5))
        for name, (step, price) in by_product.items()
    }
    return shelf.get


def run(facts, *schemes):
    return evaluate(Book(schemes), facts)


def explained(facts, *schemes):
    """``{code: (status, reason)}`` of every scheme in force."""
    return {outcome.scheme.code: (outcome.status, outcome.reason) for outcome in explain(Book(schemes), facts)}


def benefit(facts, *schemes):
    """What all schemes give together, in cents."""
    return sum(grant.benefit for grant in run(facts, *schemes).grants)


def reductions(facts, *schemes):
    return run(facts, *schemes).reductions


def given(facts, *schemes):
    """``[(free product, quantity)]`` in the order given."""
    return [(grant.free_product, grant.free_qty) for grant in run(facts, *schemes).grants if grant.free_product]


def codes(facts, *schemes):
    """Codes of the schemes that give something, in turn."""
    return [outcome.scheme.code for outcome in run(facts, *schemes).outcomes if outcome.grants]
