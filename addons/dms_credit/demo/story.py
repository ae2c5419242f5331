"""What happened to the credit of the demo distributors: plain values, days counted from today (negative: to come)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """What an account has beyond its class; ``review``, ``until``: in so many days; ``since``: so many days ago."""

    distributor: str
    limit: float | None = None
    policy: str = ""
    review: int | None = None
    security: str = ""
    secured: float = 0.0
    since: int = 0
    until: int = 0
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Invoice:
    """An invoice of before the orders were kept here, due ``overdue`` days ago; ``paid``: part of it. Below zero: a credit note."""

    distributor: str
    overdue: int
    amount: float
    paid: float = 0.0
    draft: bool = False
    label: str = "Balance taken over"


@dataclass(frozen=True)
class Order:
    """An order of about ``value``. ``over``: the limit is set so that it goes over it by about so much.

    ``act`` names what happens to it, see ``loader``; ``user`` is the login of its maker.
    """

    distributor: str
    days_ago: int
    value: float
    codes: tuple
    over: float | None = None
    act: str = "submit"
    channel: str = "backend"
    user: str = "desk"
    reason: str = ""


@dataclass(frozen=True)
class Extension:
    """A temporary limit from ``first`` to ``last`` days from today; ``user`` asks, ``fate`` is how it ended."""

    distributor: str
    amount: float
    first: int
    last: int
    user: str
    reason: str
    fate: str = "draft"
    answer: str = ""


@dataclass(frozen=True)
class Advice:
    """A distributor's notice of a transfer; ``user``: its portal user, none when an accountant entered it."""

    distributor: str
    days_ago: int
    amount: float
    reference: str
    user: str = ""
    fate: str = "submitted"
    proof: bool = False
    reason: str = ""


TERMS = (
    Terms("north_star", limit=12000, review=140, reason="Yearly review: turnover up by a third"),
    Terms("golden_gate", limit=9000, review=60, security="guarantee", secured=5000, since=200, until=165,
          reference="BG 77-20418", reason="With a bank guarantee over 5,000"),
    Terms("golden_gate_oakland", security="guarantee", secured=2000, since=374, until=-9, reference="BG 77-20006"),
    Terms("motor_city", limit=6500, security="deposit", secured=1500, since=170, until=12, reference="Deposit of last spring"),
    Terms("rainier", limit=7000, review=-12),
    Terms("beacon", limit=2500, review=21, reason="Payments late twice in a row"),
    Terms("twin_cities", policy="warn"),
    Terms("prairie", limit=1500, reason="First season"),
    Terms("sunshine", security="insurance", secured=1000, since=100, until=265, reference="Policy 4471/C"),
    Terms("helseforetak", policy="none"),
    Terms("peachtree", limit=0, reason="No credit before the contract is signed"),
)  # fmt: skip

INVOICES = (
    Invoice("north_star", -18, 2400), Invoice("north_star", -4, 1350), Invoice("north_star", 3, 600, paid=0.5),
    Invoice("harbour", -6, 1450), Invoice("harbour", -20, 620),
    Invoice("lakeside", -9, 1900),
    Invoice("motor_city", -12, 2300), Invoice("motor_city", 4, 450),
    Invoice("sunset", -15, 2600), Invoice("sunset", -2, 900),
    Invoice("rainier", -25, 1800),
    Invoice("golden_gate", -10, 4200), Invoice("golden_gate", -24, 3100),
    Invoice("golden_gate", 0, 350, draft=True, label="Display stands, lent for the season"),
    Invoice("golden_gate_oakland", 2, 1200),
    Invoice("beacon", 12, 640), Invoice("beacon", -8, 480),
    Invoice("gulf_star", 6, 1500, paid=0.6), Invoice("gulf_star", -5, 2200),
    Invoice("tidewater", 48, 980), Invoice("tidewater", 17, 410),
    Invoice("mission_bay", 75, 1400, paid=0.3), Invoice("mission_bay", 33, 560),
    Invoice("brew_city", 9, 730, paid=1.0, label="Goods of last month"), Invoice("brew_city", 38, 260),
    Invoice("sunshine", 96, 240, label="In dispute: two pallets short"),
    Invoice("twin_cities", 21, 700), Invoice("twin_cities", -7, 2600),
    Invoice("prairie", 35, 540), Invoice("alamo", -3, 900), Invoice("lone_star", -11, 1100), Invoice("bayou", -1, 1700),
    Invoice("city_hospital", 52, 380), Invoice("city_hospital", -14, -150, label="Bonus of the year"),
    Invoice("rose_city", -16, 3250),
)  # fmt: skip
#: (distributor, days ago, amount): money that arrived and belongs to no invoice yet
PAYMENTS = (("city_hospital", 6, 300), ("golden_gate_oakland", 20, 150), ("north_star", 9, 800))

