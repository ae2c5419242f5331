"""How the demo distributors report their stock: plain values, the same on every machine and every day."""

from random import Random

from odoo.addons.dms_orders.demo.story import BRONZE, GOLD, SILVER

#: distributors by how they report: every so many days, what; the last report of those named in BEHIND is long ago
REPORTERS = (
    (GOLD, 7, "reported"),
    (SILVER, 14, "reported"),
    (BRONZE, 28, "count"),
)
BEHIND = {"tidewater": 44, "alamo": 70}
#: days from a delivery to its confirmation
RECEIVED_AFTER = 2
#: weeks of sell-out a receipt lasts, by how a product goes at a distributor
PACES = {"fast": 7, "steady": 22, "slow": 60, "dead": 0}
CHANCES = (22, 48, 22, 8)
#: every so many reports of sell-out the distributor counts as well
COUNTED_EVERY = 4
RETAILERS = ("Corner Market", "Main Street Grocers", "Green Basket", "Sunrise Mini Mart", "Hill Top Stores")
#: what each of them pays of the list price: a chain bargains, a kiosk does not
MARKUPS = dict(zip(RETAILERS, (1.14, 1.06, 1.09, 1.18, 1.12), strict=True))
#: how often a class reports, how it sees the warehouse's stock, and its weight in a shortage
TERMS = {
    "gold": {"statement_interval_days": 7, "stock_display": "exact", "allocation_weight": 2},
    "silver": {"statement_interval_days": 14, "stock_display": "bands", "allocation_weight": 1},
    "bronze": {"statement_interval_days": 28, "stock_display": "bands", "allocation_weight": 0.5},
    "institution": {"stock_display": "hidden"},
}
#: norms as (class, category, least and most days of cover)
NORMS = (
    (None, None, 15, 60),
    ("gold", None, 20, 75),
    ("bronze", None, 10, 45),
    (None, "dairy", 5, 21),
    ("gold", "dairy", 7, 28),
    (None, "health", 30, 120),
)


def pace(random):
    """Weeks a receipt of one product lasts at one distributor; 0 when nobody buys it."""
    return PACES[random.choices(list(PACES), CHANCES)[0]]


def resale_price(price, retailer):
    """What a retailer pays for one, of the list price."""
    return round(price * MARKUPS[retailer], 2)


def reports():
    """``(distributor, mode, [days ago of each report, the oldest first])``."""
    random = Random(5)
    for names, every, mode in REPORTERS:
        for name in names:
            last = BEHIND.get(name, random.randrange(1, every))
            yield name, mode, sorted(range(last, 170, every), reverse=True)
