"""What a distributor class says about orders, as plain values: every confirmation reads it."""

from dataclasses import dataclass
from datetime import date, datetime

from .delivery_days import promised_day


@dataclass(frozen=True, slots=True)
class ClassTerms:
    """Terms of one class; amounts in the currency of the order's company, records by id (None for none)."""

    min_order_amount: float = 0.0
    auto_confirm: bool = False
    pricelist: int | None = None
    payment_term: int | None = None
    cutoff_hour: float = 0.0
    lead_days: int = 0
    weekdays: frozenset[int] = frozenset()

    def promised_day(self, ordered_at: datetime) -> date:
        """Day on which an order placed at ``ordered_at`` (local time, naive) is promised."""
        return promised_day(ordered_at, self.cutoff_hour, self.lead_days, self.weekdays)
