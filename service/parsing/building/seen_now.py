"""What the rows of `seen_now` build."""

from collections.abc import Sequence

from service.parsing.building.durations import length
from service.parsing.building.relative import end_of_day, is_same, rolling_back
from service.parsing.engine import Item
from service.parsing.values import (
    DateSpan,
    DayShift,
    Edge,
    Fields,
    Holiday,
    Inside,
    Length,
    Offset,
    Rolling,
    Within,
)


def within_year(items: Sequence[Item]) -> Fields | Edge:
    """Read "in 2027", and the first or last months of it."""
    year, how = Fields(items[-1].value), items[0].cls
    return year if how == "in" else Edge("early" if how == "early" else "late", year)


def mid_year(y: int) -> Edge:
    """Read "mid 2027"."""
    return Edge("middle", Fields(y))


def year_number(u: str, y: int) -> Fields | None:
    """Read "in the year 2027"."""
    return Fields(y) if u == "year" else None


def half_of_month(n: int, m: int, y: int | None = None) -> DateSpan:
    """Read "the first half of May"."""
    return (
        DateSpan(Fields(y, m, 1), Fields(y, m, 15))
        if n == 1
        else DateSpan(Fields(y, m, 16), Edge("end", Fields(y, m)))
    )


def past_unit(unit: str) -> Rolling | None:
    """Read "past hour"."""
    return rolling_back(length(1, unit)) if unit in ("hour", "minute") else None


def this_time(*v: int | str) -> Offset | None:
    """Read "same time tomorrow"."""
    return Offset(None, Length(days=int(v[-1])), 1, exact=True) if is_same(v) else None


def day_at_this_time(day: int, word: object, *_: object) -> Offset | None:
    """Read "tomorrow at this time"."""
    return Offset(None, Length(days=day), 1, exact=True) if word in (0, "same") else None


def this_time_next(*v: int | str) -> Offset | None:
    """Read "same time next week"."""
    shift, unit = int(v[-2]), str(v[-1])
    step = length(abs(shift), unit) or Length()
    return Offset(None, step, shift, exact=True) if is_same(v) else None


def weeks_on_day(n: Length, day: int) -> Offset | None:
    """Read "a week today"."""
    return Offset(DayShift(day), n) if n.days and n.days % 7 == 0 and day >= 0 else None


def within_the_hour(unit: str) -> Within | None:
    """Read "within the hour"."""
    return Within(length(1, unit) or Length()) if unit in ("hour", "minute") else None


def at_the_moment(*words: str) -> Offset | None:
    """Read "at the moment"."""
    return (
        Offset(None, Length(), 1, exact=True)
        if words in (("moment",), ("present", "moment"))
        else None
    )


def at_the_present_time(word: str) -> Offset | None:
    """Read "at the present time"."""
    return Offset(None, Length(), 1, exact=True) if word == "present" else None


def right_now(word: str) -> Offset | None:
    """Read "right now"."""
    return Offset(None, Length(), 1, exact=True) if word in ("right", "just") else None


def holiday(f: Holiday, year: int | None = None) -> Holiday:
    """Read "Easter"."""
    return f._replace(year=year)


def holiday_year_first(year: int, f: Holiday) -> Holiday:
    """Read "2027 Easter"."""
    return f._replace(year=year)


def pointed_holiday(shift: int, f: Holiday) -> Holiday:
    """Read "last bank holiday"."""
    return f._replace(shift=shift)


def holiday_of_pointed_year(f: Holiday, shift: int, unit: str) -> Inside | None:
    """Read "Easter next year"."""
    return Inside(f, (shift, "year")) if unit == "year" else None


def read_end_of_day(*v: str) -> object | None:
    """Read "at the end of the working day"."""
    return end_of_day(v)
