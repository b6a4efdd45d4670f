"""What the rows of `periods` build."""

from service.parsing.building.durations import length
from service.parsing.building.relative import period, rolling, rolling_back
from service.parsing.values import (
    DayShift,
    Fields,
    Lasting,
    Length,
    Moment,
    NthOf,
    Offset,
    Part,
    Period,
    Rolling,
    Within,
)


def day_after(unit: str, day: int) -> DayShift | None:
    """Read "the day after tomorrow"."""
    return DayShift(day + 1) if unit == "day" else None


def day_before(unit: str, day: int) -> DayShift | None:
    """Read "the day before yesterday"."""
    return DayShift(day - 1) if unit == "day" else None


def tonight(_: int) -> Moment:
    """Read "tonight"."""
    return Moment(DayShift(0), None, Part("night"))


def next_period(*v: float | str) -> Rolling | Period | DayShift | Offset | None:
    """Read "next week"."""
    unit = str(v[-1])
    if unit in ("hour", "minute", "second"):
        return Rolling(length(1, unit) or Length(), 1)
    return period(0 if unit == "weekend" and isinstance(v[-2], float) else 1, unit)


def this_past_period(_: int, unit: str) -> Period | DayShift | Offset | None:
    """Read "this past week"."""
    return period(-1, unit)


def day_after_next_period(unit: str, *_: object) -> Period | DayShift | Offset | None:
    """Read "week after next"."""
    return period(2, unit)


def same_day(which: str | int, day: str, shift: int, unit: str) -> Offset | None:
    """Read "same day next week"."""
    if which not in ("same", 0) or day != "day" or unit not in ("week", "month", "year"):
        return None
    return Offset(DayShift(0), length(1, unit) or Length(), 1 if shift > 0 else -1)


def period_before_last(unit: str, *_: object) -> Period | DayShift | Offset | None:
    """Read "the week before last"."""
    return period(-2, unit)


def the_day_after(unit: str) -> DayShift | None:
    """Read "the day after"."""
    return DayShift(1) if unit == "day" else None


def next_quarter(_: float) -> Period:
    """Read "next quarter"."""
    return Period("quarter", 1)


def this_quarter(*_: int) -> Period:
    """Read "this quarter"."""
    return Period("quarter", 0)


def last_quarter(_: int) -> Period:
    """Read "last quarter"."""
    return Period("quarter", -1)


def the_week(unit: str) -> Period | None:
    """Read "the week"."""
    return Period(unit) if unit in ("week", "weekend", "month", "year") else None


def the_weekend(unit: str) -> Period | None:
    """Read "weekend"."""
    return Period("weekend") if unit == "weekend" else None


def my_day(unit: str) -> Period | None:
    """Read "plan my day budget"."""
    return Period("day") if unit == "day" else None


def within(*v: Length) -> Within:
    """Read "within 2 hours"."""
    return Within(v[-1])


def within_from_today(n: Length, *start: object) -> Within | Lasting:
    """Read "within two weeks from today" and "within 30 days of May 4"."""
    date = DayShift(start[0]) if start and isinstance(start[0], int) else next(iter(start), None)
    return Within(n) if date in (None, DayShift(0)) else Lasting(date, n)


def for_the_next_unit(_: int, unit: str) -> Rolling | None:
    """Read "for the next year"."""
    return Rolling(length(1, unit) or Length(), 1) if unit not in ("day", "weekend") else None


def nth_workday(n: int, unit: str = "quarter") -> NthOf:
    """Read "the last weekday of the month"."""
    return NthOf(n, "workday", Period(unit))


def nth_workday_of_pointed(n: int, shift: int, unit: str) -> NthOf:
    """Read "the 3rd weekday of next month"."""
    return NthOf(n, "workday", Period(unit, shift))


def nth_workday_of_month(n: int, m: int, y: int | None = None) -> NthOf:
    """Read "first weekday of June"."""
    return NthOf(n, "workday", Fields(y, m))


def next_n(_: float, n: Length) -> Rolling | None:
    """Read "the next 3 days"."""
    return rolling(n)


def n_next(n: int, _: float, unit: str) -> Rolling | None:
    """Read "the 3 next weeks"."""
    return rolling(length(n, unit))


def last_n(_: int, n: Length) -> Rolling | None:
    """Read "the last 2 weeks"."""
    return rolling_back(n)


def past_n(*v: Length) -> Rolling | None:
    """Read "the past two weeks"."""
    return rolling_back(v[0]) if len(v) == 1 else None


def the_past_unit(unit: str) -> Period | Rolling | None:
    """Read "the past weekend"."""
    return Period("weekend", -1) if unit == "weekend" else rolling_back(length(1, unit))


def all_week(unit: str) -> Period | None:
    """Read "all week"."""
    return Period(unit) if unit in ("week", "month", "year", "weekend") else None
