# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Dates that come once a year, or once a month: "every March 4th", "every Christmas"."""

from service.parsing import holidays
from service.parsing.building.repeats import CODES
from service.parsing.values import Fields, Holiday, NthOf, Numeric, Repeat


def yearly(date: object) -> Repeat | None:
    """Read "every" before a date."""
    if isinstance(date, Numeric) and not date.year:
        date = Fields(
            None,
            *sorted((date.first, date.second)) if date.first > 12 else (date.first, date.second),
        )
    if isinstance(date, Holiday) and not date.year:
        by = holidays.yearly(date.name)
        return Repeat("YEARLY", 1, by) if by else None
    if (
        isinstance(date, NthOf)
        and isinstance(date.unit, int)
        and isinstance(date.container, Fields)
        and date.container.month
    ):
        return Repeat(
            "YEARLY",
            1,
            (("BYDAY", f"{date.n}{CODES[date.unit]}"), ("BYMONTH", str(date.container.month))),
        )
    if isinstance(date, Fields) and date.month and date.day and not date.year:
        return Repeat("YEARLY", 1, (("BYMONTH", str(date.month)), ("BYMONTHDAY", str(date.day))))
    if isinstance(date, Fields) and date.day and not date.month and date.weekday is None:
        return Repeat("MONTHLY", 1, (("BYMONTHDAY", str(date.day)),))
    if isinstance(date, Fields) and date.month and not date.year:
        return Repeat("YEARLY", 1, (("BYMONTH", str(date.month)),))
    return None


def yearly_on(*dates: object) -> Repeat | None:
    """Read several dates of each year, where one rule can say them: one month, or one day."""
    fields = [date for date in dates if isinstance(date, Fields) and not date.year]
    if len(fields) < len(dates):
        return None
    months = sorted({date.month or 0 for date in fields})
    numbers = sorted({date.day or 0 for date in fields})
    if not all(months) or not all(numbers) or (len(months) > 1 and len(numbers) > 1):
        return None
    return Repeat(
        "YEARLY",
        1,
        (("BYMONTH", ",".join(map(str, months))), ("BYMONTHDAY", ",".join(map(str, numbers)))),
    )
