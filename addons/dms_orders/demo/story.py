"""What the demo distributors ordered in six months: plain values, the same on every machine and every day."""

from dataclasses import dataclass, field
from random import Random

#: external ids of distributors (without prefix) by class
GOLD = ("north_star", "motor_city", "beacon", "rainier", "golden_gate", "sunset", "gulf_star")
SILVER = (
    "harbour", "lakeside", "twin_cities", "rose_city", "golden_gate_oakland", "tidewater", "bayou", "lone_star", "sunshine",
)  # fmt: skip
BRONZE = ("brew_city", "prairie", "granite", "mission_bay", "alamo")
INSTITUTION = ("helseforetak", "city_hospital")
#: first letters of the product codes a class buys
RANGES = {
    "gold": ("BEV", "SNK", "GRO", "DAI", "HOM", "PER", "BAB"),
    "silver": ("BEV", "SNK", "GRO", "DAI", "HOM", "PER", "BAB"),
    "bronze": ("BEV", "SNK", "GRO", "HOM", "PER"),
    "institution": ("HEA", "BAB", "GRO"),
}
#: least and most list value of one line, by class
LINE_VALUES = {"gold": (160, 420), "silver": (110, 260), "bronze": (70, 150), "institution": (60, 200)}
DAYS = 180


@dataclass(frozen=True)
class Product:
    """``case`` is the number of pieces in a case, 0 when sold by the piece."""

    code: str
    price: float
    case: int
    minimum: float
    multiple: float


@dataclass(frozen=True)
class Line:
    """``cases`` tells the unit of ``quantity``: cases or pieces."""

    code: str
    quantity: float
    cases: bool = True
    factor: float = 1.0  # of the price list's price


@dataclass
class Plan:
    """One order. ``fate`` is how far it got: draft, submit (then what the gates say), confirmed, partial, delivered, invoiced, cancelled.

    ``act`` names what happens to it beyond that, see ``loader``; ``user`` is the login of its maker.
    """

    distributor: str
    days_ago: int
    lines: list[Line]
    fate: str
    channel: str = "backend"
    user: str = ""
    act: str = ""
    hour: int = 9
    reference: str = field(default="")


def plan_orders(products: list[Product]) -> list[Plan]:
    """All orders, oldest first."""
    random = Random(19)
    by_code = {product.code: product for product in products}
    plans = [*_history(random, products), *_special_cases(random, by_code)]
    return sorted(plans, key=lambda plan: (-plan.days_ago, plan.hour, plan.distributor))


def _history(random, products):
    for class_name, distributors, every in (
        ("gold", GOLD, 44), ("silver", SILVER, 62), ("bronze", BRONZE, 70), ("institution", INSTITUTION, 75),
    ):  # fmt: skip
        offered = [product for product in products if product.code[:3] in RANGES[class_name]]
        for distributor in distributors:
            day = DAYS - random.randrange(every)
            while day > 2:
                if distributor != "granite" or day > 70:  # has stopped paying since
                    yield _routine(random, class_name, distributor, day, offered)
                day -= random.randint(every - 8, every + 8)


def _routine(random, class_name, distributor, day, offered):
    count = random.randint(3, 5)
    lines = [_line(random, product, LINE_VALUES[class_name]) for product in random.sample(offered, count)]
    channel = random.choice(("backend", "portal", "portal", "upload"))
    return Plan(distributor, day, lines, _fate(random, day), channel, hour=random.randint(7, 16))


def _line(random, product, values):
    value = random.uniform(*values)
    if not product.case:
        return Line(product.code, max(5, round(value / product.price)), cases=False)
    cases = max(2, round(value / product.price / product.case))
    if random.random() < 0.2:
        return Line(product.code, cases * product.case, cases=False)
    return Line(product.code, cases)