ORDERS = (
    # the queue, one order for each recommendation
    Order("lakeside", 1, 820, ("GRO-001", "HOM-001", "SNK-004"), over=130, channel="portal"),
    Order("sunset", 2, 1700, ("BEV-004", "SNK-006", "GRO-009", "HOM-002"), over=640, channel="portal"),
    Order("harbour", 1, 900, ("BEV-011", "GRO-005", "PER-002"), over=380, channel="portal", user="harbour"),
    Order("tidewater", 3, 600, ("SNK-009", "HOM-006", "GRO-003"), channel="upload"),
    Order("rainier", 0, 950, ("BEV-012", "SNK-010", "PER-006"), channel="portal"),
    Order("mission_bay", 5, 480, ("PER-004", "HOM-010", "SNK-001"), over=1350, channel="portal"),
    Order("beacon", 0, 1100, ("GRO-007", "HOM-012", "BEV-008"), over=450),
    Order("north_star", 0, 1400, ("BEV-002", "SNK-002", "HOM-009"), act="submit", channel="portal", user="north"),
    # what was decided
    Order("lone_star", 6, 1300, ("HOM-002", "HOM-007", "GRO-008"), over=520, act="release", reason="Paid by cheque this morning, copy in our files."),
    Order("rose_city", 4, 700, ("GRO-004", "PER-003", "SNK-007"), over=1500, act="release",
          reason="Agreed by Felix on the phone: the goods go out with the invoices of the month."),
    Order("alamo", 7, 520, ("HOM-004", "GRO-006", "SNK-003"), over=700, act="reject", reason="Please pay what is open, then order again."),
    Order("gulf_star", 3, 1600, ("BEV-014", "GRO-002", "SNK-013"), over=560, act="part", reason="What fits goes out, the rest after the payment."),
    Order("bayou", 4, 800, ("GRO-002", "SNK-008", "HOM-003"), over=420, act="pay"),
    Order("twin_cities", 2, 900, ("GRO-011", "SNK-014", "BEV-005"), over=260, act="confirm"),
    # changes and late deliveries
    Order("motor_city", 3, 1300, ("BEV-007", "SNK-011", "HOM-005"), act="amend"),
    Order("prairie", 16, 420, ("SNK-005", "GRO-010", "HOM-008"), act="late"),
    # bounced payment, see ``bounce``; the order comes after it
    Order("brew_city", 1, 380, ("BEV-003", "GRO-012", "PER-001"), act="after_bounce", channel="portal"),
)  # fmt: skip
BOUNCED = "brew_city"

EXTENSIONS = (
    Extension("north_star", 3000, -10, 20, "area", "Opening of two new stores", "approved"),
    Extension("sunset", 2000, 7, 37, "desk", "Summer promotion", "approved"),
    Extension("gulf_star", 1000, -25, 3, "desk", "Until the factoring contract is signed", "approved"),
    Extension("rainier", 1500, -75, -45, "desk", "Promotion of spring", "expired"),
    Extension("tidewater", 2500, -5, 25, "desk", "Large order of a chain", "rejected", "Please settle the overdue invoices first."),
    Extension("lakeside", 1200, 0, 30, "area", "Stock for the county fair"),
    Extension("beacon", 800, 0, 14, "credit", "Bridges the days until the transfer of the 5th"),
    Extension("harbour", 1000, 0, 21, "harbour", "We open a second warehouse and need stock for it."),
)

ADVICES = (
    Advice("harbour", 1, 800, "INV 2204 and 2211", user="harbour", proof=True),
    Advice("north_star", 2, 1350, "Account 70042, October", user="north"),
    Advice("north_star", 2, 1350, "Account 70042, second try", user="north2"),
    Advice("north_star", 9, 800, "On account", user="north2", fate="matched", proof=True),
    Advice("gulf_star", 7, 900, "Part of invoice, by cheque", fate="matched"),
    Advice("beacon", 12, 640, "REF 5512", fate="rejected", reason="No such transfer reached our account: please check with your bank."),
    Advice("rose_city", 6, 250, "RC-77", fate="cancelled"),
)
