# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Dates inside and around other dates: "Friday next week", "3 weeks after Easter", "the end of May"."""

from service.parsing.engine import Rule, Stage
from service.parsing.grammar.durations import length
from service.parsing.grammar.relative import NTH, WEEKDAY, nth
from service.parsing.values import (
    Beside,
    DateSpan,
    DayShift,
    Edge,
    Fields,
    Holiday,
    Inside,
    Length,
    Moment,
    NthOf,
    Numeric,
    Offset,
    Period,
    Rolling,
    WeekdayRef,
    WeekNumber,
    Within,
)  # fmt: skip


def _less_a_day(length: Length) -> Length:
    return length._replace(days=length.days - 1)


def _first_of(length: Length, period: object) -> DateSpan | None:
    """Return the first days or weeks of a period; its weeks are those "the first week" counts."""
    if not length.days or length.seconds or length.months:
        return None
    if length.days % 7 == 0:
        return DateSpan(NthOf(1, "week", period), NthOf(length.days // 7, "week", period))
    return DateSpan(Edge("start", period), Offset(Edge("start", period), _less_a_day(length)))


def _from_length(length: Length, *base: object) -> Offset:
    return Offset(base[-1], length, 1)


def _before_base(length: Length, base: object) -> Offset:
    return Offset(base, length, -1)


def _unit_of(unit: str, date: object) -> object | None:
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
        return other._replace(weekday=weekday.weekday)
    if isinstance(other, Period) and other.unit in ("week", "weekend"):
        return Inside(weekday, other)
    if isinstance(other, (Offset, NthOf, WeekNumber)) or (
        isinstance(other, Inside) and other.inner == ("week",)
    ):
        return Inside(weekday, other)
    if isinstance(other, (DayShift, Numeric, Holiday)):
        return other
    return None


NESTED = Stage(
    "dates inside and around other dates",
    [
        Rule("weekday-with-date", f"{WEEKDAY} comma? (the|on)? DATE", "SKIP", lambda *_: None),
        Rule("dates-joined", "DATE (comma|on|of|in|the|quote|stop)* DATE", "DATE", join),
        Rule("length-from", "(in|around)* LENGTH (from|after|FOLLOWING|past|hence from) (the|THIS)? DATE", "DATE", _from_length),
        Rule("for-length-from", "(for LENGTH FROM|LENGTH comma? (starting|start)) (on|from)* the? DATE", "SPAN", lambda n, d: DateSpan(Moment(d), Moment(Offset(d, n._replace(days=n.days - 1)))) if n.days and not n.seconds else None),
        Rule("length-from-now", "(in|around)* LENGTH (from|after) now", "SKIP", lambda *_: None),
        Rule("length-before", "LENGTH (before|WORD to|WORD|LAST to) the? DATE", "DATE", lambda n, *v: _before_base(n, v[-1]) if len(v) == 1 or v[0] in ("prior", "ahead") else None),
        Rule("weekend-beside", "the? UNIT (before|after) the? DATE", "DATE*", lambda items: Inside(("weekend",), Beside(5, items[-1].value, -1 if any(i.cls == "before" for i in items) else 1)) if any(i.value == "weekend" for i in items) else None),
        Rule("week-with-edge", "(for|in|on)? the? UNIT (start|starting|ending) on? the? DATE", "DATE", lambda u, d: Inside(("week",), d) if u == "week" else None),
        Rule("unit-before", "the? UNIT before DATE", "DATE", lambda u, d: Offset(d, length(1, u) or Length(), -1) if u in ("day", "week", "month") else None),
        Rule("unit-after", "the? UNIT after DATE", "DATE", lambda u, d: Offset(d, length(1, u) or Length(), 1) if u in ("day", "week", "month", "weekend") else None),
        Rule("last-length-of", "(in|during|for)? the? LAST LENGTH of the? DATE", "SPAN", lambda _, n, d: DateSpan(Offset(Edge("end", d), _less_a_day(n), -1), Edge("end", d)) if n.days and not n.seconds else None),
        Rule("first-length-of", "(in|during|for)? the? ORD LENGTH (of|in) the? (DATE|YEAR)", "SPAN", lambda o, n, d: _first_of(n, Fields(d) if isinstance(d, int) else d) if o == 1 else None),
        Rule("more-than-ago", "more than LENGTH ago", "DATE", lambda n: Offset(None, n, -1)),
        Rule("in-less-than", "(in|within)? less than LENGTH (from now)?", "SPAN", Within),
        Rule("weekday-before", "DATE before the? DATE", "DATE", lambda a, b: Beside(a.weekday, b, -1) if isinstance(a, WeekdayRef) else None),
        Rule("weekday-after", "DATE after the? DATE", "DATE", lambda a, b: Beside(a.weekday, b, 1) if isinstance(a, WeekdayRef) else None),
        Rule("ago", "LENGTH (ago|back|earlier)", "DATE", lambda n: Offset(None, n, -1)),
        Rule("ago-weekday", f"LENGTH ago (on)? {WEEKDAY}", "DATE", lambda n, w: Inside(WeekdayRef(w), Offset(None, n, -1))),
        Rule("ago-from-date", "LENGTH ago DATE", "DATE", lambda n, d: Offset(d, n, -1) if isinstance(d, WeekdayRef) else None),
        Rule("in-length", "(in|after) (around|the)? LENGTH (quote? time)?", "DATE", lambda n: Offset(None, n)),
        Rule("plus-length", "plus LENGTH", "DATE", lambda n: Offset(None, n)),
        Rule("from-now", "(in|around)* LENGTH (from|after) now", "DATE", lambda n: Offset(None, n, 1, exact=True)),
        Rule("before-now", "LENGTH before now", "DATE", lambda n: Offset(None, n, -1, exact=True)),
        Rule("hence", "LENGTH (hence|in the? WORD)", "DATE", lambda n, *w: Rolling(n, 1) if (not w or w[0] == "future") and n.days else Offset(None, n) if not w else None),
        Rule("length-later", "LENGTH later", "DATE", lambda n: Offset(None, n)),
        Rule("start-of", "(at|by|in|on|from)* the? start of the? DATE", "DATE", lambda d: Edge("start", d)),
        Rule("end-of", "(at|by|in|on)* the? (end|until) of the? DATE", "DATE", lambda d: Edge("end", d)),
        Rule("middle-of", "(in)* the? middle (of the?|dash)? DATE", "DATE", lambda d: Edge("middle", d)),
        Rule("early", "(early|earlier) (in|on)? the? DATE", "DATE", lambda d: Edge("early", d)),
        Rule("late", "late (in|on)? the? DATE", "DATE", lambda d: Edge("late", d)),
        Rule("later", "later (in|on)? the? DATE", "DATE", lambda d: Edge("rest" if isinstance(d, Period) and not d.shift else "late", d)),
        Rule("end-of-unit", "(at|by|in|on)* the? (end|until) of (the|my)? (UNIT|quarter)", "DATE", lambda u="quarter": Edge("end", Period(u)) if u in ("week", "month", "year", "quarter", "decade", "century") else None),
        Rule("start-of-unit", "(at|by|in|on)* the? start of (the|my)? UNIT", "DATE", lambda u: Edge("start", Period(u)) if u in ("week", "month", "year") else None),
        Rule("rest-of", "(for|during)? the? rest of (the)? (DATE|UNIT)", "DATE", lambda d: Edge("rest", Period(d) if isinstance(d, str) else d) if not isinstance(d, str) or d in ("week", "month", "year", "day") else None),
        Rule("unit-of", "(the|for|in|on)* UNIT (of|for)? DATE", "DATE", _unit_of),
        Rule("week-commencing", "for? (wc|WORD slash WORD|UNIT slash WORD) DATE", "DATE", lambda *v: Inside(("week",), v[-1]) if len(v) == 1 or v[:2] in (("w", "c"), ("week", "c")) else None),
        Rule("date-weekend", "DATE UNIT", "DATE", lambda d, u: Inside(("weekend",), d) if u == "weekend" else Offset(d, Length(days=7 if u == "week" else 14)) if u in ("week", "fortnight") and isinstance(d, (WeekdayRef, DayShift)) else None),
        Rule("nth-of-date", f"the? {NTH} (UNIT|{WEEKDAY}) (of|in) the? DATE", "DATE", nth),
        Rule("nth-day-of", "the? (ORD|SECOND) (of|in)? DATE", "DATE", lambda d, p: Inside(Fields(None, None, d), p) if d <= 31 and isinstance(p, Period) else None),
    ],
)  # fmt: skip
