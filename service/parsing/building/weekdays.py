# calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `weekdays` build."""

from service.parsing.building.relative import nth, nth_in_unit
from service.parsing.holidays import SEASONS
from service.parsing.values import (
    Fields,
    Holiday,
    Length,
    Moment,
    NthOf,
    Offset,
    Part,
    Period,
    WeekdayRef,
)


def this_weekday(*values: int) -> WeekdayRef:
    """Read "this Friday"."""
    return WeekdayRef(values[-1], "this")


def coming_weekday(*values: int) -> WeekdayRef:
    """Read "this coming Friday"."""
    return WeekdayRef(values[-1], "coming")


def past_weekday(*values: int) -> WeekdayRef:
    """Read "this past Friday"."""
    return WeekdayRef(values[-1], "past")


def next_weekday(*values: int) -> WeekdayRef:
    """Read "next Friday"."""
    return WeekdayRef(values[-1], "next")


def last_weekday(*values: int) -> WeekdayRef:
    """Read "last Friday"."""
    return WeekdayRef(values[-1], "last")


def nth_in_month(n: int, what: str | int, month: int, year: int | None = None) -> NthOf | None:
    """Read "last Sunday of October"."""
    return nth(n, what, Fields(year, month))


def nth_weekend_in_month(n: int, what: str, month: int) -> NthOf | None:
    """Read "first weekend in May"."""
    return nth(n, what, Fields(None, month)) if what == "weekend" else None


def nth_in_year(n: int, what: str | int, year: int) -> NthOf | None:
    """Read "the 100th day of 2027"."""
    return nth(n, what, Fields(year))


def weekday_after_next(w: int, _: int) -> WeekdayRef:
    """Read "the Sunday after next"."""
    return WeekdayRef(w, "after next")


def week_on_weekday(length: Length, day: int) -> Offset | None:
    """Read "a week on Saturday" and "a month on Friday"."""
    whole = (length.days and length.days % 7 == 0) or (length.months and not length.days)
    return Offset(WeekdayRef(day), length) if whole and not length.seconds else None


def nth_weekday_part(n: int, w: int, p: str, shift: int, unit: str) -> Moment:
    """Read "the first Monday morning of next month"."""
    return Moment(NthOf(n, w, Period(unit, shift)), None, Part(p))


def nth_weekday_part_month(n: int, w: int, p: str, m: int, y: int | None = None) -> Moment:
    """Read "the first Monday morning of May"."""
    return Moment(NthOf(n, w, Fields(y, m)), None, Part(p))


def lasting(_: int, n: Length) -> Length:
    """Read "is to last 2 hours"."""
    return n


def first_day_of_season(n: int, unit: str, *v: str) -> Holiday | None:
    """Read "first day of spring"."""
    return Holiday(SEASONS[v[-1]]) if n == 1 and unit == "day" else None


def nth_weekday_of_pointed(n: int, w: int, shift: int, unit: str) -> NthOf | None:
    """Read "first Monday of next month"."""
    return nth(n, w, Period(unit, shift))


def nth_unit_of_unit(n: int, u: str, unit: str = "quarter") -> NthOf | None:
    """Read "the last day of the month"."""
    return nth_in_unit(n, u, unit)


def nth_unit_of_pointed(n: int, u: str, shift: int, unit: str = "quarter") -> NthOf | None:
    """Read "the third week next year"."""
    return nth(n, u, Period(unit, shift))
