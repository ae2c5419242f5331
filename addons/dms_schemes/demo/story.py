"""The schemes and orders of the demo data: plain values, the same on every machine and every day."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scheme:
    """One version of a scheme, for the products of the demo data only; days count from today, below zero in the past; None is no limit.

    ``slabs`` are ``(threshold, benefit, value)`` or, for free goods, ``(threshold, "free_product", quantity, every, product code)``.
    ``fate``: draft, approved, closed. ``terms`` are further fields by name.
    """

    code: str
    name: str
    first: int | None
    last: int | None
    slabs: tuple
    description: str
    products: tuple = ()
    category: str = ""
    fate: str = "approved"
    terms: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """Cases by product code; ``act``: draft, confirm, invoice, credit (a credit note on its first line follows)."""

    distributor: str
    days_ago: int
    cases: dict
    act: str = "confirm"
    channel: str = "portal"


#: the version that one of the schemes below replaces
FIRST_VERSION = Scheme(
    "COLA", "Cola 20 + 1", -80, 60, ((480, "free_product", 24, 480, ""),),
    "For every 20 cases of Cola or Cola Zero you get one case of the same free.", ("BEV-007", "BEV-008"),
)  # fmt: skip

SCHEMES = (
    Scheme(
        "COLA", "Cola 10 + 1", -40, 60, ((240, "free_product", 24, 240, ""),),
        "For every 10 cases of Cola or Cola Zero you get one case of the same free. Each kind counts by itself.",
        ("BEV-007", "BEV-008"),
        terms={"budget_amount": 400},
    ),
    Scheme(
        "SNACK-LADDER", "Snack Ladder", -60, 30, ((96, "percent", 3), (240, "percent", 5), (480, "percent", 8)),
        "The more you order of a snack, the more you save: 3 % from 96 pieces, 5 % from 240, 8 % from 480.",
        category="category_snacks",
        terms={"budget_amount": 600},
    ),
    Scheme(
        "ORDER-VALUE", "Order Value Bonus", -90, None, ((750, "percent", 1), (1500, "percent", 2), (3000, "percent", 3)),
        "1 % off the whole order from 750, 2 % from 1,500 and 3 % from 3,000, after all other schemes.",
        category="category_consumer", terms={"scope": "basket", "basis": "amount", "sequence": 90},
    ),
    Scheme(
        "COFFEE-BANDS", "Coffee and Tea by Bands", -45, 45, ((0, "percent", 2), (120, "percent", 4), (360, "percent", 6)),
        "2 % on the first 120 packs, 4 % on those up to 360, 6 % on all beyond: every pack at the rate of its own band.",
        ("BEV-014", "BEV-015"), terms={"mode": "marginal"},
    ),
    Scheme(
        "LAUNDRY-GIFT", "Softener with Laundry Powder", -30, 30, ((24, "free_product", 2, 24, "HOM-003"),),
        "With every 24 packs of Laundry Powder you get 2 bottles of Fabric Softener free.", ("HOM-001",),
        terms={"budget_amount": 150},
    ),
    Scheme(
        "BATH-MIX", "Bathroom Mix and Match", -30, 45, ((96, "free_product", 12, 96, "PER-009"),),
        "Mix Shower Gel, Hand Soap and Shampoo as you like: for every 96 pieces together you get 12 toothbrushes free.",
        ("PER-001", "PER-004", "PER-005"), terms={"budget_amount": 80, "scope": "basket"},
    ),
    Scheme(
        "BABY-25", "Baby Care, 25 off", -20, 40, ((400, "lump_amount", 25),),
        "25 off your order of Baby Care over 400, once an order.", category="category_baby", terms={"scope": "basket", "basis": "amount"},
    ),
    Scheme(
        "OLIVE-NET", "Olive Oil at 5.90", -15, 30, ((24, "net_price", 5.90),),
        "From 24 bottles each bottle of Olive Oil costs you 5.90 net.", ("GRO-009",),
        terms={"budget_amount": 250},
    ),
    Scheme(
        "JUICE-PERCENT", "Juices, 4 %", -25, 50, ((48, "percent", 4),),
        "4 % off each juice from 48 bottles. You get this or the cents per bottle, whichever is worth more to you.",
        ("BEV-004", "BEV-005", "BEV-006"), terms={"stacking": "best_of_group", "group": "Juices"},
    ),
    Scheme(
        "JUICE-CENTS", "Juices, 12 Cents a Bottle", -25, 50, ((96, "unit_amount", 0.12),),
        "12 cents off every bottle of a juice from 96 bottles. You get this or the 4 %, whichever is worth more to you.",
        ("BEV-004", "BEV-005", "BEV-006"), terms={"stacking": "best_of_group", "group": "Juices"},
    ),
    Scheme(
        "GINGER-OUT", "Ginger Beer Clearance", -10, 20, ((24, "percent", 15),),
        "15 % off Ginger Beer while it lasts; no other scheme counts these bottles.", ("BEV-010",),
        terms={"stacking": "exclusive", "sequence": 1, "max_per_order": 150},
    ),
    Scheme(
        "BREAKFAST", "Breakfast Combo", -20, 40, ((1, "percent", 5),),
        "Order Ground Coffee, UHT Milk and Butter Biscuits together and take 5 % off all three.", ("BEV-014", "DAI-001", "SNK-008"),
        terms={"scope": "basket", "must_have": ("BEV-014", "DAI-001", "SNK-008")},
    ),
    Scheme(
        "PACIFIC-GOLD", "Pacific Gold Pantry", -50, 70, ((0, "percent", 2),),
        "2 % off all groceries for Gold distributors of the Pacific.", category="category_groceries",
        terms={"territory": "territory_pacific", "class": "class_gold"},
    ),
    Scheme(
        "CHOCOLATE", "Chocolate Weeks", -15, 15, ((48, "unit_amount", 0.10),),
        "10 cents off every bar of chocolate from 48 bars, as long as the budget lasts.", ("SNK-011", "SNK-012"),
        terms={"budget_amount": 120, "max_per_distributor": 80},
    ),
    Scheme(
        "LOYALTY", "Gold Loyalty, Credited Later", -60, 30, ((1000, "percent", 1.5),),
        "1.5 % of every order from 1,000, credited after the goods are invoiced.",
        category="category_consumer",
        terms={"scope": "basket", "basis": "amount", "timing": "off_invoice", "class": "class_gold"},
    ),
    Scheme(
        "QUARTER-CASES", "Quarter Target in Pieces", -45, 46, ((2400, "percent", 1), (4800, "percent", 2)),
        "Buy 2,400 pieces of drinks in the period for 1 % back on all of them, 4,800 for 2 %.",
        category="category_beverages", terms={"scope": "period", "timing": "off_invoice"},
    ),
    Scheme(
        "QUARTER-VALUE", "Quarter Target in Value", -45, 46, ((1000, "percent", 0.5), (3000, "percent", 1)),
        "0.5 % back on all you buy in the period from 1,000, 1 % from 3,000.",
        category="category_consumer", terms={"scope": "period", "basis": "amount", "timing": "off_invoice"},
    ),
    Scheme(
        "GROWTH", "Growth Bonus", -45, 46, ((5, "percent", 1), (15, "percent", 2)),
        "1 % back when you buy 5 % more than in the same days of last year, 2 % for 15 % more.",
        category="category_consumer", terms={"scope": "period", "basis": "growth", "timing": "off_invoice", "class": "class_gold"},
    ),
    # drafts, one that ended early
    Scheme(
        "WATER-SUMMER", "Summer of Water", 20, 110, ((480, "free_product", 24, 480, ""),),
        "For every 20 cases of Spring Water one case free, all summer.", ("BEV-001", "BEV-002", "BEV-003"), fate="draft",
        terms={"budget_amount": 5000},
    ),
    Scheme(
        "CLEAN-3", "Three for a Clean House", 5, 60, ((120, "percent", 4),),
        "Order at least three different cleaners, 120 pieces together, for 4 % off.",
        ("HOM-005", "HOM-007", "HOM-008", "HOM-009", "HOM-010"), fate="draft", terms={"scope": "basket", "min_distinct_products": 3},
    ),
    Scheme(
        "DAIRY-NEWYEAR", "Dairy New Year", -120, 30, ((120, "percent", 6),),
        "6 % off from 120 pieces of a dairy product.", category="category_dairy", fate="closed",
    ),
)  # fmt: skip

ORDERS = (
    Order("north_star", 12, {"BEV-007": 20, "BEV-008": 10, "SNK-001": 10, "SNK-011": 20}, "invoice"),
    Order("golden_gate", 9, {"GRO-009": 8, "GRO-001": 12, "BEV-014": 12, "SNK-008": 6, "DAI-001": 10}, "credit"),
    Order("rainier", 8, {"BEV-004": 10, "BEV-006": 8, "GRO-008": 10, "SNK-012": 10}, "invoice"),
    Order("sunset", 6, {"BAB-002": 8, "BAB-001": 4, "BEV-010": 10, "SNK-002": 12}, "confirm"),
    Order("gulf_star", 5, {"HOM-001": 8, "HOM-006": 4, "PER-004": 8, "PER-005": 8, "BEV-007": 12}, "confirm"),
    Order("beacon", 4, {"BEV-014": 31, "BEV-015": 10, "SNK-009": 11}, "confirm"),
    Order("motor_city", 3, {"SNK-011": 10, "BEV-013": 6, "GRO-004": 10, "PER-001": 8}, "confirm", "backend"),
    Order("lakeside", 2, {"BEV-007": 9, "SNK-001": 9, "SNK-011": 4, "PER-004": 6}, "draft", "backend"),
    Order("harbour", 1, {"BEV-004": 7, "BEV-005": 8, "HOM-001": 3, "BAB-002": 5}, "draft"),
    Order("twin_cities", 1, {"SNK-004": 20, "SNK-007": 8, "BEV-010": 2, "HOM-007": 12}, "confirm", "backend"),
    Order("bayou", 1, {"BEV-008": 11, "PER-005": 9, "PER-001": 6, "SNK-013": 9}, "confirm"),
)