def _fate(random, day):
    if day > 14:
        return random.choices(("invoiced", "delivered", "cancelled"), (90, 4, 6))[0]
    if day > 5:
        return random.choices(("invoiced", "delivered", "partial", "confirmed"), (20, 40, 20, 20))[0]
    return random.choices(("confirmed", "submit"), (60, 40))[0]


def _special_cases(random, by_code):
    """Orders that show the gates, the work queue, changes and requests, a few days old at most."""

    def basket(values, *codes, factor=1.0):
        lines = [_line(random, by_code[code], values) for code in codes]
        return [Line(line.code, line.quantity, line.cases, factor) for line in lines]

    gold, silver, bronze = (LINE_VALUES["gold"], LINE_VALUES["silver"], LINE_VALUES["bronze"])
    yield Plan("granite", 1, basket(bronze, "BEV-007", "SNK-001", "HOM-005"), "draft", "portal", act="suspend")
    yield Plan("sunset", 2, basket(gold, "HEA-001", "HEA-006", "BEV-004", "PER-001"), "submit", "portal")
    yield Plan("harbour", 1, basket(silver, "HEA-003", "HEA-008", "SNK-009"), "submit", "portal", "harbour")
    yield Plan("brew_city", 3, basket(bronze, "BAB-002", "BAB-006", "GRO-003"), "submit", "upload")
    yield Plan("lakeside", 0, [*basket(silver, "GRO-001", "HOM-001", "PER-007"), Line("BEV-003", 10, cases=False)], "submit", "upload")
    yield Plan("north_star", 0, basket((60, 80), "BEV-007", "SNK-011"), "submit", "portal", "north")
    twin = basket(silver, "BEV-011", "GRO-005", "DAI-001")
    yield Plan("rose_city", 0, twin, "submit", "portal", hour=8)
    yield Plan("rose_city", 0, twin, "submit", "portal", hour=8, act="twin")
    yield Plan("harbour", 2, basket(silver, "GRO-009", "SNK-004", "HOM-006", factor=0.95), "submit", "edi", reference="PO-77120")
    yield Plan("motor_city", 0, [Line("SNK-001", 30, cases=False), *basket((60, 90), "HOM-004")], "submit", "backend", "desk")
    yield Plan("tidewater", 4, basket((50, 70), "PER-003", "PER-011"), "submit", "portal", act="release")
    yield Plan("alamo", 6, basket(bronze, "DAI-003", "BAB-001", "GRO-006"), "submit", "upload", act="reject")
    yield Plan("north_star", 0, basket(gold, "BEV-002", "SNK-002"), "draft", "portal", "north", hour=10)
    yield Plan("lone_star", 0, basket(silver, "HOM-002", "HOM-007", "PER-012"), "draft", hour=11)
    yield Plan("peachtree", 2, basket(bronze, "BEV-008", "SNK-006"), "draft", hour=11)
    yield Plan("bayou", 1, basket(silver, "GRO-002", "GRO-008", "DAI-006"), "submit", "portal")
    yield Plan("sunshine", 1, basket(silver, "BEV-001", "BEV-013", "SNK-013"), "submit", "upload")
    yield Plan("mission_bay", 1, basket(bronze, "PER-004", "PER-008", "HOM-010"), "submit", "portal")
    yield Plan("golden_gate", 2, basket(gold, "BEV-014", "GRO-009", "DAI-004", "HEA-010"), "confirmed", "portal", act="amend")
    yield Plan("north_star", 5, basket(gold, "BEV-012", "SNK-010", "HOM-009", "PER-006"), "partial", "portal", "north", act="request")
    yield Plan("north_star", 3, basket(gold, "DAI-002", "DAI-009", "BAB-004"), "confirmed", "portal", "north", act="request_cancel")
    yield Plan("harbour", 4, basket(silver, "BEV-005", "SNK-014", "GRO-011"), "partial", "portal", "harbour", act="request")
    yield Plan("lone_star", 2, basket(silver, "GRO-007", "HOM-012", "PER-002"), "confirmed", "portal", act="amend_outside")
