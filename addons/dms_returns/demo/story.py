"""What the demo distributors send back and ask for: plain values, the same on every machine and every day."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Return:
    """One return of goods that were delivered within the window of its reason.

    ``fate`` is how far it gets; ``ago`` how many days ago it was submitted. ``lines`` so many lines of the latest deliveries, a
    ``share`` of what is left of each; ``granted`` and ``good`` are the shares approved and accepted.
    """

    distributor: str
    reason: str
    fate: str
    ago: int = 2
    lines: int = 1
    share: float = 0.1
    granted: float = 1.0
    good: float = 1.0
    resolution: str = "credit"
    note: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Claim:
    """One claim; ``amount`` of one sum, else the share of the invoiced amount that is claimed back; ``granted`` the share approved."""

    distributor: str
    kind: str
    fate: str
    ago: int = 2
    amount: float = 0.0
    share: float = 0.02
    granted: float = 1.0
    reference: str = ""
    note: str = ""
    answer: str = ""


#: the latest last, as people would find them
RETURNS = (
    Return("motor_city", "unsold", "settled", 21, 2, 0.2, note="Summer range, not sold."),
    Return("lakeside", "wrong", "settled", 16, 1, 0.3, note="We ordered the other size."),
    Return("north_star", "wrong", "settled", 12, 2, 0.2, good=0.75),
    Return("beacon", "unsold", "rejected", 11, 1, 0.4, answer="These goods were a special order; we agreed that they stay."),
    Return("rainier", "wrong", "inspected", 6, 2, 0.15, good=0.5),
    Return("twin_cities", "wrong", "received", 5, 2, 0.2, resolution="replacement"),
    Return("golden_gate", "unsold", "received", 4, 2, 0.1),
    Return("harbour", "wrong", "approved", 4, 2, 0.2, granted=0.5, note="Two cases of the wrong tea."),
    Return("north_star", "unsold", "approved", 3, 2, 0.1),
    Return("sunset", "unsold", "approved", 9, 1, 0.25),
    Return("gulf_star", "unsold", "submitted", 6, 2, 0.2),
    Return("lone_star", "unsold", "submitted", 3, 1, 0.2),
    Return("motor_city", "damaged", "submitted", 1, 1, 0.05, note="The outer carton was wet."),
    Return("north_star", "damaged", "submitted", 0, 1, 0.05, note="Bottles broken in the lower layer."),
    Return("lakeside", "destroyed", "received", 2, 1, 0.05, note="Leaking; destroyed as agreed by phone."),
    Return("bayou", "unsold", "cancelled", 8, 1, 0.2),
    Return("harbour", "unsold", "draft", 0, 1, 0.2),
)

CLAIMS = (
    Claim("beacon", "price", "settled", 19, share=0.03, reference="DN-2231"),
    Claim(
        "golden_gate",
        "display",
        "settled",
        17,
        amount=240.0,
        granted=0.5,
        note="Shelf display, week 40",
        answer="Half of it is ours, as agreed.",
    ),
    Claim("rainier", "price", "rejected", 14, share=0.1, answer="The price list of that day was charged."),
    Claim("lone_star", "display", "approved", 5, amount=180.0, note="Leaflet, one page"),
    Claim("north_star", "display", "under_review", 6, amount=320.0, reference="NS-0917", note="In-store tasting, two days"),
    Claim("motor_city", "price", "submitted", 4, share=0.02, reference="MC-4410"),
    Claim("sunset", "display", "submitted", 2, amount=950.0, note="Cooler for the entrance"),
    Claim("north_star", "price", "submitted", 1, share=0.02, reference="NS-0921"),
    Claim("harbour", "display", "draft", 0, amount=95.0, note="Posters"),
    Claim("tidewater", "price", "cancelled", 7, share=0.02),
)
#: whose delivered orders are invoiced first, and how many days ago
INVOICED = ("north_star", "motor_city", "lakeside", "twin_cities", "golden_gate", "beacon", "rainier", "tidewater", "harbour")
INVOICED_AGO = 9
#: pieces of each of two products in those deliveries, a whole number of cases and enough for every minimum
SHIPPED = 960
#: what arrives broken or not at all, and becomes a draft by itself: (distributor, whether damaged, whether it is submitted)
SHORT_RECEIPTS = (("north_star", True, False), ("harbour", False, False), ("rainier", False, True))
#: kinds of evidence by the reason or type that asks for them
PHOTOS = {"damaged": ("photo",), "destroyed": ("destruction",), "display": ("invoice", "photo"), "transit": ("photo", "carrier")}
#: first letters of the products whose price dropped, by how much, and who says so
PRICE_DROP = ("BEV", 0.08, 3)
