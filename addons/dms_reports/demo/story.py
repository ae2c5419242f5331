"""What the demo distributors bought in the year before their orders, and what they were to sell: plain values, the same everywhere."""

from dataclasses import dataclass
from random import Random

from odoo.addons.dms_orders.demo.story import BRONZE, DAYS, GOLD, INSTITUTION, RANGES, SILVER

#: months of invoices before the orders of ``dms_orders``, and the days of one
MONTHS, MONTH = 13, 30.44
#: distributors of a class: what they buy in a month at list price, and every so many months
LEVELS = {"gold": (GOLD, 660, 1), "silver": (SILVER, 345, 2), "bronze": (BRONZE, 200, 2), "institution": (INSTITUTION, 210, 2)}
#: how the months of a year go, January first: drinks in summer, sweets before Christmas
SEASON = (0.82, 0.84, 0.95, 1.0, 1.08, 1.15, 1.18, 1.12, 1.0, 0.94, 1.02, 1.1)
#: by how much a distributor has grown since, at least and at most
GROWTH = (-0.18, 0.32)
#: days after the last invoice that all of them were paid
PAID_AFTER = 20

#: months with targets before this one and, at least, after it
BACK, AHEAD = 12, 2
#: months with targets by category before this one, and of which regions and distributors (of those the whole year)
CATEGORY_BACK = 3
REGIONS = ("territory_north", "territory_coast", "territory_south")
CATEGORIES = ("beverages", "snacks", "groceries", "homecare")
KEEN = ("distributor_north_star", "distributor_harbour")
#: what is aimed at beyond the months before, and of the current month, whose latest orders are not invoiced yet
STRETCH, NOW = 1.05, 0.5


@dataclass(frozen=True)
class Invoice:
    """``lines`` are ``(product code, pieces)``."""

    distributor: str
    days_ago: int
    lines: tuple


def plan_invoices(products, this_month):
    """All invoices, distributor by distributor, the oldest first.

    :param products: ``dms_orders.demo.story.Product``
    :param int this_month: number of the current month, from 1
    """
    random = Random(7)
    for class_name, (distributors, level, every) in LEVELS.items():
        offered = [product for product in products if product.code[:3] in RANGES[class_name]]
        for number, distributor in enumerate(distributors):
            level_then = level / (1 + random.uniform(*GROWTH))
            for back in range(MONTHS - 1 - number % every, -1, -every):
                days_ago = DAYS + 2 + int(back * MONTH) + random.randrange(26)
                season = SEASON[(this_month - 1 - round(days_ago / MONTH)) % 12]
                value = level_then * every * season * random.uniform(0.85, 1.15)
                lines = tuple(_line(random, product, value / 4) for product in random.sample(offered, 4))
                yield Invoice(distributor, days_ago, lines)


def _line(random, product, value):
    pieces = value * random.uniform(0.7, 1.3) / product.price
    case = product.case or 1
    return product.code, max(round(pieces / case), 1) * case


def plan_amount(random, achieved, usual, season, ahead):
    """What a month was to bring, or is to bring: some of it is reached, some not.

    :param float achieved: what the month brought so far
    :param float usual: what a month usually brings
    :param float season: how the month compares with others
    :param int ahead: months after the current one, below zero of those that are over
    """
    expected = usual * season * STRETCH
    if ahead < 0:
        return _round((0.55 * achieved + 0.45 * expected) * random.uniform(0.84, 1.14))
    if not ahead:
        return _round(max(NOW * expected, achieved * random.uniform(0.75, 1.3)))
    return _round(expected * random.uniform(0.9, 1.1))


def _round(amount):
    return max(round(amount, -1), 50.0)
