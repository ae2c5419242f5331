"""How old stock is, and what it is worth: a balance as the newest receipts, each with its age and price."""

from dataclasses import dataclass
from datetime import date

from .attribution import newest

#: last day of each bucket and its code; what is older is in the last, what no receipt explains in ``none``
BUCKETS = ((30, "d30"), (60, "d60"), (90, "d90"))
OLDER, UNEXPLAINED = "older", "none"


@dataclass(frozen=True)
class Receipt:
    """Goods received: ``quantity`` in the product's own unit, ``price`` of one in company currency, untaxed."""

    key: int
    day: date
    quantity: float
    price: float


def bucket(days):
    """The code of an age in days."""
    return next((code for last, code in BUCKETS if days <= last), OLDER)


def age(balance, receipts, today):
    """What a balance consists of, and how old each part is.

    :param float balance: in the product's own unit
    :param receipts: list of :class:`Receipt`, in any order
    :param date today: the day ages are counted to
    :return: list of ``(receipt or None, quantity, days or None, bucket)``, the newest first; the quantities sum to ``balance``
    """
    by_key = {receipt.key: receipt for receipt in receipts}
    ordered = sorted(receipts, key=lambda receipt: (receipt.day, receipt.key), reverse=True)
    parts = []
    for key, quantity in newest(balance, [(receipt.key, receipt.quantity) for receipt in ordered]):
        receipt = by_key.get(key)
        days = (today - receipt.day).days if receipt else None
        parts.append((receipt, quantity, days, bucket(days) if receipt else UNEXPLAINED))
    return parts
