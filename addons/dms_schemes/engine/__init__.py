"""The scheme engine: what schemes give for an order, and why.

Pure Python on frozen dataclasses; it imports nothing of Odoo and never reads a database. Same facts, same result,
whatever the order of lines and schemes in the input.

- ``facts``: what is known of an order; ``scheme``: schemes as values and ``Book``, a compiled set of them
- ``evaluate(book, facts)`` gives a ``Result``: grants, and why other schemes gave nothing
- ``state``: the order while schemes take their turns; ``benefit``: what a base earns; ``caps``: what is left to give
- ``period``: rebates on what was bought over a scheme's dates; ``proportion``: shares in part deliveries and returns
- ``lint``: findings about schemes before they are approved, and what is refused
- ``money``: rounding and splitting; ``values``: frozen values that are made quickly

Money is counted in whole units of the order currency's rounding (cents, say); amounts on a scheme are company currency.
"""

from .evaluate import evaluate, explain
from .facts import Facts, FreeGoods, Line, Used
from .result import Grant, Near, Outcome, Result
from .scheme import Book, Scheme, Slab
