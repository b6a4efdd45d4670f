# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `relative` build."""

from service.parsing.values import (
    Clock,
    DayShift,
    Length,
    NthOf,
    Offset,
    Period,
    Rolling,
    Season,
    WeekdayRef,
    YearPart,
)


def period(shift: int, unit: str) -> Period | DayShift | Offset | None:
    """Read "this weekend"."""
    if unit == "day":
        return DayShift(shift)
    if unit in ("second", "minute", "hour") and shift == 0:
        return None
    if unit == "night":
        return None
    if unit == "workday":
        return Offset(None, Length(workdays=1), 1 if shift > 0 else -1) if shift else None
    return Period(unit, shift)


def rolling(length: Length | None) -> Rolling | None:
    """Return so much time from now on."""
    return Rolling(length, 1) if length else None


def rolling_back(length: Length | None) -> Rolling | None:
    """Return so much time up to now."""
    return Rolling(length, -1) if length else None


def weekday(*values: int) -> WeekdayRef:
    """Read "on Friday"."""
    return WeekdayRef(values[-1])


def nth(n: int, what: str | int, container: object = None) -> NthOf | None:
    """Return the nth of something, or None when there cannot be one."""
    if isinstance(what, str) and what in ("weekend", "night", "decade"):
        return NthOf(n, "weekend", container) if what == "weekend" else None
    return NthOf(n, what, container) if -31 <= n <= 366 else None


def nth_in_unit(n: int, what: str | int, unit: str) -> NthOf | None:
    """Read "the last friday of the month"."""
    return (
        nth(n, what, Period(unit))
        if unit in ("week", "month", "quarter", "year", "decade")
        else None
    )


def year_part(n: int, unit_months: int, year: int | None = None) -> YearPart | None:
    """Return a quarter or half of a year, where there is such a one."""
    most = 12 // unit_months
    n = most if n == -1 else n
    return YearPart(n, unit_months, year) if 1 <= n <= most else None


def is_same(values: tuple[int | str, ...]) -> bool:
    """Say whether a word that leads "… time tomorrow" is "same"; "this" and "the" have no word."""
    first = values[0]
    return not isinstance(first, str) or first == "same"


def end_of_day(values: tuple[str, ...]) -> object | None:
    """Return when a working day ends; "the end of the day" of anything else is no time."""
    if values[-1] == "workday":
        return Clock(17, 0, 0, "24")
    if values[-1] != "day" or (
        len(values) > 1 and values[0] not in ("work", "business", "working", "school")
    ):
        return None
    return Clock(17, 0, 0, "24")


def season(values: tuple[int | str, ...]) -> Season:
    """Return the season that is named, with its year or its "this" or "next"."""
    name = next(value for value in values if isinstance(value, str))
    shift = values[0] if isinstance(values[0], int) and values[0] < 2 else 0
    year = values[-1] if isinstance(values[-1], int) and values[-1] > 1000 else None
    return Season(name, year, int(shift))
