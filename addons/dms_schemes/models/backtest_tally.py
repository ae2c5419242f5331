"""What comes out of a back-test, counted order by order and stored at once."""

from collections import defaultdict
from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(slots=True)
class Sum:
    """Benefit, turnover and number of orders of a slab or a distributor, company currency."""

    benefit: float = 0.0
    turnover: float = 0.0
    orders: int = 0
    booked: float = 0.0

    def add(self, benefit, turnover):
        self.benefit += benefit
        self.turnover += turnover
        self.orders += 1


class Tally:
    """Counts what one scheme gives. ``booked``: rows of the ledger by order, see ``dms.scheme.backtest._read_booked``."""

    def __init__(self, scheme_id, currency, is_replay):
        self.scheme_id, self.currency, self.is_replay = scheme_id, currency, is_replay
        self.booked = {}
        self.order_count = self.near = self.cut = self.different = 0
        self.free = self.others = self.booked_amount = self.others_booked = 0.0
        self.slabs, self.distributors = defaultdict(Sum), defaultdict(Sum)
        self.rows = []

    def add(self, order, facts, result):
        """:param result: ``engine.Result``, None where no scheme ran"""
        self.order_count += 1
        grants = self._count(facts, result.outcomes if result else ())
        booked = self._count_booked(order)
        if grants or booked:
            differs = self.is_replay and sorted(map(_row_of, grants), key=str) != sorted(map(_row_of_ledger, booked), key=str)
            self.different += differs
            self._add_rows(order, facts, grants, booked, differs)

    def _count(self, facts, outcomes):
        """Grants of the scheme in one order; what others give is summed up."""
        mine, others = (), 0
        for outcome in outcomes:
            if outcome.scheme.id == self.scheme_id:
                mine = outcome.grants
                self.near += outcome.status == "near"
                self.cut += any(grant.cap for grant in mine)
            elif outcome.grants:
                others += facts.in_company_units(sum([grant.benefit for grant in outcome.grants]))
        self.others += others * facts.company_rounding
        return mine

    def _count_booked(self, order):
        mine = []
        for row in self.booked.pop(order.id, ()):
            if row[0] == self.scheme_id:
                mine.append(row)
                self.booked_amount += row[-1]
                self.distributors[order.distributor].booked += row[-1]
            else:
                self.others_booked += row[-1]
        return mine

    def _add_rows(self, order, facts, grants, booked, differs):
        by_slab = {}
        for grant in grants:
            by_slab.setdefault(grant.slab.id, ([], []))[0].append(grant)
        for row in booked:
            by_slab.setdefault(row[1], ([], []))[1].append(row)
        total = 0.0
        for slab_id, (given, rows) in by_slab.items():
            row = self._row(order, facts, slab_id, given, rows, differs)
            self.rows.append(row)
            if given:
                total += row[6]
                self.slabs[slab_id].add(row[6], order.amount)
        if grants:
            self.distributors[order.distributor].add(total, order.amount)

    def _row(self, order, facts, slab_id, given, booked, differs):
        """What one slab gives one order: order, distributor, slab, base amount and quantity, free quantity, benefit, booked, cap."""
        rounding, units = facts.company_rounding, facts.in_company_units
        amounts = [units(grant.benefit) for grant in given]
        self.free += sum([amount for amount, grant in zip(amounts, given, strict=True) if grant.free_product]) * rounding
        base = units(sum([grant.base_amount for grant in given])) * rounding
        quantities = sum([grant.base_qty for grant in given]), sum([grant.free_qty for grant in given])
        cap = next((grant.cap for grant in given if grant.cap), None)
        benefit = round(sum(amounts) * rounding, 9)
        return order.id, order.distributor, slab_id, base, *quantities, benefit, sum([row[-1] for row in booked]), cap, differs

    # ------------------------------------------------------------ figures

    def figures(self):
        """Values of the back-test's fields, company currency."""
        money = self.currency.round
        winners = [each for each in self.distributors.values() if each.orders]
        return {
            "order_count": self.order_count,
            "touched_count": sum(each.orders for each in winners),
            "near_count": self.near,
            "cut_count": self.cut,
            "distributor_count": len(winners),
            "benefit_amount": money(sum(each.benefit for each in winners)),
            "free_amount": money(self.free),
            "turnover_amount": money(sum(each.turnover for each in winners)),
            "booked_amount": money(self.booked_amount),
            "different_count": self.different,
            "other_amount": money(self.others),
            "other_booked_amount": money(self.others_booked),
        }

    def insert(self, test):
        """Store the rows of a back-test, in one statement a table: there may be many thousands."""
        sums = {
            "dms_scheme_backtest_slab": ("slab_id", self.slabs),
            "dms_scheme_backtest_distributor": ("distributor_id", self.distributors),
        }
        for table, (name, found) in sums.items():
            columns = (name, "order_count", "benefit_amount", "turnover_amount", "booked_amount")
            rows = [(key, each.orders, each.benefit, each.turnover, each.booked) for key, each in found.items()]
            _insert(test, table, columns, rows)
        columns = (
            "order_id", "distributor_id", "slab_id", "base_amount", "base_qty", "free_qty", "benefit_amount", "booked_amount", "cap", "differs",
        )  # fmt: skip
        _insert(test, "dms_scheme_backtest_order", columns, self.rows)


def _row_of(grant):
    """A grant as the ledger would have it, without its scheme."""
    slab, free_product = grant.slab.id, grant.free_product
    return slab, grant.product, _plain(grant.base_qty), grant.base_amount, grant.benefit, free_product, _plain(grant.free_qty)


def _row_of_ledger(row):
    _scheme, slab, product, base_qty, base_amount, benefit, free_product, free_qty, _company_amount = row
    return slab, product, _plain(base_qty), base_amount, benefit, free_product, _plain(free_qty)


def _plain(quantity):
    return round(quantity, 6)


def _insert(test, table, columns, rows):
    """Add rows of a back-test."""
    names = SQL(", ").join(map(SQL.identifier, ("backtest_id", "company_id", *columns)))
    query = SQL("INSERT INTO %s (%s) VALUES", SQL.identifier(table), names)
    owner = (test.id, test.company_id.id)
    if rows:
        test.env.cr.execute_values(f"{query.code} %s", [owner + row for row in rows], page_size=1000)
