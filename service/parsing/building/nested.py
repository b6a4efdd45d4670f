# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `nested` build."""

from collections.abc import Sequence

from service.parsing.building.durations import length
from service.parsing.building.relative import nth
from service.parsing.engine import Item
from service.parsing.values import (
    Beside,
    DateSpan,
    DayShift,
    Edge,
    Fields,
    Holiday,
    Inside,
    Lasting,
    Length,
    NthOf,
    Numeric,
    Offset,
    Period,
    WeekdayRef,
    WeekNumber,
)

_PRIOR = -1  # the value of "prior", a word that points back


def less_a_day(length: Length) -> Length:
    """Return a length whose first day counts."""
    return length._replace(days=length.days - 1)


def first_of(length: Length, period: object) -> DateSpan | None:
    """Return the first days or weeks of a period; its weeks are those "the first week" counts."""
    if not length.days or length.seconds or length.months:
        return None
    if length.days % 7 == 0:
        return DateSpan(NthOf(1, "week", period), NthOf(length.days // 7, "week", period))
    return DateSpan(Edge("start", period), Offset(Edge("start", period), less_a_day(length)))


def from_length(length: Length, *base: object) -> Offset:
    """Read "3 weeks after Easter" and "6 months to the day from today"."""
    return Offset(base[-1], length, 1)


def before_base(length: Length, base: object) -> Offset:
    """Return so much time before a date."""
    return Offset(base, length, -1)


def unit_of(unit: str, date: object) -> object | None:
    """Read "the week of May 6"."""
    if unit == "weekend":
        return Inside(("weekend",), date)
    if unit == "week":
        return Inside(("week",), date)
    return date if unit in ("month", "day", "year") else None


def join(a: object, b: object) -> object | None:
    """Make one date of two that stand together: weekday and date, weekday and week, and so on."""
    if isinstance(b, WeekdayRef) and not isinstance(a, WeekdayRef):
        a, b = b, a
    if isinstance(a, WeekdayRef) and not isinstance(b, WeekdayRef):
        return _join_weekday(a, b)
    if isinstance(a, Period) and isinstance(b, Fields):
        a, b = b, a
    if isinstance(a, Fields) and isinstance(b, Fields):
        mixed = tuple(x if y is None else y if x is None else -1 for x, y in zip(a, b, strict=True))
        return Fields(*mixed) if -1 not in mixed else None
    if (
        isinstance(a, Fields)
        and isinstance(b, Period)
        and (a.day or a.month)
        and not a.year
        and b.unit in ("month", "year")
    ):
        return Inside(a, b)
    if isinstance(b, Period) and b == Period("weekend") and not isinstance(a, (Period, WeekdayRef)):
        return Inside(("weekend",), a)
    if isinstance(a, NthOf) and a.container is None:
        return a._replace(container=b)
    return None


def _join_weekday(weekday: WeekdayRef, other: object) -> object | None:
    if isinstance(other, Fields) and other.day:
        two = other.weekday not in (None, weekday.weekday)  # "Friday the 13th … on Saturday"
        return None if two else other._replace(weekday=weekday.weekday)
    if isinstance(other, Period) and other.unit in ("week", "weekend"):
        return Inside(weekday, other)
    if isinstance(other, (Offset, NthOf, WeekNumber)) or (
        isinstance(other, Inside) and other.inner == ("week",)
    ):
        return Inside(weekday, other)
    if isinstance(other, Numeric):
        return other._replace(weekday=weekday.weekday)
    if isinstance(other, (DayShift, Holiday)):
        return other
    return None


def for_length_from(length: Length, date: object) -> Lasting:
    """Read "for 3 days from Monday"."""
    return Lasting(date, length)


def nights_from(items: Sequence[Item]) -> Lasting | None:
    """Read "10 nights from June 5" as a stay."""
    return Lasting(items[-1].value, items[0].value) if items[0].rule == "n-nights" else None


def length_before(n: Length, *v: object) -> Offset | None:
    """Read "one day before April 20" and "a week prior to May 4"."""
    return before_base(n, v[-1]) if len(v) == 1 or v[0] in ("ahead", _PRIOR) else None


def weekend_beside(items: Sequence[Item]) -> Inside | None:
    """Read "the weekend before christmas"."""
    return (
        Inside(
            ("weekend",),
            Beside(5, items[-1].value, -1 if any(i.cls == "before" for i in items) else 1),
        )
        if any(i.value == "weekend" for i in items)
        else None
    )


def week_with_edge(u: str, d: object) -> Inside | None:
    """Read "the week ending april 10"."""
    return Inside(("week",), d) if u == "week" else None


def unit_before(u: str, d: object) -> Offset | None:
    """Read "the week before Easter"."""
    return Offset(d, length(1, u) or Length(), -1) if u in ("day", "week", "month") else None


def unit_after(u: str, d: object) -> Offset | None:
    """Read "the week after Easter"."""
    return (
        Offset(d, length(1, u) or Length(), 1) if u in ("day", "week", "month", "weekend") else None
    )


def last_length_of(_: int, length: Length, date: object) -> DateSpan | None:
    """Read "the last two weeks of May"."""
    if length.seconds or not (length.days or length.months):
        return None
    return DateSpan(Offset(Edge("end", date), less_a_day(length), -1), Edge("end", date))


def first_length_of(o: int, n: Length, d: object) -> DateSpan | None:
    """Read "first 3 days of june"."""
    return first_of(n, Fields(d) if isinstance(d, int) else d) if o == 1 else None


def more_than_ago(n: Length) -> Offset:
    """Read "more than two weeks ago"."""
    return Offset(None, n, -1)


def weekday_before(day: object, date: object) -> Beside | Offset | None:
    """Read "the Friday before Easter"."""
    return beside(day, date, -1)


def length_on(length: Length, date: object) -> Lasting | None:
    """Read "ten days from tomorrow on"."""
    return Lasting(date, length) if length.days and not length.seconds else None


def weekday_after(day: object, *date: object) -> Beside | Offset | None:
    """Read "the Friday after Easter" and "the Friday following Easter"."""
    return beside(day, date[-1], 1)


def in_length(n: Length) -> Offset:
    """Read "in 1 day"."""
    return Offset(None, n)


def from_now(n: Length) -> Offset:
    """Read "5 days from now"."""
    return Offset(None, n, 1, exact=True)


def before_now(n: Length) -> Offset:
    """Read "2 hours before now"."""
    return Offset(None, n, -1, exact=True)


def hence(length: Length, *words: str) -> Offset | None:
    """Read "two weeks hence"."""
    return Offset(None, length) if not words or words[0] == "future" else None


def start_of(d: object) -> Edge:
    """Read "beginning of June"."""
    return Edge("start", d)


def end_of(d: object) -> Edge:
    """Read "the end of the year"."""
    return Edge("end", d)


def middle_of(d: object) -> Edge:
    """Read "in the mid-1970s"."""
    return Edge("middle", d)


def early(d: object) -> Edge:
    """Read "early 1990s"."""
    return Edge("early", d)


def late(d: object) -> Edge:
    """Read "late 60s"."""
    return Edge("late", d)


def later(d: object) -> Edge:
    """Read "later this month"."""
    return Edge("rest" if isinstance(d, Period) and not d.shift else "late", d)


def end_of_unit(u: str = "quarter") -> Edge | None:
    """Read "end of the decade"."""
    return (
        Edge("end", Period(u))
        if u in ("week", "month", "year", "quarter", "decade", "century")
        else None
    )


def start_of_unit(u: str) -> Edge | None:
    """Read "start of month"."""
    return Edge("start", Period(u)) if u in ("week", "month", "year") else None


def rest_of(d: object) -> Edge | None:
    """Read "the rest of the week"."""
    return (
        Edge("rest", Period(d) if isinstance(d, str) else d)
        if not isinstance(d, str) or d in ("week", "month", "year", "day")
        else None
    )


def week_commencing(*v: object) -> Inside | None:
    """Read "w/c May 3rd"."""
    return Inside(("week",), v[-1]) if len(v) == 1 or v[:2] in (("w", "c"), ("week", "c")) else None


def date_weekend(d: object, u: str) -> object | None:
    """Read "Tuesday fortnight"."""
    if u == "weekend":
        return Inside(("weekend",), d)
    return (
        Offset(d, Length(days=7 if u == "week" else 14))
        if u in ("week", "fortnight") and isinstance(d, (WeekdayRef, DayShift))
        else None
    )


def nth_of_date(n: int, what: object, date: object) -> NthOf | None:
    """Read "the second day of Easter week" and "the last Saturday of summer"."""
    if isinstance(what, WeekdayRef):
        return nth(n, what.weekday, date) if not what.which else None
    return nth(n, what, date) if isinstance(what, str) else None


def nth_day_of(d: int, p: object) -> Inside | None:
    """Read "5th next week"."""
    return Inside(Fields(None, None, d), p) if d <= 31 and isinstance(p, Period) else None


def date_plus_length(date: object, length: Length) -> Offset:
    """Read "next Monday +4 days"."""
    return Offset(date, length)


def nth_weekday_beside(items: Sequence[Item]) -> Beside | Offset | None:
    """Read "2nd Friday before June 20"."""
    n, day, date = (item.value for item in items if item.cls.isupper())
    sign = 1 if any(item.cls == "after" for item in items) else -1
    return beside(NthOf(n, day.weekday), date, sign) if isinstance(day, WeekdayRef) else None


def beside(day: object, date: object, sign: int) -> Beside | Offset | None:
    """Return the weekday, or the nth of them, before or after a date."""
    if isinstance(day, WeekdayRef):
        return Beside(day.weekday, date, sign)
    if isinstance(day, NthOf) and isinstance(day.unit, int) and day.container is None and day.n > 0:
        return Offset(Beside(day.unit, date, sign), Length(days=7 * (day.n - 1)), sign)
    return None


def weekday_nearest(word: str, day: object, date: object) -> Beside | None:
    """Read "the closest Monday to October 5"."""
    return nearest_weekday(day, word, date)


def nearest_weekday(day: object, word: str, date: object) -> Beside | None:
    """Read "the Monday closest to May 20"."""
    if not isinstance(day, WeekdayRef) or word not in ("closest", "nearest", "next"):
        return None
    return Beside(day.weekday, date, 0)


def nth_weekday_in_months(*values: object) -> NthOf | None:
    """Read "first Wednesday in two months"."""
    first, *day, length = values
    nth_day = first
    if day and isinstance(first, int):
        nth_day = NthOf(first, getattr(day[0], "weekday", ""))
    if not isinstance(nth_day, NthOf) or not isinstance(nth_day.unit, int) or nth_day.container:
        return None
    if not isinstance(length, Length) or not length.months or length.days or length.seconds:
        return None
    return nth_day._replace(container=Period("month", length.months))


def last_length_of_year(_: int, length: Length, year: object) -> DateSpan | None:
    """Read "in the last two months of 2026"."""
    known = isinstance(year, Fields) and year.year and not (year.month or year.day)
    return last_length_of(_, length, year) if known else None


def date_in_years(date: object, length: Length) -> Inside | None:
    """Read "May 4th in two years"."""
    open_year = isinstance(date, Fields | Holiday) and not date.year
    whole = length.months and length.months % 12 == 0 and not (length.days or length.seconds)
    return Inside(date, (length.months // 12, "year")) if open_year and whole else None


def unit_from(unit: str, date: object) -> Offset | None:
    """Read "fortnight from Friday"."""
    said = length(1, unit) if unit in ("fortnight", "week", "month", "year") else None
    return Offset(date, said) if said else None
