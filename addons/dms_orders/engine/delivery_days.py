"""When goods ordered now are promised, from a class's cut-off, lead time and delivery days."""

from collections.abc import Collection
from datetime import date, datetime, timedelta


def promised_day(ordered_at: datetime, cutoff_hour: float, lead_days: int, weekdays: Collection[int]) -> date:
    """First delivery day at least ``lead_days`` after the day the order counts for.

    :param ordered_at: local time of the order
    :param cutoff_hour: hour of the day (14.5 = 14:30) after which an order counts for the next day; 0 = none
    :param weekdays: days on which goods leave, Monday = 0; at least one

    >>> promised_day(datetime(2026, 3, 6, 15, 0), 14.0, 1, {0, 1, 2, 3, 4})  # Friday after the cut-off
    datetime.date(2026, 3, 9)
    """
    late = cutoff_hour and ordered_at.hour + ordered_at.minute / 60 > cutoff_hour
    day = ordered_at.date() + timedelta(days=lead_days + bool(late))
    while day.weekday() not in weekdays:
        day += timedelta(days=1)
    return day
