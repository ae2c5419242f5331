from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from ..engine import Book, Used, evaluate
from ..engine.replay import Replay, repeal
from .backtest_goods import BacktestGoods
from .backtest_tally import Tally


class DmsSchemeBacktest(models.Model):
    """Running a back-test: past orders in the order of their confirmation, evaluated by the engine, counted, and stored."""

    _inherit = "dms.scheme.backtest"

    def _run(self, show_progress=None):
        """Find the figures anew.

        :param show_progress: called with the percentage done, after each part of the orders
        """
        self.ensure_one()
        tally, orders = self._evaluate(show_progress)
        self._drop_rows()
        self.write(self._prepare_figures(tally, orders))
        tally.insert(self)
        self.invalidate_recordset()

    def _evaluate(self, show_progress=None):
        """Evaluate the orders of the period; nothing is written.

        :return: (:class:`.backtest_tally.Tally`, :class:`.backtest_orders.PastOrders`)
        """
        goods = BacktestGoods(self.env)
        orders = self._past_orders(goods)
        tally = Tally(self.scheme_id.id, self.company_id.currency_id, self.mode == "replay")
        evaluate_order = self._replayer() if self.mode == "replay" else self._simulator(orders)
        total = orders.count()[0] if show_progress else 0
        for chunk in orders.chunks():
            tally.booked.update(self._read_booked(chunk, goods))
            for order, facts in chunk:
                tally.add(order, facts, evaluate_order(order, facts))
            if show_progress:
                show_progress(100.0 * tally.order_count / total)
        return tally, orders

    # ------------------------------------------------------------ books

    def _replayer(self):
        """Evaluates an order as it was: with the schemes it was handed in with, and what was used of caps then."""
        editions = self.env["dms.scheme.edition"]

        def run(order, facts):
            if not order.edition:
                return None
            used = {code: Used(*amounts) for code, amounts in (order.used or {}).items()}
            return evaluate(editions._get_book(order.edition), replace(facts, used=used))

        return run

    def _simulator(self, orders):
        """Evaluates an order as if the scheme had been in force, each on top of those before it."""
        candidate = replace(self.scheme_id._compile(), date_from=None, date_to=None)
        books = {None: Book([candidate])}
        sequence = Replay(self._read_used(orders))
        is_alone = self.mode == "alone"

        def run(order, facts):
            edition = None if is_alone else order.edition
            if edition not in books:
                others = repeal(self.env["dms.scheme.edition"]._get_book(edition), candidate.code)
                books[edition] = Book([*others, candidate])
            return sequence.run(books[edition], facts)

        return run

    def _read_used(self, orders):
        """``{code: (total, {distributor: total})}`` that orders confirmed before the period took of caps, less what came back."""
        first = orders.first_confirmed()
        if not first:
            return {}
        query = SQL(
            """
            SELECT a.scheme_code, a.distributor_id, SUM(a.benefit_company_amount - COALESCE(a.returned_company_amount, 0))::float8
              FROM dms_scheme_application a JOIN sale_order o ON o.id = a.order_id
             WHERE a.company_id = %s AND a.state = 'committed' AND o.date_order < %s
             GROUP BY 1, 2
            """,
            self.company_id.id, first,
        )  # fmt: skip
        used = {}
        for code, distributor, amount in self.env.execute_query(query):
            total, by_distributor = used.setdefault(code, (0.0, {}))
            by_distributor[distributor] = amount
            used[code] = total + amount, by_distributor
        return used

    # ------------------------------------------------------------ the ledger

    def _read_booked(self, chunk, goods):
        """``{order id: [booked row]}`` of live benefits; what was booked for free goods is made known to ``goods``.

        A row is (scheme, slab, product, base quantity, base amount, benefit, free product, free quantity, benefit in company
        currency), amounts in units of the order's rounding but for the last.
        """
        query = SQL(
            """
            SELECT a.order_id, a.scheme_id, a.slab_id, a.product_id, a.base_qty::float8, round(a.base_amount / c.rounding)::bigint,
                   round(a.benefit_amount / c.rounding)::bigint, a.free_product_id, COALESCE(a.free_qty, 0)::float8,
                   a.benefit_company_amount::float8
              FROM dms_scheme_application a JOIN res_currency c ON c.id = a.currency_id
             WHERE a.order_id = ANY(%s) AND a.state = 'committed'
            """,
            [order.id for order, _facts in chunk],
        )
        booked = {}
        for order_id, *row in self.env.execute_query(query):
            booked.setdefault(order_id, []).append(tuple(row))
            *_rest, benefit, free_product, free_qty, _company_amount = row
            if free_product:
                goods.book(order_id, free_product, free_qty, benefit)
        return booked

    # ------------------------------------------------------------ store

    def _drop_rows(self):
        self.slab_line_ids.unlink()
        self.distributor_line_ids.unlink()
        self.order_line_ids.unlink()

    def _prepare_figures(self, tally, orders):
        return {
            **tally.figures(),
            "line_count": orders.line_count,
            "state": "done",
            "progress": 100.0,
            "message": False,
            "done_on": fields.Datetime.now(),
        }
