# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Written dates and weekdays: the year, month or week left out is the nearest that fits."""

from datetime import datetime

from service.parsing.resolve.arith import DAY, Frame, ImpossibleError, Range, add_months, day, make
from service.parsing.values import DayShift, Fields, Numeric, WeekdayRef

_LEAP_SEARCH_YEARS = 9  # 1896 to 1904 is the longest wait for a February 29th


def numeric(value: Numeric, frame: Frame) -> Range:
    """Resolve a date in figures."""
    return fields(in_order(value, frame), frame)


def in_order(value: Numeric, frame: Frame) -> Fields:
    """Return the date in figures with month and day in place; a weekday tells which is which."""
    first, second = value.first, value.second
    if first > 12 or (frame.preferences.day_first and second <= 12):
        first, second = second, first
    usual = Fields(value.year, first, second)
    if value.weekday is None or first == second or max(first, second) > 12:
        return usual
    other = Fields(value.year, second, first)
    named = (fields(each, frame).start.weekday() == value.weekday for each in (usual, other))
    return other if [*named] == [False, True] else usual


def fields(value: Fields, frame: Frame) -> Range:
    """Resolve a date as far as it is written down; what is missing is the nearest that fits."""
    today, (year, month, number, _) = frame.today, value
    if year and not 1 <= year <= 9990:
        raise ImpossibleError(f"the year {year} is out of reach")
    if month and number:
        return day(make(year, month, number) if year else _next_month_day(month, number, frame))
    if number:
        return day(_next_day_number(number, frame, value.weekday))
    if month:
        start = make(year or today.year, month, 1)
        if not year and frame.past and start > today:
            start = make(today.year - 1, month, 1)
        elif not year and not frame.past and add_months(start, 1) <= today:
            start = make(today.year + 1, month, 1)
        return Range(start, add_months(start, 1), "month")
    if year:
        return Range(make(year, 1, 1), make(year + 1, 1, 1), "year")
    if value.weekday is not None:
        return weekday(WeekdayRef(value.weekday), frame)
    raise ImpossibleError("no date in it")


def _next_month_day(month: int, number: int, frame: Frame) -> datetime:
    if not 1 <= month <= 12:
        raise ImpossibleError(f"there is no month {month}")
    if number > 31 or (month == 2 and number > 29) or (month in (4, 6, 9, 11) and number > 30):
        raise ImpossibleError(f"there is no day {number} in month {month}")
    step = -1 if frame.past else 1
    year = frame.now.year
    for _ in range(_LEAP_SEARCH_YEARS):
        try:
            found = make(year, month, number)
        except ImpossibleError:
            year += step
            continue
        if (found - frame.today).days * step >= 0:
            return found
        year += step
    raise ImpossibleError(f"there is no day {number} in month {month}")


def _next_day_number(number: int, frame: Frame, named: int | None = None) -> datetime:
    """Return the next day of that number; of two near ones, that on the weekday that was named."""
    step = -1 if frame.past else 1
    first = frame.today.replace(day=1)
    near: list[datetime] = []
    for months in range(0, 4 * step, step):
        try:
            found = add_months(first, months).replace(day=number)
        except ValueError:
            continue
        if (found - frame.today).days * step >= 0:
            near.append(found)
    if not near:
        raise ImpossibleError(f"there is no day {number} in a month")
    return next((found for found in near[:2] if found.weekday() == named), near[0])


def day_shift(value: DayShift, frame: Frame) -> Range:
    """Resolve "tomorrow" and the like."""
    return day(frame.today + value.days * DAY)


def weekday(value: WeekdayRef, frame: Frame) -> Range:
    """Resolve a weekday by its pointing word; a bare one is the next, today included."""
    today = frame.today
    ahead = (value.weekday - today.weekday()) % 7
    which = value.which
    if which in ("last", "past") or (which == "" and frame.past):
        return day(today - ((today.weekday() - value.weekday - 1) % 7 + 1) * DAY)
    if which in ("next", "after next") and frame.preferences.next_weekday_skips:
        ahead = value.weekday - today.weekday() + 7
    elif which in ("next", "coming", "after next") or (which == "" and frame.request):
        ahead = ahead or 7
    if which == "after next":
        ahead += 7
    return day(today + ahead * DAY)
