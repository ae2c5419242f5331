"""Past orders, one after the other, each on top of what those before it took of budgets and limits."""

from collections.abc import Mapping

from .evaluate import evaluate
from .facts import Facts, make_used
from .result import Result
from .scheme import Book


class Replay:
    """Evaluates orders in the order of their confirmation.

    :param used: ``{code: (total, {distributor: total})}`` taken before the first of them, in company currency
    """

    def __init__(self, used: Mapping[str, tuple[float, Mapping[int, float]]] | None = None):
        self.total, self.of_distributor = {}, {}
        for code, (total, by_distributor) in (used or {}).items():
            self.total[code] = total
            for distributor, amount in by_distributor.items():
                self.of_distributor[code, distributor] = amount

    def run(self, book: Book, facts: Facts) -> Result:
        """What an order gets, which counts for those that follow."""
        if not book.capped:
            return evaluate(book, facts)
        result = evaluate(book, facts.beside(self._used(book, facts.distributor)))
        for outcome in result.outcomes:
            if outcome.grants and outcome.scheme.is_capped:
                self._take(outcome.scheme.code, facts, outcome.grants)
        return result

    def _used(self, book, distributor):
        total, of_distributor = self.total, self.of_distributor
        return {code: make_used(total[code], of_distributor.get((code, distributor), 0.0)) for code in book.capped_codes if code in total}

    def _take(self, code, facts, grants):
        amount = sum(company_amount(facts, grant.benefit) for grant in grants)
        key = code, facts.distributor
        self.total[code] = self.total.get(code, 0.0) + amount
        self.of_distributor[key] = self.of_distributor.get(key, 0.0) + amount


def company_amount(facts: Facts, units: int) -> float:
    """An amount of the order, in units of its rounding, in company currency, rounded there.

    >>> from datetime import date
    >>> company_amount(Facts((), date(2025, 1, 1), 1, rate=2.0), 333)
    1.67
    """
    return round(facts.in_company_units(units) * facts.company_rounding, 9)


def repeal(book: Book, scheme_code: str) -> list:
    """The schemes of a book but for the versions of one code."""
    return [scheme for scheme in book.schemes if scheme.code != scheme_code]
