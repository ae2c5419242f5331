"""Free goods of past orders: at the value that was booked, else at today's price of the order's terms."""

from ..engine import FreeGoods
from .scheme_goods import SchemeGoods


class BacktestGoods:
    """Full values of free goods of many orders. Prices that orders of the same terms share are asked of core once.

    ``booked``: ``{(order id, product id, quantity): value in units of the order's rounding}`` as the ledger has it
    """

    def __init__(self, env):
        self.env = env
        self.booked, self.given = {}, set()
        self.prices, self.shelf, self.dated = {}, {}, {}

    def book(self, order_id, product_id, quantity, units):
        self.booked[order_id, product_id, quantity] = units
        self.given.add((order_id, product_id))

    def of(self, order):
        """:param order: :class:`.backtest_orders.PastOrder`"""
        return lambda product_id: self._goods(order, product_id)

    def _goods(self, order, product_id):
        step = self._step(order, product_id)
        if step is None and (order.id, product_id) not in self.given:
            return None
        return FreeGoods(step or 1.0, lambda quantity: self._value(order, product_id, quantity))

    def _step(self, order, product_id):
        """Step in which a product is given, None for one that cannot be sold."""
        if product_id not in self.shelf:
            counter = self._counter(order)
            product = counter.products.browse(product_id)
            self.shelf[product_id] = product._dms_quantity_step() if counter._is_given(product) else None
        return self.shelf[product_id]

    def _counter(self, order):
        return SchemeGoods(self.env["sale.order"].sudo().browse(order.id), ())  # prices of goods, on the order's terms

    def _value(self, order, product_id, quantity):
        units = self.booked.get((order.id, product_id, quantity))
        return self._price(order, product_id, quantity) if units is None else units

    def _price(self, order, product_id, quantity):
        day = order.day if self._is_dated(order) else None
        key = (order.pricelist, order.currency, order.fiscal_position, product_id, quantity, day)
        if key not in self.prices:
            counter = self._counter(order)
            (line,) = counter._price_lines([(product_id, quantity)])
            self.prices[key] = counter._units(line._dms_full_value())
        return self.prices[key]

    def _is_dated(self, order):
        """Whether the day has a say in the price: by rules with dates, or by a rate of exchange."""
        key = order.pricelist, order.currency
        if key not in self.dated:
            pricelist = self.env["product.pricelist"].sudo().browse(order.pricelist or [])  # whether prices change from day to day
            rules = pricelist.item_ids
            currencies = pricelist.currency_id | self.env["res.currency"].browse(order.currency) | self.env.company.currency_id
            self.dated[key] = any(rule.date_start or rule.date_end for rule in rules) or len(currencies) > 1
        return self.dated[key]
